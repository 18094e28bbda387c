"""How far one gets: the roads reached within a time, and the area around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from ntgeo.progress import SILENT, Progress
from ntgeo.roads.answers.ground import Area, ground_of
from ntgeo.roads.answers.link_parts import cut_lines
from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.search.bounded import bounded_vertices
from ntgeo.roads.search.entries import Entries, departures, expand, walk_cost
from ntgeo.roads.search.near_pairs import packed_limit
from ntgeo.roads.search.snapping import OFF_ROAD, PlacesToSnap, SnappedPlaces, snap_places
from ntgeo.roads.search.threads import in_order

__all__ = ["reach_areas", "reach_bands"]

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

_MARGIN_M: Final = 40.0
_BLOCK_ORIGINS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Begun:
    """Arcs on which somebody sets out, at a share of their length, after some time.

    Args:
        arc: (begun,) number of the arc.
        share: (begun,) how far along it one starts, 0 to 1.
        at_ms: (begun,) milliseconds after leaving the place.
    """

    arc: Longs
    share: Floats
    at_ms: Floats


def reach_areas(  # noqa: PLR0913 - each is the caller's choice
    network: RoadNetwork,
    origins: PlacesToSnap,
    limits_s: Sequence[float],
    *,
    margin_m: float = _MARGIN_M,
    snap_limit_m: float = 1000.0,
    workers: int = 1,
    progress: Progress = SILENT,
) -> dict[str, tuple[Area, ...]]:
    """Return, for each origin and limit, the area around the roads reached from it (isochrone).

    Roads are cut exactly where the time is up. The walk from the origin to the road counts, that
    from the road to a door does not: the margin stands for it.

    Args:
        network: The roads and the mode.
        origins: Locations by id, in the network's CRS, or places already snapped.
        limits_s: Seconds; the areas come in this order.
        margin_m: How far from a reached road the area goes; holes of less than
            two hectares are filled.
        snap_limit_m: An origin farther than this from every road reaches nothing.
        workers: Threads.
        progress: Told the origins done.

    Returns:
        Polygons by origin, in the network's CRS; empty where nothing is reached.

    Raises:
        ValueError: A limit is below 0 or not a number.
        CancelledError: The user stopped.
    """
    limit = _greatest(limits_s)
    snapped = snap_places(network, origins, snap_limit_m=snap_limit_m)
    leaving = departures(network, snapped)
    count = len(snapped.ids)

    def work(first: int, end: int) -> list[tuple[Area, ...]]:
        begun = _begun(network, leaving.rows(first, end), limit)
        return [
            _areas(
                network, _with_own(network, snapped, [row], begun[row - first]), limits_s, margin_m
            )
            for row in range(first, end)
        ]

    progress.stage("Reach", count)
    areas: list[tuple[Area, ...]] = []
    for _, done in in_order(
        work, count, workers=workers, progress=progress, block_rows=_BLOCK_ORIGINS
    ):
        areas += done
    return dict(zip(snapped.ids, areas, strict=True))


def reach_bands(
    network: RoadNetwork,
    origins: PlacesToSnap,
    limits_s: Sequence[float],
    *,
    margin_m: float = _MARGIN_M,
    snap_limit_m: float = 1000.0,
) -> tuple[Area, ...]:
    """Return, for each limit, the area that some origin reaches by then, but none reaches before.

    One search from all origins; the bands do not overlap.

    Args:
        network: The roads and the mode.
        origins: Locations by id, in the network's CRS, or places already snapped.
        limits_s: Seconds, ascending.
        margin_m: As for :func:`reach_areas`.
        snap_limit_m: An origin farther than this from every road reaches nothing.

    Raises:
        ValueError: A limit is below 0 or not a number, or they do not ascend.
    """
    if any(after <= before for before, after in pairwise(limits_s)):
        msg = f"limits {', '.join(f'{limit:g}' for limit in limits_s)} s do not ascend"
        raise ValueError(msg)
    snapped = snap_places(network, origins, snap_limit_m=snap_limit_m)
    leaving = departures(network, snapped)
    together = Entries(
        start=np.array([0, len(leaving.vertex)]),
        vertex=leaving.vertex,
        cost=leaving.cost,
        arc=leaving.arc,
    )
    (begun,) = _begun(network, together, _greatest(limits_s))
    begun = _with_own(network, snapped, range(len(snapped.ids)), begun)
    areas = _areas(network, begun, limits_s, margin_m)
    inner = (shapely.Polygon(), *areas)
    return tuple(shapely.difference(area, less) for less, area in zip(inner, areas, strict=False))


def _greatest(limits_s: Sequence[float]) -> int:
    return max((packed_limit(limit_s) for limit_s in limits_s), default=-1)


def _begun(network: RoadNetwork, leaving: Entries, limit: int) -> list[_Begun]:
    """Return, for each origin, the arcs begun at their tails, and a few begun too late."""
    arcs = network.arcs
    start, vertex, cost = bounded_vertices(network.search_graph.as_tuple, leaving.as_tuple, limit)
    found = []
    for low, high in pairwise(start.tolist()):
        at_ms = (cost[low:high] >> 32).astype(float)
        if network.turns is None:
            index, arc = expand(arcs.start, vertex[low:high])
            at_ms = at_ms[index]
        else:
            arc = vertex[low:high]
            at_ms = at_ms - arcs.time_ms[arc]
        is_open = network.is_open[arc]
        arc, at_ms = arc[is_open], at_ms[is_open]
        found.append(_Begun(arc=arc, share=np.zeros(len(arc)), at_ms=at_ms))
    return found


def _with_own(
    network: RoadNetwork, snapped: SnappedPlaces, rows: Sequence[int], begun: _Begun
) -> _Begun:
    """Add the arcs on which the origins themselves lie."""
    own = np.array([row for row in rows if snapped.link[row] != OFF_ROAD], np.int64)
    arc = network.link_arcs[snapped.link[own]].astype(np.int64)
    share = np.column_stack([snapped.share[own], 1.0 - snapped.share[own]])
    walk_ms = np.repeat((walk_cost(snapped)[own] >> 32).astype(float)[:, None], 2, axis=1)
    is_open = (arc >= 0) & network.is_open[arc]
    return _Begun(
        arc=np.concatenate([begun.arc, arc[is_open]]),
        share=np.concatenate([begun.share, share[is_open]]),
        at_ms=np.concatenate([begun.at_ms, walk_ms[is_open]]),
    )


def _areas(
    network: RoadNetwork, begun: _Begun, limits_s: Sequence[float], margin_m: float
) -> tuple[Area, ...]:
    return tuple(_area(network, begun, 1000.0 * limit_s, margin_m) for limit_s in limits_s)


def _area(network: RoadNetwork, begun: _Begun, limit_ms: float, margin_m: float) -> Area:
    """Return the ground around the roads reached within a limit, cut where the time is up."""
    arcs = network.arcs
    rows = np.flatnonzero(begun.at_ms <= limit_ms)
    arc, first = begun.arc[rows], begun.share[rows]
    duration_ms = np.maximum(arcs.time_ms[arc].astype(float), 1e-9)
    last = np.minimum(first + (limit_ms - begun.at_ms[rows]) / duration_ms, 1.0)
    link = arcs.link[arc].astype(np.int64)
    is_whole = np.zeros(network.link_count, np.bool_)
    is_whole[link[(first <= 0) & (last >= 1)]] = True
    rest = np.flatnonzero(~is_whole[link])
    is_forward = arcs.is_forward[arc][rest]
    first, last = first[rest], last[rest]
    low = np.where(is_forward, first, 1.0 - last)
    high = np.where(is_forward, last, 1.0 - first)
    parts = cut_lines(network, link[rest], low, high)
    return ground_of(network, margin_m).around(np.flatnonzero(is_whole), parts)
