"""The best choice among all routes that the search met: set partitioning by OR-Tools CP-SAT."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from ortools.sat.python import cp_model

from ntgeo.routing.plain.figures import DayFigures
from ntgeo.routing.plain.pool import RoutePool
from ntgeo.routing.plain.timing import route_cost

__all__ = ["best_choice"]

_LARGEST_COST = 10_000_000

Orders = Sequence[Sequence[int]]


class _PoolRoute(NamedTuple):
    kind: int
    order: tuple[int, ...]
    cost: float


class _Choice(NamedTuple):
    """The model: which routes are chosen, which visits stay unmade."""

    model: cp_model.CpModel
    chosen: list[cp_model.IntVar]
    unmade: list[cp_model.IntVar]


def best_choice(
    day: DayFigures, pool: RoutePool, orders: Orders, *, limit: float, seconds: float, seed: int
) -> tuple[tuple[int, ...], ...]:
    """Choose a route for each shift, each visit at most once; unmade by priority, then cost.

    Args:
        day: The question.
        pool: Routes to choose from.
        orders: The plan so far: visits in order for each shift; its routes are in the choice.
        limit: CP-SAT's deterministic time, so that the same question gives the same answer.
        seconds: Wall-clock limit: a guard, not met when all goes well.
        seed: Of CP-SAT.

    Returns:
        Visits in order for each shift; the plan so far if nothing better was found.
    """
    routes = _routes(day, pool, orders)
    choice = _choice(day, routes)
    _hint(choice, routes, orders)
    solver = cp_model.CpSolver()
    solver.parameters.max_deterministic_time = limit
    solver.parameters.max_time_in_seconds = seconds / 2
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.random_seed = seed
    lost = sum(
        int(weight) * is_unmade
        for weight, is_unmade in zip(day.unmade_weight, choice.unmade, strict=True)
    )
    choice.model.minimize(lost)
    if solver.solve(choice.model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return tuple(map(tuple, orders))
    choice.model.add(lost <= round(solver.objective_value))
    _hint_again(choice, solver)
    scale = _LARGEST_COST / max(1e-9, *(route.cost for route in routes), 0.0)
    costs = zip(routes, choice.chosen, strict=True)
    choice.model.minimize(sum(round(scale * route.cost) * chosen for route, chosen in costs))
    if solver.solve(choice.model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return tuple(map(tuple, orders))
    kept = [r for r, chosen in zip(routes, choice.chosen, strict=True) if solver.value(chosen)]
    return _shared_out(day, kept)


def _routes(day: DayFigures, pool: RoutePool, orders: Orders) -> list[_PoolRoute]:
    routes = [
        _PoolRoute(
            int(pool.kind[number]),
            tuple(
                int(place) - day.depot_count
                for place in pool.visits[pool.first[number] : pool.first[number + 1]]
            ),
            float(pool.cost[number]),
        )
        for number in range(int(pool.size[0]))
    ]
    known = {(route.kind, frozenset(route.order)) for route in routes}
    for shift, order in enumerate(orders):
        kind = int(day.kind[shift])
        if order and (kind, frozenset(order)) not in known:
            stops = [day.ends[shift, 0], *np.add(order, day.depot_count), day.ends[shift, 1]]
            cost = route_cost(day, shift, np.array(stops, dtype=np.int64))
            routes.append(_PoolRoute(kind, tuple(order), float(cost)))
    return routes


def _choice(day: DayFigures, routes: list[_PoolRoute]) -> _Choice:
    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in routes]
    unmade = [model.new_bool_var("") for _ in day.service_s]
    of_visit: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    of_kind: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    for route, is_chosen in zip(routes, chosen, strict=True):
        of_kind[route.kind].append(is_chosen)
        for visit in route.order:
            of_visit[visit].append(is_chosen)
    for visit, is_unmade in enumerate(unmade):
        model.add_exactly_one([*of_visit[visit], is_unmade])
    for kind, several in of_kind.items():
        model.add(sum(several) <= int((day.kind == kind).sum()))
    return _Choice(model, chosen, unmade)


def _hint(choice: _Choice, routes: list[_PoolRoute], orders: Orders) -> None:
    made = {frozenset(order) for order in orders}
    reached = {visit for order in orders for visit in order}
    for route, is_chosen in zip(routes, choice.chosen, strict=True):
        choice.model.add_hint(is_chosen, frozenset(route.order) in made)
    for visit, is_unmade in enumerate(choice.unmade):
        choice.model.add_hint(is_unmade, visit not in reached)


def _hint_again(choice: _Choice, solver: cp_model.CpSolver) -> None:
    choice.model.clear_hints()
    for variable in (*choice.chosen, *choice.unmade):
        choice.model.add_hint(variable, solver.value(variable))


def _shared_out(day: DayFigures, kept: list[_PoolRoute]) -> tuple[tuple[int, ...], ...]:
    """Give each kind's routes to its shifts in order."""
    waiting: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for route in sorted(kept, key=lambda r: r.order, reverse=True):
        waiting[route.kind].append(route.order)
    return tuple(waiting[int(kind)].pop() if waiting[int(kind)] else () for kind in day.kind)
