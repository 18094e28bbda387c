"""What is said to make an unmade visit does, at the cost said, and a step less does not."""

from dataclasses import replace

import pytest
import toytown as toy
from exact_plans import exact_plan, over_full_day

from ntgeo.domain.routing import (
    ChangeKind,
    RoundsPrices,
    ShiftId,
    SmallestChange,
    StaffId,
    TimeWindow,
    UnmadeCode,
)
from ntgeo.domain.solving import SolveLimits
from ntgeo.routing import find_faults, weigh_changes
from ntgeo.routing.answers import weigh
from ntgeo.routing.answers.weigh import weigh_in_process

LIMITS = SolveLimits(time_limit_s=60.0)


def as_changed(problem, visit, change, minutes):
    """The day with the change, put together here and not by the code under test."""
    by_s = 60 * minutes
    shifts = list(problem.shifts)
    which = next(n for n, shift in enumerate(shifts) if shift.id == change.shift)
    shift, visits = shifts[which], list(problem.visits)
    if change.kind is ChangeKind.OVERTIME:
        shifts[which] = replace(shift, hours=replace(shift.hours, end_s=shift.hours.end_s + by_s))
    elif change.kind is ChangeKind.SKILL:
        shifts[which] = replace(shift, skills=shift.skills | {change.skill})
    elif change.kind is ChangeKind.STAFF:
        shifts.append(replace(shift, id=ShiftId("S9"), staff=StaffId("P9")))
    else:
        number = next(n for n, v in enumerate(visits) if v.id == visit)
        (window,) = visits[number].windows
        later_s = by_s if change.kind is ChangeKind.LATER else 0
        sooner_s = by_s - later_s
        wide = TimeWindow(start_s=window.start_s - sooner_s, end_s=window.end_s + later_s)
        visits[number] = replace(visits[number], windows=(wide,))
    return replace(problem, shifts=tuple(shifts), visits=tuple(visits))


def with_all(problem, plan, visit):
    """The best plan of the day's made visits and one more, all of the same priority."""
    left = {unmade.visit for unmade in plan.unmade} - {visit}
    visits = tuple(replace(v, priority=1) for v in problem.visits if v.id not in left)
    places = ["D", *(v.id for v in visits)]
    travel = problem.travel.select(places, places)
    return exact_plan(replace(problem, visits=visits, travel=travel))


@pytest.mark.parametrize("seed", range(6))
def test_a_change_does_and_a_step_less_does_not(seed):
    problem = over_full_day(seed)
    plan = exact_plan(problem)
    weighed = weigh_in_process(problem, plan, LIMITS)
    assert find_faults(problem, weighed) == ()
    for unmade in weighed.unmade:
        change = unmade.change
        if change is None:
            continue
        assert change.is_verified
        assert change.is_proven
        day = as_changed(problem, unmade.visit, change, change.minutes)
        mended = with_all(day, plan, unmade.visit)
        assert mended.unmade == ()
        assert mended.cost.total_gbp - plan.cost.total_gbp == pytest.approx(
            change.cost_gbp, abs=0.01
        )
        less = as_changed(problem, unmade.visit, change, max(0, change.minutes - 1))
        if change.minutes == 0:
            less = problem
        assert with_all(less, plan, unmade.visit).unmade != ()


def short_day(minutes, **prices):
    # V1 and V2 take 20 minutes of travel and 60 of visits: home at 10:20.
    hours = TimeWindow(start_s=9 * 3600, end_s=9 * 3600 + (80 - minutes) * 60)
    visits = (toy.visit("V1", priority=4), toy.visit("V2", priority=5))
    return toy.routing_problem(visits=visits, shifts=(toy.shift("A", hours=hours),), **prices)


def test_overtime_to_the_minute_and_what_it_costs():
    problem = short_day(15)
    (unmade,) = weigh_in_process(problem, exact_plan(problem), LIMITS).unmade
    # by seconds: V1 alone is 10 minutes of travel and 40 of work; both are 20 and 80
    assert unmade.change == SmallestChange(
        kind=ChangeKind.OVERTIME,
        shift=ShiftId("A"),
        minutes=15,
        cost_gbp=60.0 * (10 + 40),
        is_verified=True,
        is_proven=True,
    )


def test_a_visit_that_is_only_too_dear_needs_no_change():
    prices = RoundsPrices(unmade_gbp=(1.0,) * 5)
    problem = short_day(0, prices=prices)
    plan = exact_plan(problem)
    assert len(plan.unmade) == 2
    first, _ = weigh_in_process(problem, plan, LIMITS).unmade
    assert first.code is UnmadeCode.TOO_DEAR
    assert first.change is not None
    assert first.change.kind is ChangeKind.PRICE
    assert first.change.cost_gbp == 60.0 * (10 + 40)


def test_larger_days_go_by_five_minutes_and_say_so(monkeypatch):
    monkeypatch.setattr(weigh, "MOST_EXACT_VISITS", 0)
    problem = short_day(12)
    (unmade,) = weigh_in_process(problem, exact_plan(problem), LIMITS).unmade
    assert unmade.change is not None
    assert (unmade.change.minutes, unmade.change.step_minutes) == (15, 5)
    assert unmade.change.is_verified
    assert not unmade.change.is_proven


def test_in_a_process_of_its_own_the_answer_is_the_same():
    problem = short_day(15)
    plan = exact_plan(problem)
    there = weigh_changes(problem, plan, LIMITS)
    assert there == weigh_in_process(problem, plan, LIMITS)
    assert weigh_changes(problem, replace(plan, unmade=()), LIMITS).unmade == ()
