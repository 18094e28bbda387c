"""A sound plan, spoilt one way at a time; each fault is named."""

from dataclasses import replace

import pytest
import toytown

from ntgeo.domain.places import LsoaCode, SiteId, SiteStatus
from ntgeo.domain.siting import Allocation, SitingPlan, UnservedArea
from ntgeo.domain.solving import SolveReport, SolveStage, SolveStatus
from ntgeo.siting.verify import find_faults

AREAS = tuple(toytown.AREA_MINUTES)


def report(**changes):
    sound = SolveReport(
        status=SolveStatus.OPTIMAL,
        objective=24_000.0,
        bound=24_000.0,
        unit="people × seconds",
        is_maximised=False,
        method="by hand",
        seed=1,
        wall_time_s=0.1,
    )
    return replace(sound, **changes)


def served(number, demand, minutes, site="S2"):
    return Allocation(
        lsoa=LsoaCode(AREAS[number]),
        site=SiteId(site),
        demand=demand,
        time_s=minutes * 60.0,
        distance_m=minutes * 500.0,
    )


def left(number, **changes):
    entry = UnservedArea(lsoa=LsoaCode(AREAS[number]), demand=10.0, reason="far", change="nearer")
    return replace(entry, **changes)


def problem(**changes):
    return toytown.siting_problem(**{"site_count": 1, "limit_minutes": 15, **changes})


def sound(**changes):
    plan = SitingPlan(
        opened=(SiteId("S2"),),
        closed=(SiteId("S1"), SiteId("S3")),
        allocations=(served(1, 20.0, 10), served(2, 30.0, 0), served(3, 20.0, 10)),
        unserved=(left(0), left(4)),
        report=report(),
    )
    return replace(plan, **changes)


def spoilt_allocation(place, **changes):
    allocations = list(sound().allocations)
    allocations[place] = replace(allocations[place], **changes)
    return sound(allocations=tuple(allocations))


REQUIRED = {"S2": SiteStatus.REQUIRED}
SPOILT = {
    "unknown opened site": (sound(opened=("S9",)), "opened site S9 is not in the question"),
    "unknown closed site": (sound(closed=("S1", "S3", "S9")), "closed site S9 is not in"),
    "unknown serving site": (spoilt_allocation(0, site="S9"), "serving site S9 is not in"),
    "unknown area": (spoilt_allocation(0, lsoa="X01999999"), "area X01999999 is not in"),
    "too many sites": (sound(opened=("S2", "S4")), "2 sites are open; 1 were asked for"),
    "closed site forgotten": (sound(closed=("S1",)), "site S3 is open today and not in the plan"),
    "closed site invented": (sound(closed=("S1", "S3", "S4")), "S4 is told as closed but"),
    "site twice": (sound(opened=("S2", "S2")), "opened sites: S2 stands more than once"),
    "closed out of order": (sound(closed=("S3", "S1")), "closed sites are not in ascending"),
    "areas out of order": (
        sound(allocations=sound().allocations[::-1]),
        "allocations are not in ascending order",
    ),
    "unserved out of order": (sound(unserved=(left(4), left(0))), "unserved areas are not in"),
    "area twice": (
        sound(allocations=(sound().allocations[0], *sound().allocations)),
        f"allocations: {AREAS[1]} at S2 stands more than once",
    ),
    "served and unserved": (
        sound(unserved=(left(0), replace(left(1), demand=20.0), left(4))),
        f"area {AREAS[1]} is told both as served and as unserved",
    ),
    "area lost": (sound(unserved=(left(0),)), f"area {AREAS[4]} is neither served nor told"),
    "demand changed": (spoilt_allocation(0, demand=21.0), "demand 21 is not the question's"),
    "demand total": (spoilt_allocation(0, demand=21.0), "adds up to 91; the question has 90"),
    "unserved demand changed": (sound(unserved=(left(0, demand=9.0), left(4))), "demand 9 is not"),
    "served by closed site": (spoilt_allocation(0, site="S4"), "S4, which is not open"),
    "time changed": (spoilt_allocation(0, time_s=599.0), "time 599 s is not the matrix's 600 s"),
    "distance changed": (spoilt_allocation(0, distance_m=1.0), "distance 1 m is not the matrix's"),
    "beyond the limit": (
        sound(
            allocations=(served(0, 10.0, 20), *sound().allocations),
            unserved=(left(4),),
        ),
        "is served from 1200 s away; the limit is 900 s",
    ),
    "left out in reach": (
        sound(
            allocations=sound().allocations[1:],
            unserved=(left(0), left(1, demand=20.0), left(4)),
        ),
        f"area {AREAS[1]} is told as unserved, but an open site is in reach",
    ),
    "no reason": (sound(unserved=(left(0, reason=" "), left(4))), "is unserved without a reason"),
    "no change": (sound(unserved=(left(0, change=""), left(4))), "without a change that would"),
    "objective wrong": (
        sound(report=report(objective=23_000.0, bound=23_000.0)),
        "objective 23000 is told; the plan's own is 24000",
    ),
    "direction wrong": (
        sound(report=report(is_maximised=True)),
        "p-median is told as most is best",
    ),
    "no unit": (sound(report=report(unit="")), "the objective has no unit"),
    "wall time": (sound(report=report(wall_time_s=-1.0)), "wall time -1.0 s cannot be"),
    "proof without proof": (
        sound(report=report(bound=20_000.0)),
        "told as proven best, but the bound 20000 is not the objective",
    ),
    "bound below nothing": (
        sound(report=report(status=SolveStatus.FEASIBLE, bound=-1.0)),
        "the bound -1 is below 0",
    ),
    "stage better than its bound": (
        sound(
            report=report(
                stages=(SolveStage(name="demand left", objective=20.0, bound=25.0, unit="people"),)
            )
        ),
        "stage 'demand left': 20 is better than its bound",
    ),
}


def test_a_sound_plan_has_no_fault():
    assert find_faults(problem(), sound()) == ()


@pytest.mark.parametrize("kind", SPOILT)
def test_a_spoilt_plan_is_caught_and_named(kind):
    plan, told = SPOILT[kind]
    faults = find_faults(problem(), plan)
    assert any(told in fault for fault in faults), faults


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (SiteStatus.EXCLUDED, "site S2 is excluded but stands open"),
        (SiteStatus.COMPETITOR, "site S2 is competitor but stands open"),
    ],
)
def test_a_site_that_may_not_open_is_caught(status, told):
    question = problem(statuses={"S2": status})
    assert any(told in fault for fault in find_faults(question, sound()))


def test_a_required_site_left_closed_is_caught():
    question = problem(statuses={"S4": SiteStatus.REQUIRED})
    assert "site S4 is required but is not open in the plan" in find_faults(question, sound())


def test_an_area_sent_past_its_nearest_site_is_caught():
    plan = replace(
        sound(),
        opened=(SiteId("S2"), SiteId("S4")),
        allocations=(served(0, 10.0, 10, "S4"), *sound().allocations),
        unserved=(left(4),),
        report=report(objective=18_000.0, bound=18_000.0),
    )
    question = problem(site_count=2)
    told = f"area {AREAS[1]} is served by site S2, 600 s away; an open site is 0 s away"
    assert told in find_faults(question, plan)


def test_a_tie_broken_against_the_order_of_ids_is_caught():
    question = problem(site_count=2, limit_minutes=None)
    allocations = (
        served(0, 10.0, 0, "S1"),
        served(1, 20.0, 10, "S2"),
        served(2, 30.0, 0),
        served(3, 20.0, 10),
        served(4, 10.0, 20),
    )
    plan = replace(
        sound(),
        opened=(SiteId("S1"), SiteId("S2")),
        closed=(SiteId("S3"),),
        allocations=allocations,
        unserved=(),
        report=report(objective=36_000.0, bound=36_000.0),
    )
    assert find_faults(question, plan) == (
        f"area {AREAS[1]} is served by site S2; site S1 is as near and comes first by id",
    )


def test_a_cover_that_leaves_out_an_area_is_caught():
    question = problem(objective="set-cover", site_count=None)
    plan = sound(report=report(objective=1.0, bound=1.0))
    told = f"area {AREAS[0]} is left uncovered, but a site that may open would cover it"
    assert told in find_faults(question, plan)


def test_a_bound_above_all_demand_is_caught():
    question = problem(objective="max-coverage")
    told = report(
        status=SolveStatus.FEASIBLE, objective=70.0, bound=100.0, is_maximised=True, unit="people"
    )
    assert find_faults(question, sound(report=told)) == (
        "the bound 100 is above all the demand there is (90)",
    )
