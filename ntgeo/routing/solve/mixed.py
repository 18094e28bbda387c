"""Rounds of days that are priced route by route: two searches, whose routes are recombined.

PyVRP's local search and ruin and recreate take turns; every good route that either meets goes
into a pool, and after each turn the best choice among all of them, if better, is what the next
sets out from. On a large day of short rounds neighbouring ones are bettered as days of their own,
since a step of PyVRP's search takes longer the more rounds there are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np

from ntgeo.routing.figures import DayArrays, part_of, same_shifts
from ntgeo.routing.figures.arrays import IntArray, ints
from ntgeo.routing.plain.anneal import Cooling, PlainSearch
from ntgeo.routing.pyvrp_routes.search import Burst, PyvrpSearch
from ntgeo.routing.recombine.pool import PooledRoutes, PoolRoute
from ntgeo.routing.solve.clock import Clock
from ntgeo.routing.solve.parts import parts_of

__all__ = ["MixedSearch", "Orders"]

Orders = tuple[tuple[int, ...], ...]
Told = Callable[[Orders], None]

_SAME_GBP: Final = 1e-7


class _Search(Enum):
    """Who takes a turn."""

    PLAIN = "ruin and recreate"
    LOCAL = "PyVRP's search"
    PARTS = "PyVRP's search of neighbouring rounds"


@dataclass(frozen=True, kw_only=True)
class _Turn:
    """A turn of one search.

    Args:
        search: Which.
        share: Of all time, or of all steps.
        hot: Where ruin and recreate begins, in the mean cost of a leg.
        cold: Where it ends.
        is_new: Whether PyVRP's search sets out from a plan of its own.
    """

    search: _Search
    share: float
    hot: float = 0.5
    cold: float = 0.02
    is_new: bool = False


# Two plans that were found apart have more to give each other than one that was bettered twice.
_BOTH: Final = (
    _Turn(search=_Search.LOCAL, share=0.25, is_new=True),
    *(2 * (_Turn(search=_Search.PLAIN, share=0.35),)),
)
_LOCAL_ALONE: Final = (
    _Turn(search=_Search.LOCAL, share=0.85, is_new=True),
    _Turn(search=_Search.LOCAL, share=0.1),
)
_LARGE_LOCAL: Final = (
    _Turn(search=_Search.LOCAL, share=0.22, is_new=True),
    _Turn(search=_Search.PARTS, share=0.76),
)
_PLAIN_ALONE: Final = (
    *(3 * (_Turn(search=_Search.PLAIN, share=0.24, cold=0.05),)),
    _Turn(search=_Search.PLAIN, share=0.24, hot=0.3),
)
_MIDDLING_SHORT: Final = (
    _Turn(search=_Search.PLAIN, share=0.6),
    _Turn(search=_Search.LOCAL, share=0.33),
)
_LARGE_SHORT: Final = (
    _Turn(search=_Search.PLAIN, share=0.78),
    _Turn(search=_Search.PARTS, share=0.2),
)
_MIDDLING_LONG: Final = (
    _Turn(search=_Search.LOCAL, share=0.6, is_new=True),
    _Turn(search=_Search.PLAIN, share=0.35),
)
# A plan of chance takes PyVRP's search most of the time to make good where rounds are long.
_LARGE_LONG: Final = (
    _Turn(search=_Search.PLAIN, share=0.25),
    _Turn(search=_Search.LOCAL, share=0.73),
)
_MIDDLING_VISITS, _LARGE_VISITS, _LONG_ROUND = 150, 400, 16.0
_PART_VISITS: Final = 200
_PART_S: Final = 3.0
_PART_SWEEPS: Final = 2
_CHOICE_EFFORT: Final = 0.5
_STEPS_PER_VISIT, _FEWEST_STEPS = 1_000, 6_000
_STEP_S, _STEP_S_PER_VISIT = 20e-6, 0.3e-6
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
        self._is_overfull = self._has_start = False

    def run(self, start: Orders | None) -> Orders:
        """Search; return the best rounds.

        Args:
            start: Rounds to begin with, which keep every rule.
        """
        start = None if start is None else self._sound(start)
        if start is not None:
            self._has_start = any(start)
            self._consider(start, tells=self.plain is None)
        if self.plain is not None:  # it puts in what the start leaves out
            self._consider(self.plain.begin(start), tells=False)
            self._told(self.best)
        self.clock.start()
        began, done = time.monotonic(), 0.0
        for turn in self._turns():
            done += turn.share
            ends_at = self.clock.deadline
            if self.clock.uses_all_time:
                ends_at = began + done * max(0.0, ends_at - began)
            if time.monotonic() < ends_at:
                self._take(turn, ends_at)
                self._recombine()
        return self.best

    def _turns(self) -> tuple[_Turn, ...]:
        if self.local is None:
            return _PLAIN_ALONE
        visits = len(self.day.visits.load)
        if self.plain is not None and visits <= _MIDDLING_VISITS:
            return _BOTH
        if self.plain is None:
            return _LARGE_LOCAL if self._is_large() else _LOCAL_ALONE
        rounds = [len(order) for order in self.best if order]
        if sum(rounds) > _LONG_ROUND * len(rounds):
            return _LARGE_LONG if self._is_large() else _MIDDLING_LONG
        return _LARGE_SHORT if self._is_large() else _MIDDLING_SHORT

    def _is_large(self) -> bool:
        return len(self.day.visits.load) > _LARGE_VISITS

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
        if turn.search is _Search.PLAIN and self.plain is not None:
            steps = self._steps(turn.share)
            cooling = Cooling(hot=turn.hot, cold=turn.cold, steps=steps, ends_at=ends_at)
            self._consider(self.plain.run(self.best, cooling))
        elif turn.search is _Search.LOCAL:
            burst = Burst(self._iterations(turn.share), ends_at)
            self._search_locally(burst, is_new=turn.is_new and not self._has_start)
        elif turn.search is _Search.PARTS:
            self._search_parts(turn.share, ends_at)

    def _search_locally(self, burst: Burst, *, is_new: bool) -> None:
        if self.local is None:
            return
        start = self.best if any(self.best) and not is_new else None
        must_make_all = self.day.prices.puts_priorities_first and (
            self._is_complete(self.best) or not (any(self.best) or self._is_overfull)
        )
        found = self.local.run(start, burst, must_make_all=must_make_all)
        if found is None:
            self._is_overfull = True
        else:
            self._consider(found)

    def _search_parts(self, share: float, ends_at: float) -> None:
        """Better neighbouring rounds as a day of their own, each round at least once a sweep."""
        chance = np.random.default_rng(self.clock.limits.seed)
        iterations, sweeps = self._iterations(share), 0
        while time.monotonic() < ends_at and (iterations is None or sweeps < _PART_SWEEPS):
            parts = list(parts_of(self.day, self.best, chance, _PART_VISITS))
            sweeps += 1
            for number, shifts in enumerate(parts):
                now = time.monotonic()
                most_s = max(_PART_S, (ends_at - now) / (_PART_SWEEPS * (len(parts) - number)))
                part_s = most_s if iterations is None else ends_at - now
                each = iterations and max(1, iterations // (_PART_SWEEPS * len(parts)))
                if now < ends_at:
                    self._search_part(shifts, Burst(each, min(ends_at, now + part_s)))

    def _search_part(self, shifts: IntArray, burst: Burst) -> None:
        before = [self.best[shift] for shift in shifts.tolist()]
        visits = np.sort(ints([visit for order in before for visit in order]))
        kinds = ints(self._kinds)[shifts].tolist()

        def keep(kind: int, order: tuple[int, ...], gbp: float) -> None:
            self.pool.keep(kinds[kind], tuple(visits[list(order)].tolist()), gbp)

        part = PyvrpSearch(part_of(self.day, shifts, visits), keep, self.clock.limits.seed)
        start = [np.searchsorted(visits, ints(order)).tolist() for order in before]
        found = part.run(start, burst, must_make_all=True)
        if found is not None:
            orders = list(self.best)
            for shift, order in zip(shifts.tolist(), found, strict=True):
                orders[shift] = tuple(visits[list(order)].tolist())
            self._consider(tuple(orders))

    def _is_complete(self, orders: Orders) -> bool:
        makeable = np.flatnonzero(self.day.visits.may_make.any(axis=0)).tolist()
        return set(makeable) <= {visit for order in orders for visit in order}

    def _recombine(self) -> None:
        """Take the best choice among all routes met, where it is better."""
        if self._is_large():  # it would take longer than what it finds is worth
            return
        from ntgeo.routing.recombine.choose import (  # noqa: PLC0415 - slow to load
            Choice,
            best_choice,
        )

        plan = [
            PoolRoute(kind, order, self.price(shift, order))
            for shift, (kind, order) in enumerate(zip(self._kinds, self.best, strict=True))
            if order
        ]
        choice = Choice(
            effort=_CHOICE_EFFORT,
            deadline=self.clock.deadline,
            seed=self.clock.limits.seed,
        )
        chosen = best_choice(self.day, self.pool.routes(), plan, choice)
        if chosen is not None:
            self._consider(chosen)

    def _consider(self, orders: Orders, *, tells: bool = True) -> None:
        value = self._value(orders)
        is_cheaper = value[0] == self.best_value[0] and value[1] < self.best_value[1] - _SAME_GBP
        if value[0] < self.best_value[0] or is_cheaper:
            self.best, self.best_value = orders, value
            if tells:
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
