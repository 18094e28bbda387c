"""The nearest of many facilities for every place on the roads, in one pass (network Voronoi).

One search against the traffic spreads from all facilities at once; each vertex belongs to the
facility that reaches it first. Costs are packed as in :mod:`ntgeo.roads.search.dijkstra`.

Source: A. Okabe et al., "Generalized network Voronoi diagrams", International Journal of
Geographical Information Science 22, 2008.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Final, TypeAlias

import numba
import numpy as np
import numpy.typing as npt

from ntgeo.domain.sparse_times import SparseTravelTimes, least_absent_s
from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.search.dijkstra import ABSENT
from ntgeo.roads.search.entries import Entries
from ntgeo.roads.search.questions import TimesQuestion, ask_times, known_pairs, method_of, unpack
from ntgeo.roads.search.snapping import PlacesToSnap

__all__ = ["NOBODY", "NearestOf", "nearest_facility", "spread"]

Longs = npt.NDArray[np.int64]
Ints = npt.NDArray[np.int32]
Graph: TypeAlias = tuple[Longs, Ints, Longs]

NOBODY: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NearestOf:
    """The nearest facility of each vertex.

    Args:
        cost: (vertices,) packed cost to it; :data:`~ntgeo.roads.search.dijkstra.ABSENT` where none.
        facility: (vertices,) its number; :data:`NOBODY` where none.
    """

    cost: Longs
    facility: Ints


def nearest_facility(
    network: RoadNetwork,
    places: PlacesToSnap,
    facilities: PlacesToSnap,
    *,
    snap_limit_m: float = 1000.0,
) -> SparseTravelTimes:
    """Return the nearest facility of each place, with time and distance, in one pass.

    The same as :func:`~ntgeo.roads.answers.nearest.nearest_destinations` with ``k = 1``, in a time
    that hardly depends on how many places and facilities there are. Of facilities equally near in
    time and distance the first counts.

    Args:
        network: The roads and the mode.
        places: Locations by id, in the network's CRS, or places already snapped.
        facilities: The same; travel is from the places to them.
        snap_limit_m: A place farther than this from every road has none.
    """
    question = ask_times(network, places, facilities, snap_limit_m=snap_limit_m)
    found = spread(network, question.arriving)
    row, column, cost = _offers(question, found)
    order = np.lexsort((column, cost, row))
    row, first = np.unique(row[order], return_index=True)
    nearest = order[first]
    time_s, distance_m = unpack(cost[nearest])
    counts = np.bincount(row, minlength=len(question.starts.ids))
    row_start = np.concatenate(([0], np.cumsum(counts)))
    return SparseTravelTimes(
        origins=question.starts.ids,
        destinations=question.ends.ids,
        row_start=row_start,
        column=column[nearest],
        time_s=time_s,
        distance_m=distance_m,
        beyond_s=least_absent_s(row_start, time_s, k=1),
        mode=network.mode,
        method=method_of(network),
        time_range=network.time_range,
    )


def _offers(question: TimesQuestion, found: NearestOf) -> tuple[Longs, Longs, Longs]:
    """Return the place, facility and cost of every way worth looking at."""
    leaving = question.leaving
    place = np.repeat(np.arange(len(question.starts.ids)), np.diff(leaving.start))
    facility = found.facility[leaving.vertex].astype(np.int64)
    cost = leaving.cost + found.cost[leaving.vertex]
    is_way = (facility != NOBODY) & (cost < ABSENT)
    start, known, known_cost = known_pairs(question)
    known_place = np.repeat(np.arange(len(start) - 1), np.diff(start))
    return (
        np.concatenate([place[is_way], known_place]),
        np.concatenate([facility[is_way], known]),
        np.concatenate([cost[is_way], known_cost]),
    )


def spread(network: RoadNetwork, arriving: Entries, limit: int = ABSENT - 1) -> NearestOf:
    """Search against the traffic from where facilities are reached.

    Args:
        network: The roads.
        arriving: Where each facility is reached from.
        limit: Greatest packed cost of interest.
    """
    owner = np.repeat(np.arange(len(arriving.start) - 1), np.diff(arriving.start))
    cost, facility = _spread(_against(network), (arriving.vertex, arriving.cost, owner), limit)
    return NearestOf(cost=cost, facility=facility)


def _against(network: RoadNetwork) -> Graph:
    """Return the search graph with every edge turned round."""
    if "graph against the traffic" not in network.kept:
        graph = network.search_graph
        order = np.argsort(graph.head, kind="stable")
        many = np.bincount(graph.head, minlength=len(graph.xy_m))
        start = np.concatenate(([0], np.cumsum(many))).astype(np.int64)
        turned = (start, graph.tail[order], graph.weight[order])
        network.kept["graph against the traffic"] = turned
    against: Graph = network.kept["graph against the traffic"]
    return against


@numba.njit(cache=True, nogil=True)
def _spread(graph: Graph, seeds: tuple[Ints, Longs, Longs], limit: int) -> tuple[Longs, Ints]:
    """Search from all seeds; of equal costs the least facility wins, on the whole way."""
    start, head, weight = graph
    count = len(start) - 1
    cost, owner = np.full(count, ABSENT, np.int64), np.full(count, NOBODY, np.int32)
    queue = [(ABSENT, np.int64(0), np.int64(0)) for _ in range(0)]
    for seed in range(len(seeds[0])):
        at, new, own = np.int64(seeds[0][seed]), seeds[1][seed], seeds[2][seed]
        if new <= limit and (new < cost[at] or (new == cost[at] and own < owner[at])):
            cost[at], owner[at] = new, own
            heapq.heappush(queue, (new, own, at))
    while len(queue) > 0:
        so_far, own, here = heapq.heappop(queue)
        if so_far != cost[here] or own != owner[here]:
            continue
        for edge in range(start[here], start[here + 1]):
            to, new = np.int64(head[edge]), so_far + weight[edge]
            if new <= limit and (new < cost[to] or (new == cost[to] and own < owner[to])):
                cost[to], owner[to] = new, own
                heapq.heappush(queue, (new, own, to))
    return cost, owner
