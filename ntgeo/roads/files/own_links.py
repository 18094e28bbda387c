"""Write a network as a layer of links for QGIS, and read it back with its own times."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from ntgeo.errors import Fault, InputError
from ntgeo.files import replaced
from ntgeo.geopackage import ShapeLayer
from ntgeo.roads.building.linking import FileFacts, LinkTable, assemble_network
from ntgeo.roads.building.turns import with_turns
from ntgeo.roads.files.link_layer import RoadLines, join_ends, row_fault
from ntgeo.roads.files.osmnx_graph import unique_ids
from ntgeo.roads.network import CLOSED_MS, RoadNetwork
from ntgeo.roads.speeds import SpeedTable

__all__ = ["OWN_COLUMNS", "read_own_links", "write_links"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

OWN_COLUMNS: Final = frozenset({"mode", "time_s", "back_time_s", "length_m", "back_length_m"})
_LAYER: Final = "links"
_MS_PER_S: Final = 1000.0
_LONGEST_S: Final = 4_000_000.0
_NO_RESTRICTIONS: Final = "1 × layer without turn restrictions"


def write_links(network: RoadNetwork, path: Path) -> None:
    """Write the links of a network as the layer ``links`` of a GeoPackage, whole or not at all.

    Each link has its class, name, OSM ways, and for both directions seconds, seconds of waiting
    among them, and metres; a direction that is not allowed has no time.
    :func:`~ntgeo.roads.files.reading.read_roads` reads it back, with what an analyst changed in
    QGIS. Turn restrictions are not kept.

    Args:
        network: The roads.
        path: Ends in ``.gpkg``.

    Raises:
        InputError: It ends in something else.
    """
    if path.suffix.lower() != ".gpkg":
        what = "a layer of links is written as GeoPackage"
        raise InputError(
            Fault(file=path.name, what=what, fix="name it links.gpkg", code="not-gpkg")
        )
    from ntgeo.gdal import pyogrio  # noqa: PLC0415 - GDAL only on demand

    columns = _columns_of(network)
    with replaced(path) as temporary:
        temporary.unlink()
        pyogrio.raw.write(
            temporary,
            geometry=shapely.to_wkb(network.lines),
            field_data=list(columns.values()),
            fields=np.array(list(columns), object),
            layer=_LAYER,
            driver="GPKG",
            geometry_type="LineString",
            crs=f"EPSG:{network.epsg}",
        )


def _columns_of(network: RoadNetwork) -> dict[str, npt.NDArray[Any]]:
    arcs, links = network.arcs, network.links
    pair = network.link_arcs
    ids = np.array(unique_ids(network.junctions.osm), np.int64)
    ends = [_ends_of(network, column) for column in (0, 1)]
    first = np.where(pair[:, 0] >= 0, ends[0][0], ends[1][1])
    last = np.where(pair[:, 0] >= 0, ends[0][1], ends[1][0])
    ways = [
        ";".join(map(str, links.way[one:end].tolist()))
        for one, end in zip(links.way_start[:-1], links.way_start[1:], strict=True)
    ]
    columns: dict[str, npt.NDArray[Any]] = {
        "mode": np.array([network.mode.value] * network.link_count, object),
        "class": np.array(network.classes, object)[links.road_class],
        "name": np.array(network.names, object)[links.name],
        "way_ids": np.array(ways, object),
    }
    for column, prefix in ((0, ""), (1, "back_")):
        arc = pair[:, column]
        is_open = (arc >= 0) & (arcs.time_ms[arc] != CLOSED_MS)
        given = {
            "time_s": arcs.time_ms[arc] / _MS_PER_S,
            "delay_s": arcs.delay_ms[arc] / _MS_PER_S,
            "length_m": arcs.length_cm[arc] / 100,
        }
        columns |= {prefix + name: np.where(is_open, told, np.nan) for name, told in given.items()}
    return {**columns, "from_id": ids[first], "to_id": ids[last]}


def _ends_of(network: RoadNetwork, column: int) -> tuple[Ints, Ints]:
    arc = network.link_arcs[:, column]
    return network.arcs.tail[arc].astype(np.int64), network.arcs.head[arc].astype(np.int64)


def read_own_links(lines: RoadLines, speeds: SpeedTable) -> RoadNetwork:
    """Read what :func:`write_links` wrote, or somebody changed since.

    Raises:
        InputError: Its times are for another mode, or a value is not what it should be.
    """
    faults = _faults_of(lines, speeds)
    if faults:
        raise InputError(faults)
    taken = lines.layer.columns
    junction, ids, xy_m = _junctions_of(lines)
    count = len(lines.row)
    ways = [_way_ids(text) for text in _texts(lines, "way_ids")]
    groups = dict.fromkeys(zip(_texts(lines, "class", "road"), _texts(lines, "name"), strict=True))
    group_of = {group: number for number, group in enumerate(groups)}
    pairs = zip(_texts(lines, "class", "road"), _texts(lines, "name"), strict=True)
    delay_ms = {prefix: _stops(lines, prefix) for prefix in ("", "back_")}
    moving_ms = {
        prefix: np.rint(taken[f"{prefix}time_s"][lines.row].astype(float) * _MS_PER_S)
        - delay_ms[prefix].astype(float)
        for prefix in ("", "back_")
    }
    length_m = {prefix: taken[f"{prefix}length_m"][lines.row] for prefix in ("", "back_")}
    table = LinkTable(
        junction_osm=ids,
        junction_xy_m=xy_m,
        has_stop=np.zeros(len(ids), np.bool_),
        first=junction[:count],
        last=junction[count:],
        point_start=lines.start,
        xy_m=lines.xy_m,
        group=np.array([group_of[pair] for pair in pairs], np.int64),
        way_start=np.concatenate(([0], np.cumsum([len(one) for one in ways]))).astype(np.int64),
        way=np.array([way for one in ways for way in one], np.int64),
        length_m=np.nan_to_num(length_m[""]),
        backward_length_m=np.nan_to_num(length_m["back_"]),
        forward_ms=moving_ms[""],
        backward_ms=moving_ms["back_"],
        forward_stop_ms=delay_ms[""],
        backward_stop_ms=delay_ms["back_"],
        has_own_time=np.ones(count, np.bool_),
    )
    facts = FileFacts(dated="", notes=(_NO_RESTRICTIONS,), tag_gaps=())
    network = assemble_network(table, speeds, epsg=lines.epsg, groups=tuple(groups), facts=facts)
    return with_turns(network, (), speeds)


def _texts(lines: RoadLines, heading: str, otherwise: str = "") -> list[str]:
    """Return a column of text by line; a value that is missing is as given."""
    column = lines.layer.columns.get(heading)
    if column is None:
        return [otherwise] * len(lines.row)
    return [otherwise if value is None else str(value) for value in column[lines.row].tolist()]


def _stops(lines: RoadLines, prefix: str) -> Ints:
    column = lines.layer.columns.get(f"{prefix}delay_s")
    if column is None:
        return np.zeros(len(lines.row), np.int64)
    return np.rint(np.nan_to_num(column[lines.row]) * _MS_PER_S).astype(np.int64)


def _way_ids(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(";")]
    except ValueError:
        return [0]


def _junctions_of(lines: RoadLines) -> tuple[Ints, Ints, Floats]:
    """Return the junction at each end, and the id and place of each junction.

    Ends keep the ids that they have. An end without one takes that of a known end at its place, or
    a new one, below all others.
    """
    ends_m = lines.ends_m
    ids = np.concatenate([_known_ids(lines, "from_id"), _known_ids(lines, "to_id")])
    place = join_ends(ends_m)
    is_known = ~np.isnan(ids)
    at_place = np.full(int(place.max()) + 1, np.nan)
    order = np.argsort(-ids, kind="stable")
    known = order[is_known[order]]
    at_place[place[known]] = ids[known]
    fresh = np.flatnonzero(np.isnan(at_place))
    lowest = min(0.0, float(np.min(ids[is_known], initial=0.0)))
    at_place[fresh] = lowest - 1 - np.arange(len(fresh))
    ids = np.where(is_known, ids, at_place[place])
    unique, where, junction = np.unique(
        ids.astype(np.int64), return_index=True, return_inverse=True
    )
    return junction.astype(np.int64), unique, ends_m[where]


def _known_ids(lines: RoadLines, heading: str) -> Floats:
    column = lines.layer.columns.get(heading)
    if column is None:
        return np.full(len(lines.row), np.nan)
    return column[lines.row].astype(float)


def _faults_of(lines: RoadLines, speeds: SpeedTable) -> list[Fault]:
    layer = lines.layer
    modes = {str(mode) for mode in layer.columns["mode"].tolist() if mode is not None}
    if modes - {speeds.mode.value}:
        what = f"its times are for {', '.join(sorted(modes))}, not for {speeds.mode}"
        fix = f"read it as its mode says, or write the links of {speeds.mode}"
        return [Fault(file=lines.file, column="mode", what=what, fix=fix, code="link-mode")]
    faults: list[Fault] = []
    for prefix in ("", "back_"):
        faults += _bad_numbers(lines, layer, prefix)
    return faults


def _bad_numbers(lines: RoadLines, layer: ShapeLayer, prefix: str) -> list[Fault]:
    faults = []
    time_s = layer.columns[f"{prefix}time_s"].astype(float)
    is_open = ~np.isnan(time_s)
    delay_s = layer.columns.get(f"{prefix}delay_s", np.zeros(len(time_s))).astype(float)
    length_m = layer.columns[f"{prefix}length_m"].astype(float)
    for heading, bad, what in (
        ("time_s", ~((time_s >= 0) & (time_s < _LONGEST_S)), "a time is a number of seconds >= 0"),
        ("length_m", ~((length_m >= 0) & (length_m < _LONGEST_S)), "a length is metres, >= 0"),
        (
            "delay_s",
            ~((np.nan_to_num(delay_s) >= 0) & (np.nan_to_num(delay_s) <= time_s + 1e-9)),
            "waiting is from 0 to the whole time",
        ),
    ):
        column = f"{prefix}{heading}"
        faults += [
            row_fault(
                lines.file, layer, row, column, layer.columns[column][row], what, "correct it"
            )
            for row in np.flatnonzero(bad & is_open).tolist()
        ]
    return faults
