"""What else could be done: what each other choice costs, and the next-best plans.

Closing an open site, or forcing a rejected one open, is the same question with one status changed,
solved again; so each cost comes with its own proof. The next-best plans come by Murty's partition
(1968): the plans other than those known fall into parts, in each of which some sites are settled.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from ntgeo.domain.places import SiteId, SiteStatus
from ntgeo.domain.siting import SitingObjective, SitingPlan, SitingProblem
from ntgeo.domain.solving import SolveLimits, SolveStatus
from ntgeo.progress import SILENT, Progress
from ntgeo.siting.clock import Clock
from ntgeo.siting.solve import clock_for, solve_within

__all__ = ["ChangeKind", "SiteChange", "find_next_best", "weigh_changes"]


class ChangeKind(StrEnum):
    """What is done to one site against the plan."""

    CLOSE = "close"
    """A site of the plan is not open; the others are chosen anew."""
    FORCE = "force"
    """A site that the plan rejects is open; the others are chosen anew."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiteChange:
    """What it costs to close or to force one site, with the best plan that then remains.

    Args:
        site: Which.
        kind: Closed or forced open.
        cost: How much worse the objective gets, in its unit; at least 0 where the plan is proven
            best. Negative means that the plan can be improved.
        unserved_cost: How much more demand is left unserved.
        is_proven: Whether ``cost`` is exact; otherwise it is at most this, and ``plan.report``
            gives the bound.
        plan: The best plan found with the change.
    """

    site: SiteId
    kind: ChangeKind
    cost: float
    unserved_cost: float
    is_proven: bool
    plan: SitingPlan


def weigh_changes(
    problem: SitingProblem,
    plan: SitingPlan,
    limits: SolveLimits,
    *,
    progress: Progress = SILENT,
) -> tuple[SiteChange, ...]:
    """Return the cost of closing each open site and of forcing each rejected one open.

    Required sites cannot be closed; excluded and competing sites cannot be forced; where as many
    sites may open as are asked for, none can be closed. By site id.

    Args:
        problem: The question.
        plan: Its answer.
        limits: For all the changes together; the time left is shared out evenly.
        progress: Told how many are done; asked whether to stop, which ends the list early.
    """
    changes = tuple(_possible_changes(problem, plan))
    progress.stage("weighing each other choice", len(changes))
    clock = clock_for(limits, progress)
    weighed: list[SiteChange] = []
    for done, (site, kind) in enumerate(changes):
        if clock.is_up():
            break
        status = SiteStatus.EXCLUDED if kind is ChangeKind.CLOSE else SiteStatus.REQUIRED
        share = 1.0 / (len(changes) - done)
        changed = _with_statuses(problem, {site: status})
        other = solve_within(changed, limits, clock.part(share), measured_by=problem)
        weighed.append(_told(plan, other, site, kind))
        progress.advance(done + 1)
    return tuple(weighed)


def _possible_changes(
    problem: SitingProblem, plan: SitingPlan
) -> Iterator[tuple[SiteId, ChangeKind]]:
    usable = sum(site.may_open for site in problem.sites)
    required = sum(site.status is SiteStatus.REQUIRED for site in problem.sites)
    count = problem.rules.site_count
    for site in problem.sites:
        if site.id in plan.opened:
            if site.status is not SiteStatus.REQUIRED and usable > max(1, count or 0):
                yield site.id, ChangeKind.CLOSE
        elif site.may_open and (count is None or required < count):
            yield site.id, ChangeKind.FORCE


def _told(plan: SitingPlan, other: SitingPlan, site: SiteId, kind: ChangeKind) -> SiteChange:
    sign = -1.0 if plan.report.is_maximised else 1.0
    reports = (plan.report, other.report)
    return SiteChange(
        site=site,
        kind=kind,
        cost=sign * (other.report.objective - plan.report.objective),
        unserved_cost=_unserved(other) - _unserved(plan),
        is_proven=all(report.status is SolveStatus.OPTIMAL for report in reports),
        plan=other,
    )


def _unserved(plan: SitingPlan) -> float:
    return sum(area.demand for area in plan.unserved)


def find_next_best(
    problem: SitingProblem,
    plan: SitingPlan,
    limits: SolveLimits,
    *,
    count: int = 3,
    progress: Progress = SILENT,
) -> tuple[SitingPlan, ...]:
    """Return the next-best plans, best first: sets of sites other than the plan's.

    Each is proven next best if its own report is; fewer come back where there are no more, or the
    time is up.

    Args:
        problem: The question, with a number of sites.
        plan: Its best answer.
        limits: For all of them together.
        count: How many.
        progress: Told how many are found; asked whether to stop.

    Raises:
        ValueError: The objective is set cover.
    """
    if problem.objective is SitingObjective.SET_COVER:
        msg = "next-best plans need a number of sites; set cover finds its own"
        raise ValueError(msg)
    progress.stage("looking for the next-best plans", count)
    found: list[SitingPlan] = []
    for other in _best_first(problem, plan, limits, clock_for(limits, progress)):
        found.append(other)
        progress.advance(len(found))
        if len(found) == count:
            break
    return tuple(found)


def _best_first(
    problem: SitingProblem, plan: SitingPlan, limits: SolveLimits, clock: Clock
) -> Iterator[SitingPlan]:
    heap: list[tuple[tuple[float, float], int, SitingPlan, SitingProblem]] = []
    order, last, part = itertools.count(), plan, problem
    while True:
        for divided in _divided(part, last):
            if clock.is_up():
                return
            other = solve_within(divided, limits, clock, measured_by=problem)
            heapq.heappush(heap, (_rank(other), next(order), other, divided))
        if not heap:
            return
        _, _, last, part = heapq.heappop(heap)
        yield last


def _divided(problem: SitingProblem, plan: SitingPlan) -> Iterator[SitingProblem]:
    """Split the plans of a question other than this one into parts that do not overlap."""
    status_of = {site.id: site.status for site in problem.sites}
    choosable = [site for site in plan.opened if status_of[site] is not SiteStatus.REQUIRED]
    kept: dict[SiteId, SiteStatus] = {}
    for site in choosable:
        statuses = kept | {site: SiteStatus.EXCLUDED}
        kept = kept | {site: SiteStatus.REQUIRED}
        usable = sum(
            other.may_open and statuses.get(other.id) is not SiteStatus.EXCLUDED
            for other in problem.sites
        )
        if usable >= len(plan.opened):
            yield _with_statuses(problem, statuses)


def _rank(plan: SitingPlan) -> tuple[float, float]:
    """Least is best: demand unserved, then the objective."""
    sign = -1.0 if plan.report.is_maximised else 1.0
    return _unserved(plan), sign * plan.report.objective


def _with_statuses(problem: SitingProblem, statuses: Mapping[SiteId, SiteStatus]) -> SitingProblem:
    sites = tuple(
        replace(site, status=statuses.get(site.id, site.status)) for site in problem.sites
    )
    return replace(problem, sites=sites)
