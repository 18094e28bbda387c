"""Travel times to the nearest destinations, or to those within a limit, and to no others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ntgeo.domain.sparse_times import SparseTravelTimes, least_absent_s
from ntgeo.progress import SILENT, Progress
from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.search.near_pairs import near_pairs, packed_limit
from ntgeo.roads.search.questions import TimesQuestion, ask_times, method_of, unpack
from ntgeo.roads.search.snapping import PlacesToSnap

__all__ = ["nearest_destinations", "travel_times_within"]


def travel_times_within(  # noqa: PLR0913 - as travel_times, and how far
    network: RoadNetwork,
    origins: PlacesToSnap,
    destinations: PlacesToSnap,
    *,
    limit_s: float,
    snap_limit_m: float = 1000.0,
    workers: int = 1,
    progress: Progress = SILENT,
) -> SparseTravelTimes:
    """Return the times and distances of all pairs within a time limit.

    They are those of :func:`~ntgeo.roads.answers.times.travel_times`; but the whole matrix is never
    held, and a small limit costs little on any network.

    Args:
        network: The roads and the mode.
        origins: Locations by id, in the network's CRS, or places already snapped.
        destinations: The same.
        limit_s: Seconds, walks at both ends included; a pair that takes exactly so long counts.
        snap_limit_m: A place farther than this from every road has none.
        workers: Threads.
        progress: Told the origins done.

    Raises:
        ValueError: The limit is below 0 or not a number.
    """
    limit = packed_limit(limit_s)
    question = ask_times(network, origins, destinations, snap_limit_m=snap_limit_m)
    found = _collect(question, limit, None, workers, progress)
    beyond_s = least_absent_s(found.row_start, found.time_s, limit_s=limit_s)
    return replace(found, beyond_s=beyond_s)


def nearest_destinations(  # noqa: PLR0913 - as travel_times, and how many
    network: RoadNetwork,
    origins: PlacesToSnap,
    destinations: PlacesToSnap,
    *,
    k: int = 1,
    limit_s: float | None = None,
    snap_limit_m: float = 1000.0,
    workers: int = 1,
    progress: Progress = SILENT,
) -> SparseTravelTimes:
    """Return the times and distances from each origin to its ``k`` nearest destinations.

    Nearest is by time, then by distance, then by the order of the destinations. An origin that
    reaches fewer has fewer.

    Args:
        network: The roads and the mode.
        origins: Locations by id, in the network's CRS, or places already snapped.
        destinations: The same.
        k: How many, at least 1.
        limit_s: Seconds beyond which nothing counts; none unless given.
        snap_limit_m: A place farther than this from every road has none.
        workers: Threads.
        progress: Told the origins done.

    Raises:
        ValueError: ``k`` is below 1, or the limit below 0 or not a number.
    """
    if k < 1:
        msg = f"{k} nearest destinations were asked for; at least 1 is needed"
        raise ValueError(msg)
    limit = packed_limit(limit_s)
    question = ask_times(network, origins, destinations, snap_limit_m=snap_limit_m)
    found = _collect(question, limit, k, workers, progress)
    beyond_s = least_absent_s(found.row_start, found.time_s, k=k, limit_s=limit_s)
    return replace(found, beyond_s=beyond_s)


def _collect(
    question: TimesQuestion, limit: int, most: int | None, workers: int, progress: Progress
) -> SparseTravelTimes:
    counts = [np.zeros(1, np.int64)]
    columns, costs = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for _, found in near_pairs(
        question, limit=limit, most=most, workers=workers, progress=progress
    ):
        counts.append(np.diff(found.start))
        columns.append(found.destination)
        costs.append(found.cost)
    time_s, distance_m = unpack(np.concatenate(costs))
    return SparseTravelTimes(
        origins=question.starts.ids,
        destinations=question.ends.ids,
        row_start=np.cumsum(np.concatenate(counts)),
        column=np.concatenate(columns),
        time_s=time_s,
        distance_m=distance_m,
        beyond_s=np.full(len(question.starts.ids), np.inf),
        mode=question.network.mode,
        method=method_of(question.network),
        time_range=question.network.time_range,
    )
