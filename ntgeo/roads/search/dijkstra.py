"""Dijkstra's algorithm from many seeds, compiled; the yardstick of every other engine here.

Costs are packed, ``time_ms * 2**32 + length_cm`` in one signed 64-bit integer, so that sums add
both parts and the least is the fastest way and, of equally fast ways, the shortest. Answers are
exact.

Source: E. W. Dijkstra, "A note on two problems in connexion with graphs", 1959.
"""

from __future__ import annotations

from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from ntgeo.roads.network import NO_WAY
from ntgeo.roads.search.heap import raise_up, sink_last

__all__ = ["ABSENT", "dijkstra_rows", "dijkstra_tree"]

Longs = npt.NDArray[np.int64]
Ints = npt.NDArray[np.int32]

ABSENT: Final = NO_WAY
"""Cost of what cannot be reached."""


@numba.njit(cache=True, nogil=True)
def _search(
    graph: tuple[Longs, Ints, Longs],
    seeds: tuple[Ints, Longs],
    is_target: npt.NDArray[np.bool_],
    limit: int,
    found: tuple[Longs, Ints],
) -> None:
    """Fill ``found``, the cost and the arc of arrival, until all targets are settled."""
    start, head, weight = graph
    seed_vertex, seed_cost = seeds
    cost, parent = found
    targets = is_target.sum()
    count = len(start) - 1
    cost[:] = ABSENT
    key = np.empty(count, np.int64)
    vertex = np.empty(count, np.int32)
    place = np.empty(count, np.int32)
    size = 0
    for seed in range(len(seed_vertex)):
        at, new = seed_vertex[seed], seed_cost[seed]
        if new < cost[at] and new <= limit:
            slot = size if cost[at] == ABSENT else place[at]
            size += cost[at] == ABSENT
            cost[at] = new
            parent[at] = -1
            raise_up(key, vertex, place, slot, new, at)
    while size > 0 and targets > 0:
        here, so_far = vertex[0], key[0]
        size -= 1
        sink_last(key, vertex, place, size)
        targets -= is_target[here]
        for arc in range(start[here], start[here + 1]):
            to, new = head[arc], so_far + weight[arc]
            if new < cost[to] and new <= limit:
                slot = size if cost[to] == ABSENT else place[to]
                size += cost[to] == ABSENT
                cost[to] = new
                parent[to] = arc
                raise_up(key, vertex, place, slot, new, to)


@numba.njit(cache=True, nogil=True)
def dijkstra_rows(
    graph: tuple[Longs, Ints, Longs],
    seeds: tuple[Longs, Ints, Longs],
    targets: tuple[Longs, Ints, Longs],
    limit: int,
    out: Longs,
) -> None:
    """Fill ``out`` (origins, destinations) with packed costs; :data:`ABSENT` where there is no way.

    Args:
        graph: ``start`` (vertices + 1,), ``head`` and ``weight`` (arcs,), sorted by tail.
        seeds: ``start`` (origins + 1,), ``vertex`` and ``cost``: where each origin enters.
        targets: The same for where each destination is left.
        limit: Greatest packed cost of interest at a vertex.
        out: Written.
    """
    seed_start, seed_vertex, seed_cost = seeds
    target_start, target_vertex, target_cost = targets
    count = len(graph[0]) - 1
    is_target = np.zeros(count, np.bool_)
    is_target[target_vertex] = True
    cost = np.empty(count, np.int64)
    parent = np.empty(count, np.int32)
    for row in range(len(seed_start) - 1):
        one, end = seed_start[row], seed_start[row + 1]
        seeded = (seed_vertex[one:end], seed_cost[one:end])
        _search(graph, seeded, is_target, limit, (cost, parent))
        for column in range(len(target_start) - 1):
            best = ABSENT
            for target in range(target_start[column], target_start[column + 1]):
                reached = cost[target_vertex[target]]
                if reached < ABSENT:
                    best = min(best, reached + target_cost[target])
            out[row, column] = best


@numba.njit(cache=True, nogil=True)
def dijkstra_tree(
    graph: tuple[Longs, Ints, Longs],
    seed_vertex: Ints,
    seed_cost: Longs,
    is_target: npt.NDArray[np.bool_],
    limit: int,
) -> tuple[Longs, Ints]:
    """Return the packed cost of every vertex and the arc by which it is reached (-1 at a seed).

    Only vertices settled before the last target are final.
    """
    count = len(graph[0]) - 1
    cost = np.empty(count, np.int64)
    parent = np.full(count, -1, np.int32)
    _search(graph, (seed_vertex, seed_cost), is_target, limit, (cost, parent))
    return cost, parent
