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

Shapes = npt.NDArray[np.object_]

__all__ = ["grid_polygons", "overlap_faults"]

_GRID_BOUNDS_M: Final = (-10_000.0, -10_000.0, 700_000.0, 1_300_000.0)
_MOST_DEGREES: Final = 180.0
_MOST_REPAIR_SHARE: Final = 0.01
_ALMOST_NOTHING: Final = 10.0
_LEAST_AREA_M2: Final = 1.0
_MOST_OVERLAP_M2: Final = 1.0
_MOST_OVERLAP_WIDTH_M: Final = 0.5


def grid_polygons(features: Features, column: str) -> tuple[Shapes, tuple[str, ...]]:
    """Return valid polygons in EPSG:27700, and what was mended.

    Args:
        features: A layer.
        column: Its attribute with the codes, for the messages.

    Raises:
        InputError: A shape is missing, empty, no polygon, without area, or cannot be mended
            without changing its area by more than 1 %.
        CrsError: The coordinates are not where their reference system says.
    """
    shapes = _without_lines(shapely.force_2d(features.shapes))
    raise_faults(_kind_faults(features, column, shapes))
    _check_units(features, shapes)
    is_flat = _hull_area(shapes) == 0
    shapes = _to_grid(features, shapes)
    _check_bounds(features.file, shapes)
    is_flat |= _hull_area(shapes) < _LEAST_AREA_M2
    raise_faults(_area_faults(features, column, shapes, is_flat))
    return _mended(features, column, shapes)


def _without_lines(shapes: Shapes) -> Shapes:
    """Drop the lines that cutting polygons leaves behind in collections."""
    kept = shapes.copy()
    for i in np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION):
        kinds = {part.geom_type for part in shapely.get_parts(shapes[i])}
        if kinds & {"Polygon", "MultiPolygon"} and not kinds & {"Point", "MultiPoint"}:
            kept[i] = _polygons_of(shapes[i])
    return kept


def _kind_faults(features: Features, column: str, shapes: Shapes) -> list[Fault]:
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    kinds = shapely.get_type_id(shapes)
    polygons = np.isin(kinds, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    faults = [
        features.fault(
            i,
            column,
            what="this feature has an empty shape",
            fix="export the layer again, or leave the feature out",
            code="empty",
        )
        for i in np.flatnonzero(missing).tolist()
    ]
    strange = np.flatnonzero(~polygons & ~missing).tolist()
    if strange and len(strange) == len(shapes) - missing.sum():
        names = sorted({shapes[i].geom_type for i in strange})
        what = f"the layer holds {first_five(names)} shapes where polygons are needed"
        fix = "give the layer of boundaries"
        return [*faults, Fault(file=features.file, what=what, fix=fix, code="not-polygon")]
    faults.extend(
        features.fault(
            i,
            column,
            what=f"this feature is no polygon ({_kinds_of(shapes[i])})",
            fix="keep its polygons only",
            code="not-polygon",
        )
        for i in strange
    )
    return faults


def _kinds_of(shape: Any) -> str:
    """Return the kind of a shape, and of the parts of a collection."""
    if shape.geom_type != "GeometryCollection":
        return str(shape.geom_type)
    parts = sorted({part.geom_type for part in shapely.get_parts(shape)})
    return f"a collection of {' and '.join(parts)}"


def _check_units(features: Features, shapes: Shapes) -> None:
    x0, y0, x1, y1 = shapely.total_bounds(shapes)
    if not np.isfinite([x0, y0, x1, y1]).all():
        refuse(features.file, "holds coordinates that are not finite", "export it again", "crs")
    could_be_degrees = max(abs(x0), abs(y0), abs(x1), abs(y1)) <= _MOST_DEGREES
    if not features.crs.is_geographic:
        if could_be_degrees:
            what = f"x={x0:.5g}, y={y0:.5g} are degrees, but the file says metres"
            fix = "set its coordinate reference system to EPSG:4326"
            refuse(features.file, what, fix, "crs")
        return
    if not could_be_degrees:
        place = f"x={x0:,.0f}, y={y0:,.0f}"
        what = f"{place} are metres, but the file says degrees"
        if not features.says_crs:
            what = f"states no coordinate reference system, and {place} are no degrees"
        fix = "set its coordinate reference system to EPSG:27700"
        refuse(features.file, what, fix, "crs")
    if 49 <= x0 <= x1 <= 61 and -9 <= y0 <= y1 <= 3:  # noqa: PLR2004 - Great Britain, transposed
        what = "the shapes lie near Somalia: longitude and latitude look swapped"
        refuse(features.file, what, "export it with longitude first", "swapped-axes")


def _to_grid(features: Features, shapes: Shapes) -> Shapes:
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


def _check_bounds(file: str, shapes: Shapes) -> None:
    x0, y0, x1, y1 = shapely.total_bounds(shapes)
    least_x, least_y, most_x, most_y = _GRID_BOUNDS_M
    if not (least_x <= x0 <= x1 <= most_x and least_y <= y0 <= y1 <= most_y):
        what = "the shapes lie outside Great Britain"
        fix = "check the coordinate reference system and the order of the axes"
        refuse(file, what, fix, "outside-grid")


def _mended(features: Features, column: str, shapes: Shapes) -> tuple[Shapes, tuple[str, ...]]:
    plain = shapely.remove_repeated_points(shapes)
    repeats = np.flatnonzero(
        shapely.get_num_coordinates(plain) < shapely.get_num_coordinates(shapes)
    )
    broken = np.flatnonzero(~shapely.is_valid(plain))
    mended = plain.copy()
    mended[broken] = [_polygons_of(shapely.make_valid(shape)) for shape in plain[broken]]
    before, after = np.abs(shapely.area(plain[broken])), shapely.area(mended[broken])
    change = np.where(before > 0, after / np.where(before > 0, before, 1.0) - 1.0, np.inf)
    raise_faults(
        [
            features.fault(
                i,
                column,
                what=f"this feature crosses itself and cannot be mended safely ({_change(share)})",
                fix="use the ONS boundary file, or redraw the shape",
                code="broken-shape",
            )
            for i, share in zip(broken.tolist(), change.tolist(), strict=True)
            if abs(share) > _MOST_REPAIR_SHARE
        ]
    )
    codes = features.properties[column].astype(str).to_numpy()
    notes = [
        f"{features.file}: {which.size:,} shapes {what} ({first_five(sorted(codes[which]))})."
        for which, what in (
            (repeats, "had repeated points, which were removed"),
            (broken, "crossed or touched themselves, or had spikes, and were mended"),
        )
        if which.size
    ]
    return shapely.orient_polygons(mended), tuple(notes)


def _change(share: float) -> str:
    return f"area {share:+.0%}" if share < _ALMOST_NOTHING else "as drawn, its area is almost 0"


def _polygons_of(shape: Any) -> Any:
    parts = shapely.get_parts(shapely.get_parts(shape))
    polygons = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return polygons[0] if len(polygons) == 1 else shapely.multipolygons(list(polygons))


def _hull_area(shapes: Shapes) -> npt.NDArray[np.float64]:
    return np.asarray(shapely.area(shapely.convex_hull(shapes)))


def _area_faults(
    features: Features, column: str, shapes: Shapes, is_flat: npt.NDArray[np.bool_]
) -> list[Fault]:
    faults = [
        features.fault(
            i,
            column,
            what="this feature has no area (0 m²)",
            fix="export the layer again, or leave the feature out",
            code="zero-area",
        )
        for i in np.flatnonzero(is_flat).tolist()
    ]
    seen: dict[bytes, int] = {}
    for i, text in enumerate(shapely.to_wkb(shapely.normalize(shapes)).tolist()):
        other = seen.setdefault(text, i)
        if other != i:
            code = features.properties[column].iloc[other]
            what = f"this feature has the same shape as feature {other + 1:,} ({code})"
            fix = "keep one, or give each its own shape"
            faults.append(features.fault(i, column, what=what, fix=fix, code="same-shape"))
    return faults


def overlap_faults(
    features: Features, column: str, shapes: Shapes
) -> tuple[list[Fault], tuple[str, ...]]:
    """Return faults of areas that overlap, and a note of slivers that rounding leaves.

    Two areas overlap if they share more than 1 m² that is more than 0.5 m wide on average. The
    open boundaries of England and Wales have none such; their slivers are at most 2 cm wide.

    Args:
        features: A layer.
        column: Its attribute with the codes, for the messages.
        shapes: Its shapes, as :func:`grid_polygons` gives them.
    """
    tree = shapely.STRtree(shapes)
    found = [tree.query(shapes, predicate=how) for how in ("overlaps", "contains")]
    pairs = np.sort(np.concatenate(found, axis=1), axis=0)
    first, second = np.unique(pairs[:, pairs[0] < pairs[1]], axis=1)
    common = shapely.intersection(shapes[first], shapes[second])
    shared = shapely.area(common)
    width = 2 * shared / np.maximum(shapely.length(common), 1e-9)
    is_large = shared > _MOST_OVERLAP_M2
    is_overlap = is_large & (width > _MOST_OVERLAP_WIDTH_M)
    codes = features.properties[column].astype(str).to_numpy()
    faults = [
        features.fault(
            int(first[i]),
            column,
            what=f"{codes[first[i]]} and {codes[second[i]]} overlap by {shared[i]:,.0f} m²",
            fix="use boundaries that meet without overlapping, such as those of the ONS",
            code="overlap",
        )
        for i in np.flatnonzero(is_overlap)
    ]
    slivers = is_large & ~is_overlap
    if not slivers.any():
        return faults, ()
    note = (
        f"{features.file}: {slivers.sum():,} pairs of neighbours overlap by slivers, the largest "
        f"by {shared[slivers].max():,.0f} m²; they are kept."
    )
    return faults, (note,)
