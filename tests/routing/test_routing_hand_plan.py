"""Plans made by hand: timed as they say, else as soon as can be, and checked by every rule."""

from dataclasses import replace

import numpy as np
import pytest
import toytown
from hypothesis import HealthCheck, given, settings
from rich_day import MINUTE, NINE, PLAN, PROBLEM
from rounds_cases import small_days
from rounds_oracle import best_plan

from ntgeo.domain.hand_plan import HandPlan, HandStop
from ntgeo.domain.routing import ShiftId, TimeWindow, VisitId, VisitLink
from ntgeo.routing import check_hand_plan
from ntgeo.routing.verify import told_cost


def by_hand(*rows) -> HandPlan:
    """Return a plan of (shift, visit), (shift, visit, begin) or (shift, visit, None, arrive)."""
    return HandPlan(
        file="mine.csv", stops=tuple(_stop(n, *row) for n, row in enumerate(rows, start=2))
    )


def _stop(row, shift, visit, begin=None, arrive=None) -> HandStop:
    """Times are in minutes after 09:00."""
    begin_s, arrive_s = (None if at is None else NINE + at * MINUTE for at in (begin, arrive))
    return HandStop(
        shift=ShiftId(shift), visit=VisitId(visit), row=row, begin_s=begin_s, arrive_s=arrive_s
    )


def rows_of(plan) -> list[tuple]:
    return [
        (route.shift, stop.place)
        for route in plan.routes
        for stop in route.stops
        if stop.kind == "visit"
    ]


def checked(*rows, problem=None):
    return check_hand_plan(problem or toytown.routing_problem(), by_hand(*rows))


def texts(found) -> list[str]:
    return [str(breach) for breach in found.breaches]


def test_a_good_order_is_timed_so_that_it_keeps_every_rule():
    """Crews wait for each other, a break is taken, and Ann walks: as the plan by hand has it."""
    found = check_hand_plan(PROBLEM, by_hand(*rows_of(PLAN)))
    assert found.breaches == ()
    assert found.plan.routes == PLAN.routes
    assert found.plan.cost.terms == pytest.approx(PLAN.cost.terms)
    assert [visit.visit for visit in found.plan.unmade] == ["V9"]


def test_rows_of_shifts_may_be_mixed():
    rows = sorted(rows_of(PLAN), key=lambda row: row[1])
    found = check_hand_plan(PROBLEM, by_hand(*rows))
    assert {route.shift for route in found.plan.routes} == {"A", "B", "C", "F"}


def test_times_that_are_told_are_kept():
    begins = {
        (route.shift, stop.place): (stop.begin_s - NINE) / MINUTE
        for route in PLAN.routes
        for stop in route.stops
        if stop.kind == "visit"
    }
    rows = [(*row, begins[row]) for row in rows_of(PLAN)]
    assert check_hand_plan(PROBLEM, by_hand(*rows)).plan.routes == PLAN.routes
    (breach,) = check_hand_plan(PROBLEM, by_hand(("A", "V1", 70))).breaches
    assert breach.rule == "start-in-window"
    assert breach.text == "A at V1: begins at 10:10, in none of its windows"


def test_an_arrival_that_is_told_is_a_beginning_after_set_up():
    (route,) = check_hand_plan(PROBLEM, by_hand(("A", "V1", None, 20))).plan.routes
    stop = route.stops[1]
    assert (stop.begin_s - NINE) / MINUTE == 25
    assert (stop.wait_s, stop.set_up_s) == (0, 5 * MINUTE)


def test_a_start_is_left_as_late_as_it_can_be():
    late = replace(toytown.visit("V1"), windows=(toytown.hours(10, 12),))
    problem = toytown.routing_problem(visits=(late,))
    (route,) = checked(("A", "V1"), problem=problem).plan.routes
    assert route.stops[0].leave_s == 10 * 3600 - 5 * MINUTE


def test_everything_that_is_wrong_is_told_at_once():
    found = checked(
        ("A", "V2"), ("Z", "V1"), ("A", "V8"), ("A", "V2"), ("B", "V3", 120), ("B", "V1", 100)
    )
    assert texts(found) == [
        "mine.csv row 3: Z is no shift of the day",
        "mine.csv row 4: V8 is no visit of the day",
        "mine.csv row 5: V2 is in A already (row 2)",
        "B at V1: begins at 10:40, 1 h 00 min before anyone can be ready",
    ]
    assert [breach.rule for breach in found.breaches] == [
        "known-shifts",
        "known-visits",
        "twice-in-a-round",
        "begins",
    ]
    assert found.plan.unmade == ()


def test_what_nobody_makes_is_no_breach():
    found = checked(("A", "V2"))
    assert found.breaches == ()
    assert [visit.visit for visit in found.plan.unmade] == ["V1", "V3"]


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([("B", "V2")], "B at V2: B lacks the skill lift"),
        ([("A", "V1"), ("B", "V1")], "V1: 2 people come, where it takes 1"),
        ([("A", "V1", -30)], "A leaves at 08:25, before its hours begin at 09:00"),
        ([("A", "V1", 170)], "A ends at 12:25, after its hours end at 12:00"),
    ],
)
def test_each_rule_is_told_in_words(rows, fault):
    assert any(text.startswith(fault) for text in texts(checked(*rows)))


def test_where_there_is_no_way_it_is_said_and_the_rest_is_timed():
    problem = toytown.routing_problem()
    time_s, distance_m = problem.travel.time_s.copy(), problem.travel.distance_m.copy()
    leg = problem.place_ids.index("V1"), problem.place_ids.index("V2")
    time_s[leg] = distance_m[leg] = np.nan
    cut = replace(problem.travel, time_s=time_s, distance_m=distance_m)
    found = checked(("A", "V1"), ("A", "V2"), problem=replace(problem, travel=cut))
    assert texts(found) == ["A from V1 to V2: there is no way"]


def test_visits_that_follow_each_other_in_a_circle_are_told():
    """Each waits for the other, which ends."""
    links = (
        VisitLink(first=VisitId("V1"), second=VisitId("V3"), least_gap_s=600),
        VisitLink(first=VisitId("V3"), second=VisitId("V1"), least_gap_s=600),
    )
    problem = replace(toytown.routing_problem(), links=links)
    found = checked(("A", "V1"), ("B", "V3"), problem=problem)
    assert "least-gap" in {breach.rule for breach in found.breaches}


def test_a_visit_waits_so_that_another_is_not_too_late_after_it():
    """V3 opens at 10:00, and V1 must be over at most ten minutes before."""
    link = VisitLink(first=VisitId("V1"), second=VisitId("V3"), least_gap_s=0, greatest_gap_s=600)
    late = replace(toytown.visit("V3"), windows=(TimeWindow(start_s=36_000, end_s=43_200),))
    problem = toytown.routing_problem(visits=(toytown.visit("V1"), toytown.visit("V2"), late))
    found = checked(("A", "V1"), ("B", "V3"), problem=replace(problem, links=(link,)))
    assert found.breaches == ()
    assert found.plan.routes[0].stops[1].begin_s == 36_000 - 600 - 1800


def test_an_empty_plan_costs_only_what_is_unmade():
    found = check_hand_plan(PROBLEM, HandPlan(file="mine.csv", stops=()))
    assert found.breaches == ()
    prices = [PROBLEM.prices.unmade_gbp_of(visit) for visit in PROBLEM.visits]
    assert found.plan.cost.total_gbp == pytest.approx(sum(prices))
    assert found.plan.report.objective == found.plan.cost.total_gbp


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(small_days())
def test_the_best_plan_by_hand_keeps_every_rule_at_its_own_times(problem):
    """With its times told, the best plan is found sound, at its cost."""
    best = best_plan(problem, with_routes=True)
    rows = [
        (route.shift, stop.place, (stop.begin_s - NINE) / MINUTE)
        for route in best.routes
        for stop in route.stops
        if stop.kind == "visit"
    ]
    found = check_hand_plan(problem, by_hand(*rows))
    assert found.plan.cost.terms == pytest.approx(told_cost(problem, found.plan).terms)
    if all(shift.breaks == () for shift in problem.shifts):
        assert found.breaches == ()
        assert found.plan.cost.total_gbp == pytest.approx(best.cost_gbp)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(small_days())
def test_nothing_that_is_left_to_the_check_stops_it(problem):
    """Every visit in every round, in order of id: much is broken, and told."""
    rows = [(shift.id, visit.id) for shift in problem.shifts for visit in problem.visits]
    found = check_hand_plan(problem, by_hand(*rows))
    assert all(breach.text for breach in found.breaches)
    assert np.isfinite(found.plan.cost.total_gbp)
