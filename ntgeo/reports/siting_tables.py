"""Siting plans as tidy tables: one row a site or an area.

Column names and meanings are those of :mod:`ntgeo.reports.columns`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ntgeo.domain.places import CandidateSite, SiteStatus
from ntgeo.domain.siting import SitingPlan, SitingProblem
from ntgeo.errors import Fault, UnknownIdError
from ntgeo.reports.columns import require_columns, typed_frame

__all__ = [
    "siting_allocations_table",
    "siting_areas_table",
    "siting_sites_table",
]

FloatArray = npt.NDArray[np.float64]

_SITE_COLUMNS: Final = (
    *("site_id", "name", "status", "decision", "is_open_today", "is_open_in_plan"),
    *("areas", "demand", "demand_share", "capacity", "utilisation_share"),
    *("mean_time_s", "longest_time_s", "fixed_cost_gbp", "easting_m", "northing_m"),
)
_AREA_COLUMNS: Final = (
    *("lsoa", "name", "ward", "population", "imd_decile", "demand", "site_id", "site_name"),
    *("time_before_s", "time_after_s", "change_s", "distance_m", "limit_s"),
    *("is_limit_doubtful", "served_share", "is_unserved", "reason", "smallest_change"),
)
_WHOLE: Final = 1e-9


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


def siting_allocations_table(plan: SitingPlan) -> pd.DataFrame:
    """Return one row an area and a site it goes to, by area, then by site.

    Returns:
        ``lsoa, site_id, demand, area_share, time_s, distance_m``.
    """
    columns = {"lsoa": "lsoa", "site_id": "site", "demand": "demand", "area_share": "share"}
    columns |= {"time_s": "time_s", "distance_m": "distance_m"}
    cells = {
        name: [getattr(part, own) for part in plan.allocations] for name, own in columns.items()
    }
    return typed_frame(cells, tuple(columns))


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
        time_after_s, change_s, distance_m, limit_s, is_limit_doubtful, served_share, is_unserved,
        reason, smallest_change``; the limit of an area is doubtful where it is kept by the central
        time, but not at the high end of the range. Where a plan splits an area, its sites stand in
        one cell, the largest part first, and its time is the mean over the parts.

    Raises:
        MissingColumnError: ``areas`` lacks a code or a name.
        UnknownIdError: ``areas`` lacks an area of the problem.
    """
    known = _known_areas(problem, areas)
    going = _going(problem, plan)
    before_s = _nearest_s(problem, [_counts_today(site) for site in problem.sites])
    reasons = {unserved.lsoa: unserved for unserved in plan.unserved}
    names = {str(site.id): site.name for site in problem.sites}
    return typed_frame(
        {
            **{name: known[name].tolist() for name in known.columns},
            "lsoa": list(problem.areas),
            "demand": problem.demand,
            "site_id": ["; ".join(sites) for sites in going.sites],
            "site_name": ["; ".join(names[site] for site in sites) for sites in going.sites],
            "time_before_s": before_s,
            "time_after_s": going.time_s,
            "change_s": going.time_s - before_s,
            "distance_m": going.distance_m,
            "limit_s": np.where(np.isfinite(problem.limit_s), problem.limit_s, np.nan),
            "is_limit_doubtful": _is_limit_doubtful(problem, going.time_s),
            "served_share": going.served_share,
            "is_unserved": [not sites for sites in going.sites],
            "reason": [reasons[a].reason if a in reasons else "" for a in problem.areas],
            "smallest_change": [reasons[a].change if a in reasons else "" for a in problem.areas],
        },
        _AREA_COLUMNS,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Going:
    """Where each area goes: its sites, the largest part first, and the mean over the parts."""

    sites: list[list[str]]
    time_s: FloatArray
    distance_m: FloatArray
    served_share: FloatArray


def _going(problem: SitingProblem, plan: SitingPlan) -> _Going:
    """Follow each area; those that go nowhere are told with the nearest open site."""
    row_of = {lsoa: row for row, lsoa in enumerate(problem.areas)}
    sites: list[list[str]] = [[] for _ in problem.areas]
    share, time_s, distance_m = (np.zeros(len(problem.areas)) for _ in range(3))
    for part in sorted(plan.allocations, key=lambda part: (-part.share, part.site)):
        row = row_of[part.lsoa]
        sites[row].append(part.site)
        share[row] += part.share
        time_s[row] += part.share * part.time_s
        distance_m[row] += part.share * part.distance_m
    is_parted = np.abs(share - 1) > _WHOLE
    share[~is_parted] = 1.0
    nearest_s = _nearest_s(problem, [site.id in set(plan.opened) for site in problem.sites])
    return _Going(
        sites=sites,
        time_s=np.where(share > 0, _ratio(time_s, share), nearest_s),
        distance_m=_ratio(distance_m, share),
        served_share=share,
    )


def _is_limit_doubtful(problem: SitingProblem, time_s: FloatArray) -> npt.NDArray[np.bool_]:
    limit_s = problem.limit_s
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
