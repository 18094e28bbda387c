"""The solver against hand answers, and against trying every set of sites."""


import pytest
from hypothesis import HealthCheck, given, settings
from siting.siting_cases import best_by_trying_all, problems

from ntgeo.domain.siting import SitingObjective
from ntgeo.domain.solving import SolveLimits, SolveStatus
from ntgeo.siting import find_faults, solve_here

LIMITS = SolveLimits(time_limit_s=30)


def check_against_all(problem):
    plan = solve_here(problem, LIMITS)
    assert find_faults(problem, plan) == ()
    assert plan.report.status is SolveStatus.OPTIMAL
    first, travel = best_by_trying_all(problem)
    if problem.objective is SitingObjective.MAX_COVERAGE:
        first = problem.demand.sum() - first
    found = tuple(stage.objective for stage in plan.report.stages)
    assert found == pytest.approx((first, travel))
    assert all(stage.is_proven for stage in plan.report.stages)


@settings(
    max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(problems((SitingObjective.P_MEDIAN,)))
def test_p_median_equals_trying_every_set(problem):
    check_against_all(problem)


@settings(max_examples=70, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(problems((SitingObjective.MAX_COVERAGE,)))
def test_max_coverage_equals_trying_every_set(problem):
    check_against_all(problem)


@settings(max_examples=70, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(problems((SitingObjective.SET_COVER,)))
def test_set_cover_equals_trying_every_set(problem):
    check_against_all(problem)
