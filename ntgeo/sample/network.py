"""Streets joined where they meet, thinned by chance, and kept in one piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
import shapely
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from ntgeo.sample.arterials import Street, lines_of
from ntgeo.sample.ground import Floats

__all__ = ["NOT_FOR_CARS", "StreetNetwork", "join_streets"]

Whole = npt.NDArray[np.int64]

NOT_FOR_CARS: Final = frozenset({"footway", "cycleway"})
_TOUCHING_M: Final = 0.7
_ONE_JUNCTION_M: Final = 10.0
_VERTEX_GAP_M: Final = 6.0
_SHORTEST_DEAD_END_M: Final = 30.0
_GOING_SHARE: Final = {"centre": 0.05, "terrace": 0.1, "semi": 0.2, "ring": 0.16, "works": 0.1}


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetNetwork:
    """Junctions, and the stretches of street between them.

    Args:
        junctions: Coordinates, EPSG:27700 metres.
        start: Junction where a stretch starts, as its street is drawn.
        end: Junction where it ends.
        length_m: Along the stretch.
        street: Position of its street in ``streets``.
        points: Vertices of each stretch.
        streets: Whole streets.
    """

    junctions: Floats
    start: Whole
    end: Whole
    length_m: Floats
    street: Whole
    points: list[Floats]
    streets: list[Street]

    @property
    def is_for_cars(self) -> npt.NDArray[np.bool_]:
        """Tell of each stretch whether a car may use it."""
        may = np.array([street.highway not in NOT_FOR_CARS for street in self.streets])
        return may[self.street]

    @property
    def is_one_way(self) -> npt.NDArray[np.bool_]:
        """Tell of each stretch whether cars go from its start to its end only."""
        one_way = [
            street.tags.get("oneway") == "yes" or street.pattern == "roundabout"
            for street in self.streets
        ]
        return np.array(one_way)[self.street]

    def graph(self) -> sp.csr_array[Any]:
        """Return the lengths of the ways a car may go, junction to junction, in metres."""
        back = self.is_for_cars & ~self.is_one_way
        there = self.is_for_cars
        tail = np.concatenate([self.start[there], self.end[back]])
        head = np.concatenate([self.end[there], self.start[back]])
        length = np.concatenate([self.length_m[there], self.length_m[back]])
        order = np.lexsort((length, head, tail))
        first = np.ones(len(order), dtype=bool)
        first[1:] = (np.diff(tail[order]) != 0) | (np.diff(head[order]) != 0)
        kept = order[first]
        size = len(self.junctions)
        return sp.csr_array((length[kept], (tail[kept], head[kept])), shape=(size, size))

    def road_distances_m(self, to_junctions: Whole) -> Floats:
        """Return metres by car from every junction (columns) to each given one (rows)."""
        return np.asarray(dijkstra(self.graph().T.tocsr(), indices=to_junctions))

    def keep(self, kept: npt.NDArray[np.bool_]) -> StreetNetwork:
        """Return the network of some of the stretches; junctions are renumbered."""
        used = np.unique(np.concatenate([self.start[kept], self.end[kept]]))
        return replace(
            self,
            junctions=self.junctions[used],
            start=np.searchsorted(used, self.start[kept]),
            end=np.searchsorted(used, self.end[kept]),
            length_m=self.length_m[kept],
            street=self.street[kept],
            points=[self.points[index] for index in np.flatnonzero(kept)],
        )


def join_streets(streets: list[Street], rng: np.random.Generator) -> StreetNetwork:
    """Return the network of streets: joined, thinned, without stubs, in one piece for cars."""
    network = _split(streets, _junctions_on(streets))
    network = network.keep(_thinned(network, rng))
    for _ in range(4):
        network = network.keep(_without_stubs(network))
    return network.keep(_in_one_piece(network))


def _junctions_on(streets: Sequence[Street]) -> list[list[tuple[float, float, float]]]:
    """Return for each street where it meets others: distance along it, and the spot (x, y)."""
    lines = np.array(lines_of(streets))
    first, other = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=_TOUCHING_M)
    pairs = sorted((int(i), int(j)) for i, j in zip(first, other, strict=True) if i < j)
    meetings: list[tuple[int, float, float]] = [
        (index, float(street.points[k, 0]), float(street.points[k, 1]))
        for index, street in enumerate(streets)
        for k in (0, -1)
    ]
    for i, j in pairs:
        spots = shapely.get_coordinates(shapely.intersection(lines[i], lines[j]))
        if len(spots) == 0:
            spots = shapely.get_coordinates(shapely.shortest_line(lines[i], lines[j]))[:1]
        meetings += [(index, float(x), float(y)) for x, y in spots for index in (i, j)]
    spots = _merged(np.array([meeting[1:] for meeting in meetings]))
    along: list[list[tuple[float, float, float]]] = [[] for _ in streets]
    for (index, x, y), spot in zip(meetings, spots, strict=True):
        at_m = float(lines[index].project(shapely.Point(x, y)))
        along[index].append((at_m, float(spot[0]), float(spot[1])))
    for index, line in enumerate(lines):
        if line.is_closed:
            along[index].append((float(line.length), *along[index][0][1:]))
    return along


def _merged(spots: Floats) -> Floats:
    """Return the spots with those of one junction at one place, rounded to 0.1 m."""
    pairs = cKDTree(spots).query_pairs(_ONE_JUNCTION_M, output_type="ndarray")
    size = len(spots)
    links = sp.coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    _, cluster = connected_components(links, directed=False)
    _, first = np.unique(cluster, return_index=True)
    return np.round(spots[first][cluster], 1)


def _split(streets: list[Street], along: list[list[tuple[float, float, float]]]) -> StreetNetwork:
    stretches: list[tuple[int, Floats]] = []
    for index, street in enumerate(streets):
        stops = sorted(set(along[index]))
        line = shapely.LineString(street.points)
        vertex_m = shapely.line_locate_point(line, shapely.points(street.points))
        if line.is_closed:
            vertex_m[-1] = line.length
        for (from_m, *start), (to_m, *end) in pairwise(stops):
            between = (vertex_m > from_m + _VERTEX_GAP_M) & (vertex_m < to_m - _VERTEX_GAP_M)
            points = np.vstack([[start], np.round(street.points[between], 1), [end]])
            if start != end or len(points) > 4:  # noqa: PLR2004 - a loop back to one junction
                stretches.append((index, points))
    stretches = _without_twins(stretches)
    ends = np.array([points[[0, -1]] for _, points in stretches])
    junctions, number = np.unique(ends.reshape(-1, 2), axis=0, return_inverse=True)
    number = number.reshape(-1, 2)
    return StreetNetwork(
        junctions=junctions,
        start=number[:, 0],
        end=number[:, 1],
        length_m=np.array([_length_m(points) for _, points in stretches]),
        street=np.array([index for index, _ in stretches], dtype=np.int64),
        points=[points for _, points in stretches],
        streets=streets,
    )


def _length_m(points: Floats) -> float:
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def _without_twins(stretches: list[tuple[int, Floats]]) -> list[tuple[int, Floats]]:
    """Drop a stretch that runs beside an earlier one between the same two junctions."""
    seen: dict[tuple[tuple[float, ...], ...], list[float]] = {}
    kept = []
    for index, points in stretches:
        ends = tuple(sorted((tuple(points[0].tolist()), tuple(points[-1].tolist()))))
        length_m = _length_m(points)
        if any(abs(length_m - other) < _ONE_JUNCTION_M for other in seen.get(ends, [])):
            continue
        seen.setdefault(ends, []).append(length_m)
        kept.append((index, points))
    return kept


def _thinned(network: StreetNetwork, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Choose by chance what goes, so that some streets end in a T and some blocks are longer."""
    going = np.array(
        [_GOING_SHARE.get(s.pattern, 0.0) if s.may_go else 0.0 for s in network.streets]
    )[network.street]
    goes = rng.random(len(going)) < going
    order = np.argsort(goes, kind="stable")
    parent = list(range(len(network.junctions)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    kept = ~goes
    for index in order.tolist():
        one, two = root(int(network.start[index])), root(int(network.end[index]))
        if one != two:
            parent[one] = two
            kept[index] = True
    return kept


def _without_stubs(network: StreetNetwork) -> npt.NDArray[np.bool_]:
    size = len(network.junctions)
    degree = np.bincount(network.start, minlength=size) + np.bincount(network.end, minlength=size)
    is_end = (degree[network.start] == 1) | (degree[network.end] == 1)
    return ~(is_end & (network.length_m < _SHORTEST_DEAD_END_M))


def _in_one_piece(network: StreetNetwork) -> npt.NDArray[np.bool_]:
    cars = network.is_for_cars
    size = len(network.junctions)

    def piece_of(chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        weights = np.ones(int(chosen.sum()))
        ends = (network.start[chosen], network.end[chosen])
        links = sp.coo_array((weights, ends), shape=(size, size))
        _, piece = connected_components(links, directed=False)
        return np.asarray(piece == np.bincount(piece).argmax())

    by_car = piece_of(cars)
    kept = by_car[network.start] & cars
    on_foot = piece_of(kept | ~cars)
    return np.asarray(kept | (~cars & on_foot[network.start]))
