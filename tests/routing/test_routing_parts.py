"""Parts of a large day: which rounds they hold, and that they are priced as in the whole day."""

from dataclasses import replace
from itertools import chain

import numpy as np
import pytest
from rounds_cases import seeded_day
from test_routing_solve import a_day

from ntgeo.domain.solving import SolveLimits
from ntgeo.routing import find_faults
from ntgeo.routing.figures import day_arrays, part_of
from ntgeo.routing.plain.anneal import PlainSearch
from ntgeo.routing.pyvrp_routes.search import PyvrpSearch
from ntgeo.routing.solve import mixed, pipeline, solve_in_process
from ntgeo.routing.solve.parts import parts_of

LIMITS = SolveLimits(time_limit_s=5)


@pytest.fixture(scope="module")
def day():
    return day_arrays(a_day(40, 8))


@pytest.fixture(scope="module")
def orders(day):
    return PlainSearch(day, lambda *_: None, 1).begin(None)


def test_every_round_is_in_a_part_of_enough_visits(day, orders):
    parts = list(parts_of(day, orders, np.random.default_rng(1), 10))
    used = {shift for shift, order in enumerate(orders) if order}
    assert len(parts) > 1
    assert used <= set(chain.from_iterable(part.tolist() for part in parts))
    for part in parts:
        assert len(set(part.tolist())) == len(part)
        assert sum(len(orders[shift]) for shift in part) >= 10


def test_one_part_holds_a_day_that_is_no_larger_and_none_an_empty_one(day, orders):
    parts = list(parts_of(day, orders, np.random.default_rng(1), 40))
    assert [set(part.tolist()) >= {s for s, o in enumerate(orders) if o} for part in parts] == [
        True
    ]
    assert list(parts_of(day, [()] * 8, np.random.default_rng(1), 10)) == []


@pytest.mark.parametrize("rules", [(), ("duration_by_staff", "usual_staff", "mileage", "parking")])
def test_rounds_of_a_part_cost_what_they_cost_in_the_whole_day(rules):
    for seed in range(8):
        whole = day_arrays(seeded_day(seed, rules, visits=(7, 7), shifts=3))
        shifts, visits = np.array([0, 2]), np.array([1, 2, 4, 5])
        part = PyvrpSearch(part_of(whole, shifts, visits), lambda *_: None, 1)
        priced = PyvrpSearch(whole, lambda *_: None, 1)
        for own, shift in enumerate(shifts):
            for order in ((0,), (1, 3), (3, 0, 2)):
                in_whole = priced.price(int(shift), tuple(visits[list(order)].tolist()))
                assert part.price(own, order) == pytest.approx(in_whole)


def test_a_day_bettered_in_parts_keeps_every_rule_and_repeats(monkeypatch):
    problem = a_day(24, 6)
    problem = replace(
        problem,
        visits=tuple(replace(visit, windows=visit.windows[:1]) for visit in problem.visits),
        shifts=tuple(replace(shift, breaks=()) for shift in problem.shifts),
    )
    asked = []
    monkeypatch.setattr(mixed, "parts_of", lambda *given: asked.append(0) or parts_of(*given))
    monkeypatch.setattr(mixed, "_PART_VISITS", 8)
    whole_gbp = solve_in_process(problem, LIMITS).report.objective
    assert not asked
    monkeypatch.setattr(mixed, "_MIDDLING_VISITS", 20)
    monkeypatch.setattr(mixed, "_LARGE_VISITS", 20)
    for long_round, is_in_parts in ((0.0, False), (100.0, True)):
        monkeypatch.setattr(mixed, "_LONG_ROUND", long_round)
        plan = solve_in_process(problem, LIMITS)
        assert bool(asked) is is_in_parts
        assert find_faults(problem, plan) == ()
        assert plan.report.objective == solve_in_process(problem, LIMITS).report.objective
        assert plan.report.objective <= 1.1 * whole_gbp
        asked.clear()
    # a day that only PyVRP knows
    monkeypatch.setattr(pipeline, "unplain_rules", lambda _: ("something",))
    plan = solve_in_process(problem, LIMITS)
    assert asked
    assert find_faults(problem, plan) == ()
    assert plan.report.objective <= 1.1 * whole_gbp
