"""Journeys whose times somebody measured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

import numpy as np
import numpy.typing as npt

from ntgeo.domain.matrix import frozen_floats

__all__ = ["ObservedTimes"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ObservedTimes:
    """Observed journeys, one a row.

    Args:
        file: Where they come from, for messages.
        origin_xy_m: (journeys, 2) easting and northing, British National Grid.
        destination_xy_m: The same.
        departs_at: Local time of each departure.
        day: Day of each departure; ``None`` where only the time is known.
        time_s: (journeys,) seconds from door to door, above 0.
        notes: What was read leniently.
    """

    file: str
    origin_xy_m: npt.NDArray[np.float64]
    destination_xy_m: npt.NDArray[np.float64]
    departs_at: tuple[time, ...]
    day: tuple[date | None, ...]
    time_s: npt.NDArray[np.float64]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check that the parts fit together, and make the arrays read-only."""
        count = len(self.departs_at)
        for name, shape in (
            ("origin_xy_m", (count, 2)),
            ("destination_xy_m", (count, 2)),
            ("time_s", (count,)),
        ):
            array = frozen_floats(getattr(self, name))
            if array.shape != shape or not np.isfinite(array).all():
                msg = f"{name} must be finite and of shape {shape}; its shape is {array.shape}"
                raise ValueError(msg)
            object.__setattr__(self, name, array)
        if len(self.day) != count or (self.time_s <= 0).any():
            msg = "each journey needs a day (or None) and a time above 0"
            raise ValueError(msg)

    def __len__(self) -> int:
        """Return how many journeys there are."""
        return len(self.departs_at)
