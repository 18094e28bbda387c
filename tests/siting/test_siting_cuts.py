"""Cuts over the open sites, and exchanges of sites: what large questions are answered by."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from siting.siting_comparison import differences
from siting.siting_oracle import best_by_trying_all
from siting.siting_questions import RULES, questions

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.places import CandidateSite, Location, SiteId, SiteStatus
from ntgeo.domain.siting import SitingObjective, SitingProblem, SitingRules
from ntgeo.domain.solving import SolveLimits, SolveStatus
from ntgeo.errors import NoPlanError
from ntgeo.siting import find_faults, solve_here, solve_siting

UNSENT = sorted(set(RULES) - {"groups", "hard", "soft", "split", "throughput"})


@pytest.mark.parametrize("objective", SitingObjective)
def test_small_questions_are_answered_as_by_trying_every_plan(objective, monkeypatch):
    monkeypatch.setattr("ntgeo.siting.stages.aims_in_order._LINKED_PAIRS", -1)
    monkeypatch.setattr("ntgeo.siting.solve.is_plain", lambda _: False)

    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(questions([objective], rules=UNSENT))
    def compare(problem):
        assert differences(problem) == []

    compare()


SENT = ("hard", "soft", "groups", "throughput", "split", "nearest", "count", "area limits")


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(questions(rules=SENT))
def test_bounds_without_the_rules_that_send_hold_with_them(problem):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ntgeo.siting.models.solve_aim._LINKED_PAIRS", -1)
        try:
            plan = solve_here(problem, SolveLimits(time_limit_s=30))
        except NoPlanError:
            return
    assert find_faults(problem, plan) == ()
    first, best = plan.report.stages[0], best_by_trying_all(problem)[0]
    bound = -first.bound if first.is_maximised else first.bound
    assert bound <= best + 1e-4 * max(1.0, abs(best))


def borough(objective, **rules):
    """300 areas and 80 sites in a square of 20 km, twelve of them open today."""
    chance = np.random.default_rng(3)
    areas, places = chance.random((300, 2)) * 20_000, chance.random((80, 2)) * 20_000
    distance_m = np.hypot(*(areas[:, None] - places[None]).transpose(2, 0, 1))
    sites = [
        CandidateSite(
            id=SiteId(f"S{number:02d}"),
            name="",
            location=Location(easting_m=float(east), northing_m=float(north)),
            status=SiteStatus.EXISTING if number < 12 else SiteStatus.CANDIDATE,
            fixed_cost_gbp=float(chance.integers(50, 150)),
            zone="east" if east > 10_000 else "west",
        )
        for number, (east, north) in enumerate(places)
    ]
    return SitingProblem.from_arrays(
        demand=chance.integers(50, 400, 300),
        travel=TravelTimeMatrix.from_arrays(
            distance_m / 8,
            origins=[f"X01{row:06d}" for row in range(300)],
            destinations=[site.id for site in sites],
            distance_m=distance_m,
        ),
        sites=sites,
        objective=objective,
        rules=SitingRules(
            budget_gbp=1200.0,
            keep_existing_at_least=5,
            open_new_at_most=8,
            min_separation_m=1500.0,
            zone_minimums=(("east", 3), ("west", 3)),
            **rules,
        ),
        demand_unit="people",
    )


def test_a_question_of_many_rules_is_proven():
    problem = borough("p-median")
    plan = solve_siting(problem, SolveLimits(time_limit_s=60))
    assert find_faults(problem, plan) == ()
    assert plan.report.status is SolveStatus.OPTIMAL


def test_a_hard_question_stopped_early_has_a_plan_with_a_true_gap():
    problem = borough("worst-tenth")
    plan = solve_siting(problem, SolveLimits(time_limit_s=8))
    assert find_faults(problem, plan) == ()
    assert plan.report.gap_share is not None
    assert plan.report.gap_share < 0.5
