"""Unmade visits go to the nearest round that has room for them."""

import time
from dataclasses import replace

import toytown as toy
from exact_plans import exact_plan

from ntgeo.domain.routing import Pin, RoundsPrices, UnmadeCode, UnmadeVisit, VisitId
from ntgeo.domain.solving import SolveLimits
from ntgeo.routing import find_faults
from ntgeo.routing.answers.asking import Asking
from ntgeo.routing.answers.filled import filled


def asking(seconds=60.0):
    return Asking(SolveLimits(), time.monotonic() + seconds)


def emptied(problem):
    """A plan of which nothing is left."""
    unmade = [
        UnmadeVisit(visit=VisitId(v.id), code=UnmadeCode.NO_ROOM, reason="") for v in problem.visits
    ]
    return replace(exact_plan(problem), routes=(), unmade=tuple(unmade))


def test_all_that_fit_are_made():
    problem = toy.routing_problem()
    plan = filled(problem, emptied(problem), asking())
    assert plan.unmade == ()
    assert find_faults(problem, plan) == ()
    assert plan.cost.total_gbp == plan.report.objective


def test_without_time_nothing_is_done():
    problem = toy.routing_problem()
    assert len(filled(problem, emptied(problem), asking(0.0)).unmade) == len(problem.visits)


def test_what_costs_more_than_leaving_it_is_left():
    prices = RoundsPrices(unmade_gbp=(1.0,) * 5)
    problem = replace(toy.routing_problem(), prices=prices)
    assert len(filled(problem, emptied(problem), asking()).unmade) == len(problem.visits)


def test_a_visit_goes_to_nobody_but_whom_it_is_pinned_to():
    problem = toy.routing_problem()
    pin = Pin(shifts=frozenset({problem.shifts[1].id}))
    pinned = replace(problem, visits=(replace(problem.visits[0], pin=pin), *problem.visits[1:]))
    (made,) = {r.shift for r in filled(pinned, emptied(pinned), asking()).routes if is_in(r, "V1")}
    assert made == problem.shifts[1].id


def is_in(route, visit):
    return any(stop.place == visit for stop in route.stops)
