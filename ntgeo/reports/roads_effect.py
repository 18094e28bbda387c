"""What a change of roads does to journeys to the nearest site: by area, in figures, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ntgeo.domain.matrix import TravelMode, TravelTimeMatrix
from ntgeo.domain.units import SECONDS_PER_MINUTE
from ntgeo.reports.columns import require_columns, typed_frame
from ntgeo.reports.plain import MODE_TEXTS, counted, joined, tenths_text

__all__ = ["RoadsEffect", "roads_effect", "roads_effect_sentences", "roads_effect_table"]

_COLUMNS: Final = (
    *("lsoa", "name", "imd_decile", "population", "time_before_s", "time_after_s", "change_s"),
    "sites_cut_off",
)
_LONGER_MIN: Final = (1, 5, 10)
_WORST: Final = 5
_WORTH_NAMING_S: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadsEffect:
    """Figures of a change of roads; residents without a way before or after are in no mean.

    Args:
        residents: In all areas.
        mean_before_s: Resident-weighted mean seconds to the nearest site; NaN where nobody has one.
        mean_after_s: The same with the change.
        longer: Residents whose journey lengthens by more than so many minutes.
        shorter: Residents whose journey shortens by more than a minute.
        cut_off: Residents who had a way to some site and have none.
        pairs: Pairs of area and site with a way before.
        pairs_cut_off: Those of them without a way after.
    """

    residents: int
    mean_before_s: float
    mean_after_s: float
    longer: Mapping[int, int]
    shorter: int
    cut_off: int
    pairs: int
    pairs_cut_off: int


def roads_effect_table(
    areas: pd.DataFrame, before: TravelTimeMatrix, after: TravelTimeMatrix
) -> pd.DataFrame:
    """Return one row an area, hit worst first; cut-off areas stand at the top.

    Args:
        areas: ``lsoa, name, population`` and, where known, ``imd_decile``, for each origin.
        before: From areas to sites.
        after: The same pairs with the roads changed.

    Returns:
        ``lsoa, name, imd_decile, population, time_before_s, time_after_s, change_s,
        sites_cut_off``; a time is missing where no site can be reached.

    Raises:
        MissingColumnError: ``areas`` lacks a code, a name or the residents.
    """
    require_columns(areas, ("lsoa", "name", "population"), "areas")
    known = pd.DataFrame(areas).set_index("lsoa").loc[list(before.origins)]
    decile = known["imd_decile"] if "imd_decile" in known else pd.Series(pd.NA, known.index)
    before_s, after_s = _nearest_s(before), _nearest_s(after)
    table = typed_frame(
        {
            "lsoa": list(before.origins),
            "name": known["name"].tolist(),
            "imd_decile": decile.tolist(),
            "population": known["population"].tolist(),
            "time_before_s": before_s,
            "time_after_s": after_s,
            "change_s": after_s - before_s,
            "sites_cut_off": (before.is_reachable & ~after.is_reachable).sum(axis=1),
        },
        _COLUMNS,
    )
    is_cut_off = ~np.isnan(before_s) & np.isnan(after_s)
    order = np.lexsort((np.array(before.origins), -np.nan_to_num(after_s - before_s), ~is_cut_off))
    return table.iloc[order].reset_index(drop=True)


def _nearest_s(travel: TravelTimeMatrix) -> npt.NDArray[np.float64]:
    nearest = np.fmin.reduce(travel.time_s, axis=1, initial=np.inf)
    return np.where(np.isinf(nearest), np.nan, nearest)


def roads_effect(
    table: pd.DataFrame, before: TravelTimeMatrix, after: TravelTimeMatrix
) -> RoadsEffect:
    """Return the figures of a change of roads; arguments as for :func:`roads_effect_table`."""
    people = table["population"].fillna(0).to_numpy(np.int64)
    before_s, after_s = table["time_before_s"].to_numpy(), table["time_after_s"].to_numpy()
    change_s = table["change_s"].to_numpy()
    has_both = ~np.isnan(change_s)
    weight = people[has_both]
    return RoadsEffect(
        residents=int(people.sum()),
        mean_before_s=_mean(before_s[has_both], weight),
        mean_after_s=_mean(after_s[has_both], weight),
        longer={
            minutes: int(people[change_s > minutes * SECONDS_PER_MINUTE].sum())
            for minutes in _LONGER_MIN
        },
        shorter=int(people[change_s < -SECONDS_PER_MINUTE].sum()),
        cut_off=int(people[~np.isnan(before_s) & np.isnan(after_s)].sum()),
        pairs=int(before.is_reachable.sum()),
        pairs_cut_off=int((before.is_reachable & ~after.is_reachable).sum()),
    )


def _mean(values: npt.NDArray[np.float64], weight: npt.NDArray[np.int64]) -> float:
    return float(np.average(values, weights=weight)) if weight.sum() else float("nan")


def roads_effect_sentences(
    effect: RoadsEffect, table: pd.DataFrame, *, mode: TravelMode, sites: str
) -> list[str]:
    """Return what a change of roads does as sentences, most important first.

    Args:
        effect: In figures.
        table: By area, as :func:`roads_effect_table` gives it.
        mode: How residents travel.
        sites: What they travel to, such as ``"the nearest of 12 sites open today"``.
    """
    return [
        _mean_sentence(effect, mode, sites),
        _longer_sentence(effect),
        *_shorter_sentences(effect),
        _cut_off_sentence(effect, table),
        *_worst_sentences(table),
    ]


def _mean_sentence(effect: RoadsEffect, mode: TravelMode, sites: str) -> str:
    if np.isnan(effect.mean_before_s):
        return f"Nobody has a way {MODE_TEXTS[mode]} to {sites}."
    before, after = tenths_text(effect.mean_before_s), tenths_text(effect.mean_after_s)
    journey = f"The average resident's journey {MODE_TEXTS[mode]} to {sites}"
    if before == after:
        return f"{journey} stays at {after}."
    moves = "rises" if effect.mean_after_s > effect.mean_before_s else "falls"
    return f"{journey} {moves} from {before.split()[0]} to {after}."


def _longer_sentence(effect: RoadsEffect) -> str:
    if not effect.longer[_LONGER_MIN[0]]:
        return "Nobody's journey lengthens by more than a minute."
    parts = [
        f"by more than {counted(minutes, 'minute')} for {people or 'none':{',' if people else ''}}"
        for minutes, people in effect.longer.items()
    ]
    parts[0] += f" of {effect.residents:,} residents"
    return f"Journeys lengthen {joined(parts)}."


def _shorter_sentences(effect: RoadsEffect) -> list[str]:
    if not effect.shorter:
        return []
    return [f"Journeys shorten by more than a minute for {counted(effect.shorter, 'resident')}."]


def _cut_off_sentence(effect: RoadsEffect, table: pd.DataFrame) -> str:
    if not effect.pairs_cut_off:
        return "No area is cut off from any site."
    pairs = f"{effect.pairs_cut_off:,} of {effect.pairs:,} pairs of area and site have no way left"
    is_cut_off = table["time_before_s"].notna() & table["time_after_s"].isna()
    if not is_cut_off.any():
        return f"{pairs}; every area still reaches some site."
    names = joined(table.loc[is_cut_off, "name"].tolist(), shown=_WORST)
    people = counted(effect.cut_off, "resident")
    return f"{pairs}; {names} ({people}) can reach no site at all."


def _worst_sentences(table: pd.DataFrame) -> list[str]:
    worst = table[table["change_s"] >= _WORTH_NAMING_S].head(_WORST)
    columns = (worst[name] for name in ("name", "imd_decile", "time_before_s", "time_after_s"))
    told = [
        f"{name} ({_decile_text(decile)}from {tenths_text(before_s).split()[0]} to "
        f"{tenths_text(after_s)})"
        for name, decile, before_s, after_s in zip(*columns, strict=True)
    ]
    return [f"Hit worst: {'; '.join(told)}."] if told else []


def _decile_text(decile: Any) -> str:
    return "" if pd.isna(decile) else f"decile {decile}, "
