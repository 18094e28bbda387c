"""The solver against hand answers, and against trying every set of sites."""

import time
from dataclasses import replace

import numpy as np
import pytest
import toytown
from hypothesis import HealthCheck, given, settings
from siting.siting_cases import make_problem, problems
from siting.siting_oracle import best_by_trying_all

from ntgeo.domain.places import SiteStatus
from ntgeo.domain.siting import SitingObjective, SitingProblem
from ntgeo.domain.solving import SolveLimits, SolveStatus
from ntgeo.errors import CancelledError
from ntgeo.siting import find_faults, solve_here, solve_siting

LIMITS = SolveLimits(time_limit_s=30)


def check_against_all(problem):
    plan = solve_here(problem, LIMITS)
    assert find_faults(problem, plan) == ()
    assert plan.report.status is SolveStatus.OPTIMAL
    found = [
        -stage.objective if stage.is_maximised else stage.objective for stage in plan.report.stages
    ]
    assert found == pytest.approx(best_by_trying_all(problem))
    assert all(stage.is_proven for stage in plan.report.stages)


CASES = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@CASES
@given(problems((SitingObjective.P_MEDIAN,)))
def test_p_median_equals_trying_every_set(problem):
    check_against_all(problem)


@CASES
@given(problems((SitingObjective.MAX_COVERAGE,)))
def test_max_coverage_equals_trying_every_set(problem):
    check_against_all(problem)


@CASES
@given(problems((SitingObjective.SET_COVER,)))
def test_set_cover_equals_trying_every_set(problem):
    check_against_all(problem)


@CASES
@given(problems((SitingObjective.P_CENTRE,)))
def test_p_centre_equals_trying_every_set(problem):
    check_against_all(problem)


@CASES
@given(problems((SitingObjective.KOLM_POLLAK,)))
def test_kolm_pollak_equals_trying_every_set(problem):
    check_against_all(problem)


def test_the_hand_answers_of_toytown():
    one = solve_here(toytown.siting_problem(site_count=1), LIMITS)
    assert (one.opened, one.report.objective) == (("S2",), 800 * 60)
    two = solve_here(toytown.siting_problem(site_count=2), LIMITS)
    assert (two.opened, two.report.objective) == (("S2", "S4"), 500 * 60)
    assert two.closed == ("S1", "S3")
    assert two.report.unit == "people × seconds"


def test_the_child_process_gives_the_same_plan_as_this_process():
    rng = np.random.default_rng(5)
    time_s = rng.integers(60, 3600, (40, 30)).astype(float)
    problem = make_problem(
        time_s,
        rng.integers(0, 50, 40),
        [SiteStatus.CANDIDATE] * 30,
        objective=SitingObjective.P_MEDIAN,
        site_count=4,
    )
    child, here = solve_siting(problem, LIMITS), solve_here(problem, LIMITS)
    assert replace(child.report, wall_time_s=0) == replace(here.report, wall_time_s=0)
    assert replace(child, report=here.report) == here


def test_shuffled_rows_give_the_identical_plan():
    rng = np.random.default_rng(6)
    time_s = rng.integers(60, 900, (20, 12)).astype(float)
    demand = rng.integers(0, 9, 20)
    statuses = [SiteStatus.CANDIDATE] * 12
    plain = make_problem(
        time_s, demand, statuses, objective=SitingObjective.MAX_COVERAGE, site_count=3, limit_s=200
    )
    rows, columns = rng.permutation(20), rng.permutation(12)
    shuffled = SitingProblem.from_arrays(
        demand=plain.demand[rows],
        travel=plain.travel.select(
            [plain.areas[row] for row in rows], [plain.sites[c].id for c in columns]
        ),
        sites=[plain.sites[c] for c in columns],
        objective=plain.objective,
        rules=plain.rules,
        demand_unit="people",
    )
    one, other = solve_here(plain, LIMITS), solve_here(shuffled, LIMITS)
    assert replace(one, report=other.report) == other
    assert one.report.objective == other.report.objective


def test_a_passed_time_limit_still_gives_a_sound_plan_in_time():
    rng = np.random.default_rng(7)
    places = rng.random((600, 2)) * 3600
    time_s = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    problem = make_problem(
        time_s,
        rng.integers(1, 50, 600),
        [SiteStatus.CANDIDATE] * 600,
        objective=SitingObjective.P_MEDIAN,
        site_count=25,
    )
    started = time.monotonic()
    plan = solve_siting(problem, SolveLimits(time_limit_s=1))
    assert time.monotonic() - started < 1.05 + 1
    assert find_faults(problem, plan) == ()


def test_areas_nothing_can_reach_are_told_with_their_reason():
    problem = make_problem(
        [[60, np.nan], [np.nan, np.nan], [np.nan, 120], [900, 900]],
        [1, 2, 3, 4],
        [SiteStatus.CANDIDATE, SiteStatus.EXCLUDED],
        objective=SitingObjective.P_MEDIAN,
        site_count=1,
        limit_s=600,
    )
    plan = solve_here(problem, LIMITS)
    told = {area.lsoa: (area.reason, area.change) for area in plan.unserved}
    assert told == {
        "X01000001": (
            "no site that may open can be reached from here",
            "add a candidate site that can be reached from here",
        ),
        "X01000002": (
            "no site that may open can be reached from here",
            "allow S01 (Site 1), which is excluded and 2 min away",
        ),
        "X01000003": (
            "the nearest open site, S00 (Site 0), is 15 min away; the limit is 10 min",
            "raise the limit to 15 min",
        ),
    }
    assert plan.report.stages[0].objective == 9


def test_an_area_with_a_closed_site_in_reach_is_told_to_open_it():
    problem = toytown.siting_problem(site_count=1, limit_minutes=15)
    plan = solve_here(problem, LIMITS)
    assert plan.unserved[0].change == "open S1 (Site S1), 0 s away or raise the limit to 20 min"


class StoppedAfter:
    """A user who stops the work after a while."""

    def __init__(self, seconds):
        self.stops_at = time.monotonic() + seconds

    def stage(self, name, total=None):
        pass

    def advance(self, done):
        pass

    def note(self, message):
        pass

    def is_cancelled(self):
        return time.monotonic() > self.stops_at


def hard_problem():
    rng = np.random.default_rng(9)
    places = rng.random((500, 2)) * 3600
    return make_problem(
        np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)),
        rng.integers(1, 50, 500),
        [SiteStatus.CANDIDATE] * 500,
        objective=SitingObjective.P_MEDIAN,
        site_count=12,
    )


def test_a_user_who_stops_gets_the_best_plan_so_far_with_its_bound():
    problem = hard_problem()
    started = time.monotonic()
    plan = solve_siting(problem, LIMITS, progress=StoppedAfter(0.5))
    assert time.monotonic() - started < 0.5 + 2
    assert find_faults(problem, plan) == ()
    assert 0 < plan.report.bound <= plan.report.objective


def test_a_user_who_stopped_before_the_start_gets_an_error():
    with pytest.raises(CancelledError):
        solve_siting(hard_problem(), LIMITS, progress=StoppedAfter(-1))
