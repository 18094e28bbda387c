"""Times of day at which something may happen."""

from __future__ import annotations

from ntgeo.domain.routing import TimeWindow

__all__ = ["joined_windows"]


def joined_windows(windows: tuple[TimeWindow, ...]) -> tuple[TimeWindow, ...]:
    """Return the same times of day as windows that neither touch nor overlap, in order."""
    joined: list[TimeWindow] = []
    for window in sorted(windows, key=lambda w: (w.start_s, w.end_s)):
        if joined and window.start_s <= joined[-1].end_s:
            last = joined.pop()
            end_s = max(last.end_s, window.end_s)
            joined.append(TimeWindow(start_s=last.start_s, end_s=end_s))
        else:
            joined.append(window)
    return tuple(joined)
