"""From open sites to a plan: who goes where, who is left out and why."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ntgeo.domain.places import CandidateSite, SiteId, SiteStatus
from ntgeo.domain.siting import Allocation, SitingPlan, SitingProblem, UnservedArea
from ntgeo.domain.solving import SolveReport
from ntgeo.domain.units import SECONDS_PER_MINUTE

__all__ = ["build_plan", "nearest_open", "time_text"]

IndexArray = npt.NDArray[np.intp]


def build_plan(problem: SitingProblem, opened: Sequence[int], report: SolveReport) -> SitingPlan:
    """Allocate each area to its nearest open site, ties to the first id.

    Args:
        problem: The question.
        opened: Places of the open sites in ``problem.sites``, ascending.
        report: The proof.
    """
    sites = np.array(opened, dtype=np.intp)
    nearest = nearest_open(problem, sites)
    served = np.flatnonzero(nearest >= 0)
    time_s, distance_m = problem.travel.of_pairs(served, nearest[served])
    allocations = tuple(
        Allocation(
            lsoa=problem.areas[row],
            site=problem.sites[nearest[row]].id,
            demand=float(problem.demand[row]),
            time_s=float(time_s[place]),
            distance_m=float(distance_m[place]),
        )
        for place, row in enumerate(served)
    )
    ids = tuple(problem.sites[column].id for column in sites)
    return SitingPlan(
        opened=ids,
        closed=_closed(problem, ids),
        allocations=allocations,
        unserved=tuple(
            _unserved(problem, row, sites) for row in np.flatnonzero(nearest < 0).tolist()
        ),
        report=report,
    )


def nearest_open(problem: SitingProblem, opened: IndexArray) -> IndexArray:
    """Return (areas,) the place of the nearest open site in reach and limit; -1 for none."""
    nearest = problem.travel.nearest_among(opened)
    limit_s = problem.rules.travel_limit_s
    if limit_s is None:
        return nearest
    reached = np.flatnonzero(nearest >= 0)
    time_s, _ = problem.travel.of_pairs(reached, nearest[reached])
    nearest[reached[time_s > limit_s]] = -1
    return nearest


def _closed(problem: SitingProblem, opened: tuple[SiteId, ...]) -> tuple[SiteId, ...]:
    """Sites of ours that are open today and not in the plan; a competitor's are not ours."""
    return tuple(
        site.id
        for site in problem.sites
        if site.is_open_today and site.status is not SiteStatus.COMPETITOR and site.id not in opened
    )


def time_text(seconds: float) -> str:
    """Return a time for a sentence about limits, rounded up so that it is always enough."""
    if seconds < SECONDS_PER_MINUTE:
        return f"{math.ceil(seconds - 1e-9):,} s"
    return f"{math.ceil(seconds / 6 - 1e-9) / 10:,g} min"


def _unserved(problem: SitingProblem, row: int, opened: IndexArray) -> UnservedArea:
    time_s = problem.travel.times_from(row)
    reachable = np.flatnonzero(~np.isnan(time_s))
    usable = [column for column in reachable if problem.sites[column].may_open]
    absent_s = problem.travel.absent_from_s(row)
    if math.isfinite(absent_s) and absent_s <= problem.limit_s[row]:
        reason, change = _told_not_known(problem, row, np.array(usable, dtype=np.intp))
    elif not usable:
        reason, change = _told_unreachable(problem, row, reachable)
    else:
        reason, change = _told_not_open(problem, row, np.array(usable), opened)
    return UnservedArea(
        lsoa=problem.areas[row], demand=float(problem.demand[row]), reason=reason, change=change
    )


def _told_not_known(problem: SitingProblem, row: int, usable: IndexArray) -> tuple[str, str]:
    """Say that an open site may be in reach, but not among the pairs whose times are given."""
    time_s = problem.travel.times_from(row)
    away = time_text(problem.travel.absent_from_s(row))
    reason = (
        f"none of the {len(usable):,} sites nearest to here that may open is open, and travel "
        f"times to others, at least {away}, are not given"
    )
    change = "give the travel times to more sites"
    fits = usable[time_s[usable] <= problem.limit_s[row]]
    if not len(fits):
        return reason, change
    best = fits[np.argmin(time_s[fits])]
    return reason, f"open {_told(problem.sites[best])}, {time_text(time_s[best])} away, or {change}"


def _told_unreachable(problem: SitingProblem, row: int, reachable: IndexArray) -> tuple[str, str]:
    time_s = problem.travel.times_from(row)
    reason = "no site that may open can be reached from here"
    barred = [c for c in reachable if problem.sites[c].status is SiteStatus.EXCLUDED]
    if not barred:
        return reason, "add a candidate site that can be reached from here"
    nearest = min(barred, key=lambda column: (time_s[column], column))
    told = _told(problem.sites[nearest])
    limit_s = problem.rules.travel_limit_s
    change = f"allow {told}, which is excluded and {time_text(time_s[nearest])} away"
    if limit_s is not None and time_s[nearest] > limit_s:
        change += f", and raise the limit to {time_text(time_s[nearest])}"
    return reason, change


def _told_not_open(
    problem: SitingProblem, row: int, usable: IndexArray, opened: IndexArray
) -> tuple[str, str]:
    time_s = problem.travel.times_from(row)
    limit_s = problem.rules.travel_limit_s
    best = usable[np.argmin(time_s[usable])]
    reached = np.array([c for c in opened if not np.isnan(time_s[c])], dtype=np.intp)
    changes: list[str] = []
    if best not in opened and (limit_s is None or time_s[best] <= limit_s):
        changes.append(f"open {_told(problem.sites[best])}, {time_text(time_s[best])} away")
    if not len(reached):
        reason = "none of the open sites can be reached from here"
        if limit_s is not None and time_s[best] > limit_s:
            reason += f", and the limit is {time_text(limit_s)}"
            needed = time_text(time_s[best])
            changes.append(f"raise the limit to {needed} and open {_told(problem.sites[best])}")
        return reason, " or ".join(changes)
    near = reached[np.argmin(time_s[reached])]
    away = time_text(time_s[near])
    reason = (
        f"the nearest open site, {_told(problem.sites[near])}, is {away} away; "
        f"the limit is {time_text(limit_s or 0.0)}"
    )
    changes.append(f"raise the limit to {away}")
    return reason, " or ".join(changes)


def _told(site: CandidateSite) -> str:
    return site.id if site.name in {"", site.id} else f"{site.id} ({site.name})"
