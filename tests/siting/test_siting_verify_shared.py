"""Two services that share sites on the street: a sound plan, spoilt one way at a time."""

from dataclasses import replace

import pytest
from siting.siting_oracle import NOWHERE
from siting.siting_plans import plan_of
from siting.test_siting_oracle import COSTS, street

from ntgeo.domain.shared_siting import SharedSitingPlan, SharedSitingProblem
from ntgeo.domain.solving import SolveReport, SolveStatus
from ntgeo.siting.verify import find_shared_faults

S1, S2, S3, S4 = range(4)
SERVICES = {"advice": street(sites=COSTS), "library": street(count=2, sites=COSTS)}
PROBLEM = SharedSitingProblem(
    services=SERVICES, running_cost_gbp={"advice": 10.0}, site_count=2, budget_gbp=610.0
)
PLANS = {
    "advice": plan_of(SERVICES["advice"], (S2,), [S2] * 5),
    "library": plan_of(SERVICES["library"], (S2, S4), [S4, S4, S2, S2, S2]),
}
REPORT = SolveReport(
    status=SolveStatus.OPTIMAL,
    objective=78_000.0,
    bound=78_000.0,
    unit="people × seconds",
    is_maximised=False,
    method="by hand",
    seed=1,
    wall_time_s=0.0,
)


def sound(**changes):
    plan = SharedSitingPlan(plans=PLANS, opened=("S2", "S4"), fixed_cost_gbp=610.0, report=REPORT)
    return replace(plan, **changes)


def told(**changes):
    return sound(report=replace(REPORT, **changes))


def test_a_sound_shared_plan_has_no_fault():
    assert find_shared_faults(PROBLEM, sound()) == ()


@pytest.mark.parametrize(
    ("plan", "fault"),
    [
        (
            sound(plans={"advice": PLANS["advice"]}),
            "the plan is of advice; the question is of advice, library",
        ),
        (
            sound(plans=PLANS | {"advice": PLANS["library"]}),
            "advice: 2 sites are open; 1 were asked for",
        ),
        (sound(opened=("S2",)), "a service runs at site S4, which is not told as open"),
        (
            sound(opened=("S1", "S2", "S4")),
            "site S1 is told as open, but no service runs there",
        ),
        (sound(opened=("S4", "S2")), "opened sites are not in ascending order, or repeat"),
        (
            sound(fixed_cost_gbp=600.0),
            "fixed cost 600.0 pounds is told; the plan's own is 610.0",
        ),
        (
            told(objective=77_000.0, bound=77_000.0),
            "objective 77000 is told; the plan's own is 78000",
        ),
        (told(is_maximised=True), "p-median is told as most is best"),
        (told(bound=77_000.0), "told as proven best, but the bound 77000 is not the objective"),
    ],
)
def test_a_spoilt_shared_plan_is_caught(plan, fault):
    assert fault in find_shared_faults(PROBLEM, plan)


def test_the_sites_of_all_services_count_together():
    apart = PLANS | {"advice": plan_of(SERVICES["advice"], (S1,), [S1] * 5)}
    plan = sound(
        plans=apart,
        opened=("S1", "S2", "S4"),
        fixed_cost_gbp=710.0,
        report=replace(REPORT, objective=138_000.0, bound=138_000.0),
    )
    assert find_shared_faults(PROBLEM, plan) == (
        "3 sites are open; 2 are the most that may be",
        "sites and services cost 710 pounds a year; the budget is 610",
    )


def test_least_cost_pays_a_shared_site_once():
    services = {
        name: street("least-cost", 1, sites=COSTS, limit=10, travel_gbp_per_hour=6.0)
        for name in ("advice", "library")
    }
    problem = SharedSitingProblem(services=services, running_cost_gbp={"library": 5.0})
    part = plan_of(services["advice"], (S2,), [NOWHERE, S2, S2, S2, NOWHERE])
    plan = SharedSitingPlan(
        plans={"advice": part, "library": part},
        opened=("S2",),
        fixed_cost_gbp=205.0,
        report=replace(REPORT, objective=205.0 + 2 * 40.0, bound=285.0),
    )
    assert find_shared_faults(problem, plan) == ()
