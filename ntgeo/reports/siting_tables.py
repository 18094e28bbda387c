"""Siting plans as tidy tables: one row a site, an area, or a deprivation decile.

Column names and meanings are those of :mod:`ntgeo.reports.columns`.
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ntgeo.domain.places import CandidateSite, SiteStatus
from ntgeo.domain.siting import SitingPlan, SitingProblem
from ntgeo.errors import Fault, UnknownIdError
from ntgeo.reports.columns import require_columns, typed_frame

__all__ = [
    "access_by_decile_table",
    "access_summary",
    "siting_areas_table",
    "siting_sites_table",
    "weighted_quantile",
]

FloatArray = npt.NDArray[np.float64]
Weight = Literal["demand", "population"]

_SITE_COLUMNS: Final = (
    *("site_id", "name", "status", "decision", "is_open_today", "is_open_in_plan"),
    *("areas", "demand", "demand_share", "capacity", "utilisation_share"),
    *("mean_time_s", "longest_time_s", "fixed_cost_gbp", "easting_m", "northing_m"),
)
_AREA_COLUMNS: Final = (
    *("lsoa", "name", "ward", "population", "imd_decile", "demand", "site_id", "site_name"),
    *("time_before_s", "time_after_s", "change_s", "distance_m"),
    *("is_limit_doubtful", "is_unserved", "reason", "smallest_change"),
)
_ACCESS_COLUMNS: Final = (
    *("imd_decile", "areas", "population", "demand", "mean_before_s", "mean_after_s", "change_s"),
    *("p90_before_s", "p90_after_s", "worst_before_s", "worst_after_s"),
    *("within_before_share", "within_after_share", "cut_off_before_share", "cut_off_after_share"),
)
_TAIL_SHARE: Final = 0.9


def siting_sites_table(problem: SitingProblem, plan: SitingPlan) -> pd.DataFrame:
    """Return one row a site, in order of id.

    Returns:
        ``site_id, name, status, decision, is_open_today, is_open_in_plan, areas, demand,
        demand_share, capacity, utilisation_share, mean_time_s, longest_time_s, fixed_cost_gbp,
        easting_m, northing_m``; a site that serves nobody has 0 areas and no times.
    """
    ids = [str(site.id) for site in problem.sites]
    sums = _served_by_site(plan).reindex(pd.Index(ids, dtype="str"))
    demand = sums["demand"].fillna(0.0).to_numpy(float)
    capacity = np.array([_or_nan(site.capacity) for site in problem.sites])
    open_ids = set(plan.opened)
    return typed_frame(
        {
            "site_id": ids,
            "name": [site.name for site in problem.sites],
            "status": [site.status.value for site in problem.sites],
            "decision": [_decision(site, is_open=site.id in open_ids) for site in problem.sites],
            "is_open_today": [site.is_open_today for site in problem.sites],
            "is_open_in_plan": [site.id in open_ids for site in problem.sites],
            "areas": sums["areas"].fillna(0).astype(int).tolist(),
            "demand": demand,
            "demand_share": demand / problem.demand.sum(),
            "capacity": capacity,
            "utilisation_share": _ratio(demand, capacity),
            "mean_time_s": _ratio(sums["person_s"].to_numpy(float), demand),
            "longest_time_s": sums["longest_time_s"].to_numpy(float),
            "fixed_cost_gbp": [_or_nan(site.fixed_cost_gbp) for site in problem.sites],
            "easting_m": [site.location.easting_m for site in problem.sites],
            "northing_m": [site.location.northing_m for site in problem.sites],
        },
        _SITE_COLUMNS,
    )


def _served_by_site(plan: SitingPlan) -> pd.DataFrame:
    """``areas, demand, person_s, longest_time_s`` by site that serves anybody."""
    served = pd.DataFrame(
        {
            "site": [allocation.site for allocation in plan.allocations],
            "demand": [allocation.demand for allocation in plan.allocations],
            "time_s": [allocation.time_s for allocation in plan.allocations],
        }
    ).astype({"site": "str", "demand": float, "time_s": float})
    served["person_s"] = served["demand"] * served["time_s"]
    return served.groupby("site").agg(
        areas=("time_s", "size"),
        demand=("demand", "sum"),
        person_s=("person_s", "sum"),
        longest_time_s=("time_s", "max"),
    )


def _or_nan(amount: float | None) -> float:
    return np.nan if amount is None else amount


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    return np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)


def _decision(site: CandidateSite, *, is_open: bool) -> str:
    if site.status is SiteStatus.COMPETITOR:
        return "another provider"
    if is_open:
        return "kept open" if site.is_open_today else "opened"
    if site.is_open_today:
        return "closed"
    return "ruled out" if site.status is SiteStatus.EXCLUDED else "not chosen"


def siting_areas_table(
    problem: SitingProblem, plan: SitingPlan, areas: pd.DataFrame
) -> pd.DataFrame:
    """Return one row an area, in order of LSOA code.

    The time before is to the nearest site open today, whoever it would be in the plan; another
    provider's sites count in neither. The time after is to the site that serves the area; for an
    unserved area it is to the nearest open site, so that before and after measure the same thing.

    Args:
        problem: The question.
        plan: Its answer.
        areas: ``lsoa, name`` and, where known, ``ward, population, imd_decile``; it may hold more
            areas than the problem, and more columns.

    Returns:
        ``lsoa, name, ward, population, imd_decile, demand, site_id, site_name, time_before_s,
        time_after_s, change_s, distance_m, is_limit_doubtful, is_unserved, reason,
        smallest_change``; the limit of an area is doubtful where it is kept by the central time,
        but not at the high end of the range.

    Raises:
        MissingColumnError: ``areas`` lacks a code or a name.
        UnknownIdError: ``areas`` lacks an area of the problem.
    """
    known = _known_areas(problem, areas)
    count = len(problem.areas)
    row_of = {lsoa: row for row, lsoa in enumerate(problem.areas)}
    before_s = _nearest_s(problem, [_counts_today(site) for site in problem.sites])
    after_s = _nearest_s(problem, [site.id in set(plan.opened) for site in problem.sites])
    distance_m = np.full(count, np.nan)
    site_ids, reasons, changes = [""] * count, [""] * count, [""] * count
    for allocation in plan.allocations:
        row = row_of[allocation.lsoa]
        site_ids[row] = allocation.site
        after_s[row], distance_m[row] = allocation.time_s, allocation.distance_m
    for unserved in plan.unserved:
        row = row_of[unserved.lsoa]
        reasons[row], changes[row] = unserved.reason, unserved.change
    names = {str(site.id): site.name for site in problem.sites}
    return typed_frame(
        {
            **{name: known[name].tolist() for name in known.columns},
            "lsoa": list(problem.areas),
            "demand": problem.demand,
            "site_id": site_ids,
            "site_name": [names.get(site, "") for site in site_ids],
            "time_before_s": before_s,
            "time_after_s": after_s,
            "change_s": after_s - before_s,
            "distance_m": distance_m,
            "is_limit_doubtful": _is_limit_doubtful(problem, after_s),
            "is_unserved": [not site for site in site_ids],
            "reason": reasons,
            "smallest_change": changes,
        },
        _AREA_COLUMNS,
    )


def _is_limit_doubtful(problem: SitingProblem, time_s: FloatArray) -> npt.NDArray[np.bool_]:
    limit_s = problem.rules.travel_limit_s
    if limit_s is None:
        return np.zeros(len(time_s), np.bool_)
    high_s = time_s * problem.travel.time_range.high_share
    return np.asarray((time_s <= limit_s) & (high_s > limit_s))


def _counts_today(site: CandidateSite) -> bool:
    return site.is_open_today and site.status is not SiteStatus.COMPETITOR


def _nearest_s(problem: SitingProblem, is_open: list[bool]) -> FloatArray:
    """(areas,) seconds to the nearest of the chosen sites; NaN where there is none."""
    nearest = problem.travel.nearest_among(np.flatnonzero(is_open))
    reached = np.flatnonzero(nearest >= 0)
    time_s = np.full(len(nearest), np.nan)
    time_s[reached], _ = problem.travel.of_pairs(reached, nearest[reached])
    return time_s


def _known_areas(problem: SitingProblem, areas: pd.DataFrame) -> pd.DataFrame:
    require_columns(areas, ("lsoa", "name"), "areas")
    known = pd.DataFrame(areas).drop_duplicates("lsoa").set_index("lsoa")
    missing = [lsoa for lsoa in problem.areas if lsoa not in known.index]
    if missing:
        raise UnknownIdError(
            [
                Fault(
                    file="areas",
                    column="lsoa",
                    value=lsoa,
                    what="the siting problem has this area but the table of areas lacks it",
                    fix="give the table of all areas that the problem was built from",
                    code="unknown-lsoa",
                )
                for lsoa in missing
            ]
        )
    chosen = known.loc[list(problem.areas)]
    blanks = {"ward": "", "population": pd.NA, "imd_decile": pd.NA}
    return pd.DataFrame(
        {
            "name": chosen["name"].astype("str"),
            **{
                name: chosen[name] if name in chosen.columns else pd.Series(blank, chosen.index)
                for name, blank in blanks.items()
            },
        }
    ).assign(ward=lambda frame: frame["ward"].fillna("").astype("str"))


def access_by_decile_table(
    areas_table: pd.DataFrame,
    *,
    travel_limit_s: float | None = None,
    weight: Weight = "demand",
) -> pd.DataFrame:
    """Return how far people are from a site before and after, one row a deprivation decile.

    Args:
        areas_table: From :func:`siting_areas_table`; areas of unknown decile are left out.
        travel_limit_s: For the shares within the limit; without it they are missing.
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


def access_summary(
    areas_table: pd.DataFrame,
    *,
    travel_limit_s: float | None = None,
    weight: Weight = "demand",
) -> dict[str, float]:
    """Return the figures of :func:`access_by_decile_table` for all the given areas together."""
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
            if travel_limit_s is None
            else _share(float(weights[times <= travel_limit_s].sum()), float(weights.sum())),
        }
    change_s = areas_table["time_after_s"].to_numpy(np.float64) - areas_table[
        "time_before_s"
    ].to_numpy(np.float64)
    compared = weights * ~np.isnan(change_s)
    figures["change_s"] = _share(float(np.nansum(change_s * weights)), float(compared.sum()))
    return figures


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
