"""When siting work must end: at the time limit, or when the user stops it."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Final

from ntgeo.progress import SILENT, Progress

__all__ = ["ENDLESS", "Clock"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Asked by every loop whether to go on.

    Args:
        ends_at: Seconds since the epoch, which all processes share.
        progress: Asked whether the user stopped.
    """

    ends_at: float
    progress: Progress = SILENT

    def left_s(self, share: float = 1.0) -> float:
        """Return a share of the seconds left; never below 0."""
        return max(0.0, self.ends_at - time.time()) * share

    def is_up(self) -> bool:
        """Whether to stop now."""
        return time.time() >= self.ends_at or self.progress.is_cancelled()

    def part(self, share: float) -> Clock:
        """Return a clock for the first part of the time left."""
        return Clock(ends_at=time.time() + self.left_s(share), progress=self.progress)


ENDLESS: Final = Clock(ends_at=math.inf)
"""Never up."""
