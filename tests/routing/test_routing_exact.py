import pytest
from hypothesis import HealthCheck, given, settings
from rounds_cases import plain_days
from rounds_oracle import best_plan

from ntgeo.domain.solving import SolveLimits, SolveStatus
from ntgeo.routing import find_faults
from ntgeo.routing.solve import solve_in_process


def unmade_by_priority(problem, plan) -> tuple[int, ...]:
    priority_of = {visit.id: visit.priority for visit in problem.visits}
    unmade = [priority_of[visit.visit] for visit in plan.unmade]
    return tuple(unmade.count(priority) for priority in range(1, 6))


@settings(
    max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
@given(plain_days(visits=(1, 4)))
def test_equals_trying_everything(problem):
    plan = solve_in_process(problem, SolveLimits())
    assert find_faults(problem, plan) == ()
    best = best_plan(problem)
    assert unmade_by_priority(problem, plan) == best.unmade_by_priority
    assert plan.report.objective == pytest.approx(best.cost_gbp)
    assert plan.report.status is SolveStatus.OPTIMAL
    assert plan.report.bound == plan.report.objective
