"""Times of a round by hand, in minutes after midnight along Toytown's street."""

from dataclasses import replace

import numpy as np
import pytest
import toytown

from ntgeo.domain.routing import Break, TimeWindow
from ntgeo.routing.figures import day_arrays, joined_windows
from ntgeo.routing.plain.figures import plain_figures
from ntgeo.routing.plain.timing import (
    NO_BREAK,
    begin_after,
    begin_before,
    rest_after,
    rest_before,
    round_times,
    route_cost,
)

INF = np.inf


def minutes(first: float, last: float) -> TimeWindow:
    return TimeWindow(start_s=round(first * 60), end_s=round(last * 60))


def day_of(*, windows, rest: Break | None = None, hours=(540, 1020)):
    visits = tuple(
        toytown.visit(name, windows=several, skills=frozenset())
        for name, several in windows.items()
    )
    shift = toytown.shift("A", hours=minutes(*hours), breaks=() if rest is None else (rest,))
    return plain_figures(day_arrays(toytown.routing_problem(visits=visits, shifts=(shift,))))


def times_of(day, order):
    stops = np.array([0, *(visit + 1 for visit in order), 0], dtype=np.int64)
    start_s, end_s, rest_at = round_times(day, 0, stops)
    return start_s / 60, end_s / 60, rest_at


def test_leaves_as_late_as_the_first_window_lets_it():
    day = day_of(windows={"V1": (minutes(660, 700),)})
    assert times_of(day, [0]) == (655, 695, NO_BREAK)


def test_waits_no_longer_than_it_must():
    # V1 may start from 9:00 to 10:00, V2 only at 12:00: V1 is made as late as it can be.
    day = day_of(windows={"V1": (minutes(540, 600),), "V2": (minutes(720, 720),)})
    assert times_of(day, [0, 1]) == (595, 760, NO_BREAK)


def test_a_later_window_may_mean_less_work_than_the_soonest_end():
    several = (minutes(540, 545), minutes(690, 695))
    day = day_of(windows={"V1": several, "V2": (minutes(620, 620), minutes(730, 730))})
    # Soonest: V1 at 9:05, V2 at 10:20, home 11:00: 120 minutes. Later: V1 at 11:35, V2 at 12:10.
    assert times_of(day, [0, 1]) == (690, 770, NO_BREAK)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ((540, 541), (540, 642.0, 0)),  # at the depot, before setting out at 9:32 (start at 9:02)
        ((580, 600), (545, 645.0, 1)),  # at V1
        ((640, 660), (545, 645.0, 2)),  # at V2
    ],
)
def test_break_is_taken_where_it_costs_least(window, expected):
    rest = Break(duration_s=30 * 60, window=minutes(*window))
    day = day_of(windows={"V1": (minutes(540, 600),), "V2": (minutes(540, 660),)}, rest=rest)
    start, end, rest_at = times_of(day, [0, 1])
    busy = 5 + 30 + 5 + 30 + 10 + 30
    assert end - start == pytest.approx(busy)
    assert rest_at == expected[2]


def test_no_time_for_the_break_means_no_round():
    rest = Break(duration_s=60 * 60, window=minutes(540, 600))
    day = day_of(windows={"V1": (minutes(540, 600),)}, rest=rest, hours=(540, 639))
    assert times_of(day, [0]) == (INF, INF, NO_BREAK)
    assert route_cost(day, 0, np.array([0, 1, 0])) == INF


def test_cost_is_travel_and_work():
    day = day_of(windows={"V1": (minutes(540, 700),)})
    assert route_cost(day, 0, np.array([0, 1, 0])) == (10 + 40) * 60
    assert route_cost(day, 0, np.array([0, 0])) == 0


WINDOWS = np.array([[10.0, 20.0, 40.0, 50.0], [5.0, 6.0, INF, -INF]])


@pytest.mark.parametrize(
    ("visit", "ready", "begin"),
    [(0, 0, 10), (0, 20, 20), (0, 21, 40), (0, 51, INF), (1, 6, 6), (1, 7, INF), (1, INF, INF)],
)
def test_begin_after(visit, ready, begin):
    assert begin_after(WINDOWS, visit, float(ready)) == begin


@pytest.mark.parametrize(
    ("visit", "latest", "begin"),
    [(0, 60, 50), (0, 39, 20), (0, 15, 15), (0, 9, -INF), (1, 9, 6), (1, 4, -INF), (1, -INF, -INF)],
)
def test_begin_before(visit, latest, begin):
    assert begin_before(WINDOWS, visit, float(latest)) == begin


def test_rest_after_and_before():
    rest = np.array([[100.0, 200.0, 30.0]])
    assert [rest_after(rest, 0, ready) for ready in (50.0, 150.0, 201.0)] == [130.0, 180.0, INF]
    assert [rest_before(rest, 0, late) for late in (129.0, 150.0, 400.0)] == [-INF, 120.0, 200.0]


def test_windows_that_touch_or_overlap_are_one():
    several = (minutes(0, 5), minutes(5, 7), minutes(8, 20), minutes(10, 12))
    assert joined_windows(several) == (minutes(0, 7), minutes(8, 20))


def test_a_broken_matrix_diagonal_is_not_travel():
    problem = toytown.routing_problem()
    time_s = problem.travel.time_s.copy()
    np.fill_diagonal(time_s, 99.0)
    travel = replace(problem.travel, time_s=time_s)
    figures = plain_figures(day_arrays(replace(problem, travel=travel)))
    assert np.diagonal(figures.travel_s).tolist() == [0.0] * 4


def test_a_round_longer_than_the_greatest_work_cannot_be_made():
    visits = (toytown.visit("V1", windows=(minutes(540, 700),), skills=frozenset()),)
    for most_work_s, cost in ((40 * 60, (10 + 40) * 60), (40 * 60 - 1, INF)):
        shift = toytown.shift("A", most_work_s=most_work_s)
        day = day_arrays(toytown.routing_problem(visits=visits, shifts=(shift,)))
        assert route_cost(plain_figures(day), 0, np.array([0, 1, 0])) == cost


def test_having_a_round_has_its_price():
    visits = (toytown.visit("V1", windows=(minutes(540, 700),), skills=frozenset()),)
    shift = toytown.shift("A", costs=replace(toytown.BY_SECONDS, round_gbp=7.0))
    day = day_arrays(toytown.routing_problem(visits=visits, shifts=(shift,)))
    assert route_cost(plain_figures(day), 0, np.array([0, 1, 0])) == (10 + 40) * 60 + 7


def test_parking_and_set_up_are_of_the_way_to_another_address():
    visits = tuple(
        toytown.visit(name, address="flats", set_up_s=120, skills=frozenset())
        for name in ("V1", "V2")
    )
    shift = toytown.shift("A", parking_s=60)
    figures = plain_figures(day_arrays(toytown.routing_problem(visits=visits, shifts=(shift,))))
    # From the depot 5 and 10 minutes, 1 to park, 2 to set up; between the flats 5; home as it is.
    assert (figures.travel_s / 60).tolist() == [[0, 8, 13], [5, 0, 5], [10, 5, 0]]
    # Travel and parking cost a pound a second; set-up is work, but not on the way.
    assert (figures.leg_cost / 60).tolist() == [[0, 6, 11], [5, 0, 5], [10, 5, 0]]
