"""Searches that stop when enough is known, and cost only what they touch.

A search leaves its arrays as it found them, so that the next one, from another origin, starts
without a pass over the whole graph. Costs are packed as in :mod:`ntgeo.roads.search.dijkstra`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numba
import numpy as np
import numpy.typing as npt

from ntgeo.roads.search.dijkstra import ABSENT
from ntgeo.roads.search.entries import Entries
from ntgeo.roads.search.heap import raise_up, sink_last

__all__ = [
    "FoundPairs",
    "Goals",
    "Queue",
    "bounded_pairs",
    "bounded_vertices",
    "enter",
    "goals_of",
    "new_queue",
]

Longs = npt.NDArray[np.int64]
Ints = npt.NDArray[np.int32]
Graph: TypeAlias = tuple[Longs, Ints, Longs]
Offers: TypeAlias = tuple[Longs, Longs, Longs]
Queue: TypeAlias = tuple[Longs, Longs, Ints, Ints, Ints]
"""The cost of each vertex (:data:`ABSENT` before and after each search), the queue's ``key``,
``vertex`` and ``place``, and the vertices touched so far."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Goals:
    """Destinations by the vertex at which they are left.

    Args:
        start: (vertices + 1,) where the destinations of each vertex start.
        destination: (entries,) number of the destination.
        extra: (entries,) packed cost from the vertex to it; may be below zero where turns count.
        count: How many destinations there are.
    """

    start: Longs
    destination: Longs
    extra: Longs
    count: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FoundPairs:
    """Pairs of origins and destinations, by origin, nearest first, then by destination.

    Args:
        start: (origins + 1,) where the pairs of each origin start.
        destination: (pairs,) number of the destination.
        cost: (pairs,) packed cost.
        settled: Vertices from which the searches went on, in all.
    """

    start: Longs
    destination: Longs
    cost: Longs
    settled: int = 0


def goals_of(arriving: Entries, vertices: int) -> Goals:
    """Sort destinations by the vertices of the graph at which they are left."""
    count = len(arriving.start) - 1
    order = np.argsort(arriving.vertex, kind="stable")
    many = np.bincount(arriving.vertex, minlength=vertices)
    owner = np.repeat(np.arange(count), np.diff(arriving.start))
    return Goals(
        start=np.concatenate(([0], np.cumsum(many))).astype(np.int64),
        destination=owner[order],
        extra=arriving.cost[order],
        count=count,
    )


def bounded_pairs(
    graph: Graph, leaving: Entries, goals: Goals, known: Offers, *, limit: int, most: int
) -> FoundPairs:
    """Return the nearest destinations of each origin within a limit.

    Args:
        graph: ``start``, ``head`` and ``weight``, sorted by tail.
        leaving: Where origins enter.
        goals: Destinations.
        known: ``start`` (origins + 1,), ``destination`` and ``cost`` of pairs that need no search;
            the lesser cost counts.
        limit: Greatest packed cost of a pair.
        most: How many destinations of each origin to keep; of equally near ones the first.
    """
    start, destination, cost, settled = _bounded_pairs(
        graph,
        leaving.as_tuple,
        (goals.start, goals.destination, goals.extra),
        known,
        (
            min(limit, ABSENT - 1),
            max(min(most, goals.count), 1),
            goals.count,
            int(goals.extra.min(initial=0)),
        ),
    )
    return FoundPairs(start=start, destination=destination, cost=cost, settled=settled)


@numba.njit(cache=True, nogil=True)
def new_queue(vertices: int) -> Queue:
    """Return the arrays of searches over a graph."""
    return (
        np.full(vertices, ABSENT, np.int64),
        np.empty(vertices, np.int64),
        np.empty(vertices, np.int32),
        np.empty(vertices, np.int32),
        np.empty(vertices, np.int32),
    )


@numba.njit(cache=True, nogil=True)
def enter(queue: Queue, size: int, touched: int, at: int, new: int) -> tuple[int, int]:
    """Put a vertex into the queue, or forward in it; return how many it holds, and touched."""
    cost, key, vertex, place, seen = queue
    slot = place[at]
    if cost[at] == ABSENT:
        seen[touched] = at
        slot, size, touched = size, size + 1, touched + 1
    cost[at] = new
    raise_up(key, vertex, place, slot, new, at)
    return size, touched


@numba.njit(cache=True, nogil=True)
def _bounded_pairs(
    graph: Graph, seeds: Graph, goals: Offers, known: Offers, bounds: tuple[int, int, int, int]
) -> tuple[Longs, Longs, Longs, int]:
    _, most, count, _ = bounds
    queue = new_queue(len(graph[0]) - 1)
    best, chosen = np.full(count, ABSENT, np.int64), np.empty(most, np.int64)
    rows = len(seeds[0]) - 1
    start = np.zeros(rows + 1, np.int64)
    destination, cost = np.empty(16 * rows, np.int64), np.empty(16 * rows, np.int64)
    filled, settled = 0, 0
    for row in range(rows):
        held = 0
        for pair in range(known[0][row], known[0][row + 1]):
            held = _offer(best, chosen, held, bounds, (known[1][pair], known[2][pair]))
        ends = (seeds[0][row], seeds[0][row + 1])
        held, popped = _look_around(
            graph, (seeds[1], seeds[2], ends), goals, bounds, (queue, best, chosen, held)
        )
        settled += popped
        if filled + held > len(destination):
            destination = _longer(destination, filled, held)
            cost = _longer(cost, filled, held)
        for at in range(held):
            destination[filled], cost[filled] = chosen[at], best[chosen[at]]
            best[chosen[at]] = ABSENT
            filled += 1
        start[row + 1] = filled
    return start, destination[:filled].copy(), cost[:filled].copy(), settled


@numba.njit(cache=True, nogil=True)
def _longer(array: Longs, filled: int, more: int) -> Longs:
    longer = np.empty(2 * len(array) + more, np.int64)
    longer[:filled] = array[:filled]
    return longer


@numba.njit(cache=True, nogil=True)
def _offer(
    best: Longs, chosen: Longs, held: int, bounds: tuple[int, int, int, int], pair: tuple[int, int]
) -> int:
    """Take a destination among the nearest if it belongs there; return how many are held."""
    limit, most, _, _ = bounds
    goal, cost = pair
    if cost >= best[goal] or cost > limit:
        return held
    slot = held
    if best[goal] < ABSENT:
        slot = held - 1
        while chosen[slot] != goal:
            slot -= 1
    elif held < most:
        held += 1
    else:
        last = chosen[held - 1]
        if cost > best[last] or (cost == best[last] and goal > last):
            return held
        slot = held - 1
        best[last] = ABSENT
    best[goal] = cost
    while slot > 0:
        before = chosen[slot - 1]
        if best[before] < cost or (best[before] == cost and before < goal):
            break
        chosen[slot] = before
        slot -= 1
    chosen[slot] = goal
    return held


@numba.njit(cache=True, nogil=True)
def _look_around(
    graph: Graph,
    seeds: tuple[Ints, Longs, tuple[int, int]],
    goals: Offers,
    bounds: tuple[int, int, int, int],
    held_so_far: tuple[Queue, Longs, Longs, int],
) -> tuple[int, int]:
    """Search from one origin; return how many destinations are held and vertices were settled."""
    start, head, weight = graph
    goal_start, destination, extra = goals
    limit, most, _, least_extra = bounds
    queue, best, chosen, held = held_so_far
    cost, key, vertex, place, seen = queue
    size, touched, settled = 0, 0, 0
    for seed in range(seeds[2][0], seeds[2][1]):
        if seeds[1][seed] < cost[seeds[0][seed]]:
            size, touched = enter(queue, size, touched, seeds[0][seed], seeds[1][seed])
    horizon = best[chosen[most - 1]] if held == most else limit
    while size > 0 and key[0] + least_extra <= horizon:
        here, so_far = vertex[0], key[0]
        size -= 1
        sink_last(key, vertex, place, size)
        settled += 1
        for goal in range(goal_start[here], goal_start[here + 1]):
            pair = (destination[goal], so_far + extra[goal])
            held = _offer(best, chosen, held, bounds, pair)
        if held == most:
            horizon = best[chosen[most - 1]]
        for arc in range(start[here], start[here + 1]):
            to, new = head[arc], so_far + weight[arc]
            if new < cost[to] and new + least_extra <= horizon:
                size, touched = enter(queue, size, touched, to, new)
    for at in range(touched):
        cost[seen[at]] = ABSENT
    return held, settled


@numba.njit(cache=True, nogil=True)
def bounded_vertices(graph: Graph, seeds: Graph, limit: int) -> tuple[Longs, Longs, Longs]:
    """Return the vertices near each origin: where each origin's start, and vertices with costs.

    Those within the limit are there, and those one edge beyond, whose costs count all ways by
    vertices within the limit.

    Args:
        graph: ``start``, ``head`` and ``weight``, sorted by tail.
        seeds: ``start`` (origins + 1,), ``vertex`` and ``cost``: where each origin enters.
        limit: Greatest packed cost of a vertex from which the search goes on.
    """
    start, head, weight = graph
    queue = new_queue(len(start) - 1)
    cost, key, vertex, place, seen = queue
    rows = len(seeds[0]) - 1
    begin = np.zeros(rows + 1, np.int64)
    found, found_cost = np.empty(64 * rows, np.int64), np.empty(64 * rows, np.int64)
    for row in range(rows):
        size, touched = 0, 0
        for seed in range(seeds[0][row], seeds[0][row + 1]):
            if seeds[2][seed] < cost[seeds[1][seed]]:
                size, touched = enter(queue, size, touched, seeds[1][seed], seeds[2][seed])
        while size > 0 and key[0] <= limit:
            here, so_far = vertex[0], key[0]
            size -= 1
            sink_last(key, vertex, place, size)
            for arc in range(start[here], start[here + 1]):
                to, new = head[arc], so_far + weight[arc]
                if new < cost[to]:
                    size, touched = enter(queue, size, touched, to, new)
        filled = begin[row]
        if filled + touched > len(found):
            found, found_cost = (
                _longer(found, filled, touched),
                _longer(found_cost, filled, touched),
            )
        for at in range(touched):
            found[filled + at], found_cost[filled + at] = seen[at], cost[seen[at]]
            cost[seen[at]] = ABSENT
        begin[row + 1] = filled + touched
    return begin, found[: begin[rows]].copy(), found_cost[: begin[rows]].copy()
