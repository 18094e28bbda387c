"""Each reason, on a day that has it and nothing before it."""

from dataclasses import replace

import numpy as np
import pytest
import toytown as toy

from ntgeo.domain.routing import (
    Break,
    NotAlone,
    Pin,
    ShiftId,
    TimeWindow,
    UnmadeCode,
    VisitId,
    VisitLink,
    WindowSense,
)
from ntgeo.routing.unmade.explain import explain_unmade

A, B = toy.shift("A"), toy.shift("B")
DAYLIGHT = TimeWindow(start_s=8 * 3600, end_s=16 * 3600)


def why(visit=None, shifts=(A, B), *, others=(), unmade=("V1",), **more):
    visits = (visit or toy.visit("V1"), *others)
    problem = toy.routing_problem(visits=visits, shifts=shifts, **more)
    told = explain_unmade(problem, [VisitId(v) for v in unmade])[0]
    assert told.visit == visits[0].id
    assert told.reason.startswith(f"{told.visit} is not made: ")
    return told.code, told.reason.removeprefix(f"{told.visit} is not made: ")


def v1(**changes):
    return toy.visit("V1", **changes)


def only(*staff):
    return frozenset(shift.staff for shift in staff)


@pytest.mark.parametrize(
    ("visit", "shifts", "code", "words"),
    [
        (v1(), (), UnmadeCode.NO_STAFF, "nobody is on shift"),
        (v1(skills=frozenset({"sign"})), (A, B), UnmadeCode.NO_SKILL, "nobody on shift has sign"),
        (
            v1(forbidden_staff=only(A, B)),
            (A, B),
            UnmadeCode.NOT_ALLOWED,
            "none of those on shift with its skills (staff-A, staff-B) may come",
        ),
        (
            v1(skills=frozenset({"lift"}), required_staff=only(B)),
            (A, B),
            UnmadeCode.NOT_ALLOWED,
            "only staff-B may come, and of those on shift with its skills (staff-A) none is",
        ),
        (v1(crew=3), (A, B), UnmadeCode.TOO_FEW, "it takes 3 people, and only A, B could come"),
        (
            v1(not_alone=NotAlone.ALWAYS),
            (A, replace(B, staff=A.staff, hours=toy.hours(12, 17))),
            UnmadeCode.TOO_FEW,
            "it takes 2 people, and only A, B could come",
        ),
        (
            v1(),
            (replace(A, may_go_alone=False),),
            UnmadeCode.NOT_ALONE,
            "A could come, but may not go alone",
        ),
        (
            v1(skills=frozenset({"lift"}), pin=Pin(shifts=frozenset({B.id}))),
            (A, B),
            UnmadeCode.PINNED_SHIFT,
            "it is pinned to B, who cannot make it",
        ),
        (
            v1(pin=Pin(shifts=frozenset({A.id, B.id}))),
            (A, B),
            UnmadeCode.PINNED_SHIFT,
            "it is pinned to A, B, more people than go",
        ),
        (
            v1(load=2.0, crew=2),
            (A, replace(B, capacity=1.0)),
            UnmadeCode.TOO_HEAVY,
            "its load of 2 is more than a suitable shift carries",
        ),
        (
            v1(),
            (replace(A, most_travel_s=60), replace(B, most_distance_m=1.0)),
            UnmadeCode.TOO_FAR,
            "the way there and back is more than A, B may travel",
        ),
        (
            v1(service_s=3 * 3600, pin=Pin(shifts=frozenset({A.id}))),
            (A, B),
            UnmadeCode.TOO_LONG,
            (
                "with travel and break it takes 3 h 10 min, and the longest suitable shift, A, "
                "is 10 min too short"
            ),
        ),
        (
            v1(),
            (replace(A, most_work_s=35 * 60),),
            UnmadeCode.TOO_LONG,
            "with travel it takes 40 min, for which the breaks and limits of A leave no time",
        ),
        (
            v1(crew=2, windows=(toy.hours(13, 14),)),
            (A, B),
            UnmadeCode.NO_WINDOW,
            (
                "it starts between 13:00 and 14:00, when no 2 at once of A, B can be there and be "
                "back in time"
            ),
        ),
        (
            v1(windows=(toy.hours(9, 9.5),), window_sense=WindowSense.FINISH),
            (A, B),
            UnmadeCode.NO_WINDOW,
            "it ends between 09:00 and 09:30, when none of A, B can be there and be back in time",
        ),
        (
            v1(pin=Pin(begin_s=17 * 3600)),
            (A, B),
            UnmadeCode.PINNED_TIME,
            "it is pinned to 17:00, when none of A, B can be there and be back in time",
        ),
        (v1(), (A, B), UnmadeCode.NO_ROOM, "the rounds of A, B are full at its times"),
        (
            v1(crew=2),
            (A, B),
            UnmadeCode.NO_ROOM,
            "it takes 2 people, and the rounds of A, B have no room for it",
        ),
    ],
)
def test_the_first_reason_that_holds(visit, shifts, code, words):
    assert why(visit, shifts) == (code, words)


def test_two_are_needed_after_dark_only():
    late = v1(not_alone=NotAlone.AFTER_DARK, windows=(toy.hours(15.6, 16.5),))
    both = (B, replace(B, id=ShiftId("C"), staff=A.staff))
    assert why(late, (B,), daylight=DAYLIGHT) == (
        UnmadeCode.AFTER_DARK,
        "B could make it after dark only, when it takes two people",
    )
    assert why(late, both, daylight=DAYLIGHT)[0] is UnmadeCode.NO_ROOM
    sooner = replace(late, windows=(toy.hours(15.5, 16.5),))
    assert why(sooner, (B,), daylight=DAYLIGHT)[0] is UnmadeCode.NO_ROOM


def test_a_break_after_work_leaves_no_time():
    rest = Break(duration_s=1800, after_work_s=3600, is_paid=False)
    tight = replace(A, hours=toy.hours(9, 10), breaks=(rest,))
    assert why(v1(service_s=3000), (tight,))[0] is UnmadeCode.NO_ROOM  # an hour: none is needed
    longer = replace(tight, hours=toy.hours(9, 10.25))
    assert why(v1(service_s=3300), (longer,))[0] is UnmadeCode.TOO_LONG
    longest = replace(tight, hours=toy.hours(9, 11))
    assert why(v1(service_s=3300), (longest,))[0] is UnmadeCode.NO_ROOM
    twice = replace(longest, breaks=(rest, rest))
    assert why(v1(service_s=3300), (twice,))[0] is UnmadeCode.NO_ROOM  # a second is not needed
    assert why(v1(service_s=4200), (twice,))[0] is UnmadeCode.TOO_LONG


def linked(link, **more):
    return why(others=(toy.visit("V3"),), links=(link,), **more)


V1, V3 = VisitId("V1"), VisitId("V3")


def test_a_visit_that_it_is_made_with_is_not_made():
    after = VisitLink(first=V3, second=V1, least_gap_s=3600)
    both = VisitLink.together(V1, V3)
    for link in (after, both):
        assert linked(link, unmade=("V1", "V3")) == (
            UnmadeCode.LINKED,
            "it is only made with V3, not made either",
        )
    before = VisitLink(first=V1, second=V3, least_gap_s=3600)
    assert linked(before, unmade=("V1", "V3"))[0] is UnmadeCode.NO_ROOM


def test_links_that_contradict_each_other():
    circle = (
        VisitLink(first=V1, second=V3, least_gap_s=0),
        VisitLink(first=V3, second=V1, least_gap_s=0),
    )
    assert why(others=(toy.visit("V3"),), links=circle, unmade=("V1", "V3")) == (
        UnmadeCode.CONTRADICTION,
        "the order and gaps of V1, V3 contradict each other",
    )
    late = VisitLink(first=V3, second=V1, least_gap_s=8 * 3600)
    assert linked(late) == (
        UnmadeCode.CONTRADICTION,
        (
            "by the links of V1, V3, V1 could begin at 17:30 at the soonest, and its last window "
            "is over at 17:00"
        ),
    )


def test_no_way_for_one_of_two():
    problem = toy.routing_problem(visits=(v1(crew=2),), shifts=(A, B))
    time_s = problem.travel.time_s.copy()
    time_s[0, 1] = np.nan
    distance_m = np.where(np.isnan(time_s), np.nan, problem.travel.distance_m)
    cut = replace(problem, travel=replace(problem.travel, time_s=time_s, distance_m=distance_m))
    told = explain_unmade(cut, [V1])[0]
    assert told.code is UnmadeCode.UNREACHABLE
    assert "could get back but not there" in told.reason
