"""The outline of a place, from a file of its boundary or of the areas that make it up."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import shapely
from pyproj import Transformer

from ntgeo.errors import Fault, InputError
from ntgeo.sources.vector_file import read_features

__all__ = ["read_boundary"]

_AREAL: Final = ("Polygon", "MultiPolygon")


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
    features = read_features(path, layer=layer)
    shapes = features.shapes[
        ~shapely.is_missing(features.shapes) & ~shapely.is_empty(features.shapes)
    ]
    is_areal = np.array([shape.geom_type in _AREAL for shape in shapes], np.bool_)
    if not is_areal.any():
        raise InputError(_fault(path, "holds no polygon", "give the boundary as an area"))
    change = Transformer.from_crs(features.crs, epsg, always_xy=True)
    moved = shapely.transform(
        shapely.make_valid(shapes[is_areal]),
        lambda points: np.column_stack(change.transform(points[:, 0], points[:, 1])),
    )
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        what = f"its coordinates do not fit its coordinate reference system ({features.crs.name})"
        raise InputError(_fault(path, what, "save it with the system that its coordinates are in"))
    parts = shapely.get_parts(shapely.union_all(moved))
    areas = [part for part in parts if part.geom_type == "Polygon"]
    return areas[0] if len(areas) == 1 else shapely.MultiPolygon(areas)


def _fault(path: Path, what: str, fix: str) -> Fault:
    return Fault(file=path.name, what=what, fix=fix, code="boundary")
