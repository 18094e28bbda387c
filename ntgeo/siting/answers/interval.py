"""For which questions a plan that is best at two factors is best at every factor between.

Where the value of every set of open sites is a line in the factor, and so is what it leaves
unserved, the factors at which one of them is best lie between those at which its line crosses the
others: an interval. A capacity, a least throughput, a group of areas or a limit in reach bends the
lines; then bisection finds a flip point, but there may be one before it.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ntgeo.domain.siting import CapacityRule, SitingObjective, SitingProblem
from ntgeo.siting.answers.growth import GrowthKind

__all__ = ["is_interval", "never_changes"]

_TIMES_ONLY: Final = {
    SitingObjective.P_MEDIAN,
    SitingObjective.DEPRIVATION_P_MEDIAN,
    SitingObjective.KOLM_POLLAK,
    SitingObjective.P_CENTRE,
    SitingObjective.WORST_TENTH,
    SitingObjective.WORST_DECILE,
}
"""A multiple of all times multiplies them, and so changes nothing."""

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
        and bool(np.isinf(problem.limit_s).all())
    )


def is_interval(problem: SitingProblem, kind: GrowthKind) -> bool:
    """Whether the factors at which a plan is best are known to be an interval.

    Args:
        problem: The question.
        kind: What is multiplied.
    """
    aims = set(problem.aims)
    if any(aim.slack_share for aim in problem.then):
        return False
    if kind is GrowthKind.SITE_TIMES:
        return (
            problem.rules.site_count == 1
            and aims <= {SitingObjective.P_MEDIAN, SitingObjective.P_CENTRE}
            and not _sends(problem)
            and bool(np.isinf(problem.limit_s).all())
        )
    if kind is GrowthKind.TIMES:
        return (
            problem.rules.capacity is not CapacityRule.SOFT
            and problem.rules.outreach_gbp is None
            and aims <= _TIMES_ONLY | {SitingObjective.LEAST_COST}
            and bool(np.isinf(problem.limit_s).all())
        )
    if kind is not GrowthKind.DEMAND and (
        aims & _BENT_BY_DEMAND or problem.area_rules.group is not None
    ):
        return False
    return not _sends(problem) and problem.rules.target_share == 1


def _sends(problem: SitingProblem) -> bool:
    """Whether amounts of demand bind, so that more of it may go elsewhere."""
    rules = problem.rules
    return rules.capacity is not CapacityRule.IGNORED or bool(rules.min_throughput)
