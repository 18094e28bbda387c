"""When a round of given visits is made: compiled, exact, to the second of the matrix.

The rules of time, which :mod:`ntgeo.routing.verify` knows too, from a text of its own:

* A visit begins within one of its windows; staff may wait for it to open.
* A break is taken once a round, where the stop before it was, before travelling on.
* A round leaves its start no sooner, and reaches its end no later, than the shift's hours say.
* Of all schedules of the same stops, the one with the least working time (from leaving the start
  to reaching the end) is taken; of those the one that ends first, then the one with the earlier
  break.

With one window a visit and the break at a given place in the round, the schedule that ends
soonest, left as late as it can be, has the least working time (Savelsbergh 1992, *The vehicle
routing problem with time windows: minimizing route duration*). With several windows a better one
can only begin some visit as a later window of it opens, so those are tried too.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ntgeo.routing.kernel import entry, inlined

__all__ = [
    "NO_BREAK",
    "SAME_S",
    "begin_after",
    "begin_before",
    "busy_time",
    "counts_work",
    "rest_after",
    "rest_before",
    "round_times",
    "route_cost",
]

# A NumPy integer: a plain one would be compiled as a type of its own.
NO_BREAK = np.int64(-1)
# Sums of the same decimals in another order differ by less.
SAME_S = 1e-6


@inlined
def begin_after(windows_s: Any, visit: int, ready_s: float) -> float:
    """Return when the visit can begin if staff are there at ``ready_s``; infinite for never."""
    for window in range(0, windows_s.shape[1], 2):
        if ready_s <= windows_s[visit, window + 1] + SAME_S:
            return max(ready_s, windows_s[visit, window])
    return np.inf


@inlined
def begin_before(windows_s: Any, visit: int, latest_s: float) -> float:
    """Return the latest begin of the visit that is no later than ``latest_s``; -inf for never."""
    for window in range(windows_s.shape[1] - 2, -1, -2):
        if latest_s >= windows_s[visit, window] - SAME_S:
            return min(latest_s, windows_s[visit, window + 1])
    return -np.inf


@inlined
def rest_after(rest_s: Any, shift: int, ready_s: float) -> float:
    """Return when a break begun no sooner than ``ready_s`` is over; infinite for never."""
    if ready_s > rest_s[shift, 1] + SAME_S:
        return np.inf
    return max(ready_s, rest_s[shift, 0]) + rest_s[shift, 2]


@inlined
def rest_before(rest_s: Any, shift: int, latest_s: float) -> float:
    """Return how late one may be ready for a break that must be over by ``latest_s``."""
    begin_s = min(rest_s[shift, 1], latest_s - rest_s[shift, 2])
    return begin_s if begin_s >= rest_s[shift, 0] - SAME_S else -np.inf


@inlined
def _end_from(day: Any, shift: int, stops: Any, rest_at: int, span: Any) -> float:
    """Return when the end is reached if stop ``span[0]`` is ready to be left at ``span[1]``."""
    travel_s, service_s, windows_s = day.travel_s, day.service_s, day.windows_s
    first, ready_s = int(span[0]), span[1]
    for position in range(first, len(stops) - 1):
        if position > first:
            visit = stops[position] - day.depot_count
            ready_s = begin_after(windows_s, visit, ready_s) + service_s[visit]
        if position == rest_at:
            ready_s = rest_after(day.rest_s, shift, ready_s)
        ready_s += travel_s[stops[position], stops[position + 1]]
    return ready_s if ready_s <= day.hours_s[shift, 1] + SAME_S else np.inf


@inlined
def _start_before(day: Any, shift: int, stops: Any, rest_at: int, span: Any) -> float:
    """Return the latest departure by which stop ``span[0]`` is reached at ``span[1]``."""
    travel_s, service_s, windows_s = day.travel_s, day.service_s, day.windows_s
    latest_s = span[1]
    for position in range(int(span[0]) - 1, -1, -1):
        latest_s -= travel_s[stops[position], stops[position + 1]]
        if position == rest_at:
            latest_s = rest_before(day.rest_s, shift, latest_s)
        if position > 0:
            visit = stops[position] - day.depot_count
            latest_s = begin_before(windows_s, visit, latest_s - service_s[visit])
    return latest_s


@entry
def _least_work(day: Any, shift: int, stops: Any, rest_at: int) -> tuple[float, float]:
    """Return departure and end with the break after stop ``rest_at``; infinite if impossible."""
    hours_start_s = day.hours_s[shift, 0]
    best_end_s = _end_from(day, shift, stops, rest_at, (0.0, hours_start_s))
    if best_end_s == np.inf:
        return np.inf, np.inf
    best_start_s = _start_before(day, shift, stops, rest_at, (len(stops) - 1.0, best_end_s))
    # Going back over the same additions may be off by the last digit.
    best_start_s = max(best_start_s, hours_start_s)
    windows_s = day.windows_s
    for position in range(1, len(stops) - 1):
        visit = stops[position] - day.depot_count
        for window in range(2, windows_s.shape[1], 2):
            begin_s = windows_s[visit, window]
            if begin_s == np.inf:
                break
            start_s = _start_before(day, shift, stops, rest_at, (float(position), begin_s))
            if start_s < hours_start_s:
                continue
            leave_s = begin_s + day.service_s[visit]
            end_s = _end_from(day, shift, stops, rest_at, (float(position), leave_s))
            if end_s - start_s < best_end_s - best_start_s - SAME_S:
                best_start_s, best_end_s = start_s, end_s
    return best_start_s, best_end_s


@entry
def round_times(day: Any, shift: int, stops: Any) -> tuple[float, float, Any]:
    """Return departure, end and the stop after which the break is taken.

    Both times are infinite where the visits cannot be made in that order; the break is
    ``NO_BREAK`` where the shift has none.

    Args:
        day: :class:`~ntgeo.routing.plain.figures.DayFigures`.
        shift: Index.
        stops: Place indices: start, visits in order, end.
    """
    if day.rest_s[shift, 2] == 0.0:
        start_s, end_s = _least_work(day, shift, stops, NO_BREAK)
        return start_s, end_s, NO_BREAK
    best_start_s, best_end_s = np.inf, np.inf
    best_rest_at: Any = NO_BREAK
    for rest_at in range(len(stops) - 1):
        start_s, end_s = _least_work(day, shift, stops, rest_at)
        if end_s == np.inf:
            continue
        work_s, best_work_s = end_s - start_s, best_end_s - best_start_s
        is_first = best_end_s == np.inf
        is_sooner = work_s < best_work_s + SAME_S and end_s < best_end_s - SAME_S
        if is_first or work_s < best_work_s - SAME_S or is_sooner:
            best_start_s, best_end_s, best_rest_at = start_s, end_s, rest_at
    return best_start_s, best_end_s, best_rest_at


@inlined
def busy_time(day: Any, shift: int, stops: Any) -> tuple[float, float]:
    """Return cost of the legs, and travel, visits and break in seconds: work without waiting."""
    travel_s, leg_cost, service_s = day.travel_s, day.leg_cost, day.service_s
    legs, busy_s = 0.0, day.rest_s[shift, 2]
    for position in range(len(stops) - 1):
        here, there = stops[position], stops[position + 1]
        legs += leg_cost[here, there]
        busy_s += travel_s[here, there]
        if position > 0:
            busy_s += service_s[here - day.depot_count]
    return legs, busy_s


@inlined
def counts_work(day: Any, shift: int) -> bool:
    """Tell whether it matters how long a round takes."""
    return day.work_weight > 0.0 or day.most_work_s[shift] < np.inf


@entry
def route_cost(day: Any, shift: int, stops: Any) -> float:
    """Return what the round adds to the objective; infinite where it cannot be made."""
    if len(stops) == 2:  # noqa: PLR2004 - start and end: nobody sets out
        return 0.0
    legs, busy_s = busy_time(day, shift, stops)
    has_rest = day.rest_s[shift, 2] > 0.0
    least_s = np.inf
    for rest_at in range(len(stops) - 1 if has_rest else 1):
        start_s, end_s = _least_work(day, shift, stops, rest_at if has_rest else NO_BREAK)
        if end_s < np.inf:
            least_s = min(least_s, end_s - start_s)
            if least_s <= busy_s + SAME_S or not counts_work(day, shift):
                break
    if least_s == np.inf or least_s > day.most_work_s[shift] + SAME_S:
        return np.inf
    return legs + day.work_weight * least_s + day.round_cost[shift]
