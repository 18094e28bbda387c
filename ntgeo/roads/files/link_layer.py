"""Read roads from a layer of lines in a GeoPackage: ntgeo's own, or a plain one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from ntgeo.errors import Fault, InputError
from ntgeo.geopackage import ShapeLayer, choose_layer, read_layer
from ntgeo.roads.building.extract import refuse_too_many
from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.projection import choose_epsg, epsg_of, longitude_latitude, project
from ntgeo.roads.speeds import SpeedTable

__all__ = ["JOIN_M", "RoadLines", "join_ends", "read_link_layer", "row_fault"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

JOIN_M: Final = 0.01
"""Ends of lines at most this far apart are one place; crossing lines do not join otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoadLines:
    """Lines of a layer, with the row that each is of.

    Args:
        file: For messages.
        layer: What the file holds; a row of many lines stands once.
        row: (lines,) the row of each line.
        start: (lines + 1,) where each line's points start.
        xy_m: (points, 2) metres, in the CRS of ``epsg``.
        epsg: The CRS that the network is in.
    """

    file: str
    layer: ShapeLayer
    row: Ints
    start: Ints
    xy_m: Floats
    epsg: int

    @property
    def ends_m(self) -> Floats:
        """(2 × lines, 2) the first point of every line, then the last of every line."""
        return np.concatenate([self.xy_m[self.start[:-1]], self.xy_m[self.start[1:] - 1]])


def read_link_layer(path: Path, layer: str | None, speeds: SpeedTable) -> RoadNetwork:
    """Read the links of a layer; lines meet where they end at the same place.

    A layer with the columns of :func:`~ntgeo.roads.files.own_links.write_links` keeps its own
    times. Any other is read by the headings in ``link_columns.toml``. Heights are left aside.

    Args:
        path: A GeoPackage.
        layer: Which of its layers; may be left out where there is one.
        speeds: Of the mode.

    Raises:
        InputError: The file is no such layer, or a value is not what it should be; all are told.
        CrsError: Its CRS is missing or has no code.
    """
    from ntgeo.roads.files.own_links import OWN_COLUMNS, read_own_links  # noqa: PLC0415 - it needs this
    from ntgeo.roads.files.plain_links import read_plain_links  # noqa: PLC0415 - as above

    found = read_layer(path, choose_layer(path, layer))
    refuse_too_many(path.name, len(found.wkb), "lines")
    if not len(found.wkb):
        fix = "export the roads of the area of the question"
        raise InputError(Fault(file=path.name, what="it holds 0 roads", fix=fix, code="no-roads"))
    lines = _lines_of(path.name, found)
    if found.columns.keys() >= OWN_COLUMNS:
        return read_own_links(lines, speeds)
    return read_plain_links(lines, speeds)


def _lines_of(file: str, layer: ShapeLayer) -> RoadLines:
    shapes = shapely.from_wkb(layer.wkb, on_invalid="ignore")
    kind = shapely.get_type_id(shapes)
    is_line = np.isin(kind, (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING))
    bad = np.flatnonzero(~is_line | shapely.is_empty(shapes))
    if len(bad):
        raise InputError([_no_line(file, layer, row) for row in bad.tolist()])
    parts, row = shapely.get_parts(shapes, return_index=True)
    xy, owner = shapely.get_coordinates(parts, return_index=True)
    source = epsg_of(layer.crs, file)
    lon_lat = longitude_latitude(xy, source=source, file=file)
    epsg = choose_epsg(lon_lat)
    counts = np.bincount(owner, minlength=len(parts))
    return RoadLines(
        file=file,
        layer=layer,
        row=row.astype(np.int64),
        start=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        xy_m=project(xy, source=source, target=epsg),
        epsg=epsg,
    )


def _no_line(file: str, layer: ShapeLayer, row: int) -> Fault:
    return row_fault(file, layer, row, "geom", None, "its shape is no line", "remove or redraw it")


def row_fault(  # noqa: PLR0913, PLR0917 - the facts of a sentence
    file: str, layer: ShapeLayer, row: int, column: str, value: Any, what: str, fix: str
) -> Fault:
    """Return the fault of a value in a row, which QGIS calls a feature."""
    return Fault(
        file=file,
        row=int(layer.number[row]),
        row_word="feature",
        column=column,
        value=None if value is None else str(value),
        what=what,
        fix=fix,
        code=f"link-{column}",
    )


def join_ends(xy_m: Floats, within_m: float = JOIN_M) -> Ints:
    """Return, for each point, the number of its place; points near each other share one.

    Args:
        xy_m: (points, 2) metres.
        within_m: How near; chains of near points are one place.
    """
    from scipy.sparse import coo_array  # noqa: PLC0415 - only for such layers
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 - as above
    from scipy.spatial import KDTree  # noqa: PLC0415 - as above

    places, place_of = np.unique(xy_m, axis=0, return_inverse=True)
    near = KDTree(places).query_pairs(within_m, output_type="ndarray")
    ones = np.ones(len(near), np.int8)
    graph = coo_array((ones, (near[:, 0], near[:, 1])), shape=(len(places), len(places)))
    _, joined = connected_components(graph, directed=False)
    _, number = np.unique(joined[place_of.ravel()], return_inverse=True)
    return number.astype(np.int64)
