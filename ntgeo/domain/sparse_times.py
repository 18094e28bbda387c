"""Travel times of only those pairs that matter: the nearest, or those within a limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ntgeo.domain.matrix import (
    UNTOLD_RANGE,
    TimeRange,
    TravelMode,
    TravelTimeMatrix,
    frozen_floats,
)

__all__ = ["SparseTravelTimes", "TravelTimes", "least_absent_s"]

Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def least_absent_s(
    row_start: Longs, time_s: Floats, *, k: int | None = None, limit_s: float | None = None
) -> Floats:
    """Return (origins,) the least time that a pair which was not asked for can take.

    Args:
        row_start: (origins + 1,) where the pairs of each origin start.
        time_s: (pairs,) seconds, nearest first.
        k: Only so many nearest pairs of each origin were asked for; a further one takes at least as
            long as the last.
        limit_s: Only pairs that take no longer were asked for; a further one takes longer.
    """
    counts = np.diff(row_start)
    longest_s = np.inf if limit_s is None else max(limit_s, float(time_s.max(initial=0.0)))
    least = np.full(len(counts), np.nextafter(longest_s, np.inf))
    if k is not None:
        full = np.flatnonzero(counts >= k)
        least[full] = np.minimum(least[full], time_s[row_start[full + 1] - 1])
    return least


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SparseTravelTimes:
    """Travel times and distances of some pairs of origins and destinations.

    The pairs of an origin stand together, nearest destination first: by time, then distance, then
    the order of the destinations. A pair that was not asked for, or that no way joins, is absent;
    ``beyond_s`` tells the two apart.

    Args:
        origins: Ids of the origins, unique.
        destinations: Ids of the destinations, unique.
        row_start: (origins + 1,) where the pairs of each origin start.
        column: (pairs,) number of the destination.
        time_s: (pairs,) seconds.
        distance_m: (pairs,) metres along the fastest way.
        beyond_s: (origins,) an absent pair takes at least so long, if there is a way at all;
            infinite where every way stands here.
        mode: How people travel.
        method: How the figures came about, in words.
        time_range: How far a journey may lie from its central time.
    """

    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    row_start: Longs
    column: Longs
    time_s: Floats
    distance_m: Floats
    beyond_s: Floats
    mode: TravelMode
    method: str
    time_range: TimeRange = UNTOLD_RANGE

    def __post_init__(self) -> None:
        """Check shapes, ids and values, and make the arrays read-only."""
        for side, ids in (("origin", self.origins), ("destination", self.destinations)):
            if len(set(ids)) != len(ids):
                msg = f"id of one {side} stands twice in the sparse travel times"
                raise ValueError(msg)
        for name in ("row_start", "column"):
            numbers = np.array(getattr(self, name), np.int64)
            numbers.setflags(write=False)
            object.__setattr__(self, name, numbers)
        for name in ("time_s", "distance_m"):
            array = frozen_floats(getattr(self, name))
            if array.shape != self.column.shape or not (np.isfinite(array) & (array >= 0)).all():
                msg = f"{name} needs one finite number, 0 or more, for each pair"
                raise ValueError(msg)
            object.__setattr__(self, name, array)
        start = self.row_start
        is_whole = len(start) == len(self.origins) + 1 and start[0] == 0
        if not is_whole or (np.diff(start) < 0).any() or start[-1] != len(self.column):
            msg = "row_start does not share the pairs out among the origins"
            raise ValueError(msg)
        if ((self.column < 0) | (self.column >= len(self.destinations))).any():
            msg = "column holds a number that is no destination's"
            raise ValueError(msg)
        for misfit in self._misfits_of_order():
            raise ValueError(misfit)

    def _misfits_of_order(self) -> list[str]:
        beyond_s, first = frozen_floats(self.beyond_s), np.zeros(len(self.column) + 1, np.bool_)
        object.__setattr__(self, "beyond_s", beyond_s)
        if beyond_s.shape != (len(self.origins),) or not (beyond_s >= 0).all():
            return ["beyond_s needs one number, 0 or more, for each origin"]
        first[self.row_start] = True
        place = np.sort(self.row * len(self.destinations) + self.column)
        checks = [
            ((np.diff(self.time_s) < 0) & ~first[1:-1], "pairs of an origin are not nearest first"),
            (self.time_s > beyond_s[self.row], "a pair takes longer than beyond_s of its origin"),
            (place[1:] == place[:-1], "a pair stands twice"),
        ]
        return [message for is_wrong, message in checks if is_wrong.any()]

    @property
    def row(self) -> Longs:
        """(pairs,) number of the origin."""
        return np.repeat(np.arange(len(self.origins)), np.diff(self.row_start))

    @property
    def counts(self) -> Longs:
        """(origins,) how many pairs each origin has."""
        return np.diff(self.row_start)

    @property
    def nearest(self) -> dict[str, str]:
        """The nearest destination of each origin that has one."""
        has_one = np.flatnonzero(self.counts)
        first = self.column[self.row_start[has_one]]
        return {
            self.origins[row]: self.destinations[column]
            for row, column in zip(has_one.tolist(), first.tolist(), strict=True)
        }

    def select(self, origins: Sequence[str], destinations: Sequence[str]) -> SparseTravelTimes:
        """Return the part between the given ids, in the given order.

        Raises:
            KeyError: An id is not among the origins or destinations.
        """
        row_of = {place: row for row, place in enumerate(self.origins)}
        column_of = {place: column for column, place in enumerate(self.destinations)}
        rows = np.fromiter((row_of[place] for place in origins), np.int64, len(origins))
        columns = np.fromiter((column_of[p] for p in destinations), np.int64, len(destinations))
        renumbered = np.full(len(self.destinations), -1)
        renumbered[columns] = np.arange(len(columns))
        pairs, row = self._pairs_of(rows)
        kept = renumbered[self.column[pairs]] >= 0
        pairs, row = pairs[kept], row[kept]
        column = renumbered[self.column[pairs]]
        if (np.diff(columns) < 0).any():
            order = np.lexsort((column, self.distance_m[pairs], self.time_s[pairs], row))
            pairs, column = pairs[order], column[order]
        counts = np.bincount(row, minlength=len(rows))
        return replace(
            self,
            origins=tuple(origins),
            destinations=tuple(destinations),
            row_start=np.concatenate([[0], np.cumsum(counts)]),
            column=column,
            time_s=self.time_s[pairs],
            distance_m=self.distance_m[pairs],
            beyond_s=self.beyond_s[rows],
        )

    def _pairs_of(self, rows: Longs) -> tuple[Longs, Longs]:
        """Return the pairs of some origins one after the other, and the place of each in rows."""
        counts = self.counts[rows]
        row = np.repeat(np.arange(len(rows)), counts)
        within = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
        return self.row_start[rows][row] + within, row

    def of_pairs(self, rows: Longs, columns: Longs) -> tuple[Floats, Floats]:
        """Return (k,) seconds and metres of some pairs; NaN where a pair is absent.

        Args:
            rows: (k,) numbers of origins.
            columns: (k,) numbers of destinations.
        """
        pairs, place = self._pairs_of(np.asarray(rows, np.int64))
        found = self.column[pairs] == np.asarray(columns, np.int64)[place]
        time_s, distance_m = np.full((2, len(rows)), np.nan)
        time_s[place[found]] = self.time_s[pairs[found]]
        distance_m[place[found]] = self.distance_m[pairs[found]]
        return time_s, distance_m

    def times_to(self, columns: Longs) -> Floats:
        """Return (origins, k) seconds to some destinations; NaN where a pair is absent."""
        place = np.full(len(self.destinations), -1)
        place[columns] = np.arange(len(columns))
        found = np.flatnonzero(place[self.column] >= 0)
        time_s = np.full((len(self.origins), len(columns)), np.nan)
        time_s[self.row[found], place[self.column[found]]] = self.time_s[found]
        return time_s

    def nearest_among(self, columns: Longs) -> Longs:
        """Return (origins,) the nearest of some destinations by time, then number; -1 for none."""
        is_asked = np.zeros(len(self.destinations), np.bool_)
        is_asked[columns] = True
        found = np.flatnonzero(is_asked[self.column])
        row, column, time_s = self.row[found], self.column[found], self.time_s[found]
        least_s = np.full(len(self.origins), np.inf)
        np.minimum.at(least_s, row, time_s)
        nearest = np.full(len(self.origins), len(self.destinations))
        is_least = time_s == least_s[row]
        np.minimum.at(nearest, row[is_least], column[is_least])
        return np.where(nearest < len(self.destinations), nearest, -1)

    def times_from(self, row: int) -> Floats:
        """Return (destinations,) seconds from one origin; NaN where a pair is absent."""
        pairs = slice(self.row_start[row], self.row_start[row + 1])
        time_s = np.full(len(self.destinations), np.nan)
        time_s[self.column[pairs]] = self.time_s[pairs]
        return time_s

    def absent_from_s(self, row: int) -> float:
        """Return the least time from an origin to a destination that has no pair with it."""
        return float(self.beyond_s[row])


TravelTimes: TypeAlias = TravelTimeMatrix | SparseTravelTimes
"""Of every pair, or of those that matter."""
