"""Every rule by hand, one that bites beside one that does not.

On Toytown's street a second of work and one of travel cost a pound each. The shift A alone goes
D-V1-V3-D in 20 minutes of travel and 80 of work, which costs 100 minutes; to one of the two it
takes 10 and 40, which costs 50.
"""

from dataclasses import replace
from types import MappingProxyType as Fixed

import pytest
import toytown as toy

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.routing import (
    Break,
    NotAlone,
    Overtime,
    Pin,
    PlaceInRound,
    RoundsPrices,
    SoftWindow,
    StaffId,
    StaffLink,
    TimeWindow,
    VisitLink,
    WindowSense,
)
from ntgeo.domain.solving import SolveLimits
from ntgeo.routing.exact import solve_exactly

NINE_S = 9 * 3600
A, B = toy.shift("A"), toy.shift("B", breaks=())
ALONE, BOTH = (A,), (A, B)
V1, V3 = toy.visit("V1"), toy.visit("V3")


def minutes(first: float, last: float) -> TimeWindow:
    """Return a window in minutes after nine."""
    return TimeWindow(start_s=round(NINE_S + 60 * first), end_s=round(NINE_S + 60 * last))


def one(**changes):
    return {"visits": (replace(V1, **changes),)}


def two(first=Fixed({}), second=Fixed({})):
    return {"visits": (replace(V1, **first), replace(V3, **second))}


def shifts(*several, **changes):
    return {"shifts": tuple(replace(shift, **changes) for shift in several or ALONE)}


def linked(**changes):
    return {"links": (VisitLink(first=V1.id, second=V3.id, **changes),)}


def rest(minutes_long=10, **changes):
    return {"breaks": (Break(duration_s=60 * minutes_long, **changes),)}


def soft(**prices):
    return (SoftWindow(window=minutes(-10, 0), **prices),)


SET_UP = {"set_up_s": 300}
DOOR = {"address": "1 High Street"}
LATE = soft(late_gbp_per_minute=60.0)
ALWAYS = {"windows": (minutes(0, 400),)}

CASES = {
    "skill lacks": (one(skills=frozenset({"sign"})), None),
    "skill is there": (one(skills=frozenset({"lift"})), 50),
    "forbidden": (one(forbidden_staff=frozenset({A.staff})), None),
    "another forbidden": (one(forbidden_staff=frozenset({B.staff})), 50),
    "another required": (one(required_staff=frozenset({B.staff})), None),
    "required": (one(required_staff=frozenset({A.staff})), 50),
    "duration of theirs": (one(service_s_by_staff={A.staff: 600}), 30),
    "duration of another": (one(service_s_by_staff={B.staff: 600}), 50),
    "begins too late": (one(windows=(minutes(0, 4),)), None),
    "begins in time": (one(windows=(minutes(0, 5),)), 50),
    "second window": (one(windows=(minutes(0, 4), minutes(60, 60))), 50),
    "finishes too late": (
        one(window_sense=WindowSense.FINISH, windows=(minutes(0, 34),)),
        None,
    ),
    "finishes in time": (one(window_sense=WindowSense.FINISH, windows=(minutes(0, 35),)), 50),
    "begins after set-up": (one(windows=(minutes(5, 5),), **SET_UP), None),
    "comes in before set-up": (
        one(window_sense=WindowSense.ARRIVE, windows=(minutes(5, 5),), **SET_UP),
        55,
    ),
    "late": (one(soft_windows=LATE), 50 + 5),
    "not late": (one(soft_windows=(replace(LATE[0], window=minutes(0, 5)),)), 50),
    "early": (
        one(
            soft_windows=(SoftWindow(window=minutes(60, 70), early_gbp_per_minute=60.0),),
            windows=(minutes(0, 50),),
        ),
        50 + 10,
    ),
    "worst lateness": (
        {
            **two({"soft_windows": soft()}, {"soft_windows": soft()}),
            "prices": RoundsPrices(worst_lateness_gbp_per_minute=60.0),
        },
        100 + 45,
    ),
    "least gap": (two() | linked(least_gap_s=3600), 150),
    "least gap no longer than the way": (two() | linked(least_gap_s=600), 100),
    "greatest gap": (two() | linked(least_gap_s=0, greatest_gap_s=599), 50),
    "greatest gap as long as the way": (two() | linked(least_gap_s=0, greatest_gap_s=600), 100),
    "gap from the beginning": (two() | linked(least_gap_s=3600, gap_from="begin"), 120),
    "order": (two({"windows": (minutes(60, 90),)}) | linked(least_gap_s=0), 100),
    "both or neither": (
        two({"skills": frozenset({"sign"})}) | linked(both_or_neither=True),
        0,
    ),
    "same staff": (
        two({"required_staff": frozenset({B.staff})}, {"forbidden_staff": frozenset({B.staff})})
        | linked(staff=StaffLink.SAME)
        | shifts(*BOTH),
        50,
    ),
    "different staff": (two() | linked(staff=StaffLink.DIFFERENT) | shifts(*BOTH), 100),
    "different staff, but nobody else": (two() | linked(staff=StaffLink.DIFFERENT), 50),
    "crew of one": (one(crew=2), None),
    "crew": (one(crew=2) | shifts(*BOTH), 100),
    "never alone": (one(not_alone=NotAlone.ALWAYS) | shifts(*BOTH), 100),
    "alone after dark": (one(not_alone=NotAlone.AFTER_DARK), None),
    "after dark, but light": (
        one(not_alone=NotAlone.AFTER_DARK) | {"daylight": minutes(5, 35)},
        50,
    ),
    "dark before it is over": (
        one(not_alone=NotAlone.AFTER_DARK) | {"daylight": minutes(5, 34)},
        None,
    ),
    "may not go alone": (one() | shifts(may_go_alone=False), None),
    "does not go alone": (one(crew=2) | shifts(*BOTH, may_go_alone=False), 100),
    "pinned to another": (one(pin=Pin(shifts=frozenset({B.id}))) | shifts(A, B), 50),
    "pinned to one who cannot": (
        one(pin=Pin(shifts=frozenset({A.id})), forbidden_staff=frozenset({A.staff}))
        | shifts(*BOTH),
        None,
    ),
    "pinned moment": (one(pin=Pin(begin_s=NINE_S + 7200), windows=(minutes(0, 1),)), 50),
    "pinned too soon": (one(pin=Pin(begin_s=NINE_S + 299)), None),
    "pinned last": (
        two({"pin": Pin(place=PlaceInRound.LAST)}, {"windows": (minutes(60, 90),)}),
        100,
    ),
    "pinned first, but must wait": (
        two({"pin": Pin(place=PlaceInRound.FIRST), "windows": (minutes(100, 100),)}, {}),
        100,
    ),
    "load": (two({"load": 2.0}, {"load": 1.0}) | shifts(capacity=2.5), 50),
    "load that fits": (two({"load": 2.0}, {"load": 1.0}) | shifts(capacity=3.0), 100),
    "most work": (two() | shifts(most_work_s=80 * 60 - 1), 50),
    "as much work": (two() | shifts(most_work_s=80 * 60), 100),
    "most travel": (two() | shifts(most_travel_s=20 * 60 - 1), 50),
    "as much travel": (two() | shifts(most_travel_s=20 * 60), 100),
    "most distance": (two() | shifts(most_distance_m=9_999.0), 50),
    "as far": (two() | shifts(most_distance_m=10_000.0), 100),
    "hours": (two() | shifts(hours=minutes(0, 79)), 50),
    "as long hours": (two() | shifts(hours=minutes(0, 80)), 100),
    "ends where it is": (two() | shifts(end_place=None), 90),
    "fixed break": (two() | shifts(**rest(window=minutes(35, 35))), 110),
    "break at an impossible time": (
        one(windows=(minutes(5, 5),)) | shifts(**rest(window=minutes(34, 34))),
        None,
    ),
    "unpaid break": (two() | shifts(**rest(window=minutes(35, 35), is_paid=False)), 100),
    "break after work": (two() | shifts(**rest(after_work_s=40 * 60)), 110),
    "no break, since it is over": (two() | shifts(**rest(after_work_s=80 * 60)), 100),
    "overtime": (two() | shifts(overtime=Overtime(after_s=NINE_S + 3600, gbp_per_hour=3600)), 120),
    "no overtime": (
        two() | shifts(overtime=Overtime(after_s=NINE_S + 4800, gbp_per_hour=3600)),
        100,
    ),
    "round price": (one() | shifts(costs=replace(A.costs, round_gbp=600.0)), 60),
    "parking": (two() | shifts(parking_s=300), 120),
    "parking once": (two(DOOR, DOOR) | shifts(parking_s=300), 110),
    "set-up": (two(SET_UP, SET_UP), 110),
    "set-up once": (two(SET_UP | DOOR, SET_UP | DOOR), 105),
    "on foot": (two() | shifts(mode=TravelMode.FOOT) | {"times_on_foot": 2}, 140),
    "walks from the car": (
        two() | shifts(walks_up_to_s=1800, parking_s=900) | {"times_on_foot": 2},
        # 5 + 15 to V1; on foot 20 to V3, 20 back to the car, and 5 to the depot.
        2 * (5 + 15 + 20 + 20 + 5) + 60,
    ),
    "too far to walk": (
        two() | shifts(walks_up_to_s=1199, parking_s=900) | {"times_on_foot": 2},
        2 * (20 + 2 * 15) + 60,
    ),
    "new face": (
        one(usual_staff=frozenset({StaffId("else")})) | {"prices": RoundsPrices(new_face_gbp=60)},
        51,
    ),
    "usual face": (
        one(usual_staff=frozenset({A.staff})) | {"prices": RoundsPrices(new_face_gbp=60)},
        50,
    ),
    "not preferred": (
        one(preferred_staff=frozenset({B.staff})) | {"prices": RoundsPrices(not_preferred_gbp=60)},
        51,
    ),
    "spread of visits": (
        two() | shifts(*BOTH) | {"prices": RoundsPrices(visits_spread_gbp=60)},
        100,
    ),
    "spread of work": (
        one() | shifts(*BOTH) | {"prices": RoundsPrices(work_spread_gbp_per_hour=3600)},
        90,
    ),
    "cheaper unmade": (one() | {"prices": RoundsPrices(unmade_gbp=(60,) * 5)}, 1),
    "dearer unmade": (one() | {"prices": RoundsPrices(unmade_gbp=(3600,) * 5)}, 50),
    "own price of unmade": (
        one(unmade_gbp=60) | {"prices": RoundsPrices(unmade_gbp=(3600,) * 5)},
        1,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_rule_by_hand(case):
    question, expected = CASES[case]
    problem = toy.routing_problem(**{"shifts": ALONE, **question})
    answer = solve_exactly(problem, SolveLimits())
    assert answer.is_optimal
    if expected is None:
        assert answer.unmade == (0,)
    else:
        assert answer.cost.total_gbp == pytest.approx(60 * expected)


def test_the_sooner_priority_is_made_first():
    for priorities, unmade in (((1, 2), (1,)), ((2, 1), (0,))):
        visits = tuple(replace(v, priority=p) for v, p in zip((V1, V3), priorities, strict=True))
        problem = toy.routing_problem(visits=visits, **shifts(most_work_s=3600))
        answer = solve_exactly(problem, SolveLimits())
        assert answer.unmade == unmade
        assert [stage.objective for stage in answer.stages[:2]] == [0, 1]


def test_a_plan_to_begin_from_is_no_worse_for_it():
    problem = toy.routing_problem(visits=(V1, V3), shifts=BOTH)
    answer = solve_exactly(problem, SolveLimits(), ((), (1, 0)))
    assert answer.cost.total_gbp == 6000
    assert answer.is_optimal


def test_no_time_no_plan():
    problem = toy.routing_problem(visits=(V1, V3), shifts=BOTH)
    assert solve_exactly(problem, SolveLimits(time_limit_s=1e-9)) is None
