from dataclasses import replace

import pytest
import toytown as toy

from ntgeo.domain.routing import (
    Break,
    Pin,
    RoundsPrices,
    SoftWindow,
    StaffLink,
    StopKind,
    TimeWindow,
    VisitLink,
)
from ntgeo.routing.cost import cost_of
from ntgeo.routing.exact import time_orders

NINE_S = 9 * 3600
A, B = toy.shift("A"), toy.shift("B", breaks=())
V1, V3 = toy.visit("V1"), toy.visit("V3")


def problem_of(*visits, shifts=(A, B), **more):
    return toy.routing_problem(visits=visits, shifts=shifts, **more)


def clock(route) -> list[float]:
    """Return when each stop begins, in minutes after nine."""
    return [(stop.begin_s - NINE_S) / 60 for stop in route.stops]


def minutes(first: float, last: float) -> TimeWindow:
    return TimeWindow(start_s=round(NINE_S + 60 * first), end_s=round(NINE_S + 60 * last))


def test_all_is_done_as_soon_as_the_cheapest_times_let_it():
    (route,) = time_orders(problem_of(V1, V3), ((1, 0), ()))
    assert clock(route) == [0, 5, 45, 80]
    assert [stop.place for stop in route.stops] == ["D", "V3", "V1", "D"]


def test_staff_leave_as_late_as_the_first_window_lets_them():
    (route,) = time_orders(problem_of(replace(V1, windows=(minutes(60, 70),))), ((0,), ()))
    assert clock(route) == [55, 60, 95]


def test_a_break_is_taken_where_it_costs_least():
    lunch = Break(duration_s=600, window=minutes(0, 170))
    visits = replace(V1, windows=(minutes(5, 5),)), replace(V3, windows=(minutes(60, 60),))
    shifts = (replace(A, breaks=(lunch,)), B)
    (route,) = time_orders(problem_of(*visits, shifts=shifts), ((0, 1), ()))
    assert [stop.kind for stop in route.stops][2] is StopKind.BREAK
    assert route.stops[-1].arrive_s == NINE_S + 95 * 60


def test_a_crew_begins_together():
    visits = replace(V1, crew=2), replace(V3, windows=(minutes(30, 30),))
    first, second = time_orders(problem_of(*visits), ((0,), (1, 0)))
    begins = {
        stop.begin_s for route in (first, second) for stop in route.stops if stop.place == "V1"
    }
    assert begins == {NINE_S + 70 * 60}


@pytest.mark.parametrize(
    ("visit", "orders"),
    [
        (replace(V1, crew=2), ((0,), ())),
        (replace(V1, pin=Pin(shifts=frozenset({B.id}))), ((0,), ())),
        (replace(V1, skills=frozenset({"lift"})), ((), (0,))),
        (replace(V1, windows=(minutes(0, 4),)), ((0,), ())),
    ],
    ids=["crew", "pin", "skill", "window"],
)
def test_orders_that_no_times_mend(visit, orders):
    assert time_orders(problem_of(visit), orders) is None


@pytest.mark.parametrize(
    ("link", "orders", "are_kept"),
    [
        ({"staff": StaffLink.SAME}, ((0,), (1,)), False),
        ({"staff": StaffLink.SAME}, ((0, 1), ()), True),
        ({"staff": StaffLink.DIFFERENT}, ((0, 1), ()), False),
        ({"staff": StaffLink.DIFFERENT}, ((0,), (1,)), True),
        ({"both_or_neither": True}, ((0,), ()), False),
        ({"both_or_neither": True}, ((), ()), True),
        ({"least_gap_s": 0}, ((), (1,)), False),
        ({"least_gap_s": 0}, ((0,), ()), True),
        ({"least_gap_s": 0}, ((1, 0), ()), False),
    ],
)
def test_links_hold_between_rounds(link, orders, are_kept):
    links = (VisitLink(first=V1.id, second=V3.id, **link),)
    assert (time_orders(problem_of(V1, V3, links=links), orders) is not None) == are_kept


def test_a_gap_ties_two_rounds():
    links = (VisitLink(first=V1.id, second=V3.id, least_gap_s=3600),)
    _, second = time_orders(problem_of(V1, V3, links=links), ((0,), (1,)))
    assert clock(second) == [90, 95, 130]


def test_the_worst_lateness_ties_rounds_that_pay_for_it():
    late = (SoftWindow(window=minutes(-10, 0)),)
    visits = replace(V1, soft_windows=late), replace(V3, soft_windows=late)
    prices = RoundsPrices(worst_lateness_gbp_per_minute=1.0)
    problem = problem_of(*visits, prices=prices)
    routes = time_orders(problem, ((0,), (1,)))
    assert cost_of(problem, routes, []).worst_lateness_gbp == 5


def test_an_idle_shift_counts_in_the_spread_of_work():
    problem = problem_of(V1, prices=RoundsPrices(work_spread_gbp_per_hour=60.0))
    routes = time_orders(problem, ((0,), ()))
    assert cost_of(problem, routes, []).unfairness_gbp == pytest.approx(40)
