from dataclasses import replace

import numpy as np
import toytown as toy

from ntgeo.domain.routing import (
    NotAlone,
    Pin,
    RoundsPrices,
    ShiftId,
    SoftWindow,
    VisitLink,
    WindowSense,
)
from ntgeo.routing.figures import NEVER_MS, NO_WAY_MS, day_arrays, leg_between

MINUTE_MS = 60_000
D, V1, V2, V3 = range(4)


def test_times_are_whole_milliseconds():
    day = day_arrays(toy.routing_problem())
    assert day.visits.service_ms.tolist() == [[30 * MINUTE_MS] * 3] * 2
    assert day.visits.windows_ms[0].tolist() == [[9 * 60 * MINUTE_MS, 17 * 60 * MINUTE_MS]]
    assert day.legs.leg_ms[0, D].tolist() == [0, 5 * MINUTE_MS, 10 * MINUTE_MS, 5 * MINUTE_MS]
    assert day.shifts.breaks_ms[1, 0].tolist() == [
        11.5 * 60 * MINUTE_MS,
        13.5 * 60 * MINUTE_MS,
        30 * MINUTE_MS,
        -1,
    ]
    assert day.shifts.break_count.tolist() == [0, 1]


def may_make(**changes) -> list[bool]:
    visits = (toy.visit("V1", **changes),)
    return day_arrays(toy.routing_problem(visits=visits)).visits.may_make[:, 0].tolist()


def test_who_may_make_a_visit():
    a, b = toy.shift("A").staff, toy.shift("B").staff
    assert may_make() == [True, True]
    assert may_make(skills=frozenset({"lift"})) == [True, False]
    assert may_make(required_staff=frozenset({b})) == [False, True]
    assert may_make(forbidden_staff=frozenset({a, b})) == [False, False]
    pin = Pin(shifts=frozenset({ShiftId("B")}))
    assert may_make(pin=pin) == [False, True]
    assert may_make(pin=pin, crew=2) == [True, True]


def test_those_who_may_not_go_alone_need_a_visit_of_two():
    shifts = (toy.shift("A", may_go_alone=False), toy.shift("B"))
    for changes, expected in (
        ({}, False),
        ({"crew": 2}, True),
        ({"not_alone": NotAlone.AFTER_DARK}, True),
    ):
        problem = toy.routing_problem(visits=(toy.visit("V1", **changes),), shifts=shifts)
        assert day_arrays(problem).visits.may_make[0, 0] == expected


def test_a_pinned_moment_stands_above_the_windows():
    visit = toy.visit("V1", window_sense=WindowSense.FINISH, pin=Pin(begin_s=1000))
    visits = day_arrays(toy.routing_problem(visits=(visit,))).visits
    assert visits.sense.tolist() == [0]
    assert visits.windows_ms[0].tolist() == [[1_000_000, 1_000_000]]


def test_windows_join_and_are_filled_up():
    several = (toy.hours(9, 10), toy.hours(10, 11), toy.hours(12, 13))
    visits = (toy.visit("V1", windows=several), toy.visit("V3"))
    windows_ms = day_arrays(toy.routing_problem(visits=visits)).visits.windows_ms
    assert windows_ms[0].tolist() == [
        [9 * 60 * MINUTE_MS, 11 * 60 * MINUTE_MS],
        [12 * 60 * MINUTE_MS, 13 * 60 * MINUTE_MS],
    ]
    assert windows_ms[1, 1].tolist() == [NEVER_MS, -NEVER_MS]


def test_prices_are_by_the_millisecond():
    soft = SoftWindow(window=toy.hours(9, 10), late_gbp_per_minute=6.0)
    visit = toy.visit("V1", soft_windows=(soft,), usual_staff=frozenset({toy.shift("A").staff}))
    problem = replace(toy.routing_problem(visits=(visit,)), prices=RoundsPrices(new_face_gbp=2.0))
    day = day_arrays(problem)
    assert day.visits.soft_gbp_per_ms[0, 0].tolist() == [0.0, 0.0001]
    assert day.visits.assign_gbp[:, 0].tolist() == [0.0, 2.0]
    assert day.shifts.pay_gbp_per_ms.tolist() == [0.001, 0.001]
    told = replace(visit, planned_staff=frozenset({toy.shift("B").staff}))
    prices = RoundsPrices(new_face_gbp=2.0, moved_gbp=5.0)
    moved = day_arrays(replace(problem, visits=(told,), prices=prices))
    assert moved.visits.assign_gbp[:, 0].tolist() == [5.0, 2.0]


def test_parking_is_for_another_door_only():
    visits = (toy.visit("V1", address="x"), toy.visit("V2", address="x"), toy.visit("V3"))
    shifts = (toy.shift("A"), toy.shift("B", parking_s=60))
    day = day_arrays(toy.routing_problem(visits=visits, shifts=shifts))
    way = day.shifts.way[1]
    parking_ms = day.legs.leg_ms[way] - day.legs.travel_ms[way]
    assert parking_ms[D].tolist() == [0, MINUTE_MS, MINUTE_MS, MINUTE_MS]
    assert parking_ms[V1].tolist() == [0, 0, 0, MINUTE_MS]
    assert not (day.legs.leg_ms[day.shifts.way[0]] - day.legs.travel_ms[day.shifts.way[0]]).any()


def test_no_way_is_longer_than_any_day():
    problem = toy.routing_problem()
    time_s, distance_m = problem.travel.time_s.copy(), problem.travel.distance_m.copy()
    time_s[D, V1] = distance_m[D, V1] = np.nan
    travel = replace(problem.travel, time_s=time_s, distance_m=distance_m)
    day = day_arrays(replace(problem, travel=travel))
    assert day.legs.leg_ms[0, D, V1] == NO_WAY_MS


def walking_day(walks_up_to_s: int):
    walker = toy.shift("A", walks_up_to_s=walks_up_to_s, parking_s=30 * 60)
    return day_arrays(toy.routing_problem(shifts=(walker,), times_on_foot=6))


def test_who_walks_from_a_parked_car():
    day = walking_day(30 * 60)
    walked = (30 * MINUTE_MS, 0, 30 * MINUTE_MS, 0.0, V1)
    assert leg_between(day, 0, V1, V1, V2) == walked
    back_and_on = (35 * MINUTE_MS, 0, 30 * MINUTE_MS, 5 * toy.METRES_PER_MINUTE, D)
    assert leg_between(day, 0, V1, V2, D) == back_and_on
    driven = (5 * MINUTE_MS, 30 * MINUTE_MS, 0, 5 * toy.METRES_PER_MINUTE, V1)
    assert leg_between(day, 0, D, D, V1) == driven
    assert leg_between(walking_day(29 * 60), 0, V1, V1, V2)[2] == 0


def test_links_are_by_number():
    link = VisitLink(first=toy.visit("V1").id, second=toy.visit("V3").id, least_gap_s=60)
    links = day_arrays(toy.routing_problem(links=(link,))).links
    assert (links.first.tolist(), links.second.tolist()) == ([0], [2])
    assert (links.least_ms.tolist(), links.greatest_ms.tolist()) == ([MINUTE_MS], [NEVER_MS])
    assert links.is_from_end.tolist() == [True]
