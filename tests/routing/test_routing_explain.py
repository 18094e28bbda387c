from dataclasses import replace

import numpy as np
import pytest
import toytown

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.routing import TimeWindow
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
            "shift, A, is 20 min too short"
        ),
    )


def test_window_when_nobody_can_be_there():
    assert reason(one(toytown.visit("V2", windows=(toytown.hours(14, 15.5),)))) == (
        "no-window",
        (
            "V2 is not made: it starts between 14:00 and 15:30, when none of A can be there and "
            "be back in time"
        ),
    )


def test_no_room():
    # V1 and V2 take 20 minutes of travel and 60 of visits: home at 10:20.
    short = toytown.shift("A", hours=TimeWindow(start_s=9 * 3600, end_s=10 * 3600))
    visits = (toytown.visit("V1", priority=4), toytown.visit("V2", priority=5))
    assert reason(toytown.routing_problem(visits=visits, shifts=(short,))) == (
        "no-room",
        "V2 is not made: the rounds of A are full at its times",
    )


def test_too_heavy_for_anyone():
    problem = one(toytown.visit("V2", load=12.5), shifts=(toytown.shift("A", capacity=10.0),))
    assert reason(problem) == (
        "too-heavy",
        "V2 is not made: its load of 12.5 is more than a suitable shift carries",
    )
