"""Main roads: radials from the market place, two rings, shore roads, two bridges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import LineString, Point

from ntgeo.sample.ground import CENTRE, Floats, Ground, placed, smooth_line

__all__ = ["Street", "build_arterials", "lines_of"]

Points = Sequence[tuple[float, float]]

_SHORTEST_M: Final = 120.0
_BRIDGE_MARGIN_M: Final = 15.0
_ROUNDABOUT_RADIUS_M: Final = 22.0
_ROUNDABOUTS: Final = 9
_ROUNDABOUT_SPACING_M: Final = 700.0

_ROADS: Final[tuple[tuple[str, str, str, Points], ...]] = (
    ("North Road", "A9101", "primary", (
        CENTRE, (5480, 4350), (5450, 4800), (5280, 5300), (5350, 6200), (5420, 7300))),
    ("Coast Road", "A9102", "primary", (
        CENTRE, (6100, 4150), (6420, 4600), (6430, 5200), (6560, 5750), (6900, 6250),
        (7100, 7200))),
    ("Western Road", "A9103", "primary", (
        CENTRE, (5100, 3960), (4500, 4020), (3500, 3750), (2200, 3850), (1000, 4200),
        (-300, 4150))),
    ("Moor Lane", "B9201", "secondary", (
        CENTRE, (5250, 4250), (4800, 4700), (3950, 5350), (3000, 6250), (2400, 7300))),
    ("South Road", "A9101", "primary", (
        (5430, 2780), (5380, 2200), (5180, 1300), (5300, 400), (5250, -300))),
    ("Harbour Road", "B9202", "secondary", (
        (5430, 2780), (5900, 2450), (6400, 2100), (6650, 1300), (6600, 500), (6500, -300))),
    ("Mill Lane", "B9203", "secondary", (
        (5430, 2780), (4700, 2350), (3700, 1750), (2400, 1500), (1000, 1650), (-300, 1500))),
    ("Outer Ring Road", "A9110", "primary", (
        (6430, 5200), (5900, 5420), (5280, 5300), (4600, 5330), (3950, 5350), (3250, 4850),
        (2900, 4200), (2850, 3770), (2820, 3200))),
    ("Outer Ring Road", "A9110", "primary", (
        (2850, 2000), (3050, 1610), (3500, 1050), (4300, 800), (5220, 1050), (5900, 1000),
        (6640, 1200))),
    ("Inner Ring Road", "B9204", "secondary", (
        (5480, 4350), (5900, 4380), (6100, 4150), (6150, 3850), (5950, 3560), (5600, 3480),
        (5250, 3580), (5050, 3780), (5040, 3965), (5250, 4250), (5480, 4350))),
    ("Station Road", "", "secondary", ((6150, 3850), (6600, 3900), (7300, 4050))),
    ("Priory Road", "", "tertiary", (
        (4500, 4020), (4350, 4600), (4600, 5330), (4500, 6200), (4300, 6700))),
    ("Westerhope Lane", "", "tertiary", (
        (2900, 4200), (1900, 4900), (1500, 5600), (1700, 6500))),
    ("Links Road", "", "tertiary", (
        (2400, 1500), (2300, 900), (2700, 400), (2900, -200))),
    ("Saltpan Lane", "", "tertiary", (
        (3700, 1750), (4300, 1500), (5180, 1300), (5900, 1600), (6500, 1750), (7350, 1650))),
)  # fmt: skip
_CROSSINGS: Final[tuple[tuple[str, str, str, Points], ...]] = (
    ("Market Bridge", "A9101", "primary", (CENTRE, (5560, 3480), (5480, 3100), (5430, 2780))),
    ("Staithes Bridge", "A9110", "primary", ((2820, 3200), (2830, 2600), (2850, 2000))),
)


@dataclass(slots=True, kw_only=True)
class Street:
    """A stretch of street as one line.

    Args:
        points: Vertices, eastings and northings.
        highway: OSM class.
        pattern: What drew it: ``arterial``, ``bridge``, or the pattern of its quarter.
        name: As the sign says; empty for none.
        tags: More OSM tags.
        may_go: Whether chance may take pieces of it away.
    """

    points: Floats
    highway: str
    pattern: str
    name: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    may_go: bool = False


def lines_of(streets: Sequence[Street]) -> list[Any]:
    """Return the streets' lines as shapely geometries, in the same order."""
    return [LineString(street.points) for street in streets]


def build_arterials(ground: Ground) -> list[Street]:
    """Return main roads, with the bridges, clipped to the dry ground and with roundabouts."""
    roads = [
        street
        for name, ref, highway, knots in _ROADS
        for street in _clipped(knots, ground.dry, name, ref, highway)
    ]
    roads += _shore_roads(ground)
    roads = _with_roundabouts(roads)
    for name, ref, highway, knots in _CROSSINGS:
        roads += _crossing(knots, ground.water, name, ref, highway)
    return roads


def _clipped(knots: Points, dry: Any, name: str, ref: str, highway: str) -> list[Street]:
    line = LineString(placed(smooth_line(knots, 55.0))).intersection(dry)
    return [
        Street(
            points=shapely.get_coordinates(part),
            highway=highway,
            pattern="arterial",
            name=name,
            tags={"ref": ref} if ref else {},
        )
        for part in shapely.get_parts(line)
        if part.length > _SHORTEST_M
    ]


def _crossing(knots: Points, water: Any, name: str, ref: str, highway: str) -> list[Street]:
    line = LineString(placed(smooth_line(knots, 55.0)))
    banks = water.buffer(_BRIDGE_MARGIN_M)
    approaches = shapely.get_parts(line.difference(banks))
    span = shapely.get_coordinates(line.intersection(banks))
    bridge = Street(
        points=np.vstack([span[:1], span[-1:]]),
        highway=highway,
        pattern="bridge",
        name=name,
        tags={"bridge": "yes", "layer": "1", "ref": ref},
    )
    ways = [
        Street(
            points=shapely.get_coordinates(part),
            highway=highway,
            pattern="arterial",
            name=name + " Approach",
            tags={"ref": ref},
        )
        for part in approaches
    ]
    return [*ways, bridge]


def _shore_roads(ground: Ground) -> list[Street]:
    shore = ground.dry.buffer(-240).buffer(160).boundary
    ends = ground.dry.buffer(40)
    by_sea = ground.coast.buffer(260)
    by_river = ground.water.buffer(220)
    south_x, north_x = placed([(3900.0, 0.0), (7300.0, 0.0)])[:, 0]
    lower_river = by_river.intersection(shapely.box(south_x, 0, north_x, 1e6)).difference(by_sea)
    roads = []
    for name, where in (("Marine Parade", by_sea), ("Quayside", lower_river)):
        for part in shapely.get_parts(shapely.line_merge(shore.intersection(where))):
            line = part.intersection(ends).simplify(6.0)
            if line.length > 4 * _SHORTEST_M:
                points = shapely.get_coordinates(line)
                roads.append(
                    Street(points=points, highway="tertiary", pattern="arterial", name=name)
                )
    return roads


def _with_roundabouts(roads: list[Street]) -> list[Street]:
    main = [road for road in roads if road.highway in {"primary", "secondary"}]
    places: list[Any] = []
    lines = lines_of(main)
    market = Point(placed([CENTRE])[0])
    for first, line in enumerate(lines):
        for other in lines[first + 1 :]:
            for spot in shapely.get_parts(line.intersection(other)):
                apart = all(spot.distance(p) > _ROUNDABOUT_SPACING_M for p in places)
                if apart and spot.geom_type == "Point" and spot.distance(market) > 1:
                    places.append(spot)
    discs = [place.buffer(_ROUNDABOUT_RADIUS_M, quad_segs=4) for place in places[:_ROUNDABOUTS]]
    kept = []
    for road in roads:
        line = LineString(road.points)
        for disc in discs:
            line = line.difference(disc)
        kept += [
            Street(
                points=shapely.get_coordinates(part),
                highway=road.highway,
                pattern="arterial",
                name=road.name,
                tags=dict(road.tags),
            )
            for part in shapely.get_parts(line)
            if part.length > 1
        ]
    return kept + [_roundabout(disc) for disc in discs]


def _roundabout(disc: Any) -> Street:
    ring = shapely.get_coordinates(disc.exterior)
    if disc.exterior.is_ccw:
        ring = ring[::-1]  # British roundabouts run clockwise
    return Street(
        points=ring,
        highway="primary",
        pattern="roundabout",
        tags={"junction": "roundabout"},
    )
