"""What the other tests measure engines by is itself measured, by hand."""

from dataclasses import replace
from random import Random

import pytest
import toytown
from hypothesis import HealthCheck, given, settings
from rounds_cases import RULES, rule_sets, seeded_days, small_day, small_days
from rounds_oracle import best_plan

from ntgeo.domain.routing import Break, RoundsPrices

MINUTE = 60
FIVE_MINUTES = 300


def test_toytown_by_hand():
    # A alone: 30 minutes of travel and 120 of work, each second a pound.
    best = best_plan(toytown.routing_problem(), grid_s=FIVE_MINUTES, with_routes=True)
    assert best.unmade_by_priority == (0, 0, 0, 0, 0)
    assert best.cost_gbp == pytest.approx((30 + 120) * MINUTE)
    assert {stop.place for stop in best.routes[0].stops} == {"D", "V1", "V2", "V3"}


def test_a_break_is_taken_where_it_lengthens_the_day_least():
    # D-V1-V3-D by B: 20 minutes of travel, 60 of visits, 30 of break.
    visits = (toytown.visit("V1"), toytown.visit("V3"))
    problem = toytown.routing_problem(visits=visits, shifts=(toytown.shift("B"),))
    best = best_plan(problem, grid_s=FIVE_MINUTES)
    assert best.cost_gbp == pytest.approx((20 + 110) * MINUTE)


def test_a_break_that_is_not_needed_is_not_taken():
    rest = Break(duration_s=1800, after_work_s=2400)
    visits = (toytown.visit("V1"),)
    shift = toytown.shift("B", breaks=(rest,))
    problem = toytown.routing_problem(visits=visits, shifts=(shift,))
    # 40 minutes of work need none; a second visit would.
    assert best_plan(problem, grid_s=FIVE_MINUTES).cost_gbp == pytest.approx((10 + 40) * MINUTE)
    visits = (toytown.visit("V1"), toytown.visit("V3"))
    problem = toytown.routing_problem(visits=visits, shifts=(shift,))
    assert best_plan(problem, grid_s=FIVE_MINUTES).cost_gbp == pytest.approx((20 + 110) * MINUTE)


def test_a_spread_of_work_may_be_dearer_than_waiting():
    # A makes V2 (50 minutes of work), B V3 (40 minutes): ten minutes of wait cost less.
    visits = (toytown.visit("V2"), toytown.visit("V3", forbidden_staff=frozenset({"staff-A"})))
    shifts = (toytown.shift("A"), toytown.shift("B", breaks=()))
    problem = toytown.routing_problem(visits=visits, shifts=shifts)
    for price, more_s in {0.0: 0, 1800.0: 300, 7200.0: 600}.items():
        fair = replace(problem, prices=RoundsPrices(work_spread_gbp_per_hour=price))
        best = best_plan(fair, grid_s=FIVE_MINUTES)
        assert best.cost_gbp == pytest.approx((30 + 90) * MINUTE + more_s)


def test_every_rule_is_tried_alone_and_with_every_other():
    pairs = len(RULES) * (len(RULES) - 1) // 2
    assert len(rule_sets()) == 1 + len(RULES) + pairs


def test_a_day_is_the_same_every_time():
    (one, other) = ([name for name, _ in seeded_days(9)] for _ in range(2))
    assert one == other
    first, again = (dict(seeded_days(60)) for _ in range(2))
    for name, problem in first.items():
        assert best_plan(problem).answer == best_plan(again[name]).answer


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_bites_on_some_day(rule):
    """A rule that never changed an answer would be tested by nobody."""
    assert any(answer(seed, rule) != answer(seed) for seed in range(40))


def answer(seed: int, *rules: str):
    return best_plan(small_day(Random(seed), rules)).answer  # noqa: S311


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(small_days())
def test_the_cheapest_times_are_those_of_a_sheet(problem):
    """Arrays and route sheets are written apart; a sheet of the least cost must be there."""
    best = best_plan(problem, with_routes=True)
    made = {stop.place for route in best.routes for stop in route.stops}
    unmade = [visit.priority for visit in problem.visits if visit.id not in made]
    assert tuple(unmade.count(priority) for priority in range(1, 6)) == best.unmade_by_priority
