"""For which questions a plan that is best at two factors is best at every factor between.

Where the value of a plan is a line in the factor, and that of every other a line or a least of
lines (a sum over areas of the least of several times is one), the factors at which it is no worse
than another are an interval, and so are those at which it is best. Where its own value bends, at
the factors at which an area turns to another site, that holds between two bends. A capacity, a
least throughput, a group of areas or a limit in reach breaks it; then bisection finds a flip point,
but there may be one before it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.domain.siting import CapacityRule, SitingObjective, SitingPlan, SitingProblem
from ntgeo.siting.answers.growth import Growth, GrowthKind

__all__ = ["bends_of", "never_changes"]

_TIMES_ONLY: Final = {
    SitingObjective.P_MEDIAN,
    SitingObjective.DEPRIVATION_P_MEDIAN,
    SitingObjective.KOLM_POLLAK,
    SitingObjective.P_CENTRE,
    SitingObjective.WORST_TENTH,
    SitingObjective.WORST_DECILE,
}
"""A multiple of all times multiplies them, and so changes nothing."""

_SUMS: Final = {
    SitingObjective.P_MEDIAN,
    SitingObjective.DEPRIVATION_P_MEDIAN,
    SitingObjective.LEAST_COST,
}
"""Sums over areas of the time to the nearest open site, and costs of the sites."""

_BENT_BY_DEMAND: Final = {
    SitingObjective.KOLM_POLLAK,
    SitingObjective.WORST_TENTH,
    SitingObjective.WORST_DECILE,
}
"""Demand of some areas that grows does not grow them along a line."""


def never_changes(problem: SitingProblem, kind: GrowthKind) -> bool:
    """Whether a multiple of everything alike leaves each plan as good, against the others, as is.

    Args:
        problem: The question.
        kind: What is multiplied.
    """
    rules = problem.rules
    if kind is GrowthKind.DEMAND:
        return not _sends(problem) and SitingObjective.LEAST_COST not in problem.aims
    return (
        kind is GrowthKind.TIMES
        and rules.capacity is not CapacityRule.SOFT
        and set(problem.aims) <= _TIMES_ONLY
        and _has_no_limit(problem)
    )


def bends_of(
    problem: SitingProblem, plan: SitingPlan, growth: Growth, most: float
) -> tuple[float, ...] | None:
    """Return the factors at which the value of a plan may bend, above 1 and below the most.

    Between two of them the factors at which it is best are an interval. ``None`` where that is not
    known.

    Args:
        problem: The question.
        plan: Its answer.
        growth: What is multiplied.
        most: The greatest factor of interest.
    """
    if any(aim.slack_share for aim in problem.then):
        return None
    if growth.kind is GrowthKind.TIMES:
        return () if _is_straight_in_times(problem) else None
    if growth.kind is GrowthKind.SITE_TIMES:
        return _turns(problem, plan, growth, most) if _is_nearest_sum(problem) else None
    return () if _is_straight_in_demand(problem, growth.kind) else None


def _is_straight_in_demand(problem: SitingProblem, kind: GrowthKind) -> bool:
    is_bent = _BENT_BY_DEMAND & set(problem.aims) or problem.area_rules.group is not None
    if kind is not GrowthKind.DEMAND and is_bent:
        return False
    return not _sends(problem) and problem.rules.target_share == 1


def _is_straight_in_times(problem: SitingProblem) -> bool:
    return (
        problem.rules.capacity is not CapacityRule.SOFT
        and problem.rules.outreach_gbp is None
        and set(problem.aims) <= _TIMES_ONLY | {SitingObjective.LEAST_COST}
        and _has_no_limit(problem)
    )


def _is_nearest_sum(problem: SitingProblem) -> bool:
    """Whether values are sums over areas of the time to the nearest open site."""
    return (
        set(problem.aims) <= _SUMS
        and problem.rules.outreach_gbp is None
        and problem.area_rules.group is None
        and not _sends(problem)
        and _has_no_limit(problem)
    )


def _turns(
    problem: SitingProblem, plan: SitingPlan, growth: Growth, most: float
) -> tuple[float, ...]:
    """Factors at which an area turns from the site whose times grow to another open one."""
    opened = set(plan.opened) - {growth.site}
    own = np.flatnonzero([site.id == growth.site for site in problem.sites])
    others = np.flatnonzero([site.id in opened for site in problem.sites])
    own_s, other_s = (_least_s(problem, columns) for columns in (own, others))
    counted = (problem.demand > 0) & (own_s > 0) & (own_s < other_s) & (other_s < most * own_s)
    return tuple(np.unique(other_s[counted] / own_s[counted]).tolist())


def _least_s(problem: SitingProblem, columns: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    time_s = problem.travel.times_to(columns)
    least: npt.NDArray[np.float64] = np.where(np.isnan(time_s), np.inf, time_s).min(
        axis=1, initial=np.inf
    )
    return least


def _has_no_limit(problem: SitingProblem) -> bool:
    return bool(np.isinf(problem.limit_s).all())


def _sends(problem: SitingProblem) -> bool:
    """Whether amounts of demand bind, so that more of it may go elsewhere."""
    rules = problem.rules
    return rules.capacity is not CapacityRule.IGNORED or bool(rules.min_throughput)
