"""Choosing among routes, by hand and by trying every choice."""

import time
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
import toytown

from ntgeo.domain.routing import RoundsPrices, ShiftId, StaffId
from ntgeo.routing.figures import day_arrays
from ntgeo.routing.recombine.choose import Choice, best_choice
from ntgeo.routing.recombine.pool import PooledRoutes, PoolRoute


def a_day(**changes):
    """Three visits that anyone can make, and two shifts that are the same."""
    one = toytown.shift("A", skills=frozenset({"lift"}))
    return day_arrays(
        toytown.routing_problem(
            shifts=(one, replace(one, id=ShiftId("C"), staff=StaffId("staff-C"))), **changes
        )
    )


def choose(day, routes, plan):
    choice = Choice(effort=1.0, deadline=time.monotonic() + 60.0, seed=1)
    return best_choice(day, routes, plan, choice)


def test_the_pool_keeps_a_set_of_visits_once_for_a_kind_at_its_cheapest():
    pool = PooledRoutes()
    for kind, order, gbp in (
        (0, (1, 2), 9.0),
        (0, (2, 1), 7.0),
        (0, (1, 2), 8.0),
        (1, (1, 2), 9.0),
    ):
        pool.keep(kind, order, gbp)
    assert pool.routes() == [PoolRoute(0, (2, 1), 7.0), PoolRoute(1, (1, 2), 9.0)]
    assert len(pool) == 2


def test_best_choice_by_hand():
    plan = [PoolRoute(0, (0,), 50.0), PoolRoute(0, (1, 2), 120.0)]
    routes = [*plan, PoolRoute(0, (0, 1), 100.0), PoolRoute(0, (2,), 50.0)]
    assert choose(a_day(), routes, plan) == ((0, 1), (2,))


def test_no_choice_is_better_than_the_best():
    plan = [PoolRoute(0, (0, 1), 100.0), PoolRoute(0, (2,), 50.0)]
    assert choose(a_day(), [*plan, PoolRoute(0, (1, 2), 120.0)], plan) is None


def test_a_cheaper_order_of_the_same_visits_is_taken():
    plan = [PoolRoute(0, (0, 1, 2), 100.0)]
    assert choose(a_day(), [PoolRoute(0, (0, 2, 1), 90.0)], plan) == ((0, 2, 1), ())


def test_no_more_routes_of_a_kind_than_shifts():
    plan = [PoolRoute(0, (0, 1, 2), 100.0)]
    routes = [PoolRoute(0, (visit,), 10.0) for visit in range(3)]
    assert choose(a_day(), routes, plan) is None


def test_a_visit_more_outweighs_any_cost_where_priorities_come_first():
    plan = [PoolRoute(0, (0, 1), 10.0)]
    routes = [*plan, PoolRoute(0, (2,), 5000.0)]
    assert choose(a_day(), routes, plan) == ((0, 1), (2,))


@pytest.mark.parametrize(("price", "is_made"), [(49.0, False), (51.0, True)])
def test_a_visit_is_made_if_that_costs_less_than_leaving_it(price, is_made):
    plan = [PoolRoute(0, (0, 1), 10.0)]
    day = a_day(prices=RoundsPrices(unmade_gbp=(price,) * 5))
    chosen = choose(day, [*plan, PoolRoute(0, (2,), 50.0)], plan)
    assert chosen == (((0, 1), (2,)) if is_made else None)


def test_the_relaxation_bounds_every_choice_and_its_reduced_prices_hold():
    chance = np.random.default_rng(5)
    day = a_day()
    sets = [(0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)]
    for _ in range(20):
        routes = [PoolRoute(0, order, float(chance.uniform(10, 60))) for order in sets]
        best = min(
            sum(route.gbp for route in some)
            for count in (1, 2)
            for some in combinations(routes, count)
            if sorted(visit for route in some for visit in route.order) == [0, 1, 2]
        )
        plan = [routes[-1]]
        chosen = choose(day, routes, plan)
        gbp_of = {route.order: route.gbp for route in routes}
        found = plan[0].gbp if chosen is None else sum(gbp_of[o] for o in chosen if o)
        assert found == pytest.approx(best)


def test_time_that_is_up_chooses_nothing():
    plan = [PoolRoute(0, (0,), 50.0), PoolRoute(0, (1, 2), 120.0)]
    routes = [*plan, PoolRoute(0, (0, 1), 100.0), PoolRoute(0, (2,), 50.0)]
    late = Choice(effort=1.0, deadline=time.monotonic() - 1.0, seed=1)
    assert best_choice(a_day(), routes, plan, late) is None
