"""Edges of an osmnx graph as checked arrays, with the two directions of a street paired."""

from __future__ import annotations

import ast
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from ntgeo.errors import Fault, InputError
from ntgeo.roads.projection import project
from ntgeo.roads.speeds import SpeedTable, read_limit
from ntgeo.roads.tag_gaps import COUNTED_TAGS, TagGap, has_tag, tag_gaps
from ntgeo.roads.tags import is_roundabout

__all__ = ["EdgeTable", "read_edges"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_MS_PER_S: Final = 1000.0
_MS_PER_M_PER_KPH: Final = 3600.0
_NO_EDGE: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EdgeTable:
    """Edges, one a row, and how they pair into links.

    Args:
        tail: (edges,) number of the point left.
        head: (edges,) number of the point reached.
        ways: (edges,) OSM ids of the ways along each; 0 alone where unknown.
        group: (edges,) index into ``groups``.
        groups: Pairs of road class and name.
        length_m: (edges,) metres.
        moving_ms: (edges,) milliseconds.
        has_own_time: (edges,) whether the graph itself gave the time.
        lines: (edges,) line strings in the graph's CRS; ``None`` where straight.
        forward_edge: (links,) the edge whose direction the link has.
        backward_edge: (links,) the edge that goes back along it; -1 for one-way.
        notes: What was cleaned.
        gaps: Tags that the links lack; those of which the graph keeps none are left out.
        ring_ways: OSM ids of the ways that are roundabouts.
    """

    tail: Ints
    head: Ints
    ways: tuple[tuple[int, ...], ...]
    group: Ints
    groups: tuple[tuple[str, str], ...]
    length_m: Floats
    moving_ms: Floats
    has_own_time: npt.NDArray[np.bool_]
    lines: npt.NDArray[np.object_]
    forward_edge: Ints
    backward_edge: Ints
    notes: tuple[str, ...]
    gaps: tuple[TagGap, ...]
    ring_ways: frozenset[int]

    def shapes(
        self, edge: Ints, first: Ints, last: Ints, xy_m: Floats, crs: tuple[int, int]
    ) -> tuple[Ints, Floats]:
        """Return where each link's points start, and the points, transformed from CRS to CRS."""
        straight = shapely.linestrings(np.stack([xy_m[first], xy_m[last]], axis=1))
        lines = self.lines[edge]
        own = np.flatnonzero(~shapely.is_missing(lines))
        source, target = crs
        moved = shapely.transform(
            lines[own], lambda points: project(points, source=source, target=target)
        )
        straight[own] = moved
        points, owner = shapely.get_coordinates(straight, return_index=True)
        counts = np.bincount(owner, minlength=len(edge))
        return np.concatenate(([0], np.cumsum(counts))), points


@dataclass(slots=True)
class _Reading:
    """What goes along while edges are read: the file's name, faults and things to note."""

    file: str
    speeds: SpeedTable
    faults: list[Fault]
    told: Counter[str]

    def refuse(self, edge: str, column: str, value: Any, what: str) -> float:
        self.faults.append(
            Fault(
                file=self.file,
                column=column,
                value=None if value is None else str(value),
                what=f"edge {edge} {what}",
                fix="mend the edge, or save the graph again with osmnx",
                code=f"edge-{column}",
            )
        )
        return math.nan


def read_edges(
    rows: Sequence[tuple[Any, Any, Mapping[str, Any]]],
    number_of: Mapping[Any, int],
    file: str,
    speeds: SpeedTable,
) -> EdgeTable:
    """Check edges and pair the two directions of each street.

    Args:
        rows: Tail, head and attributes of each edge.
        number_of: Number of each point.
        file: For messages.
        speeds: For edges without a time or a speed of their own.

    Raises:
        InputError: All faults of all edges.
    """
    reading = _Reading(file, speeds, [], Counter())
    ends = [(number_of.get(tail, -1), number_of.get(head, -1)) for tail, head, _ in rows]
    lines = _lines(rows, reading)
    groups: dict[tuple[str, str], int] = {}
    columns: list[tuple[tuple[int, ...], int, float, float, bool]] = []
    for (tail, head, attributes), (one, other), line in zip(rows, ends, lines, strict=True):
        edge = f"({tail}, {head})"
        if min(one, other) < 0:
            reading.refuse(edge, "ends", None, "starts or ends at a point not in the graph")
        road_class = _road_class(attributes, reading)
        name = " / ".join(str(part) for part in _listed(attributes.get("name")))
        length_m = _length(attributes, line, edge, reading)
        moving_ms, own = _time(attributes, road_class, length_m, edge, reading)
        group = groups.setdefault((road_class, name), len(groups))
        columns.append((_ways(attributes.get("osmid")), group, length_m, moving_ms, own))
    if reading.faults:
        raise InputError(reading.faults)
    ways, group_of, length, moving, own_time = zip(*columns, strict=True)
    forward, backward = _pair(rows, ends, ways, length)
    return EdgeTable(
        tail=np.array([one for one, _ in ends], np.int64),
        head=np.array([other for _, other in ends], np.int64),
        ways=ways,
        group=np.array(group_of, np.int64),
        groups=tuple(groups),
        length_m=np.array(length, float),
        moving_ms=np.array(moving, float),
        has_own_time=np.array(own_time, np.bool_),
        lines=lines,
        forward_edge=forward,
        backward_edge=backward,
        notes=tuple(f"{count:,} × {what}" for what, count in sorted(reading.told.items())),
        gaps=_gaps(rows, forward, ways, np.array(length)),
        ring_ways=_ring_ways(rows, ways),
    )


def _ring_ways(
    rows: Sequence[tuple[Any, Any, Mapping[str, Any]]], ways: Sequence[tuple[int, ...]]
) -> frozenset[int]:
    return frozenset(
        way
        for (_, _, attributes), along in zip(rows, ways, strict=True)
        if is_roundabout({"junction": str(attributes.get("junction", ""))})
        for way in along
    )


def _gaps(
    rows: Sequence[tuple[Any, Any, Mapping[str, Any]]],
    forward: Ints,
    ways: Sequence[tuple[int, ...]],
    length_m: Floats,
) -> tuple[TagGap, ...]:
    links = [rows[edge][2] for edge in forward]
    is_tagged = {
        tag: np.array([has_tag(link, tag) for link in links], np.bool_) for tag in COUNTED_TAGS
    }
    kept = {tag: is_there for tag, is_there in is_tagged.items() if is_there.any()}
    return tag_gaps(np.array([ways[edge][0] for edge in forward]), length_m[forward], kept)


def _lines(
    rows: Sequence[tuple[Any, Any, Mapping[str, Any]]], reading: _Reading
) -> npt.NDArray[np.object_]:
    lines = np.empty(len(rows), np.object_)
    for number, (tail, head, attributes) in enumerate(rows):
        shape = attributes.get("geometry")
        if isinstance(shape, str):
            shape = shapely.from_wkt(shape, on_invalid="ignore") if shape else None
            if shape is None and attributes["geometry"]:
                reading.refuse(f"({tail}, {head})", "geometry", None, "has a shape that is not WKT")
        if shape is not None and (shape.geom_type != "LineString" or shape.is_empty):
            reading.refuse(f"({tail}, {head})", "geometry", None, "has a shape that is no line")
            shape = None
        lines[number] = shape
    return lines


def _listed(value: Any) -> list[Any]:
    """Return a value that osmnx may have written as a list, alone or in text, as a list."""
    if isinstance(value, str) and value.startswith("[") and value.endswith("]"):
        try:
            value = ast.literal_eval(value)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return [value]
    if isinstance(value, list | tuple | set):
        return [part for part in value if part is not None]
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return []
    return [value]


def _first(value: Any) -> Any:
    return next(iter(_listed(value)), None)


def _road_class(attributes: Mapping[str, Any], reading: _Reading) -> str:
    given = _first(attributes.get("highway"))
    if not given:
        reading.told["edge without a class (highway)"] += 1
    road_class = str(given or "road").split(";")[0]
    if road_class not in reading.speeds.limit_kph:
        reading.told[reading.speeds.unknown_class_remark(road_class)] += 1
    return road_class


def _ways(value: Any) -> tuple[int, ...]:
    try:
        return tuple(int(way) for way in _listed(value)) or (0,)
    except (TypeError, ValueError):
        return (0,)


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def _length(attributes: Mapping[str, Any], line: Any, edge: str, reading: _Reading) -> float:
    given = attributes.get("length")
    if given is None or given == "":
        if line is None:
            return reading.refuse(edge, "length", None, "has no length")
        reading.told["length computed from the shape"] += 1
        return float(line.length)
    length_m = _number(given)
    if not 0 <= length_m < math.inf:
        return reading.refuse(edge, "length", given, "has a length that is not a number >= 0")
    if length_m == 0:
        reading.told["edge of no length"] += 1
    return length_m


def _time(
    attributes: Mapping[str, Any], road_class: str, length_m: float, edge: str, reading: _Reading
) -> tuple[float, bool]:
    """Return milliseconds moving, and whether the graph itself gave them."""
    given = attributes.get("travel_time")
    if given is not None and given != "":
        seconds = _number(given)
        if not 0 <= seconds < math.inf:
            what = "has a travel time that is not a number >= 0"
            return reading.refuse(edge, "travel_time", given, what), True
        return seconds * _MS_PER_S, True
    kph = _speed(attributes, road_class, edge, reading)
    return length_m * _MS_PER_M_PER_KPH / kph, False


def _speed(attributes: Mapping[str, Any], road_class: str, edge: str, reading: _Reading) -> float:
    speeds = reading.speeds
    given = attributes.get("speed_kph")
    if given is not None and given != "":
        kph = _number(given)
        if not 0 < kph < math.inf:
            return reading.refuse(edge, "speed_kph", given, "has a speed that is not above 0")
        if kph > speeds.highest_kph:
            reading.told[f"speed capped at {speeds.highest_kph:g} km/h"] += 1
        return min(kph, speeds.highest_kph)
    tags = [str(part) for part in _listed(attributes.get("maxspeed"))]
    told = [part for tag in tags for part in tag.split()[:1]]
    if any(_number(part) <= 0 for part in told):
        what = f"has a speed of {told[0]}, which is not above 0"
        return reading.refuse(edge, "maxspeed", tags[0], what)
    limit = read_limit(";".join(tags))
    if tags and limit.kph is None:
        reading.told["unusable limit; the class's own was used"] += 1
    if limit.is_list:
        reading.told["several limits; the lowest was used"] += 1
    if limit.kph is not None and limit.kph > speeds.highest_kph + 1:
        reading.told[f"limit capped at {speeds.highest_kph:g} km/h"] += 1
    return speeds.driven_kph(road_class, limit.kph)


def _pair(
    rows: Sequence[tuple[Any, Any, Mapping[str, Any]]],
    ends: Sequence[tuple[int, int]],
    ways: Sequence[tuple[int, ...]],
    length: Sequence[float],
) -> tuple[Ints, Ints]:
    """Pair each edge with the one that runs back along it: first of equal length, then of any."""
    way = [tuple(sorted(along)) for along in ways]  # osmnx lists them the other way round there
    mate = np.full(len(rows), _NO_EDGE, np.int64)
    for is_strict in (True, False):
        waiting: dict[tuple[Any, ...], list[int]] = {}
        for edge, (one, other) in enumerate(ends):
            if mate[edge] != _NO_EDGE:
                continue
            size = round(length[edge] * 100) if is_strict else 0
            turned = str(rows[edge][2].get("reversed")) if one == other else ""
            same = waiting.get((other, one, way[edge], size, _opposite(turned)), [])
            if same:
                mate[edge] = same.pop(0)
                mate[mate[edge]] = edge
            else:
                waiting.setdefault((one, other, way[edge], size, turned), []).append(edge)
    number = np.arange(len(rows))
    forward = number[(mate == _NO_EDGE) | (mate > number)]
    return forward, mate[forward]


def _opposite(turned: str) -> str:
    return {"True": "False", "False": "True"}.get(turned, turned and "never")
