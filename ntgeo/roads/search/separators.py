"""Small balanced separators of a graph in the plane (Inertial Flow).

Along each of several directions the first and the last quarter of the vertices are joined to a
source and a sink, and the least cut between them is found by augmenting paths; few vertices that
touch every arc across the least of these cuts are the separator.

Sources: A. Schild, C. Sommer, "On Balanced Separators in Road Networks", 2015; L. R. Ford, D. R.
Fulkerson, "Maximal Flow Through a Network", 1956.
"""

from __future__ import annotations

from typing import Final

import numba
import numpy as np
import numpy.typing as npt

__all__ = ["IN_SEPARATOR", "Adjacency", "State", "best_cut", "cover_cut"]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Adjacency = tuple[Longs, Ints, Ints]
"""Where each vertex's arcs start, the neighbours they lead to, and the number of each twin."""
State = tuple[npt.NDArray[np.int8], Ints]
"""The flow along each arc, and what was last seen of each vertex."""

IN_SEPARATOR: Final = 2
_SHARE: Final = 0.25
_MOST_ACROSS: Final = 4
_SOURCE: Final = -1
_SINK: Final = -2
_FIRST_ROUND: Final = 0


@numba.njit(cache=True)
def best_cut(
    part: Ints,
    adjacency: Adjacency,
    cell: Ints,
    side: npt.NDArray[np.int8],
    state: State,
    work: tuple[Longs, Ints, Ints],
) -> None:
    """Set ``side`` to 1 on the source's side of the least cut of four, else to 0."""
    start, _, _ = adjacency
    flow, seen = state
    best = np.int64(1 << 40)
    for order in part:
        for vertex in order:
            flow[start[vertex] : start[vertex + 1]] = 0
        value, last = _max_flow(order, adjacency, cell, state, work, best)
        if value < best:
            best = value
            for vertex in order:
                side[vertex] = seen[vertex] == last or seen[vertex] == _SOURCE


@numba.njit(cache=True)
def _max_flow(
    order: Ints,
    adjacency: Adjacency,
    cell: Ints,
    state: State,
    work: tuple[Longs, Ints, Ints],
    bound: int,
) -> tuple[int, int]:
    """Return the greatest flow from the first to the last quarter, or ``bound`` if it is more.

    Each round searches the graph once, depth first, from all sources, and sends a unit wherever it
    meets a sink. What the last, vain round has seen lies on the source's side of the least cut.
    The number of that round is returned too.
    """
    seen, (_, front, _) = state[1], work
    ends = max(1, int(len(order) * _SHARE))
    sources = _mark_ends(order, ends, adjacency, cell, seen, front)
    value, turn, found = 0, _FIRST_ROUND, 1
    while found > 0:
        turn += 1
        found = 0
        for source in front[:sources]:
            work[0][source] = adjacency[0][source]
            while _augment(source, turn, adjacency, cell, state, work):
                found += 1
                if value + found >= bound:
                    return value + found, turn
        value += found
    return value, turn


@numba.njit(cache=True)
def _mark_ends(
    order: Ints, ends: int, adjacency: Adjacency, cell: Ints, seen: Ints, front: Ints
) -> int:
    """Mark sources and sinks; put the sources with a way out into ``front`` and count them."""
    start, neighbour, _ = adjacency
    for vertex in order:
        seen[vertex] = _FIRST_ROUND
    for at in range(ends):
        seen[order[len(order) - 1 - at]] = _SINK
        seen[order[at]] = _SOURCE
    count = 0
    for source in order[:ends]:
        for arc in range(start[source], start[source + 1]):
            to = neighbour[arc]
            if cell[to] == cell[source] and seen[to] != _SOURCE:
                front[count] = source
                count += 1
                break
    return count


@numba.njit(cache=True)
def _augment(
    source: int,
    turn: int,
    adjacency: Adjacency,
    cell: Ints,
    state: State,
    work: tuple[Longs, Ints, Ints],
) -> bool:
    """Send one unit from ``source`` through vertices unseen this round; false if no way is left."""
    start, neighbour, twin = adjacency
    flow, seen = state
    pointer, _, stack = work
    depth, vertex = 0, source
    while True:
        if pointer[vertex] == start[vertex + 1]:
            if depth == 0:
                return False
            depth -= 1
            vertex = neighbour[twin[stack[depth]]]
            continue
        arc = pointer[vertex]
        pointer[vertex] += 1
        to = neighbour[arc]
        if cell[to] != cell[vertex] or flow[arc] == 1:
            continue
        if seen[to] == _SINK:
            stack[depth] = arc
            for at in range(depth + 1):
                flow[stack[at]] += 1
                flow[twin[stack[at]]] -= 1
            return True
        if seen[to] != turn and seen[to] != _SOURCE:
            seen[to] = turn
            pointer[to] = start[to]
            stack[depth] = arc
            depth += 1
            vertex = to


@numba.njit(cache=True)
def cover_cut(part: Ints, adjacency: Adjacency, cell: Ints, side: npt.NDArray[np.int8]) -> None:
    """Set ``side`` to a mark on few vertices that touch every arc across the cut."""
    start, neighbour, _ = adjacency
    for most in range(_MOST_ACROSS, 0, -1):
        for vertex in part:
            if side[vertex] == IN_SEPARATOR:
                continue
            across = 0
            for arc in range(start[vertex], start[vertex + 1]):
                to = neighbour[arc]
                if (
                    cell[to] == cell[vertex]
                    and side[to] != IN_SEPARATOR
                    and side[to] != side[vertex]
                ):
                    across += 1
            if across >= most:
                side[vertex] = IN_SEPARATOR
