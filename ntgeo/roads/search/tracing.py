"""The fastest ways of many pairs of places as arcs in order."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.search.dijkstra import ABSENT
from ntgeo.roads.search.edge_paths import trace_edges
from ntgeo.roads.search.entries import arrivals, departures, direct_ways, expand
from ntgeo.roads.search.snapping import OFF_ROAD, SnappedPlaces

__all__ = ["Ways", "trace_ways", "turn_delays_ms"]

Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_Part: TypeAlias = tuple[int, float, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ways:
    """The fastest way of each pair.

    Args:
        start: (pairs + 1,) where the arcs of each way start.
        arc: (arcs,) arcs travelled, in order.
        begin: (arcs,) share of the arc at which travel along it begins, 0 to 1.
        end: (arcs,) share at which it ends.
        cost: (pairs,) packed cost, walks included; :data:`~ntgeo.roads.search.dijkstra.ABSENT` for
            none.
    """

    start: Longs
    arc: Longs
    begin: Floats
    end: Floats
    cost: Longs


def trace_ways(network: RoadNetwork, starts: SnappedPlaces, ends: SnappedPlaces) -> Ways:
    """Trace the fastest way from each place of ``starts`` to the same numbered one of ``ends``."""
    leaving, arriving = departures(network, starts), arrivals(network, ends)
    found = trace_edges(network, leaving, arriving)
    cost, seed, goal = found.cost, found.seed, found.goal
    onto = found.edge
    if network.turns is not None:
        onto = network.search_graph.head[found.edge].astype(np.int64)
    direct = _direct_of(network, starts, ends)
    is_same = (starts.place_xy_m == ends.place_xy_m).all(axis=1) & (starts.link != OFF_ROAD)
    cost[is_same] = 0
    parts: list[list[_Part]] = []
    for at, (low, high) in enumerate(pairwise(found.start.tolist())):
        if is_same[at]:
            parts.append([])
        elif at in direct and direct[at][0] <= cost[at]:
            cost[at], whole = direct[at]
            parts.append([whole] if whole[1] < whole[2] else [])
        elif cost[at] >= ABSENT:
            parts.append([])
        else:
            arcs = [(arc, 0.0, 1.0) for arc in onto[low:high].tolist()]
            if network.turns is not None:
                arcs.insert(0, (int(leaving.vertex[seed[at]]), 0.0, 1.0))
            first, last = int(leaving.arc[seed[at]]), int(arriving.arc[goal[at]])
            shares = float(starts.share[at]), float(ends.share[at])
            parts.append(_with_ends(network, arcs, (first, last), shares))
    flat = [part for way in parts for part in way]
    arc, begin, end = zip(*flat, strict=True) if flat else ((), (), ())
    return Ways(
        start=np.concatenate(([0], np.cumsum([len(way) for way in parts]))).astype(np.int64),
        arc=np.array(arc, np.int64),
        begin=np.array(begin, float),
        end=np.array(end, float),
        cost=cost,
    )


def _with_ends(
    network: RoadNetwork, arcs: list[_Part], ends: tuple[int, int], shares: tuple[float, float]
) -> list[_Part]:
    """Add the arc on which the way begins, and let it end on the one where the place lies."""
    first, last = ends
    if first >= 0:
        arcs = [(first, _along(network, first, shares[0]), 1.0), *arcs]
    if last >= 0:
        whole = arcs if network.turns is None else arcs[:-1]
        arcs = [*whole, (last, 0.0, _along(network, last, shares[1]))]
    return [part for part in arcs if part[1] < part[2]]


def _along(network: RoadNetwork, arc: int, share: float) -> float:
    """Return how far along an arc the place is that lies ``share`` along its link."""
    return share if network.arcs.is_forward[arc] else 1.0 - share


def _direct_of(
    network: RoadNetwork, starts: SnappedPlaces, ends: SnappedPlaces
) -> dict[int, tuple[int, _Part]]:
    """Return the least packed cost, and the part of an arc, of each pair joined along one link."""
    ways = direct_ways(network, starts, ends)
    found: dict[int, tuple[int, _Part]] = {}
    for row in np.flatnonzero(ways.origin == ways.destination)[::-1].tolist():
        at = int(ways.origin[row])
        share, until = float(starts.share[at]), float(ways.until[row])
        arc = int(network.link_arcs[starts.link[at], int(until < share)])
        part = (arc, _along(network, arc, share), _along(network, arc, until))
        found[at] = (int(ways.cost[row]), part)
    return found


def turn_delays_ms(network: RoadNetwork, leave: Longs, enter: Longs) -> Longs:
    """Return the milliseconds that each turn from an arc into another costs, besides the arcs."""
    delay = np.zeros(len(leave), np.int64)
    if network.turns is not None:
        index, turn = expand(network.turns.start, leave)
        is_it = network.turns.onto[turn] == enter[index]
        delay[index[is_it]] = network.turns.delay_ms[turn[is_it]]
    return delay
