"""How many places are within reach: cumulative opportunities, and the time to the nearest."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ntgeo.domain.matrix import TimeRange
from ntgeo.domain.sparse_times import SparseTravelTimes
from ntgeo.progress import SILENT, Progress
from ntgeo.roads.answers.facilities import nearest_facility
from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.search.near_pairs import near_pairs, packed_limit
from ntgeo.roads.search.questions import ask_times
from ntgeo.roads.search.snapping import PlacesToSnap, SnappedPlaces, snap_places

__all__ = ["AccessCounts", "access_counts"]

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AccessCounts:
    """What each origin reaches within some times.

    Args:
        origins: Ids.
        limits_s: Seconds, in the order asked.
        counts: (origins, limits) how many destinations are within each limit.
        weights: (origins, limits) the sum of their weights; equal to the counts where none were
            given.
        nearest: The nearest destination of each origin that reaches any, with time and distance,
            however far.
    """

    origins: tuple[str, ...]
    limits_s: tuple[float, ...]
    counts: Longs
    weights: Floats
    nearest: SparseTravelTimes

    @property
    def nearest_s(self) -> Floats:
        """(origins,) seconds to the nearest destination; NaN where none is reached."""
        seconds = np.full(len(self.origins), np.nan)
        seconds[self.nearest.row] = self.nearest.time_s
        return seconds

    @property
    def time_range(self) -> TimeRange:
        """How far a journey may lie from its central time."""
        return self.nearest.time_range


def access_counts(  # noqa: PLR0913 - as travel_times, and what is counted
    network: RoadNetwork,
    origins: PlacesToSnap,
    destinations: PlacesToSnap,
    limits_s: Sequence[float],
    *,
    weights: Mapping[str, float] | None = None,
    snap_limit_m: float = 1000.0,
    workers: int = 1,
    progress: Progress = SILENT,
) -> AccessCounts:
    """Count the destinations within each time of each origin, without holding the whole matrix.

    Args:
        network: The roads and the mode.
        origins: Locations by id, in the network's CRS, or places already snapped.
        destinations: The same.
        limits_s: Seconds; a journey that takes exactly so long counts.
        weights: What each destination counts for, by id, such as its places; 1 unless given.
        snap_limit_m: A place farther than this from every road reaches nothing and is not reached.
        workers: Threads.
        progress: Told the origins done.

    Raises:
        ValueError: A limit or a weight is below 0 or not a number, or a weight is missing.
    """
    limits = np.array([packed_limit(limit_s) for limit_s in limits_s], np.int64)
    starts = snap_places(network, origins, snap_limit_m=snap_limit_m)
    ends = snap_places(network, destinations, snap_limit_m=snap_limit_m)
    weight = _weights_of(ends, weights)
    ranked = np.sort(limits)
    shape = (len(starts.ids), len(limits) + 1)
    counts, sums = np.zeros(shape, np.int64), np.zeros(shape)
    question = ask_times(network, starts, ends, snap_limit_m=snap_limit_m)
    most = int(limits.max(initial=-1))
    for first, found in near_pairs(question, limit=most, workers=workers, progress=progress):
        row = np.repeat(np.arange(len(found.start) - 1), np.diff(found.start)) + first
        cell = (row, np.searchsorted(ranked, found.cost))
        np.add.at(counts, cell, 1)
        np.add.at(sums, cell, weight[found.destination])
    back = np.searchsorted(ranked, limits)
    return AccessCounts(
        origins=starts.ids,
        limits_s=tuple(limits_s),
        counts=np.cumsum(counts, axis=1)[:, back],
        weights=np.cumsum(sums, axis=1)[:, back],
        nearest=nearest_facility(network, starts, ends),
    )


def _weights_of(ends: SnappedPlaces, weights: Mapping[str, float] | None) -> Floats:
    if weights is None:
        return np.ones(len(ends.ids))
    missing = sorted(set(ends.ids) - set(weights))
    if missing:
        msg = f"destination {missing[0]} has no weight"
        raise ValueError(msg)
    for place in ends.ids:
        if not 0 <= weights[place] < math.inf:
            msg = f"destination {place}: weight {weights[place]} is not a number of 0 or more"
            raise ValueError(msg)
    return np.array([weights[place] for place in ends.ids], float)
