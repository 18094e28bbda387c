"""The edges of the fastest ways between pairs, by whichever search costs less.

For a few pairs Dijkstra's search goes out from one end until the other is settled. For many, the
hierarchy tells how far any vertex is from the target, so that one simply goes on, from the source,
by an edge that loses nothing.

Source: B. Strasser, T. Zeitz, "A Fast and Tight Heuristic for A* in Road Networks", 2021: the
distances to one target from the up-arcs of the hierarchy, each worked out once ("CH-Potentials").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numba
import numpy as np
import numpy.typing as npt

from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.search.bounded import Queue, enter, new_queue
from ntgeo.roads.search.dijkstra import ABSENT
from ntgeo.roads.search.engine import weighted_hierarchy_of
from ntgeo.roads.search.entries import Entries
from ntgeo.roads.search.heap import sink_last

__all__ = ["EdgePaths", "trace_edges"]

Longs = npt.NDArray[np.int64]
Ints = npt.NDArray[np.int32]
Graph: TypeAlias = tuple[Longs, Ints, Longs]
Hierarchy: TypeAlias = tuple[Graph, Graph, Ints, Ints]
Entry: TypeAlias = tuple[Ints, Longs, int, int]

_SETTLED_SHARE: Final = 0.3
_SETTLE_US: Final = 0.3
_PREPARE_US: Final = 18.0
"""Share of the vertices that a search settles, and microseconds for each; and for each vertex of a
hierarchy made. Measured on Cambridge and Porto with turns, on one core."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EdgePaths:
    """The fastest way over the search graph of each pair.

    Args:
        start: (pairs + 1,) where the edges of each way start.
        edge: (edges,) edges of the search graph, in order.
        seed: (pairs,) the entry by which each way begins; -1 where there is no way.
        goal: (pairs,) the entry by which it ends; -1 where there is no way.
        cost: (pairs,) packed cost; :data:`~ntgeo.roads.search.dijkstra.ABSENT` where there is no
            way.
    """

    start: Longs
    edge: Longs
    seed: Longs
    goal: Longs
    cost: Longs


def trace_edges(network: RoadNetwork, leaving: Entries, arriving: Entries) -> EdgePaths:
    """Trace the fastest way from each entry place of ``leaving`` to that of ``arriving``."""
    graph, pairs = network.search_graph.as_tuple, len(leaving.start) - 1
    is_much = pairs * _SETTLED_SHARE * _SETTLE_US > _PREPARE_US
    if is_much or "weighted hierarchy" in network.kept:
        weighted = weighted_hierarchy_of(network)
        hierarchy = (weighted.up, weighted.down, weighted.parent, weighted.rank)
    else:
        nothing = (np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0, np.int64))
        hierarchy = (nothing, nothing, np.empty(0, np.int32), np.empty(0, np.int32))
    start, edge, ends, cost = _trace(graph, hierarchy, leaving.as_tuple, arriving.as_tuple)
    return EdgePaths(start=start, edge=edge, seed=ends[:, 0], goal=ends[:, 1], cost=cost)


@numba.njit(cache=True, nogil=True)
def _trace(
    graph: Graph, hierarchy: Hierarchy, seeds: Graph, targets: Graph
) -> tuple[Longs, Longs, Longs, Longs]:
    """Return the edges of all ways, the entries by which each begins and ends, and its cost."""
    vertices, pairs = len(graph[0]) - 1, len(seeds[0]) - 1
    searched = (new_queue(vertices), np.empty(vertices, np.int64), np.empty(vertices, np.int64))
    known = len(hierarchy[2])
    far = (np.empty(known, np.int64), np.full(known, -1, np.int64), np.empty(known, np.int64))
    start, cost = np.zeros(pairs + 1, np.int64), np.full(pairs, ABSENT, np.int64)
    ends = np.full((pairs, 2), -1, np.int64)
    edges = np.empty(64 * pairs + vertices, np.int64)
    for pair in range(pairs):
        begins = (seeds[1], seeds[2], seeds[0][pair], seeds[0][pair + 1])
        stops = (targets[1], targets[2], targets[0][pair], targets[0][pair + 1])
        filled = start[pair]
        if filled + vertices > len(edges):
            edges = np.concatenate((edges, np.empty(len(edges) + vertices, np.int64)))
        room, count = edges[filled : filled + vertices], -1
        if known > 0:
            cost[pair], count = _go_on(
                graph, hierarchy, (begins, stops), (far, pair), (room, ends[pair])
            )
        if count < 0:
            cost[pair], count = _search(graph, (begins, stops), searched, (room, ends[pair]))
        start[pair + 1] = filled + count
    return start, edges[: start[pairs]].copy(), ends, cost


@numba.njit(cache=True, nogil=True)
def _go_on(
    graph: Graph,
    hierarchy: Hierarchy,
    pair_ends: tuple[Entry, Entry],
    known: tuple[tuple[Longs, Longs, Longs], int],
    found: tuple[Longs, Longs],
) -> tuple[int, int]:
    """Go on by edges that lose nothing; return the cost, and how many edges, -1 if going round."""
    start, head, weight = graph
    (seed_vertex, seed_cost, low, high), stops = pair_ends
    far, pair = known
    edges, ends = found
    rank = hierarchy[3]
    _look_back(hierarchy, stops, far, pair)
    best = ABSENT
    for seed in range(low, high):
        rest = _rest(hierarchy, rank[seed_vertex[seed]], far, pair)
        if rest < ABSENT and seed_cost[seed] + rest < best:
            best, ends[0] = seed_cost[seed] + rest, seed
    if best == ABSENT:
        return ABSENT, 0
    here, count = seed_vertex[ends[0]], 0
    rest = best - seed_cost[ends[0]]
    while count < len(edges):
        for stop in range(stops[2], stops[3]):
            if stops[0][stop] == here and stops[1][stop] == rest:
                ends[1] = stop
                return best, count
        for edge in range(start[here], start[here + 1]):
            after = _rest(hierarchy, rank[head[edge]], far, pair)
            if after < ABSENT and weight[edge] + after == rest:
                edges[count], here, rest = edge, head[edge], after
                count += 1
                break
        else:
            return best, -1
    return best, -1


@numba.njit(cache=True, nogil=True)
def _look_back(
    hierarchy: Hierarchy, stops: Entry, far: tuple[Longs, Longs, Longs], pair: int
) -> None:
    """Set how far vertices above the target are from it by falling ranks alone."""
    _, (start, head, weight), parent, rank = hierarchy
    cost, stamp, _ = far
    for stop in range(stops[2], stops[3]):
        here = np.int64(rank[stops[0][stop]])
        if stamp[here] != 2 * pair or stops[1][stop] < cost[here]:
            cost[here], stamp[here] = stops[1][stop], 2 * pair
        while here < len(parent):
            if stamp[here] == 2 * pair:
                for arc in range(start[here], start[here + 1]):
                    above, new = head[arc], cost[here] + weight[arc]
                    if stamp[above] != 2 * pair or new < cost[above]:
                        cost[above], stamp[above] = new, 2 * pair
            here = np.int64(parent[here])


@numba.njit(cache=True, nogil=True)
def _rest(hierarchy: Hierarchy, at: int, far: tuple[Longs, Longs, Longs], pair: int) -> int:
    """Return how far a vertex is from the target; those above it are found first, and kept."""
    (start, head, weight), _, parent, _ = hierarchy
    cost, stamp, chain = far
    length, here = 0, np.int64(at)
    while here < len(parent) and stamp[here] != 2 * pair + 1:
        chain[length] = here
        length, here = length + 1, np.int64(parent[here])
    for place in range(length - 1, -1, -1):
        here = chain[place]
        least = cost[here] if stamp[here] == 2 * pair else ABSENT
        for arc in range(start[here], start[here + 1]):
            if cost[head[arc]] < ABSENT:
                least = min(least, weight[arc] + cost[head[arc]])
        cost[here], stamp[here] = least, 2 * pair + 1
    return cost[at]


@numba.njit(cache=True, nogil=True)
def _search(
    graph: Graph,
    pair_ends: tuple[Entry, Entry],
    searched: tuple[Queue, Longs, Longs],
    found: tuple[Longs, Longs],
) -> tuple[int, int]:
    """Search until no way can be faster; return the cost and how many edges."""
    start, head, weight = graph
    (seed_vertex, seed_cost, low, high), (goal_vertex, extra, first, last) = pair_ends
    queue, parent, tail = searched
    cost, key, vertex, place, seen = queue
    size, touched, best, least_extra = 0, 0, ABSENT, 0
    for goal in range(first, last):
        least_extra = min(least_extra, extra[goal])
    for seed in range(low, high):
        if seed_cost[seed] < cost[seed_vertex[seed]]:
            parent[seed_vertex[seed]] = -seed - 1
            size, touched = enter(queue, size, touched, seed_vertex[seed], seed_cost[seed])
    while size > 0 and key[0] + least_extra < best:
        here, so_far = vertex[0], key[0]
        size -= 1
        sink_last(key, vertex, place, size)
        for goal in range(first, last):
            if goal_vertex[goal] == here and so_far + extra[goal] < best:
                best, found[1][1] = so_far + extra[goal], goal
        for edge in range(start[here], start[here + 1]):
            to, new = head[edge], so_far + weight[edge]
            if new < cost[to] and new < ABSENT:
                parent[to], tail[to] = edge, here
                size, touched = enter(queue, size, touched, to, new)
    for at in range(touched):
        cost[seen[at]] = ABSENT
    return best, _walk_back(goal_vertex, parent, tail, found)


@numba.njit(cache=True, nogil=True)
def _walk_back(goal_vertex: Ints, parent: Longs, tail: Longs, found: tuple[Longs, Longs]) -> int:
    """Write the edges from the seed to the goal, in order; return how many."""
    edges, ends = found
    if ends[1] < 0:
        return 0
    count, here = 0, np.int64(goal_vertex[ends[1]])
    while parent[here] >= 0:
        edges[count] = parent[here]
        count, here = count + 1, tail[here]
    ends[0] = -parent[here] - 1
    edges[:count] = edges[:count][::-1].copy()
    return count
