"""How long it takes from everywhere to everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time
from enum import StrEnum
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from ntgeo.domain.units import SECONDS_PER_MINUTE

__all__ = ["UNTOLD_RANGE", "TimeRange", "TravelMode", "TravelTimeMatrix", "frozen_floats"]

FloatArray = npt.NDArray[np.float64]


def frozen_floats(values: npt.ArrayLike) -> FloatArray:
    """Return ``values`` as a read-only, contiguous array in double precision.

    It is a copy, unless nobody can write to ``values`` any more.
    """
    if (
        isinstance(values, np.ndarray)
        and values.dtype == np.float64
        and values.base is None
        and values.flags.c_contiguous
        and not values.flags.writeable
    ):
        return values
    array = np.array(values, dtype=np.float64, order="C", copy=True)
    array.setflags(write=False)
    return array


class TravelMode(StrEnum):
    """How people or staff travel."""

    CAR = "car"
    BICYCLE = "bicycle"
    FOOT = "foot"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRange:
    """How far a journey may lie from its central time.

    Where it was calibrated, eight journeys in ten lie within it: the low end is the tenth, the high
    end the ninetieth percentile of observed over central time.

    Args:
        low_share: Low end over the central time; above 0, at most 1.
        high_share: High end over the central time; at least 1.
        source: Where the two come from, as a clause for people.
    """

    low_share: float
    high_share: float
    source: str

    def __post_init__(self) -> None:
        """Refuse a range that does not hold the central time."""
        if not (0 < self.low_share <= 1 <= self.high_share < float("inf")):
            msg = f"range {self.low_share} to {self.high_share} must hold 1 and be above 0"
            raise ValueError(msg)

    @property
    def is_told(self) -> bool:
        """Whether it says anything: low and high ends differ."""
        return self.low_share < self.high_share

    def reading(self, time_s: float) -> str:
        """Return a sentence that tells how a central time is to be read."""
        low, central, high = (
            f"{time_s * share / SECONDS_PER_MINUTE:.1f}"
            for share in (self.low_share, 1.0, self.high_share)
        )
        return (
            f"Times are estimates: read {central} minutes as {low} to {high} minutes "
            f"({self.source})."
        )


UNTOLD_RANGE: Final = TimeRange(low_share=1.0, high_share=1.0, source="no range was given")
"""Of times that came without one."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TravelTimeMatrix:
    """Travel times and distances, origins × destinations.

    An unreachable pair is absent: NaN in both arrays, and false in :attr:`is_reachable`. It is
    never 0, infinity or a large number.

    Args:
        origins: Ids of the rows, unique.
        destinations: Ids of the columns, unique.
        time_s: (origins, destinations) seconds; NaN where there is no way.
        distance_m: Same shape, metres along the fastest way.
        mode: How people travel.
        method: How the figures came about, in words for a map's legend, such as
            ``"road network"`` or ``"straight line × 1.3 at 20 km/h (no roads were used)"``.
        time_range: How far true times may lie from ``time_s``, which are central.
        departs_at: Local time whose traffic the times are for; ``None`` is between the peaks.
    """

    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    time_s: FloatArray
    distance_m: FloatArray
    mode: TravelMode
    method: str
    time_range: TimeRange = UNTOLD_RANGE
    departs_at: time | None = None

    def __post_init__(self) -> None:
        """Check shapes, ids and values, and make the arrays read-only."""
        shape = (len(self.origins), len(self.destinations))
        for side, ids in (("origin", self.origins), ("destination", self.destinations)):
            if len(set(ids)) != len(ids):
                msg = f"an {side} id stands twice in the travel-time matrix"
                raise ValueError(msg)
        for name in ("time_s", "distance_m"):
            array = frozen_floats(getattr(self, name))
            if array.shape != shape:
                msg = f"{name} has shape {array.shape}; {shape} is needed"
                raise ValueError(msg)
            least = np.fmin.reduce(array, axis=None, initial=0.0)
            most = np.fmax.reduce(array, axis=None, initial=0.0)
            if least < 0 or most == np.inf:
                msg = f"{name} holds a negative or infinite value; an unreachable pair is NaN"
                raise ValueError(msg)
            object.__setattr__(self, name, array)
        if (np.isnan(self.time_s) != np.isnan(self.distance_m)).any():
            msg = "time_s and distance_m disagree about which pairs are reachable"
            raise ValueError(msg)

    @classmethod
    def from_arrays(
        cls,
        time_s: npt.ArrayLike,
        *,
        origins: Sequence[str],
        destinations: Sequence[str],
        distance_m: npt.ArrayLike | None = None,
        mode: TravelMode = TravelMode.CAR,
        method: str = "supplied by the analyst",
    ) -> Self:
        """Build a matrix of your own.

        Args:
            time_s: (origins, destinations) seconds; NaN where there is no way.
            origins: Ids of the rows.
            destinations: Ids of the columns.
            distance_m: Metres; without it distances are told as 0.
            mode: How people travel.
            method: How the figures came about, in words.

        Raises:
            ValueError: Shapes or values cannot be.
        """
        times = np.asarray(time_s, dtype=np.float64)
        distances = np.where(np.isnan(times), np.nan, 0.0) if distance_m is None else distance_m
        return cls(
            origins=tuple(origins),
            destinations=tuple(destinations),
            time_s=times,
            distance_m=np.asarray(distances, dtype=np.float64),
            mode=mode,
            method=method,
        )

    @property
    def is_reachable(self) -> npt.NDArray[np.bool_]:
        """(origins, destinations) true where there is a way."""
        return ~np.isnan(self.time_s)

    @property
    def at_low(self) -> TravelTimeMatrix:
        """The same journeys at the low end of the range."""
        return self._scaled(self.time_range.low_share, "low")

    @property
    def at_high(self) -> TravelTimeMatrix:
        """The same journeys at the high end of the range."""
        return self._scaled(self.time_range.high_share, "high")

    def _scaled(self, share: float, end: str) -> TravelTimeMatrix:
        return replace(
            self,
            time_s=self.time_s * share,
            method=f"{self.method}, {end} end of the range",
            time_range=UNTOLD_RANGE,
        )

    def select(self, origins: Sequence[str], destinations: Sequence[str]) -> TravelTimeMatrix:
        """Return the part between the given ids, in the given order.

        Raises:
            KeyError: An id is not in the matrix.
        """
        row_of = {place: row for row, place in enumerate(self.origins)}
        column_of = {place: column for column, place in enumerate(self.destinations)}
        rows = np.fromiter((row_of[place] for place in origins), np.intp, len(origins))
        columns = np.fromiter((column_of[p] for p in destinations), np.intp, len(destinations))
        part = np.ix_(rows, columns)
        return replace(
            self,
            origins=tuple(origins),
            destinations=tuple(destinations),
            time_s=self.time_s[part],
            distance_m=self.distance_m[part],
        )

    def of_pairs(
        self, rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64]
    ) -> tuple[FloatArray, FloatArray]:
        """Return (k,) seconds and metres of some pairs; NaN where there is no way.

        Args:
            rows: (k,) numbers of origins.
            columns: (k,) numbers of destinations.
        """
        return self.time_s[rows, columns], self.distance_m[rows, columns]

    def times_to(self, columns: npt.NDArray[np.int64]) -> FloatArray:
        """Return (origins, k) seconds to some destinations; NaN where there is no way."""
        time_s: FloatArray = self.time_s[:, columns]
        return time_s

    def nearest_among(self, columns: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return (origins,) the nearest of some destinations by time, then number; -1 for none."""
        asked = np.sort(columns)
        if not len(asked):
            return np.full(len(self.origins), -1)
        time_s = self.time_s[:, asked]
        first = np.argmin(np.where(np.isnan(time_s), np.inf, time_s), axis=1)
        is_reached = ~np.isnan(time_s[np.arange(len(first)), first])
        return np.where(is_reached, asked[first], -1)

    def times_from(self, row: int) -> FloatArray:
        """Return (destinations,) seconds from one origin; NaN where there is no way."""
        time_s: FloatArray = self.time_s[row]
        return time_s

    def absent_from_s(self, _row: int) -> float:
        """Return the least time from an origin to a destination without a way: infinite."""
        return float("inf")
