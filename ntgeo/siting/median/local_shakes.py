"""Shakes of a plan with many sites: a few sites near one area are forced open, and swaps repair.

Only sites near what a swap changed can have become worth opening, so only those are looked at.
Where the repair ends no better than it began, the swaps are undone; so a shake costs what it
touches, and a country takes thousands a second (iterated local search: Lourenço, Martin and Stützle
2003).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from ntgeo.siting.median.local_swaps import (
    Service,
    best_exchange,
    cheapest_to_close,
    exchange,
    serve,
)
from ntgeo.siting.median.rows import FREE, ColumnArrays, RowArrays, StateArray

__all__ = ["shake_by_columns"]

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]


class _Question(NamedTuple):
    rows: RowArrays
    columns: ColumnArrays
    state: StateArray
    chosen: IndexArray


class _Desk(NamedTuple):
    """Scratch.

    ``extra`` and ``seen`` are books of an exchange; ``listed`` are sites to be looked at,
    ``is_listed`` (sites,) whether; ``made`` the swaps of this shake. ``counts`` holds how many are
    listed, how many were made, and the place of the open site that it costs least to close.
    """

    extra: FloatArray
    seen: IndexArray
    listed: IndexArray
    is_listed: npt.NDArray[np.bool_]
    made: IndexArray
    counts: IndexArray


_MOST_MADE = 1_000
_LISTED, _MADE, _CHEAPEST = 0, 1, 2


@njit(cache=True)
def shake_by_columns(
    rows: RowArrays,
    columns: ColumnArrays,
    state: StateArray,
    chosen: IndexArray,
    picks: IndexArray,
) -> float:
    """Shake once for each row of ``picks``, in place; return what is saved in all.

    Args:
        rows: The costs.
        columns: The same, site by site.
        state: (sites,) ``IN``, ``FREE`` or ``OUT``.
        chosen: (count,) open sites.
        picks: (shakes, 1 + forced) an area, then entries of its row, counted from its nearest site
            and taken round where the row is shorter; the sites there are forced open.
    """
    service = serve(rows, state, chosen)
    question = _Question(rows, columns, state, chosen)
    sites, count = len(state), len(chosen)
    desk = _Desk(
        np.zeros(count),
        np.empty(count, np.intp),
        np.empty(sites, np.intp),
        np.zeros(sites, np.bool_),
        np.empty((_MOST_MADE, 2), np.intp),
        np.zeros(3, np.intp),
    )
    desk.counts[_CHEAPEST] = cheapest_to_close(service, state, chosen)
    if desk.counts[_CHEAPEST] < 0:
        return 0.0
    enough = 1e-9 * service.nearest.sum()
    saved = 0.0
    for shake in range(len(picks)):
        desk.counts[_MADE] = 0
        gain = _force(question, service, desk, picks[shake])
        gain += _repair(question, service, desk, enough)
        if gain > enough:
            saved += gain
        else:
            _undo(question, service, desk)
    return saved


@njit(cache=True)
def _force(question: _Question, service: Service, desk: _Desk, pick: IndexArray) -> float:
    """Open the picked sites in the place of those whose closing costs least; a gain, below 0."""
    rows, _, state, _ = question
    first, end = rows.start[pick[0]], rows.start[pick[0] + 1]
    gain = 0.0
    for place in range(1, len(pick)):
        if end > first:
            entering = np.intp(rows.site[first + pick[place] % (end - first)])
            if service.slot[entering] < 0 and state[entering] == FREE:
                gain += _try(question, service, desk, entering, -np.inf)
    return gain


@njit(cache=True)
def _repair(question: _Question, service: Service, desk: _Desk, enough: float) -> float:
    """Look at the listed sites, and make each swap that saves, until none is listed."""
    gain = 0.0
    while desk.counts[_LISTED] > 0 and desk.counts[_MADE] < _MOST_MADE:
        place = desk.counts[_LISTED] - 1
        entering = desk.listed[place]
        desk.counts[_LISTED] = place
        desk.is_listed[entering] = False
        if service.slot[entering] < 0 and question.state[entering] == FREE:
            gain += _try(question, service, desk, entering, enough)
    while desk.counts[_LISTED] > 0:
        desk.counts[_LISTED] -= 1
        desk.is_listed[desk.listed[desk.counts[_LISTED]]] = False
    return gain


@njit(cache=True)
def _try(question: _Question, service: Service, desk: _Desk, entering: int, enough: float) -> float:
    """Open a site if that saves more than ``enough``; return what is saved; list who is near."""
    rows, columns, state, chosen = question
    books = (desk.counts[_CHEAPEST], desk.extra, desk.seen)
    gain, leaving = best_exchange(columns, service, (state, chosen), entering, books)
    if gain <= enough:
        return 0.0
    closed = chosen[leaving]
    desk.made[desk.counts[_MADE], 0], desk.made[desk.counts[_MADE], 1] = leaving, closed
    desk.counts[_MADE] += 1
    exchange(rows, columns, service, chosen, (entering, leaving))
    desk.counts[_CHEAPEST] = cheapest_to_close(service, state, chosen)
    _list_near(question, service, desk, closed)
    _list_near(question, service, desk, entering)
    return gain


@njit(cache=True)
def _list_near(question: _Question, service: Service, desk: _Desk, site: int) -> None:
    """List the sites that could serve an area which a site serves first or second."""
    rows, columns, _, _ = question
    for t in range(columns.start[site], columns.start[site + 1]):
        i = columns.area[t]
        if columns.cost[t] > service.second[i]:
            continue
        for s in range(rows.start[i], rows.start[i + 1]):
            if rows.cost[s] >= service.second[i]:
                break
            near = rows.site[s]
            if not desk.is_listed[near]:
                desk.is_listed[near] = True
                desk.listed[desk.counts[_LISTED]] = near
                desk.counts[_LISTED] += 1


@njit(cache=True)
def _undo(question: _Question, service: Service, desk: _Desk) -> None:
    rows, columns, state, chosen = question
    for made in range(desk.counts[_MADE] - 1, -1, -1):
        leaving, closed = desk.made[made, 0], desk.made[made, 1]
        exchange(rows, columns, service, chosen, (closed, leaving))
    desk.counts[_CHEAPEST] = cheapest_to_close(service, state, chosen)
