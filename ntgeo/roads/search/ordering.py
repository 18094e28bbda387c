"""The order in which a hierarchy contracts its vertices: low degrees first, then nested dissection.

Vertices of degree one or two are contracted first, since they make no fill. The rest is cut again
and again by small balanced separators; a separator ranks above all that it separates.

Source: J. Dibbelt, B. Strasser, D. Wagner, "Customizable Contraction Hierarchies", 2014
(arXiv 1402.0402).
"""

from __future__ import annotations

from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from ntgeo.roads.distinct import distinct
from ntgeo.roads.search.separators import IN_SEPARATOR, Adjacency, best_cut, cover_cut

__all__ = ["contraction_ranks"]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_LEAF: Final = 4
_LOW_DEGREE: Final = 2


def contraction_ranks(tail: Ints, head: Ints, xy_m: Floats) -> Ints:
    """Return the rank of each vertex, 0 contracted first; the same graph gives the same ranks.

    Args:
        tail: (arcs,) vertices; direction, loops and repeats do not matter.
        head: (arcs,) the same.
        xy_m: (vertices, 2) places; better places make better separators.
    """
    count = len(xy_m)
    start, neighbour, _ = _symmetric(count, tail.astype(np.int64), head.astype(np.int64))
    low, core_tail, core_head = _contract_low(start, neighbour, np.diff(start))
    rank = np.full(count, -1, np.int32)
    rank[low] = np.arange(len(low), dtype=np.int32)
    core = np.flatnonzero(rank < 0)
    place = np.empty(count, np.int64)
    place[core] = np.arange(len(core))
    adjacency = _symmetric(len(core), place[core_tail], place[core_head])
    x, y = xy_m[core].T
    members = [np.argsort(along, kind="stable") for along in (x, y, x + y, x - y)]
    rank[core] = _dissect(adjacency, np.array(members, np.int32)) + np.int32(len(low))
    return rank


def _symmetric(count: int, tail: Longs, head: Longs) -> Adjacency:
    """Return each vertex's neighbours, ascending and once, and the number of each arc's twin."""
    proper = tail != head
    low = np.minimum(tail, head)[proper]
    high = np.maximum(tail, head)[proper]
    pairs = distinct(low * count + high)
    one, other = pairs // max(count, 1), pairs % max(count, 1)
    both = np.concatenate([one * count + other, other * count + one])
    order = np.argsort(both, kind="stable")
    place = np.empty(len(both), np.int64)
    place[order] = np.arange(len(both))
    twin = np.concatenate([place[len(one) :], place[: len(one)]])[order]
    neighbour = (both[order] % max(count, 1)).astype(np.int32)
    degree = np.bincount(both // max(count, 1), minlength=count)
    start = np.concatenate(([0], np.cumsum(degree))).astype(np.int64)
    return start, neighbour, twin.astype(np.int32)


@numba.njit(cache=True)
def _contract_low(start: Longs, around: Ints, degree: Longs) -> tuple[Longs, Longs, Longs]:
    """Contract vertices of degree at most two, until none is left; return them and what remains.

    ``around`` and ``degree`` are used up.
    """
    count = len(start) - 1
    queue = np.empty(count, np.int64)
    is_queued = np.zeros(count, np.bool_)
    filled = 0
    for vertex in range(count):
        if degree[vertex] <= _LOW_DEGREE:
            queue[filled] = vertex
            is_queued[vertex] = True
            filled += 1
    taken = 0
    while taken < filled:
        vertex = queue[taken]
        taken += 1
        first = start[vertex]
        for side in range(degree[vertex]):
            here = around[first + side]
            instead = around[first + 1 - side] if degree[vertex] == _LOW_DEGREE else here
            degree[here] = _replace(around, start[here], degree[here], vertex, instead)
            if degree[here] <= _LOW_DEGREE and not is_queued[here]:
                queue[filled] = here
                is_queued[here] = True
                filled += 1
        degree[vertex] = 0
    tail = np.empty(degree.sum(), np.int64)
    head = np.empty(degree.sum(), np.int64)
    at = 0
    for vertex in range(count):
        for slot in range(start[vertex], start[vertex] + degree[vertex]):
            tail[at], head[at] = vertex, around[slot]
            at += 1
    return queue[:filled], tail, head


@numba.njit(cache=True)
def _replace(around: Ints, first: int, degree: int, old: int, new: int) -> int:
    """Replace a neighbour, or drop it if the new one is there or is itself; return the degree."""
    where, is_there = -1, False
    for slot in range(first, first + degree):
        if around[slot] == old:
            where = slot
        elif around[slot] == new:
            is_there = True
    if is_there or around[where] == new:
        around[where] = around[first + degree - 1]
        return degree - 1
    around[where] = new
    return degree


@numba.njit(cache=True)
def _dissect(adjacency: Adjacency, members: Ints) -> Ints:
    """Return the rank of each vertex by nested dissection.

    Args:
        adjacency: Of the graph.
        members: (4, vertices) the vertices in order of place along each direction; a cell is the
            same stretch of all four.
    """
    count = members.shape[1]
    cell = np.zeros(count, np.int32)
    rank = np.empty(count, np.int32)
    side = np.zeros(count, np.int8)
    state = (np.zeros(len(adjacency[1]), np.int8), np.empty(count, np.int32))
    work = (np.empty(count, np.int64), np.empty(count + 1, np.int32), np.empty(count + 1, np.int32))
    stack = np.empty((count + 1, 2), np.int64)
    stack[0, 0], stack[0, 1] = 0, count
    depth, left, cells = np.int64(1), np.int64(count), np.int64(0)
    while depth > 0:
        depth -= 1
        low, high = stack[depth, 0], stack[depth, 1]
        part = members[:, low:high]
        if high - low <= _LEAF:
            left = _rank_leaf(part[0], adjacency, cell, rank, left)
            continue
        best_cut(part, adjacency, cell, side, state, work)
        cover_cut(part[0], adjacency, cell, side)
        for vertex in part[0]:
            if side[vertex] == IN_SEPARATOR:
                left -= 1
                rank[vertex] = left
                cell[vertex] = -1
        before = cells
        cells = _flood(part[0], adjacency, cell, cells, work[1])
        depth = _stretch(part, low, cell, (before, cells), stack, depth)
    return rank


@numba.njit(cache=True)
def _rank_leaf(part: Ints, adjacency: Adjacency, cell: Ints, rank: Ints, left: int) -> int:
    """Rank a few vertices, those of most neighbours in the cell highest."""
    start, neighbour, _ = adjacency
    degree = np.zeros(len(part), np.int64)
    for at, vertex in enumerate(part):
        for arc in range(start[vertex], start[vertex + 1]):
            degree[at] += cell[neighbour[arc]] == cell[vertex]
    for _ in range(len(part)):
        best = int(np.argmax(degree))
        left -= 1
        rank[part[best]] = left
        degree[best] = -1
    for vertex in part:
        cell[vertex] = -1
    return left


@numba.njit(cache=True)
def _flood(part: Ints, adjacency: Adjacency, cell: Ints, cells: int, queue: Ints) -> int:
    """Give each connected piece left of a cell a number of its own; return the last one given."""
    start, neighbour, _ = adjacency
    own = np.int32(-1)
    for vertex in part:
        own = max(own, cell[vertex])
    for seed in part:
        if cell[seed] != own or own < 0:
            continue
        cells += 1
        cell[seed] = cells
        queue[0] = seed
        filled, taken = 1, 0
        while taken < filled:
            vertex = queue[taken]
            taken += 1
            for arc in range(start[vertex], start[vertex + 1]):
                to = neighbour[arc]
                if cell[to] == own:
                    cell[to] = cells
                    queue[filled] = to
                    filled += 1
    return cells


@numba.njit(cache=True)
def _stretch(
    part: Ints, low: int, cell: Ints, numbers: tuple[int, int], stack: Longs, depth: int
) -> int:
    """Put the pieces of a cell one after another, in all four orders, and stack them."""
    before, last = numbers
    pieces = last - before
    size = np.zeros(pieces + 1, np.int64)
    for vertex in part[0]:
        if cell[vertex] >= 0:
            size[cell[vertex] - before] += 1
    ends = size
    for piece in range(pieces):
        ends[piece + 1] += ends[piece]
    for direction in range(len(part)):
        fill = ends.copy()
        old = part[direction].copy()
        for vertex in old:
            if cell[vertex] >= 0:
                piece = cell[vertex] - before - 1
                part[direction, fill[piece]] = vertex
                fill[piece] += 1
    for piece in range(pieces):
        stack[depth, 0], stack[depth, 1] = low + ends[piece], low + ends[piece + 1]
        depth += 1
    return depth
