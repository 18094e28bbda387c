"""The next-best plans, by Murty's partition (1968).

The plans other than those known fall into parts that do not overlap, in each of which some sites
are settled; the best plan of each part is the same question with some statuses changed, solved
again.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ntgeo.domain.places import SiteId, SiteStatus
from ntgeo.domain.siting import SitingPlan, SitingProblem
from ntgeo.domain.solving import SolveLimits, SolveStatus
from ntgeo.progress import SILENT, Progress
from ntgeo.siting.answers.trial import (
    Rank,
    comes_before,
    rank_bound,
    rank_of,
    reported_place,
    try_solving,
    with_statuses,
)
from ntgeo.siting.clock import Clock
from ntgeo.siting.solve import clock_for

__all__ = ["find_next_best"]


def find_next_best(
    problem: SitingProblem,
    plan: SitingPlan,
    limits: SolveLimits,
    *,
    count: int = 3,
    within_share: float | None = None,
    progress: Progress = SILENT,
) -> tuple[SitingPlan, ...]:
    """Return the next-best plans, best first: sets of sites other than the plan's.

    The report of each tells how far it is proven next best: its bound is what no plan but those
    before it can be better than. Fewer come back where there are no more, or the time is up. Where
    aims are taken in order with slack, each is the answer to the question without the plans before.

    Args:
        problem: The question.
        plan: Its best answer.
        limits: For all of them together.
        count: How many at most.
        within_share: Only plans whose objective, and whose aims taken before it, are worse than the
            plan's by no more than this share of the plan's.
        progress: Told how many are found; asked whether to stop.

    Raises:
        ValueError: ``count`` or ``within_share`` cannot be.
    """
    if count < 1 or (within_share is not None and not 0 <= within_share < math.inf):
        msg = f"count {count} must be at least 1, and the share {within_share} 0 or more"
        raise ValueError(msg)
    progress.stage("looking for the next-best plans", count)
    worst = None if within_share is None else _worst_rank(plan, within_share)
    search = _Search(whole=problem, limits=limits, clock=clock_for(limits, progress))
    found: list[SitingPlan] = []
    for other in search.best_first(plan):
        if worst is not None and _is_beyond(rank_of(other), worst):
            break
        found.append(other)
        progress.advance(len(found))
        if len(found) == count:
            break
    return tuple(found)


def _worst_rank(plan: SitingPlan, within_share: float) -> Rank:
    told = rank_of(plan)[: reported_place(plan) + 1]
    return tuple(value + within_share * abs(value) for value in told)


def _is_beyond(rank: Rank, worst: Rank) -> bool:
    return any(comes_before((most,), (value,)) for value, most in zip(rank, worst, strict=False))


@dataclass(order=True, slots=True)
class _Part:
    """The best plan of a part; ordered by what the plan is worth, then by when it was found."""

    rank: Rank
    number: int
    plan: SitingPlan = field(compare=False)
    question: SitingProblem = field(compare=False)


@dataclass(slots=True)
class _Search:
    """The parts known, best first.

    Args:
        whole: The question whose plans are divided.
        limits: Gap and seed.
        clock: When to end.
    """

    whole: SitingProblem
    limits: SolveLimits
    clock: Clock
    parts: list[_Part] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)
    has_gap: bool = False

    def best_first(self, plan: SitingPlan) -> Iterator[SitingPlan]:
        """Yield each plan other than one, the best first."""
        last, question = plan, self.whole
        while True:
            if not self._divide(question, last) or not self.parts:
                return
            best = heapq.heappop(self.parts)
            yield self._as_proven(best)
            last, question = best.plan, best.question

    def _divide(self, question: SitingProblem, plan: SitingPlan) -> bool:
        """Solve each part of a question without a plan; tell whether there was time for all."""
        for part in _divided(question, plan):
            if self.clock.is_up():
                return False
            trial = try_solving(part, self.limits, self.clock, measured_by=self.whole)
            self.has_gap |= trial.plan is None and not trial.is_impossible
            if trial.plan is not None:
                entry = _Part(rank_of(trial.plan), next(self.numbers), trial.plan, part)
                heapq.heappush(self.parts, entry)
        return True

    def _as_proven(self, best: _Part) -> SitingPlan:
        """Return the plan with what is proven of it against every part that is left."""
        counted = reported_place(best.plan) + 1
        rivals = [part.plan for part in self.parts]
        is_next = not self.has_gap and not any(
            comes_before(rank_bound(rival)[:counted], best.rank[:counted]) for rival in rivals
        )
        report = best.plan.report
        if is_next or report.bound is None:
            return best.plan
        bounds = [report.bound, *(rival.report.bound for rival in rivals)]
        known = [bound for bound in bounds if bound is not None]
        bound = max(known) if report.is_maximised else min(known)
        if self.has_gap or len(known) < len(bounds):
            return replace(
                best.plan, report=replace(report, status=SolveStatus.FEASIBLE, bound=None)
            )
        return replace(best.plan, report=replace(report, status=SolveStatus.FEASIBLE, bound=bound))


def _divided(problem: SitingProblem, plan: SitingPlan) -> Iterator[SitingProblem]:
    """Split the plans of a question other than this one into parts that do not overlap.

    Another plan lacks a first one of the open sites, or has all of them and a first one besides.
    """
    status_of = {site.id: site.status for site in problem.sites}
    opened = [site for site in plan.opened if status_of[site] is not SiteStatus.REQUIRED]
    settled: dict[SiteId, SiteStatus] = {}
    flips = [(site, SiteStatus.EXCLUDED, SiteStatus.REQUIRED) for site in opened]
    if _may_grow(problem, plan):
        flips += [
            (site.id, SiteStatus.REQUIRED, SiteStatus.EXCLUDED)
            for site in problem.sites
            if site.may_open and site.id not in plan.opened
        ]
    for site, other, own in flips:
        part = with_statuses(problem, settled | {site: other})
        if part is not None:
            yield part
        settled[site] = own


def _may_grow(problem: SitingProblem, plan: SitingPlan) -> bool:
    """Whether a plan may have all its open sites and more."""
    count = problem.rules.site_count
    return count is None or (problem.rules.may_open_fewer and len(plan.opened) < count)
