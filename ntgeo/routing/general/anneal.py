"""How hot the search runs and for how long."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ntgeo.domain.routing import RoutingProblem
from ntgeo.domain.solving import SolveLimits
from ntgeo.routing.figures import day_arrays
from ntgeo.routing.general.bench import Bench, new_bench, plan_gbp
from ntgeo.routing.general.facts import (
    HAS_TIES,
    PAY,
    PRIORITIES_FIRST,
    UNMADE_GBP,
    Facts,
    pack_facts,
)
from ntgeo.routing.general.loading import load_best, load_orders, orders_of
from ntgeo.routing.general.rounds import COME, LEAD
from ntgeo.routing.general.search import improve

__all__ = ["Effort", "Orders", "search_orders"]

IntArray = npt.NDArray[np.int64]
Orders = tuple[tuple[int, ...], ...]
Told = Callable[[Orders], None]

_CHUNKS = 40
_CHUNK_S = 0.2
_STEPS_PER_VISIT = 1_000
_FEWEST_STEPS = 6_000
_STEP_S, _STEP_S_PER_VISIT = 20e-6, 1.2e-6
_TIED_TIMES = 4.0
_TIME_SHARE = 0.3
_PROBE_STEPS = 20
_UNTOLD_S = 5.0
"""After so long the best rounds are told in the midst of a phase, should it be stopped."""
_UNMADE_COST, _UNMADE_RATIO = 6.0, 2.0
_NOTHING_KEPT = (np.int64(1 << 62), np.inf)


@dataclass(frozen=True)
class Effort:
    """How much work the search may do.

    Args:
        limits: Seed and time limit.
        searching_s: Wall-clock seconds for the search, from when it is compiled and the first
            rounds are built.
        uses_all_time: Whether to search until the deadline; a run may then differ from the next.
            Otherwise the number of visits says how many steps are taken.
    """

    limits: SolveLimits
    searching_s: float
    uses_all_time: bool = False


@dataclass(frozen=True)
class _Phase:
    """Part of the search, from hot to cold in the mean cost of a leg."""

    share: float
    hot: float
    cold: float


_PHASES = (_Phase(0.65, 0.5, 0.02), _Phase(0.35, 0.3, 0.02))


def search_orders(
    problem: RoutingProblem, effort: Effort, told: Told, start: Orders | None = None
) -> tuple[Orders, bool]:
    """Search for good rounds.

    Args:
        problem: The question.
        effort: How much work may be done.
        told: Called with each better plan worth telling.
        start: Rounds to begin with; what of them cannot be made is left out.

    Returns:
        Visits in order for each shift, and whether the deadline cut the search short.
    """
    if not problem.visits or not problem.shifts:
        return tuple(() for _ in problem.shifts), False
    arrays = day_arrays(problem)
    day = pack_facts(arrays)
    search = _Search(day, arrays.visits.priority, effort, told)
    search.begin(start)
    for number in range(len(_PHASES)):
        if search.anneal(number):
            return search.filled(), True
        search.tell(search.filled())
    is_late = time.monotonic() > search.deadline
    return search.filled(), is_late and not effort.uses_all_time


def _steps(day: Facts, time_limit_s: float) -> float:
    """Return how many steps to take: enough for the visits, and few enough for the time limit.

    What a step takes is a fixed estimate, so that the same question and limit mean the same steps
    on any machine; a share of the limit is used, for slower machines than the one measured.
    """
    visits = len(day.visit)
    step_s = _STEP_S + _STEP_S_PER_VISIT * visits
    if day.price[HAS_TIES] > 0.0:
        step_s *= _TIED_TIMES
    enough = max(_FEWEST_STEPS, _STEPS_PER_VISIT * visits)
    affordable = _TIME_SHARE * time_limit_s / step_s
    return float(min(enough, affordable))


def _mean_leg_gbp(day: Facts, bench: Bench) -> float:
    """Return the cost per visit without the visits themselves: the unit of temperature."""
    made = np.flatnonzero(bench.rounds.made[:, COME] > 0)
    lead = bench.rounds.made[made, LEAD]
    pay = day.shift_gbp[lead, PAY] * day.service_ms[lead, made]
    spent = float(plan_gbp(day, bench.rounds)) - float(pay.sum())
    return max(spent / max(1, len(made)), 1e-6)


class _Search:
    def __init__(self, day: Facts, priority: IntArray, effort: Effort, told: Told) -> None:
        self.priority = priority
        self.day, self.effort, self.told = day, effort, told
        self.bench = new_bench(day, effort.limits.seed)
        self.best = _NOTHING_KEPT
        self.scale = 1.0
        self.deadline = self.told_at = 0.0

    def begin(self, start: Orders | None) -> None:
        """Build the first rounds, and start the clock once everything is compiled."""
        day, bench = self.day, self.bench
        if start is not None:
            load_orders(day, bench, start)
        self.best = improve(day, bench, 0, (1.0, 1.0), self.best)
        self.deadline = time.monotonic() + self.effort.searching_s
        self.tell(orders_of(bench))
        self.scale = _mean_leg_gbp(day, bench)
        if day.price[PRIORITIES_FIRST] > 0.0:
            weight = _UNMADE_RATIO ** (5.0 - self.priority)
            day.figure[:, UNMADE_GBP] = _UNMADE_COST * self.scale * weight

    def tell(self, orders: Orders) -> None:
        """Tell of a plan."""
        self.told(orders)
        self.told_at = time.monotonic()

    def anneal(self, number: int) -> bool:
        """Cool from hot to cold; return whether the deadline passed in the midst of it."""
        phase, day, all_time = _PHASES[number], self.day, self.effort.uses_all_time
        total = phase.share * _steps(day, self.effort.limits.time_limit_s)
        started = time.monotonic()
        allowed_s = self._allowed_s(number, started)
        steps = _PROBE_STEPS if all_time else max(1, int(total / _CHUNKS))
        done, warm = 0.0, phase.hot
        while done < 1.0:
            share = _CHUNK_S / allowed_s if all_time else steps / total
            ahead = min(1.0, done + share)
            cool = phase.hot * (phase.cold / phase.hot) ** ahead
            chunk_started = time.monotonic()
            heat = warm * self.scale, cool * self.scale
            self.best = improve(day, self.bench, steps, heat, self.best)
            now = time.monotonic()
            if all_time:
                done = (now - started) / allowed_s
                rate = steps / max(now - chunk_started, 1e-9)
                steps = max(1, min(10 * steps, int(rate * _CHUNK_S)))
            else:
                done = ahead
            warm = phase.hot * (phase.cold / phase.hot) ** min(1.0, done)
            if now > self.deadline:
                return not all_time
            if now > self.told_at + _UNTOLD_S:
                self.tell(orders_of(self.bench))
        return False

    def _allowed_s(self, number: int, started: float) -> float:
        """Return the time of a phase."""
        of_rest = _PHASES[number].share / sum(phase.share for phase in _PHASES[number:])
        return max(1e-3, (self.deadline - started) * of_rest)

    def filled(self) -> Orders:
        """Return the best rounds, with every unmade visit that still fits put in."""
        load_best(self.day, self.bench)
        self.best = improve(self.day, self.bench, 0, (1.0, 1.0), self.best)
        return orders_of(self.bench)
