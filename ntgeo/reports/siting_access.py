"""How far people are from a site before and after a plan, by deprivation and by age."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ntgeo.reports.columns import typed_frame

__all__ = [
    "access_by_age_table",
    "access_by_decile_table",
    "access_summary",
    "supply_by_decile_table",
    "weighted_quantile",
]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Weight = Literal["demand", "population"]

_ACCESS_COLUMNS: Final = (
    *("imd_decile", "areas", "population", "demand", "mean_before_s", "mean_after_s", "change_s"),
    *("p90_before_s", "p90_after_s", "worst_before_s", "worst_after_s"),
    *("within_before_share", "within_after_share", "cut_off_before_share", "cut_off_after_share"),
)
_AGE_COLUMNS: Final = ("age_group", "population", *_ACCESS_COLUMNS[4:])
_SUPPLY_COLUMNS: Final = (
    *("imd_decile", "areas", "supply_before_per_1000", "supply_after_per_1000", "supply_unit"),
)
_TAIL_SHARE: Final = 0.9
_TOLD_DIGITS: Final = 3


def access_by_decile_table(
    areas_table: pd.DataFrame,
    *,
    travel_limit_s: float | None = None,
    weight: Weight = "demand",
) -> pd.DataFrame:
    """Return how far people are from a site before and after, one row a deprivation decile.

    Args:
        areas_table: From ``siting_areas_table``; areas of unknown decile are left out.
        travel_limit_s: For the shares within the limit, where an area has no limit of its own;
            without it they are missing.
        weight: What an area counts for in means, the ninetieth percentile and shares.

    Returns:
        ``imd_decile, areas, population, demand, mean_before_s, mean_after_s, change_s,
        p90_before_s, p90_after_s, worst_before_s, worst_after_s, within_before_share,
        within_after_share, cut_off_before_share, cut_off_after_share``, the most deprived
        decile first. Means are over the areas that can reach a site, and the change over those
        that can at both moments, so that like is compared with like; shares are of everyone.
    """
    known = areas_table[areas_table["imd_decile"].notna()]
    rows = [
        {"imd_decile": decile, **access_summary(part, travel_limit_s=travel_limit_s, weight=weight)}
        for decile, part in known.groupby("imd_decile", sort=True)
    ]
    return typed_frame(
        {name: [row[name] for row in rows] for name in _ACCESS_COLUMNS}, _ACCESS_COLUMNS
    )


def access_by_age_table(
    areas_table: pd.DataFrame,
    age_groups: Mapping[str, npt.NDArray[np.float64]],
    *,
    travel_limit_s: float | None = None,
) -> pd.DataFrame:
    """Return how far people are from a site before and after, one row an age group.

    Args:
        areas_table: From ``siting_areas_table``.
        age_groups: Name of the group → (areas,) its people, in the order of the table.
        travel_limit_s: As for :func:`access_by_decile_table`.

    Returns:
        ``age_group, population`` and the figures of :func:`access_by_decile_table`, each area
        counted by its people of that age.
    """
    rows = [
        {
            **access_summary(areas_table.assign(demand=people), travel_limit_s=travel_limit_s),
            "age_group": name,
            "population": float(people.sum()),
        }
        for name, people in age_groups.items()
    ]
    return typed_frame({name: [row[name] for row in rows] for name in _AGE_COLUMNS}, _AGE_COLUMNS)


def supply_by_decile_table(
    areas_table: pd.DataFrame,
    supply: tuple[FloatArray | None, FloatArray],
    *,
    supply_unit: str,
) -> pd.DataFrame:
    """Return how much of the service is within reach of a thousand of demand, by decile.

    Args:
        areas_table: From ``siting_areas_table``; areas of unknown decile are left out.
        supply: (areas,) supply per unit of demand before, ``None`` where no site is open today,
            and after, from the floating catchments of ``spatial_access``.
        supply_unit: ``"capacity"`` or ``"sites"``.

    Returns:
        ``imd_decile, areas, supply_before_per_1000, supply_after_per_1000, supply_unit``: means
        over the decile's demand, to three figures, so that no area's demand can be worked out.
    """
    before, after = supply
    deciles = areas_table["imd_decile"].to_numpy(np.float64, na_value=np.nan)
    demand = areas_table["demand"].to_numpy(np.float64)
    rows = [
        (
            int(decile),
            int((deciles == decile).sum()),
            *(_per_thousand(told, demand, deciles == decile) for told in (before, after)),
            supply_unit,
        )
        for decile in np.unique(deciles[~np.isnan(deciles)])
    ]
    cells = dict(zip(_SUPPLY_COLUMNS, zip(*rows, strict=True), strict=True))
    return typed_frame({name: list(column) for name, column in cells.items()}, _SUPPLY_COLUMNS)


def _per_thousand(per_head: FloatArray | None, demand: FloatArray, is_in: BoolArray) -> float:
    if per_head is None or demand[is_in].sum() <= 0:
        return float("nan")
    mean = 1000 * float(np.average(per_head[is_in], weights=demand[is_in]))
    return float(f"{mean:.{_TOLD_DIGITS}g}")


def access_summary(
    areas_table: pd.DataFrame,
    *,
    travel_limit_s: float | None = None,
    weight: Weight = "demand",
) -> dict[str, float]:
    """Return the figures of :func:`access_by_decile_table` for all the given areas together."""
    limits_s = _limits_s(areas_table, travel_limit_s)
    weights = np.nan_to_num(areas_table[weight].to_numpy(np.float64, na_value=np.nan))
    figures: dict[str, float] = {
        "areas": len(areas_table),
        "population": float(areas_table["population"].astype(float).sum()),
        "demand": float(areas_table["demand"].sum()),
    }
    for moment in ("before", "after"):
        times: FloatArray = areas_table[f"time_{moment}_s"].to_numpy(np.float64)
        has_way = ~np.isnan(times)
        reach = weights * has_way
        figures |= {
            f"mean_{moment}_s": _share(float(np.nansum(times * weights)), float(reach.sum())),
            f"p90_{moment}_s": weighted_quantile(times, weights, _TAIL_SHARE),
            f"worst_{moment}_s": float(times[has_way].max()) if has_way.any() else np.nan,
            f"cut_off_{moment}_share": _share(float(weights[~has_way].sum()), float(weights.sum())),
            f"within_{moment}_share": np.nan
            if limits_s is None
            else _share(float(weights[times <= limits_s].sum()), float(weights.sum())),
        }
    change_s = areas_table["time_after_s"].to_numpy(np.float64) - areas_table[
        "time_before_s"
    ].to_numpy(np.float64)
    compared = weights * ~np.isnan(change_s)
    figures["change_s"] = _share(float(np.nansum(change_s * weights)), float(compared.sum()))
    return figures


def _limits_s(areas_table: pd.DataFrame, travel_limit_s: float | None) -> FloatArray | None:
    """(areas,) the limit of each area; ``None`` where there is none for all."""
    if "limit_s" not in areas_table:
        return None if travel_limit_s is None else np.full(len(areas_table), travel_limit_s)
    own = areas_table["limit_s"].to_numpy(np.float64)
    common = np.nan if travel_limit_s is None else travel_limit_s
    limits_s = np.where(np.isnan(own), common, own)
    return None if np.isnan(limits_s).all() else limits_s


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")


def weighted_quantile(values: FloatArray, weights: FloatArray, share: float) -> float:
    """Return the least value that at least ``share`` of the weight does not exceed.

    A missing value counts as longer than any other; if the answer would be missing, it is NaN.
    """
    total = weights.sum()
    if total <= 0:
        return float("nan")
    filled = np.where(np.isnan(values), np.inf, values)
    order = np.argsort(filled, kind="stable")
    reached = np.cumsum(weights[order]) / total
    at = min(int(np.searchsorted(reached, share - 1e-12)), len(order) - 1)
    value = float(filled[order][at])
    return value if np.isfinite(value) else float("nan")
