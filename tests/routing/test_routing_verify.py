"""A good plan spoilt one way at a time: each fault is named."""

from dataclasses import replace

import numpy as np
import pytest
import toytown

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.routing import (
    Break,
    RoundsCost,
    Route,
    RoutePlan,
    ShiftId,
    StaffId,
    Stop,
    StopKind,
    UnmadeVisit,
    VisitId,
)
from ntgeo.domain.solving import SolveReport, SolveStatus
from ntgeo.routing import find_faults

MINUTE = 60.0
NINE = 9 * 3600.0


def stop(kind: str, place: str, *, ride: float, arrive: float, wait: float, stay: float) -> Stop:
    """All in minutes; the arrival in minutes after 09:00."""
    return Stop(
        kind=StopKind(kind),
        place=place,
        travel_s=ride * MINUTE,
        distance_m=ride * toytown.METRES_PER_MINUTE,
        arrive_s=NINE + arrive * MINUTE,
        wait_s=wait * MINUTE,
        begin_s=NINE + (arrive + wait) * MINUTE,
        leave_s=NINE + (arrive + wait + stay) * MINUTE,
    )


ROUND_A = Route(
    shift=ShiftId("A"),
    staff=StaffId("staff-A"),
    stops=(
        stop("start", "D", ride=0, arrive=0, wait=0, stay=0),
        stop("visit", "V2", ride=10, arrive=10, wait=0, stay=30),
        stop("end", "D", ride=10, arrive=50, wait=0, stay=0),
    ),
)
ROUND_B = Route(
    shift=ShiftId("B"),
    staff=StaffId("staff-B"),
    stops=(
        stop("start", "D", ride=0, arrive=120, wait=0, stay=0),
        stop("visit", "V1", ride=5, arrive=125, wait=0, stay=30),
        stop("break", "V1", ride=0, arrive=155, wait=5, stay=30),
        stop("visit", "V3", ride=10, arrive=200, wait=0, stay=30),
        stop("end", "D", ride=5, arrive=235, wait=0, stay=0),
    ),
)
PLAN = RoutePlan(
    cost=RoundsCost(pay_gbp=(50 + 115) * MINUTE, travel_gbp=(20 + 20) * MINUTE),
    routes=(ROUND_A, ROUND_B),
    unmade=(),
    report=SolveReport(
        status=SolveStatus.FEASIBLE,
        objective=(20 + 50 + 20 + 115) * MINUTE,
        bound=None,
        unit="s",
        is_maximised=False,
        method="by hand",
        seed=1,
        wall_time_s=0.0,
    ),
)


def with_stop(at: int, *, route: Route = ROUND_B, **changes) -> RoutePlan:
    stops = list(route.stops)
    stops[at] = replace(stops[at], **changes)
    return with_stops(stops, route=route)


def with_stops(stops, *, route: Route = ROUND_B, **changes) -> RoutePlan:
    spoilt = replace(route, stops=tuple(stops), **changes)
    return replace(PLAN, routes=tuple(spoilt if r is route else r for r in PLAN.routes))


def later(route: Route, minutes: float) -> list[Stop]:
    return [
        replace(
            s,
            arrive_s=s.arrive_s + minutes * MINUTE,
            begin_s=s.begin_s + minutes * MINUTE,
            leave_s=s.leave_s + minutes * MINUTE,
        )
        for s in route.stops
    ]


def unmade(visit: str, code: str = "no-room", reason: str | None = None) -> UnmadeVisit:
    return UnmadeVisit(visit=VisitId(visit), code=code, reason=reason or f"{visit} is not made")


def with_unmade(*several: UnmadeVisit) -> RoutePlan:
    return replace(PLAN, unmade=several)


def with_report(**changes) -> RoutePlan:
    return replace(PLAN, report=replace(PLAN.report, **changes))


B = ROUND_B.stops
SPOILT = {
    "neither in a round": with_stops([B[0], B[1], B[2], B[4]]),
    "V1 is 2 times in B": with_stops([*B[:2], B[1], *B[2:]]),
    "in a round and is said to be unmade": with_unmade(unmade("V1")),
    "no visit of the problem": with_unmade(unmade("V9")),
    "not in order of id": with_unmade(unmade("V3"), unmade("V1")),
    "V1 is said to be unmade 2 times": with_unmade(unmade("V1"), unmade("V1")),
    "A has 2 rounds": replace(PLAN, routes=(ROUND_A, ROUND_A, ROUND_B)),
    "not in order of shift": replace(PLAN, routes=(ROUND_B, ROUND_A)),
    "is no shift": with_stops(B, shift=ShiftId("Z")),
    "staff-A makes its round": with_stops(B, staff=StaffId("staff-A")),
    "begin with a start": with_stops(B[1:]),
    "end with an end": with_stops(B[:-1]),
    "half-way": with_stops([*B[:2], B[4], *B[2:]]),
    "without any visit": with_stops([B[0], B[2], B[4]]),
    "starts at V1, not at D": with_stop(0, place="V1"),
    "ends at V3, not at D": with_stop(4, place="V3"),
    "before its hours begin at 09:00": with_stops(later(ROUND_A, -5), route=ROUND_A),
    "after its hours end at 12:00": with_stops(later(ROUND_A, 140), route=ROUND_A),
    "time passes at the start": with_stop(0, arrive_s=NINE),
    "has travel of its own": with_stop(0, travel_s=60.0),
    "B has 0 breaks": with_stops([B[0], B[1], B[3], B[4]]),
    "B has 2 breaks": with_stops([*B[:3], B[2], *B[3:]]),
    "A has 1 break in its round, not 0": with_stops(
        [
            *ROUND_A.stops[:2],
            stop("break", "V2", ride=0, arrive=40, wait=0, stay=0),
            ROUND_A.stops[2],
        ],
        route=ROUND_A,
    ),
    "is not in its window": with_stops(later(ROUND_B, 160)),
    "travel to the break": with_stop(2, travel_s=1.0),
    "the break lasts 1200 s": with_stop(2, leave_s=B[2].leave_s - 600),
    "the break is not taken where": with_stop(2, place="V3"),
    "a figure is not finite": with_stop(1, wait_s=float("nan")),
    "1 min before anyone can be ready": with_stop(1, wait_s=-60.0),
    "after it is reached": with_stop(2, wait_s=0.0),
    "the visit lasts 1740 s": with_stop(1, leave_s=B[1].leave_s - 60),
    "B lacks the skill lift": replace(
        PLAN, routes=(replace(ROUND_A, shift=ShiftId("B"), staff=StaffId("staff-B")),)
    ),
    "away from leaving, travel and parking": with_stop(3, arrive_s=B[3].arrive_s + 60),
    "not in the matrix": with_stop(1, place="V8"),
    "where the matrix has 600 s": with_stop(3, travel_s=540.0),
    "where the matrix has 5000 m": with_stop(3, distance_m=4000.0),
    "but the plan comes to £12,300.0000": with_report(objective=1.0),
    "a dearer plan is better": with_report(is_maximised=True),
    "is above the plan's": with_report(objective=12_300.0005, bound=12_300.002),
}


def test_the_good_plan_has_no_fault():
    assert find_faults(toytown.routing_problem(), PLAN) == ()


@pytest.mark.parametrize("named", SPOILT)
def test_spoilt_plan_is_caught_by_name(named):
    faults = find_faults(toytown.routing_problem(), SPOILT[named])
    assert any(named in fault for fault in faults), faults


def test_window_missed():
    early = toytown.visit("V1", windows=(toytown.hours(9, 11),))
    problem = toytown.routing_problem(visits=(early, toytown.visit("V2"), toytown.visit("V3")))
    assert find_faults(problem, PLAN) == ("B at V1: begins at 11:05, in none of its windows",)


def test_no_way():
    problem = toytown.routing_problem()
    time_s = problem.travel.time_s.copy()
    row = {place: row for row, place in enumerate(problem.place_ids)}
    time_s[row["V1"], row["V3"]] = np.nan
    ways = TravelTimeMatrix.from_arrays(
        time_s,
        origins=problem.place_ids,
        destinations=problem.place_ids,
        distance_m=np.where(np.isnan(time_s), np.nan, problem.travel.distance_m),
    )
    assert find_faults(replace(problem, travel=ways), PLAN) == ("B from V1 to V3: there is no way",)


def alone(*, visit=None, shifts=None, routes=(), code="no-room", reason=None):
    """A problem of one visit, and a plan that leaves it unmade."""
    wanted = visit or toytown.visit("V2")
    problem = toytown.routing_problem(visits=(wanted,), shifts=shifts)
    plan = RoutePlan(
        cost=RoundsCost(),
        routes=routes,
        unmade=(unmade("V2", code, reason),),
        report=replace(PLAN.report, objective=0.0),
    )
    return find_faults(problem, plan)


def test_unmade_though_an_idle_shift_could():
    assert alone() == ("V2 is unmade, but A could make it and has no round",)


def test_unmade_though_a_round_could_make_it_last():
    wanted = toytown.visit("V3", skills=frozenset())
    plan = replace(
        with_stops([*B[:3], stop("end", "D", ride=5, arrive=195, wait=0, stay=0)]),
        unmade=(unmade("V3"),),
    )
    cost = RoundsCost(pay_gbp=(50 + 75) * MINUTE, travel_gbp=(20 + 10) * MINUTE)
    plan = replace(plan, cost=cost, report=replace(PLAN.report, objective=cost.total_gbp))
    problem = toytown.routing_problem(visits=(toytown.visit("V1"), toytown.visit("V2"), wanted))
    assert find_faults(problem, plan) == (
        "V3 is unmade, but A could make it as its last visit",
        "V3 is unmade, but B could make it as its last visit",
    )


def test_unmade_with_an_unknown_reason():
    faults = alone(shifts=(), code="tired")
    assert faults == ('V2: "tired" is no known reason',)


def test_unmade_reason_without_its_name():
    assert alone(shifts=(), code="no-staff", reason="nobody") == (
        "V2: its reason does not name it",
    )


TRUE_REASONS = {
    "no-staff": {"shifts": ()},
    "no-skill": {"shifts": (toytown.shift("B"),)},
    "too-long": {"visit": toytown.visit("V2", service_s=4 * 3600)},
    "no-window": {"visit": toytown.visit("V2", windows=(toytown.hours(14, 15),))},
}


@pytest.mark.parametrize("code", TRUE_REASONS)
def test_true_reasons_stand_and_false_ones_fall(code):
    assert alone(**TRUE_REASONS[code], code=code) == ()
    assert alone(**TRUE_REASONS[code], code="no-room") == (
        f"V2 is said to be no-room, but it is {code}",
    )


def test_unreachable():
    problem = toytown.routing_problem(visits=(toytown.visit("V2"),))
    cut_off = TravelTimeMatrix.from_arrays(
        [[0.0, np.nan], [600.0, 0.0]], origins=problem.place_ids, destinations=problem.place_ids
    )
    problem = replace(problem, travel=cut_off)
    proof = replace(PLAN.report, objective=0.0)
    empty = replace(PLAN, routes=(), cost=RoundsCost(), report=proof)
    for code, faults in {
        "unreachable": (),
        "no-room": ("V2 is said to be no-room, but it is unreachable",),
    }.items():
        assert find_faults(problem, replace(empty, unmade=(unmade("V2", code),))) == faults


def test_break_counts_in_what_is_too_long():
    lunch = Break(duration_s=3600, window=toytown.hours(9, 11))
    short = toytown.shift("A", hours=toytown.hours(9, 10.5), breaks=(lunch,))
    assert alone(shifts=(short,), code="too-long") == ()
