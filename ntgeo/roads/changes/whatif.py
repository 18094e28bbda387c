"""What if a bridge closed, a zone were slowed, or it were rush hour: other times, the same roads.

A changed network keeps the hierarchy of the one it was made from; only the weights are worked out
again, in a small part of a second. For roads that are new see :mod:`ntgeo.roads.changes.new_links`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from datetime import time
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely

from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.road_change import AsRead, RoadChange, changed_times
from ntgeo.roads.speeds import SpeedTable

__all__ = [
    "as_read",
    "at_time_of_day",
    "change_roads",
    "links_of_ways",
    "links_towards",
    "links_within",
    "retimed",
    "stacked_links",
]

Longs = npt.NDArray[np.int64]
_LEAST_COSINE: Final = math.cos(math.radians(78.0))
Area: TypeAlias = shapely.Polygon | shapely.MultiPolygon


def links_within(network: RoadNetwork, area: Area, *, least_share: float = 0.0) -> Longs:
    """Return the links of which some length lies within an area, ascending.

    A link is one from junction to junction, and a change changes the whole of it. A road that
    passes over or under the area lies within it too: see :func:`stacked_links`.

    Args:
        network: The roads.
        area: In the network's CRS.
        least_share: Only links of which at least this share lies within.
    """
    found = np.sort(shapely.STRtree(network.lines).query(area, predicate="intersects"))
    lines = network.lines[found]
    length_m, inside_m = shapely.length(lines), shapely.length(shapely.intersection(lines, area))
    is_within = (length_m == 0) | ((inside_m > 0) & (inside_m >= least_share * length_m))
    return found[is_within].astype(np.int64)


def links_of_ways(network: RoadNetwork, ways: Iterable[int]) -> Longs:
    """Return the links that run, even in part, along one of the OSM ways, ascending.

    A link runs from junction to junction, so it may go on beyond the way.
    """
    wanted = np.array(sorted(set(ways)), np.int64)
    owner = np.repeat(np.arange(network.link_count), np.diff(network.links.way_start))
    return np.unique(owner[np.isin(network.links.way, wanted)])


def links_towards(
    network: RoadNetwork, links: Longs, towards: tuple[float, float]
) -> tuple[Longs, Longs]:
    """Split links into those whose points run towards a direction, and those that run against it.

    A link's direction is that from its first point to its last; one that runs within 12 degrees of
    square to ``towards``, or ends where it starts, is in neither part.

    Args:
        network: The roads.
        links: Numbers of links.
        towards: East and north, of any length.
    """
    points, start = network.links.xy_m, network.links.point_start
    offset = points[start[links + 1] - 1] - points[start[links]]
    along = offset @ np.asarray(towards, float)
    least = _LEAST_COSINE * np.hypot(*offset.T) * math.hypot(*towards)
    return links[along > least], links[along < -least]


def stacked_links(network: RoadNetwork, links: Longs, area: Area) -> Longs:
    """Return those of ``links`` that cross another of them within an area without a junction.

    One of each such pair is a bridge or a tunnel, as far as the map is right.
    """
    lines = network.lines[links]
    one, other = shapely.STRtree(lines).query(lines, predicate="crosses")
    one, other = one[one < other], other[one < other]
    where = shapely.intersection(lines[one], lines[other])
    ends = shapely.union(shapely.boundary(lines[one]), shapely.boundary(lines[other]))
    apart = shapely.intersects(shapely.difference(where, ends), area)
    return links[np.unique(np.concatenate([one[apart], other[apart]]))]


def change_roads(network: RoadNetwork, changes: Iterable[RoadChange]) -> RoadNetwork:
    """Return the network with changes made; their order does not matter.

    Raises:
        IndexError: A change names a link that is not there.
    """
    before = as_read(network)
    return retimed(network, replace(before, changes=(*before.changes, *changes)))


def at_time_of_day(network: RoadNetwork, clock: time, speeds: SpeedTable) -> RoadNetwork:
    """Return the network as it is driven at a time of day, by the speed table's factors.

    Moving takes the factor's share more or less, but never less than a cap of a change allows;
    waiting at junctions stays.

    Args:
        network: The roads, changed or not; an earlier time of day is forgotten.
        clock: Local time of departure.
        speeds: Of the network's mode; without a table of times of day nothing changes.
    """
    if not speeds.time_of_day:
        return network
    made_from = replace(as_read(network), factor=speeds.factor_at(clock), departs_at=clock)
    return retimed(network, made_from)


def as_read(network: RoadNetwork) -> AsRead:
    """Return what a network was made from; one that was never changed, from itself.

    Raises:
        ValueError: Its times are those of a time of day, and what they were made from is not known.
    """
    if network.as_read is None and network.departs_at is not None:
        msg = f"the times of the network are those of {network.departs_at}, not as read"
        raise ValueError(msg)
    return network.as_read or AsRead(time_ms=network.arcs.time_ms)


def retimed(network: RoadNetwork, made_from: AsRead) -> RoadNetwork:
    """Return the same roads with the times that come of ``made_from``; the hierarchy is kept."""
    arcs = replace(network.arcs, time_ms=changed_times(network, made_from))
    departs_at = made_from.departs_at
    changed = replace(network, arcs=arcs, as_read=made_from, departs_at=departs_at)
    for name in ("hierarchy", "junction ranks"):
        if name in network.kept:
            changed.kept[name] = network.kept[name]
    return changed
