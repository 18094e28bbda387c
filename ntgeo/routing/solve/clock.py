"""How much time and work there is."""

from __future__ import annotations

import time
from typing import Final

from ntgeo.domain.solving import SolveLimits

__all__ = ["CUT_SHORT", "LONGEST_LOADING_S", "Clock"]

CUT_SHORT: Final = ", cut short by the time limit"
_TELLING_S: Final = 0.5
_TELLING_SHARE: Final = 0.025
"""Of the limit, kept for what overruns a turn and for telling the last plan."""
LONGEST_LOADING_S: Final = 3.0
"""What loading code takes at most; beyond it, a machine's first run compiles, which is free."""


class Clock:
    """The time limit of a search, and its steps.

    Args:
        limits: Time limit, seed and cores.
        asked_at: Moment of :func:`time.monotonic` when the question was asked.
        uses_all_time: Whether to search until the limit; a run may then differ from the next.
            Otherwise the question and the limit say how many steps are taken.
    """

    def __init__(
        self, limits: SolveLimits, asked_at: float | None = None, *, uses_all_time: bool = False
    ) -> None:
        self.limits, self.uses_all_time = limits, uses_all_time
        self.asked_at = time.monotonic() if asked_at is None else asked_at
        self.deadline = self.asked_at + limits.time_limit_s
        self.has_started = False

    def start(self) -> None:
        """Begin to search: all is loaded and compiled, and there is a first plan."""
        self.has_started = True
        self.deadline = time.monotonic() + self.searching_s

    @property
    def searching_s(self) -> float:
        """Seconds that a search may take if it begins now; never below 0."""
        loading_s = min(LONGEST_LOADING_S, time.monotonic() - self.asked_at)
        limit_s = self.limits.time_limit_s
        telling_s = min(max(_TELLING_S, _TELLING_SHARE * limit_s), limit_s / 4)
        return max(0.0, limit_s - telling_s - loading_s)

    @property
    def left_s(self) -> float:
        """Seconds until the deadline; never below 0."""
        return max(0.0, self.deadline - time.monotonic())

    @property
    def cut_short(self) -> str:
        """What the method says if fewer steps were taken than meant."""
        is_late = not self.uses_all_time and self.left_s == 0.0
        return CUT_SHORT if is_late else ""
