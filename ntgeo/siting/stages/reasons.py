"""Why an area goes unserved, and the smallest change that would serve it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ntgeo.domain.places import CandidateSite, SiteStatus
from ntgeo.domain.siting import CapacityRule, SitingProblem, UnservedArea
from ntgeo.domain.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE

__all__ = ["tell_unserved", "time_text"]

IndexArray = npt.NDArray[np.intp]
Journeys = Sequence[Sequence[tuple[int, float]]]
_NOTHING = 1e-9


def tell_unserved(
    problem: SitingProblem, opened: IndexArray, journeys: Journeys
) -> tuple[UnservedArea, ...]:
    """Return every area, or part of one, that goes nowhere.

    Args:
        problem: The question.
        opened: Places of the open sites, ascending.
        journeys: Of each area: places of the sites it goes to, each with its share of the demand.
    """
    load = np.zeros(len(problem.sites))
    for row, going in enumerate(journeys):
        for column, share in going:
            load[column] += share * problem.demand[row]
    found = []
    for row, going in enumerate(journeys):
        left = 1.0 - math.fsum(share for _, share in going)
        if going and left <= _NOTHING:
            continue
        demand = float(problem.demand[row]) * left if going else float(problem.demand[row])
        reason, change = _told_of_area(problem, row, opened, (demand, load))
        found.append(
            UnservedArea(lsoa=problem.areas[row], demand=demand, reason=reason, change=change)
        )
    return tuple(found)


def _told_of_area(
    problem: SitingProblem, row: int, opened: IndexArray, loads: tuple[float, np.ndarray]
) -> tuple[str, str]:
    time_s = problem.travel.times_from(row)
    reachable = np.flatnonzero(~np.isnan(time_s))
    usable = [column for column in reachable if problem.sites[column].may_open]
    absent_s = problem.travel.absent_from_s(row)
    is_known = math.isinf(absent_s) or absent_s > problem.limit_s[row]
    if is_known and not usable:
        return _told_unreachable(problem, row, reachable)
    near = [column for column in opened if time_s[column] <= problem.limit_s[row]]
    if near:
        nearest = min(near, key=lambda column: (time_s[column], column))
        return _told_left(problem, row, nearest, loads)
    if not is_known:
        return _told_not_known(problem, row, np.array(usable, dtype=np.intp))
    return _told_not_open(problem, row, np.array(usable), opened)


def _told_left(
    problem: SitingProblem, row: int, nearest: int, loads: tuple[float, np.ndarray]
) -> tuple[str, str]:
    """Of an area with an open site in reach: outreach is cheaper, or a rule keeps it away."""
    rules, site = problem.rules, problem.sites[nearest]
    demand, load = loads
    travel_gbp = (
        problem.travel.times_from(row)[nearest]
        * (rules.travel_gbp_per_hour or 0)
        / SECONDS_PER_HOUR
    )
    if rules.outreach_gbp is not None and rules.outreach_gbp < travel_gbp:
        return (
            f"outreach is cheaper than the way to {_told(site)}, the nearest open site",
            f"serve it from {_told(site)}: outreach must cost £{travel_gbp:,.2f} a unit of demand",
        )
    groups = problem.area_rules.group
    if groups is not None and groups[row]:
        return (
            f"areas of group {groups[row]} go to one site, and no open site can take them all",
            f"open a site that all of group {groups[row]} can go to, or let the area go alone",
        )
    if rules.capacity is CapacityRule.HARD and site.capacity is not None:
        room = max(0.0, site.capacity - load[nearest])
        return (
            f"the open sites in reach are full; {_told(site)}, the nearest, has room for {room:,g}",
            f"give {_told(site)} room for {max(demand - room, 0.0):,g} more",
        )
    return (
        f"{_told(site)}, the nearest open site, could serve it, but not with every rule kept",
        "lower the least demand that an open site must serve",
    )


def time_text(seconds: float) -> str:
    """Return a time for a sentence about limits, rounded up so that it is always enough."""
    if seconds < SECONDS_PER_MINUTE:
        return f"{math.ceil(seconds - 1e-9):,} s"
    return f"{math.ceil(seconds / 6 - 1e-9) / 10:,g} min"


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
    limit_s = _limit_of(problem, row)
    change = f"allow {told}, which is excluded and {time_text(time_s[nearest])} away"
    if limit_s is not None and time_s[nearest] > limit_s:
        change += f", and raise the limit to {time_text(time_s[nearest])}"
    return reason, change


def _told_not_open(
    problem: SitingProblem, row: int, usable: IndexArray, opened: IndexArray
) -> tuple[str, str]:
    time_s = problem.travel.times_from(row)
    limit_s = _limit_of(problem, row)
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


def _limit_of(problem: SitingProblem, row: int) -> float | None:
    limit_s = float(problem.limit_s[row])
    return None if math.isinf(limit_s) else limit_s
