"""What the time of each journey is made of, along its fastest way."""

from __future__ import annotations

from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from ntgeo.progress import SILENT, Progress, raise_if_cancelled
from ntgeo.roads.calibration.time_parts import PARTS, PartedRoads
from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.search.dijkstra import ABSENT, dijkstra_tree
from ntgeo.roads.search.entries import Entries, arrivals, departures, walk_cost
from ntgeo.roads.search.snapping import SnappedPlaces

__all__ = ["journey_parts"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

_MS_PER_S: Final = 1000.0
_TURNS, _WALKS = PARTS.index("turns"), PARTS.index("walks")


def journey_parts(
    roads: PartedRoads,
    timed: RoadNetwork,
    starts: SnappedPlaces,
    ends: SnappedPlaces,
    *,
    progress: Progress = SILENT,
) -> Floats:
    """Return (journeys, PARTS) seconds, as ``roads`` has them, along the fastest ways of ``timed``.

    Args:
        roads: What the times are made of.
        timed: The same roads, with the times by which ways are chosen.
        starts: Where each journey starts.
        ends: Where each ends.
        progress: Asked whether to stop.

    Returns:
        NaN for a journey that has no way.
    """
    leaving, arriving = departures(timed, starts), arrivals(timed, ends)
    found = np.full((len(starts.ids), len(PARTS)), np.nan)
    walks_s = ((walk_cost(starts) >> 32) + (walk_cost(ends) >> 32)) / _MS_PER_S
    is_target = np.zeros(len(timed.search_graph.xy_m), np.bool_)
    for at in range(len(starts.ids)):
        raise_if_cancelled(progress)
        arcs, has_ends = _way(timed, leaving.rows(at, at + 1), arriving.rows(at, at + 1), is_target)
        if len(arcs) == 0:
            continue
        share = np.ones(len(arcs))
        if has_ends[0]:
            share[0] = 1.0 - _along(timed, int(arcs[0]), float(starts.share[at]))
        if has_ends[1]:
            share[-1] = _along(timed, int(arcs[-1]), float(ends.share[at]))
        found[at] = share @ roads.arc_ms[arcs] / _MS_PER_S
        found[at, _TURNS] = _turns_ms(roads.network, arcs) / _MS_PER_S
        found[at, _WALKS] = walks_s[at]
    return found


def _along(network: RoadNetwork, arc: int, share: float) -> float:
    """Return how far along an arc the place is that lies ``share`` along its link."""
    return share if network.arcs.is_forward[arc] else 1.0 - share


def _way(
    network: RoadNetwork, leaving: Entries, arriving: Entries, is_target: npt.NDArray[np.bool_]
) -> tuple[Longs, tuple[bool, bool]]:
    """Return the arcs of the fastest way, and whether the first and the last are travelled in part.

    Args:
        network: The roads.
        leaving: Entries of the origin.
        arriving: Those of the destination.
        is_target: (vertices,) all false, before and after.
    """
    graph = network.search_graph
    is_target[arriving.vertex] = True
    cost, parent = dijkstra_tree(
        graph.as_tuple, leaving.vertex, leaving.cost, is_target, ABSENT - 1
    )
    is_target[arriving.vertex] = False
    reached = cost[arriving.vertex]
    total = np.where(reached < ABSENT, reached + arriving.cost, ABSENT)
    if total.min(initial=ABSENT) >= ABSENT:
        return np.empty(0, np.int64), (False, False)
    out = int(np.argmin(total))
    here, edges = _walk_back(parent, graph.tail, arriving.vertex[out])
    seeds = np.flatnonzero(leaving.vertex == here)
    first = leaving.arc[seeds[np.argmin(leaving.cost[seeds])]]
    last = arriving.arc[out]
    if network.turns is None:
        arcs = np.concatenate([[first], edges, [last]])
    else:
        # The vertices are arcs, and the last of them is the one that leads past the destination.
        arcs = np.concatenate([[first, here], graph.head[edges]])
    return arcs[arcs >= 0], (bool(first >= 0), bool(last >= 0))


@numba.njit(cache=True)
def _walk_back(parent: Ints, tail: Ints, here: int) -> tuple[int, Longs]:
    """Return the vertex where a way starts, and its edges in order."""
    count, first = 0, here
    while parent[first] >= 0:
        first = int(tail[parent[first]])
        count += 1
    edges = np.empty(count, np.int64)
    while count > 0:
        count -= 1
        edges[count] = parent[here]
        here = int(tail[edges[count]])
    return first, edges


def _turns_ms(network: RoadNetwork, arcs: Longs) -> float:
    """Return the milliseconds lost by turning from each arc into the next."""
    if network.turns is None:
        return 0.0
    return float(_sum_turns(network.turns.start, network.turns.onto, network.turns.delay_ms, arcs))


@numba.njit(cache=True)
def _sum_turns(start: Longs, onto: Ints, delay_ms: npt.NDArray[np.uint32], arcs: Longs) -> np.int64:
    total = np.int64(0)
    for place in range(len(arcs) - 1):
        for turn in range(start[arcs[place]], start[arcs[place] + 1]):
            if onto[turn] == arcs[place + 1]:
                total += np.int64(delay_ms[turn])
                break
    return total
