"""Addresses along the streets: where postcodes, sites and visits may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import cKDTree

from ntgeo.sample.areas import Areas, Blocks
from ntgeo.sample.ground import Floats
from ntgeo.sample.network import StreetNetwork, Whole

__all__ = ["Addresses", "build_addresses"]

_EVERY_M: Final = 38.0
_SETBACK_M: Final = 14.0
_WITHOUT_HOUSES: Final = frozenset({"footway", "cycleway", "primary"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Places beside a street, a few houses each.

    Args:
        spots: Coordinates, EPSG:27700 metres, rounded to 0.1 m.
        block: Block of each.
        area: Area of each.
        people: Expected residents of each.
        junction: Nearest junction that a car can reach.
    """

    spots: Floats
    block: Whole
    area: Whole
    people: Floats
    junction: Whole

    def centroids(self, areas: int) -> Floats:
        """Return of each area the address nearest to its population-weighted mean."""
        middles = np.empty((areas, 2))
        for area in range(areas):
            here = np.flatnonzero((self.area == area) & (self.people > 0))
            mean = np.average(self.spots[here], axis=0, weights=self.people[here])
            middles[area] = self.spots[here[np.hypot(*(self.spots[here] - mean).T).argmin()]]
        return middles


def build_addresses(network: StreetNetwork, blocks: Blocks, areas: Areas) -> Addresses:
    """Return addresses on both sides of every street with houses, in order of street."""
    spots = np.round(np.vstack([_beside(p) for p in _lived_on(network)]), 1)
    tree = shapely.STRtree(blocks.shapes)
    number, block = tree.query(shapely.points(spots), predicate="within")
    _, first = np.unique(number, return_index=True)
    spots, block = spots[number[first]], block[first]
    count = np.bincount(block, minlength=len(blocks.shapes))
    people = blocks.residents[block] / count[block]
    cars = network.is_for_cars
    near = np.unique(np.concatenate([network.start[cars], network.end[cars]]))
    _, nearest = cKDTree(network.junctions[near]).query(spots)
    return Addresses(
        spots=spots,
        block=block,
        area=areas.block_area[block],
        people=people,
        junction=near[nearest],
    )


def _lived_on(network: StreetNetwork) -> list[npt.NDArray[np.float64]]:
    return [
        points
        for points, street in zip(network.points, network.street, strict=True)
        if network.streets[int(street)].highway not in _WITHOUT_HOUSES
        and network.streets[int(street)].pattern not in {"bridge", "roundabout"}
    ]


def _beside(points: Floats) -> Floats:
    line = shapely.LineString(points)
    at_m = np.arange(_EVERY_M / 2, max(line.length - _SETBACK_M, _EVERY_M / 2 + 1), _EVERY_M)
    there = shapely.get_coordinates(line.interpolate(at_m))
    ahead = shapely.get_coordinates(line.interpolate(at_m + 1.0)) - there
    ahead += (np.hypot(*ahead.T)[:, None] == 0) * (points[-1] - points[0])
    side = np.column_stack([-ahead[:, 1], ahead[:, 0]]) / np.hypot(*ahead.T)[:, None]
    return np.vstack([there + _SETBACK_M * side, there - _SETBACK_M * side])
