"""Catchment areas: the ground around the roads from which each facility is the nearest.

Points are taken along every stretch of road; each piece of ground belongs to the point nearest to
it, and so to that stretch's facility (a Voronoi diagram of the points, dissolved by facility). Such
areas cover the ground between the roads, do not overlap, and cross a road where two catchments meet
on it. They end where no road is near, but take in holes of less than two hectares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from ntgeo.roads.answers.facilities import NOBODY
from ntgeo.roads.answers.ground import Area, ground_of
from ntgeo.roads.answers.link_parts import cut_lines
from ntgeo.roads.answers.served_roads import ServedRoads, find_served_roads
from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.search.snapping import PlacesToSnap, snap_places

__all__ = ["Catchment", "catchment_areas"]

Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_MARGIN_M: Final = 150.0
_SPACING_M: Final = 40.0
_AT_CUT_M: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Catchment:
    """What one facility serves.

    Args:
        area: The ground, in the network's CRS; empty where it serves nothing.
        road_m: Metres of road from which it is the nearest.
    """

    area: Area
    road_m: float


def catchment_areas(
    network: RoadNetwork,
    facilities: PlacesToSnap,
    *,
    limit_s: float | None = None,
    margin_m: float = _MARGIN_M,
    snap_limit_m: float = 1000.0,
) -> dict[str, Catchment]:
    """Return the catchment of each facility: where it is the nearest by time to travel to.

    Roads are shared out exactly; an area crosses a road within half a metre of where two catchments
    meet. Of facilities at one place, or equally near, the first has the catchment.

    Args:
        network: The roads and the mode.
        facilities: Locations by id, in the network's CRS, or places already snapped.
        limit_s: Seconds beyond which roads are nobody's; none unless given.
        margin_m: How far from a served road an area may go.
        snap_limit_m: A facility farther than this from every road serves nothing.
    """
    snapped = snap_places(network, facilities, snap_limit_m=snap_limit_m)
    served = find_served_roads(network, snapped, limit_s=limit_s)
    is_served = served.facility != NOBODY
    count = len(snapped.ids)
    road_m = np.bincount(
        served.facility[is_served], served.length_m(network)[is_served], minlength=count
    )
    areas = _areas(network, served, count, margin_m) if is_served.any() else {}
    return {
        facility: Catchment(area=areas.get(at, shapely.Polygon()), road_m=float(road_m[at]))
        for at, facility in enumerate(snapped.ids)
    }


def _areas(
    network: RoadNetwork, served: ServedRoads, count: int, margin_m: float
) -> dict[int, Area]:
    ground = _ground(network, served, margin_m)
    xy_m, facility = _points(network, served)
    diagram = shapely.voronoi_polygons(shapely.multipoints(xy_m), extend_to=ground, ordered=True)
    cells = shapely.get_parts(diagram)
    areas: dict[int, Area] = {}
    for at in range(count):
        own = cells[facility == at]
        if len(own):
            areas[at] = shapely.intersection(shapely.coverage_union_all(own), ground)
    return areas


def _ground(network: RoadNetwork, served: ServedRoads, margin_m: float) -> Area:
    """Return the ground near the served roads."""
    is_served = served.facility != NOBODY
    is_whole = is_served & (served.start == 0) & (served.end == 1)
    rest = np.flatnonzero(is_served & ~is_whole)
    parts = cut_lines(network, served.link[rest], served.start[rest], served.end[rest])
    return ground_of(network, margin_m).around(served.link[is_whole], parts)


def _points(network: RoadNetwork, served: ServedRoads) -> tuple[Floats, Longs]:
    """Return points along the stretches, none twice, with their facilities.

    Besides those at even distances there is one just before and one just behind every cut, so that
    the border between the two lies on the cut.
    """
    length_m = served.length_m(network)
    many = np.ceil(length_m / _SPACING_M).astype(np.int64)
    row = np.repeat(np.arange(len(many)), many)
    step = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many)
    along = (step + 0.5) / many[row]
    near = np.minimum(_AT_CUT_M / np.maximum(length_m, 1e-9), 0.5)
    after, before = np.flatnonzero(served.start > 0), np.flatnonzero(served.end < 1)
    row = np.concatenate([row, after, before])
    along = np.concatenate([along, near[after], 1 - near[before]])
    share = served.start[row] + along * (served.end - served.start)[row]
    points = shapely.line_interpolate_point(network.lines[served.link[row]], share, normalized=True)
    xy_m, first = np.unique(shapely.get_coordinates(points), axis=0, return_index=True)
    return xy_m, served.facility[row[first]]
