"""Who could come instead, and which slots a family can be offered."""

from dataclasses import replace

import pytest
import toytown as toy
from exact_plans import exact_plan

from ntgeo.domain.routing import ShiftId, UnmadeCode, VisitId
from ntgeo.domain.solving import SolveLimits
from ntgeo.routing import find_faults, next_best_staff, offer_slots
from ntgeo.routing.answers import next_best, slots
from ntgeo.routing.answers.next_best import next_best_in_process
from ntgeo.routing.answers.slots import offer_in_process

LIMITS = SolveLimits(time_limit_s=60.0)
A, B = ShiftId("A"), ShiftId("B")
V1, V2, V3 = VisitId("V1"), VisitId("V2"), VisitId("V3")


@pytest.fixture(params=["day", "rounds"])
def by(request, monkeypatch):
    """Small days are planned again as a whole; larger ones round by round."""
    if request.param == "rounds":
        monkeypatch.setattr(next_best, "MOST_EXACT_VISITS", 0)
        monkeypatch.setattr(slots, "MOST_EXACT_VISITS", 0)
    return request.param


def test_the_next_best_and_what_it_costs(by):
    # A alone has V2's skill and goes by V1 on the way; B has a paid break.
    problem = toy.routing_problem(visits=(toy.visit("V1"), toy.visit("V2")))
    plan = exact_plan(problem)
    answers = {(a.visit, a.shift): a for a in next_best_in_process(problem, plan, LIMITS)}
    assert set(answers) == {(V1, A), (V2, A)}
    # B would go 5 minutes there and back, 30 of visit and 30 of break; A saves the visit.
    assert answers[V1, A].then == (B,)
    assert answers[V1, A].extra_gbp == 60.0 * (10 + 10 + 30 + 30 - 30)
    assert (answers[V2, A].then, answers[V2, A].extra_gbp) == ((), None)
    assert {a.is_proven for a in answers.values()} == {by == "day"}


def test_slots_and_their_prices(by):
    visits = (toy.visit("V1", windows=(toy.hours(9.25, 9.25),)), toy.visit("V2"))
    problem = toy.routing_problem(visits=visits, shifts=(toy.shift("A"),))
    known = replace(
        problem, visits=visits[:1], travel=problem.travel.select(["D", "V1"], ["D", "V1"])
    )
    plan = exact_plan(known)
    asked = (toy.hours(9.5, 10), toy.hours(11, 11.25), toy.hours(14, 15))
    first, second, third = offer_in_process(problem, plan, V2, asked, LIMITS)
    # on from V1: 10 minutes of travel more and 30 of visit
    assert (first.shifts, first.extra_gbp) == ((A,), 60.0 * (10 + 10 + 30))
    # A reaches V2 at 9:50 and waits until 11:00
    assert first.plan is not None
    assert second.plan is not None
    assert second.extra_gbp == pytest.approx(first.extra_gbp + 60.0 * 70)
    assert (third.plan, third.extra_gbp, third.code) == (None, None, UnmadeCode.NO_WINDOW)
    assert third.reason.startswith("V2 is not made: it starts between 14:00 and 15:00")
    for offer in (first, second):
        promised = replace(visits[1], windows=(offer.slot,))
        assert find_faults(replace(problem, visits=(visits[0], promised)), offer.plan) == ()
    assert first.is_proven is (by == "day")


def test_others_may_move_if_they_may(by):
    visits = (toy.visit("V1"), toy.visit("V2"))
    problem = toy.routing_problem(visits=visits, shifts=(toy.shift("A"),))
    known = replace(
        problem, visits=visits[:1], travel=problem.travel.select(["D", "V1"], ["D", "V1"])
    )
    plan = exact_plan(known)
    early = (toy.hours(9, 9.25),)
    (moved,) = offer_in_process(problem, plan, V2, early, LIMITS, keeps_times=False)
    assert moved.extra_gbp == 60.0 * (10 + 10 + 30)
    assert by in {"day", "rounds"}


def test_in_processes_of_their_own():
    problem = toy.routing_problem(visits=(toy.visit("V1"), toy.visit("V2")))
    plan = exact_plan(problem)
    assert next_best_staff(problem, plan, LIMITS) == next_best_in_process(problem, plan, LIMITS)
    asked = (toy.hours(9, 10), toy.hours(10, 11))
    assert offer_slots(problem, plan, V1, asked, LIMITS) == offer_in_process(
        problem, plan, V1, asked, LIMITS
    )
