"""Street patterns: terraces, semis on bent grids, crescents around a green, closes, works."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import LineString, Point

from ntgeo.sample.arterials import Street
from ntgeo.sample.ground import Floats
from ntgeo.sample.quarters import Quarter

__all__ = ["build_pattern"]

_INSET_M: Final = 36.0
_REACH_M: Final = 95.0
_SHORTEST_M: Final = 45.0
_STEP_M: Final = 30.0
_SPACINGS_M: Final = {
    "centre": (88.0, 105.0),
    "terrace": (74.0, 185.0),
    "semi": (98.0, 230.0),
    "works": (230.0, 310.0),
    "park": (330.0, 330.0),
    "rural": (1400.0, 1600.0),
}
_BEND_M: Final = {"centre": 9.0, "terrace": 3.0, "semi": 34.0, "works": 6.0, "park": 60.0}
_HIGHWAY: Final = {"works": "service", "park": "footway", "rural": "unclassified"}
_COLLECTOR_GAP_M: Final = 225.0
_CLOSE_EVERY_M: Final = 84.0
_RING_GAP_M: Final = 92.0
_FOOTPATH_SHARE: Final = 0.4
_CRESCENT_SHARE: Final = 0.16


def build_pattern(quarter: Quarter, roads: Any, rng: np.random.Generator) -> list[Street]:
    """Return the streets of a quarter.

    Args:
        quarter: Where, and of which pattern.
        roads: What the streets may join: the main roads as one geometry.
        rng: Chance.
    """
    if quarter.pattern == "shore":
        return []
    inner = quarter.outline.buffer(-_INSET_M)
    if inner.is_empty:
        return []
    if quarter.pattern == "ring":
        return _rings(quarter, inner, roads, rng)
    if quarter.pattern == "close":
        return _closes(quarter, inner, roads, rng)
    return _grid(quarter, inner, roads, rng)


def _frame(quarter: Quarter, heading: float) -> tuple[Floats, Floats, Floats, float]:
    """Return the middle, the unit vectors along and across, and the half diagonal."""
    left, bottom, right, top = quarter.outline.bounds
    centroid = quarter.outline.centroid
    along = np.array([np.cos(heading), np.sin(heading)])
    across = np.array([-along[1], along[0]])
    middle = np.array([centroid.x, centroid.y])
    return middle, along, across, float(np.hypot(right - left, top - bottom)) / 2 + 60


def _bent(points: Floats, middle: Floats, bend_m: float, phase: Floats) -> Floats:
    """Move points by a smooth field, so that a grid becomes an estate."""
    if bend_m == 0:
        return points
    x, y = (points - middle).T
    shift_x = np.sin(y / 118 + phase[0]) + 0.6 * np.sin(x / 160 + y / 210 + phase[1])
    shift_y = np.sin(x / 127 + phase[2]) + 0.6 * np.sin(y / 150 - x / 230 + phase[3])
    return points + bend_m * np.column_stack([shift_x, shift_y])


def _fitted(line: Any, inner: Any, roads: Any) -> list[Any]:
    """Return the parts of ``line`` within the quarter, led on to a main road that is near."""
    fitted = []
    for part in shapely.get_parts(shapely.intersection(line, inner)):
        if part.geom_type != "LineString" or part.length < _SHORTEST_M:
            continue
        points = shapely.get_coordinates(part.simplify(1.5))
        points = _led_on(points[::-1], roads)[::-1]
        points = _led_on(points, roads)
        fitted.append(LineString(points))
    return fitted


def _led_on(points: Floats, roads: Any) -> Floats:
    ahead = points[-1] - points[-2]
    ahead = ahead / max(float(np.hypot(*ahead)), 1e-9)
    hit = LineString([points[-1], points[-1] + ahead * _REACH_M]).intersection(roads)
    spots = shapely.get_coordinates(hit)
    if len(spots) == 0:
        return points
    nearest = spots[np.argmin(np.hypot(*(spots - points[-1]).T))]
    return np.vstack([points, nearest])


def _ladder(
    quarter: Quarter, gap_m: float, *, turned: bool, bend_m: float, phase: Floats
) -> list[Any]:
    """Return parallel lines over the quarter, ``gap_m`` apart, bent."""
    heading = quarter.heading + (np.pi / 2 if turned else 0.0)
    middle, along, across, half_m = _frame(quarter, heading)
    count = int(half_m // gap_m) + 1
    steps = np.arange(-half_m, half_m + _STEP_M, _STEP_M)[:, None]
    offset = gap_m * (phase[0] / (2 * np.pi) - 0.5)
    return [
        LineString(
            _bent(middle + along * steps + across * (k * gap_m + offset), middle, bend_m, phase)
        )
        for k in range(-count, count + 1)
    ]


def _grid(quarter: Quarter, inner: Any, roads: Any, rng: np.random.Generator) -> list[Street]:
    narrow_m, wide_m = _SPACINGS_M[quarter.pattern]
    bend_m = _BEND_M.get(quarter.pattern, 0.0)
    phase = rng.uniform(0, 2 * np.pi, 4)
    highway = _HIGHWAY.get(quarter.pattern, "residential")
    streets = []
    for gap_m, turned in ((narrow_m, False), (wide_m, True)):
        for line in _ladder(quarter, gap_m, turned=turned, bend_m=bend_m, phase=phase):
            streets += [
                Street(
                    points=shapely.get_coordinates(part),
                    highway=highway,
                    pattern=quarter.pattern,
                    may_go=quarter.pattern not in {"park", "rural"},
                )
                for part in _fitted(line, inner, roads)
            ]
    if quarter.pattern == "semi":
        streets += _crescents(streets, inner, rng)
    return streets


def _crescents(streets: list[Street], inner: Any, rng: np.random.Generator) -> list[Street]:
    arcs = []
    for street in streets:
        line = LineString(street.points)
        if line.length < 190 or rng.random() > 3 * _CRESCENT_SHARE:  # noqa: PLR2004 - metres
            continue
        start_m = rng.uniform(30, line.length - 150)
        ends = shapely.get_coordinates(line.interpolate([start_m, start_m + 120.0]))
        chord = ends[1] - ends[0]
        side = np.array([-chord[1], chord[0]]) / max(float(np.hypot(*chord)), 1.0)
        turn = np.linspace(0, np.pi, 9)[:, None]
        arc = ends[0] + chord * (1 - np.cos(turn)) / 2 + side * 52 * np.sin(turn) ** 0.8
        if inner.contains(LineString(arc)):
            arcs.append(Street(points=arc, highway="residential", pattern="crescent", may_go=False))
    return arcs


def _rings(quarter: Quarter, inner: Any, roads: Any, rng: np.random.Generator) -> list[Street]:
    middle, along, across, half_m = _frame(quarter, quarter.heading + rng.uniform(-0.3, 0.3))
    phase = rng.uniform(0, 2 * np.pi, 4)
    stretch = rng.uniform(1.15, 1.5)
    turn = np.linspace(0, 2 * np.pi, 49)[:, None]
    round_trip = along * np.cos(turn) * stretch + across * np.sin(turn)
    lines = [
        LineString(_bent(middle + round_trip * radius_m, middle, 14.0, phase))
        for radius_m in np.arange(_RING_GAP_M * 0.8, half_m * 1.3, _RING_GAP_M)
    ]
    spokes = int(rng.integers(6, 9))
    for k in range(spokes):
        angle = 2 * np.pi * (k + rng.uniform(-0.15, 0.15)) / spokes
        way = along * np.cos(angle) * stretch + across * np.sin(angle)
        steps = np.arange(_RING_GAP_M * 0.8, half_m * 1.3, _STEP_M)[:, None]
        lines.append(LineString(_bent(middle + way * steps, middle, 14.0, phase)))
    return [
        Street(
            points=shapely.get_coordinates(part),
            highway="residential",
            pattern="ring",
            may_go=True,
        )
        for line in lines
        for part in _fitted(line, inner, roads)
    ]


def _closes(quarter: Quarter, inner: Any, roads: Any, rng: np.random.Generator) -> list[Street]:
    """Return winding collector roads, links between them, and closes off them."""
    phase = rng.uniform(0, 2 * np.pi, 4)
    collectors = [
        part
        for line in _ladder(quarter, _COLLECTOR_GAP_M, turned=False, bend_m=30.0, phase=phase)
        for part in _fitted(line, inner, roads)
    ]
    links = [
        part
        for line in _ladder(quarter, 390.0, turned=True, bend_m=30.0, phase=phase)
        for part in _fitted(line, inner, roads)
    ]
    streets = [
        Street(points=shapely.get_coordinates(line), highway="residential", pattern="close")
        for line in [*collectors, *links]
    ]
    taken = shapely.union_all([*collectors, *links, roads.intersection(quarter.outline.buffer(50))])
    for line in collectors:
        for at_m in np.arange(_CLOSE_EVERY_M * 0.7, line.length - 40, _CLOSE_EVERY_M):
            for side in (1.0, -1.0):
                close = _one_close(line, at_m + rng.uniform(-9, 9) + 14 * side, side, rng)
                far_end = Point(close[-1])
                tail = LineString(close[1:])
                if not inner.contains(far_end) or tail.distance(taken) < 30:  # noqa: PLR2004 - metres
                    continue
                streets.append(Street(points=close, highway="residential", pattern="close end"))
                taken = taken.union(tail)
    return streets + _footpaths(streets, rng)


def _one_close(line: Any, at_m: float, side: float, rng: np.random.Generator) -> Floats:
    start, after = shapely.get_coordinates(line.interpolate([at_m, at_m + 2.0]))
    ahead = (after - start) / max(float(np.hypot(*(after - start))), 1e-9)
    out = side * np.array([-ahead[1], ahead[0]])
    depth_m = rng.uniform(62, 88)
    hook = rng.uniform(-0.5, 0.5)
    reach = np.array([0.0, 0.45, 0.8, 1.0])[:, None]
    return start + out * depth_m * reach + ahead * depth_m * hook * reach**2


def _footpaths(streets: list[Street], rng: np.random.Generator) -> list[Street]:
    """Join the ends of closes that lie back to back, for those on foot or bicycle."""
    ends = np.array([s.points[-1] for s in streets if s.pattern == "close end"]).reshape(-1, 2)
    paths = []
    for index, end in enumerate(ends):
        gap_m = np.hypot(*(ends - end).T)
        gap_m[: index + 1] = np.inf
        near = int(np.argmin(gap_m)) if len(gap_m) else 0
        if gap_m[near] < 110 and rng.random() < _FOOTPATH_SHARE:  # noqa: PLR2004 - metres
            highway = "footway" if rng.random() < 0.6 else "cycleway"  # noqa: PLR2004 - chance
            paths.append(
                Street(points=np.vstack([end, ends[near]]), highway=highway, pattern="path")
            )
    return paths
