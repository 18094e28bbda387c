"""Good plans fast: greedy, then swaps of one open for one closed site, then shakes.

The swap search keeps, for every site, what opening it would save, for every open site what closing
it would lose, and for every pair the correction; a swap then touches only the areas whose nearest
or second nearest site it changes (Resende and Werneck 2007).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from ntgeo.siting.clock import Clock
from ntgeo.siting.median.local_shakes import shake_by_columns
from ntgeo.siting.median.local_swaps import open_by_columns, swap_by_columns
from ntgeo.siting.median.rows import FREE, IN, CostRows, RowArrays, StateArray

__all__ = ["Swapped", "improve_by_shakes", "improve_by_swaps", "open_greedily", "shake"]

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]
_MOST_SWAPS = 100_000
_LEAST_GAIN_SHARE = 1e-9
_FEWEST_SHAKEN, _MOST_SHAKEN = 2, 12
_NEAR_SHAKEN, _FORCED = 2, 2
_SHAKEN_AT_ONCE, _FEWEST_SWEPT = 50, 200


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Swapped:
    """A plan that no single swap improves.

    Args:
        opened: (count,) sites, ascending.
        total: Its cost.
        nearest: (areas,) cost from the nearest open site.
        second: (areas,) cost from the second nearest.
    """

    opened: IndexArray
    total: float
    nearest: FloatArray
    second: FloatArray


def open_greedily(rows: CostRows, state: StateArray, count: int) -> IndexArray:
    """Open the sites that are in, then one at a time the free site that saves most.

    Args:
        rows: The costs.
        state: (sites,) ``IN``, ``FREE`` or ``OUT``.
        count: How many to open.

    Returns:
        (count,) sites, ascending.
    """
    if rows.columns is not None:
        return np.sort(open_by_columns(rows.arrays, rows.columns, state, count))
    return np.sort(_greedy(rows.arrays, state, count))


def improve_by_swaps(rows: CostRows, state: StateArray, opened: IndexArray) -> Swapped:
    """Swap until no swap saves anything; sites that are in stay, those out stay out.

    The best swap is made first, or the first found where the rows have columns.
    """
    chosen = opened.astype(np.intp)
    if rows.columns is not None:
        nearest, second = swap_by_columns(
            rows.arrays, rows.columns, state, chosen, _LEAST_GAIN_SHARE
        )
        total = float(nearest.sum())
        return Swapped(opened=np.sort(chosen), total=total, nearest=nearest, second=second)
    total, nearest, second = _swap(rows.arrays, state, chosen, _MOST_SWAPS)
    return Swapped(opened=np.sort(chosen), total=total, nearest=nearest, second=second)


def improve_by_shakes(
    rows: CostRows,
    state: StateArray,
    opened: IndexArray,
    chance: np.random.Generator,
    pace: tuple[Clock, float],
) -> Swapped:
    """Shake near one area after another while that helps; nothing happens without columns.

    Args:
        rows: The costs.
        state: (sites,) ``IN``, ``FREE`` or ``OUT``.
        opened: (count,) sites.
        chance: Where to shake, and which sites to force open.
        pace: When to stop; and the share of the cost that as many shakes as there are open sites
            must save for more to be made.
    """
    clock, worthwhile = pace
    chosen, count = opened.astype(np.intp), len(opened)
    reach = max(_MOST_SHAKEN, _NEAR_SHAKEN * rows.site_count // count)
    is_worthwhile = rows.columns is not None
    while is_worthwhile and not clock.is_up():
        saved = 0.0
        for _ in range(max(_FEWEST_SWEPT, count) // _SHAKEN_AT_ONCE + 1):
            areas = chance.integers(rows.area_count, size=(_SHAKEN_AT_ONCE, 1))
            entries = chance.integers(reach, size=(_SHAKEN_AT_ONCE, _FORCED))
            picks = np.concatenate([areas, entries], axis=1).astype(np.intp)
            saved += shake_by_columns(rows.arrays, rows.columns, state, chosen, picks)
            if clock.is_up():
                break
        is_worthwhile = saved > worthwhile * rows.total(chosen)
    return improve_by_swaps(rows, state, chosen)


def shake(
    rows: CostRows, state: StateArray, opened: IndexArray, chance: np.random.Generator
) -> IndexArray:
    """Exchange a few open sites by chance: every second time near one area, else anywhere."""
    movable = opened[state[opened] == FREE]
    others = state == FREE
    others[opened] = False
    entrants = np.flatnonzero(others)
    if chance.random() < 1 / 2:
        near = _near_one_area(rows, len(opened), chance)
        local, local_entrants = np.intersect1d(movable, near), np.intersect1d(entrants, near)
        if len(local) and len(local_entrants):
            movable, entrants = local, local_entrants
    most = min(_MOST_SHAKEN, len(movable), len(entrants))
    if most == 0:
        return opened
    count = int(chance.integers(min(_FEWEST_SHAKEN, most), most + 1))
    leaving = chance.choice(movable, count, replace=False)
    entering = chance.choice(entrants, count, replace=False)
    return np.sort(np.concatenate([np.setdiff1d(opened, leaving), entering]))


def _near_one_area(rows: CostRows, open_count: int, chance: np.random.Generator) -> IndexArray:
    area = int(chance.integers(rows.area_count))
    first, end = rows.arrays.start[area], rows.arrays.start[area + 1]
    reach = max(_MOST_SHAKEN, 8 * rows.site_count // open_count)
    return rows.arrays.site[first : min(end, first + reach)].astype(np.intp)


@njit(cache=True, nogil=True)
def _greedy(rows: RowArrays, state: StateArray, count: int) -> IndexArray:
    start, site, cost, far = rows
    nearest = far.copy()
    save = np.zeros(len(state))
    for i in range(len(far)):
        for t in range(start[i], start[i + 1]):
            save[site[t]] += max(0.0, far[i] - cost[t])
    is_open = np.zeros(len(state), np.bool_)
    chosen = np.empty(count, np.intp)
    for k in range(count):
        best = -1
        for j in range(len(state)):
            if state[j] < 0 or is_open[j]:
                continue
            is_first = best < 0 or state[j] > state[best]
            if is_first or (state[j] == state[best] and save[j] > save[best]):
                best = j
        is_open[best] = True
        chosen[k] = best
        for i in range(len(far)):
            _take_nearer(rows, i, best, nearest, save)
    return chosen


@njit(cache=True, nogil=True)
def _take_nearer(
    rows: RowArrays, i: int, opened: int, nearest: FloatArray, save: FloatArray
) -> None:
    start, site, cost, _ = rows
    before = nearest[i]
    for t in range(start[i], start[i + 1]):
        if cost[t] >= before:
            return
        if site[t] == opened:
            nearest[i] = cost[t]
            break
    if nearest[i] < before:
        for t in range(start[i], start[i + 1]):
            if cost[t] >= before:
                return
            save[site[t]] -= before - max(cost[t], nearest[i])


@njit(cache=True, nogil=True)
def _look(rows: RowArrays, slot: IndexArray, i: int) -> tuple[int, int, float, float]:
    """Nearest and second nearest open slot of an area, with their costs."""
    start, site, cost, far = rows
    first, first_cost = -1, far[i]
    for t in range(start[i], start[i + 1]):
        k = slot[site[t]]
        if k < 0:
            continue
        if first >= 0:
            return first, k, first_cost, min(cost[t], far[i])
        if cost[t] >= far[i]:
            break
        first, first_cost = k, cost[t]
    return first, -1, first_cost, far[i]


@njit(cache=True, nogil=True)
def _count_in(
    rows: RowArrays,
    i: int,
    seen: tuple[int, float, float],
    sign: float,
    books: tuple[FloatArray, FloatArray, FloatArray],
) -> None:
    """Add (or with sign -1 take away) what one area contributes to the books."""
    start, site, cost, _ = rows
    first, nearest, second = seen
    save, loss, extra = books
    if first >= 0:
        loss[first] += sign * (second - nearest)
    for t in range(start[i], start[i + 1]):
        if cost[t] >= second:
            return
        j = site[t]
        if cost[t] < nearest:
            save[j] += sign * (nearest - cost[t])
        if first >= 0:
            extra[j, first] += sign * (second - max(cost[t], nearest))


@njit(cache=True, nogil=True)
def _best_swap(
    state: StateArray,
    slot: IndexArray,
    chosen: IndexArray,
    books: tuple[FloatArray, FloatArray, FloatArray],
    least: float,
) -> tuple[int, int]:
    """The best swap; closing a site never saves, so a gain is at most what opening saves."""
    save, loss, extra = books
    best, entering, leaving = least, -1, -1
    for j in range(len(state)):
        if slot[j] >= 0 or state[j] != 0 or save[j] <= best:
            continue
        for k in range(len(chosen)):
            gain = save[j] - loss[k] + extra[j, k]
            if gain > best and state[chosen[k]] != IN:
                best, entering, leaving = gain, j, k
    return entering, leaving


@njit(cache=True, nogil=True)
def _is_touched(rows: RowArrays, i: int, entering: int, second: float) -> bool:
    start, site, cost, _ = rows
    for t in range(start[i], start[i + 1]):
        if cost[t] >= second:
            return False
        if site[t] == entering:
            return True
    return False


@njit(cache=True, nogil=True)
def _swap(
    rows: RowArrays, state: StateArray, chosen: IndexArray, most: int
) -> tuple[float, FloatArray, FloatArray]:
    areas = len(rows[3])
    slot = np.full(len(state), -1, np.intp)
    for k in range(len(chosen)):
        slot[chosen[k]] = k
    save, loss = np.zeros(len(state)), np.zeros(len(chosen))
    books = (save, loss, np.zeros((len(state), len(chosen))))
    first, other = np.empty(areas, np.intp), np.empty(areas, np.intp)
    nearest, second = np.empty(areas), np.empty(areas)
    for i in range(areas):
        first[i], other[i], nearest[i], second[i] = _look(rows, slot, i)
        _count_in(rows, i, (first[i], nearest[i], second[i]), 1.0, books)
    least = _LEAST_GAIN_SHARE * _sum(nearest)
    for _ in range(most):
        entering, leaving = _best_swap(state, slot, chosen, books, least)
        if entering < 0:
            break
        slot[chosen[leaving]] = -1
        slot[entering] = leaving
        chosen[leaving] = entering
        for i in range(areas):
            if (
                first[i] == leaving
                or other[i] == leaving
                or _is_touched(rows, i, entering, second[i])
            ):
                _count_in(rows, i, (first[i], nearest[i], second[i]), -1.0, books)
                first[i], other[i], nearest[i], second[i] = _look(rows, slot, i)
                _count_in(rows, i, (first[i], nearest[i], second[i]), 1.0, books)
    return _sum(nearest), nearest, second


@njit(cache=True, nogil=True)
def _sum(values: FloatArray) -> float:
    total = 0.0
    for value in values:
        total += value
    return total
