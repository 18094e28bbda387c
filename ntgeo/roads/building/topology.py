"""From ways of points to links between junctions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from ntgeo.roads.building.extract import OsmExtract, unreadable
from ntgeo.roads.building.linking import FileFacts, LinkTable, assemble_network
from ntgeo.roads.building.turns import with_turns
from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.projection import choose_epsg, project
from ntgeo.roads.speeds import SpeedTable
from ntgeo.roads.tag_gaps import COUNTED_TAGS, TagGap, has_tag, tag_gaps
from ntgeo.roads.tags import (
    FERRY,
    Tags,
    WayRule,
    blocks_passage,
    is_roundabout,
    read_way_rule,
    stop_kind,
    street_name,
)

__all__ = ["build_network"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
_METRES_PER_MS_PER_KPH: Final = 1 / 3600
_MS_PER_S: Final = 1000.0
_THROUGH_ENDS: Final = 2
_SAYS_NO_RULE: Final = frozenset({"name", "ref", "surface"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Segments:
    """Straight pieces of road: ends, way, tags and milliseconds each way (NaN: not allowed).

    Waiting, as before boarding a ferry, is apart.
    """

    start: Ints
    end: Ints
    way: Ints
    tag_set: Ints
    group: Ints
    length_m: Floats
    forward_ms: Floats
    backward_ms: Floats
    forward_wait_ms: Ints
    backward_wait_ms: Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Vertices:
    """Points of the roads: OSM id, place, and milliseconds lost on arrival."""

    osm: Ints
    xy_m: Floats
    stop_ms: Ints
    is_kept: Bools


def build_network(extract: OsmExtract, speeds: SpeedTable, *, ferries: bool = False) -> RoadNetwork:
    """Build the network of the mode of ``speeds``, with or without ferries.

    Chains of points between junctions become one link, with its whole shape. A chain also ends
    where the name or the class of the road changes, where one-way begins, at a barrier the mode
    cannot pass, and where a turn restriction stands.

    Raises:
        InputError: The file holds no road that the mode may use.
    """
    rules = _rules_of(extract.tag_sets, speeds, ferries=ferries)
    keys = [(rule.road_class, rule.name) for rule in rules]
    groups = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    group_of_set = np.array([groups[key] for key in keys], np.int64)
    vertices, segments, epsg = _cut(extract, rules, group_of_set, speeds)
    table = _contract(vertices, segments)
    network = assemble_network(
        table,
        speeds,
        epsg=epsg,
        groups=tuple(groups),
        facts=FileFacts(
            dated=extract.dated,
            notes=_notes(extract, rules),
            tag_gaps=_gaps(extract, segments),
            ring_ways=_ring_ways(extract, segments),
        ),
    )
    return with_turns(network, extract.restrictions, speeds)


def _rules_of(tag_sets: Sequence[Tags], speeds: SpeedTable, *, ferries: bool) -> list[WayRule]:
    """Return the rule of each set of tags; those that differ in what says nothing share one."""
    known: dict[tuple[tuple[str, str], ...], WayRule] = {}
    rules = []
    for tags in tag_sets:
        if "route" in tags:  # a ferry's remark tells its name
            rules.append(read_way_rule(tags, speeds, ferries=ferries))
            continue
        what = tuple((key, value) for key, value in tags.items() if key not in _SAYS_NO_RULE)
        if what not in known:
            known[what] = read_way_rule(tags, speeds, ferries=ferries)
        rules.append(replace(known[what], name=street_name(tags)))
    return rules


def _cut(
    extract: OsmExtract, rules: list[WayRule], group_of_set: Ints, speeds: SpeedTable
) -> tuple[_Vertices, _Segments, int]:
    forward_kph = np.array([rule.forward_kph or np.nan for rule in rules], float)
    backward_kph = np.array([rule.backward_kph or np.nan for rule in rules], float)
    way_of_point = np.repeat(np.arange(len(extract.way_osm)), np.diff(extract.way_start))
    tag_set = extract.tag_set[way_of_point]
    has_place = np.isfinite(extract.lon_lat).all(axis=1)
    is_usable = ~(np.isnan(forward_kph) & np.isnan(backward_kph))[tag_set] & has_place
    first = np.flatnonzero(
        (way_of_point[:-1] == way_of_point[1:])
        & is_usable[:-1]
        & is_usable[1:]
        & (extract.point_osm[:-1] != extract.point_osm[1:])
    )
    if len(first) == 0:
        what = f"it holds no road that the mode {speeds.mode} may use"
        if not len(extract.way_osm):
            what = "it holds 0 roads"
        if has_place.size and not has_place.any():
            what = "no point of its roads has a position (points must stand before ways)"
        raise unreadable(extract.file, what, code="no-roads")
    vertices, start, end, epsg = _place_vertices(extract, first, speeds)
    offset = vertices.xy_m[end] - vertices.xy_m[start]
    length_m = np.hypot(offset[:, 0], offset[:, 1])
    used_set = tag_set[first]
    nobody_waits = np.zeros(len(first), np.int64)
    segments = _Segments(
        start=start,
        end=end,
        way=extract.way_osm[way_of_point[first]],
        tag_set=used_set,
        group=group_of_set[used_set],
        length_m=length_m,
        forward_ms=length_m / (forward_kph[used_set] * _METRES_PER_MS_PER_KPH),
        backward_ms=length_m / (backward_kph[used_set] * _METRES_PER_MS_PER_KPH),
        forward_wait_ms=nobody_waits,
        backward_wait_ms=nobody_waits,
    )
    return vertices, _by_timetable(segments, rules, speeds), epsg


def _by_timetable(segments: _Segments, rules: list[WayRule], speeds: SpeedTable) -> _Segments:
    """Let ferries take the time that they say, and everyone wait at the end where they board."""
    is_ferry = np.array([rule.road_class == FERRY for rule in rules], np.bool_)[segments.tag_set]
    if not is_ferry.any():
        return segments
    sailed = np.flatnonzero(is_ferry)
    _, of_way = np.unique(segments.way[sailed], return_inverse=True)
    way_m = np.bincount(of_way, segments.length_m[sailed])[of_way]
    crossing_s = np.array([rule.crossing_s or np.nan for rule in rules], float)
    own_ms = crossing_s[segments.tag_set[sailed]] * _MS_PER_S * segments.length_m[sailed] / way_m
    is_told = ~np.isnan(own_ms)
    times = {}
    for name, board in (("forward", segments.start), ("backward", segments.end)):
        moving_ms = getattr(segments, f"{name}_ms").copy()
        moving_ms[sailed] = np.where(
            is_told & ~np.isnan(moving_ms[sailed]), own_ms, moving_ms[sailed]
        )
        others = np.concatenate([segments.start[~is_ferry], segments.end[~is_ferry]])
        boards = is_ferry & np.isin(board, others)
        times[f"{name}_ms"] = moving_ms
        times[f"{name}_wait_ms"] = np.where(boards, speeds.delay_ms[FERRY], 0)
    return replace(segments, **times)


def _place_vertices(
    extract: OsmExtract, first: Ints, speeds: SpeedTable
) -> tuple[_Vertices, Ints, Ints, int]:
    """Number the points; a barrier that cannot be passed becomes a dead end of each road at it."""
    points = np.concatenate([first, first + 1])
    osm, where, vertex = np.unique(
        extract.point_osm[points], return_index=True, return_inverse=True
    )
    blocked = [p for p, tags in extract.stops.items() if blocks_passage(tags, speeds.mode)]
    at_barrier = np.isin(extract.point_osm[points], np.array(blocked, np.int64))
    ends = np.flatnonzero(at_barrier)
    vertex = vertex.astype(np.int64)
    osm = np.concatenate([osm, extract.point_osm[points[ends]]])
    where = np.concatenate([where, ends])
    vertex[ends] = len(osm) - len(ends) + np.arange(len(ends))
    lon_lat = extract.lon_lat[points[where]]
    epsg = choose_epsg(lon_lat)
    delays = {
        point: speeds.delay_ms[kind]
        for point, tags in extract.stops.items()
        if (kind := stop_kind(tags)) is not None
    }
    stop_ms = np.zeros(len(osm), np.int64)
    delayed = np.array(sorted(delays), np.int64)
    if len(delayed):
        slot = np.minimum(np.searchsorted(delayed, osm), len(delayed) - 1)
        amounts = np.array([delays[point] for point in delayed.tolist()], np.int64)
        stop_ms = np.where(delayed[slot] == osm, amounts[slot], 0)
    vertices = _Vertices(
        osm=osm,
        xy_m=project(lon_lat, target=epsg),
        stop_ms=stop_ms,
        is_kept=np.isin(osm, _turning_points(extract)),
    )
    return vertices, vertex[: len(first)], vertex[len(first) :], epsg


def _turning_points(extract: OsmExtract) -> Ints:
    """Return the OSM ids of points where turn restrictions begin, go on or end."""
    points = [rule.via_point for rule in extract.restrictions if not rule.via_ways]
    along = {way for rule in extract.restrictions for way in rule.via_ways}
    ways = np.flatnonzero(np.isin(extract.way_osm, np.array(sorted(along), np.int64)))
    ends = np.concatenate([extract.way_start[ways], extract.way_start[ways + 1] - 1])
    return np.concatenate([np.array(points, np.int64), extract.point_osm[ends]])


def _contract(vertices: _Vertices, segments: _Segments) -> LinkTable:
    count = len(vertices.osm)
    ends = np.concatenate([segments.start, segments.end])
    order = np.argsort(ends, kind="stable")
    at = np.concatenate(([0], np.cumsum(np.bincount(ends, minlength=count))))
    incident = order % len(segments.start)
    is_through = _through(vertices, segments, at, incident)
    chain, is_flipped, link_start = _walk_chains(
        at, incident, segments.start, segments.end, is_through
    )
    return _chain_links(vertices, segments, chain, is_flipped, link_start)


def _through(vertices: _Vertices, segments: _Segments, at: Ints, incident: Ints) -> Bools:
    """Tell the vertices at which one road simply goes on."""
    pairs = np.flatnonzero((np.diff(at) == _THROUGH_ENDS) & ~vertices.is_kept)
    one, two = incident[at[pairs]], incident[at[pairs] + 1]
    out_one, in_one = _ways_at(segments, one, pairs)
    out_two, in_two = _ways_at(segments, two, pairs)
    goes_on = (one != two) & (segments.group[one] == segments.group[two])
    goes_on &= (out_one == in_two) & (in_one == out_two)
    is_through = np.zeros(len(vertices.osm), np.bool_)
    is_through[pairs[goes_on]] = True
    return is_through


def _ways_at(segments: _Segments, segment: Ints, vertex: Ints) -> tuple[Bools, Bools]:
    """Tell whether one may leave, and arrive at, a vertex by a segment."""
    starts_here = segments.start[segment] == vertex
    is_forward = ~np.isnan(segments.forward_ms[segment])
    is_backward = ~np.isnan(segments.backward_ms[segment])
    leaves = np.where(starts_here, is_forward, is_backward)
    return leaves, np.where(starts_here, is_backward, is_forward)


@numba.njit(cache=True)
def _walk_chains(
    at: Ints, incident: Ints, start: Ints, end: Ints, is_through: Bools
) -> tuple[Ints, Bools, Ints]:
    """List the segments of each link in order; a ring without a junction starts anywhere."""
    total = len(start)
    is_used = np.zeros(total, np.bool_)
    chain = np.empty(total, np.int64)
    is_flipped = np.empty(total, np.bool_)
    link_start = np.empty(total + 1, np.int64)
    filled, links = 0, 0
    for is_ring in (False, True):
        for vertex in range(len(at) - 1):
            if is_through[vertex] and (not is_ring or is_used[incident[at[vertex]]]):
                continue
            is_through[vertex] = False
            for slot in range(at[vertex], at[vertex + 1]):
                segment = incident[slot]
                if is_used[segment]:
                    continue
                link_start[links] = filled
                links += 1
                here = vertex
                while True:
                    is_used[segment] = True
                    chain[filled] = segment
                    is_flipped[filled] = start[segment] != here
                    here = start[segment] if is_flipped[filled] else end[segment]
                    filled += 1
                    if not is_through[here]:
                        break
                    one = incident[at[here]]
                    segment = incident[at[here] + 1] if one == segment else one
    link_start[links] = filled
    return chain, is_flipped, link_start[: links + 1]


def _chain_links(
    vertices: _Vertices, segments: _Segments, chain: Ints, is_flipped: Bools, link_start: Ints
) -> LinkTable:
    begins, finishes = link_start[:-1], link_start[1:] - 1
    leave = np.where(is_flipped, segments.end[chain], segments.start[chain])
    arrive = np.where(is_flipped, segments.start[chain], segments.end[chain])
    along = np.where(is_flipped, segments.backward_ms[chain], segments.forward_ms[chain])
    against = np.where(is_flipped, segments.forward_ms[chain], segments.backward_ms[chain])
    links = len(begins)
    path = np.empty(len(chain) + links, np.int64)
    path[np.arange(len(chain)) + np.repeat(np.arange(links), np.diff(link_start)) + 1] = arrive
    path[begins + np.arange(links)] = leave[begins]
    ends, junction = np.unique(
        np.concatenate([leave[begins], arrive[finishes]]), return_inverse=True
    )
    wait_ms = np.where(
        is_flipped, segments.backward_wait_ms[chain], segments.forward_wait_ms[chain]
    )
    back_ms = np.where(
        is_flipped, segments.forward_wait_ms[chain], segments.backward_wait_ms[chain]
    )
    length_m = np.add.reduceat(segments.length_m[chain], begins)
    way_start, way = _ways_along(segments.way[chain], begins)
    return LinkTable(
        junction_osm=vertices.osm[ends],
        junction_xy_m=vertices.xy_m[ends],
        has_stop=vertices.stop_ms[ends] > 0,
        first=junction[:links],
        last=junction[links:],
        point_start=link_start + np.arange(links + 1),
        xy_m=vertices.xy_m[path],
        group=segments.group[chain[begins]],
        way_start=way_start,
        way=way,
        length_m=length_m,
        backward_length_m=length_m,
        forward_ms=np.add.reduceat(along, begins),
        backward_ms=np.add.reduceat(against, begins),
        forward_stop_ms=np.add.reduceat(vertices.stop_ms[arrive] + wait_ms, begins),
        backward_stop_ms=np.add.reduceat(vertices.stop_ms[leave] + back_ms, begins),
        has_own_time=np.zeros(links, np.bool_),
    )


def _ways_along(way: Ints, begins: Ints) -> tuple[Ints, Ints]:
    """Return where the ways of each link start, and the ways; pieces of one way count once."""
    is_next_way = np.concatenate(([True], way[1:] != way[:-1]))
    is_next_way[begins] = True
    ways = np.add.reduceat(is_next_way.astype(np.int64), begins)
    return np.concatenate(([0], np.cumsum(ways))), way[is_next_way]


def _gaps(extract: OsmExtract, segments: _Segments) -> tuple[TagGap, ...]:
    is_tagged = {
        tag: np.array([has_tag(tags, tag) for tags in extract.tag_sets], np.bool_)[segments.tag_set]
        for tag in COUNTED_TAGS
    }
    return tag_gaps(segments.way, segments.length_m, is_tagged)


def _ring_ways(extract: OsmExtract, segments: _Segments) -> frozenset[int]:
    is_of_ring = np.array([is_roundabout(tags) for tags in extract.tag_sets], np.bool_)
    return frozenset(np.unique(segments.way[is_of_ring[segments.tag_set]]).tolist())


def _notes(extract: OsmExtract, rules: list[WayRule]) -> tuple[str, ...]:
    ways = np.bincount(extract.tag_set, minlength=len(rules)).tolist()
    told: Counter[str] = Counter(extract.notes)
    for rule, count in zip(rules, ways, strict=True):
        for remark in rule.remarks:
            told[remark] += count
    missing = int(np.isnan(extract.lon_lat).any(axis=1).sum())
    if missing:
        told["point of a road that the file lacks"] += missing
    return tuple(f"{count:,} × {remark}" for remark, count in sorted(told.items()))
