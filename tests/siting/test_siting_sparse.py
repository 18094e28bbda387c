import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
import toytown
from hypothesis import given, settings
from hypothesis import strategies as st
from siting.siting_cases import problems, worth
from siting.sparse_cases import thinned_problem

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.domain.siting import NextAim, SitingObjective, SitingProblem, SitingRules
from ntgeo.domain.siting_sense import MisfitsError
from ntgeo.domain.solving import SolveLimits, SolveStatus
from ntgeo.roads import straight_line_nearest
from ntgeo.siting import explain_siting, find_faults, solve_here, solve_siting

LIMITS = SolveLimits(time_limit_s=30)
EXAMPLES = settings(max_examples=80, deadline=None, derandomize=True)
ANSWERED = (
    SitingObjective.P_MEDIAN,
    SitingObjective.KOLM_POLLAK,
    SitingObjective.MAX_COVERAGE,
)


def aims_of(plan):
    return [(stage.objective, stage.bound) for stage in plan.report.stages]


@EXAMPLES
@given(problems(ANSWERED), st.floats(0, 5))
def test_pairs_within_the_travel_limit_answer_as_the_whole_matrix_does(problem, over):
    limit_s = (problem.rules.travel_limit_s or 12) + over
    within = thinned_problem(problem, limit_s=limit_s)
    if problem.rules.travel_limit_s is None:
        within = replace(within, rules=replace(within.rules, travel_limit_s=12.0))
    whole, sparse = solve_here(problem, LIMITS), solve_here(within, LIMITS)
    assert find_faults(within, sparse) == ()
    assert sparse.report.status is SolveStatus.OPTIMAL
    assert np.ravel(aims_of(sparse)) == pytest.approx(np.ravel(aims_of(whole)))


@EXAMPLES
@given(problems(ANSWERED))
def test_every_pair_kept_answers_as_the_whole_matrix_does(problem):
    for cut in ({}, {"k": len(problem.sites)}):
        whole, sparse = (
            solve_here(problem, LIMITS),
            solve_here(thinned_problem(problem, **cut), LIMITS),
        )
        assert sparse.report.status is SolveStatus.OPTIMAL
        assert np.ravel(aims_of(sparse)) == pytest.approx(np.ravel(aims_of(whole)))


def best_of(problem):
    """The least that the aims of any plan come to, by trying every set of sites."""
    usable = [c for c, site in enumerate(problem.sites) if site.may_open]
    required = {c for c, site in enumerate(problem.sites) if site.status == "required"}
    return min(
        worth(problem, opened)
        for opened in itertools.combinations(usable, problem.rules.site_count)
        if required <= set(opened)
    )


@EXAMPLES
@given(problems((SitingObjective.P_MEDIAN, SitingObjective.MAX_COVERAGE)), st.integers(1, 6))
def test_the_bound_of_the_nearest_few_holds_for_the_whole_question(problem, k):
    few = thinned_problem(problem, k=k)
    plan = solve_here(few, LIMITS)
    assert find_faults(few, plan) == ()
    unserved, travel = best_of(problem)
    first, *_, last = plan.report.stages
    total = math.fsum(problem.demand)
    least = total - first.bound if first.is_maximised else first.bound
    assert least <= unserved + 1e-6
    told = sum(area.demand for area in plan.unserved)
    assert told >= unserved - 1e-6
    if last.bound is not None and told <= unserved + 1e-9:
        assert last.bound <= travel * (1 + 1e-6) + 1e-6
        assert last.objective >= travel - 1e-6
    if plan.report.status is SolveStatus.OPTIMAL and not first.is_maximised:
        assert (told, last.objective) == pytest.approx((unserved, travel))


def street(count=1, limit_minutes=None, objective="p-median", **cut):
    whole = toytown.siting_problem(
        objective=objective, site_count=count, limit_minutes=limit_minutes
    )
    return thinned_problem(whole, **cut)


def test_toytown_with_the_three_nearest_sites():
    plan = solve_here(street(k=3), LIMITS)
    assert plan.opened == ("S2",)
    assert plan.report.objective == 800 * toytown.MINUTE_S
    assert plan.report.status is SolveStatus.OPTIMAL
    assert "one of the whole question" in plan.report.method
    told = explain_siting(street(k=3), plan)
    assert told.after.mean_s == pytest.approx(800 / 90 * toytown.MINUTE_S)


def test_toytown_with_the_nearest_site_alone_says_who_is_left():
    question = street(k=1)
    plan = solve_here(question, LIMITS)
    assert plan.opened == ("S2",)
    assert find_faults(question, plan) == ()
    assert [area.demand for area in plan.unserved] == [10, 20, 10]
    assert plan.report.bound is None
    assert plan.report.stages[0].bound == 0
    first = plan.unserved[0]
    assert first.reason == (
        "none of the 1 sites nearest to here that may open is open, and travel times to others, "
        "at least 0 s, are not given"
    )
    assert first.change == ("open S1 (Site S1), 0 s away, or give the travel times to more sites")


def test_toytown_cover_from_pairs_within_the_limit():
    question = street(2, 10, "max-coverage", limit_s=600)
    plan = solve_here(question, LIMITS)
    assert (plan.report.objective, plan.report.bound) == (90, 90)
    assert "beyond the limit" in plan.report.method


def test_deprivation_counts_as_demand_does():
    deciles = np.array([1, 10, 4, 0, 1])
    question = replace(
        street(2, objective="p-median", k=3),
        objective=SitingObjective.DEPRIVATION_P_MEDIAN,
        imd_decile=deciles,
    )
    factor = np.array([2, 1, 1 + 6 / 9, 1, 2])
    weighted = replace(street(2, k=3), demand=np.array(toytown.AREA_PEOPLE) * factor)
    one, other = solve_here(question, LIMITS), solve_here(weighted, LIMITS)
    assert one.opened == other.opened
    assert one.report.objective == pytest.approx(other.report.objective)
    assert one.report.unit == "people × seconds, weighted by deprivation"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"objective": SitingObjective.P_CENTRE}, "p-centre needs the travel times of every pair"),
        ({"then": (NextAim(objective=SitingObjective.P_CENTRE),)}, "a second aim needs"),
        ({"rules": SitingRules(site_count=1, close_at_most=1)}, "close_at_most needs"),
    ],
)
def test_what_needs_every_pair_is_refused(changes, told):
    with pytest.raises(MisfitsError, match=told):
        replace(street(k=3), **changes)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda plan: replace(plan, opened=("S1",)), "which is not open"),
        (
            lambda plan: replace(
                plan,
                allocations=(replace(plan.allocations[0], time_s=1.0), *plan.allocations[1:]),
            ),
            "is not the matrix's",
        ),
        (
            lambda plan: replace(
                plan,
                allocations=(replace(plan.allocations[0], site="S3"), *plan.allocations[1:]),
            ),
            "which is not open",
        ),
        (
            lambda plan: replace(
                plan, report=replace(plan.report, objective=47_000.0, bound=47_000.0)
            ),
            "objective 47000 is told",
        ),
    ],
)
def test_a_spoilt_sparse_plan_is_caught(spoil, told):
    question = street(k=3)
    plan = solve_here(question, LIMITS)
    assert find_faults(question, plan) == ()
    assert any(told in fault for fault in find_faults(question, spoil(plan)))


def test_thousands_of_areas_are_nearly_proven_in_seconds():
    rng = np.random.default_rng(11)
    places = {
        f"X01{i:06d}": Location(easting_m=float(x), northing_m=float(y))
        for i, (x, y) in enumerate(rng.random((3_000, 2)) * 100_000)
    }
    question = SitingProblem.from_arrays(
        demand=rng.integers(1_000, 3_000, len(places)),
        travel=straight_line_nearest(places, places, mode=TravelMode.CAR, k=100),
        rules=SitingRules(site_count=100),
    )
    plan = solve_siting(question, SolveLimits(time_limit_s=6))
    assert find_faults(question, plan) == ()
    assert plan.unserved == ()
    assert plan.report.gap_share < 0.01
