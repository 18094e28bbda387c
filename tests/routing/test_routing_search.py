from dataclasses import replace

import numpy as np
import pytest
import toytown
from hypothesis import HealthCheck, given, settings
from rounds_cases import plain_days
from rounds_oracle import best_plan

from ntgeo.domain.routing import (
    Break,
    NotAlone,
    Overtime,
    Pin,
    PlaceInRound,
    RoundsPrices,
    ShiftCosts,
    SoftWindow,
    StaffId,
    VisitLink,
    WindowSense,
)
from ntgeo.routing.figures import day_arrays
from ntgeo.routing.plain.bench import load_rounds, new_bench, total_cost
from ntgeo.routing.plain.figures import plain_figures, unplain_rules
from ntgeo.routing.plain.insertion import NOBODY, best_place, empty_rounds
from ntgeo.routing.plain.pool import keep_route, new_pool
from ntgeo.routing.plain.search import improve, recreate_all
from ntgeo.routing.plain.timing import route_cost

ALL = list(HealthCheck)


def figures_of(problem):
    day = day_arrays(problem)
    assert unplain_rules(day) == ()
    return plain_figures(day)


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
@given(plain_days(visits=(1, 4)))
def test_search_is_never_better_than_proof_and_finds_it_on_small_days(problem):
    day = figures_of(problem)
    bench, _ = searched(day)
    best = best_plan(problem)
    left = [v.priority for v, by in zip(problem.visits, bench.best.made_by, strict=True) if by < 0]
    assert tuple(left.count(priority) for priority in range(1, 6)) == best.unmade_by_priority
    assert best.cost_gbp - 1e-6 <= total_cost(bench.best) <= 1.05 * best.cost_gbp + 1e-6


@settings(max_examples=60, deadline=None, suppress_health_check=ALL, derandomize=True)
@given(plain_days(visits=(1, 5)))
def test_what_is_kept_about_rounds_is_what_a_fresh_look_gives(problem):
    day = figures_of(problem)
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
    day = figures_of(problem)
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
    day = figures_of(toytown.routing_problem())
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


def changed_visit(**changes):
    return toytown.routing_problem(visits=(toytown.visit("V1", **changes), toytown.visit("V3")))


def changed_shifts(*changes):
    shifts = zip(("A", "B"), changes, strict=True)
    return toytown.routing_problem(shifts=tuple(toytown.shift(n, **c) for n, c in shifts))


UNPLAIN = {
    "windows of finishing or arriving": changed_visit(window_sense=WindowSense.FINISH),
    "soft windows": changed_visit(
        soft_windows=(SoftWindow(window=toytown.hours(9, 10), late_gbp_per_minute=1.0),)
    ),
    "crews": changed_visit(crew=2),
    "first or last of a round": changed_visit(pin=Pin(place=PlaceInRound.FIRST)),
    "lengths by staff": changed_visit(service_s_by_staff={StaffId("staff-A"): 60}),
    "breaks after work, unpaid or several": changed_shifts(
        {"breaks": (Break(duration_s=600, is_paid=False),)}, {}
    ),
    "overtime": changed_shifts({"overtime": Overtime(after_s=0, gbp_per_hour=9.0)}, {}),
    "greatest travel": changed_shifts({"most_travel_s": 60}, {}),
    "greatest distance": changed_shifts({"most_distance_m": 60.0}, {}),
    "no end place": changed_shifts({"end_place": None}, {}),
    "shifts that travel or cost unalike": changed_shifts({"costs": ShiftCosts()}, {}),
    "unmade visits in pounds": replace(
        toytown.routing_problem(), prices=RoundsPrices(unmade_gbp=(5.0, 4.0, 3.0, 2.0, 1.0))
    ),
    "fair shares": replace(toytown.routing_problem(), prices=RoundsPrices(visits_spread_gbp=1.0)),
    "new faces": replace(
        changed_visit(usual_staff=frozenset({StaffId("staff-A")})),
        prices=RoundsPrices(new_face_gbp=1.0),
    ),
    "linked visits": replace(
        toytown.routing_problem(),
        links=(VisitLink(first="V1", second="V2", least_gap_s=60),),
    ),
}


@pytest.mark.parametrize("rule", UNPLAIN)
def test_a_rule_that_the_plain_search_does_not_know_is_told(rule):
    assert unplain_rules(day_arrays(UNPLAIN[rule])) == (rule,)


def test_after_dark_asks_for_company_of_which_the_plain_search_knows_nothing():
    problem = changed_visit(not_alone=NotAlone.AFTER_DARK)
    assert unplain_rules(day_arrays(problem)) == ("crews",)
