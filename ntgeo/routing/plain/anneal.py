"""Ruin and recreate in bursts: between two of them its routes can be recombined."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ntgeo.routing.figures import DayArrays
from ntgeo.routing.plain.bench import Bench, copy_rounds, load_rounds, new_bench
from ntgeo.routing.plain.figures import plain_figures
from ntgeo.routing.plain.pool import forget_routes, new_pool
from ntgeo.routing.plain.search import improve, recreate_all
from ntgeo.routing.plain.timing import round_times, route_cost

__all__ = ["Cooling", "Orders", "PlainSearch"]

Orders = tuple[tuple[int, ...], ...]
Keep = Callable[[int, tuple[int, ...], float], None]

_CHUNKS: Final = 40
_CHUNK_S: Final = 0.2
_PROBE_STEPS: Final = 20
_POOLED_FROM, _POOLED_SHARE, _POOLED_VISITS = 0.3, 0.03, 100
"""From this share of the way on so many steps' rounds are kept; of more visits, by the square
fewer, since there are more steps and a choice among their rounds takes longer."""
_UNMADE_COST, _UNMADE_RATIO = 6.0, 2.0


@dataclass(frozen=True, kw_only=True)
class Cooling:
    """One annealing, from hot to cold in the mean cost of a leg.

    Args:
        hot: Temperature of the first step.
        cold: Of the last.
        steps: How many; ``None`` for as many as there is time for.
        ends_at: Moment of :func:`time.monotonic` when it ends, or is broken off.
    """

    hot: float
    cold: float
    steps: int | None
    ends_at: float


class PlainSearch:
    """A search that goes on from burst to burst.

    Args:
        day: A plain day, with at least one visit and one shift.
        keep: Called, after a burst, with each good route met: its shift, or one that is the
            same; its visits; its price.
        seed: Of its random choices.
    """

    def __init__(self, day: DayArrays, keep: Keep, seed: int) -> None:
        self.figures = plain_figures(day)
        self._priority, self._keep = day.visits.priority, keep
        self._bench = new_bench(self.figures, np.zeros(len(self.figures.service_s)), seed)
        self._pool = new_pool(len(self.figures.travel_s), len(self.figures.kind))
        self._scale = 1.0

    def begin(self, start: Sequence[Sequence[int]] | None) -> Orders:
        """Return the first rounds, each visit put where it adds least; everything is compiled.

        Args:
            start: Rounds to begin with; ``None`` for none.
        """
        if start is not None:
            load_rounds(self.figures, self._bench.rounds, start)
        recreate_all(self.figures, self._bench)
        improve(self.figures, self._bench, self._pool, 0, (1.0, 1.0, 0.0))
        self._scale = _mean_leg(self.figures.work_weight, self._bench, self.figures.service_s)
        weight = _UNMADE_RATIO ** (5.0 - self._priority)
        self._bench.unmade_cost[:] = _UNMADE_COST * self._scale * weight
        return self._orders()

    def price(self, shift: int, order: Sequence[int]) -> float:
        """Return what a round costs, in pounds; infinite where it cannot be made."""
        return float(route_cost(self.figures, shift, self._places(shift, order)))

    def times(self, shift: int, order: Sequence[int]) -> tuple[float, int]:
        """Return when a round is left at the latest, and the stop after which its break is."""
        start_s, _, rest_at = round_times(self.figures, shift, self._places(shift, order))
        return float(start_s), int(rest_at)

    def _places(self, shift: int, order: Sequence[int]) -> np.ndarray:
        start, end = self.figures.ends[shift]
        places = [start, *(visit + self.figures.depot_count for visit in order), end]
        return np.array(places, dtype=np.int64)

    def run(self, start: Sequence[Sequence[int]], cooling: Cooling) -> Orders:
        """Anneal from given rounds; return the best met."""
        load_rounds(self.figures, self._bench.rounds, start)
        copy_rounds(self._bench.rounds, self._bench.best)
        self._anneal(cooling)
        copy_rounds(self._bench.best, self._bench.rounds)
        recreate_all(self.figures, self._bench)
        self._tell()
        return self._orders()

    def _anneal(self, cooling: Cooling) -> None:
        began = now = time.monotonic()
        allowed_s = max(1e-3, cooling.ends_at - began)
        steps = _PROBE_STEPS if cooling.steps is None else max(1, cooling.steps // _CHUNKS)
        fewer = min(1.0, _POOLED_VISITS / len(self.figures.service_s))
        ratio, done, warm = cooling.cold / cooling.hot, 0.0, cooling.hot
        while done < 1.0 and now < cooling.ends_at:
            share = _CHUNK_S / allowed_s if cooling.steps is None else 1.0 / _CHUNKS
            cool = cooling.hot * ratio ** min(1.0, done + share)
            pooled = _POOLED_SHARE * fewer**2 if done >= _POOLED_FROM else -1.0
            heat = warm * self._scale, cool * self._scale, pooled
            improve(self.figures, self._bench, self._pool, steps, heat)
            before, now = now, time.monotonic()
            done += share
            if cooling.steps is None:
                done = (now - began) / allowed_s
                steps = max(1, min(10 * steps, int(steps * _CHUNK_S / max(now - before, 1e-9))))
            warm = cooling.hot * ratio ** min(1.0, done)

    def _tell(self) -> None:
        pool, depots = self._pool, self.figures.depot_count
        first = pool.first.tolist()
        for number in range(int(pool.size[0])):
            places = pool.visits[first[number] : first[number + 1]]
            order = tuple((places - depots).tolist())
            self._keep(int(pool.kind[number]), order, float(pool.cost[number]))
        forget_routes(pool)

    def _orders(self) -> Orders:
        best = self._bench.best
        return tuple(
            tuple(
                int(place) - self.figures.depot_count for place in best.stops[shift, 1 : count + 1]
            )
            for shift, count in enumerate(best.size)
        )


def _mean_leg(work_weight: float, bench: Bench, service_s: np.ndarray) -> float:
    """Return the cost per visit without the visits themselves: the unit of temperature."""
    made = bench.best.made_by >= 0
    spent = float(bench.best.cost.sum()) - work_weight * float(service_s[made].sum())
    return max(spent / max(1, int(made.sum())), 1e-6)
