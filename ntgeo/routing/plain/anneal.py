"""How hot the search runs and for how long, and when its routes are recombined."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ntgeo.domain.solving import SolveLimits
from ntgeo.routing.plain.bench import Bench, copy_rounds, is_better, load_rounds, new_bench
from ntgeo.routing.plain.figures import DayFigures
from ntgeo.routing.plain.pool import new_pool
from ntgeo.routing.plain.search import improve, recreate_all

__all__ = ["Effort", "Orders", "search_orders"]

Orders = tuple[tuple[int, ...], ...]
Told = Callable[[Orders], None]

_CHUNKS = 40
_CHUNK_S = 0.2
_STEPS_PER_VISIT = 1_000
_FEWEST_STEPS = 6_000
_STEP_S, _STEP_S_PER_VISIT = 40e-6, 1e-6
_TIME_SHARE = 0.3
_PROBE_STEPS = 20
_POOLED_FROM, _POOLED_SHARE = 0.3, 0.03
_CHOICE_LIMIT = 0.5
_CHOICE_SHARE = 0.1
_UNMADE_COST, _UNMADE_RATIO = 6.0, 2.0


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


_PHASES = (*(3 * (_Phase(0.25, 0.5, 0.05),)), _Phase(0.25, 0.3, 0.02))


def search_orders(
    day: DayFigures, priorities: npt.NDArray[np.int64], effort: Effort, told: Told
) -> tuple[Orders, bool]:
    """Search for good rounds.

    Args:
        day: The question.
        priorities: (visits,).
        effort: How much work may be done.
        told: Called with each better plan worth telling.

    Returns:
        Visits in order for each shift, and whether the deadline cut the search short.
    """
    bench = new_bench(day, np.zeros(len(day.service_s)), effort.limits.seed)
    recreate_all(day, bench)
    search = _Search(day, effort, told)
    # Compiled, or loaded, before the clock starts.
    improve(day, bench, search.pool, 0, (1.0, 1.0, 0.0))
    search.start()
    told(_orders(day, bench))
    scale = _mean_leg(day, bench)
    bench.unmade_cost[:] = _UNMADE_COST * scale * _UNMADE_RATIO ** (5.0 - priorities)
    for number in range(len(_PHASES)):
        if search.anneal(bench, number, scale):
            return search.filled(bench), True
        told(search.filled(bench))
        search.recombine(bench)
        told(search.filled(bench))
    is_late = time.monotonic() > search.deadline
    return search.filled(bench), is_late and not effort.uses_all_time


def _steps(visits: int, time_limit_s: float) -> float:
    """Return how many steps to take: enough for the visits, and few enough for the time limit.

    What a step takes is a fixed estimate, so that the same question and limit mean the same steps
    on any machine; a share of the limit is used, for slower machines than the one measured.
    """
    enough = max(_FEWEST_STEPS, _STEPS_PER_VISIT * visits)
    affordable = _TIME_SHARE * time_limit_s / (_STEP_S + _STEP_S_PER_VISIT * visits)
    return float(min(enough, affordable))


def _mean_leg(day: DayFigures, bench: Bench) -> float:
    """Return the cost per visit without the visits themselves: the unit of temperature."""
    made = bench.best.made_by >= 0
    visits_cost = day.work_weight * float(day.service_s[made].sum())
    spent = float(bench.best.cost.sum()) - visits_cost
    return max(spent / max(1, int(made.sum())), 1e-6)


class _Search:
    def __init__(self, day: DayFigures, effort: Effort, told: Told) -> None:
        self.day, self.effort, self.told = day, effort, told
        self.pool = new_pool(len(day.travel_s), len(day.kind))
        self.deadline = 0.0

    def start(self) -> None:
        """Start the clock."""
        self.deadline = time.monotonic() + self.effort.searching_s

    def anneal(self, bench: Bench, number: int, scale: float) -> bool:
        """Cool from hot to cold; return whether the deadline passed in the midst of it."""
        phase = _PHASES[number]
        total = phase.share * _steps(len(self.day.service_s), self.effort.limits.time_limit_s)
        started = time.monotonic()
        allowed_s = self._allowed_s(number, started)
        steps = _PROBE_STEPS if self.effort.uses_all_time else max(1, int(total / _CHUNKS))
        done, warm = 0.0, phase.hot
        while done < 1.0:
            if self.effort.uses_all_time:
                ahead = min(1.0, done + _CHUNK_S / allowed_s)
            else:
                ahead = min(1.0, done + steps / total)
            cool = phase.hot * (phase.cold / phase.hot) ** ahead
            chunk_started = time.monotonic()
            pooled_share = _POOLED_SHARE if done >= _POOLED_FROM else -1.0
            improve(self.day, bench, self.pool, steps, (warm * scale, cool * scale, pooled_share))
            now = time.monotonic()
            if self.effort.uses_all_time:
                done = (now - started) / allowed_s
                rate = steps / max(now - chunk_started, 1e-9)
                steps = max(1, min(10 * steps, int(rate * _CHUNK_S)))
            else:
                done = ahead
            warm = phase.hot * (phase.cold / phase.hot) ** min(1.0, done)
            if now > self.deadline:
                return not self.effort.uses_all_time
        return False

    def _allowed_s(self, number: int, started: float) -> float:
        """Return the time of a phase, keeping some of it for the recombination after it."""
        left_s = self.deadline - started
        of_rest = _PHASES[number].share / sum(phase.share for phase in _PHASES[number:])
        return max(1e-3, left_s * of_rest * (1.0 - _CHOICE_SHARE))

    def recombine(self, bench: Bench) -> None:
        """Take the best choice among all routes met, where it is better than the best so far."""
        from ntgeo.routing.plain.recombine import best_choice  # noqa: PLC0415 - small days need no CP-SAT

        left_s = self.deadline - time.monotonic()
        if left_s <= 0.0:
            return
        before = _orders(self.day, bench)
        seed = self.effort.limits.seed
        limit = _CHOICE_LIMIT
        if self.effort.uses_all_time:
            limit = max(limit, self.effort.limits.time_limit_s * _CHOICE_SHARE / 2)
        chosen = best_choice(self.day, self.pool, before, limit=limit, seconds=left_s, seed=seed)
        load_rounds(self.day, bench.rounds, chosen)
        if is_better(self.day, bench.rounds, bench.best):
            copy_rounds(bench.rounds, bench.best)
        else:
            copy_rounds(bench.best, bench.rounds)

    def filled(self, bench: Bench) -> Orders:
        """Return the best rounds, with every unmade visit that still fits put in."""
        copy_rounds(bench.best, bench.rounds)
        recreate_all(self.day, bench)
        return _orders(self.day, bench)


def _orders(day: DayFigures, bench: Bench) -> Orders:
    best = bench.best
    return tuple(
        tuple(int(place) - day.depot_count for place in best.stops[shift, 1 : count + 1])
        for shift, count in enumerate(best.size)
    )
