"""How little is missing for one more visit, the rounds being as they are: compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from ntgeo.domain.routing import LONGEST_SHIFT_S
from ntgeo.routing.plain.insertion import NOBODY
from ntgeo.routing.plain.timing import rest_before, soonest_end

__all__ = ["least_overtime", "least_widening"]

_SAME_LOAD = 1e-9
_LONGEST_S = float(LONGEST_SHIFT_S)


@njit(cache=True)
def _can_take(day: Any, rounds: Any, shift: int, visit: int) -> bool:
    load = rounds.load[shift] + day.load[visit]
    return day.may_make[shift, visit] and load <= day.capacity[shift] + _SAME_LOAD


@njit(cache=True)
def least_overtime(day: Any, rounds: Any, visit: int) -> tuple[float, Any]:
    """Return the least seconds by which a shift would end late to make the visit too, and which.

    Infinite and ``NOBODY`` where no shift could, however late it ended.
    """
    least_s = np.inf
    by: Any = NOBODY
    trial = np.zeros(rounds.stops.shape[1] + 1, dtype=np.int64)
    for shift in range(len(rounds.size)):
        if not _can_take(day, rounds, shift, visit):
            continue
        count = rounds.size[shift]
        hours_s = day.hours_s[shift, 1] - day.hours_s[shift, 0]
        for position in range(count + 1):
            for stop in range(count + 3):
                trial[stop] = rounds.stops[shift, stop if stop <= position else stop - 1]
            trial[position + 1] = day.depot_count + visit
            over_s = soonest_end(day, shift, trial[: count + 3]) - day.hours_s[shift, 1]
            if over_s < least_s and hours_s + over_s <= _LONGEST_S:
                least_s, by = over_s, shift
    return least_s, by


@njit(cache=True)
def least_widening(day: Any, rounds: Any, visit: int) -> tuple[float, Any]:
    """Return by how many seconds a window would have to end later (or start sooner, below 0).

    Infinite and ``NOBODY`` where no shift could make the visit within its hours at any time.
    """
    least_s = np.inf
    by: Any = NOBODY
    there = day.depot_count + visit
    for shift in range(len(rounds.size)):
        if not _can_take(day, rounds, shift, visit):
            continue
        for position in range(rounds.size[shift] + 1):
            here, beyond = rounds.stops[shift, position], rounds.stops[shift, position + 1]
            to_s, on_s = day.travel_s[here, there], day.travel_s[there, beyond]
            reach_s = rounds.reach_s[shift, position + 1]
            resting_s, rested_s = reach_s[0] - on_s, reach_s[1] - on_s
            if day.rest_s[shift, 2] > 0.0:
                resting_s = max(resting_s, rest_before(day.rest_s, shift, rested_s))
            latest = (resting_s, rested_s)
            for taken in range(2):
                first_s = rounds.leave_s[shift, position, taken] + to_s
                last_s = latest[taken] - day.service_s[visit]
                gap_s = _gap(day.windows_s, visit, first_s, last_s)
                if abs(gap_s) < abs(least_s):
                    least_s, by = gap_s, shift
    return least_s, by


@njit(cache=True)
def _gap(windows_s: Any, visit: int, first_s: float, last_s: float) -> float:
    """Return how far the visit's nearest window is from a begin between first and last."""
    gap_s = np.inf
    if first_s > last_s:
        return gap_s
    for window in range(0, windows_s.shape[1], 2):
        opens_s, closes_s = windows_s[visit, window], windows_s[visit, window + 1]
        if opens_s > closes_s:
            break
        if first_s > closes_s and first_s - closes_s < abs(gap_s):
            gap_s = first_s - closes_s
        elif last_s < opens_s and opens_s - last_s < abs(gap_s):
            gap_s = last_s - opens_s
    return gap_s
