"""Shapes of areas: checked, mended where that changes nothing, in British National Grid."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer
from pyproj.exceptions import ProjError

from ntgeo.domain.units import BRITISH_NATIONAL_GRID
from ntgeo.errors import Fault, first_five
from ntgeo.sources.local_file import raise_faults, refuse
from ntgeo.sources.vector_file import Features

Codes = npt.NDArray[np.object_]

__all__ = ["grid_polygons", "overlap_faults"]

_GRID_BOUNDS_M: Final = (-10_000.0, -10_000.0, 700_000.0, 1_300_000.0)
_MOST_DEGREES: Final = 180.0
_MOST_REPAIR_SHARE: Final = 0.01
_MOST_OVERLAP_SHARE: Final = 0.05
_LEAST_OVERLAP_M2: Final = 1.0


def _fault(file: str, what: str, fix: str, code: str) -> Fault:
    return Fault(file=file, what=what, fix=fix, code=code)


def grid_polygons(
    features: Features, codes: Codes
) -> tuple[npt.NDArray[np.object_], tuple[str, ...]]:
    """Return valid polygons in EPSG:27700, and what was mended.

    Args:
        features: A layer.
        codes: Code of each feature, for the messages.

    Raises:
        InputError: A shape is missing, empty, no polygon, without area, or cannot be mended
            without changing its area by more than 1 %.
        CrsError: The coordinates are not where their reference system says.
    """
    shapes = _without_lines(shapely.force_2d(features.shapes))
    raise_faults(_kind_faults(features.file, shapes, codes))
    raise_faults(_area_faults(features.file, shapes, codes))
    _check_units(features, shapes)
    shapes = _to_grid(features, shapes)
    _check_bounds(features.file, shapes)
    return _mended(features.file, shapes, codes)


def _without_lines(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Drop the lines that cutting polygons leaves behind in collections."""
    kept = shapes.copy()
    for i in np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION):
        kinds = {part.geom_type for part in shapely.get_parts(shapes[i])}
        if kinds & {"Polygon", "MultiPolygon"} and not kinds & {"Point", "MultiPoint"}:
            kept[i] = _polygons_of(shapes[i])
    return kept


def _kind_faults(file: str, shapes: npt.NDArray[np.object_], codes: Codes) -> list[Fault]:
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    kinds = shapely.get_type_id(shapes)
    polygons = np.isin(kinds, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    faults = [
        _fault(file, f"feature {i + 1} ({codes[i]}) has an empty shape", "export it again", "empty")
        for i in np.flatnonzero(missing)
    ]
    strange = np.flatnonzero(~polygons & ~missing)
    if strange.size and strange.size == len(shapes) - missing.sum():
        kind = shapely.GeometryType(int(kinds[strange[0]])).name.title()
        what = f"the layer holds {kind} shapes where polygons are needed"
        return [*faults, _fault(file, what, "give the boundary layer", "not-polygon")]
    faults.extend(
        _fault(
            file,
            f"feature {i + 1} ({codes[i]}) is no polygon ({shapes[i].geom_type})",
            "keep polygons only",
            "not-polygon",
        )
        for i in strange
    )
    return faults


def _check_units(features: Features, shapes: npt.NDArray[np.object_]) -> None:
    x0, y0, x1, y1 = shapely.total_bounds(shapes)
    if not np.isfinite([x0, y0, x1, y1]).all():
        what, fix = "holds coordinates that are not finite", "export it again"
        raise_faults([_fault(features.file, what, fix, "crs")])
    could_be_degrees = max(abs(x0), abs(y0), abs(x1), abs(y1)) <= _MOST_DEGREES
    if not features.crs.is_geographic:
        if could_be_degrees:
            what = f"x={x0:.5g}, y={y0:.5g} are degrees, but the file says metres"
            fix = "set its coordinate reference system to EPSG:4326"
            raise_faults([_fault(features.file, what, fix, "crs")])
        return
    if not could_be_degrees:
        what = f"x={x0:,.0f}, y={y0:,.0f} are metres, but the file says degrees"
        fix = "set its coordinate reference system to EPSG:27700"
        raise_faults([_fault(features.file, what, fix, "crs")])
    if 49 <= x0 <= x1 <= 61 and -9 <= y0 <= y1 <= 3:  # noqa: PLR2004 - Great Britain, transposed
        what = "the shapes lie near Somalia: longitude and latitude look swapped"
        fix = "export it with longitude first"
        raise_faults([_fault(features.file, what, fix, "swapped-axes")])


def _to_grid(features: Features, shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    if features.crs.to_epsg() == BRITISH_NATIONAL_GRID:
        return shapes
    try:
        way = Transformer.from_crs(features.crs, BRITISH_NATIONAL_GRID, always_xy=True)
    except ProjError:
        what = f'its coordinate reference system "{features.crs.name}" has no way to EPSG:27700'
        refuse(features.file, what, "save it with EPSG:27700", "crs")

    def moved(x_y: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(way.transform(x_y[:, 0], x_y[:, 1]))

    return np.asarray(shapely.transform(shapes, moved), dtype=object)


def _check_bounds(file: str, shapes: npt.NDArray[np.object_]) -> None:
    x0, y0, x1, y1 = shapely.total_bounds(shapes)
    least_x, least_y, most_x, most_y = _GRID_BOUNDS_M
    if not (least_x <= x0 <= x1 <= most_x and least_y <= y0 <= y1 <= most_y):
        what = "the shapes lie outside Great Britain"
        fix = "check the coordinate reference system and the order of the axes"
        raise_faults([_fault(file, what, fix, "outside-grid")])


def _mended(
    file: str, shapes: npt.NDArray[np.object_], codes: Codes
) -> tuple[npt.NDArray[np.object_], tuple[str, ...]]:
    broken = np.flatnonzero(~shapely.is_valid(shapes))
    if not broken.size:
        return shapely.orient_polygons(shapes), ()
    mended = shapes.copy()
    mended[broken] = [_polygons_of(shapely.make_valid(shape)) for shape in shapes[broken]]
    before, after = np.abs(shapely.area(shapes[broken])), shapely.area(mended[broken])
    change = np.where(before > 0, after / np.where(before > 0, before, 1.0) - 1.0, np.inf)
    raise_faults(
        [
            _fault(
                file,
                f"{codes[i]} crosses itself and cannot be mended safely (area {share:+.0%})",
                "use the ONS boundary file",
                "broken-shape",
            )
            for i, share in zip(broken, change, strict=True)
            if abs(share) > _MOST_REPAIR_SHARE
        ]
    )
    shown = first_five(sorted(codes[broken]))
    note = f"{file}: {broken.size:,} shapes crossed themselves and were mended ({shown})."
    return shapely.orient_polygons(mended), (note,)


def _polygons_of(shape: Any) -> Any:
    parts = shapely.get_parts(shapely.get_parts(shape))
    polygons = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return polygons[0] if len(polygons) == 1 else shapely.multipolygons(list(polygons))


def _area_faults(file: str, shapes: npt.NDArray[np.object_], codes: Codes) -> list[Fault]:
    faults = [
        _fault(file, f"feature {i + 1} ({codes[i]}) has no area", "export it again", "zero-area")
        for i in np.flatnonzero(shapely.area(shapely.convex_hull(shapes)) <= 0)
    ]
    seen: dict[bytes, str] = {}
    for code, text in zip(codes, shapely.to_wkb(shapely.normalize(shapes)), strict=True):
        other = seen.setdefault(text, str(code))
        if other != code:
            what = f"{other} and {code} have the same shape"
            faults.append(_fault(file, what, "keep one, or mend the other", "same-shape"))
    return faults


def overlap_faults(
    file: str, shapes: npt.NDArray[np.object_], codes: Codes
) -> tuple[list[Fault], tuple[str, ...]]:
    """Return faults of areas that overlap by more than 5 % of one, and a note of the lesser ones.

    Simplified boundaries overlap their neighbours by slivers; those are noted only.
    """
    tree = shapely.STRtree(shapes)
    first, second = tree.query(shapes, predicate="overlaps")
    once = first < second
    first, second = first[once], second[once]
    shared = shapely.area(shapely.intersection(shapes[first], shapes[second]))
    smaller = np.minimum(shapely.area(shapes[first]), shapely.area(shapes[second]))
    serious = shared > _MOST_OVERLAP_SHARE * smaller
    faults = [
        _fault(
            file,
            f"{codes[first[i]]} and {codes[second[i]]} overlap by {shared[i]:,.0f} m²",
            "use a boundary file whose areas meet without overlapping",
            "overlap",
        )
        for i in np.flatnonzero(serious)
    ]
    slivers = int((~serious & (shared > _LEAST_OVERLAP_M2)).sum())
    if not slivers:
        return faults, ()
    note = (
        f"{file}: {slivers:,} pairs of neighbours overlap by slivers (the boundaries are "
        f"simplified; the largest is {shared[~serious].max():,.0f} m²)."
    )
    return faults, (note,)
