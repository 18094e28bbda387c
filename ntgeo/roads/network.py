"""A road network as arrays: junctions, links between them, and arcs along the links."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import time
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from ntgeo.domain.matrix import UNTOLD_RANGE, TimeRange, TravelMode
from ntgeo.roads.distinct import distinct
from ntgeo.roads.road_change import CLOSED_MS, AsRead
from ntgeo.roads.tag_gaps import TagGap
from ntgeo.roads.tags import FERRY

if TYPE_CHECKING:
    import networkx as nx

    from ntgeo.roads.answers.checks import NetworkChecks

__all__ = [
    "CLOSED_MS",
    "NO_WAY",
    "Arcs",
    "Junctions",
    "Links",
    "RoadNetwork",
    "SearchGraph",
    "Turns",
    "read_only",
]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Milliseconds = npt.NDArray[np.uint32]

NO_WAY: Final = 1 << 61
"""Packed cost of what cannot be travelled; two of them still fit in 64 bits."""


def read_only(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a contiguous view of ``array`` that cannot be written."""
    view = np.ascontiguousarray(array).view()
    view.setflags(write=False)
    return view


def _largest_part(graph: SearchGraph) -> npt.NDArray[np.bool_]:
    """Tell which vertices lie in the largest strongly connected part."""
    from scipy.sparse import csr_array  # noqa: PLC0415 - not needed to read or save a network
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 - as above

    count = len(graph.xy_m)
    usable = graph.weight < NO_WAY
    ends = (graph.tail[usable], graph.head[usable])
    matrix = csr_array((np.ones(len(ends[0]), np.int8), ends), shape=(count, count))
    _, label = connected_components(matrix, directed=True, connection="strong")
    inside: npt.NDArray[np.bool_] = label == np.argmax(np.bincount(label, minlength=1))
    return inside


class _Frozen:
    __slots__ = ()

    def __post_init__(self) -> None:
        for field in fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                object.__setattr__(self, field.name, read_only(value))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Junctions(_Frozen):
    """Where links meet or end.

    Args:
        osm: (junctions,) OSM id of the point.
        xy_m: (junctions, 2) in the network's CRS.
    """

    osm: Longs
    xy_m: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arcs(_Frozen):
    """Directed ways from junction to junction, sorted by tail.

    Where a turn restriction along ways matters, copies of an arc follow it; see
    :mod:`ntgeo.roads.building.via_ways`.

    Args:
        start: (junctions + 1,) where the arcs that leave each junction start.
        tail: (arcs,) junction left.
        head: (arcs,) junction reached.
        time_ms: (arcs,) whole milliseconds, all delays included; :data:`CLOSED_MS` if closed.
        delay_ms: (arcs,) how much of it is waiting rather than moving.
        length_cm: (arcs,) whole centimetres.
        link: (arcs,) the link it runs along.
        is_forward: (arcs,) whether it runs from the link's first point to its last.
    """

    start: Longs
    tail: Ints
    head: Ints
    time_ms: Milliseconds
    delay_ms: Milliseconds
    length_cm: Milliseconds
    link: Ints
    is_forward: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Links(_Frozen):
    """Stretches of road between junctions, with their shape.

    Args:
        point_start: (links + 1,) where each link's points start in ``xy_m``.
        xy_m: (points, 2) in the network's CRS.
        name: (links,) index into the network's ``names``; 0 is the empty name.
        road_class: (links,) index into the network's ``classes``.
        way_start: (links + 1,) where each link's ways start in ``way``; each has at least one.
        way: (ways,) OSM ids of the ways along each link, in order; 0 where unknown.
    """

    point_start: Longs
    xy_m: Floats
    name: Ints
    road_class: Ints
    way_start: Longs
    way: Longs

    @property
    def first_way(self) -> Longs:
        """(links,) OSM id of the way at the first point."""
        return self.way[self.way_start[:-1]]

    @property
    def last_way(self) -> Longs:
        """(links,) OSM id of the way at the last point."""
        return self.way[self.way_start[1:] - 1]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Turns(_Frozen):
    """Turns that are allowed, from arc to arc.

    Args:
        start: (arcs + 1,) where the turns from each arc start.
        onto: (turns,) the arc turned into.
        delay_ms: (turns,) whole milliseconds that the turn costs.
    """

    start: Longs
    onto: Ints
    delay_ms: Milliseconds


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SearchGraph:
    """What a search walks over: the junctions, or, where turns count, the arcs.

    Args:
        start: (vertices + 1,) where the edges from each vertex start.
        tail: (edges,) vertex left.
        head: (edges,) vertex reached.
        weight: (edges,) packed cost ``time_ms * 2**32 + length_cm``.
        xy_m: (vertices, 2) places.
    """

    start: Longs
    tail: Ints
    head: Ints
    weight: Longs
    xy_m: Floats

    @property
    def as_tuple(self) -> tuple[Longs, Ints, Longs]:
        """Edges as the compiled code takes them."""
        return self.start, self.head, self.weight


@dataclass(frozen=True, kw_only=True, eq=False)
class RoadNetwork:
    """The roads that one mode may use.

    Args:
        mode: Who travels.
        epsg: Code of the projected CRS of all coordinates, in metres: 27700 in Great Britain, the
            UTM zone elsewhere. A :class:`~ntgeo.domain.places.Location` is in this CRS.
        junctions: Where links meet.
        arcs: Directed ways with times.
        links: Their shapes and names.
        names: Street names; the first is empty.
        classes: Values of OSM ``highway``.
        dated: When the data left OSM, ISO 8601, or empty.
        notes: What was cleaned or assumed while reading, for people.
        turns: Turns allowed and their delays; ``None`` where every turn is allowed and free.
        tag_gaps: Tags that the roads lack, by share of length.
        ring_ways: OSM ids of the ways that are roundabouts, as far as the file tells.
        as_read: Where times were changed, what they were made from; not written to disk.
        time_range: How far a journey may lie from the time told here.
        departs_at: Local time whose traffic the times are for; ``None`` is between the peaks.
    """

    mode: TravelMode
    epsg: int
    junctions: Junctions
    arcs: Arcs
    links: Links
    names: tuple[str, ...]
    classes: tuple[str, ...]
    dated: str = ""
    notes: tuple[str, ...] = ()
    turns: Turns | None = None
    tag_gaps: tuple[TagGap, ...] = ()
    ring_ways: frozenset[int] = frozenset()
    as_read: AsRead | None = None
    time_range: TimeRange = UNTOLD_RANGE
    departs_at: time | None = None

    @property
    def junction_count(self) -> int:
        """How many junctions there are."""
        return len(self.junctions.osm)

    @property
    def arc_count(self) -> int:
        """How many directed arcs there are."""
        return len(self.arcs.head)

    @property
    def link_count(self) -> int:
        """How many links there are."""
        return len(self.links.name)

    @cached_property
    def kept(self) -> dict[str, Any]:
        """What searches prepare once for this network, by name."""
        return {}

    @cached_property
    def lines(self) -> npt.NDArray[np.object_]:
        """(links,) shapely line strings."""
        counts = np.diff(self.links.point_start)
        owner = np.repeat(np.arange(self.link_count), counts)
        lines: npt.NDArray[np.object_] = shapely.linestrings(self.links.xy_m, indices=owner)
        return lines

    def points_of(self, link: int) -> Floats:
        """Return the (points, 2) of one link."""
        start = self.links.point_start
        return self.links.xy_m[start[link] : start[link + 1]]

    @cached_property
    def link_arcs(self) -> Ints:
        """(links, 2) the forward and the backward arc of each link; -1 where there is none."""
        arcs = np.full((self.link_count, 2), -1, np.int32)
        column = np.where(self.arcs.is_forward, 0, 1)
        # An arc may have copies after it, for turns along ways; the first is the arc itself.
        backwards = np.arange(self.arc_count, dtype=np.int32)[::-1]
        arcs[self.arcs.link[backwards], column[backwards]] = backwards
        return arcs

    @cached_property
    def copies(self) -> Longs:
        """Arcs that stand for another, where a turn restriction along ways matters, ascending."""
        column = np.where(self.arcs.is_forward, 0, 1)
        is_copy = self.link_arcs[self.arcs.link, column] != np.arange(self.arc_count)
        return np.flatnonzero(is_copy).astype(np.int64)

    @cached_property
    def packed(self) -> Longs:
        """(arcs,) ``time_ms * 2**32 + length_cm``: least is fastest, then shortest."""
        weight = (self.arcs.time_ms.astype(np.int64) << 32) | self.arcs.length_cm
        return read_only(np.where(self.is_open, weight, NO_WAY))

    @cached_property
    def is_open(self) -> npt.NDArray[np.bool_]:
        """(arcs,) whether each may be travelled now."""
        return read_only(self.arcs.time_ms != CLOSED_MS)

    @cached_property
    def open_links(self) -> Longs:
        """Links on land with an arc that may be travelled, ascending."""
        return self._on_land(distinct(self.arcs.link[self.is_open]))

    def _on_land(self, links: Longs) -> Longs:
        """Leave ferries out, since nobody lives on one."""
        is_ferry = np.array([name == FERRY for name in self.classes], np.bool_)
        return links[~is_ferry[self.links.road_class[links]]]

    @cached_property
    def search_graph(self) -> SearchGraph:
        """The graph of junctions, or, where turns count, that of arcs: reached at their heads."""
        arcs, turns = self.arcs, self.turns
        if turns is None:
            return SearchGraph(
                start=arcs.start,
                tail=arcs.tail,
                head=arcs.head,
                weight=self.packed,
                xy_m=self.junctions.xy_m,
            )
        delay = turns.delay_ms.astype(np.int64) << 32
        onto = np.where(self.is_open[turns.onto], self.packed[turns.onto] + delay, NO_WAY)
        middle = (self.junctions.xy_m[arcs.tail] + self.junctions.xy_m[arcs.head]) / 2
        return SearchGraph(
            start=turns.start,
            tail=np.repeat(np.arange(self.arc_count, dtype=np.int32), np.diff(turns.start)),
            head=turns.onto,
            weight=read_only(onto),
            xy_m=middle,
        )

    @cached_property
    def in_main_part(self) -> npt.NDArray[np.bool_]:
        """(junctions,) whether each lies in the largest strongly connected part."""
        if self.turns is None:
            return read_only(_largest_part(self.search_graph))
        inside = np.zeros(self.junction_count, np.bool_)
        inside[self.arcs.tail[self.is_main_arc]] = True
        inside[self.arcs.head[self.is_main_arc]] = True
        return read_only(inside)

    @cached_property
    def is_main_arc(self) -> npt.NDArray[np.bool_]:
        """(arcs,) whether each lies within the largest strongly connected part."""
        if self.turns is None:
            inside = self.in_main_part
            return read_only(inside[self.arcs.tail] & inside[self.arcs.head] & self.is_open)
        return read_only(_largest_part(self.search_graph))

    @cached_property
    def main_links(self) -> Longs:
        """Links on land with an arc within the largest strongly connected part, ascending."""
        return self._on_land(distinct(self.arcs.link[self.is_main_arc]))

    def without_turns(self) -> RoadNetwork:
        """Return the network with every turn allowed and free, as networkx knows roads."""
        return replace(self, turns=None)

    @cached_property
    def main_tree(self) -> shapely.STRtree:
        """Spatial index of the lines of :attr:`main_links`."""
        return shapely.STRtree(self.lines[self.main_links])

    def checks(self) -> NetworkChecks:
        """Return what an analyst should know of the network before trusting it."""
        from ntgeo.roads.answers.checks import check_network  # noqa: PLC0415 - it needs this module

        return check_network(self)

    @classmethod
    def from_networkx(cls, graph: nx.MultiDiGraph, mode: TravelMode) -> RoadNetwork:
        """Build from an osmnx graph; the analyst's own lengths and travel times count.

        Args:
            graph: With ``crs`` in its attributes, ``x``/``y`` on nodes, ``length`` (m) on edges,
                optionally ``travel_time`` (s) or ``speed_kph``; else ntgeo's own speeds are used.
            mode: Who travels on it.

        Raises:
            InputError: An attribute is missing or not what it should be; all are told at once.
        """
        from ntgeo.roads.files.osmnx_graph import from_networkx  # noqa: PLC0415 - networkx only on demand

        return from_networkx(graph, mode)

    def to_networkx(self) -> nx.MultiDiGraph:
        """Return the network as osmnx knows it: lengths in metres, ``travel_time`` in seconds."""
        from ntgeo.roads.files.osmnx_graph import to_networkx  # noqa: PLC0415 - networkx only on demand

        return to_networkx(self)
