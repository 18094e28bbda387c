"""A question like the one asked, solved again: what the other answers are made of."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ntgeo.domain.places import CandidateSite, SiteId, SiteStatus
from ntgeo.domain.siting import (
    CapacityRule,
    SitingObjective,
    SitingPlan,
    SitingProblem,
    SitingRules,
)
from ntgeo.domain.solving import SolveLimits, SolveStage, SolveStatus
from ntgeo.errors import InfeasibleError, TimeLimitError
from ntgeo.siting.clock import Clock
from ntgeo.siting.solve import solve_within

__all__ = [
    "IMPOSSIBLE",
    "Rank",
    "Trial",
    "comes_before",
    "rank_bound",
    "rank_of",
    "reported_place",
    "stages_of",
    "try_solving",
    "with_statuses",
]

_TRIED_HERE_S = 1.0
_TRIED_HERE_PAIRS = 50_000
_SAME_SHARE = 1e-6
"""Values that differ by no more of themselves are the same: a solver's precision."""

Rank = tuple[float, ...]
"""What a plan is worth, aim by aim in the order they are taken; least is best."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of solving a question.

    Args:
        plan: The best plan found; ``None`` where none was.
        is_impossible: Whether it is proven that there is none.
    """

    plan: SitingPlan | None
    is_impossible: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether more time would change nothing: a plan proven best, or proof of none."""
        if self.plan is None:
            return self.is_impossible
        return self.plan.report.status is SolveStatus.OPTIMAL

    def is_within(self, gap_share: float) -> bool:
        """Whether it is settled, or the plan is proven within a share of the best possible."""
        gap = None if self.plan is None else self.plan.report.gap_share
        return self.is_settled or (gap is not None and gap <= gap_share)

    def or_better(self, other: Trial) -> Trial:
        """Return what is known more of: what is settled, or else the better plan."""
        if other.is_settled or self.plan is None:
            return other
        if other.plan is None:
            return self
        return other if comes_before(rank_of(other.plan), rank_of(self.plan)) else self


IMPOSSIBLE = Trial(plan=None, is_impossible=True)


def try_solving(
    problem: SitingProblem | None,
    limits: SolveLimits,
    clock: Clock,
    *,
    measured_by: SitingProblem | None = None,
) -> Trial:
    """Solve a question that may have no plan.

    A process of its own takes a second to start, and most of the many questions less to answer; so
    one that is not large is first tried for a second in this process.

    Args:
        problem: The question; ``None`` is one that contradicts itself.
        limits: Gap and seed.
        clock: When to end.
        measured_by: The question whose plans are compared, where this one is a part of it: its
            Kolm-Pollak κ counts, and a plan that covers less than it asks for is none.
    """
    if problem is None or (measured_by is not None and _asks_for_less(problem, measured_by)):
        return IMPOSSIBLE
    known = Trial(plan=None)
    if len(problem.areas) * len(problem.sites) <= _TRIED_HERE_PAIRS:
        soon = Clock(
            ends_at=min(clock.ends_at, time.time() + _TRIED_HERE_S), progress=clock.progress
        )
        known = _solved(problem, limits, soon, measured_by=measured_by, in_child=False)
        if known.is_within(limits.gap_share) or clock.is_up():
            return known
    apart = _solved(problem, limits, clock, measured_by=measured_by, in_child=None)
    return known.or_better(apart)


def _solved(
    problem: SitingProblem,
    limits: SolveLimits,
    clock: Clock,
    *,
    measured_by: SitingProblem | None,
    in_child: bool | None,
) -> Trial:
    try:
        plan = solve_within(problem, limits, clock, in_child=in_child, measured_by=measured_by)
    except InfeasibleError:
        return IMPOSSIBLE
    except TimeLimitError:
        return Trial(plan=None)
    return Trial(plan=plan)


def _asks_for_less(part: SitingProblem, whole: SitingProblem) -> bool:
    """Whether fewer sites that may open leave areas out that the whole question has to cover."""
    if SitingObjective.SET_COVER in whole.aims and whole.rules.target_share == 1:
        needed = 1
    elif SitingObjective.BACKUP_COVER in whole.aims and whole.rules.site_count is None:
        needed = 2
    else:
        return False
    could, can = (np.minimum(_sites_in_reach(problem), needed) for problem in (whole, part))
    return bool((can < could)[whole.demand > 0].any())


def _sites_in_reach(problem: SitingProblem) -> npt.NDArray[np.intp]:
    """(areas,) how many sites that may open are in reach."""
    may_open = np.flatnonzero([site.may_open for site in problem.sites])
    with np.errstate(invalid="ignore"):
        in_reach = problem.travel.times_to(may_open) <= problem.limit_s[:, None]
    return in_reach.sum(axis=1)


def with_statuses(
    problem: SitingProblem, statuses: Mapping[SiteId, SiteStatus]
) -> SitingProblem | None:
    """Return the question with other statuses of some sites; ``None`` if it then makes no sense.

    It makes none, for one, where more sites are required than may be open.
    """
    sites = tuple(
        replace(site, status=statuses.get(site.id, site.status)) for site in problem.sites
    )
    sites = _with_a_capacity(sites, problem)
    try:
        return replace(problem, sites=sites, rules=_rules_left(problem.rules, sites))
    except ValueError:
        return None


def _with_a_capacity(
    sites: tuple[CandidateSite, ...], problem: SitingProblem
) -> tuple[CandidateSite, ...]:
    """Return the sites with one that holds all demand, where capacities count and none is left."""
    usable = [place for place, site in enumerate(sites) if site.may_open]
    is_asked = problem.rules.capacity is not CapacityRule.IGNORED
    if not (is_asked and usable and all(sites[place].capacity is None for place in usable)):
        return sites
    first = usable[0]
    roomy = replace(sites[first], capacity=math.fsum(problem.demand))
    return (*sites[:first], roomy, *sites[first + 1 :])


def _rules_left(rules: SitingRules, sites: tuple[CandidateSite, ...]) -> SitingRules:
    """Return the rules without those that no plan of the sites left can break."""
    usable = [site for site in sites if site.may_open]
    zones = {site.zone for site in usable}
    kept = tuple((zone, least) for zone, least in rules.zone_minimums if least or zone in zones)
    left = replace(rules, zone_minimums=kept)
    if any(site.is_open_today for site in usable):
        return left
    gone = sum(site.is_open_today and site.status is not SiteStatus.COMPETITOR for site in sites)
    if gone <= (left.close_at_most or 0):
        left = replace(left, close_at_most=None)
    return replace(left, keep_existing_at_least=left.keep_existing_at_least or None)


def rank_of(plan: SitingPlan) -> Rank:
    """Return what a plan is worth, to be compared with others of the same question."""
    return tuple(_signed(stage, stage.objective) for stage in stages_of(plan))


def rank_bound(plan: SitingPlan) -> Rank:
    """Return a rank that no plan of the question comes before, as the plan's report proves it.

    The bound of an aim holds for plans as good in the aims before; so bounds are taken up to the
    first aim that is not proven.
    """
    stages, bounds = stages_of(plan), []
    for stage in stages:
        if stage.bound is None:
            break
        bounds.append(_signed(stage, stage.bound))
        if not stage.is_proven:
            break
    return (*bounds, *([-math.inf] * (len(stages) - len(bounds))))


def stages_of(plan: SitingPlan) -> tuple[SolveStage, ...]:
    """Return the aims of a plan's report in the order they were taken, be there only one."""
    report = plan.report
    if report.stages:
        return report.stages
    only = SolveStage(
        name="objective",
        objective=report.objective,
        bound=report.bound,
        unit=report.unit,
        is_maximised=report.is_maximised,
    )
    return (only,)


def reported_place(plan: SitingPlan) -> int:
    """Return the place among :func:`stages_of` of the aim that the report tells."""
    told = (plan.report.objective, plan.report.unit)
    return next(
        place
        for place, stage in enumerate(stages_of(plan))
        if (stage.objective, stage.unit) == told
    )


def comes_before(one: Rank, other: Rank) -> bool:
    """Whether a rank is better, by more than rounding can explain."""
    for mine, yours in zip(one, other, strict=False):
        slack = _SAME_SHARE * max(1.0, abs(yours)) if math.isfinite(yours) else 0.0
        if mine < yours - slack:
            return True
        if mine > yours + slack:
            return False
    return False


def _signed(stage: SolveStage, value: float) -> float:
    return -value if stage.is_maximised else value
