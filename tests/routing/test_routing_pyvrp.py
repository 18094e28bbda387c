"""PyVRP's model of a day: what it knows, and that its prices are ours."""

import time
from dataclasses import replace
from random import Random

import pytest
import toytown
from rounds_cases import small_day
from test_routing_search import UNPLAIN

from ntgeo.domain.units import METRES_PER_MILE
from ntgeo.routing.cost import cost_of
from ntgeo.routing.figures import day_arrays
from ntgeo.routing.pyvrp_routes.knows import unknown_rules
from ntgeo.routing.pyvrp_routes.search import Burst, PyvrpSearch
from ntgeo.routing.solve.sheets import latest_start, write_sheets

KNOWN_RULES = (
    "duration_by_staff",
    "skills",
    "required_staff",
    "forbidden_staff",
    "preferred_staff",
    "usual_staff",
    "pinned_time",
    "set_up_at_address",
    "load",
    "end_at_last_visit",
    "most_work",
    "parking",
    "mileage",
    "no_way",
)
KNOWN = {
    "lengths by staff",
    "new faces",
    "no end place",
    "shifts that travel or cost unalike",
    "unmade visits in pounds",
}
NAMED_OTHERWISE = {
    "breaks after work, unpaid or several": "breaks",
    "greatest distance": "greatest distance beside prices of time or staff",
}


def without_breaks(problem):
    return replace(problem, shifts=tuple(replace(s, breaks=()) for s in problem.shifts))


@pytest.mark.parametrize("rule", UNPLAIN)
def test_what_it_knows(rule):
    problem = UNPLAIN[rule]
    if "breaks" not in rule:
        problem = without_breaks(problem)
    told = unknown_rules(day_arrays(problem))
    assert told == (() if rule in KNOWN else (NAMED_OTHERWISE.get(rule, rule),))


def test_it_knows_one_window_a_visit():
    two = (toytown.hours(9, 10), toytown.hours(12, 13))
    problem = without_breaks(toytown.routing_problem(visits=(toytown.visit("V1", windows=two),)))
    assert unknown_rules(day_arrays(problem)) == ("several windows",)


def test_rounds_are_possible_and_priced_just_as_we_do():
    count = 0
    for seed in range(40):
        chance = Random(seed)  # noqa: S311
        problem = small_day(chance, chance.sample(KNOWN_RULES, 4), visits=(3, 4))
        day = day_arrays(problem)
        assert unknown_rules(day) == ()
        met = []
        search = PyvrpSearch(day, lambda *route: met.append(route), seed=1)  # noqa: B023
        search.run(None, Burst(30, time.monotonic() + 60), must_make_all=False)
        for kind, order, gbp in met:
            ours_gbp = cost_of_round(problem, day, kind, order)
            assert gbp == pytest.approx(ours_gbp, rel=1e-3, abs=1e-3)
            assert gbp == search.price(kind, order)
        count += len(met)
    assert count > 50


def cost_of_round(problem, day, shift, order):
    orders = [()] * len(problem.shifts)
    orders[shift] = order
    routes = write_sheets(problem, day, orders, lambda s, o: latest_start(day, s, o))
    left = [v.id for number, v in enumerate(problem.visits) if number not in order]
    cost = cost_of(problem, routes, left)
    return cost.total_gbp - cost.unmade_gbp


def test_a_limit_on_distance_is_one_on_its_price():
    by_distance = replace(
        toytown.BY_SECONDS, travel_gbp_per_hour=0.0, mileage_gbp_per_mile=METRES_PER_MILE
    )
    for most_m, is_made in ((5000.0, True), (4999.0, False)):
        shift = toytown.shift("A", costs=by_distance, most_distance_m=most_m)
        problem = toytown.routing_problem(visits=(toytown.visit("V1"),), shifts=(shift,))
        day = day_arrays(problem)
        assert unknown_rules(day) == ()
        search = PyvrpSearch(day, lambda *_: None, seed=1)
        assert (search.price(0, (0,)) < float("inf")) is is_made


def test_an_overfull_day_leaves_visits_unless_all_must_be_made():
    shift = toytown.shift("A", hours=toytown.hours(9, 10))
    day = day_arrays(toytown.routing_problem(shifts=(shift,)))
    search = PyvrpSearch(day, lambda *_: None, seed=1)
    burst = Burst(50, time.monotonic() + 60)
    assert search.run(None, burst, must_make_all=True) is None
    left = search.run(((0,),), Burst(50, time.monotonic() + 60), must_make_all=False)
    assert sum(map(len, left)) == 1


def test_bursts_of_iterations_repeat_and_stop_in_time():
    problem = without_breaks(toytown.routing_problem())
    found = []
    for _ in range(2):
        search = PyvrpSearch(day_arrays(problem), lambda *_: None, seed=3)
        first = search.run(None, Burst(40, time.monotonic() + 60), must_make_all=True)
        found.append(search.run(first, Burst(40, time.monotonic() + 60), must_make_all=True))
    assert found[0] == found[1]
    late = Burst(None, time.monotonic() - 1)
    assert late(0)
    assert late.is_late
