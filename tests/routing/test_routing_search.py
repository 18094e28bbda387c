from dataclasses import replace

import numpy as np
import toytown
from hypothesis import HealthCheck, given, settings
from rounds_cases import plain_days

from ntgeo.domain.routing import ShiftId, StaffId
from ntgeo.routing.plain.bench import is_better, load_rounds, new_bench, total_cost, unmade_weight
from ntgeo.routing.plain.exact import best_orders
from ntgeo.routing.plain.figures import day_figures
from ntgeo.routing.plain.insertion import NOBODY, best_place, empty_rounds
from ntgeo.routing.plain.pool import keep_route, new_pool
from ntgeo.routing.plain.recombine import best_choice
from ntgeo.routing.plain.search import improve, recreate_all
from ntgeo.routing.plain.timing import route_cost

ALL = list(HealthCheck)


def searched(day, *, steps=300, seed=1):
    bench = new_bench(day, 1e5 * day.unmade_weight.astype(float), seed)
    pool = new_pool(len(day.travel_s), len(day.kind))
    recreate_all(day, bench)
    improve(day, bench, pool, steps, (300.0, 3.0, 0.02))
    return bench, pool


def orders_of(day, rounds):
    return tuple(
        tuple(int(p) - day.depot_count for p in rounds.stops[s, 1 : n + 1])
        for s, n in enumerate(rounds.size)
    )


@settings(max_examples=60, deadline=None, suppress_health_check=ALL, derandomize=True)
@given(plain_days(visits=(1, 5)))
def test_search_is_never_better_than_proof_and_finds_it_on_small_days(problem):
    day = day_figures(problem)
    bench, _ = searched(day)
    proven = empty_rounds(day)
    load_rounds(day, proven, best_orders(day))
    assert not is_better(day, bench.best, proven)
    assert unmade_weight(day, bench.best) == unmade_weight(day, proven)
    assert total_cost(bench.best) <= 1.05 * total_cost(proven)


@settings(max_examples=60, deadline=None, suppress_health_check=ALL, derandomize=True)
@given(plain_days(visits=(1, 5)))
def test_what_is_kept_about_rounds_is_what_a_fresh_look_gives(problem):
    day = day_figures(problem)
    bench, pool = searched(day, steps=50)
    for rounds in (bench.rounds, bench.best):
        fresh = empty_rounds(day)
        load_rounds(day, fresh, orders_of(day, rounds))
        np.testing.assert_array_equal(rounds.made_by, fresh.made_by)
        np.testing.assert_allclose(rounds.cost, fresh.cost)
        for shift, order in enumerate(orders_of(day, rounds)):
            np.testing.assert_allclose(fresh.cost[shift], cost_of(day, shift, order))
    for route in range(pool.size[0]):
        places = pool.visits[pool.first[route] : pool.first[route + 1]]
        order = tuple(int(place) - day.depot_count for place in places)
        np.testing.assert_allclose(
            pool.cost[route], cost_of(day, int(pool.kind[route]), order), rtol=1e-9
        )


@settings(max_examples=100, deadline=None, suppress_health_check=ALL, derandomize=True)
@given(plain_days(visits=(1, 5), shifts=1))
def test_a_visit_fits_just_where_the_round_can_then_be_made(problem):
    day = day_figures(problem)
    bench, _ = searched(day, steps=20)
    order = orders_of(day, bench.rounds)[0]
    for visit in np.flatnonzero(bench.rounds.made_by == NOBODY):
        carried = bench.rounds.load[0] + day.load[visit]
        if not day.may_make[0, visit] or carried > day.capacity[0]:
            continue
        costs = [
            cost_of(day, 0, (*order[:at], int(visit), *order[at:])) for at in range(len(order) + 1)
        ]
        added, _ = best_place(day, bench.rounds, int(visit), 0, np.inf)
        assert np.isfinite(added) == np.isfinite(min(costs))


def cost_of(day, shift, order):
    start, end = day.ends[shift]
    stops = [start, *(visit + day.depot_count for visit in order), end]
    return route_cost(day, shift, np.array(stops, dtype=np.int64))


def test_same_seed_same_rounds():
    day = day_figures(toytown.routing_problem())
    first, again = (orders_of(day, searched(day, seed=7)[0].best) for _ in range(2))
    assert first == again


def test_pool_keeps_a_set_of_visits_once_at_its_least_cost():
    pool = new_pool(5, 2)
    for visits, cost in (([1, 2], 9.0), ([2, 1], 7.0), ([1, 2], 8.0), ([1, 3], 5.0)):
        keep_route(pool, 0, np.array(visits, dtype=np.int64), cost)
    keep_route(pool, 1, np.array([1, 2], dtype=np.int64), 4.0)
    assert pool.size[0] == 3
    assert pool.visits[:6].tolist() == [2, 1, 1, 3, 1, 2]
    assert pool.cost[:3].tolist() == [7.0, 5.0, 4.0]
    assert pool.kind[:3].tolist() == [0, 0, 1]


def test_best_choice_of_routes_by_hand():
    problem = toytown.routing_problem(
        visits=tuple(toytown.visit(v, skills=frozenset()) for v in ("V1", "V2", "V3")),
        shifts=(
            toytown.shift("A"),
            replace(toytown.shift("A"), id=ShiftId("C"), staff=StaffId("staff-C")),
        ),
    )
    day = day_figures(problem)
    pool = new_pool(len(day.travel_s), 2)
    # One round for V1 and V2, one for V3: 30 minutes of travel and 120 of work in all.
    for places, cost in (([1], 50.0), ([2], 70.0), ([1, 2], 100.0), ([3], 50.0)):
        keep_route(pool, 0, np.array(places, dtype=np.int64), cost * 60)
    assert best_choice(day, pool, ((0,), (1,)), limit=1.0, seconds=60.0, seed=1) in (
        ((0, 1), (2,)),
        ((2,), (0, 1)),
    )
