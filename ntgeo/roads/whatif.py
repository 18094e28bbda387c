"""What if a bridge closed, a zone were slowed, or it were rush hour: other times, the same roads.

A changed network keeps the hierarchy of the one it was made from; only the weights are worked out
again, in a small part of a second.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import time
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from ntgeo.roads.network import CLOSED_MS, RoadNetwork
from ntgeo.roads.speeds import SpeedTable

__all__ = ["RoadChange", "at_time_of_day", "change_roads", "links_of_ways", "links_within"]

Longs = npt.NDArray[np.int64]

_MS_PER_CM_PER_KPH: Final = 36.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadChange:
    """One change to some links.

    Args:
        links: Numbers of the links, as :func:`links_within` and :func:`links_of_ways` give them.
        is_closed: Nobody may use them.
        most_kph: Nobody moves faster on them; waiting at junctions stays.
    """

    links: tuple[int, ...]
    is_closed: bool = False
    most_kph: float | None = None

    def __post_init__(self) -> None:
        """Refuse a change of nothing, and a speed that cannot be."""
        if self.is_closed == (self.most_kph is not None):
            msg = "a change of roads either closes them or caps their speed"
            raise ValueError(msg)
        if self.most_kph is not None and not 0 < self.most_kph < math.inf:
            msg = f"speed {self.most_kph} km/h is not above 0"
            raise ValueError(msg)


def links_within(network: RoadNetwork, area: shapely.Polygon | shapely.MultiPolygon) -> Longs:
    """Return the links that touch an area, in the network's CRS, ascending."""
    found = shapely.STRtree(network.lines).query(area, predicate="intersects")
    return np.sort(found).astype(np.int64)


def links_of_ways(network: RoadNetwork, ways: Iterable[int]) -> Longs:
    """Return the links that run, even in part, along one of the OSM ways, ascending.

    A link runs from junction to junction, so it may go on beyond the way.
    """
    wanted = np.array(sorted(set(ways)), np.int64)
    owner = np.repeat(np.arange(network.link_count), np.diff(network.links.way_start))
    return np.unique(owner[np.isin(network.links.way, wanted)])


def change_roads(network: RoadNetwork, changes: Iterable[RoadChange]) -> RoadNetwork:
    """Return the network with changes made, one after another.

    Raises:
        IndexError: A change names a link that is not there.
    """
    time_ms = network.arcs.time_ms.copy()
    for change in changes:
        is_changed = np.zeros(network.link_count, np.bool_)
        is_changed[list(change.links)] = True
        arcs = np.flatnonzero(is_changed[network.arcs.link] & (time_ms != CLOSED_MS))
        if change.most_kph is None:
            time_ms[arcs] = CLOSED_MS
            continue
        slow_ms = np.ceil(network.arcs.length_cm[arcs] * _MS_PER_CM_PER_KPH / change.most_kph)
        waiting_ms = network.arcs.delay_ms[arcs]
        time_ms[arcs] = np.maximum(time_ms[arcs], slow_ms.astype(np.uint32) + waiting_ms)
    return _retimed(network, time_ms)


def at_time_of_day(network: RoadNetwork, clock: time, speeds: SpeedTable) -> RoadNetwork:
    """Return the network as it is driven at a time of day, by the speed table's factors.

    Moving takes the factor's share more or less; waiting at junctions stays. The network must be
    one for between the peaks, as :func:`~ntgeo.roads.reading.read_roads` gives.

    Args:
        network: The roads.
        clock: Local time of departure.
        speeds: Of the network's mode; without a table of times of day nothing changes.
    """
    begun = [at for at in sorted(speeds.time_of_day) if at <= f"{clock:%H:%M}"]
    factor = speeds.time_of_day[begun[-1]] if begun else 1.0
    arcs = network.arcs
    retimed_ms = arcs.time_ms.copy()
    is_open, waiting_ms = network.is_open, arcs.delay_ms[network.is_open]
    moving_ms = np.rint((arcs.time_ms[is_open] - waiting_ms) * factor).astype(np.uint32)
    retimed_ms[is_open] = moving_ms + waiting_ms
    return _retimed(network, retimed_ms)


def _retimed(network: RoadNetwork, time_ms: npt.NDArray[np.uint32]) -> RoadNetwork:
    changed = replace(network, arcs=replace(network.arcs, time_ms=time_ms))
    if "hierarchy" in network.kept:
        changed.kept["hierarchy"] = network.kept["hierarchy"]
    return changed
