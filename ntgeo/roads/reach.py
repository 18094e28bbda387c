"""How far one gets: the roads reached within a time, and the area around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely
from shapely.ops import substring

from ntgeo.domain.places import Location
from ntgeo.progress import SILENT, Progress, raise_if_cancelled
from ntgeo.roads.dijkstra import dijkstra_tree
from ntgeo.roads.entries import departures, walk_cost
from ntgeo.roads.network import CLOSED_MS, NO_WAY, RoadNetwork
from ntgeo.roads.snapping import OFF_ROAD, snap_places

__all__ = ["reach_areas"]

Floats = npt.NDArray[np.float64]
Area: TypeAlias = shapely.Polygon | shapely.MultiPolygon

_MARGIN_M: Final = 40.0
_LEAST_HOLE_M2: Final = 20_000.0
_CURVE_SEGMENTS: Final = 2
_NEVER_MS: Final = 1e15


def reach_areas(
    network: RoadNetwork,
    origins: Mapping[str, Location],
    limits_s: Sequence[float],
    *,
    margin_m: float = _MARGIN_M,
    snap_limit_m: float = 1000.0,
    progress: Progress = SILENT,
) -> dict[str, tuple[Area, ...]]:
    """Return, for each origin and limit, the area around the roads reached from it (isochrone).

    Roads are cut exactly where the time is up. The walk from the origin to the road counts, that
    from the road to a door does not: the margin stands for it.

    Args:
        network: The roads and the mode.
        origins: Locations by id, in the network's CRS.
        limits_s: Seconds; the areas come in this order.
        margin_m: How far from a reached road the area goes; smaller holes are filled.
        snap_limit_m: An origin farther than this from every road reaches nothing.
        progress: Told the origins done.

    Returns:
        Polygons by origin, in the network's CRS; empty where nothing is reached.
    """
    snapped = snap_places(network, origins, snap_limit_m=snap_limit_m)
    leaving = departures(network, snapped)
    graph = network.search_graph
    every = np.ones(len(graph.xy_m), np.bool_)
    open_ms = network.arcs.time_ms[network.is_open]
    most_ms = int(max(limits_s, default=0) * 1000) + int(open_ms.max(initial=0))
    walks_ms = walk_cost(snapped) >> 32
    progress.stage("Reach", len(origins))
    areas: dict[str, tuple[Area, ...]] = {}
    for at, origin in enumerate(snapped.ids):
        raise_if_cancelled(progress)
        entry = leaving.rows(at, at + 1)
        cost, _ = dijkstra_tree(
            graph.as_tuple, entry.vertex, entry.cost, every, (most_ms << 32) | 0xFFFFFFFF
        )
        own = (int(snapped.link[at]), float(snapped.share[at]), float(walks_ms[at]))
        begun_ms = _begun(network, cost)
        areas[origin] = tuple(
            _area(_reached(network, begun_ms, own, 1000.0 * limit), margin_m) for limit in limits_s
        )
        progress.advance(at + 1)
    return areas


def _begun(network: RoadNetwork, cost: npt.NDArray[np.int64]) -> Floats:
    """Return when each arc is begun, milliseconds; very late where it is not."""
    arcs = network.arcs
    reached_ms = np.where(cost < NO_WAY, (cost >> 32).astype(float), _NEVER_MS)
    if network.turns is None:
        return np.where(network.is_open, reached_ms[arcs.tail], _NEVER_MS)
    return np.where(network.is_open, reached_ms - arcs.time_ms, _NEVER_MS)


def _reached(
    network: RoadNetwork, begun_ms: Floats, own: tuple[int, float, float], limit_ms: float
) -> npt.NDArray[np.object_]:
    """Return the lines of road reached within a limit, cut where the time is up."""
    arcs = network.arcs
    duration_ms = np.maximum(arcs.time_ms.astype(float), 1e-9)
    share = np.clip((limit_ms - begun_ms) / duration_ms, 0.0, 1.0)
    begun = begun_ms <= limit_ms
    whole = np.unique(arcs.link[begun & (share >= 1.0)])
    is_whole = np.zeros(network.link_count, np.bool_)
    is_whole[whole] = True
    parts = [
        _cut(network, int(arc), 0.0, float(share[arc]))
        for arc in np.flatnonzero(begun & (share < 1.0) & ~is_whole[arcs.link])
    ]
    link, place, walk_ms = own
    if link != OFF_ROAD and walk_ms <= limit_ms:
        for arc in network.link_arcs[link]:
            if arc >= 0 and arcs.time_ms[arc] != CLOSED_MS:
                from_share = place if arcs.is_forward[arc] else 1.0 - place
                gained = float((limit_ms - walk_ms) / duration_ms[arc])
                parts.append(_cut(network, int(arc), from_share, min(1.0, from_share + gained)))
    cut = np.array(parts, dtype=np.object_)
    return np.concatenate([network.lines[whole], cut])


def _cut(network: RoadNetwork, arc: int, start: float, end: float) -> shapely.Geometry:
    line = network.lines[network.arcs.link[arc]]
    if not network.arcs.is_forward[arc]:
        start, end = 1.0 - end, 1.0 - start
    return substring(line, start, end, normalized=True)


def _area(lines: npt.NDArray[np.object_], margin_m: float) -> Area:
    if len(lines) == 0:
        return shapely.Polygon()
    around = shapely.union_all(shapely.buffer(lines, margin_m, quad_segs=_CURVE_SEGMENTS))
    filled = [
        shapely.Polygon(
            part.exterior,
            [hole for hole in part.interiors if shapely.Polygon(hole).area >= _LEAST_HOLE_M2],
        )
        for part in shapely.get_parts(around)
    ]
    return filled[0] if len(filled) == 1 else shapely.MultiPolygon(filled)
