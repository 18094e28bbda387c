"""The fastest way itself: its shape, its streets, and how to go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.domain.path_steps import PathStep
from ntgeo.domain.places import Location
from ntgeo.roads.answers.directions import Directions, Leg
from ntgeo.roads.answers.link_parts import cut_points
from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.search.dijkstra import ABSENT
from ntgeo.roads.search.snapping import SnappedPlaces, snap_places
from ntgeo.roads.search.tracing import Ways, trace_ways, turn_delays_ms

__all__ = ["RoadPath", "StreetLeg", "fastest_paths", "trace_paths"]

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

_LENGTH_BITS: Final = (1 << 32) - 1
_SAME_M: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetLeg:
    """Part of a way along one street.

    Args:
        street: Its name, or number; empty where it has neither.
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
        steps: How to go; their times and distances add up to those of the way.
    """

    xy_m: Floats
    time_s: float
    distance_m: float
    streets: tuple[StreetLeg, ...]
    steps: tuple[PathStep, ...]


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
        snap_limit_m: As for :func:`~ntgeo.roads.answers.times.travel_times`.

    Returns:
        For each pair (points, 2) coordinates from place to place; (0, 2) where there is no way.
    """
    starts, ends = _snapped(network, pairs, snap_limit_m)
    return _shapes(trace_ways(network, starts, ends), network, starts, ends)[0]


def trace_paths(
    network: RoadNetwork,
    pairs: Sequence[tuple[Location, Location]],
    *,
    snap_limit_m: float = 1000.0,
) -> list[RoadPath]:
    """Return the fastest way of each pair, with its streets and how to go along them.

    Arguments are those of :func:`fastest_paths`.
    """
    starts, ends = _snapped(network, pairs, snap_limit_m)
    ways = trace_ways(network, starts, ends)
    shapes, length_m = _shapes(ways, network, starts, ends)
    moving_s = network.arcs.time_ms[ways.arc] * (ways.end - ways.begin) / 1000
    names = [network.names[name] for name in network.links.name[network.arcs.link[ways.arc]]]
    directions = Directions(network)
    delays_s = _turns_s(network, ways)
    paths = []
    for at, (low, high) in enumerate(pairwise(ways.start.tolist())):
        part = slice(low, high)
        time_s, distance_m = _told(int(ways.cost[at]))
        leg = Leg(
            arcs=ways.arc[part],
            length_m=length_m[part],
            time_s=moving_s[part] + delays_s[part],
            xy_m=shapes[at],
            walk_m=(float(starts.access_m[at]), float(ends.access_m[at])),
            total=(time_s, distance_m),
        )
        paths.append(
            RoadPath(
                xy_m=shapes[at],
                time_s=time_s,
                distance_m=distance_m,
                streets=_streets(names[part], length_m[part].tolist(), moving_s[part].tolist()),
                steps=directions.of(leg) if ways.cost[at] < ABSENT else (),
            )
        )
    return paths


def _snapped(
    network: RoadNetwork, pairs: Sequence[tuple[Location, Location]], snap_limit_m: float
) -> tuple[SnappedPlaces, SnappedPlaces]:
    starts, ends = (
        snap_places(
            network,
            {str(at): pair[side] for at, pair in enumerate(pairs)},
            snap_limit_m=snap_limit_m,
        )
        for side in (0, 1)
    )
    return starts, ends


def _shapes(
    ways: Ways, network: RoadNetwork, starts: SnappedPlaces, ends: SnappedPlaces
) -> tuple[list[Floats], Floats]:
    """Return the points of each way, and the metres along each of its arcs."""
    link = network.arcs.link[ways.arc].astype(np.int64)
    is_forward = network.arcs.is_forward[ways.arc]
    begin = np.where(is_forward, ways.begin, 1.0 - ways.begin)
    end = np.where(is_forward, ways.end, 1.0 - ways.end)
    xy_m, part = cut_points(network, link, begin, end)
    first = np.searchsorted(part, np.arange(len(link) + 1))
    step_m = np.zeros(len(xy_m))
    step_m[1:] = np.hypot(*np.diff(xy_m, axis=0).T)
    step_m[first[:-1]] = 0.0
    along_m = np.concatenate(([0.0], np.cumsum(step_m)))
    shapes = []
    for at, (low, high) in enumerate(pairwise(first[ways.start].tolist())):
        if ways.cost[at] >= ABSENT:
            shapes.append(np.empty((0, 2)))
            continue
        points = np.vstack([starts.place_xy_m[at], xy_m[low:high], ends.place_xy_m[at]])
        is_new = np.ones(len(points), np.bool_)
        is_new[1:] = (np.abs(np.diff(points, axis=0)) > _SAME_M).any(axis=1)
        shapes.append(points[is_new])
    return shapes, along_m[first[1:]] - along_m[first[:-1]]


def _turns_s(network: RoadNetwork, ways: Ways) -> Floats:
    """Return the seconds that it takes to turn into each arc of each way."""
    delay_s = np.zeros(len(ways.arc))
    delay_s[1:] = turn_delays_ms(network, ways.arc[:-1], ways.arc[1:]) / 1000
    first = ways.start[:-1]
    delay_s[first[first < len(ways.arc)]] = 0.0
    return delay_s


def _streets(
    names: Sequence[str], metres: Sequence[float], seconds: Sequence[float]
) -> tuple[StreetLeg, ...]:
    legs: list[tuple[str, float, float]] = []
    for name, length_m, time_s in zip(names, metres, seconds, strict=True):
        if legs and legs[-1][0] == name:
            _, before_m, before_s = legs.pop()
            legs.append((name, before_m + length_m, before_s + time_s))
        else:
            legs.append((name, length_m, time_s))
    return tuple(StreetLeg(street=n, distance_m=m, time_s=s) for n, m, s in legs)


def _told(packed: int) -> tuple[float, float]:
    if packed >= ABSENT:
        return float("nan"), float("nan")
    return (packed >> 32) / 1000, (packed & _LENGTH_BITS) / 100
