"""From links with times each way to a road network with delays at its junctions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.roads.network import Arcs, Junctions, Links, RoadNetwork
from ntgeo.roads.speeds import SpeedTable
from ntgeo.roads.tag_gaps import TagGap

__all__ = [
    "ROADS_OF_A_JUNCTION",
    "FileFacts",
    "LinkTable",
    "assemble_network",
    "build_arcs",
    "class_rank",
]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_RANKS: Final = (
    "motorway",
    "trunk",
    "primary",
    "secondary",
    "tertiary",
    "unclassified",
    "residential",
)
ROADS_OF_A_JUNCTION: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinkTable:
    """Links, one a row, as the readers make them.

    Args:
        junction_osm: (junctions,) OSM ids.
        junction_xy_m: (junctions, 2) metres.
        has_stop: (junctions,) whether a delay of its own (a signal, a gate) stands there.
        first: (links,) junction where the link starts.
        last: (links,) junction where it ends.
        point_start: (links + 1,) where its points start in ``xy_m``.
        xy_m: (points, 2) metres.
        group: (links,) index into the pairs of class and name.
        way_start: (links + 1,) where its ways start in ``way``; each has at least one.
        way: (ways,) OSM ids of the ways along it, in order; 0 where unknown.
        length_m: (links,) metres.
        backward_length_m: (links,) metres from last to first.
        forward_ms: (links,) milliseconds moving, from first to last; NaN where not allowed.
        backward_ms: (links,) the same from last to first.
        forward_stop_ms: (links,) milliseconds waiting on the way and on arrival at the last.
        backward_stop_ms: (links,) the same on arrival at the first.
        has_own_time: (links,) whether the times are the analyst's, so that no delay is added.
    """

    junction_osm: Ints
    junction_xy_m: Floats
    has_stop: npt.NDArray[np.bool_]
    first: Ints
    last: Ints
    point_start: Ints
    xy_m: Floats
    group: Ints
    way_start: Ints
    way: Ints
    length_m: Floats
    backward_length_m: Floats
    forward_ms: Floats
    backward_ms: Floats
    forward_stop_ms: Ints
    backward_stop_ms: Ints
    has_own_time: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What a road file tells besides its roads.

    Args:
        dated: When the data left OSM; empty where it does not tell.
        notes: What was cleaned or assumed while reading.
        tag_gaps: Tags that the roads lack.
        ring_ways: OSM ids of the ways that are roundabouts.
    """

    dated: str
    notes: tuple[str, ...]
    tag_gaps: tuple[TagGap, ...]
    ring_ways: frozenset[int] = frozenset()


def assemble_network(
    table: LinkTable,
    speeds: SpeedTable,
    *,
    epsg: int,
    groups: Sequence[tuple[str, str]],
    facts: FileFacts,
) -> RoadNetwork:
    """Build the network, with the delay of every junction added to the arcs that arrive there.

    Args:
        table: The links.
        speeds: Delays of the mode.
        epsg: CRS of the coordinates.
        groups: Pairs of road class and name that ``table.group`` refers to.
        facts: What else the network should tell.
    """
    names = tuple(sorted({"", *(name for _, name in groups)}))
    classes = tuple(sorted({road_class for road_class, _ in groups}))
    name_of = {name: number for number, name in enumerate(names)}
    class_of = {name: number for number, name in enumerate(classes)}
    group_name = np.array([name_of[name] for _, name in groups], np.int32)
    group_class = np.array([class_of[road_class] for road_class, _ in groups], np.int32)
    rank = np.array([class_rank(road_class) for road_class, _ in groups], np.int64)[table.group]
    at_last, at_first = _junction_delays(table, rank, speeds)
    links = Links(
        point_start=table.point_start,
        xy_m=table.xy_m,
        name=group_name[table.group],
        road_class=group_class[table.group],
        way_start=table.way_start,
        way=table.way,
    )
    return RoadNetwork(
        mode=speeds.mode,
        epsg=epsg,
        junctions=Junctions(osm=table.junction_osm, xy_m=table.junction_xy_m),
        arcs=build_arcs(table, table.forward_stop_ms + at_last, table.backward_stop_ms + at_first),
        links=links,
        names=names,
        classes=classes,
        dated=facts.dated,
        notes=facts.notes,
        tag_gaps=facts.tag_gaps,
        ring_ways=facts.ring_ways,
        time_range=speeds.time_range,
    )


def class_rank(road_class: str) -> int:
    """Return 0 for the greatest class of road, more for lesser ones."""
    name = road_class.removesuffix("_link")
    return _RANKS.index(name) if name in _RANKS else len(_RANKS)


def _junction_delays(table: LinkTable, rank: Ints, speeds: SpeedTable) -> tuple[Ints, Ints]:
    """Return the milliseconds lost where each link ends, and where it starts."""
    count = len(table.junction_osm)
    ends = np.concatenate([table.first, table.last])
    roads = np.bincount(ends, minlength=count)
    greatest = np.full(count, len(_RANKS))
    np.minimum.at(greatest, ends, np.concatenate([rank, rank]))
    is_plain_junction = (roads >= ROADS_OF_A_JUNCTION) & ~table.has_stop
    delays = []
    for junction in (table.last, table.first):
        is_minor = rank > greatest[junction]
        kinds = np.where(is_minor, speeds.delay_ms["minor_into_major"], speeds.delay_ms["junction"])
        delays.append(np.where(is_plain_junction[junction] & ~table.has_own_time, kinds, 0))
    return delays[0], delays[1]


def build_arcs(table: LinkTable, forward_delay_ms: Ints, backward_delay_ms: Ints) -> Arcs:
    """Build the arcs of links, sorted by tail, head and link.

    Args:
        table: The links.
        forward_delay_ms: (links,) milliseconds waiting from first to last.
        backward_delay_ms: (links,) the same from last to first.
    """
    is_forward = ~np.isnan(table.forward_ms)
    is_backward = ~np.isnan(table.backward_ms)
    forward, backward = np.flatnonzero(is_forward), np.flatnonzero(is_backward)
    link = np.concatenate([forward, backward])
    tail = np.concatenate([table.first[forward], table.last[backward]])
    head = np.concatenate([table.last[forward], table.first[backward]])
    moving = np.concatenate([table.forward_ms[forward], table.backward_ms[backward]])
    length_m = np.concatenate([table.length_m[forward], table.backward_length_m[backward]])
    delay = np.concatenate([forward_delay_ms[forward], backward_delay_ms[backward]])
    runs_forward = np.arange(len(link)) < len(forward)
    order = np.lexsort((~runs_forward, link, head, tail))
    count = len(table.junction_osm)
    start = np.concatenate(([0], np.cumsum(np.bincount(tail, minlength=count))))
    return Arcs(
        start=start,
        tail=tail[order].astype(np.int32),
        head=head[order].astype(np.int32),
        time_ms=(np.rint(moving).astype(np.int64) + delay)[order].astype(np.uint32),
        delay_ms=delay[order].astype(np.uint32),
        length_cm=np.rint(length_m[order] * 100).astype(np.uint32),
        link=link[order].astype(np.int32),
        is_forward=runs_forward[order],
    )
