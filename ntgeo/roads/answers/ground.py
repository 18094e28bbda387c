"""The ground within some metres of many roads, united once where it can be.

Uniting the strips around thousands of links is what takes time. Links are therefore grouped by
tiles within tiles; the ground of a tile is united once for the network, and used wherever all of
its roads are wanted. Small holes are filled as soon as they are closed, which changes no answer,
since they would be filled at the end.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely

from ntgeo.roads.network import RoadNetwork

__all__ = ["Area", "Ground", "ground_of"]

Longs = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]
Area: TypeAlias = shapely.Polygon | shapely.MultiPolygon

_TILES_M: Final = (125.0, 250.0, 500.0, 1000.0, 2000.0)
_CURVE_SEGMENTS: Final = 2
_LEAST_HOLE_M2: Final = 20_000.0
_FAR: Final = 1 << 32


class Ground:
    """The ground near the roads of a network; holes of less than two hectares are part of it.

    Args:
        network: The roads.
        margin_m: How far from a road it goes.
    """

    def __init__(self, network: RoadNetwork, margin_m: float) -> None:
        self._lines, self._margin_m = network.lines, margin_m
        grouped = network.main_links
        middle = shapely.get_coordinates(shapely.centroid(network.lines[grouped]))
        self._tile = np.full((len(_TILES_M), network.link_count), -1)
        for level, side_m in enumerate(_TILES_M):
            column, row = np.floor(middle / side_m).astype(np.int64).T
            _, self._tile[level, grouped] = np.unique(column * _FAR + row, return_inverse=True)
        self._size = [np.bincount(tile[grouped]) for tile in self._tile]
        self._known: dict[tuple[int, int], Area] = {}

    def around(self, links: Longs, parts: Geometries) -> Area:
        """Return the ground around whole links, none twice, and around other lines."""
        left, pieces = links, []
        for level in reversed(range(len(_TILES_M))):
            tile = self._tile[level, left]
            is_grouped = tile >= 0
            wanted = np.bincount(tile[is_grouped], minlength=len(self._size[level]))
            whole = np.flatnonzero(wanted == self._size[level])
            pieces += [self._of_tile(level, number) for number in whole.tolist()]
            left = left[~np.isin(tile, whole)]
        strips = self._strips(np.concatenate([self._lines[left], parts]))
        return _united(np.concatenate([np.array(pieces, np.object_), strips]))

    def _of_tile(self, level: int, number: int) -> Area:
        key = (level, number)
        if key not in self._known:
            links = np.flatnonzero(self._tile[level] == number)
            if level == 0:
                parts = self._strips(self._lines[links])
            else:
                inner = np.unique(self._tile[level - 1, links]).tolist()
                parts = np.array([self._of_tile(level - 1, tile) for tile in inner], np.object_)
            self._known[key] = _united(parts)
        return self._known[key]

    def _strips(self, lines: Geometries) -> Geometries:
        strips: Geometries = shapely.buffer(lines, self._margin_m, quad_segs=_CURVE_SEGMENTS)
        return strips


def _united(parts: Geometries) -> Area:
    """Return the union of areas, small holes filled."""
    area = shapely.union_all(parts)
    polygons = shapely.get_parts(area)
    polygons = polygons[~shapely.is_empty(polygons)]
    if not shapely.get_num_interior_rings(polygons).any():
        return area
    rings, owner = shapely.get_rings(polygons, return_index=True)
    is_outer = np.concatenate(([True], np.diff(owner) != 0))
    is_kept = is_outer | (shapely.area(shapely.polygons(rings)) >= _LEAST_HOLE_M2)
    filled = shapely.polygons(rings[is_outer])
    for at in np.unique(owner[is_kept & ~is_outer]).tolist():
        holes = rings[is_kept & ~is_outer & (owner == at)]
        filled[at] = shapely.polygons(rings[is_outer][at], holes)
    return filled[0] if len(filled) == 1 else shapely.multipolygons(filled)


def ground_of(network: RoadNetwork, margin_m: float) -> Ground:
    """Return the ground near a network's roads, kept with it."""
    name = f"ground within {margin_m!r} m"
    if name not in network.kept:
        network.kept[name] = Ground(network, margin_m)
    ground: Ground = network.kept[name]
    return ground
