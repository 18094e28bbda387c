"""Many-to-many costs by one downward sweep for many origins at a time.

From each origin a search climbs the hierarchy; then the vertices from which the destinations are
reached are swept once from the top down, 32 origins side by side. What is swept is selected
once for all origins.

Source: D. Delling, A. Goldberg, A. Nowatzyk, R. Werneck, "PHAST: Hardware-accelerated shortest path
trees", 2011; D. Delling, A. Goldberg, R. Werneck, "Faster batched shortest paths in road networks"
(restricted PHAST), 2011.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from ntgeo.roads.search.dijkstra import ABSENT
from ntgeo.roads.search.hierarchy import WeightedHierarchy

__all__ = ["LANES", "Selection", "select_targets", "sweep_rows"]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Entry = tuple[Longs, Ints, Longs]

LANES: Final = 32
_NEARLY_ABSENT: Final = ABSENT - (1 << 56)
"""No way less what is taken off where destinations are left, at most 4 hours, is still no way."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Selection:
    """The part of a hierarchy from which given vertices are reached, highest rank first.

    Args:
        place: (vertices by rank,) place in the selection, -1 outside.
        start: (selected + 1,) where the arcs into each selected vertex start.
        tail: (arcs,) place of the higher vertex they come from.
        weight: (arcs,) their weights.
    """

    place: Ints
    start: Longs
    tail: Ints
    weight: Longs


def select_targets(weighted: WeightedHierarchy, vertices: Ints) -> Selection:
    """Select what a sweep to ``vertices`` (numbers in the graph) needs."""
    start, head, weight = weighted.down
    is_needed = np.zeros(len(start) - 1, np.bool_)
    is_needed[weighted.rank[vertices]] = True
    _mark_above(start, head, is_needed)
    chosen = np.flatnonzero(is_needed)[::-1]
    place = np.full(len(start) - 1, -1, np.int32)
    place[chosen] = np.arange(len(chosen), dtype=np.int32)
    many = np.diff(start)[chosen]
    new_start = np.concatenate(([0], np.cumsum(many))).astype(np.int64)
    arcs = np.repeat(start[:-1][chosen] - new_start[:-1], many) + np.arange(new_start[-1])
    return Selection(place=place, start=new_start, tail=place[head[arcs]], weight=weight[arcs])


@numba.njit(cache=True)
def _mark_above(start: Longs, head: Ints, is_needed: npt.NDArray[np.bool_]) -> None:
    for vertex in range(len(start) - 1):
        if is_needed[vertex]:
            for arc in range(start[vertex], start[vertex + 1]):
                is_needed[head[arc]] = True


def sweep_rows(
    weighted: WeightedHierarchy, selection: Selection, seeds: Entry, targets: Entry, out: Longs
) -> None:
    """Fill ``out`` (origins, destinations) with the least packed costs.

    Args:
        weighted: The hierarchy.
        selection: For the vertices of ``targets``.
        seeds: ``start`` (origins + 1,), ``vertex`` in the graph and ``cost``: where origins enter.
        targets: The same for where destinations are left; costs may be below zero.
        out: Written; :data:`~ntgeo.roads.search.dijkstra.ABSENT` where there is no way.
    """
    seed_start, seed_vertex, seed_cost = seeds
    target_start, target_vertex, target_cost = targets
    _sweep(
        (*weighted.up, weighted.parent),
        (selection.place, selection.start, selection.tail, selection.weight),
        (seed_start, weighted.rank[seed_vertex], seed_cost),
        (target_start, selection.place[weighted.rank[target_vertex]], target_cost),
        out,
    )


@numba.njit(cache=True, nogil=True)
def _sweep(
    up: tuple[Longs, Ints, Longs, Ints],
    selection: tuple[Ints, Longs, Ints, Longs],
    seeds: Entry,
    targets: Entry,
    out: Longs,
) -> None:
    place, start, tail, weight = selection
    seed_start, seed_rank, seed_cost = seeds
    rows = len(seed_start) - 1
    most = min(LANES, rows)
    cost = np.empty((len(start) - 1, most), np.int64)
    climbed = np.full(len(place), ABSENT, np.int64)
    spare = np.empty((2, most), np.int64)
    for first in range(0, rows, LANES):
        lanes = min(LANES, rows - first)
        cost[:] = ABSENT
        for lane in range(lanes):
            one, end = seed_start[first + lane], seed_start[first + lane + 1]
            _climb(up, (seed_rank[one:end], seed_cost[one:end]), place, climbed, cost[:, lane])
        _descend(start, tail, weight, cost, spare[0])
        _gather(targets, cost, spare, out[first : first + lanes])


@numba.njit(cache=True, nogil=True)
def _climb(
    up: tuple[Longs, Ints, Longs, Ints],
    seeds: tuple[Ints, Longs],
    place: Ints,
    climbed: Longs,
    column: Longs,
) -> None:
    """Search upwards from all seeds at once; ``climbed`` is absent everywhere before and after."""
    start, head, weight, parent = up
    seed_rank, seed_cost = seeds
    count = len(parent)
    front = seed_rank.copy()
    for seed in range(len(front)):
        climbed[front[seed]] = min(climbed[front[seed]], seed_cost[seed])
    while len(front) > 0:
        here = front.min()
        if here == count:
            break
        so_far = climbed[here]
        climbed[here] = ABSENT
        if so_far < ABSENT:
            for arc in range(start[here], start[here + 1]):
                climbed[head[arc]] = min(climbed[head[arc]], so_far + weight[arc])
            if place[here] >= 0:
                column[place[here]] = so_far
        for seed in range(len(front)):
            if front[seed] == here:
                front[seed] = parent[here]


@numba.njit(cache=True, nogil=True)
def _lower(before: Longs, above: Longs, add: int, after: Longs) -> None:
    """Set ``after`` to the lower of ``before`` and ``above + add``, lane by lane.

    ``after`` must not be ``before``: compilers write a minimum in place with masked stores, several
    times slower than plain ones. For the same reason the number of lanes is not told beforehand:
    the loop would be unrolled before it could be vectorised.
    """
    for lane in range(len(after)):
        after[lane] = min(before[lane], above[lane] + add)


@numba.njit(cache=True, nogil=True)
def _descend(start: Longs, tail: Ints, weight: Longs, cost: Longs, spare: Longs) -> None:
    """Lower the costs of each vertex, in all lanes, by the arcs from above."""
    for vertex in range(len(start) - 1):
        here = cost[vertex]
        arc, end = start[vertex], start[vertex + 1]
        while arc < end:
            _lower(here, cost[tail[arc]], weight[arc], spare)
            if arc + 1 < end:
                _lower(spare, cost[tail[arc + 1]], weight[arc + 1], here)
            else:
                here[:] = spare
            arc += 2


@numba.njit(cache=True, nogil=True)
def _gather(targets: Entry, cost: Longs, spare: Longs, out: Longs) -> None:
    """Take the least over the vertices by which each destination is left."""
    start, place, extra = targets
    least, lower = spare[0], spare[1]
    for column in range(len(start) - 1):
        least[:] = ABSENT
        for target in range(start[column], start[column + 1]):
            _lower(least, cost[place[target]], extra[target], lower)
            least, lower = lower, least
        for lane in range(len(out)):
            out[lane, column] = least[lane] if least[lane] < _NEARLY_ABSENT else ABSENT
