"""Rounds of days that are priced route by route: two searches, whose routes are recombined.

Ruin and recreate and PyVRP's local search take turns; every good route that either meets goes
into a pool, and after each turn the best choice among all of them, if better, is what the next
sets out from.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ntgeo.routing.figures import DayArrays, same_shifts
from ntgeo.routing.plain.anneal import Cooling, PlainSearch
from ntgeo.routing.pyvrp_routes.search import Burst, PyvrpSearch
from ntgeo.routing.recombine.pool import PooledRoutes, PoolRoute
from ntgeo.routing.solve.clock import Clock

__all__ = ["MixedSearch", "Orders"]

Orders = tuple[tuple[int, ...], ...]
Told = Callable[[Orders], None]

_SAME_GBP: Final = 1e-7


@dataclass(frozen=True, kw_only=True)
class _Turn:
    """A turn of both searches.

    Args:
        share: Of all time, or of all steps.
        hot: Where ruin and recreate begins, in the mean cost of a leg.
        cold: Where it ends.
        local_share: Of the turn, for PyVRP's search.
    """

    share: float
    hot: float
    cold: float
    local_share: float = 0.5


_TURNS: Final = (
    *(3 * (_Turn(share=0.25, hot=0.5, cold=0.05),)),
    _Turn(share=0.25, hot=0.3, cold=0.02),
)
_CHOICE_SHARE: Final = 0.1
_CHOICE_EFFORT: Final = 0.5
_STEPS_PER_VISIT, _FEWEST_STEPS = 1_000, 6_000
_STEP_S, _STEP_S_PER_VISIT = 40e-6, 1e-6
_ITERATIONS_PER_VISIT, _FEWEST_ITERATIONS = 30, 600
_ITERATION_S, _ITERATION_S_PER_VISIT = 600e-6, 3e-6
_TIME_SHARE: Final = 0.3
"""Of the limit, that so many steps take on the machine where they were measured."""


class MixedSearch:
    """The search of one day.

    Args:
        day: The question; at least one of the two searches knows its every rule.
        clock: How much time and work there is.
        told: Called with each better plan.
        plain: Whether ruin and recreate knows the day.
        local: Whether PyVRP does.
    """

    def __init__(
        self, day: DayArrays, clock: Clock, told: Told, *, plain: bool, local: bool
    ) -> None:
        self.day, self.clock, self._told = day, clock, told
        self.pool, seed = PooledRoutes(), clock.limits.seed
        self.plain = PlainSearch(day, self.pool.keep, seed) if plain else None
        self.local = PyvrpSearch(day, self.pool.keep, seed) if local else None
        self._kinds = same_shifts(day).tolist()
        self.best: Orders = tuple(() for _ in self._kinds)
        self.best_value = self._value(self.best)
        self._is_overfull = False

    def run(self, start: Orders | None) -> Orders:
        """Search; return the best rounds.

        Args:
            start: Rounds to begin with, which keep every rule.
        """
        start = None if start is None else self._sound(start)
        if start is not None:
            self._consider(start)
        if self.plain is not None:
            self._consider(self.plain.begin(start))
        self.clock.start()
        began, done = time.monotonic(), 0.0
        for turn in _TURNS:
            done += turn.share
            ends_at = self.clock.deadline
            if self.clock.uses_all_time:
                ends_at = began + done * max(0.0, ends_at - began)
            self._take(turn, ends_at)
        return self.best

    def _sound(self, start: Orders) -> Orders:
        """Return rounds without those that this day no longer allows."""
        may_make = self.day.visits.may_make
        rounds = enumerate(start)
        able = [tuple(v for v in order if may_make[shift, v]) for shift, order in rounds]
        prices = [self.price(shift, order) for shift, order in enumerate(able)]
        return tuple(o if p < np.inf else () for o, p in zip(able, prices, strict=True))

    def price(self, shift: int, order: Sequence[int]) -> float:
        """Return what a round costs, in pounds; infinite where it cannot be made."""
        search = self.plain or self.local
        return search.price(shift, order) if search and order else 0.0

    def _take(self, turn: _Turn, ends_at: float) -> None:
        left_s = ends_at - time.monotonic()
        if left_s <= 0.0:
            return
        searching_s = left_s * (1.0 - _CHOICE_SHARE)
        local_share = self._local_share(turn)
        if self.plain is not None:
            until = ends_at
            if self.clock.uses_all_time:
                until -= left_s - searching_s * (1.0 - local_share)
            steps = self._steps(turn.share * (1.0 - local_share))
            cooling = Cooling(hot=turn.hot, cold=turn.cold, steps=steps, ends_at=until)
            self._consider(self.plain.run(self.best, cooling))
            self._recombine(ends_at)
        if self.local is not None:
            until = ends_at
            if self.clock.uses_all_time:
                until -= (left_s - searching_s) / 2
            self._search_locally(Burst(self._iterations(turn.share * local_share), until))
            self._recombine(ends_at)

    def _local_share(self, turn: _Turn) -> float:
        if self.local is None:
            return 0.0
        return 1.0 if self.plain is None else turn.local_share

    def _search_locally(self, burst: Burst) -> None:
        if self.local is None:
            return
        start = self.best if any(self.best) else None
        must_make_all = self.day.prices.puts_priorities_first and (
            self._is_complete(self.best) or not (any(self.best) or self._is_overfull)
        )
        found = self.local.run(start, burst, must_make_all=must_make_all)
        if found is None:
            self._is_overfull = True
        else:
            self._consider(found)

    def _is_complete(self, orders: Orders) -> bool:
        makeable = np.flatnonzero(self.day.visits.may_make.any(axis=0)).tolist()
        return set(makeable) <= {visit for order in orders for visit in order}

    def _recombine(self, ends_at: float) -> None:
        """Take the best choice among all routes met, where it is better."""
        from ntgeo.routing.recombine.choose import (  # noqa: PLC0415 - slow to load
            Choice,
            best_choice,
        )

        limits = self.clock.limits
        guard = ends_at if self.clock.uses_all_time else self.clock.deadline
        plan = [
            PoolRoute(kind, order, self.price(shift, order))
            for shift, (kind, order) in enumerate(zip(self._kinds, self.best, strict=True))
            if order
        ]
        choice = Choice(
            effort=_CHOICE_EFFORT, deadline=guard, seed=limits.seed, workers=limits.workers
        )
        chosen = best_choice(self.day, self.pool.routes(), plan, choice)
        if chosen is not None:
            self._consider(chosen)

    def _consider(self, orders: Orders) -> None:
        value = self._value(orders)
        is_cheaper = value[0] == self.best_value[0] and value[1] < self.best_value[1] - _SAME_GBP
        if value[0] < self.best_value[0] or is_cheaper:
            self.best, self.best_value = orders, value
            self._told(orders)

    def _value(self, orders: Orders) -> tuple[int, float]:
        """Return weight of the visits left, where priorities come first, and cost."""
        visits = self.day.visits
        left = np.ones(len(visits.load), dtype=np.bool_)
        left[[visit for order in orders for visit in order]] = False
        gbp = sum(self.price(shift, order) for shift, order in enumerate(orders))
        is_first = self.day.prices.puts_priorities_first
        weight = int(visits.unmade_weight[left].sum()) if is_first else 0
        return weight, float(gbp + visits.unmade_gbp[left].sum())

    def _steps(self, share: float) -> int | None:
        """Return how many steps of ruin and recreate; ``None`` for as many as there is time for.

        What a step takes is a fixed estimate, so that the same question and limit mean the same
        steps on any machine.
        """
        if self.clock.uses_all_time:
            return None
        visits, limit_s = len(self.day.visits.load), self.clock.limits.time_limit_s
        enough = max(_FEWEST_STEPS, _STEPS_PER_VISIT * visits)
        affordable = _TIME_SHARE * limit_s / (_STEP_S + _STEP_S_PER_VISIT * visits)
        return max(1, int(share * min(enough, affordable)))

    def _iterations(self, share: float) -> int | None:
        """Return how many iterations of PyVRP's search, likewise."""
        if self.clock.uses_all_time:
            return None
        visits, limit_s = len(self.day.visits.load), self.clock.limits.time_limit_s
        enough = max(_FEWEST_ITERATIONS, _ITERATIONS_PER_VISIT * visits)
        affordable = _TIME_SHARE * limit_s / (_ITERATION_S + _ITERATION_S_PER_VISIT * visits)
        return max(1, int(share * min(enough, affordable)))
