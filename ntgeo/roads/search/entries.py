"""Where snapped places enter and leave the graph of junctions, as packed costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.search.snapping import OFF_ROAD, SnappedPlaces

__all__ = [
    "ACCESS_KPH",
    "DirectWays",
    "Entries",
    "arrivals",
    "departures",
    "direct_ways",
    "expand",
    "walk_cost",
]

Longs = npt.NDArray[np.int64]
Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

ACCESS_KPH: Final = 5.0
"""Walking pace between a place and the road, as ntgeo's speeds for those on foot."""
_MS_PER_M_PER_KPH: Final = 3600.0
_CM_PER_M: Final = 100.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Entries:
    """Vertices by which each place enters (or leaves) a graph.

    Args:
        start: (places + 1,) where each place's entries start.
        vertex: (entries,) vertex of the graph.
        cost: (entries,) packed cost between the place and the vertex.
        arc: (entries,) arc partly travelled; -1 where the place lies on a junction.
    """

    start: Longs
    vertex: Ints
    cost: Longs
    arc: Longs

    @property
    def as_tuple(self) -> tuple[Longs, Ints, Longs]:
        """The three arrays, as the compiled code takes them."""
        return self.start, self.vertex, self.cost

    def rows(self, first: int, end: int) -> Entries:
        """Return the entries of places ``first`` to ``end`` (not included)."""
        one, last = self.start[first], self.start[end]
        return Entries(
            start=self.start[first : end + 1] - one,
            vertex=self.vertex[one:last],
            cost=self.cost[one:last],
            arc=self.arc[one:last],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DirectWays:
    """Pairs of places joined along one link, by origin, destination and cost.

    Args:
        origin: (ways,) number of the origin.
        destination: (ways,) number of the destination.
        cost: (ways,) packed cost, walks at both ends included.
        until: (ways,) the share of the origin's link at which the way ends.
    """

    origin: Longs
    destination: Longs
    cost: Longs
    until: Floats


def walk_cost(places: SnappedPlaces) -> Longs:
    """Return the packed cost of walking in a straight line between each place and its road."""
    walk_ms = np.rint(places.access_m * _MS_PER_M_PER_KPH / ACCESS_KPH).astype(np.int64)
    return (walk_ms << 32) | np.rint(places.access_m * _CM_PER_M).astype(np.int64)


def _part(network: RoadNetwork, arc: Longs, share: Floats) -> Longs:
    """Return the packed cost of the first ``share`` of each arc."""
    part_ms = np.rint(network.arcs.time_ms[arc] * share).astype(np.int64)
    return (part_ms << 32) | np.rint(network.arcs.length_cm[arc] * share).astype(np.int64)


def _sides(network: RoadNetwork, places: SnappedPlaces) -> list[tuple[Longs, Longs, Floats]]:
    """Return, for both directions, the places that have an arc, the arc and how far along it."""
    sides = []
    for column in (0, 1):
        arc = network.link_arcs[np.maximum(places.link, 0), column].astype(np.int64)
        is_usable = (places.link != OFF_ROAD) & (arc >= 0) & network.is_open[arc]
        who = np.flatnonzero(is_usable)
        along = places.share[who] if column == 0 else 1.0 - places.share[who]
        sides.append((who, arc[who], along))
    return sides


def _copied_sides(network: RoadNetwork, places: SnappedPlaces) -> list[tuple[Longs, Longs, Floats]]:
    """Return the same for the copies of arcs, on which one may arrive, but nobody starts."""
    if not len(network.copies):
        return []
    copies = network.copies[np.argsort(network.arcs.link[network.copies], kind="stable")]
    links = network.arcs.link[copies]
    low, high = (np.searchsorted(links, places.link, side=side) for side in ("left", "right"))
    many = high - low
    who = np.repeat(np.arange(len(many)), many)
    offset = np.arange(len(who)) - np.repeat(np.cumsum(many) - many, many)
    arc = copies[np.repeat(low, many) + offset]
    along = np.where(network.arcs.is_forward[arc], places.share[who], 1.0 - places.share[who])
    is_usable = network.is_open[arc]
    return [(who[is_usable], arc[is_usable], along[is_usable])]


def _at_junction(network: RoadNetwork, places: SnappedPlaces) -> tuple[Longs, Longs]:
    """Return the places that lie on a junction, and the junction."""
    who, junction = [], []
    for side, arc, along in _sides(network, places):
        for where, end in ((0.0, network.arcs.tail), (1.0, network.arcs.head)):
            there = along == where
            who.append(side[there])
            junction.append(end[arc[there]].astype(np.int64))
    pairs = np.unique(np.column_stack([np.concatenate(who), np.concatenate(junction)]), axis=0)
    return pairs[:, 0], pairs[:, 1]


def _gather(places: SnappedPlaces, parts: Sequence[tuple[Longs, Longs, Longs, Longs]]) -> Entries:
    who, vertex, cost, arc = (np.concatenate(column) for column in zip(*parts, strict=True))
    count = len(places.ids)
    order = np.lexsort((cost, vertex, who))
    start = np.concatenate(([0], np.cumsum(np.bincount(who, minlength=count))))
    cost = cost + walk_cost(places)[who]
    return Entries(
        start=start.astype(np.int64),
        vertex=vertex[order].astype(np.int32),
        cost=cost[order],
        arc=arc[order],
    )


def departures(network: RoadNetwork, places: SnappedPlaces) -> Entries:
    """Return the vertices of the search graph first reached from each place; none off the road."""
    who, junction = _at_junction(network, places)
    zero = np.zeros(len(who), np.int64)
    parts = []
    if network.turns is None:
        parts.append((who, junction, zero, zero - 1))
    else:
        index, arc = expand(network.arcs.start, junction)
        parts.append((who[index], arc, network.packed[arc], zero[index] - 1))
    for side, arc, along in _sides(network, places):
        rest = network.packed[arc] - _part(network, arc, along)
        if network.turns is None:
            parts.append((side, network.arcs.head[arc].astype(np.int64), rest, arc))
            continue
        index, turn = expand(network.turns.start, arc)
        onto = network.turns.onto[turn].astype(np.int64)
        cost = rest[index] + network.search_graph.weight[turn]
        parts.append((side[index], onto, cost, arc[index]))
    return _gather(places, parts)


def arrivals(network: RoadNetwork, places: SnappedPlaces) -> Entries:
    """Return the vertices of the search graph last reached towards each place.

    Where turns count, the last arc is reached at its head, beyond the place: its cost is negative.
    """
    who, junction = _at_junction(network, places)
    zero = np.zeros(len(who), np.int64)
    parts = []
    if network.turns is None:
        parts.append((who, junction, zero, zero - 1))
    else:
        start, arriving = _arcs_into(network)
        index, at = expand(start, junction)
        parts.append((who[index], arriving[at], zero[index], zero[index] - 1))
    for side, arc, along in _sides(network, places) + _copied_sides(network, places):
        part = _part(network, arc, along)
        if network.turns is None:
            parts.append((side, network.arcs.tail[arc].astype(np.int64), part, arc))
        else:
            parts.append((side, arc, part - network.packed[arc], arc))
    return _gather(places, parts)


def expand(start: Longs, groups: Longs) -> tuple[Longs, Longs]:
    """Return, for every member of every group asked for, which asked and the member's number."""
    many = start[groups + 1] - start[groups]
    index = np.repeat(np.arange(len(groups)), many)
    before = np.repeat(np.cumsum(many) - many, many)
    return index, start[groups][index] + np.arange(len(index)) - before


def _arcs_into(network: RoadNetwork) -> tuple[Longs, Longs]:
    """Return the arcs sorted by the junction they lead to, and where each junction's start."""
    arriving = np.argsort(network.arcs.head, kind="stable")
    many = np.bincount(network.arcs.head, minlength=network.junction_count)
    return np.concatenate(([0], np.cumsum(many))), arriving


def direct_ways(
    network: RoadNetwork, origins: SnappedPlaces, destinations: SnappedPlaces
) -> DirectWays:
    """Return the ways without a turn.

    They join pairs on one link, the destination ahead; and those whose destination lies on the
    junction where the origin lies, or to which its link leads.
    """
    ends, ends_at = _at_junction(network, destinations)
    starts, starts_at = _at_junction(network, origins)
    row, column = _matches(starts_at, ends_at)
    here = starts[row]
    joined = [(here, ends[column], np.zeros(len(row), np.int64), origins.share[here])]
    for is_forward, (who, arc, along), (whom, onto, until) in zip(
        (1.0, 0.0), _sides(network, origins), _sides(network, destinations), strict=True
    ):
        row, column = _matches(arc, onto)
        ahead = until[column] >= along[row]
        row, column = row[ahead], column[ahead]
        cost = _part(network, onto[column], until[column]) - _part(network, arc[row], along[row])
        joined.append((who[row], whom[column], cost, destinations.share[whom[column]]))
        row, column = _matches(network.arcs.head[arc].astype(np.int64), ends_at)
        rest = network.packed[arc[row]] - _part(network, arc[row], along[row])
        joined.append((who[row], ends[column], rest, np.full(len(row), is_forward)))
    row, column, cost, until = (np.concatenate(part) for part in zip(*joined, strict=True))
    cost = cost + walk_cost(origins)[row] + walk_cost(destinations)[column]
    order = np.lexsort((until, cost, column, row))
    return DirectWays(
        origin=row[order], destination=column[order], cost=cost[order], until=until[order]
    )


def _matches(one: Longs, other: Longs) -> tuple[Longs, Longs]:
    """Return the places in both of every pair of equal values."""
    order = np.argsort(other, kind="stable")
    low = np.searchsorted(other[order], one, side="left")
    many = np.searchsorted(other[order], one, side="right") - low
    row = np.repeat(np.arange(len(one)), many)
    offset = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many)
    return row, order[np.repeat(low, many) + offset]
