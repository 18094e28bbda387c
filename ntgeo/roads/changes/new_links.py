"""Roads that are not there yet, joined to the network without preparing it anew.

A new road joins the roads that there are at its two ends only; what it crosses on the way, it
crosses by a bridge. Where an end lies along a link, the link is cut there. The hierarchy contracts
the new junctions first and the others as before, so that no separators are sought again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from ntgeo.errors import Fault, InputError, UnreachableError
from ntgeo.roads.building.cutting import TurnRows, arc_rows, cut_link, lasting, rebuilt, turn_rows
from ntgeo.roads.building.linking import ROADS_OF_A_JUNCTION, class_rank
from ntgeo.roads.building.turns import turn_delays, turn_pairs
from ntgeo.roads.changes.whatif import as_read, retimed
from ntgeo.roads.network import CLOSED_MS, Links, RoadNetwork
from ntgeo.roads.road_change import AsRead
from ntgeo.roads.speeds import SpeedTable
from ntgeo.roads.tags import WayRule, read_way_rule

__all__ = ["NewLink", "add_links", "may_use"]

Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_AT_END_M: Final = 1.0
_SAME_M: Final = 0.01
_MS_PER_M_PER_KPH: Final = 3600.0
_CM_PER_M: Final = 100.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NewLink:
    """A road to be added.

    Args:
        xy_m: (points, 2) from end to end, in the network's CRS; at least two points.
        tags: As OpenStreetMap would have them: ``highway``, and where apt ``oneway``, ``maxspeed``,
            ``name`` and others.
    """

    xy_m: Floats
    tags: Mapping[str, str] = field(default_factory=lambda: {"highway": "unclassified"})

    def __post_init__(self) -> None:
        """Refuse a line that leads nowhere."""
        steps = np.diff(self.xy_m, axis=0)
        if not np.isfinite(self.xy_m).all() or not np.hypot(*steps.T).sum() > 0:
            msg = "a new road needs a line of some length"
            raise ValueError(msg)


def may_use(link: NewLink, speeds: SpeedTable) -> bool:
    """Tell whether the mode of ``speeds`` may use a new road."""
    return read_way_rule(link.tags, speeds).is_usable


def add_links(
    network: RoadNetwork,
    links: Iterable[NewLink],
    speeds: SpeedTable,
    *,
    snap_limit_m: float = 50.0,
) -> RoadNetwork:
    """Return the network with new roads, each joined to what there is, earlier new roads included.

    What the mode may not use is left out. Arrivals wait as at any plain junction; where a junction
    gets its third road, so do those on the roads that were there, but at one that had three already
    a greater new road makes nobody wait longer. Turns get the delays of their
    angles, and turning back is allowed only where nothing else goes on. Restrictions stand as they
    were; turns from and into the new road are all allowed. Changes made before are kept, but do not
    touch the new road.

    Args:
        network: The roads, changed or not.
        links: The new roads.
        speeds: Of the network's mode.
        snap_limit_m: An end farther than this from every open road is refused; one within it is
            led on to the road in a straight line.

    Raises:
        UnreachableError: An end lies too far from every road.
        InputError: Both ends come to lie on one place.
    """
    works = _Works.begin(network)
    for link in links:
        rule = read_way_rule(link.tags, speeds)
        if rule.is_usable:
            works.build(link, rule, speeds, snap_limit_m)
    return works.finish()


@dataclass(slots=True, kw_only=True, eq=False)
class _Works:
    """A network under change: its times as read, and what is to be done to them in the end.

    Args:
        network: With its times as read.
        made_from: What is to be done to them.
        lines: (links,) the lines of its links; none where a link is closed.
    """

    network: RoadNetwork
    made_from: AsRead
    lines: npt.NDArray[np.object_]

    @classmethod
    def begin(cls, network: RoadNetwork) -> _Works:
        made_from = as_read(network)
        arcs = replace(network.arcs, time_ms=made_from.time_ms)
        plain = lasting(replace(network, arcs=arcs, as_read=None, departs_at=None), network)
        lines = np.full(network.link_count, None, np.object_)
        lines[network.open_links] = network.lines[network.open_links]
        return cls(network=plain, made_from=made_from, lines=lines)

    def finish(self) -> RoadNetwork:
        made_from = replace(self.made_from, time_ms=self.network.arcs.time_ms)
        if made_from.departs_at is None and not made_from.changes:
            return self.network
        return retimed(self.network, made_from)

    def build(self, link: NewLink, rule: WayRule, speeds: SpeedTable, limit_m: float) -> None:
        first = self._junction_at(link.xy_m[0], "the start of the new road", limit_m)
        last = self._junction_at(link.xy_m[-1], "the end of the new road", limit_m)
        if first == last:
            what = "both ends of the new road join the roads at one place"
            fix = "set its ends farther apart"
            raise InputError(Fault(file="roads", what=what, fix=fix, code="one-place"))
        number = self.network.link_count
        self.network = _joined(self.network, (first, last), link, rule)
        for junction in (first, last):
            self.network = _with_waiting(self.network, junction, number, speeds)
        self.network = _with_turns_at(self.network, (first, last), number, speeds)
        self.lines = np.append(self.lines, shapely.LineString(self.network.points_of(number)))

    def _junction_at(self, xy_m: Floats, which: str, limit_m: float) -> int:
        """Return the junction at, or cut for, the point of an open road that is nearest."""
        point = shapely.Point(xy_m)
        distance_m = np.nan_to_num(shapely.distance(self.lines, point), nan=np.inf)
        link = int(np.argmin(distance_m))
        if distance_m[link] > limit_m:
            away = f"{distance_m[link]:,.0f} m"
            why = f"the nearest open road is {away} off; the limit is {limit_m:g} m"
            raise UnreachableError([which], why, "move it to a road, or join it to one")
        line = self.lines[link]
        along_m = float(line.project(point))
        if along_m <= _AT_END_M or along_m >= line.length - _AT_END_M:
            ends = _ends_of(self.network, link)
            return ends[0] if along_m <= line.length / 2 else ends[1]
        self._cut(link, along_m)
        return self.network.junction_count - 1

    def _cut(self, link: int, along_m: float) -> None:
        """Cut a link; its changes hold for both halves."""
        rest = self.network.link_count
        self.network = cut_link(self.network, link, along_m)
        halves = [shapely.LineString(self.network.points_of(half)) for half in (link, rest)]
        self.lines = np.append(self.lines, halves[1])
        self.lines[link] = halves[0]
        changes = tuple(
            replace(change, links=(*change.links, rest)) if link in change.links else change
            for change in self.made_from.changes
        )
        self.made_from = replace(self.made_from, changes=changes)


def _ends_of(network: RoadNetwork, link: int) -> tuple[int, int]:
    """Return the junctions at the first and at the last point of a link."""
    arcs = network.arcs
    arc = int(np.flatnonzero(arcs.link == link)[0])
    ends = int(arcs.tail[arc]), int(arcs.head[arc])
    return ends if arcs.is_forward[arc] else ends[::-1]


def _joined(
    network: RoadNetwork, ends: tuple[int, int], link: NewLink, rule: WayRule
) -> RoadNetwork:
    """Return the network with a link between two junctions; nobody waits or turns there yet."""
    xy_m = _led_on(link.xy_m, network.junctions.xy_m[list(ends)])
    length_m = float(np.hypot(*np.diff(xy_m, axis=0).T).sum())
    names, name = _listed(network.names, rule.name)
    classes, road_class = _listed(network.classes, rule.road_class)
    before = network.links
    links = Links(
        point_start=np.append(before.point_start, before.point_start[-1] + len(xy_m)),
        xy_m=np.vstack([before.xy_m, xy_m]),
        name=np.append(before.name, np.int32(name)),
        road_class=np.append(before.road_class, np.int32(road_class)),
        way_start=np.append(before.way_start, before.way_start[-1] + 1),
        way=np.append(before.way, 0),
    )
    rows = arc_rows(network.arcs)
    for is_forward, kph in ((True, rule.forward_kph), (False, rule.backward_kph)):
        if kph is None:
            continue
        row = {
            "tail": ends[not is_forward],
            "head": ends[is_forward],
            "time_ms": round(length_m * _MS_PER_M_PER_KPH / kph),
            "delay_ms": 0,
            "length_cm": round(length_m * _CM_PER_M),
            "link": network.link_count,
            "is_forward": is_forward,
        }
        rows = {name: np.append(rows[name], rows[name].dtype.type(row[name])) for name in rows}
    turns = None if network.turns is None else turn_rows(network.turns)
    return rebuilt(network, rows, turns, links=links, names=names, classes=classes)


def _led_on(xy_m: Floats, ends_m: Floats) -> Floats:
    """Return a line from one place through points to another, none of them twice."""
    whole = np.vstack([ends_m[:1], xy_m, ends_m[1:]])
    is_new = np.hypot(*np.diff(whole, axis=0).T) > _SAME_M
    between = whole[1:][is_new][:-1]
    return np.vstack([ends_m[:1], between, ends_m[1:]])


def _listed(words: tuple[str, ...], word: str) -> tuple[tuple[str, ...], int]:
    known = words if word in words else (*words, word)
    return known, known.index(word)


def _with_waiting(
    network: RoadNetwork, junction: int, added: int, speeds: SpeedTable
) -> RoadNetwork:
    """Let arrivals at a junction of three roads wait: by the new link, or all at its third road."""
    arcs = network.arcs
    touching = (arcs.tail == junction) | (arcs.head == junction)
    links, loops = arcs.link[touching], arcs.link[(arcs.tail == junction) & (arcs.head == junction)]
    roads = len(np.unique(links)) + len(np.unique(loops))
    if roads < ROADS_OF_A_JUNCTION:
        return network
    rank = np.array([class_rank(name) for name in network.classes])[network.links.road_class]
    is_minor = rank[arcs.link] > rank[links].min()
    is_third = roads == ROADS_OF_A_JUNCTION
    waits = (arcs.head == junction) & ((arcs.link == added) | is_third)
    waits &= arcs.time_ms != CLOSED_MS
    delay = np.where(is_minor, speeds.delay_ms["minor_into_major"], speeds.delay_ms["junction"])
    more_ms = np.where(waits, delay, 0).astype(np.uint32)
    changed = replace(arcs, time_ms=arcs.time_ms + more_ms, delay_ms=arcs.delay_ms + more_ms)
    return lasting(replace(network, arcs=changed), network)


def _with_turns_at(
    network: RoadNetwork, junctions: tuple[int, int], added: int, speeds: SpeedTable
) -> RoadNetwork:
    """Return the network with the turns at two junctions anew; what was forbidden stays so."""
    if network.turns is None:
        return network
    arcs, before = network.arcs, turn_rows(network.turns)
    is_touched = np.zeros(network.junction_count, np.bool_)
    is_touched[list(junctions)] = True
    elsewhere = ~is_touched[arcs.head[before.leave]]
    leave, enter = turn_pairs(network)
    is_here = is_touched[arcs.head[leave]]
    leave, enter = leave[is_here], enter[is_here]
    is_new = (arcs.link[leave] == added) | (arcs.link[enter] == added)
    is_new &= ~np.isin(enter, network.copies)  # who comes by the new road came by no banned one
    known = before.leave[~elsewhere] * network.arc_count + before.enter[~elsewhere]
    was_allowed = np.isin(leave * network.arc_count + enter, known)
    leave, enter = leave[is_new | was_allowed], enter[is_new | was_allowed]
    turns = TurnRows(
        leave=np.concatenate([before.leave[elsewhere], leave]),
        enter=np.concatenate([before.enter[elsewhere], enter]),
        delay_ms=np.concatenate(
            [before.delay_ms[elsewhere], turn_delays(network, leave, enter, speeds)]
        ),
    )
    return rebuilt(network, arc_rows(arcs), turns)
