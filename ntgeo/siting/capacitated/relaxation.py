"""How good a capacitated plan could be at most: a Lagrangian bound, each site a knapsack.

Relaxing "each area is served once" with a multiplier ``λ_i`` an area leaves for every site the
knapsack ``K_j = max Σ (λ_i - c_ij) x_i`` within its capacity, and
``L(λ) = Σ λ_i + Σ of the open sites' r_j``, with ``r_j = f_j - K_j`` and the sites chosen whose r
is least. With whole areas the knapsacks are 0-1, so the best of these bounds is at least that of
the linear relaxation, and mostly well above it (Pirkul 1987; Ceselli and Righini 2005). Here λ
climbs by deflected subgradient steps (Camerini, Fratta and Maffioli 1975).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from ntgeo.siting.capacitated.columns import Columns, Relaxation
from ntgeo.siting.capacitated.knapsack import fill_split, fill_whole, sort_places
from ntgeo.siting.median.rows import FREE, IN, OUT

__all__ = [
    "Relaxed",
    "choose_sites",
    "climb",
    "fill_site",
    "greatest",
    "start_climb",
    "steps_in_a_moment",
    "sum_of",
    "weigh_sites",
]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
_DEFLECTION = 0.7
_SMOOTHING = 0.05
_PROGRESS_SHARE = 1e-6
_SMALLEST_STEP = 1e-3
_FEWEST_STEPS, _ENTRIES_IN_A_MOMENT = 2, 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Relaxed:
    """Where a climb stands.

    Args:
        bound: The best bound found.
        multiplier: (areas,) the λ that gives it.
        reduced: (sites + 1,) the r that go with it.
        is_chosen: (sites + 1,) the sites that the bound opens.
        usage: (entries,) how much of late the open sites served, entry by entry, 0 to 1.
        now: (areas,) the λ to go on from.
        direction: (areas,) the way the climb last went.
        waited: Steps since the bound last got better.
        step: Step length to go on with; small when the climb is over.
    """

    bound: float
    multiplier: FloatArray
    reduced: FloatArray
    is_chosen: BoolArray
    usage: FloatArray
    now: FloatArray
    direction: FloatArray
    waited: int
    step: float

    @property
    def is_over(self) -> bool:
        """Whether further steps would be too short to matter."""
        return self.step < _SMALLEST_STEP

    def anew(self, step: float) -> Relaxed:
        """Return a climb that starts from the best λ, for a question that has changed."""
        still = np.zeros(len(self.now))
        return replace(
            self, bound=-np.inf, now=self.multiplier, direction=still, waited=0, step=step
        )


def start_climb(question: Relaxation, foot: FloatArray) -> Relaxed:
    """Return where a climb starts.

    Args:
        question: What to bound.
        foot: (areas,) the first λ.
    """
    columns = len(question.arrays.state)
    return Relaxed(
        bound=-np.inf,
        multiplier=foot,
        reduced=np.zeros(columns),
        is_chosen=question.arrays.state == IN,
        usage=np.zeros(len(question.columns.cost)),
        now=foot,
        direction=np.zeros(len(foot)),
        waited=0,
        step=1.0,
    )


def steps_in_a_moment(question: Relaxation) -> int:
    """How many steps take a moment, so that a clock can be asked between them."""
    return max(_FEWEST_STEPS, _ENTRIES_IN_A_MOMENT // max(1, len(question.columns.cost)))


def climb(
    question: Relaxation, goal: tuple[float, float], start: Relaxed, pace: tuple[int, int, float]
) -> Relaxed:
    """Raise the bound from where it stands.

    Args:
        question: What to bound.
        goal: Cost at which the steps aim; bound above which the climb ends.
        start: Where to go on from.
        pace: Most steps; steps without progress before a step is shortened; by what factor.
    """
    steps, patience, shrink = pace
    best = (start.multiplier.copy(), start.reduced.copy(), start.is_chosen.copy())
    going = (start.usage.copy(), start.now.copy(), start.direction.copy())
    steering = (*goal, start.step, shrink)
    bound, waited, step = _climb(
        question, best, going, steering, (start.bound, start.waited, steps, patience)
    )
    multiplier, reduced, is_chosen = best
    usage, now, direction = going
    return Relaxed(
        bound=bound,
        multiplier=multiplier,
        reduced=reduced,
        is_chosen=is_chosen,
        usage=usage,
        now=now,
        direction=direction,
        waited=waited,
        step=step,
    )


@njit(cache=True)
def fill_site(
    question: Relaxation,
    multiplier: FloatArray,
    most: float,
    site: int,
    forced: int,
) -> tuple[float, npt.NDArray[np.int64], FloatArray]:
    """Return K of a site, and the entries of the columns that it considers with the share taken.

    Args:
        question: What to bound.
        multiplier: (areas,) λ.
        most: The greatest λ.
        site: Which site.
        forced: An area that it must take whole; -1 for none. K then leaves its ``λ - c`` out.
    """
    arrays, columns, rules = question
    first, end = columns.start[site], columns.start[site + 1]
    found, place = np.empty(end - first, np.int64), np.empty(end - first, np.int64)
    ratio, count = np.empty(end - first), 0
    for t in range(first, end):
        if columns.cost[t] >= most:
            break
        i = columns.area[t]
        if multiplier[i] > columns.cost[t] and i != forced:
            worth, weight = multiplier[i] - columns.cost[t], arrays.demand[i]
            ratio[count] = -worth / weight if weight > 0.0 else -np.inf
            found[count], place[count] = t, count
            count += 1
    sort_places(ratio, place[:count])
    value, weights, taken = np.empty(count), np.empty(count), np.zeros(count)
    entries = np.empty(count, np.int64)
    for k in range(count):
        entries[k] = found[place[k]]
        i = columns.area[entries[k]]
        value[k], weights[k] = multiplier[i] - columns.cost[entries[k]], arrays.demand[i]
    capacity, charge = arrays.capacity[site], 0.0
    if forced >= 0:
        capacity -= arrays.demand[forced]
        if capacity < 0.0:
            charge = -capacity * rules.price
    if rules.is_whole:
        return fill_whole(value, weights, capacity, rules.price, taken) - charge, entries, taken
    return fill_split(value, weights, capacity, rules.price, taken) - charge, entries, taken


@njit(cache=True)
def weigh_sites(
    question: Relaxation,
    multiplier: FloatArray,
    reduced: FloatArray,
    loads: FloatArray,
) -> None:
    """Work out every site's r; ``loads`` takes the share of each entry of the columns."""
    arrays = question.arrays
    most = greatest(multiplier)
    _clear(loads)
    for j in range(len(reduced)):
        if arrays.state[j] != OUT:
            worth, entries, taken = fill_site(question, multiplier, most, j, -1)
            reduced[j] = arrays.open_cost[j] - worth
            for k in range(len(entries)):
                loads[entries[k]] = taken[k]


@njit(cache=True)
def greatest(values: FloatArray) -> float:
    """Return the greatest value."""
    most = -np.inf
    for value in values:
        most = max(most, value)
    return most


@njit(cache=True)
def choose_sites(
    reduced: FloatArray, state: npt.NDArray[np.int8], count: int, is_chosen: BoolArray
) -> float:
    """Mark the sites that are in and the free ones with the least r; return the sum of r.

    With no asked number (-1), every free site whose r is below 0 is chosen.
    """
    total, left = 0.0, count
    for j in range(len(state)):
        is_chosen[j] = state[j] == IN
        if is_chosen[j]:
            total += reduced[j]
            left -= 1
    free, free_count = np.empty(len(state), np.int64), 0
    for j in range(len(state)):
        if state[j] == FREE:
            free[free_count] = j
            free_count += 1
    sort_places(reduced, free[:free_count])
    for k in range(free_count):
        j = free[k]
        if left == 0 or (count < 0 and reduced[j] >= 0.0):
            break
        is_chosen[j] = True
        total += reduced[j]
        left -= 1
    return total


@njit(cache=True)
def _serve(
    columns: Columns,
    is_chosen: BoolArray,
    loads: FloatArray,
    usage: FloatArray,
    served: FloatArray,
) -> None:
    _clear(served)
    for j in range(len(is_chosen)):
        for t in range(columns.start[j], columns.start[j + 1]):
            load = loads[t] if is_chosen[j] else 0.0
            served[columns.area[t]] += load
            usage[t] += _SMOOTHING * (load - usage[t])


@njit(cache=True)
def _turn(served: FloatArray, direction: FloatArray) -> float:
    length = 0.0
    for i in range(len(served)):
        direction[i] = 1.0 - served[i] + _DEFLECTION * direction[i]
        length += direction[i] * direction[i]
    return length


@njit(cache=True)
def _climb(
    question: Relaxation,
    kept: tuple[FloatArray, FloatArray, BoolArray],
    going: tuple[FloatArray, FloatArray, FloatArray],
    steering: tuple[float, float, float, float],
    counts: tuple[float, int, int, int],
) -> tuple[float, int, float]:
    """Climb in place; return the best bound, the steps since, and the step length."""
    arrays, columns, rules = question
    usage, now, direction = going
    target, enough, step, shrink = steering
    best, waited, steps, patience = counts
    reduced, is_chosen = np.zeros(len(arrays.state)), np.zeros(len(arrays.state), np.bool_)
    loads, served = np.zeros(len(columns.cost)), np.zeros(len(now))
    for _ in range(steps):
        weigh_sites(question, now, reduced, loads)
        bound = sum_of(now) + choose_sites(reduced, arrays.state, rules.open_count, is_chosen)
        _serve(columns, is_chosen, loads, usage, served)
        waited = 0 if bound > best + _PROGRESS_SHARE * abs(target) else waited + 1
        if bound > best:
            best = bound
            _copy(now, kept[0])
            _copy(reduced, kept[1])
            _copy(is_chosen, kept[2])
        if best > enough:
            break
        if waited >= patience:
            step *= shrink
            waited = 0
            _copy(kept[0], now)
            _clear(direction)
            if step < _SMALLEST_STEP:
                break
            continue
        length = _turn(served, direction)
        if length == 0.0:
            step = 0.0
            break
        stride = step * (target - bound) / length
        for i in range(len(now)):
            now[i] += stride * direction[i]
    return best, waited, step


@njit(cache=True)
def sum_of(values: FloatArray) -> float:
    """Return the sum, added up in order."""
    total = 0.0
    for value in values:
        total += value
    return total


@njit(cache=True)
def _copy(source: npt.NDArray[Any], goal: npt.NDArray[Any]) -> None:
    for place in range(len(source)):
        goal[place] = source[place]


@njit(cache=True)
def _clear(values: FloatArray) -> None:
    for place in range(len(values)):
        values[place] = 0.0
