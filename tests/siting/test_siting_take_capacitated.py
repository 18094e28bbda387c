"""The capacitated engine asked through the door, against the general programme."""

from dataclasses import replace

import numpy as np
import pytest

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.places import CandidateSite, Location, SiteId
from ntgeo.domain.siting import Assignment, CapacityRule, SitingProblem, SitingRules
from ntgeo.domain.solving import SolveLimits
from ntgeo.progress import SILENT
from ntgeo.siting.question import build_question
from ntgeo.siting.solve import clock_for, solve_here
from ntgeo.siting.stages.aims_in_order import run_aims
from ntgeo.siting.stages.take_capacitated import (
    CAPACITATED_METHOD,
    is_capacitated,
    take_capacitated,
)
from ntgeo.siting.verify import find_faults
from ntgeo.siting.worth import value_of

LIMITS = SolveLimits(time_limit_s=60)


def problem_of(*, room=1.15, seed=1, **asked):
    """Seventy areas and sixteen sites on a plain, two of which can be left out."""
    rng = np.random.default_rng(seed)
    areas, sites, count = 70, 16, 4
    places = rng.random((areas + sites, 2)) * 1000
    demand = rng.integers(1, 30, areas).astype(float)
    capacity = float(np.ceil(demand.sum() / count * room))
    names = [f"S{j:02d}" for j in range(sites)]
    travel = TravelTimeMatrix.from_arrays(
        np.hypot(*(places[:areas, None] - places[None, areas:]).transpose(2, 0, 1)),
        origins=[f"X01{i:06d}" for i in range(areas)],
        destinations=names,
    )
    nowhere = Location(easting_m=0, northing_m=0)
    rules = {"site_count": count, "capacity": CapacityRule.HARD} | asked.pop("rules", {})
    return SitingProblem.from_arrays(
        demand=demand,
        travel=travel,
        sites=[
            CandidateSite(
                id=SiteId(name),
                name=name,
                location=nowhere,
                capacity=capacity,
                fixed_cost_gbp=float(rng.integers(50, 90)),
            )
            for name in names
        ],
        rules=SitingRules(**rules),
        **asked,
    )


CASES = {
    "whole": {},
    "split": {"rules": {"assignment": Assignment.SPLIT}},
    "soft": {
        "room": 0.9,
        "rules": {"capacity": CapacityRule.SOFT, "over_capacity_price": 100.0},
    },
    "least cost": {
        "objective": "least-cost",
        "rules": {"site_count": None, "travel_gbp_per_hour": 12.0},
    },
}


@pytest.mark.parametrize("case", CASES)
def test_the_engine_and_the_general_programme_agree(case):
    problem = problem_of(**CASES[case])
    question = build_question(problem)
    assert is_capacitated(question)
    aim = question.aims[1][0]
    plans = [
        take(question, LIMITS, clock_for(LIMITS, SILENT), in_child=False)
        for take in (take_capacitated, run_aims)
    ]
    values = [value_of(question, taken.plan, aim) for taken in plans]
    assert values[0] == pytest.approx(values[1], rel=1e-6)
    assert plans[0].bounds[1] == pytest.approx(values[0], rel=1e-6)


def test_the_door_asks_the_engine_and_the_plan_is_sound():
    problem = problem_of(seed=2)
    plan = solve_here(problem, LIMITS)
    assert plan.report.method == CAPACITATED_METHOD
    assert plan.report.status == "optimal"
    assert find_faults(problem, plan) == ()
    assert not plan.unserved


def test_where_not_all_can_be_served_the_general_programme_leaves_the_least():
    problem = problem_of(room=0.7)
    plan = solve_here(problem, replace(LIMITS, gap_share=0.05))
    assert plan.report.method != CAPACITATED_METHOD
    assert plan.unserved
    assert find_faults(problem, plan) == ()


@pytest.mark.parametrize(
    "rules",
    [
        {"budget_gbp": 300.0},
        {"min_throughput": 5.0},
        {"capacity": CapacityRule.IGNORED},
        {"assignment": Assignment.NEAREST},
        {"may_open_fewer": True},
    ],
)
def test_other_rules_are_not_for_the_engine(rules):
    assert not is_capacitated(build_question(problem_of(rules=rules)))
