from dataclasses import replace

import numpy as np
import pytest
import toytown

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.routing import ChangeKind, ShiftId, SmallestChange, TimeWindow
from ntgeo.domain.solving import SolveLimits
from ntgeo.routing import find_faults
from ntgeo.routing.solve import solve_in_process


def reason(problem) -> tuple[str, str]:
    plan = solve_in_process(problem, SolveLimits())
    assert find_faults(problem, plan) == ()
    (unmade,) = plan.unmade
    return unmade.code, unmade.reason


def one(visit=None, **changes):
    return toytown.routing_problem(visits=(visit or toytown.visit("V2"),), **changes)


def test_no_skill():
    assert reason(one(shifts=(toytown.shift("B"),))) == (
        "no-skill",
        "V2 is not made: nobody on shift has lift",
    )


def test_skills_that_nobody_has_together():
    visit = toytown.visit("V2", skills=frozenset({"lift", "sign"}))
    signer = toytown.shift("B", skills=frozenset({"sign"}))
    assert reason(one(visit, shifts=(toytown.shift("A"), signer))) == (
        "no-skill",
        "V2 is not made: nobody on shift has all of lift, sign together",
    )


@pytest.mark.parametrize(
    ("there_s", "back_s", "why"),
    [
        (np.nan, 600.0, "A could get back but not there by road (one-way)"),
        (600.0, np.nan, "A can get there but not back by road (one-way)"),
        (np.nan, np.nan, "no way leads there from the start of A, and none leads back"),
    ],
)
def test_unreachable(there_s, back_s, why):
    problem = one()
    cut_off = TravelTimeMatrix.from_arrays(
        [[0.0, there_s], [back_s, 0.0]],
        origins=problem.place_ids,
        destinations=problem.place_ids,
    )
    assert reason(replace(problem, travel=cut_off)) == (
        "unreachable",
        f"V2 is not made: {why}; check where it is on the map",
    )


def test_too_long():
    assert reason(one(toytown.visit("V2", service_s=3 * 3600))) == (
        "too-long",
        (
            "V2 is not made: with travel and break it takes 3 h 20 min, and the longest suitable "
            "shift, A, is 20 min too short; 20 minutes' overtime for A (until 12:20) would make it"
        ),
    )


def test_window_when_nobody_can_be_there():
    assert reason(one(toytown.visit("V2", windows=(toytown.hours(14, 15.5),)))) == (
        "no-window",
        (
            "V2 is not made: it starts between 14:00 and 15:30, when none of A can be there and "
            "be back in time; 160 minutes' overtime for A (until 14:40) would make it"
        ),
    )


@pytest.mark.parametrize(("minutes", "told"), [(15, "15 minutes'"), (1, "1 minute's")])
def test_no_room_and_the_overtime_that_would_make_it(minutes, told):
    # V1 and V2 take 20 minutes of travel and 60 of visits: home at 10:20.
    hours = TimeWindow(start_s=9 * 3600, end_s=9 * 3600 + (80 - minutes) * 60)
    short = toytown.shift("A", hours=hours)
    visits = (toytown.visit("V1", priority=4), toytown.visit("V2", priority=5))
    problem = toytown.routing_problem(visits=visits, shifts=(short,))
    assert reason(problem) == (
        "no-room",
        (
            f"V2 is not made: the rounds of A are full at its times; {told} overtime "
            "for A (until 10:20) would make it"
        ),
    )
    mended = toytown.shift("A", hours=replace(hours, end_s=hours.end_s + minutes * 60))
    assert solve_in_process(replace(problem, shifts=(mended,)), SolveLimits()).unmade == ()


def test_another_time_may_be_less_than_overtime():
    # V1 is made from 9:05 to 9:35; V2 would be reached at 9:40 and must start by 9:30.
    visits = (
        toytown.visit("V1", priority=1, windows=(toytown.hours(9, 9.1),)),
        toytown.visit("V2", priority=5, windows=(toytown.hours(9, 9.5),)),
    )
    problem = toytown.routing_problem(visits=visits, shifts=(toytown.shift("A"),))
    plan = solve_in_process(problem, SolveLimits())
    assert find_faults(problem, plan) == ()
    assert plan.unmade[0].change == SmallestChange(
        kind=ChangeKind.LATER, shift=ShiftId("A"), minutes=10
    )
    assert plan.unmade[0].reason.endswith("; A could make it if it might start 10 minutes later")


def test_a_false_change_is_caught():
    short = toytown.shift("A", hours=TimeWindow(start_s=9 * 3600, end_s=10 * 3600))
    visits = (toytown.visit("V1", priority=4), toytown.visit("V2", priority=5))
    problem = toytown.routing_problem(visits=visits, shifts=(short,))
    plan = solve_in_process(problem, SolveLimits())
    (unmade,) = plan.unmade
    assert unmade.change is not None
    for minutes, fault in {
        19: "V2: the change said to make it does not (overtime)",
        22: "V2: less than 22 minutes would do (overtime)",
    }.items():
        spoilt = replace(unmade, change=replace(unmade.change, minutes=minutes))
        assert find_faults(problem, replace(plan, unmade=(spoilt,))) == (fault,)
    stranger = replace(unmade, change=replace(unmade.change, shift=ShiftId("Z")))
    assert find_faults(problem, replace(plan, unmade=(stranger,))) == (
        "V2: the change is for Z, which is no shift of the problem",
    )


def test_too_heavy_for_anyone():
    problem = one(toytown.visit("V2", load=12.5), shifts=(toytown.shift("A", capacity=10.0),))
    assert reason(problem) == (
        "too-heavy",
        "V2 is not made: its load of 12.5 is more than a suitable shift carries",
    )
