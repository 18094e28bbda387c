"""The lie of the land: a coast with a bay, a river with a harbour, and the borough's limits.

The borough stands in the North Sea, some 45 km off the coast of north-east England, so that
nobody can take it for a real place. All geometry is in British National Grid (EPSG:27700) metres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from shapely.geometry import LineString, Polygon
from shapely.ops import unary_union

from ntgeo.sample.streams import Part, stream

__all__ = [
    "BOROUGH",
    "CENTRE",
    "ORIGIN",
    "Floats",
    "Ground",
    "build_ground",
    "placed",
    "smooth_line",
    "to_lon_lat",
]

Floats = npt.NDArray[np.float64]
Points = Sequence[tuple[float, float]]

BOROUGH: Final = "Sandhaven (synthetic)"
ORIGIN: Final = (478_000.0, 578_000.0)
"""Easting and northing of the corner from which this package counts its own metres."""
CENTRE: Final = (5600.0, 3900.0)
"""The market place, from :data:`ORIGIN`."""

_COAST: Final[Points] = (
    (7250, -900), (7250, -300), (7150, 400), (7350, 1000), (7600, 1600), (7550, 2200),
    (7350, 2600), (7320, 2950), (7300, 3200), (7320, 3480), (7520, 3780), (7650, 4200),
    (7500, 4700), (7000, 5000), (6850, 5350), (7050, 5750), (7500, 6000), (7900, 6350),
    (7950, 6800), (7700, 7300), (7650, 8000),
)  # fmt: skip
_LIMITS: Final[Points] = (
    (9300, 100), (7000, 50), (5500, -100), (4000, 150), (2500, 0), (900, 250), (150, 700),
    (0, 1700), (250, 2700), (-100, 3700), (150, 4800), (500, 5900), (1500, 6700), (2800, 7000),
    (4200, 6850), (5500, 7100), (6800, 6950), (9300, 7000),
)  # fmt: skip
_RIVER: Final[Points] = (
    (-900, 2500), (-200, 2650), (700, 3050), (1600, 3000), (2400, 2550), (3100, 2450),
    (3900, 2800), (4500, 3250), (5100, 3380), (5700, 3200), (6300, 2980), (6900, 3120),
    (7500, 3220), (8200, 3250),
)  # fmt: skip
_RIVER_HALF_WIDTH_M: Final = (26.0, 75.0)
_HARBOUR: Final = (7080.0, 3230.0, 320.0, 190.0)
_SHORE_ROUGHNESS_M: Final = 16.0
_ROAD_TO_WATER_M: Final = 28.0

_HELMERT: Final = (
    "+proj=pipeline +step +inv +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 "
    "+y_0=-100000 +ellps=airy +step +proj=push +v_3 +step +proj=cart +ellps=airy +step "
    "+proj=helmert +x=446.448 +y=-125.157 +z=542.06 +rx=0.15 +ry=0.247 +rz=0.842 +s=-20.489 "
    "+convention=position_vector +step +inv +proj=cart +ellps=WGS84 +step +proj=pop +v_3 "
    "+step +proj=unitconvert +xy_in=rad +xy_out=deg"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the sea and the river leave.

    Args:
        land: The borough above the tide, a multi-polygon of two banks.
        dry: Where a road may run: land at some distance from water.
        water: River and harbour.
        coast: Sea edge from south to north, land on the left, as OSM draws coastline.
        river: Centre line, downstream.
    """

    land: Any
    dry: Any
    water: Any
    coast: Any
    river: Any


def placed(points: Sequence[Sequence[float]] | Floats) -> Floats:
    """Move points from the borough's own metres to eastings and northings."""
    return np.asarray(points, dtype=np.float64) + np.asarray(ORIGIN)


def smooth_line(points: Sequence[Sequence[float]] | Floats, step_m: float = 45.0) -> Floats:
    """Return a Catmull-Rom curve through ``points`` with a vertex every ``step_m`` or so."""
    knots = np.asarray(points, dtype=np.float64)
    ends = np.vstack([2 * knots[0] - knots[1], knots, 2 * knots[-1] - knots[-2]])
    pieces = []
    for before, start, end, after in zip(ends[:-3], ends[1:-2], ends[2:-1], ends[3:], strict=True):
        count = max(1, round(float(np.hypot(*(end - start))) / step_m))
        t = np.arange(count)[:, None] / count
        pieces.append(
            0.5
            * (
                2 * start
                + (end - before) * t
                + (2 * before - 5 * start + 4 * end - after) * t**2
                + (3 * start - before - 3 * end + after) * t**3
            )
        )
    return np.vstack([*pieces, knots[-1:]])


def build_ground(seed: int) -> Ground:
    """Return the ground of the borough; ``seed`` roughens its shore."""
    rng = stream(seed, Part.GROUND)
    shore = smooth_line(_COAST, 60.0)
    phases = rng.uniform(0, 2 * np.pi, 3)
    along = np.arange(len(shore))[:, None] * np.array([0.9, 0.37, 0.21])
    shore[:, 0] += _SHORE_ROUGHNESS_M * np.sin(along + phases).sum(axis=1)
    mainland = Polygon(placed([(-2500, -900), *shore.tolist(), (-2500, 8000)]))
    limits = Polygon(placed(smooth_line([*_LIMITS, _LIMITS[0]], 90.0)))
    water = _river_and_harbour()
    ashore = mainland.difference(water)
    return Ground(
        land=_two_banks(ashore.intersection(limits)),
        dry=ashore.buffer(-_ROAD_TO_WATER_M).intersection(limits),
        water=water.intersection(mainland),
        coast=LineString(placed(shore)).intersection(limits.buffer(400)),
        river=LineString(placed(smooth_line(_RIVER, 60.0))).intersection(limits.buffer(100)),
    )


def _river_and_harbour() -> Any:
    bends = smooth_line(_RIVER, 60.0)
    heading = np.gradient(bends, axis=0)
    normal = np.column_stack([-heading[:, 1], heading[:, 0]])
    normal /= np.hypot(normal[:, 0], normal[:, 1])[:, None]
    narrow, wide = _RIVER_HALF_WIDTH_M
    half = narrow + (wide - narrow) * np.linspace(0, 1, len(bends))[:, None] ** 1.5
    banks = np.vstack([bends + normal * half, (bends - normal * half)[::-1]])
    easting, northing, radius_x, radius_y = _HARBOUR
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    basin = np.column_stack([easting + radius_x * np.cos(turn), northing + radius_y * np.sin(turn)])
    return unary_union([Polygon(placed(banks)), Polygon(placed(basin))])


def _two_banks(land: Any) -> Any:
    banks = sorted(shapely.get_parts(land), key=lambda part: -part.area)[:2]
    return shapely.MultiPolygon(sorted(banks, key=lambda part: -part.centroid.y))


_TO_LON_LAT: Final = pyproj.Transformer.from_pipeline(_HELMERT)


def to_lon_lat(points: Floats) -> Floats:
    """Return longitude and latitude, rounded to 7 decimals, of eastings and northings.

    The seven-parameter Helmert transformation EPSG:1314 is named outright: PROJ would take the
    OSTN15 grid where a machine has it, and the bytes of the sample would differ between machines.
    """
    lon, lat = _TO_LON_LAT.transform(points[:, 0], points[:, 1])
    return np.round(np.column_stack([lon, lat]), 7)
