"""Turns: which are allowed where roads meet, and what they cost.

A turn leads from an arc to an arc. One may turn back only where there is no other way on. Turn
restrictions are kept (OSM wiki, "Relation:restriction"), those along ways by
:mod:`ntgeo.roads.building.via_ways`; the delay of a turn depends on its angle, and on which side of
the road traffic keeps to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.units import BRITISH_NATIONAL_GRID
from ntgeo.roads.building.linking import ROADS_OF_A_JUNCTION
from ntgeo.roads.building.restrictions import TurnRestriction
from ntgeo.roads.building.via_ways import with_via_ways
from ntgeo.roads.network import RoadNetwork, Turns
from ntgeo.roads.speeds import SpeedTable

__all__ = ["turn_delays", "turn_pairs", "with_turns"]

Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_STRAIGHT_DEGREES: Final = 40.0


def with_turns(
    network: RoadNetwork, restrictions: Iterable[TurnRestriction], speeds: SpeedTable
) -> RoadNetwork:
    """Return the network with its turns; on foot there are none to speak of."""
    if network.mode is TravelMode.FOOT:
        return network
    meant = [rule for rule in restrictions if rule.applies_to(network.mode)]
    leave, enter = turn_pairs(network)
    is_allowed = ~_forbidden(network, leave, enter, meant)
    leave, enter = leave[is_allowed], enter[is_allowed]
    start = np.concatenate(([0], np.cumsum(np.bincount(leave, minlength=network.arc_count))))
    turns = Turns(
        start=start.astype(np.int64),
        onto=enter.astype(np.int32),
        delay_ms=turn_delays(network, leave, enter, speeds),
    )
    kept, lost = with_via_ways(replace(network, turns=turns), meant)
    note = f"{lost:,} × turn restriction along ways that could not be placed"
    return replace(kept, notes=(*kept.notes, note)) if lost else kept


def turn_pairs(network: RoadNetwork) -> tuple[Longs, Longs]:
    """Return all pairs of an arc and one that goes on; back only where nothing else does.

    Copies of arcs lead on like what they are copies of, and are no other way on.
    """
    arcs = network.arcs
    many = np.diff(arcs.start)[arcs.head]
    leave = np.repeat(np.arange(network.arc_count), many)
    first = np.repeat(np.cumsum(many) - many, many)
    enter = np.repeat(arcs.start[arcs.head], many) + np.arange(len(leave)) - first
    is_own = np.ones(network.arc_count, np.bool_)
    is_own[network.copies] = False
    ways_on = np.bincount(arcs.tail[is_own], minlength=network.junction_count)
    keep = ~_is_back(network, leave, enter) | (ways_on[arcs.head[leave]] == 1)
    return leave[keep], enter[keep]


def _is_back(network: RoadNetwork, leave: Longs, enter: Longs) -> Bools:
    arcs = network.arcs
    is_same: Bools = arcs.link[leave] == arcs.link[enter]
    return is_same & (arcs.is_forward[leave] != arcs.is_forward[enter])


def _ways_of(network: RoadNetwork) -> tuple[Longs, Longs]:
    """Return the OSM way at the tail and at the head of each arc."""
    arcs, links = network.arcs, network.links
    first, last = links.first_way[arcs.link], links.last_way[arcs.link]
    return np.where(arcs.is_forward, first, last), np.where(arcs.is_forward, last, first)


def _forbidden(
    network: RoadNetwork, leave: Longs, enter: Longs, restrictions: Iterable[TurnRestriction]
) -> Bools:
    at_tail, at_head = _ways_of(network)
    junction_of = {osm: number for number, osm in enumerate(network.junctions.osm.tolist())}
    order = np.argsort(network.arcs.head[leave], kind="stable")
    via_of_turn = network.arcs.head[leave][order]
    is_forbidden = np.zeros(len(leave), np.bool_)
    for rule in restrictions:
        via = junction_of.get(rule.via_point)
        if via is None or rule.via_ways:
            continue
        low, high = np.searchsorted(via_of_turn, [via, via + 1])
        turns = order[low:high]
        is_from = at_head[leave[turns]] == rule.from_way
        is_to = at_tail[enter[turns]] == rule.to_way
        if rule.kind.startswith("no_"):
            is_forbidden[turns[is_from & is_to]] = True
        elif (is_from & is_to).any():
            is_forbidden[turns[is_from & ~is_to]] = True
    return is_forbidden


def _headings(network: RoadNetwork) -> tuple[Floats, Floats]:
    """Return the direction of each arc where it starts and where it ends, radians."""
    arcs, links = network.arcs, network.links
    first = links.point_start[:-1][arcs.link]
    last = links.point_start[1:][arcs.link] - 1
    out = links.xy_m[first + 1] - links.xy_m[first]
    back = links.xy_m[last - 1] - links.xy_m[last]
    starting = np.where(arcs.is_forward[:, None], out, back)
    ending = -np.where(arcs.is_forward[:, None], back, out)
    return np.arctan2(*starting.T[::-1]), np.arctan2(*ending.T[::-1])


def turn_delays(
    network: RoadNetwork, leave: Longs, enter: Longs, speeds: SpeedTable
) -> npt.NDArray[np.uint32]:
    """Return (turns,) the milliseconds that turns from arcs into arcs cost, by their angles."""
    starting, ending = _headings(network)
    to_left = np.degrees(starting[enter] - ending[leave])
    to_left = (to_left + 180.0) % 360.0 - 180.0
    near_side = to_left if network.epsg == BRITISH_NATIONAL_GRID else -to_left
    turn_ms = np.where(near_side > 0, speeds.turn_ms["left"], speeds.turn_ms["right"])
    turn_ms = np.where(np.abs(to_left) <= _STRAIGHT_DEGREES, speeds.turn_ms["straight"], turn_ms)
    roads = _roads_at(network)
    turn_ms = np.where(
        roads[network.arcs.head[leave]] >= ROADS_OF_A_JUNCTION,
        turn_ms,
        speeds.turn_ms["straight"],
    )
    turn_ms = np.where(_is_back(network, leave, enter), speeds.turn_ms["u_turn"], turn_ms)
    return turn_ms.astype(np.uint32)


def _roads_at(network: RoadNetwork) -> Longs:
    """Return (junctions,) how many links touch each; one that leads back to it counts once."""
    arc = network.link_arcs.max(axis=1)
    tail, head = network.arcs.tail[arc], network.arcs.head[arc]
    count = network.junction_count
    return np.bincount(tail, minlength=count) + np.bincount(head[tail != head], minlength=count)
