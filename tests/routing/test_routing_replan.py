"""A day planned anew: what has happened stays, what is promised holds, and little is changed."""

from dataclasses import replace
from random import Random

import pytest
import toytown as toy
from exact_plans import exact_plan, over_full_day
from rounds_cases import seeded_days

from ntgeo.domain.replan import (
    BegunVisit,
    ChangePrices,
    DayState,
    Freedom,
    VisitChangeKind,
)
from ntgeo.domain.routing import ShiftId, StaffId, StopKind, TimeWindow, VisitId
from ntgeo.domain.solving import SolveLimits
from ntgeo.routing import find_faults, find_lock_faults
from ntgeo.routing.answers import replan
from ntgeo.routing.answers.replan import plan_anew

LIMITS = SolveLimits(time_limit_s=60.0)
TEN = 10 * 3600


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch):
    monkeypatch.setattr(replan, "solve_routing", exact_plan)


def anew(problem, plan, state, **prices):
    new = plan_anew(problem, plan, state, LIMITS, prices=ChangePrices(**prices))
    assert find_faults(new.day, new.plan) == ()
    assert find_lock_faults(plan, state, new) == ()
    return new


def begins_s(plan):
    return {
        stop.place: stop.begin_s
        for route in plan.routes
        for stop in route.stops
        if stop.kind is StopKind.VISIT
    }


def shift_of(plan):
    return {
        stop.place: route.shift
        for route in plan.routes
        for stop in route.stops
        if stop.kind is StopKind.VISIT
    }


def a_state(chance, problem, plan):
    """Somebody ill, a visit that overruns, a promise, grades of freedom: some of these."""
    now_s = chance.randrange(8 * 3600, 11 * 3600)
    route = chance.choice(plan.routes)
    ill = ((route.staff, now_s - chance.choice((0, 600))),) if chance.random() < 0.5 else ()
    other = chance.choice(plan.routes)
    visits = [s for s in other.stops if s.kind is StopKind.VISIT and s.begin_s <= now_s]
    begun = ()
    if visits and other.staff not in dict(ill) and chance.random() < 0.5:
        last = visits[-1]
        leave_s = max(now_s, int(last.leave_s) + chance.choice((300, 1200)))
        done = BegunVisit(
            visit=VisitId(last.place),
            shift=other.shift,
            begin_s=int(last.begin_s),
            leave_s=leave_s,
        )
        begun = (done,)
    return DayState(
        now_s=now_s,
        begun=begun,
        ill=ill,
        promised=frozenset({chance.choice(problem.visits).id}),
        freedom=Freedom(
            fixed_until_s=now_s + chance.choice((0, 1800)),
            same_staff_until_s=now_s + chance.choice((0, 3600)),
        ),
    )


@pytest.mark.parametrize("part", range(4))
def test_days_of_every_rule_go_on(part):
    for number, (_, problem) in enumerate(seeded_days(60)):
        if number % 4 != part or not problem.shifts:
            continue
        plan = exact_plan(problem)
        if plan.routes:
            anew(problem, plan, a_state(Random(number), problem, plan))  # noqa: S311 - no secret


def test_nothing_has_changed():
    for seed in range(3):
        problem = over_full_day(seed)
        plan = exact_plan(problem)
        new = anew(problem, plan, DayState(now_s=9 * 3600))
        assert new.changes == ()
        assert begins_s(new.plan) == pytest.approx(begins_s(plan), abs=1)


def three_staff():
    """One of three makes all visits; the others are idle."""
    visits = (
        toy.visit("V1", windows=(toy.hours(10, 11),)),
        toy.visit("V2", skills=frozenset(), windows=(toy.hours(9, 9.25),)),
        toy.visit("V3", windows=(toy.hours(11, 12),)),
    )
    shifts = [replace(toy.shift("B"), id=ShiftId(s), staff=StaffId(f"staff-{s}")) for s in "ABC"]
    problem = toy.routing_problem(visits=visits, shifts=tuple(shifts))
    return problem, exact_plan(problem)


def test_somebody_is_ill_and_others_take_over():
    problem, plan = three_staff()
    (route,) = plan.routes
    state = DayState(now_s=TEN - 1800, ill=((route.staff, TEN - 1800),))
    new = anew(problem, plan, state)
    ill = next(r for r in new.plan.routes if r.shift == route.shift)
    visit = next(n for n, s in enumerate(route.stops) if s.kind is StopKind.VISIT)
    assert ill.stops[: visit + 1] == route.stops[: visit + 1]
    assert [s.kind for s in ill.stops[visit + 1 :]] == [StopKind.END]
    moved = {c.visit for c in new.changes if c.kind is VisitChangeKind.MOVED}
    assert moved == {"V1", "V3"}
    assert new.moved == 2
    assert new.is_moved_least


def test_an_overrun_is_told_and_what_follows_is_late_or_moved():
    problem, plan = three_staff()
    (route,) = plan.routes
    done = BegunVisit(
        visit=VisitId("V2"), shift=route.shift, begin_s=9 * 3600 + 600, leave_s=11 * 3600
    )
    new = anew(problem, plan, DayState(now_s=TEN, begun=(done,)), moved_gbp=1e6)
    stops = {s.place: s for r in new.plan.routes for s in r.stops if s.kind is StopKind.VISIT}
    assert stops["V2"].leave_s == pytest.approx(11 * 3600, abs=1)
    assert shift_of(new.plan)["V1"] != route.shift  # 11:00 and travel is too late for its window
    assert shift_of(new.plan)["V3"] == route.shift


def test_an_urgent_visit_is_added():
    problem, _ = three_staff()
    known = replace(
        problem,
        visits=problem.visits[:2],
        travel=problem.travel.select(["D", "V1", "V2"], ["D", "V1", "V2"]),
    )
    plan = exact_plan(known)
    new = anew(problem, plan, DayState(now_s=TEN))
    assert [(c.visit, c.kind) for c in new.changes] == [("V3", VisitChangeKind.ADDED)]


def test_fewest_moves_first_whatever_it_costs():
    # It would be cheaper if one of the others took both visits of who is ill and V3 as well.
    for seed in range(4):
        problem = over_full_day(seed, visits=6, shifts=3)
        plan = exact_plan(problem)
        state = DayState(now_s=9 * 3600, ill=((plan.routes[0].staff, 9 * 3600),))
        least = anew(problem, plan, state, puts_fewest_moves_first=True)
        free = anew(problem, plan, state, moved_gbp=0.0, changed_gbp_per_minute=0.0)
        assert least.moved <= free.moved
        assert len(least.plan.unmade) == len(free.plan.unmade)
        assert least.plan.cost.total_gbp >= free.plan.cost.total_gbp - 1e-6
        assert least.is_moved_least


def test_freedom_is_graded_by_the_clock():
    problem, plan = three_staff()
    (route,) = plan.routes
    urgent = replace(problem.visits[2], windows=(TimeWindow(start_s=TEN, end_s=TEN),))
    problem = replace(problem, visits=(*problem.visits[:2], urgent))
    state = DayState(now_s=TEN - 1800, freedom=Freedom(fixed_until_s=TEN + 3600))
    new = anew(problem, plan, state)
    assert begins_s(new.plan)["V1"] == pytest.approx(begins_s(plan)["V1"], abs=1)
    assert shift_of(new.plan)["V1"] == route.shift


def test_a_promise_that_cannot_be_kept_is_told():
    problem, plan = three_staff()
    (route,) = plan.routes
    alone = replace(problem, shifts=tuple(s for s in problem.shifts if s.id == route.shift))
    done = BegunVisit(
        visit=VisitId("V2"), shift=route.shift, begin_s=9 * 3600 + 600, leave_s=TEN + 1800
    )
    state = DayState(now_s=TEN, begun=(done,), promised=frozenset({VisitId("V1")}))
    new = anew(alone, plan, state)
    assert new.not_kept == {"V1"}
    kinds = {c.visit: c.kind for c in new.changes}
    assert kinds["V1"] is VisitChangeKind.RETIMED


def test_faults_of_a_day_planned_anew_are_found():
    problem, plan = three_staff()
    (route,) = plan.routes
    state = DayState(now_s=TEN - 1800, promised=frozenset({VisitId("V3")}))
    new = anew(problem, plan, state)
    assert find_lock_faults(plan, replace(state, now_s=TEN + 7200), new) == ()

    def faults(changed, state=state):
        return find_lock_faults(plan, state, replace(new, plan=replace(new.plan, routes=changed)))

    def with_stop(number, **changes):
        stops = list(route.stops)
        stops[number] = replace(stops[number], **changes)
        return (replace(route, stops=tuple(stops)),)

    first, last = (
        n for n, s in enumerate(route.stops) if s.kind is StopKind.VISIT and s.place != "V1"
    )
    assert faults(()) == (f"{route.shift} has been at V2, which is no longer there in its round",)
    assert faults(with_stop(first, wait_s=99.0)) == (
        f"{route.shift} has been at V2, but its round now says otherwise",
    )
    assert "V3 was promised at another time" in faults(with_stop(last, begin_s=TEN + 7200.0))
    assert f"{route.shift}: V3 begins before now" in faults(with_stop(last, begin_s=TEN - 3600.0))
    ill = replace(state, ill=((route.staff, TEN - 1800),), promised=frozenset())
    assert f"{route.staff} is ill, but is to make V1" in faults((route,), ill)
    done = BegunVisit(
        visit=VisitId("V2"), shift=route.shift, begin_s=9 * 3600 + 600, leave_s=11 * 3600
    )
    assert faults((route,), DayState(now_s=TEN, begun=(done,))) == (
        f"{route.shift} is at V2 longer than its round says",
    )
