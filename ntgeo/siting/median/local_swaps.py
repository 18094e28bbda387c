"""Greedy and swaps for many sites, each step touching only the areas near it.

For a site to be opened one walk down its column gives the best site to close in exchange (Whitaker
1983; Hansen and Mladenović 1997), so no table of sites × open sites is kept. The first swap that
saves is made, and the next site is looked at; the search ends when no site has one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from ntgeo.siting.median.rows import FREE, IN, OUT, ColumnArrays, RowArrays, StateArray

__all__ = [
    "Service",
    "best_exchange",
    "cheapest_to_close",
    "exchange",
    "open_by_columns",
    "serve",
    "swap_by_columns",
]

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]


class Service(NamedTuple):
    """Who serves whom.

    ``slot`` (sites,) place among the open sites, -1 where closed; ``first`` (areas,) place of the
    nearest open site, -1 for none; ``nearest`` and ``second`` (areas,) cost from the nearest and
    the second nearest; ``loss`` (open sites,) what closing one costs.
    """

    slot: IndexArray
    first: IndexArray
    nearest: FloatArray
    second: FloatArray
    loss: FloatArray


@njit(cache=True)
def open_by_columns(
    rows: RowArrays, columns: ColumnArrays, state: StateArray, count: int
) -> IndexArray:
    """Open the sites that are in, then one at a time the free site that saves most."""
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
            if state[j] == OUT or is_open[j]:
                continue
            is_first = best < 0 or state[j] > state[best]
            if is_first or (state[j] == state[best] and save[j] > save[best]):
                best = j
        is_open[best] = True
        chosen[k] = best
        for t in range(columns.start[best], columns.start[best + 1]):
            if columns.cost[t] < nearest[columns.area[t]]:
                _take_nearer(rows, columns.area[t], columns.cost[t], nearest, save)
    return chosen


@njit(cache=True)
def _take_nearer(
    rows: RowArrays, i: int, nearer: float, nearest: FloatArray, save: FloatArray
) -> None:
    start, site, cost, _ = rows
    before = nearest[i]
    nearest[i] = nearer
    for t in range(start[i], start[i + 1]):
        if cost[t] >= before:
            return
        save[site[t]] -= before - max(cost[t], nearer)


@njit(cache=True)
def swap_by_columns(
    rows: RowArrays, columns: ColumnArrays, state: StateArray, chosen: IndexArray, least: float
) -> tuple[FloatArray, FloatArray]:
    """Swap in ``chosen`` until nothing saves more than ``least``, as a share of the first cost.

    Returns:
        (areas,) cost from the nearest and from the second nearest open site.
    """
    service = serve(rows, state, chosen)
    enough = least * service.nearest.sum()
    extra, seen = np.zeros(len(chosen)), np.empty(len(chosen), np.intp)
    cheapest = cheapest_to_close(service, state, chosen)
    idle, entering = 0, 0
    while idle < len(state) and cheapest >= 0:
        if service.slot[entering] < 0 and state[entering] == FREE:
            gain, leaving = best_exchange(
                columns, service, (state, chosen), entering, (cheapest, extra, seen)
            )
            if gain > enough:
                exchange(rows, columns, service, chosen, (entering, leaving))
                cheapest = cheapest_to_close(service, state, chosen)
                idle = 0
        idle += 1
        entering = entering + 1 if entering + 1 < len(state) else 0
    return service.nearest, service.second


@njit(cache=True)
def serve(rows: RowArrays, state: StateArray, chosen: IndexArray) -> Service:
    """Return who serves whom where the chosen sites are open."""
    areas = len(rows.far)
    slot = np.full(len(state), -1, np.intp)
    for k in range(len(chosen)):
        slot[chosen[k]] = k
    first, loss = np.empty(areas, np.intp), np.zeros(len(chosen))
    service = Service(slot, first, np.empty(areas), np.empty(areas), loss)
    for i in range(areas):
        _look(rows, service, i)
    return service


@njit(cache=True)
def _look(rows: RowArrays, service: Service, i: int) -> None:
    """Find the nearest and second nearest open site of an area, and count what the first saves."""
    start, site, cost, far = rows
    slot, first, nearest, second, loss = service
    first[i], nearest[i], second[i] = -1, far[i], far[i]
    for t in range(start[i], start[i + 1]):
        k = slot[site[t]]
        if cost[t] >= far[i]:
            break
        if k >= 0 and first[i] >= 0:
            second[i] = cost[t]
            break
        if k >= 0:
            first[i], nearest[i] = k, cost[t]
    if first[i] >= 0:
        loss[first[i]] += second[i] - nearest[i]


@njit(cache=True)
def cheapest_to_close(service: Service, state: StateArray, chosen: IndexArray) -> int:
    """The place of the open site that may be closed at least loss; -1 where none may be."""
    best = -1
    for k in range(len(chosen)):
        may_close = state[chosen[k]] != IN
        if may_close and (best < 0 or service.loss[k] < service.loss[best]):
            best = k
    return best


@njit(cache=True)
def best_exchange(
    columns: ColumnArrays,
    service: Service,
    sites: tuple[StateArray, IndexArray],
    entering: int,
    books: tuple[int, FloatArray, IndexArray],
) -> tuple[float, int]:
    """What opening a site saves net of the best site to close, and the place of that."""
    state, chosen = sites
    cheapest, extra, seen = books
    save, count = 0.0, 0
    for t in range(columns.start[entering], columns.start[entering + 1]):
        i, cost = columns.area[t], columns.cost[t]
        if cost >= service.second[i]:
            continue
        save += max(0.0, service.nearest[i] - cost)
        k, kept = service.first[i], service.second[i] - max(cost, service.nearest[i])
        if k >= 0 and kept > 0.0:  # where the two nearest tie, closing one keeps nothing
            if extra[k] == 0.0:
                seen[count] = k
                count += 1
            extra[k] += kept
    best, leaving = save - service.loss[cheapest] + extra[cheapest], cheapest
    for place in range(count):
        k = seen[place]
        gain = save - service.loss[k] + extra[k]
        extra[k] = 0.0
        if gain > best and state[chosen[k]] != IN:
            best, leaving = gain, k
    return best, leaving


@njit(cache=True)
def exchange(
    rows: RowArrays,
    columns: ColumnArrays,
    service: Service,
    chosen: IndexArray,
    pair: tuple[int, int],
) -> None:
    """Open a site in the place of another, and look again where either is near."""
    entering, leaving = pair
    closed = chosen[leaving]
    service.slot[closed], service.slot[entering] = -1, leaving
    chosen[leaving] = entering
    for site in (closed, entering):
        for t in range(columns.start[site], columns.start[site + 1]):
            i = columns.area[t]
            if columns.cost[t] <= service.second[i]:
                if service.first[i] >= 0:
                    service.loss[service.first[i]] -= service.second[i] - service.nearest[i]
                _look(rows, service, i)
