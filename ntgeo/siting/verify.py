"""Check a siting plan against its question, knowing nothing of how the plan was found.

Every figure is worked out again from the problem's own arrays. The check needs no solver and
imports none, so it can be run years later on a plan that was published.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from ntgeo.domain.places import SiteStatus
from ntgeo.domain.siting import (
    Allocation,
    SitingObjective,
    SitingPlan,
    SitingProblem,
    UnservedArea,
)
from ntgeo.domain.solving import SolveStatus

__all__ = ["find_faults"]

IndexArray = npt.NDArray[np.intp]
_SHARE = 1e-6
"""Relative difference above which two figures disagree."""


def find_faults(problem: SitingProblem, plan: SitingPlan) -> tuple[str, ...]:
    """Return each fault of the plan as a sentence; an empty tuple is a sound plan.

    Args:
        problem: The question.
        plan: The answer to be checked.
    """
    known = tuple(_unknown_ids(problem, plan))
    if known:
        return known
    return (
        *_faults_of_sites(problem, plan),
        *_faults_of_order(plan),
        *_faults_of_areas(problem, plan),
        *_faults_of_allocations(problem, plan),
        *_faults_of_unserved(problem, plan),
        *_faults_of_report(problem, plan),
    )


def _entries(plan: SitingPlan) -> tuple[Allocation | UnservedArea, ...]:
    return (*plan.allocations, *plan.unserved)


def _unknown_ids(problem: SitingProblem, plan: SitingPlan) -> Iterator[str]:
    sites = {site.id for site in problem.sites}
    areas = set(problem.areas)
    served_by = tuple(allocation.site for allocation in plan.allocations)
    for label, ids in (("opened", plan.opened), ("closed", plan.closed), ("serving", served_by)):
        for site in sorted(set(ids) - sites):
            yield f"{label} site {site} is not in the question"
    told = [entry.lsoa for entry in _entries(plan)]
    for area in sorted(set(told) - areas):
        yield f"area {area} is not in the question"


def _faults_of_sites(problem: SitingProblem, plan: SitingPlan) -> Iterator[str]:
    opened = set(plan.opened)
    for site in problem.sites:
        if site.id in opened and not site.may_open:
            yield f"site {site.id} is {site.status} but stands open in the plan"
        if site.status is SiteStatus.REQUIRED and site.id not in opened:
            yield f"site {site.id} is required but is not open in the plan"
    wanted = problem.rules.site_count
    if wanted is not None and len(plan.opened) != wanted:
        yield f"{len(plan.opened)} sites are open; {wanted} were asked for"
    gone = {
        site.id
        for site in problem.sites
        if site.is_open_today and site.status is not SiteStatus.COMPETITOR
    } - opened
    for identity in sorted(gone - set(plan.closed)):
        yield f"site {identity} is open today and not in the plan, but is not told as closed"
    for identity in sorted(set(plan.closed) - gone):
        yield f"site {identity} is told as closed but is not a site that the plan closes"


def _faults_of_order(plan: SitingPlan) -> Iterator[str]:
    lists = (
        ("opened sites", plan.opened),
        ("closed sites", plan.closed),
        ("allocations", tuple(entry.lsoa for entry in plan.allocations)),
        ("unserved areas", tuple(entry.lsoa for entry in plan.unserved)),
    )
    for label, ids in lists:
        repeated = sorted(name for name, count in Counter(ids).items() if count > 1)
        if repeated:
            yield f"{label}: {repeated[0]} stands more than once"
        elif list(ids) != sorted(ids):
            yield f"{label} are not in ascending order"


def _faults_of_areas(problem: SitingProblem, plan: SitingPlan) -> Iterator[str]:
    served = {entry.lsoa for entry in plan.allocations}
    left = {entry.lsoa for entry in plan.unserved}
    for area in sorted(served & left):
        yield f"area {area} is told both as served and as unserved"
    for area in sorted(set(problem.areas) - served - left):
        yield f"area {area} is neither served nor told as unserved"
    demand_of = dict(zip(problem.areas, problem.demand.tolist(), strict=True))
    for entry in _entries(plan):
        if entry.demand != demand_of[entry.lsoa]:
            yield f"area {entry.lsoa}: demand {entry.demand:g} is not the question's"
    told = math.fsum(entry.demand for entry in _entries(plan))
    asked = math.fsum(problem.demand.tolist())
    if _differ(told, asked):
        yield f"demand served and unserved adds up to {told:g}; the question has {asked:g}"


def _nearest_open(problem: SitingProblem, plan: SitingPlan) -> IndexArray:
    """(areas,) column of the nearest site open in the plan, ties to the first id; -1 for none."""
    column_of = {site.id: column for column, site in enumerate(problem.sites)}
    columns = [column_of[identity] for identity in plan.opened]
    return problem.travel.nearest_among(np.array(columns, dtype=np.intp))


def _times_to(problem: SitingProblem, columns: IndexArray) -> npt.NDArray[np.float64]:
    """(areas,) seconds to a site of each area's own; infinite where the column is -1."""
    reached = np.flatnonzero(columns >= 0)
    time_s = np.full(len(columns), np.inf)
    time_s[reached], _ = problem.travel.of_pairs(reached, columns[reached])
    return time_s


def _least_times(problem: SitingProblem, plan: SitingPlan) -> dict[str, float]:
    """Seconds from each area to the nearest site open in the plan; infinite where none."""
    least = _times_to(problem, _nearest_open(problem, plan))
    return dict(zip(problem.areas, least.tolist(), strict=True))


def _faults_of_allocations(problem: SitingProblem, plan: SitingPlan) -> Iterator[str]:
    least = _least_times(problem, plan)
    row_of = {area: row for row, area in enumerate(problem.areas)}
    column_of = {site.id: column for column, site in enumerate(problem.sites)}
    nearest = dict(zip(problem.areas, _nearest_open(problem, plan).tolist(), strict=True))
    pairs = np.array(
        [(row_of[entry.lsoa], column_of[entry.site]) for entry in plan.allocations], dtype=np.intp
    ).reshape(-1, 2)
    times_s, distances_m = problem.travel.of_pairs(pairs[:, 0], pairs[:, 1])
    known = zip(times_s.tolist(), distances_m.tolist(), strict=True)
    for entry, (time_s, distance_m) in zip(plan.allocations, known, strict=True):
        if entry.site not in plan.opened:
            yield f"area {entry.lsoa} is served by site {entry.site}, which is not open"
            continue
        yield from _faults_of_travel(problem, entry, time_s, distance_m)
        nearest_s, first = least[entry.lsoa], problem.sites[nearest[entry.lsoa]].id
        if entry.time_s > nearest_s and time_s > nearest_s:
            yield (
                f"area {entry.lsoa} is served by site {entry.site}, {entry.time_s:g} s away; "
                f"an open site is {nearest_s:g} s away"
            )
        elif entry.site != first and entry.time_s == nearest_s:
            yield (
                f"area {entry.lsoa} is served by site {entry.site}; "
                f"site {first} is as near and comes first by id"
            )


def _faults_of_travel(
    problem: SitingProblem, entry: Allocation, time_s: float, distance_m: float
) -> Iterator[str]:
    limit_s = problem.rules.travel_limit_s
    if math.isnan(time_s):
        yield f"area {entry.lsoa} is served by site {entry.site}, which it cannot reach"
        return
    if entry.time_s != time_s:
        yield f"area {entry.lsoa}: time {entry.time_s:g} s is not the matrix's {time_s:g} s"
    if entry.distance_m != distance_m:
        yield (
            f"area {entry.lsoa}: distance {entry.distance_m:g} m is not the matrix's "
            f"{distance_m:g} m"
        )
    if limit_s is not None and time_s > limit_s:
        yield f"area {entry.lsoa} is served from {time_s:g} s away; the limit is {limit_s:g} s"


def _faults_of_unserved(problem: SitingProblem, plan: SitingPlan) -> Iterator[str]:
    least = _least_times(problem, plan)
    limit_s = problem.rules.travel_limit_s
    for entry in plan.unserved:
        nearest_s = least[entry.lsoa]
        if math.isfinite(nearest_s) and (limit_s is None or nearest_s <= limit_s):
            yield f"area {entry.lsoa} is told as unserved, but an open site is in reach"
        if not entry.reason.strip():
            yield f"area {entry.lsoa} is unserved without a reason"
        if not entry.change.strip():
            yield f"area {entry.lsoa} is unserved without a change that would serve it"
    if problem.objective is SitingObjective.SET_COVER:
        yield from _faults_of_cover(problem, plan)


def _faults_of_cover(problem: SitingProblem, plan: SitingPlan) -> Iterator[str]:
    """Set cover leaves out only areas that no site that may open could cover."""
    usable = [column for column, site in enumerate(problem.sites) if site.may_open]
    limit_s = problem.rules.travel_limit_s
    least = _times_to(problem, problem.travel.nearest_among(np.array(usable)))
    in_reach = least <= (limit_s or 0.0)
    could = dict(zip(problem.areas, in_reach.tolist(), strict=True))
    for entry in plan.unserved:
        if could[entry.lsoa]:
            yield f"area {entry.lsoa} is left uncovered, but a site that may open would cover it"


def _faults_of_report(problem: SitingProblem, plan: SitingPlan) -> Iterator[str]:
    report = plan.report
    value = _objective(problem, plan)
    if _differ(value, report.objective):
        yield f"objective {report.objective:g} is told; the plan's own is {value:g}"
    is_maximised = problem.objective is SitingObjective.MAX_COVERAGE
    if report.is_maximised is not is_maximised:
        yield f"{problem.objective} is told as {'least' if is_maximised else 'most'} is best"
    if not report.unit.strip():
        yield "the objective has no unit"
    if not (math.isfinite(report.wall_time_s) and report.wall_time_s >= 0):
        yield f"wall time {report.wall_time_s} s cannot be"
    bound = report.bound
    if bound is None:
        return
    beyond = report.objective - bound if is_maximised else bound - report.objective
    if math.isnan(bound) or beyond > _SHARE * max(1.0, abs(report.objective)):
        yield f"the objective {report.objective:g} is better than its bound {bound:g}"
    elif report.status is SolveStatus.OPTIMAL and _differ(bound, report.objective):
        yield f"told as proven best, but the bound {bound:g} is not the objective"
    yield from _faults_of_bound(problem, bound)
    yield from _faults_of_stages(plan)


def _objective(problem: SitingProblem, plan: SitingPlan) -> float:
    """What the plan is worth: from its open sites and the matrix, not from its own figures."""
    if problem.objective is SitingObjective.SET_COVER:
        return float(len(plan.opened))
    limit_s = problem.rules.travel_limit_s
    least = np.array(list(_least_times(problem, plan).values()))
    served = np.isfinite(least) if limit_s is None else least <= limit_s
    demand, time_s = problem.demand[served], least[served]
    if problem.objective is SitingObjective.MAX_COVERAGE:
        return math.fsum(demand.tolist())
    if problem.objective is SitingObjective.P_CENTRE:
        return float(time_s[demand > 0].max(initial=0.0))
    if problem.objective is SitingObjective.KOLM_POLLAK:
        return _equivalent_s(problem, demand, time_s)
    return math.fsum((demand * time_s).tolist())


def _equivalent_s(
    problem: SitingProblem,
    demand: npt.NDArray[np.float64],
    time_s: npt.NDArray[np.float64],
) -> float:
    """The Kolm-Pollak equally distributed equivalent of the times, as the objective defines it."""
    usable = np.flatnonzero([site.may_open for site in problem.sites])
    best = _times_to(problem, problem.travel.nearest_among(usable))
    limit_s = problem.rules.travel_limit_s
    counted = np.isfinite(best) if limit_s is None else best <= limit_s
    weight, nearest = problem.demand[counted], best[counted]
    square = float(weight @ nearest**2)
    if square <= 0:
        times = problem.travel.times_to(usable)[counted]
        reachable = times[times <= (limit_s or math.inf)]
        scale = 1.0 / float(reachable.max(initial=1.0))
    else:
        scale = float(weight @ nearest) / square
    kappa = problem.rules.inequality_aversion * scale
    total = float(demand.sum())
    if total <= 0:
        return 0.0
    highest = kappa * float(time_s.max(initial=0.0))
    mean = float(demand @ np.exp(kappa * time_s - highest)) / total
    return (math.log(mean) + highest) / kappa if mean > 0 else 0.0


def _faults_of_bound(problem: SitingProblem, bound: float) -> Iterator[str]:
    """No honest bound promises what could never be."""
    if problem.objective is SitingObjective.MAX_COVERAGE:
        total = math.fsum(problem.demand.tolist())
        if bound > total * (1 + _SHARE):
            yield f"the bound {bound:g} is above all the demand there is ({total:g})"
    elif bound < -_SHARE:
        yield f"the bound {bound:g} is below 0"


def _faults_of_stages(plan: SitingPlan) -> Iterator[str]:
    for stage in plan.report.stages:
        if stage.bound is None:
            continue
        beyond = stage.objective - stage.bound
        if not stage.is_maximised:
            beyond = -beyond
        if beyond > _SHARE * max(1.0, abs(stage.objective)):
            yield f"stage {stage.name!r}: {stage.objective:g} is better than its bound"


def _differ(one: float, other: float) -> bool:
    return not math.isclose(one, other, rel_tol=_SHARE, abs_tol=_SHARE)
