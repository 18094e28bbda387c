"""A hierarchy over a graph, built once, to which any weights can be given in a moment.

Vertices are contracted in the order of :mod:`ntgeo.roads.search.ordering`; the arcs that this needs
do not depend on the weights. Customising finds the weights of all arcs by their lower triangles,
then, from the top down, lowers each to the true distance and drops those that were longer, which no
fastest way needs. Zero weights are allowed: an arc is dropped only for a strictly shorter way.

Source: J. Dibbelt, B. Strasser, D. Wagner, "Customizable Contraction Hierarchies", ACM Journal of
Experimental Algorithmics 21, 2016 (arXiv 1402.0402).
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from ntgeo.roads.distinct import distinct
from ntgeo.roads.search.dijkstra import ABSENT
from ntgeo.roads.search.ordering import contraction_ranks

__all__ = ["Hierarchy", "WeightedHierarchy", "build_hierarchy", "customise"]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hierarchy:
    """What does not depend on the weights; vertices are numbered by rank.

    Args:
        rank: (vertices,) rank of each vertex of the graph, 0 lowest.
        start: (vertices + 1,) where the arcs to higher ranks start.
        head: (shortcuts,) the higher end, ascending within each vertex.
        parent: (vertices,) the lowest of its higher ends; the number of vertices at a root.
        slot: (arcs,) the shortcut that each arc of the graph runs along; -1 for a loop.
        is_up: (arcs,) whether the arc leads to the higher rank.
    """

    rank: Ints
    start: Longs
    head: Ints
    parent: Ints
    slot: Longs
    is_up: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightedHierarchy:
    """A hierarchy with weights; what no fastest way needs is left out.

    Args:
        rank: As in :class:`Hierarchy`.
        parent: As in :class:`Hierarchy`.
        up: ``start``, ``head`` and ``weight`` of the arcs from each vertex to higher ones.
        down: The same of the arcs from higher vertices (``head``) to each vertex.
    """

    rank: Ints
    parent: Ints
    up: tuple[Longs, Ints, Longs]
    down: tuple[Longs, Ints, Longs]


def build_hierarchy(
    tail: Ints, head: Ints, xy_m: npt.NDArray[np.float64], *, rank: Ints | None = None
) -> Hierarchy:
    """Build the hierarchy of a graph.

    Args:
        tail: (arcs,) vertex left.
        head: (arcs,) vertex reached.
        xy_m: (vertices, 2) places.
        rank: Ranks to use, where they are known.
    """
    ranks = contraction_ranks(tail, head, xy_m) if rank is None else rank
    one, other = ranks[tail].astype(np.int64), ranks[head].astype(np.int64)
    low, high = np.minimum(one, other), np.maximum(one, other)
    count = len(xy_m)
    proper = low != high
    pairs = distinct(low[proper] * count + high[proper])
    first = np.searchsorted(pairs, np.arange(count + 1) * count)
    start, filled_head, parent = _complete(first, (pairs % max(count, 1)).astype(np.int32))
    shortcut_head = filled_head.copy()
    keys = np.repeat(np.arange(count), np.diff(start)) * count + shortcut_head
    slot = np.where(proper, np.searchsorted(keys, low * count + high), -1)
    return Hierarchy(
        rank=ranks,
        start=start,
        head=shortcut_head,
        parent=parent,
        slot=slot.astype(np.int64),
        is_up=one < other,
    )


@numba.njit(cache=True)
def _complete(first: Longs, higher: Ints) -> tuple[Longs, Ints, Ints]:
    """Add to each vertex the higher ends of its children, so that every triangle is closed."""
    count = len(first) - 1
    parent = np.full(count, count, np.int32)
    eldest = np.full(count, -1, np.int32)
    sibling = np.full(count, -1, np.int32)
    mark = np.full(count, -1, np.int32)
    start = np.zeros(count + 1, np.int64)
    head = np.empty(8 * len(higher) + 16, np.int32)
    filled = 0
    for vertex in range(count):
        begin = filled
        mark[vertex] = vertex
        if filled + count > len(head):
            longer = np.empty(2 * len(head) + count, np.int32)
            for slot in range(filled):
                longer[slot] = head[slot]
            head = longer
        for slot in range(first[vertex], first[vertex + 1]):
            mark[higher[slot]] = vertex
            head[filled] = higher[slot]
            filled += 1
        child = eldest[vertex]
        while child >= 0:
            for slot in range(start[child], start[child + 1]):
                if mark[head[slot]] != vertex:
                    mark[head[slot]] = vertex
                    head[filled] = head[slot]
                    filled += 1
            child = sibling[child]
        start[vertex + 1] = filled
        if filled > begin:
            _sort_few(head, begin, filled)
            above = head[begin]
            parent[vertex] = above
            sibling[vertex] = eldest[above]
            eldest[above] = vertex
    return start, head[:filled], parent


@numba.njit(cache=True)
def _sort_few(values: Ints, begin: int, end: int) -> None:
    for at in range(begin + 1, end):
        value, slot = values[at], at
        while slot > begin and values[slot - 1] > value:
            values[slot] = values[slot - 1]
            slot -= 1
        values[slot] = value


def customise(hierarchy: Hierarchy, weight: Longs) -> WeightedHierarchy:
    """Give a hierarchy the weights of its graph's arcs.

    Args:
        hierarchy: Of the graph.
        weight: (arcs,) packed costs.
    """
    up = np.full(len(hierarchy.head), ABSENT, np.int64)
    down = up.copy()
    real = hierarchy.slot >= 0
    for side, is_here in ((up, hierarchy.is_up), (down, ~hierarchy.is_up)):
        here = np.flatnonzero(real & is_here)
        np.minimum.at(side, hierarchy.slot[here], weight[here])
    _lower_triangles(hierarchy.start, hierarchy.head, up, down)
    is_up_kept, is_down_kept = up < ABSENT, down < ABSENT
    _perfect(hierarchy.start, hierarchy.head, (up, down), (is_up_kept, is_down_kept))
    return WeightedHierarchy(
        rank=hierarchy.rank,
        parent=hierarchy.parent,
        up=_kept(hierarchy, up, is_up_kept),
        down=_kept(hierarchy, down, is_down_kept),
    )


@numba.njit(cache=True, nogil=True)
def _lower_triangles(start: Longs, head: Ints, up: Longs, down: Longs) -> None:
    """Lower each weight to the best way through lower vertices."""
    for vertex in range(len(start) - 1):
        for one in range(start[vertex], start[vertex + 1]):
            opposite = start[head[one]]
            to_one, from_one = down[one], up[one]
            for other in range(one + 1, start[vertex + 1]):
                while head[opposite] != head[other]:
                    opposite += 1
                up[opposite] = min(up[opposite], to_one + up[other])
                down[opposite] = min(down[opposite], down[other] + from_one)


@numba.njit(cache=True, nogil=True)
def _perfect(
    start: Longs,
    head: Ints,
    weights: tuple[Longs, Longs],
    keeps: tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]],
) -> None:
    """Lower each weight to the true distance, and keep only the arcs that had it already."""
    up, down = weights
    keep_up, keep_down = keeps
    for vertex in range(len(start) - 2, -1, -1):
        for one in range(start[vertex], start[vertex + 1]):
            between = start[head[one]]
            for other in range(one + 1, start[vertex + 1]):
                while head[between] != head[other]:
                    between += 1
                if up[other] + down[between] < up[one]:
                    up[one] = up[other] + down[between]
                    keep_up[one] = False
                if up[one] + up[between] < up[other]:
                    up[other] = up[one] + up[between]
                    keep_up[other] = False
                if up[between] + down[other] < down[one]:
                    down[one] = up[between] + down[other]
                    keep_down[one] = False
                if down[between] + down[one] < down[other]:
                    down[other] = down[between] + down[one]
                    keep_down[other] = False


def _kept(
    hierarchy: Hierarchy, weight: Longs, keep: npt.NDArray[np.bool_]
) -> tuple[Longs, Ints, Longs]:
    kept_before = np.concatenate(([0], np.cumsum(keep)))
    return kept_before[hierarchy.start].astype(np.int64), hierarchy.head[keep], weight[keep]
