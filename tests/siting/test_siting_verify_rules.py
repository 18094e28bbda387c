"""The check against plans by lot, and each rule broken one at a time; each fault is named."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from siting.siting_oracle import NOWHERE, is_plan
from siting.siting_plans import plan_of, plans_by_lot
from siting.siting_questions import questions
from siting.test_siting_oracle import HALVES, street

from ntgeo.domain.places import SiteStatus
from ntgeo.domain.siting import AreaRules, Assignment, CapacityRule, NextAim, SitingObjective
from ntgeo.domain.solving import SolveStage, SolveStatus
from ntgeo.siting.verify import find_faults

S1, S2, S3, S4 = range(4)
ALL_TO_S2 = [S2] * 5
EACH_NEAREST = [S4, S4, S2, S2, S2]
PART = {"capacity": CapacityRule.HARD, "assignment": Assignment.SPLIT}


def changed(**site):
    return {"S2": site}


def grouped(*words):
    return AreaRules(group=words)


BROKEN = {
    "count": (street(count=1), (S2, S4), EACH_NEAREST, "2 sites are open; 1 were asked for"),
    "at most": (
        street(count=1, may_open_fewer=True),
        (S2, S4),
        EACH_NEAREST,
        "2 sites are open; 1 are the most that were asked for",
    ),
    "budget": (
        street(
            budget_gbp=500.0,
            sites={f"S{n}": {"fixed_cost_gbp": 501.0} for n in range(1, 5)},
        ),
        (S2,),
        ALL_TO_S2,
        "the open sites cost 501 pounds a year; the budget is 500",
    ),
    "kept": (
        street(keep_existing_at_least=1),
        (S2,),
        ALL_TO_S2,
        "0 sites open today are kept; at least 1 must be",
    ),
    "closed": (
        street(close_at_most=1),
        (S2,),
        ALL_TO_S2,
        "2 sites are closed; at most 1 may be: S1, S3",
    ),
    "new": (
        street(open_new_at_most=0),
        (S2,),
        ALL_TO_S2,
        "1 new sites are opened; at most 0 may be: S2",
    ),
    "zones": (
        street(sites={"S1": {"zone": "west"}}, zone_minimums=(("west", 1),)),
        (S2,),
        ALL_TO_S2,
        "zone west: 0 of its sites are open; at least 1 must be",
    ),
    "separation": (
        street(count=2, min_separation_m=5001.0),
        (S2, S4),
        EACH_NEAREST,
        "sites S2 and S4 are 5,000 m apart; the least separation is 5,001 m",
    ),
    "hard capacity": (
        street(sites=changed(capacity=80.0), capacity=CapacityRule.HARD),
        (S2,),
        ALL_TO_S2,
        "site S2 serves 90; it can hold 80",
    ),
    "capacity of the nearest": (
        street(
            sites=changed(capacity=80.0),
            capacity=CapacityRule.HARD,
            assignment=Assignment.NEAREST,
        ),
        (S2,),
        ALL_TO_S2,
        "site S2 serves 90; it can hold 80",
    ),
    "turned away from the nearest": (
        street(
            sites=changed(capacity=80.0),
            capacity=CapacityRule.HARD,
            assignment=Assignment.NEAREST,
        ),
        (S2,),
        [NOWHERE, S2, S2, S2, S2],
        "area X01000001 is told as unserved, but an open site is in reach",
    ),
    "sent past the nearest": (
        street(
            count=2,
            sites=changed(capacity=80.0),
            capacity=CapacityRule.SOFT,
            over_capacity_price=1.0,
            assignment=Assignment.NEAREST,
        ),
        (S2, S4),
        [S2, S4, S2, S2, S2],
        "area X01000001 is served by site S2, 1200 s away; an open site is 600 s away",
    ),
    "throughput": (
        street(count=2, min_throughput=31.0),
        (S2, S4),
        EACH_NEAREST,
        "site S4 serves 30; each open site must serve 31",
    ),
    "split where whole": (
        street(count=2),
        (S2, S4),
        EACH_NEAREST,
        "area X01000001 goes by a share of 0.5, but may not be split",
    ),
    "a group parted": (
        street(count=2, area_rules=grouped("end", "", "", "", "end")),
        (S2, S4),
        EACH_NEAREST,
        "group end goes to several places: S2, S4",
    ),
    "a group half served": (
        street(area_rules=grouped("end", "", "", "", "end")),
        (S2,),
        [NOWHERE, S2, S2, S2, S2],
        "group end goes to several places: S2, nowhere",
    ),
    "an area's own limit": (
        street(area_rules=AreaRules(travel_limit_s=np.array([1199.0, *[np.nan] * 4]))),
        (S2,),
        ALL_TO_S2,
        "area X01000001 is served from 1200 s away; the limit is 1199 s",
    ),
    "all served": (
        street(limit=10, must_serve_all=True),
        (S2,),
        [NOWHERE, S2, S2, S2, NOWHERE],
        "every area must be served, but some are not: X01000001, X01000005",
    ),
    "target share": (
        street("set-cover", None, limit=10, target_share=0.8),
        (S2,),
        [NOWHERE, S2, S2, S2, NOWHERE],
        "demand of 70 is covered; the target share needs 72",
    ),
    "cover": (
        street("set-cover", None, limit=10),
        (S2,),
        [NOWHERE, S2, S2, S2, NOWHERE],
        "area X01000001 is left uncovered, but a site that may open would cover it",
    ),
    "backup": (
        street("backup-cover", None, limit=20),
        (S2, S4),
        EACH_NEAREST,
        "area X01000005 has 1 open sites in reach; it could have 2",
    ),
}


def halved(plan):
    """The same plan, half of its first area gone astray."""
    first, *rest = plan.allocations
    return replace(plan, allocations=(replace(first, share=0.5), *rest))


@pytest.mark.parametrize("name", BROKEN)
def test_a_rule_that_is_broken_is_named(name):
    problem, opened, goes_to, told = BROKEN[name]
    plan = plan_of(problem, opened, goes_to)
    if name == "split where whole":
        plan = halved(plan)
    faults = find_faults(problem, plan)
    assert told in faults, faults


LOTS = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@LOTS
@given(st.data())
def test_the_check_and_the_oracle_agree_on_any_plan(data):
    problem = data.draw(questions())
    plan = data.draw(plans_by_lot(problem))
    faults = find_faults(problem, plan)
    assert (faults == ()) == is_plan(problem, plan), faults


@LOTS
@given(st.data())
def test_a_wrong_objective_is_told(data):
    problem = data.draw(questions())
    plan = data.draw(plans_by_lot(problem))
    wrong = plan.report.objective + data.draw(st.sampled_from([-1.0, 1.0]))
    faults = find_faults(problem, replace(plan, report=replace(plan.report, objective=wrong)))
    assert any(fault.startswith(f"objective {wrong:g} is told") for fault in faults), faults


def parts_of(first, second, unserved=0.0):
    """The plan of S2 and S4 in which the middle area of 30 is split."""
    problem = street(count=2, sites=changed(capacity=70.0), **PART)
    plan = plan_of(problem, (S2, S4), EACH_NEAREST)
    before, middle, after = plan.allocations[:2], plan.allocations[2], plan.allocations[3:]
    far = replace(middle, site="S4", time_s=600.0, distance_m=5000.0)
    parts = (
        replace(middle, share=first, demand=30 * first),
        replace(far, share=second, demand=30 * second),
    )
    left = replace(plan_of(problem, (S2,), [NOWHERE] * 5).unserved[2], demand=unserved)
    moved = 30 * second * 600.0
    return problem, replace(
        plan,
        allocations=(*before, *parts, *after),
        unserved=(left,) if unserved else (),
        report=replace(plan.report, objective=30_000.0 + moved),
    )


def test_parts_that_add_up_are_sound():
    problem, plan = parts_of(0.75, 0.25)
    assert find_faults(problem, plan) == ()
    problem, plan = parts_of(0.5, 0.25, 7.5)
    assert find_faults(problem, plan) == ()


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ((0.75, 0.5), "area X01000003: its shares add up to 1.25"),
        ((0.5, 0.25), "area X01000003: its parts add up to 22.5; its demand is 30"),
        ((1.25, -0.25), "area X01000003: a share of -0.25 at site S4 cannot be"),
    ],
)
def test_parts_that_do_not_add_up_are_caught(shares, told):
    problem, plan = parts_of(*shares)
    assert told in find_faults(problem, plan)


def test_a_part_of_another_demand_than_its_share_is_caught():
    problem, plan = parts_of(0.75, 0.25)
    first, second, middle, *rest = plan.allocations
    spoilt = replace(plan, allocations=(first, second, replace(middle, demand=22.0), *rest))
    told = "area X01000003: demand 22 at site S2 is not 0.75 of the area's 30"
    assert told in find_faults(problem, spoilt)


STAGED = street(count=2, then=(NextAim(objective=SitingObjective.P_CENTRE, slack_share=0.2),))
STAGES = (
    SolveStage(name="demand left unserved", objective=0.0, bound=0.0, unit="people"),
    SolveStage(
        name="travel of those served", objective=36_000.0, bound=30_000.0, unit="people × seconds"
    ),
    SolveStage(name="worst travel time", objective=600.0, bound=600.0, unit="seconds"),
    SolveStage(
        name="travel of those served", objective=36_000.0, bound=36_000.0, unit="people × seconds"
    ),
)


def staged(*stages, **report):
    plan = plan_of(STAGED, (S3, S4), [S4, S4, S4, S3, S3])
    told = {"status": SolveStatus.OPTIMAL, "bound": 30_000.0, "stages": stages} | report
    return replace(plan, report=replace(plan.report, **told))


def test_aims_in_order_within_their_slack_are_sound():
    assert find_faults(STAGED, staged(*STAGES)) == ()


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (
            staged(*STAGES, bound=29_000.0),
            "told as proven best, but the bound 29000 is not the objective",
        ),
        (
            staged(STAGES[0], STAGES[2], STAGES[1]),
            "stage 'travel of those served' is not told in its place",
        ),
        (staged(STAGES[1]), "stage 'worst travel time' is not told in its place"),
        (
            staged(*STAGES, STAGES[0]),
            "stage 'demand left unserved' is none of the aims, or out of order",
        ),
        (
            staged(replace(STAGES[0], name="sites open"), *STAGES[1:]),
            "stage 'travel of those served' is not told in its place",
        ),
        (
            staged(*STAGES[:2], replace(STAGES[2], objective=500.0, bound=500.0), STAGES[3]),
            "stage 'worst travel time': 500 is told; the plan's own is 600",
        ),
        (
            staged(*STAGES[:2], replace(STAGES[2], is_maximised=True), STAGES[3]),
            "stage 'worst travel time' is told as most is best",
        ),
        (
            staged(*STAGES[:2], replace(STAGES[2], bound=700.0), STAGES[3]),
            "stage 'worst travel time': 600 is better than its bound",
        ),
    ],
)
def test_stages_out_of_true_are_caught(plan, told):
    faults = find_faults(STAGED, plan)
    assert any(fault.startswith(told) for fault in faults), faults


@pytest.mark.parametrize("objective", ["max-coverage", "max-attendance", "market-share"])
def test_no_bound_promises_more_than_all_demand(objective):
    rival = {"S1": {"status": SiteStatus.COMPETITOR}}
    problem = street(objective, limit=20, sites=rival, decay=HALVES)
    plan = plan_of(problem, (S2,), ALL_TO_S2)
    told = replace(plan, report=replace(plan.report, bound=91.0))
    assert find_faults(problem, told) == ("the bound 91 is above all the demand there is (90)",)
