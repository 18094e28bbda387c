"""The fastest way itself: its shape, its streets and how long each takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.domain.places import Location
from ntgeo.roads.dijkstra import ABSENT, dijkstra_tree
from ntgeo.roads.entries import DirectWays, Entries, arrivals, departures, direct_ways
from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.snapping import OFF_ROAD, snap_places

__all__ = ["RoadPath", "StreetLeg", "fastest_paths", "trace_paths"]

Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_LENGTH_BITS: Final = (1 << 32) - 1
_SAME_M: Final = 1e-6
_Piece = tuple[int, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetLeg:
    """Part of a way along one street.

    Args:
        street: Its name; empty where it has none.
        distance_m: Metres along it.
        time_s: Seconds along it, junctions at its end included, turns and walks not.
    """

    street: str
    distance_m: float
    time_s: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoadPath:
    """The fastest way between two places.

    Args:
        xy_m: (points, 2) from place to place, the walks at both ends included; no points where
            there is no way.
        time_s: Seconds, as in the travel-time matrix; NaN where there is no way.
        distance_m: Metres; NaN where there is no way.
        streets: Streets in order.
    """

    xy_m: Floats
    time_s: float
    distance_m: float
    streets: tuple[StreetLeg, ...]


def fastest_paths(
    network: RoadNetwork,
    pairs: Sequence[tuple[Location, Location]],
    *,
    snap_limit_m: float = 1000.0,
) -> list[Floats]:
    """Return the shape of the fastest way of each pair.

    Args:
        network: The roads and the mode.
        pairs: From where, to where, in the network's CRS.
        snap_limit_m: As for :func:`~ntgeo.roads.times.travel_times`.

    Returns:
        For each pair (points, 2) coordinates from place to place; (0, 2) where there is no way.
    """
    return [path.xy_m for path in trace_paths(network, pairs, snap_limit_m=snap_limit_m)]


def trace_paths(
    network: RoadNetwork,
    pairs: Sequence[tuple[Location, Location]],
    *,
    snap_limit_m: float = 1000.0,
) -> list[RoadPath]:
    """Return the fastest way of each pair, with its streets; arguments as :func:`fastest_paths`."""
    starts = snap_places(network, _numbered(pairs, 0), snap_limit_m=snap_limit_m)
    ends = snap_places(network, _numbered(pairs, 1), snap_limit_m=snap_limit_m)
    leaving, arriving = departures(network, starts), arrivals(network, ends)
    direct = _direct_of(direct_ways(network, starts, ends))
    paths = []
    for at, (start, end) in enumerate(pairs):
        ends_m = np.array([[start.easting_m, start.northing_m], [end.easting_m, end.northing_m]])
        if start == end and starts.link[at] != OFF_ROAD:
            paths.append(_path(ends_m[:1], 0, ()))
            continue
        best, pieces = _fastest(network, leaving.rows(at, at + 1), arriving.rows(at, at + 1))
        share = (float(starts.share[at]), float(ends.share[at]))
        if at in direct and direct[at][0] <= best:
            best, until = direct[at]
            pieces = [(int(starts.link[at]), share[0], until)]
        else:
            pieces = _cut_ends(pieces, share)
        paths.append(_join(network, ends_m, pieces, best))
    return paths


def _numbered(pairs: Sequence[tuple[Location, Location]], side: int) -> dict[str, Location]:
    return {str(at): pair[side] for at, pair in enumerate(pairs)}


def _direct_of(ways: DirectWays) -> dict[int, tuple[int, float]]:
    """Return, for each pair joined along one link, the least packed cost and where it ends."""
    own = np.flatnonzero(ways.origin == ways.destination)[::-1]
    found = (ways.origin[own], ways.cost[own], ways.until[own])
    return {
        pair: (cost, until)
        for pair, cost, until in zip(*(part.tolist() for part in found), strict=True)
    }


def _fastest(network: RoadNetwork, leaving: Entries, arriving: Entries) -> tuple[int, list[_Piece]]:
    """Return the least packed cost over the graph and the whole links along it, in order."""
    if not (len(leaving.vertex) and len(arriving.vertex)):
        return ABSENT, []
    graph = network.search_graph
    is_target = np.zeros(len(graph.xy_m), np.bool_)
    is_target[arriving.vertex] = True
    cost, parent = dijkstra_tree(
        graph.as_tuple, leaving.vertex, leaving.cost, is_target, ABSENT - 1
    )
    reached = cost[arriving.vertex]
    total = np.where(reached < ABSENT, reached + arriving.cost, ABSENT)
    out = int(np.argmin(total))
    if total[out] >= ABSENT:
        return ABSENT, []
    here = int(arriving.vertex[out])
    edges = []
    while (edge := int(parent[here])) >= 0:
        edges.append(edge)
        here = int(graph.tail[edge])
    seeds = np.flatnonzero(leaving.vertex == here)
    first = int(leaving.arc[seeds[np.argmin(leaving.cost[seeds])]])
    last = int(arriving.arc[out])
    if network.turns is None:
        arcs = [first, *reversed(edges), last]
    else:
        arcs = [first, here, *(int(graph.head[edge]) for edge in reversed(edges))]
        arcs += [last] if last < 0 else []
    return int(total[out]), [_whole(network, arc) for arc in arcs]


def _whole(network: RoadNetwork, arc: int) -> _Piece:
    if arc < 0:
        return (-1, 0.0, 0.0)
    forward = bool(network.arcs.is_forward[arc])
    return (int(network.arcs.link[arc]), float(not forward), float(forward))


def _cut_ends(pieces: list[_Piece], share: tuple[float, float]) -> list[_Piece]:
    """Let the first link start, and the last one end, where the places lie."""
    if not pieces:
        return []
    first, last = pieces[0], pieces[-1]
    cut = [(first[0], share[0], first[2]), *pieces[1:-1], (last[0], last[1], share[1])]
    return [piece for piece in cut if piece[0] >= 0]


def _join(network: RoadNetwork, ends_m: Floats, pieces: list[_Piece], packed: int) -> RoadPath:
    if packed >= ABSENT:
        return _path(np.empty((0, 2)), ABSENT, ())
    shapes = [_shape(network, piece) for piece in pieces]
    xy_m = np.vstack([ends_m[:1], *shapes, ends_m[1:]])
    is_new = np.ones(len(xy_m), np.bool_)
    is_new[1:] = (np.abs(np.diff(xy_m, axis=0)) > _SAME_M).any(axis=1)
    legs: list[StreetLeg] = []
    for (link, start, end), shape in zip(pieces, shapes, strict=True):
        street = network.names[network.links.name[link]]
        metres = float(np.hypot(*np.diff(shape, axis=0).T).sum())
        arc = network.link_arcs[link, int(start > end)]
        seconds = (
            float(network.arcs.time_ms[arc] * abs(end - start)) / 1000 if start != end else 0.0
        )
        if legs and legs[-1].street == street:
            before = legs.pop()
            metres, seconds = metres + before.distance_m, seconds + before.time_s
        legs.append(StreetLeg(street=street, distance_m=metres, time_s=seconds))
    return _path(xy_m[is_new], packed, tuple(legs))


def _shape(network: RoadNetwork, piece: _Piece) -> Floats:
    """Return the points of a link from one share of its length to another."""
    link, start, end = piece
    points = network.links.xy_m[
        network.links.point_start[link] : network.links.point_start[link + 1]
    ]
    if start > end:
        points, start, end = points[::-1], 1.0 - start, 1.0 - end
    if (start, end) == (0.0, 1.0):
        return points
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))))
    low, high = start * along[-1], end * along[-1]
    inner = points[(along > low) & (along < high)]
    cut = [[np.interp(at, along, points[:, axis]) for axis in (0, 1)] for at in (low, high)]
    return np.vstack([cut[:1], inner, cut[1:]])


def _path(xy_m: Floats, packed: int, streets: tuple[StreetLeg, ...]) -> RoadPath:
    is_absent = packed >= ABSENT
    return RoadPath(
        xy_m=xy_m,
        time_s=float("nan") if is_absent else (packed >> 32) / 1000,
        distance_m=float("nan") if is_absent else (packed & _LENGTH_BITS) / 100,
        streets=streets,
    )
