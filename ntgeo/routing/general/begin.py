"""When a visit may begin: within its windows, by light, and what beginning then costs."""

from __future__ import annotations

from typing import Any

import numpy as np

from ntgeo.routing.general.facts import (
    AFTER_DARK,
    BY_DAY,
    DAWN_MS,
    DUSK_MS,
    IS_TIED,
    SENSE,
    SHORTEST_MS,
    WORST,
)
from ntgeo.routing.general.rounds import LOW_MS, NEVER, PLANNED
from ntgeo.routing.kernel import inlined, kernel

__all__ = ["begin_after", "begin_before", "latest_begin", "patient", "untimely"]

_FINISH, _ARRIVE = 1, 2


@inlined
def _offset(day: Any, shift: int, visit: int, set_up_ms: int) -> Any:
    """Return from the beginning to the moment that must fall within a window."""
    sense = day.visit[visit, SENSE]
    if sense == _FINISH:
        return day.service_ms[shift, visit]
    return -set_up_ms if sense == _ARRIVE else np.int64(0)


@inlined
def _within(window_ms: Any, visit: int, soonest_ms: int, offset_ms: int) -> Any:
    """Return the soonest beginning in a window; ``NEVER`` for none."""
    for window in range(window_ms.shape[1]):
        if soonest_ms + offset_ms <= window_ms[visit, window, 1]:
            return max(soonest_ms, window_ms[visit, window, 0] - offset_ms)
    return NEVER


@kernel
def begin_after(day: Any, rounds: Any, shift: int, visit: int, times: Any) -> int:
    """Return when a visit begins at the soonest; ``NEVER`` for never.

    Args:
        day: The facts of the day.
        rounds: For how many come, and what other rounds ask for.
        shift: Whose round.
        visit: Which.
        times: Soonest moment at the door, and set-up from then, in milliseconds.
    """
    door_ms, set_up_ms = times
    soonest_ms = max(door_ms + set_up_ms, rounds.made[visit, LOW_MS])
    offset_ms = _offset(day, shift, visit, set_up_ms)
    begin_ms = _within(day.window_ms, visit, soonest_ms, offset_ms)
    if day.visit[visit, BY_DAY] == day.visit[visit, AFTER_DARK] or begin_ms >= NEVER:
        return begin_ms
    return _by_light(day, rounds, shift, visit, (begin_ms, offset_ms))


@inlined
def _by_light(day: Any, rounds: Any, shift: int, visit: int, times: Any) -> Any:
    """Return when a visit that needs company after dark begins: alone by day, a pair at dark."""
    begin_ms, offset_ms = times
    dawn_ms, dusk_ms = np.int64(day.price[DAWN_MS]), np.int64(day.price[DUSK_MS])
    service_ms = day.service_ms[shift, visit]
    if rounds.made[visit, PLANNED] < day.visit[visit, AFTER_DARK]:
        begin_ms = _within(day.window_ms, visit, max(begin_ms, dawn_ms), offset_ms)
        return begin_ms if begin_ms + service_ms <= dusk_ms else NEVER
    if dawn_ms <= begin_ms and begin_ms + service_ms <= dusk_ms:
        soonest_ms = dusk_ms - day.visit[visit, SHORTEST_MS] + 1
        begin_ms = _within(day.window_ms, visit, soonest_ms, offset_ms)
    return begin_ms


@inlined
def begin_before(day: Any, shift: int, visit: int, latest_ms: int, set_up_ms: int) -> Any:
    """Return the latest beginning in a window by a moment; ``-NEVER`` for none."""
    offset_ms = _offset(day, shift, visit, set_up_ms)
    for window in range(day.window_ms.shape[1] - 1, -1, -1):
        if latest_ms + offset_ms >= day.window_ms[visit, window, 0]:
            return min(latest_ms, day.window_ms[visit, window, 1] - offset_ms)
    return -NEVER


@inlined
def patient(day: Any, visit: int, begin_ms: int) -> int:
    """Return the soonest moment from which no priced soft window is still to open."""
    for soft in range(day.soft_ms.shape[1]):
        if day.soft_gbp[visit, soft, 0] > 0.0:
            begin_ms = max(begin_ms, day.soft_ms[visit, soft, 0])
    return begin_ms


@inlined
def untimely(day: Any, visit: int, begin_ms: int) -> Any:
    """Return the price of beginning a visit then, and its lateness."""
    gbp, late_ms = 0.0, np.int64(0)
    for soft in range(day.soft_ms.shape[1]):
        early_ms = max(np.int64(0), day.soft_ms[visit, soft, 0] - begin_ms)
        over_ms = max(np.int64(0), begin_ms - day.soft_ms[visit, soft, 1])
        gbp += day.soft_gbp[visit, soft, 0] * early_ms + day.soft_gbp[visit, soft, 1] * over_ms
        late_ms = max(late_ms, over_ms)
    return gbp, late_ms


@inlined
def latest_begin(day: Any, shift: int, visit: int, times: Any) -> int:
    """Return how late a visit may begin at no cost; ``times``: its beginning, latest, set-up."""
    begin_ms, latest_ms, set_up_ms = times
    if latest_ms <= begin_ms or day.visit[visit, IS_TIED] > 0:
        return min(begin_ms, latest_ms)
    latest_ms = begin_before(day, shift, visit, latest_ms, set_up_ms)
    for soft in range(day.soft_ms.shape[1]):
        is_priced = day.soft_gbp[visit, soft, 1] > 0.0 or day.price[WORST] > 0.0
        if is_priced and day.soft_ms[visit, soft, 1] < latest_ms:
            latest_ms = max(begin_ms, day.soft_ms[visit, soft, 1])
    return latest_ms
