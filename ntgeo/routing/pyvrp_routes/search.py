"""PyVRP's iterated local search, in bursts: between two of them its routes can be recombined."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import pyvrp
from pyvrp import IteratedLocalSearch, PenaltyManager, PenaltyParams
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.IteratedLocalSearch import IteratedLocalSearchCallbacks, IteratedLocalSearchParams
from pyvrp.search import OPERATORS, LocalSearch, NeighbourhoodParams, compute_neighbours

from ntgeo.routing.figures import DayArrays, same_shifts
from ntgeo.routing.pyvrp_routes.translate import PyvrpDay, translate

__all__ = ["Burst", "Keep", "PyvrpSearch"]

Orders = tuple[tuple[int, ...], ...]
Keep = Callable[[int, tuple[int, ...], float], None]
"""Called with each route met: its shift, or one that is the same; its visits; its price."""

_FIRST_PENALTY: Final = 5000.0
_LEAVING_PENALTY: Final = 1000.0
"""Where visits may be left: dearer than leaving the visit whose window is missed by a leg."""
_LEAST_PENALTY, _MOST_PENALTY = 0.1, 10_000.0
_SETTLING: Final = 500
"""Iterations between two adjustments of the penalties."""

_FEW_ROUTES: Final = 5
_MOST_ROUTES_LOOKED_AT: Final = 25
"""A plan's routes are looked at in turns of so many accepted ones that it is this many each."""


class Burst:
    """How long a burst lasts: a number of iterations, and never beyond a moment.

    Args:
        iterations: How many at most; ``None`` for as many as there is time for.
        deadline: Moment of :func:`time.monotonic`.
    """

    def __init__(self, iterations: int | None, deadline: float) -> None:
        self.left, self.deadline = iterations, deadline
        self.is_late = False

    def __call__(self, best_cost: int) -> bool:  # noqa: ARG002 - as PyVRP calls it
        """Return whether to stop, as PyVRP asks before each iteration."""
        self.is_late = time.monotonic() >= self.deadline
        if self.left is None:
            return self.is_late
        self.left -= 1
        return self.left < 0 or self.is_late


class PyvrpSearch:
    """A search that goes on from burst to burst.

    Args:
        day: A day of which PyVRP knows every rule.
        keep: Called with each route met that keeps every rule.
        seed: Of its random choices.
    """

    def __init__(self, day: DayArrays, keep: Keep, seed: int) -> None:
        self.day = day
        self._keep, self._seed = keep, seed
        self._type_of = _types(day)
        self._engine_of: dict[bool, _Engine] = {}

    def price(self, shift: int, order: Sequence[int]) -> float:
        """Return what a round costs, in pounds; infinite where it cannot be made."""
        engine = self._engine(must_make_all=True)
        route = pyvrp.Route(engine.asked.data, list(order), self._type_of[shift])
        return _gbp(route, engine.asked) if route.is_feasible() else float("inf")

    def run(
        self, start: Sequence[Sequence[int]] | None, burst: Burst, *, must_make_all: bool
    ) -> Orders | None:
        """Search on from a plan; return the best met, or ``None`` if none keeps every rule.

        Args:
            start: Visits in order for each shift; ``None`` for a plan of its own.
            burst: How long.
            must_make_all: Whether plans that leave a visit which somebody can make are not
                looked at.
        """
        engine = self._engine(must_make_all=must_make_all)
        first = engine.first() if start is None else self._solution(engine, start)
        best = engine.search(first, burst)
        return self._orders(best) if best.is_feasible() else None

    def _engine(self, *, must_make_all: bool) -> _Engine:
        if must_make_all not in self._engine_of:
            asked = translate(self.day, must_make_all=must_make_all)
            self._engine_of[must_make_all] = _Engine(
                asked, self._keep, self._seed, must_make_all=must_make_all
            )
        return self._engine_of[must_make_all]

    def _solution(self, engine: _Engine, start: Sequence[Sequence[int]]) -> pyvrp.Solution:
        data = engine.asked.data
        rounds = zip(start, self._type_of, strict=True)
        routes = [pyvrp.Route(data, list(order), kind) for order, kind in rounds if order]
        return pyvrp.Solution(data, routes)

    def _orders(self, solution: pyvrp.Solution) -> Orders:
        """Give the routes of each type of vehicle to its shifts in order."""
        waiting: dict[int, list[tuple[int, ...]]] = {}
        for route in solution.routes():
            waiting.setdefault(route.vehicle_type(), []).append(_order(route))
        for several in waiting.values():
            several.sort(reverse=True)
        return tuple(waiting[kind].pop() if waiting.get(kind) else () for kind in self._type_of)


class _Engine:
    """PyVRP's search of one model, with its penalties and its chance, which go on."""

    def __init__(self, asked: PyvrpDay, keep: Keep, seed: int, *, must_make_all: bool) -> None:
        self.asked = asked
        self._chance = pyvrp.RandomNumberGenerator(seed=seed)
        self._local = LocalSearch(asked.data, self._chance, _neighbours(asked))
        for operator in OPERATORS:
            if operator.supports(asked.data):
                self._local.add_operator(operator(asked.data))
        self._penalties = _penalties(asked, must_make_all=must_make_all)
        self._settings = IteratedLocalSearchParams(callbacks=_Seen(asked, keep))

    def first(self) -> pyvrp.Solution:
        """Return a plan of chance, improved at once."""
        chance = pyvrp.Solution.make_random(self.asked.data, self._chance)
        return self._local(chance, self._penalties.cost_evaluator(), exhaustive=True)

    def search(self, first: pyvrp.Solution, burst: Burst) -> pyvrp.Solution:
        """Return the best plan met."""
        search = IteratedLocalSearch(
            self.asked.data, self._penalties, self._local, first, self._settings
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PenaltyBoundWarning)  # an over-full day is no fault
            return search.run(burst, collect_stats=False).best


def _neighbours(asked: PyvrpDay) -> Any:
    """Return the visits near each other: a wait weighs as on a day whose legs cost what they last.

    PyVRP adds milliseconds to parts of a pound, of which there may be many more.
    """
    weight = NeighbourhoodParams().weight_wait_time * asked.leg_cost / asked.leg_ms
    return compute_neighbours(asked.data, NeighbourhoodParams(weight_wait_time=weight))


def _types(day: DayArrays) -> list[int]:
    """Return (shifts,) the type of vehicle that stands for each."""
    same = same_shifts(day)
    return np.searchsorted(np.unique(same), same).tolist()


def _order(route: pyvrp.Route) -> tuple[int, ...]:
    return tuple(stop.idx for stop in route if stop.is_client())


def _gbp(route: pyvrp.Route, asked: PyvrpDay) -> float:
    parts = route.fixed_vehicle_cost() + route.distance_cost() + route.duration_cost()
    return float(parts / asked.per_gbp)


def _penalties(asked: PyvrpDay, *, must_make_all: bool) -> PenaltyManager:
    """Return penalties that begin at so many legs' price for a leg's duration or a visit's load.

    PyVRP's own begin where nearly every plan that it looks at keeps every rule, and are long in
    coming down.
    """
    per_ms = asked.leg_cost / asked.leg_ms
    params = PenaltyParams(
        solutions_between_updates=_SETTLING,
        min_penalty=_LEAST_PENALTY * min(per_ms, 1.0),
        max_penalty=_MOST_PENALTY * max(per_ms, 1.0),
    )
    legs = _FIRST_PENALTY if must_make_all else _LEAVING_PENALTY
    return PenaltyManager(([legs * per_ms], legs * per_ms, legs), params)


class _Seen(IteratedLocalSearchCallbacks):
    """Hears of every candidate, and keeps each route of those that are looked at once."""

    def __init__(self, asked: PyvrpDay, keep: Keep) -> None:
        self._asked, self._keep = asked, keep
        self._known: set[tuple[int, ...]] = set()
        self._unseen = 0

    def on_iteration(self, current: Any, candidate: Any, _best: Any, _costs: Any) -> None:
        """Keep the candidate's routes, if it is accepted or has few; if it has many, in turns."""
        if candidate is not current and candidate.num_routes() > _FEW_ROUTES:
            return
        self._unseen += 1
        if self._unseen * _MOST_ROUTES_LOOKED_AT >= candidate.num_routes():
            self._unseen = 0
            self._look(candidate)

    def on_best(self, best: Any) -> None:
        """Keep the routes of a plan that is better than all before."""
        self._look(best)

    def _look(self, plan: Any) -> None:
        for route in plan.routes():
            # Telling routes apart by their sums is far quicker than by their visits.
            mark = (
                route.vehicle_type(),
                route.distance(),
                route.duration(),
                route.slack(),
                route.start_time(),
                *route.delivery(),
                route.num_clients(),
            )
            if mark in self._known:
                continue
            self._known.add(mark)
            if route.is_feasible():
                self._tell(route)

    def _tell(self, route: pyvrp.Route) -> None:
        kind = self._asked.kinds[route.vehicle_type()]
        self._keep(kind, _order(route), _gbp(route, self._asked))
