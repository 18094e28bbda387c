"""Shapes that a user draws: the outline of a place or an area, and the course of a road."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer
from pyproj.exceptions import ProjError

from ntgeo.errors import Fault, InputError
from ntgeo.sources.vector_file import read_features

__all__ = ["read_boundary", "read_line"]

_AREAL: Final = ("Polygon", "MultiPolygon")
_LINEAR: Final = ("LineString", "MultiLineString")


def read_boundary(
    path: Path, *, epsg: int, layer: str | None = None
) -> shapely.Polygon | shapely.MultiPolygon:
    """Return all polygons of a file as one shape.

    Args:
        path: GeoJSON, GeoPackage or Shapefile.
        epsg: Code of the coordinate reference system wanted.
        layer: Layer of a GeoPackage; may be left out where there is only one.

    Raises:
        InputError: It is not such a file, holds no polygon, or lies where the system cannot.
        DataUnavailableError: There is no such file.
    """
    moved = _placed_shapes(path, _AREAL, epsg, layer)
    if not len(moved):
        raise InputError(_fault(path, "holds no polygon", "give the boundary as an area"))
    parts = shapely.get_parts(shapely.union_all(shapely.make_valid(moved)))
    areas = [part for part in parts if part.geom_type == "Polygon"]
    return areas[0] if len(areas) == 1 else shapely.MultiPolygon(areas)


def read_line(path: Path, *, epsg: int, layer: str | None = None) -> shapely.LineString:
    """Return the one line of a file; pieces that join end to end make one.

    Args:
        path: As for :func:`read_boundary`.
        epsg: As there.
        layer: As there.

    Raises:
        InputError: It is not such a file, does not hold one line, or lies where the system cannot.
        DataUnavailableError: There is no such file.
    """
    parts = shapely.get_parts(_placed_shapes(path, _LINEAR, epsg, layer))
    line = parts[0] if len(parts) == 1 else shapely.line_merge(shapely.union_all(parts))
    if line.geom_type != "LineString" or line.is_empty:
        what = f"holds {len(shapely.get_parts(line)):,} lines where one is needed"
        raise InputError(_fault(path, what, "keep the course of the road alone"))
    return line


def _placed_shapes(
    path: Path, kinds: tuple[str, ...], epsg: int, layer: str | None
) -> npt.NDArray[np.object_]:
    """Return the shapes of some kinds in the wanted reference system, heights left out."""
    features = read_features(path, layer=layer)
    shapes = shapely.force_2d(features.shapes)
    is_wanted = [shape is not None and shape.geom_type in kinds for shape in shapes]
    try:
        change = Transformer.from_crs(features.crs, epsg, always_xy=True)
    except ProjError:
        what = f'its coordinate reference system "{features.crs.name}" has no way to EPSG:{epsg}'
        raise InputError(_fault(path, what, f"save it with EPSG:{epsg}")) from None
    moved: npt.NDArray[np.object_] = shapely.transform(
        shapes[np.array(is_wanted, np.bool_) & ~shapely.is_empty(shapes)],
        lambda points: np.column_stack(change.transform(points[:, 0], points[:, 1])),
    )
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        what = f"its coordinates do not fit its coordinate reference system ({features.crs.name})"
        raise InputError(_fault(path, what, "save it with the system that its coordinates are in"))
    return moved


def _fault(path: Path, what: str, fix: str) -> Fault:
    return Fault(file=path.name, what=what, fix=fix, code="boundary")
