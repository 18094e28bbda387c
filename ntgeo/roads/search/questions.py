"""A question of many times, answered block by block of its origins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from ntgeo.domain.matrix import TravelMode
from ntgeo.progress import SILENT, Progress
from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.search.dijkstra import ABSENT
from ntgeo.roads.search.engine import row_search
from ntgeo.roads.search.entries import DirectWays, Entries, arrivals, departures, direct_ways
from ntgeo.roads.search.snapping import OFF_ROAD, PlacesToSnap, SnappedPlaces, snap_places
from ntgeo.roads.search.threads import in_order

__all__ = [
    "MODE_WORDS",
    "TimesQuestion",
    "answer_blocks",
    "ask_times",
    "known_pairs",
    "method_of",
    "unpack",
    "unpack_into",
]

Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

MODE_WORDS: Final = {
    TravelMode.CAR: "by car",
    TravelMode.BICYCLE: "by bicycle",
    TravelMode.FOOT: "on foot",
}
_LENGTH_BITS: Final = (1 << 32) - 1
_MS_PER_S: Final = 1000.0
_CM_PER_M: Final = 100.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimesQuestion:
    """Origins and destinations on the roads, and the pairs that need no search.

    Args:
        network: The roads.
        starts: Origins.
        ends: Destinations.
        leaving: Where origins enter the search graph.
        arriving: Where destinations are left.
        direct: Ways along one link, by origin ascending.
        same_row: Origins that lie where a destination lies, ascending.
        same_column: That destination.
    """

    network: RoadNetwork
    starts: SnappedPlaces
    ends: SnappedPlaces
    leaving: Entries
    arriving: Entries
    direct: DirectWays
    same_row: Longs
    same_column: Longs


def method_of(network: RoadNetwork) -> str:
    """Return how times on a network come about, in words."""
    when = ", between the peaks" if network.mode is TravelMode.CAR else ""
    if network.departs_at is not None:
        when = f", leaving at {network.departs_at:%H:%M}"
    return f"road network, {MODE_WORDS[network.mode]}{when}"


def ask_times(
    network: RoadNetwork,
    origins: PlacesToSnap,
    destinations: PlacesToSnap,
    *,
    snap_limit_m: float,
) -> TimesQuestion:
    """Snap the places; arguments as for :func:`ntgeo.roads.answers.times.travel_times`."""
    starts = snap_places(network, origins, snap_limit_m=snap_limit_m)
    ends = snap_places(network, destinations, snap_limit_m=snap_limit_m)
    same_row, same_column = _same_place(starts, ends)
    return TimesQuestion(
        network=network,
        starts=starts,
        ends=ends,
        leaving=departures(network, starts),
        arriving=arrivals(network, ends),
        direct=direct_ways(network, starts, ends),
        same_row=same_row,
        same_column=same_column,
    )


def _same_place(starts: SnappedPlaces, ends: SnappedPlaces) -> tuple[Longs, Longs]:
    columns_of: dict[tuple[float, ...], list[int]] = {}
    for column, place in enumerate(ends.place_xy_m.tolist()):
        if ends.link[column] != OFF_ROAD:
            columns_of.setdefault(tuple(place), []).append(column)
    pairs = [
        (row, column)
        for row, place in enumerate(starts.place_xy_m.tolist())
        if starts.link[row] != OFF_ROAD
        for column in columns_of.get(tuple(place), ())
    ]
    both = np.array(pairs, np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def known_pairs(question: TimesQuestion) -> tuple[Longs, Longs, Longs]:
    """Return ``start`` (origins + 1,), destination and cost of the pairs that need no search."""
    direct = question.direct
    row = np.concatenate([direct.origin, question.same_row])
    column = np.concatenate([direct.destination, question.same_column])
    cost = np.concatenate([direct.cost, np.zeros(len(question.same_row), np.int64)])
    order = np.argsort(row, kind="stable")
    many = np.bincount(row, minlength=len(question.starts.ids))
    return np.concatenate(([0], np.cumsum(many))).astype(np.int64), column[order], cost[order]


def answer_blocks(
    question: TimesQuestion,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    progress: Progress = SILENT,
) -> Iterator[tuple[int, Longs]]:
    """Yield the first row and the packed costs, (rows, destinations), of each block, in order.

    Args:
        question: What is asked.
        workers: Threads; at most one block more than threads is held at a time.
        scheduler: Address of a Dask scheduler whose workers search instead of threads.
        progress: Told the origins done.

    Raises:
        CancelledError: The user stopped.
        DataUnavailableError: The Dask cluster cannot be used.
    """
    count = len(question.starts.ids)
    search = row_search(question.network, question.arriving, count)
    progress.stage(f"Travel times {MODE_WORDS[question.network.mode]}", count)
    if scheduler is not None:
        from ntgeo.roads.search.cluster import rows_on_cluster  # noqa: PLC0415 - needs Dask

        blocks = rows_on_cluster(search, question.leaving, scheduler, progress=progress)
    else:
        blocks = in_order(
            lambda first, end: search.rows(question.leaving.rows(first, end)),
            count,
            workers=workers,
            progress=progress,
        )
    for first, packed in blocks:
        _put_direct(question, first, packed)
        yield first, packed


def _put_direct(question: TimesQuestion, first: int, packed: Longs) -> None:
    """Lower the costs of pairs joined along one link, and set those of one place to 0."""
    direct = question.direct
    low, high = np.searchsorted(direct.origin, [first, first + len(packed)])
    pairs = (direct.origin[low:high] - first, direct.destination[low:high])
    np.minimum.at(packed, pairs, direct.cost[low:high])
    low, high = np.searchsorted(question.same_row, [first, first + len(packed)])
    packed[question.same_row[low:high] - first, question.same_column[low:high]] = 0


def unpack(packed: Longs) -> tuple[Floats, Floats]:
    """Return seconds and metres, read-only; NaN where there is no way."""
    time_s, distance_m = np.empty(packed.shape), np.empty(packed.shape)
    unpack_into(packed.ravel(), time_s.ravel(), distance_m.ravel())
    time_s.setflags(write=False)
    distance_m.setflags(write=False)
    return time_s, distance_m


@numba.njit(cache=True, nogil=True)
def unpack_into(packed: Longs, time_s: Floats, distance_m: Floats) -> None:
    """Fill seconds and metres from packed costs, all of one length; NaN where there is no way."""
    for at in range(len(packed)):
        cost = packed[at]
        if cost >= ABSENT:
            time_s[at] = distance_m[at] = np.nan
        else:
            time_s[at] = (cost >> 32) / _MS_PER_S
            distance_m[at] = (cost & _LENGTH_BITS) / _CM_PER_M
