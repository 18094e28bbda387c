"""To and from the graphs of osmnx, whose own lengths and times count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.units import METRES_PER_KILOMETRE, METRES_PER_MILE
from ntgeo.errors import DuplicateIdError, Fault, InputError
from ntgeo.roads.building.extract import refuse_too_many
from ntgeo.roads.building.linking import FileFacts, LinkTable, assemble_network
from ntgeo.roads.files.edges import EdgeTable, read_edges
from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.projection import choose_epsg, epsg_of, longitude_latitude, project
from ntgeo.roads.speeds import SpeedTable, read_speeds
from ntgeo.roads.tags import stop_kind

if TYPE_CHECKING:
    import networkx as nx

__all__ = [
    "EdgeRow",
    "GraphRows",
    "build_from_rows",
    "from_networkx",
    "to_networkx",
    "unique_ids",
]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
EdgeRow = tuple[Any, Any, Mapping[str, Any]]

_MOST_MOVED_M: Final = 100.0
_MOST_STRETCH: Final = 1.1
_METRES_A_UNIT: Final = {
    "kilometres": METRES_PER_KILOMETRE,
    "miles": METRES_PER_MILE,
    "feet": 0.3048,
}
_LEAST_WINDING, _MOST_WINDING = 0.99, 1.287
"""Most links of a road network are hardly longer than the straight line between their ends."""
_TELLING_M: Final = 20.0
_LARGEST_ID: Final = 2**63


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphRows:
    """A graph as rows: points with attributes, edges with ends and attributes; and when made."""

    file: str
    crs: object
    points: Sequence[tuple[Any, Mapping[str, Any]]]
    edges: Sequence[EdgeRow]
    dated: str


def from_networkx(graph: nx.MultiDiGraph, mode: TravelMode) -> RoadNetwork:
    """Build a network from an osmnx graph; see :meth:`RoadNetwork.from_networkx`."""
    if not graph.is_directed():
        what = "the graph is undirected, so one-way streets are unknown"
        fix = "pass the MultiDiGraph that osmnx makes"
        raise InputError(Fault(file="graph", what=what, fix=fix, code="undirected-graph"))
    rows = GraphRows(
        file="graph",
        crs=graph.graph.get("crs"),
        points=list(graph.nodes(data=True)),
        edges=list(graph.edges(data=True)),
        dated=str(graph.graph.get("created_date", "")),
    )
    return build_from_rows(rows, read_speeds(mode))


def build_from_rows(rows: GraphRows, speeds: SpeedTable) -> RoadNetwork:
    """Build a network from the rows of a graph.

    Raises:
        InputError: There is no edge, or an attribute is missing or not what it should be.
    """
    if not rows.edges:
        fix = "build the roads for this area again"
        raise InputError(Fault(file=rows.file, what="it holds 0 roads", fix=fix, code="no-roads"))
    refuse_too_many(rows.file, len(rows.edges), "edges")
    source = epsg_of(rows.crs, rows.file)
    osm, xy = _read_points(rows)
    number_of = {key: number for number, (key, _) in enumerate(rows.points)}
    lon_lat = longitude_latitude(xy, source=source, file=rows.file)
    target = choose_epsg(lon_lat)
    edges = read_edges(rows.edges, number_of, rows.file, speeds)
    stop_ms = _stop_delays(rows, speeds)
    xy_m = project(xy, source=source, target=target)
    _refuse_short_cuts(rows, edges, xy_m)
    table = _links_of(edges, osm, xy_m, stop_ms, (source, target))
    _refuse_loose_shapes(rows, edges, table)
    return assemble_network(
        table,
        speeds,
        epsg=target,
        groups=edges.groups,
        facts=FileFacts(
            dated=rows.dated, notes=edges.notes, tag_gaps=edges.gaps, ring_ways=edges.ring_ways
        ),
    )


def _refuse_short_cuts(rows: GraphRows, edges: EdgeTable, xy_m: Floats) -> None:
    """Refuse edges shorter than the straight line between their ends.

    So they are where lengths are in other units, or points of two CRS stand in one graph. osmnx
    moves points a little when it joins those of a junction, and keeps the lengths.
    """
    straight_m = np.hypot(*(xy_m[edges.head] - xy_m[edges.tail]).T)
    _refuse_other_units(rows.file, edges.length_m, straight_m)
    short = np.flatnonzero(straight_m > _MOST_STRETCH * edges.length_m + _MOST_MOVED_M)
    faults = [
        Fault(
            file=rows.file,
            what=f"edge ({rows.edges[at][0]}, {rows.edges[at][1]}) is {edges.length_m[at]:,.0f} m "
            f"long, but its ends lie {straight_m[at] / METRES_PER_KILOMETRE:,.3g} km apart",
            fix="mend its length, or save all points with the same CRS",
            code="far-ends",
        )
        for at in short.tolist()
    ]
    if faults:
        raise InputError(faults)


def _refuse_other_units(file: str, length: Floats, straight_m: Floats) -> None:
    tells = straight_m > _TELLING_M
    share = float(np.median(length[tells] / straight_m[tells])) if tells.any() else 1.0
    for unit, metres in _METRES_A_UNIT.items():
        if _LEAST_WINDING <= share * metres < _MOST_WINDING:
            what = f"its lengths are in {unit}: most edges are {share:.3g} times as long as the"
            what += " straight line between their ends, in metres"
            fix = "give lengths in metres, as osmnx does"
            raise InputError(Fault(file=file, column="length", what=what, fix=fix, code="unit"))


def _refuse_loose_shapes(rows: GraphRows, edges: EdgeTable, table: LinkTable) -> None:
    """Refuse shapes that do not run from one end of their edge to the other."""
    starts, ends = table.xy_m[table.point_start[:-1]], table.xy_m[table.point_start[1:] - 1]
    first, last = table.junction_xy_m[table.first], table.junction_xy_m[table.last]
    as_drawn, turned = (
        np.maximum(np.hypot(*(starts - one).T), np.hypot(*(ends - other).T))
        for one, other in ((first, last), (last, first))
    )
    gap_m = np.minimum(as_drawn, turned)
    faults = [
        Fault(
            file=rows.file,
            column="geometry",
            what=f"edge ({rows.edges[edge][0]}, {rows.edges[edge][1]}) is drawn {gap:,.0f} m off "
            "its ends",
            fix="mend the edge, or save the graph again with osmnx",
            code="edge-geometry",
        )
        for edge, gap in zip(edges.forward_edge.tolist(), gap_m.tolist(), strict=True)
        if gap > _MOST_MOVED_M
    ]
    if faults:
        raise InputError(faults)


def _read_points(rows: GraphRows) -> tuple[Ints, Floats]:
    faults: list[Fault] = []
    ids: list[int] = []
    xy: list[tuple[float, float]] = []
    for number, (key, attributes) in enumerate(rows.points):
        ids.append(_whole_id(key, -number - 1, rows.file, faults))
        try:
            place = (float(attributes["x"]), float(attributes["y"]))
        except (KeyError, TypeError, ValueError):
            place = (float("nan"), float("nan"))
        if not np.isfinite(place).all():
            what = f"point {key} has no usable position (x and y)"
            fix = "save the graph again with osmnx"
            faults.append(Fault(file=rows.file, what=what, fix=fix, code="no-position"))
        xy.append(place)
    if faults:
        raise InputError(faults)
    repeated = [key for key, count in Counter(key for key, _ in rows.points).items() if count > 1]
    if repeated:
        raise DuplicateIdError(
            [
                Fault(
                    file=rows.file,
                    what=f"point {key} stands more than once",
                    fix="save the graph again with osmnx",
                    code="duplicate-point",
                )
                for key in repeated
            ]
        )
    return np.array(ids, np.int64), np.array(xy, float)


def _whole_id(key: Any, otherwise: int, file: str, faults: list[Fault]) -> int:
    try:
        number = int(key)
    except (TypeError, ValueError):
        number = otherwise
        if _is_number(key):
            faults.append(_lost_id(key, file))
    if isinstance(key, float) or not -_LARGEST_ID <= number < _LARGEST_ID:
        faults.append(_lost_id(key, file))
    return number


def _is_number(key: Any) -> bool:
    try:
        float(key)
    except (TypeError, ValueError):
        return False
    return True


def _lost_id(key: Any, file: str) -> Fault:
    return Fault(
        file=file,
        value=str(key),
        what="the id of a point is a decimal number, so ids have lost digits",
        fix="build the graph again and keep ids as whole numbers",
        code="id-precision",
    )


def _stop_delays(rows: GraphRows, speeds: SpeedTable) -> Ints:
    kinds = [
        stop_kind({"highway": str(attributes.get("highway", ""))}) for _, attributes in rows.points
    ]
    return np.array([speeds.delay_ms[kind] if kind else 0 for kind in kinds], np.int64)


def _links_of(
    edges: EdgeTable, osm: Ints, xy_m: Floats, stop_ms: Ints, crs: tuple[int, int]
) -> LinkTable:
    one = edges.forward_edge
    back = edges.backward_edge
    has_back = back >= 0
    first, last = edges.tail[one], edges.head[one]
    point_start, points = edges.shapes(one, first, last, xy_m, crs)
    own = edges.has_own_time
    at_last = np.where(own[one], 0, stop_ms[last])
    at_first = np.where(own[np.maximum(back, 0)], 0, stop_ms[first])
    return LinkTable(
        junction_osm=osm,
        junction_xy_m=xy_m,
        has_stop=stop_ms > 0,
        first=first,
        last=last,
        point_start=point_start,
        xy_m=points,
        group=edges.group[one],
        way_start=np.concatenate(([0], np.cumsum([len(edges.ways[edge]) for edge in one]))),
        way=np.array([way for edge in one for way in edges.ways[edge]], np.int64),
        length_m=edges.length_m[one],
        backward_length_m=np.where(has_back, edges.length_m[back], edges.length_m[one]),
        forward_ms=edges.moving_ms[one],
        backward_ms=np.where(has_back, edges.moving_ms[back], np.nan),
        forward_stop_ms=at_last,
        backward_stop_ms=at_first,
        has_own_time=own[one],
    )


def to_networkx(network: RoadNetwork) -> nx.MultiDiGraph:
    """Return an osmnx graph of a network; see :meth:`RoadNetwork.to_networkx`."""
    import networkx as nx  # noqa: PLC0415 - only on demand

    graph = nx.MultiDiGraph(crs=f"epsg:{network.epsg}", created_with="ntgeo", simplified=True)
    ids = unique_ids(network.junctions.osm)
    xy_m = network.junctions.xy_m.tolist()
    graph.add_nodes_from((key, {"x": x, "y": y}) for key, (x, y) in zip(ids, xy_m, strict=True))
    arcs, lines = network.arcs, network.lines
    backward = lines[arcs.link[~arcs.is_forward]]
    shapes = lines[arcs.link]
    shapes[~arcs.is_forward] = [line.reverse() for line in backward]
    is_one_way = np.asarray((network.link_arcs < 0).any(axis=1), np.bool_)
    for arc in np.setdiff1d(np.arange(network.arc_count), network.copies).tolist():
        link = arcs.link[arc]
        seconds, metres = arcs.time_ms[arc] / 1000, arcs.length_cm[arc] / 100
        graph.add_edge(
            ids[arcs.tail[arc]],
            ids[arcs.head[arc]],
            osmid=_osmid(network, link, is_forward=bool(arcs.is_forward[arc])),
            highway=network.classes[network.links.road_class[link]],
            name=network.names[network.links.name[link]],
            oneway=bool(is_one_way[link]),
            reversed=not arcs.is_forward[arc],
            length=metres,
            travel_time=seconds,
            speed_kph=3.6 * metres / seconds if seconds else 0.0,
            geometry=shapes[arc],
        )
    return graph


def _osmid(network: RoadNetwork, link: int, *, is_forward: bool) -> int | list[int]:
    """Return the id of the way, or a list of them in order of travel, as osmnx has them."""
    start = network.links.way_start
    ways: list[int] = network.links.way[start[link] : start[link + 1]].tolist()
    return ways[0] if len(ways) == 1 else ways[:: 1 if is_forward else -1]


def unique_ids(osm: Ints) -> list[int]:
    """Return the OSM ids; a point that stands again (at a barrier) gets a negative number."""
    seen: set[int] = set()
    ids = []
    for number, key in enumerate(osm.tolist()):
        ids.append(-number - 1 if key in seen else key)
        seen.add(key)
    return ids
