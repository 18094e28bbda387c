"""Passes progress on, and remembers how long each stage took and what was noted."""

from __future__ import annotations

import time

from ntgeo.progress import Progress

__all__ = ["StageTimes"]


class StageTimes:
    """A progress that measures.

    Args:
        shown: Told everything too.
    """

    def __init__(self, shown: Progress) -> None:
        self._shown = shown
        self._name = ""
        self._since = time.monotonic()
        self._took_s: dict[str, float] = {}
        self.notes: list[str] = []

    def stage(self, name: str, total: int | None = None) -> None:
        """Start a stage."""
        self._close()
        self._name = name
        self._shown.stage(name, total)

    def advance(self, done: int) -> None:
        """Pass on."""
        self._shown.advance(done)

    def note(self, message: str) -> None:
        """Remember, and pass on."""
        self.notes.append(message)
        self._shown.note(message)

    def is_cancelled(self) -> bool:
        """Pass on."""
        return self._shown.is_cancelled()

    def finished(self) -> dict[str, float]:
        """Return seconds by stage, the last one closed."""
        self._close()
        self._name = ""
        return dict(self._took_s)

    def _close(self) -> None:
        now = time.monotonic()
        if self._name:
            self._took_s[self._name] = round(
                self._took_s.get(self._name, 0.0) + now - self._since, 3
            )
        self._since = now
