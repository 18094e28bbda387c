"""Shapes made small enough for a page: simplified, rounded, and written as differences.

Coordinates in a page are whole hundred-thousandths of a degree (about a metre), longitude first; a
line is ``[x0, y0, dx1, dy1, ...]``, each pair after the first relative to the one before.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from ntgeo.domain.units import BRITISH_NATIONAL_GRID, WGS84

__all__ = [
    "DEGREE_PARTS",
    "area_parts",
    "latitudes_longitudes",
    "line_parts",
    "page_line",
    "page_points",
    "simplified_coverage",
]

DEGREE_PARTS: Final = 100_000
"""Parts of a degree that coordinates are rounded to."""
AREA_TOLERANCE_M: Final = 5.0
GRID_M: Final = 1.0
LINE_TOLERANCE_M: Final = 3.0
_POLYGON: Final = 3
_MULTIPOLYGON: Final = 6
_MOST_MENDED_SHARE: Final = 0.01

Numbers = list[int]
Polygons = list[list[Numbers]]

_TO_DEGREES: Final = Transformer.from_crs(BRITISH_NATIONAL_GRID, WGS84, always_xy=True)


def page_points(points: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Return (k, 2) metres of EPSG:27700 as whole parts of a degree, longitude first."""
    metres = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    longitude, latitude = _TO_DEGREES.transform(metres[:, 0], metres[:, 1])
    degrees = np.column_stack([longitude, latitude])
    return np.rint(degrees * DEGREE_PARTS).astype(np.int64)


def latitudes_longitudes(points: npt.ArrayLike) -> list[list[float]]:
    """Return (k, 2) metres of EPSG:27700 as ``[latitude, longitude]`` pairs for Leaflet."""
    return [[y / DEGREE_PARTS, x / DEGREE_PARTS] for x, y in page_points(points).tolist()]


def page_line(points: npt.ArrayLike) -> Numbers:
    """Return (k, 2) metres of EPSG:27700 as a line of differences; repeated points vanish."""
    whole = page_points(points)
    if len(whole) == 0:
        return []
    steps = np.diff(whole, axis=0)
    moved = steps[(steps != 0).any(axis=1)]
    return np.concatenate([whole[:1], moved]).ravel().tolist()


def simplified_coverage(shapes: gpd.GeoSeries, tolerance_m: float) -> npt.NDArray[Any]:
    """Return areal shapes simplified so that neighbours still share their boundaries.

    Corners are first brought to whole metres, which heals the hairline gaps that a change of
    coordinates leaves between neighbours, and what overlap is left goes to one of the two. Where
    that would change a shape's area by more than one per cent, the shapes are no coverage, and are
    simplified one by one.
    """
    exact = shapely.make_valid(shapely.force_2d(np.asarray(shapes.array, dtype=object)))
    snapped = shapely.set_precision(exact, GRID_M)
    whole = np.where(shapely.is_empty(snapped), exact, snapped)
    coverage = whole if shapely.coverage_is_valid(whole) else _mended(whole)
    if coverage is None:
        simple = shapely.simplify(whole, tolerance_m, preserve_topology=True)
    else:
        simple = shapely.coverage_simplify(coverage, tolerance_m)
    return np.where(shapely.is_empty(simple), whole, simple)


def _mended(shapes: npt.NDArray[Any]) -> npt.NDArray[Any] | None:
    """Return the shapes without overlaps, or ``None`` where that changes one of them by much."""
    if not np.isin(shapely.get_type_id(shapes), (_POLYGON, _MULTIPOLYGON)).all():
        return None
    clean = shapely.coverage_clean(shapes)
    before, after = shapely.area(shapes), shapely.area(clean)
    is_same = np.abs(after - before) <= np.maximum(_MOST_MENDED_SHARE * before, GRID_M**2)
    return clean if is_same.all() else None


def area_parts(shapes: Iterable[Any]) -> list[Polygons]:
    """Return each shape as polygons of rings of differences, shell first; others are left out."""
    whole = np.asarray(list(shapes), dtype=object)
    parts, shape_of = shapely.get_parts(whole, return_index=True)
    parts, part_of = shapely.get_parts(parts, return_index=True)
    is_polygon = shapely.get_type_id(parts) == _POLYGON
    rings, polygon_of = shapely.get_rings(parts[is_polygon], return_index=True)
    polygons: list[list[Numbers]] = [[] for _ in range(int(is_polygon.sum()))]
    for line, polygon in zip(_page_lines(rings), polygon_of.tolist(), strict=True):
        polygons[polygon].append(line)
    found: list[Polygons] = [[] for _ in whole]
    for drawn, shape in zip(polygons, shape_of[part_of][is_polygon].tolist(), strict=True):
        found[shape].append(drawn)
    return found


def _page_lines(lines: npt.NDArray[Any]) -> list[Numbers]:
    """Return the lines of :func:`page_line`, with all coordinates converted at once."""
    points, line_of = shapely.get_coordinates(lines, return_index=True)
    if len(points) == 0:
        return []
    whole = page_points(points)
    steps = np.diff(whole, axis=0, prepend=whole[:1])
    starts = np.searchsorted(line_of, np.arange(len(lines)))
    steps[starts] = whole[starts]
    is_kept = (steps != 0).any(axis=1)
    is_kept[starts] = True
    kept = steps[is_kept]
    ends = np.cumsum(np.bincount(line_of[is_kept], minlength=len(lines)))
    flat = kept.ravel().tolist()
    bounds = [0, *(2 * ends).tolist()]
    return [flat[low:high] for low, high in pairwise(bounds)]


def line_parts(shapes: Iterable[Any], tolerance_m: float = LINE_TOLERANCE_M) -> list[Numbers]:
    """Return lines joined end to end, simplified, as differences; other shapes are left out."""
    parts = shapely.get_parts(shapely.get_parts(np.asarray(list(shapes), dtype=object)))
    lines = parts[np.isin(shapely.get_type_id(parts), (1, 2))]
    if len(lines) == 0:
        return []
    joined = shapely.line_merge(shapely.union_all(shapely.multilinestrings(list(lines))))
    simple = shapely.simplify(shapely.get_parts(joined), tolerance_m)
    return _page_lines(simple)
