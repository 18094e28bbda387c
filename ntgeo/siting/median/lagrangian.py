"""How good a plan could be at most: the Lagrangian bound of the p-median problem.

Relaxing "each area is served once" with a multiplier ``λ_i`` an area leaves
``L(λ) = Σ λ_i + Σ of the p least r_j``, with ``r_j = Σ_i min(0, c_ij - λ_i)``. Every ``L(λ)`` is a
bound whatever the λ; the best of them equals the bound of the linear relaxation with one link a
pair (Cornuejols, Fisher and Nemhauser 1977). Here λ climbs by deflected subgradient steps
(Camerini, Fratta and Maffioli 1975). Reduced costs then settle sites and pairs for good.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from ntgeo.siting.clock import ENDLESS, Clock
from ntgeo.siting.median.rows import FREE, IN, OUT, CostRows, RowArrays, StateArray

__all__ = ["Ascent", "Pace", "climb", "settle_sites", "useful_entries"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
_DEFLECTION = 0.9
_SMOOTHING = 0.02
_PROGRESS_SHARE = 1e-7
_SMALLEST_STEP = 1e-3
_ENTRIES_BETWEEN_LOOKS = 50_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How the climb goes.

    Args:
        steps: Most steps.
        patience: Steps without progress before the step is shortened.
        shrink: What the step is multiplied by then.
    """

    steps: int
    patience: int
    shrink: float


class _Path(NamedTuple):
    """A place of the climb: λ and the direction by area, r and whether it is chosen by site."""

    multiplier: FloatArray
    direction: FloatArray
    reduced: FloatArray
    is_chosen: BoolArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ascent:
    """Where a climb stands.

    Args:
        bound: The best bound found.
        multiplier: (areas,) the λ that gives it.
        reduced: (sites,) the r that go with it.
        is_chosen: (sites,) the sites with the least r.
        frequency: (sites,) how often each was chosen of late, 0 to 1.
        step: Step length to go on with; small when the climb is over.
    """

    bound: float
    multiplier: FloatArray
    reduced: FloatArray
    is_chosen: BoolArray
    frequency: FloatArray
    step: float

    @property
    def is_over(self) -> bool:
        """Whether further steps would be too short to matter."""
        return self.step < _SMALLEST_STEP


def climb(  # noqa: PLR0913 - the question in three, and how to go
    rows: CostRows,
    state: StateArray,
    count: int,
    goal: tuple[float, float],
    *,
    start: Ascent,
    pace: Pace,
    clock: Clock = ENDLESS,
) -> Ascent:
    """Raise the bound from where it stands.

    Args:
        rows: The costs.
        state: (sites,) ``IN``, ``FREE`` or ``OUT``.
        count: How many sites are open.
        goal: Cost of a known plan, at which the steps aim; bound above which the climb ends.
        start: Where to start from; its bound is not used, its step is.
        pace: How to go.
        clock: Asked between steps where they are long.
    """
    sites, areas = len(state), rows.area_count
    multiplier = np.minimum(start.multiplier, rows.ceiling())
    path = _Path(multiplier, np.zeros(areas), np.zeros(sites), np.zeros(sites, np.bool_))
    top = _Path(multiplier.copy(), np.zeros(areas), np.zeros(sites), np.zeros(sites, np.bool_))
    frequency, progress = start.frequency.copy(), (-np.inf, 0, start.step, True)
    left, at_once = pace.steps, max(1, _ENTRIES_BETWEEN_LOOKS // max(1, len(rows.cost)))
    while left > 0 and progress[3] and not (left < pace.steps and clock.is_up()):
        progress = _climb(
            (rows.arrays, rows.ceiling(), state, count),
            (path, top, frequency),
            (*goal, pace.shrink, pace.patience),
            progress,
            min(left, at_once),
        )
        left -= at_once
    return Ascent(
        bound=progress[0],
        multiplier=top.multiplier,
        reduced=top.reduced,
        is_chosen=top.is_chosen,
        frequency=frequency,
        step=progress[2],
    )


def settle_sites(state: StateArray, ascent: Ascent, needed: float) -> StateArray:
    """Return the state with each free site settled that no better plan would have otherwise.

    Args:
        state: (sites,) before.
        ascent: A bound with its reduced costs.
        needed: A plan must cost no more than this to be worth finding.
    """
    free = state == FREE
    chosen = free & ascent.is_chosen
    spare = free & ~ascent.is_chosen
    settled = state.copy()
    if chosen.any():
        last_in = ascent.reduced[chosen].max()
        settled[spare & (ascent.bound + ascent.reduced - last_in > needed)] = OUT
    if spare.any():
        first_out = ascent.reduced[spare].min()
        settled[chosen & (ascent.bound + first_out - ascent.reduced > needed)] = IN
    else:
        settled[chosen] = IN
    if not chosen.any():
        settled[spare] = OUT
    return settled


def useful_entries(rows: CostRows, state: StateArray, ascent: Ascent, needed: float) -> BoolArray:
    """Return (entries,) whether a plan that costs no more than ``needed`` could use the pair.

    Serving area *i* from site *j* costs at least ``c_ij - λ_i`` over the bound, and opening a site
    that the bound leaves closed at least the difference in r.
    """
    site, cost = rows.arrays.site, rows.arrays.cost
    chosen = (state == FREE) & ascent.is_chosen
    spare = (state == FREE) & ~ascent.is_chosen
    opening = np.zeros(len(state))
    if chosen.any():
        opening[spare] = np.maximum(0.0, ascent.reduced[spare] - ascent.reduced[chosen].max())
    serving = np.maximum(0.0, cost - ascent.multiplier[rows.entry_areas])
    least: BoolArray = ascent.bound + serving + opening[site] <= needed
    return least


@njit(cache=True, nogil=True)
def _weigh_sites(rows: RowArrays, multiplier: FloatArray, reduced: FloatArray) -> float:
    start, site, cost, _ = rows
    reduced[:] = 0.0
    total = 0.0
    for i in range(len(multiplier)):
        price = multiplier[i]
        total += price
        for t in range(start[i], start[i + 1]):
            saving = cost[t] - price
            if saving >= 0.0:
                break
            reduced[site[t]] += saving
    return total


@njit(cache=True, nogil=True)
def _nth_least(values: FloatArray, nth: int) -> float:
    """The value that would stand at place ``nth`` if ``values`` were sorted; shuffles them."""
    low, high = 0, len(values) - 1
    while low < high:
        pivot = values[(low + high) // 2]
        left, right = low, high
        while left <= right:
            while values[left] < pivot:
                left += 1
            while values[right] > pivot:
                right -= 1
            if left <= right:
                values[left], values[right] = values[right], values[left]
                left += 1
                right -= 1
        if nth <= right:
            high = right
        elif nth >= left:
            low = left
        else:
            break
    return float(values[nth])


@njit(cache=True, nogil=True)
def _choose_sites(
    reduced: FloatArray, state: StateArray, count: int, is_chosen: BoolArray
) -> float:
    """Mark the sites that are in and the free ones with the least r, ties to the first."""
    free = np.empty(len(state))
    free_count, left = 0, count
    for j in range(len(state)):
        is_chosen[j] = state[j] == IN
        if is_chosen[j]:
            left -= 1
        elif state[j] == FREE:
            free[free_count] = reduced[j]
            free_count += 1
    if left > 0:
        highest = _nth_least(free[:free_count], left - 1)
        left -= _choose_where(reduced, state, (-np.inf, highest), left, is_chosen)
        _choose_where(reduced, state, (highest, np.nextafter(highest, np.inf)), left, is_chosen)
    return _sum_chosen(reduced, is_chosen)


@njit(cache=True, nogil=True)
def _choose_where(
    reduced: FloatArray,
    state: StateArray,
    span: tuple[float, float],
    most: int,
    is_chosen: BoolArray,
) -> int:
    """Mark the first free sites with r in ``span`` (its end excluded); return how many."""
    low, high = span
    marked = 0
    for j in range(len(state)):
        if marked < most and state[j] == FREE and low <= reduced[j] < high:
            is_chosen[j] = True
            marked += 1
    return marked


@njit(cache=True, nogil=True)
def _sum_chosen(values: FloatArray, is_chosen: BoolArray) -> float:
    total = 0.0
    for place in range(len(values)):
        if is_chosen[place]:
            total += values[place]
    return total


@njit(cache=True, nogil=True)
def _note_chosen(is_chosen: BoolArray, frequency: FloatArray) -> None:
    for j in range(len(is_chosen)):
        frequency[j] += _SMOOTHING * ((1.0 if is_chosen[j] else 0.0) - frequency[j])


@njit(cache=True, nogil=True)
def _stride(stride: float, direction: FloatArray, multiplier: FloatArray, most: FloatArray) -> None:
    for i in range(len(multiplier)):
        multiplier[i] = min(multiplier[i] + stride * direction[i], most[i])


@njit(cache=True, nogil=True)
def _turn(
    rows: RowArrays, multiplier: FloatArray, is_chosen: BoolArray, direction: FloatArray
) -> float:
    """Turn the direction toward the subgradient; return its squared length."""
    start, site, cost, _ = rows
    length = 0.0
    for i in range(len(multiplier)):
        short = 1.0
        for t in range(start[i], start[i + 1]):
            if cost[t] >= multiplier[i]:
                break
            if is_chosen[site[t]]:
                short -= 1.0
        direction[i] = short + _DEFLECTION * direction[i]
        length += direction[i] * direction[i]
    return length


@njit(cache=True, nogil=True)
def _climb(
    question: tuple[RowArrays, FloatArray, StateArray, int],
    books: tuple[_Path, _Path, FloatArray],
    steering: tuple[float, float, float, int],
    progress: tuple[float, int, float, bool],
    steps: int,
) -> tuple[float, int, float, bool]:
    """Go on for some steps; return the best bound, steps waited, step, and whether to go on."""
    rows, ceiling, state, count = question
    path, top, frequency = books
    target, enough, shrink, patience = steering
    best, waited, step, _ = progress
    for _ in range(steps):
        bound = _weigh_sites(rows, path.multiplier, path.reduced)
        bound += _choose_sites(path.reduced, state, count, path.is_chosen)
        _note_chosen(path.is_chosen, frequency)
        waited = 0 if bound > best + _PROGRESS_SHARE * abs(target) else waited + 1
        if bound > best:
            best = bound
            _copy(path.multiplier, top.multiplier)
            _copy(path.reduced, top.reduced)
            top.is_chosen[:] = path.is_chosen
        if best > enough or best >= target:
            return best, waited, step, False
        if waited >= patience:
            step *= shrink
            waited = 0
            _copy(top.multiplier, path.multiplier)
            path.direction[:] = 0.0
            if step < _SMALLEST_STEP:
                return best, waited, step, False
            continue
        length = _turn(rows, path.multiplier, path.is_chosen, path.direction)
        if length == 0.0:
            return best, waited, step, False
        stride = step * (target - bound) / length
        _stride(stride, path.direction, path.multiplier, ceiling)
    return best, waited, step, True


@njit(cache=True, nogil=True)
def _copy(source: FloatArray, goal: FloatArray) -> None:
    for place in range(len(source)):
        goal[place] = source[place]
