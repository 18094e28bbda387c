"""Travel times of only those pairs that matter: the nearest, or those within a limit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ntgeo.domain.matrix import UNTOLD_RANGE, TimeRange, TravelMode, frozen_floats

__all__ = ["SparseTravelTimes"]

Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SparseTravelTimes:
    """Travel times and distances of some pairs of origins and destinations.

    The pairs of an origin stand together, nearest destination first: by time, then distance, then
    the order of the destinations. A pair that was not asked for, or that no way joins, is absent.

    Args:
        origins: Ids of the origins, unique.
        destinations: Ids of the destinations, unique.
        row_start: (origins + 1,) where the pairs of each origin start.
        column: (pairs,) number of the destination.
        time_s: (pairs,) seconds.
        distance_m: (pairs,) metres along the fastest way.
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
