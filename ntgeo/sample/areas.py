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
_LARGEST_BLOCK_M2: Final = 4.5e4
_BLOCK_GRID_M: Final = 210.0
_SHORE_M: Final = 95.0
_ROUNDS: Final = 160
_PACE: Final = 0.1
_SHARED_EDGE_M: Final = 0.02
_FEWEST: Final = 1280.0
_MOST: Final = 2080.0
_MOVES: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """Pieces of land between streets; together they are the borough's land.

    Args:
        shapes: Polygons.
        pattern: Pattern of the quarter of each.
        residents: Expected residents of each, summing to :data:`RESIDENTS`.
        bank: 0 north of the river, 1 south.
        links: Length of the edge that two blocks share, metres, as a symmetric matrix.
    """

    shapes: npt.NDArray[np.object_]
    pattern: npt.NDArray[np.str_]
    residents: Floats
    bank: Whole
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
        bank=shapely.STRtree(town.ground.land.geoms).nearest(middles),
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
    x, y = np.meshgrid(np.arange(left, right, _BLOCK_GRID_M), np.arange(bottom, top, _BLOCK_GRID_M))
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
    bank = blocks.bank
    area = _gathered(spots, blocks.residents, bank, blocks.links, AREAS)
    area = _balanced(area, blocks)
    middles = np.array(
        [
            np.average(spots[area == k], axis=0, weights=_weights(blocks, area, k))
            for k in range(AREAS)
        ]
    )
    people = np.bincount(area, weights=blocks.residents).astype(np.float64)
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
    best, least_amiss = np.zeros(len(spots), dtype=np.int64), np.inf
    for turn in range(_ROUNDS):
        away = ((spots[:, None, :] - seeds[None, :, :]) ** 2).sum(axis=2) - weight
        group = away.argmin(axis=1)
        held = np.bincount(group, weights=people, minlength=count)
        amiss = float((((held - fair) / fair) ** 2).sum())
        if amiss < least_amiss:
            best, least_amiss = group, amiss
        gap_m2 = ((seeds[:, None, :] - seeds[None, :, :]) ** 2).sum(axis=2)
        np.fill_diagonal(gap_m2, np.inf)
        reach_m2 = gap_m2.min(axis=1)
        weight += _PACE * reach_m2 * np.clip(1 - held / fair, -1, 1)
        weight = np.clip(weight, -0.9 * reach_m2, 0.9 * reach_m2)
        if turn < _ROUNDS // 2:
            seeds = _centred(seeds, spots, people, group)
    return best


def _centred(seeds: Floats, spots: Floats, people: Floats, group: Whole) -> Floats:
    """Move each seed half of the way to the middle of its people."""
    pull = np.bincount(group, weights=people + 1e-6, minlength=len(seeds))
    moved = seeds.copy()
    for axis in (0, 1):
        moment = np.bincount(group, weights=(people + 1e-6) * spots[:, axis], minlength=len(seeds))
        middle = np.divide(moment, pull, out=seeds[:, axis].copy(), where=pull > 0)
        moved[:, axis] += 0.5 * (middle - seeds[:, axis])
    return moved


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
        main = {
            int(g): int(np.flatnonzero(of_group == g)[held[of_group == g].argmax()])
            for g in np.unique(group)
        }
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


def _balanced(group: Whole, blocks: Blocks) -> Whole:
    """Move blocks over the edges of areas that have too few or too many residents."""
    one, two = blocks.links.nonzero()
    shared_m = blocks.links.data
    for _ in range(_MOVES):
        held = np.bincount(group, weights=blocks.residents)
        short, long = float(_FEWEST - held.min()), float(held.max() - _MOST)
        if short <= 0 and long <= 0:
            break
        worst = group[one] == held.argmin() if short > long else group[two] == held.argmax()
        ways = np.flatnonzero((group[one] != group[two]) & worst)
        gain = held[group[two[ways]]] - held[group[one[ways]]] - blocks.residents[two[ways]]
        order = ways[np.lexsort((-shared_m[ways], -gain.round(3)))]
        move = next((w for w in order.tolist() if _may_leave(int(two[w]), group, blocks)), None)
        if move is None:
            break
        group = group.copy()
        group[two[move]] = group[one[move]]
    return group


def _may_leave(block: int, group: Whole, blocks: Blocks) -> bool:
    if blocks.residents[block] < 1:
        return False
    rest = np.flatnonzero((group == group[block]) & (np.arange(len(group)) != block))
    inside = blocks.links[rest][:, rest]
    return len(rest) > 0 and connected_components(inside, directed=False)[0] == 1
