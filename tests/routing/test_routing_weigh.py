"""What is said to make an unmade visit does, at the cost said, and a step less does not."""

from dataclasses import replace

import pytest
import toytown as toy
from exact_plans import exact_plan, over_full_day
from weighed_days import differences

from ntgeo.domain.routing import (
    ChangeKind,
    RoundsPrices,
    ShiftId,
    SmallestChange,
    TimeWindow,
    UnmadeCode,
)
from ntgeo.domain.solving import SolveLimits
from ntgeo.routing import find_faults, weigh_changes
from ntgeo.routing.answers import weigh
from ntgeo.routing.answers.weigh import weigh_in_process

LIMITS = SolveLimits(time_limit_s=60.0)


@pytest.mark.parametrize("seed", range(6))
def test_a_change_does_and_a_step_less_does_not(seed):
    problem = over_full_day(seed)
    plan = exact_plan(problem)
    weighed = weigh_in_process(problem, plan, LIMITS)
    assert find_faults(problem, weighed) == ()
    for unmade in weighed.unmade:
        assert differences(problem, plan, unmade) == []


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
