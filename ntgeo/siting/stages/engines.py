"""Which engine answers which question."""

from __future__ import annotations

from ntgeo.domain.siting import CapacityRule, SitingObjective, SitingProblem

__all__ = ["is_plain"]

_PLAIN = {
    SitingObjective.P_MEDIAN,
    SitingObjective.KOLM_POLLAK,
    SitingObjective.P_CENTRE,
    SitingObjective.MAX_COVERAGE,
    SitingObjective.SET_COVER,
}


def is_plain(problem: SitingProblem) -> bool:
    """Whether the question is of one aim, with a number of sites and no rule of another kind."""
    return _has_plain_aim(problem) and _has_plain_sites(problem) and _has_plain_areas(problem)


def _has_plain_aim(problem: SitingProblem) -> bool:
    rules = problem.rules
    is_gradual = problem.objective is SitingObjective.MAX_COVERAGE and rules.decay is not None
    return (
        problem.objective in _PLAIN
        and not problem.then
        and not is_gradual
        and rules.target_share >= 1
    )


def _has_plain_sites(problem: SitingProblem) -> bool:
    rules = problem.rules
    limits = (
        *(rules.budget_gbp, rules.keep_existing_at_least, rules.close_at_most),
        *(rules.open_new_at_most, rules.min_separation_m),
    )
    return (
        all(limit is None for limit in limits)
        and not rules.may_open_fewer
        and not any(least for _, least in rules.zone_minimums)
    )


def _has_plain_areas(problem: SitingProblem) -> bool:
    rules = problem.rules
    return (
        rules.capacity is CapacityRule.IGNORED
        and not rules.min_throughput
        and problem.area_rules.group is None
        and not rules.must_serve_all
    )
