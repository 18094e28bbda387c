"""Quarters of the town: what the main roads enclose, cut until each is one builder's work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import LineString, Point
from shapely.ops import polygonize, split, unary_union

from ntgeo.sample.arterials import Street, lines_of
from ntgeo.sample.ground import CENTRE, Floats, Ground, placed

__all__ = ["DENSITY_PER_HA", "Quarter", "build_quarters"]

DENSITY_PER_HA: Final = {
    "centre": 62.0,
    "terrace": 92.0,
    "semi": 52.0,
    "ring": 56.0,
    "close": 47.0,
    "works": 2.0,
    "park": 0.0,
    "shore": 0.0,
    "rural": 1.2,
}
"""Residents per hectare by pattern of streets."""

_LARGEST_M2: Final = {"rural": 2.4e6, "built": 5.0e5}
_SMALLEST_M2: Final = 1.5e4
_OVERSHOOT_M: Final = 3.0
_BUILT_UP: Final = (
    (7300, 250), (5400, 150), (4000, 450), (3000, 650), (1850, 1050), (1500, 1900), (2100, 2500),
    (2000, 3300), (1300, 3900), (1500, 4700), (2200, 5500), (3100, 6050), (4300, 6350),
    (5500, 6700), (6600, 6600), (8300, 6700), (8300, 250),
)  # fmt: skip
_PARKS: Final = ((4150, 4450), (5900, 4900), (6200, 1450), (3600, 2350), (2300, 4500))
_WORKS: Final = ((6700, 2700), (6500, 3300), (4000, 3150), (3300, 2900), (2400, 2000))
_ESTATES: Final = ((2000, 4200), (3100, 5600), (4500, 550), (2200, 1300), (5200, 6400))
_NEAR_CENTRE_M: Final = 560.0
_TERRACES_M: Final = 1750.0
_SEASIDE_M: Final = 700.0
_OUTSKIRTS: Final = ("close",) * 5 + ("semi",) * 3 + ("ring",) * 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """A part of the town with streets of one pattern.

    Args:
        outline: Polygon.
        pattern: A key of :data:`DENSITY_PER_HA`.
        heading: Direction of its long side, radians.
    """

    outline: Any
    pattern: str
    heading: float


def build_quarters(
    ground: Ground, arterials: Sequence[Street], rng: np.random.Generator
) -> tuple[list[Quarter], list[Street]]:
    """Return the quarters, and the minor main roads that part them."""
    edges = unary_union([*lines_of(arterials), ground.dry.buffer(-_OVERSHOOT_M).boundary])
    built_up = shapely.Polygon(placed(_BUILT_UP))
    faces = [face for face in polygonize(edges) if ground.dry.contains(face.representative_point())]
    cells: list[Any] = []
    cuts: list[Street] = []
    for face in sorted(faces, key=_place):
        _cut(face, built_up, rng, cells, cuts)
    quarters = [
        Quarter(outline=cell, pattern="", heading=_long_side(cell)[0])
        for cell in cells
        if cell.area > _SMALLEST_M2
    ]
    return _with_patterns(quarters, ground, built_up, rng), cuts


def _place(shape: Any) -> tuple[float, float]:
    spot = shape.representative_point()
    return round(spot.x, 1), round(spot.y, 1)


def _long_side(cell: Any) -> tuple[float, Floats, float]:
    """Return the heading of the long side, the half short side as a vector, and its length."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(cell))[:4]
    first, second = corners[1] - corners[0], corners[2] - corners[1]
    if np.hypot(*first) < np.hypot(*second):
        first, second = second, first
    return float(np.arctan2(first[1], first[0])), second / 2, float(np.hypot(*first))


def _cut(
    cell: Any, built_up: Any, rng: np.random.Generator, cells: list[Any], cuts: list[Street]
) -> None:
    is_built = built_up.intersection(cell).area > cell.area / 2
    if cell.area <= _LARGEST_M2["built" if is_built else "rural"]:
        cells.append(cell)
        return
    heading, across, length_m = _long_side(cell)
    along = np.array([np.cos(heading), np.sin(heading)])
    middle = np.array([cell.centroid.x, cell.centroid.y]) + along * length_m * rng.uniform(
        -0.1, 0.1
    )
    bend = along * length_m * rng.uniform(-0.12, 0.12)
    turn = np.linspace(-1, 1, 9)[:, None]
    knots = middle + across * 1.9 * turn + bend * (1 - turn**2)
    line = LineString(knots)
    parts = sorted(split(cell, line).geoms, key=_place)
    if len(parts) == 1:
        cells.append(cell)
        return
    for piece in shapely.get_parts(line.intersection(cell)):
        highway = "tertiary" if is_built else "unclassified"
        cuts.append(
            Street(points=shapely.get_coordinates(piece), highway=highway, pattern="arterial")
        )
    for part in parts:
        _cut(part, built_up, rng, cells, cuts)


def _with_patterns(
    quarters: list[Quarter], ground: Ground, built_up: Any, rng: np.random.Generator
) -> list[Quarter]:
    shapes = [quarter.outline for quarter in quarters]
    parks = _nearest(shapes, _PARKS)
    works = _nearest(shapes, _WORKS)
    estates = _nearest(shapes, _ESTATES)
    patterned = []
    for index, quarter in enumerate(quarters):
        draw = rng.random()
        shape = quarter.outline
        if shape.buffer(-62).is_empty and shape.distance(ground.coast) < _SEASIDE_M / 4:
            pattern = "shore"
        elif built_up.intersection(shape).area < shape.area / 2:
            pattern = "rural"
        elif index in parks:
            pattern = "park"
        elif index in works:
            pattern = "works"
        elif index in estates:
            pattern = "ring"
        else:
            pattern = _by_distance(shape, ground, draw)
        patterned.append(Quarter(outline=shape, pattern=pattern, heading=quarter.heading))
    return patterned


def _nearest(shapes: Sequence[Any], spots: Sequence[tuple[float, float]]) -> set[int]:
    tree = shapely.STRtree(shapes)
    return {int(tree.nearest(Point(spot))) for spot in placed(spots)}


def _by_distance(shape: Any, ground: Ground, draw: float) -> str:
    """Return the usual pattern at a distance from the market place; ``draw`` is 0 to 1."""
    middle = shape.representative_point()
    away_m = middle.distance(Point(placed([CENTRE])[0]))
    if away_m < _NEAR_CENTRE_M:
        return "centre"
    if away_m < _TERRACES_M or middle.distance(ground.water) < _SEASIDE_M / 2:
        return "terrace"
    if middle.distance(ground.coast) < _SEASIDE_M:
        return "semi"
    return _OUTSKIRTS[int(draw * len(_OUTSKIRTS))]
