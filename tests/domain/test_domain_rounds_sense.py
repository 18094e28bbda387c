from dataclasses import replace

import pytest
import toytown
from reports.report_plans import ROUTE_A, ROUTE_B, clock, rich_plan, rich_problem, route_plan

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.rounds_sense import (
    breaks_taken,
    comings,
    continuity,
    overtime_s,
    round_cost,
    timeliness,
    work_s,
)
from ntgeo.domain.routing import Break, Overtime, ShiftCosts, SoftWindow

LUNCH = toytown.shift("B").breaks[0]
TEA = Break(duration_s=600, after_work_s=7200)


def test_those_who_come_to_a_visit_are_in_order_of_shift():
    both = replace(ROUTE_B, stops=(*ROUTE_B.stops[:1], ROUTE_A.stops[1], *ROUTE_B.stops[1:]))
    met = comings(route_plan([both, ROUTE_A]))
    assert [coming.route.shift for coming in met["V1"]] == ["A", "B"]
    assert [coming.stop.place for coming in met["V3"]] == ["V3"]


@pytest.mark.parametrize(
    ("breaks", "taken"),
    [
        ((LUNCH,), (LUNCH,)),
        ((TEA, LUNCH), (LUNCH,)),
        ((LUNCH, TEA), (LUNCH,)),
        ((TEA, TEA), (TEA,)),
    ],
)
def test_a_round_of_one_break_has_the_one_that_must_be_or_the_first_that_may(breaks, taken):
    assert breaks_taken(toytown.shift("B", breaks=breaks), ROUTE_B) == taken


def test_two_breaks_are_the_needed_one_and_the_first_that_may_be():
    twice = replace(ROUTE_B, stops=(*ROUTE_B.stops[:3], *ROUTE_B.stops[2:]))
    short = Break(duration_s=60, after_work_s=9000)
    assert breaks_taken(toytown.shift("B", breaks=(TEA, LUNCH, short)), twice) == (TEA, LUNCH)


def test_unpaid_breaks_are_no_work():
    unpaid = replace(LUNCH, is_paid=False)
    assert work_s(toytown.shift("B"), ROUTE_B) == clock(3, 5)
    assert work_s(toytown.shift("B", breaks=(unpaid,)), ROUTE_B) == clock(2, 35)


def test_overtime_is_work_after_its_hour():
    late = Overtime(after_s=clock(11, 45), gbp_per_hour=6.0)
    unpaid = replace(LUNCH, is_paid=False)
    assert overtime_s(toytown.shift("B"), ROUTE_B) == 0
    assert overtime_s(toytown.shift("B", overtime=late), ROUTE_B) == clock(0, 20)
    assert overtime_s(toytown.shift("B", overtime=late, breaks=(unpaid,)), ROUTE_B) == clock(0, 5)


def test_a_round_costs_by_the_prices_of_its_shift():
    costs = ShiftCosts(
        pay_gbp_per_hour=12.0, mileage_gbp_per_mile=1.609344, travel_gbp_per_hour=3.0, round_gbp=9.0
    )
    shift = toytown.shift("A", costs=costs, overtime=Overtime(after_s=clock(10), gbp_per_hour=6.0))
    cost = round_cost(shift, ROUTE_A)
    assert {name: pytest.approx(gbp) for name, gbp in cost.terms.items() if gbp} == {
        "pay_gbp": 16.0,
        "overtime_gbp": 2.0,
        "mileage_gbp": 10.0,
        "travel_gbp": 1.0,
        "rounds_gbp": 9.0,
    }
    assert round_cost(replace(shift, mode=TravelMode.FOOT), ROUTE_A).mileage_gbp == 0


def test_parking_is_time_on_the_way():
    costs = ShiftCosts(pay_gbp_per_hour=0.0, mileage_gbp_per_mile=0.0, travel_gbp_per_hour=60.0)
    parked = replace(ROUTE_A.stops[1], parking_s=120.0)
    route = replace(ROUTE_A, stops=(ROUTE_A.stops[0], parked, *ROUTE_A.stops[2:]))
    assert round_cost(toytown.shift("A", costs=costs), route).total_gbp == pytest.approx(22.0)


@pytest.mark.parametrize(
    ("begin", "early_s", "late_s"), [(clock(9), 1800, 0), (clock(10), 0, 0), (clock(11), 0, 3600)]
)
def test_a_visit_is_early_or_late_against_its_soft_windows(begin, early_s, late_s):
    wide = SoftWindow(window=toytown.hours(9.25, 10.5), late_gbp_per_minute=1)
    narrow = SoftWindow(window=toytown.hours(9.5, 10), late_gbp_per_minute=1)
    known = timeliness(toytown.visit("V1", soft_windows=(wide, narrow)), begin)
    assert (known.early_s, known.late_s) == (early_s, late_s)
    assert timeliness(toytown.visit("V1"), begin).late_s == 0


def test_a_visit_is_seen_by_usual_staff_if_one_of_them_comes():
    known = continuity(rich_problem(), rich_plan())
    assert (known.visits, known.seen, known.new_faces) == (2, 1, 2)
    assert continuity(toytown.routing_problem(), route_plan()).visits == 0
