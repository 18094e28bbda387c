"""Areas and wards: street blocks gathered until each has its share of residents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
import shapely
from scipy.sparse.csgraph import connected_components
from shapely.ops import polygonize, unary_union

from ntgeo.sample.ground import BOROUGH, Floats
from ntgeo.sample.names import WARD_NAMES
from ntgeo.sample.network import Whole
from ntgeo.sample.quarters import DENSITY_PER_HA
from ntgeo.sample.town import Town

__all__ = ["AREAS", "RESIDENTS", "Areas", "Blocks", "build_areas", "build_blocks"]

AREAS: Final = 130
RESIDENTS: Final = 200_000
_LARGEST_BLOCK_M2: Final = 9.0e4
_BLOCK_GRID_M: Final = 260.0
_SHORE_M: Final = 95.0
_ROUNDS: Final = 120
_SHARED_EDGE_M: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """Pieces of land between streets; together they are the borough's land.

    Args:
        shapes: Polygons.
        pattern: Pattern of the quarter of each.
        residents: Expected residents of each, summing to :data:`RESIDENTS`.
        links: Length of the edge that two blocks share, metres, as a symmetric matrix.
    """

    shapes: npt.NDArray[np.object_]
    pattern: npt.NDArray[np.str_]
    residents: Floats
    links: sp.csr_array[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Areas:
    """The small areas, in order of code.

    Args:
        codes: ``X01…``.
        names: Borough, ward number and letter.
        shapes: Polygons that share edges and fill the land.
        ward_codes: ``X05…`` of each area.
        ward_names: Of each area.
        block_area: Position of the area of each block.
    """

    codes: list[str]
    names: list[str]
    shapes: list[Any]
    ward_codes: list[str]
    ward_names: list[str]
    block_area: Whole


def build_blocks(town: Town, rng: np.random.Generator) -> Blocks:
    """Return the blocks of the town with their residents."""
    edges = [shapely.LineString(points) for points in town.network.points]
    shapes = _faces(town, edges)
    large = unary_union([shape for shape in shapes if shape.area > _LARGEST_BLOCK_M2])
    shapes = _faces(town, [*edges, *_cuts(large, rng)])
    middles = shapely.point_on_surface(shapes)
    tree = shapely.STRtree([quarter.outline for quarter in town.quarters])
    quarter = tree.nearest(middles)
    pattern = np.array([town.quarters[int(k)].pattern for k in quarter])
    by_water = shapely.distance(middles, town.ground.land.boundary) < _SHORE_M
    density = np.array([DENSITY_PER_HA[name] for name in pattern.tolist()])
    density[by_water] = 0.0
    weight = shapely.area(shapes) * density * rng.lognormal(0.0, 0.25, len(shapes))
    return Blocks(
        shapes=shapes,
        pattern=pattern,
        residents=RESIDENTS * weight / weight.sum(),
        links=_links(shapes),
    )


def _faces(town: Town, lines: Sequence[Any]) -> npt.NDArray[np.object_]:
    land = town.ground.land
    faces = list(polygonize(unary_union([*lines, land.boundary])))
    shapely.prepare(land)
    ashore = [face for face in faces if land.contains(face.point_on_surface())]
    spots = shapely.get_coordinates([face.point_on_surface() for face in ashore])
    order = np.lexsort((spots[:, 0].round(1), spots[:, 1].round(1)))
    return np.array(ashore, dtype=object)[order]


def _cuts(large: Any, rng: np.random.Generator) -> list[Any]:
    """Return lines, not streets, that cut the large blocks to a size that areas can share."""
    left, bottom, right, top = large.bounds
    x, y = np.meshgrid(
        np.arange(left, right, _BLOCK_GRID_M), np.arange(bottom, top, _BLOCK_GRID_M)
    )
    seeds = np.column_stack([x.ravel(), y.ravel()])
    seeds += rng.uniform(-0.3, 0.3, seeds.shape) * _BLOCK_GRID_M
    web = shapely.voronoi_polygons(shapely.MultiPoint(seeds), only_edges=True)
    return [
        part
        for part in shapely.get_parts(web.intersection(large)).tolist()
        if part.geom_type == "LineString"
    ]


def _links(shapes: npt.NDArray[np.object_]) -> sp.csr_array[Any]:
    one, two = shapely.STRtree(shapes).query(shapes, predicate="touches")
    shared_m = shapely.length(shapely.intersection(shapes[one], shapes[two]))
    real = shared_m > _SHARED_EDGE_M
    size = (len(shapes), len(shapes))
    return sp.csr_array((shared_m[real], (one[real], two[real])), shape=size)


def build_areas(blocks: Blocks) -> Areas:
    """Gather blocks into areas, and areas into wards."""
    spots = shapely.get_coordinates(shapely.centroid(blocks.shapes))
    bank = connected_components(blocks.links, directed=False)[1]
    area = _gathered(spots, blocks.residents, bank, blocks.links, AREAS)
    middles = np.array(
        [np.average(spots[area == k], axis=0, weights=_weights(blocks, area, k)) for k in range(AREAS)]
    )
    people = np.bincount(area, weights=blocks.residents)
    area_bank = np.array([bank[area == k][0] for k in range(AREAS)])
    member = sp.csr_array((np.ones(len(area)), (area, np.arange(len(area)))))
    links = sp.csr_array(member @ blocks.links @ member.T)
    links.setdiag(0)
    links.eliminate_zeros()
    ward = _gathered(middles, people, area_bank, links, len(WARD_NAMES))
    return _coded(blocks, area, middles, ward)


def _weights(blocks: Blocks, area: Whole, number: int) -> Floats:
    return blocks.residents[area == number] + 1e-6


def _coded(blocks: Blocks, area: Whole, middles: Floats, ward: Whole) -> Areas:
    """Number the wards from north to south, and the areas within each from west to east."""
    northing = np.array([middles[ward == k, 1].mean() for k in range(len(WARD_NAMES))])
    ward_rank = np.argsort(np.argsort(-northing.round(1), kind="stable"), kind="stable")
    number = ward_rank[ward]
    order = np.lexsort((middles[:, 0].round(1), number))
    rank = np.argsort(order, kind="stable")
    block_area = rank[area]
    letters = [int(np.sum(number[order[:k]] == number[order[k]])) for k in range(AREAS)]
    numbers = number[order].tolist()
    return Areas(
        codes=[f"X01{k + 1:06d}" for k in range(AREAS)],
        names=[
            f"{BOROUGH} {n + 1:03d}{chr(ord('A') + k)}"
            for n, k in zip(numbers, letters, strict=True)
        ],
        shapes=[unary_union(blocks.shapes[block_area == k].tolist()) for k in range(AREAS)],
        ward_codes=[f"X05{n + 1:06d}" for n in numbers],
        ward_names=[WARD_NAMES[n] for n in numbers],
        block_area=block_area,
    )


def _gathered(
    spots: Floats, people: Floats, bank: Whole, links: sp.csr_array[Any], count: int
) -> Whole:
    """Part the spots into ``count`` groups of like population, each in one piece on one bank.

    A power diagram whose weights are moved until the populations are alike; what it leaves
    detached joins the neighbour with which it shares the longest edge.
    """
    group = np.full(len(spots), -1)
    banks, of = np.unique(bank, return_inverse=True)
    share = np.bincount(of, weights=people) / people.sum() * count
    number = np.round(share).astype(int)
    number[-1] = count - number[:-1].sum()
    first = 0
    for index in range(len(banks)):
        here = np.flatnonzero(of == index)
        group[here] = first + _power_diagram(spots[here], people[here], int(number[index]))
        first += int(number[index])
    return _in_one_piece_each(group, people, links)


def _power_diagram(spots: Floats, people: Floats, count: int) -> Whole:
    seeds = _bisected(spots, people, np.arange(len(spots)), count)
    weight = np.zeros(count)
    fair = people.sum() / count
    reach_m2 = float(np.ptp(spots, axis=0).prod()) / count
    group = np.zeros(len(spots), dtype=np.int64)
    for turn in range(_ROUNDS):
        away = ((spots[:, None, :] - seeds[None, :, :]) ** 2).sum(axis=2) - weight
        group = away.argmin(axis=1)
        held = np.bincount(group, weights=people, minlength=count)
        pace = 0.25 * (1 - turn / _ROUNDS) + 0.03
        weight += pace * reach_m2 * np.clip(1 - held / fair, -1, 1)
        weight -= weight.mean()
        pull = np.bincount(group, weights=people + 1e-6, minlength=count)
        for axis in (0, 1):
            moment = np.bincount(group, weights=(people + 1e-6) * spots[:, axis], minlength=count)
            middle = np.divide(moment, pull, out=seeds[:, axis].copy(), where=pull > 0)
            seeds[:, axis] += 0.5 * (middle - seeds[:, axis])
    return group


def _bisected(spots: Floats, people: Floats, here: Whole, count: int) -> Floats:
    """Return ``count`` seeds by halving the people along the longer axis again and again."""
    if count == 1:
        return spots[here].mean(axis=0)[None, :]
    axis = int(np.ptp(spots[here], axis=0).argmax())
    order = here[np.argsort(spots[here, axis].round(1), kind="stable")]
    total = np.cumsum(people[order])
    left = count // 2
    at = int(np.searchsorted(total, total[-1] * left / count))
    at = min(max(at, 1), len(order) - 1)
    return np.vstack(
        [
            _bisected(spots, people, order[:at], left),
            _bisected(spots, people, order[at:], count - left),
        ]
    )


def _in_one_piece_each(group: Whole, people: Floats, links: sp.csr_array[Any]) -> Whole:
    for _ in range(20):
        one, two = links.nonzero()
        inside = group[one] == group[two]
        within = sp.coo_array((np.ones(int(inside.sum())), (one[inside], two[inside])), links.shape)
        _, piece = connected_components(within, directed=False)
        held = np.bincount(piece, weights=people + 1e-3)
        of_group = np.zeros(len(held), dtype=np.int64)
        of_group[piece] = group
        main = {int(g): int(np.flatnonzero(of_group == g)[held[of_group == g].argmax()]) for g in np.unique(group)}
        stray = np.array([piece[k] != main[int(group[k])] for k in range(len(group))])
        if not stray.any():
            break
        for lost in np.unique(piece[stray]):
            members = np.flatnonzero(piece == lost)
            reach = np.asarray(links[members].sum(axis=0)).ravel()
            reach[members] = 0.0
            if reach.any():
                shared = np.bincount(group, weights=reach)
                group[members] = shared.argmax()
    return group
