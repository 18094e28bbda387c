"""Where a visit can be put into the rounds as they stand: compiled, each try in constant time.

Each round keeps four times a stop (Savelsbergh's forward slack, doubled for the break): how soon
one is ready to leave it with the break still to come and with the break taken, and how late one
may reach it with the break still to come and with it taken. A visit fits between two stops if the
times around it meet, whatever the length of the round.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ntgeo.routing.kernel import entry, inlined
from ntgeo.routing.plain.figures import DayFigures
from ntgeo.routing.plain.timing import (
    SAME_S,
    begin_after,
    begin_before,
    busy_time,
    counts_work,
    rest_after,
    rest_before,
    route_cost,
)

__all__ = ["NOBODY", "Rounds", "best_place", "empty_rounds", "refresh", "settle"]

# A NumPy integer: a plain one would be compiled as a type of its own.
NOBODY = np.int64(-1)
_SAME_COST = 1e-9
_SAME_LOAD = 1e-9


class Rounds(NamedTuple):
    """All rounds as they stand, changed in place by the search.

    Attributes:
        stops: (shifts, visits + 2) places in the order of each round: start, visits, end.
        size: (shifts,) how many visits each has.
        made_by: (visits,) shift, or ``NOBODY``.
        load: (shifts,) of all its visits.
        cost: (shifts,) as :func:`~ntgeo.routing.plain.timing.route_cost`.
        work_s: (shifts,) from leaving the start to reaching the end.
        slack_s: (shifts,) waiting in the round: what a further visit could use.
        leave_s: (shifts, visits + 2, 2) soonest ready to leave a stop; break to come, break taken.
        reach_s: (shifts, visits + 2, 2) latest arrival at a stop; break to come, break taken.
    """

    stops: npt.NDArray[np.int64]
    size: npt.NDArray[np.int64]
    made_by: npt.NDArray[np.int64]
    load: npt.NDArray[np.float64]
    cost: npt.NDArray[np.float64]
    work_s: npt.NDArray[np.float64]
    slack_s: npt.NDArray[np.float64]
    leave_s: npt.NDArray[np.float64]
    reach_s: npt.NDArray[np.float64]


def empty_rounds(day: DayFigures) -> Rounds:
    """Return rounds without any visit."""
    shifts, visits = day.may_make.shape
    rounds = Rounds(
        stops=np.zeros((shifts, visits + 2), dtype=np.int64),
        size=np.zeros(shifts, dtype=np.int64),
        made_by=np.full(visits, NOBODY, dtype=np.int64),
        load=np.zeros(shifts),
        cost=np.zeros(shifts),
        work_s=np.zeros(shifts),
        slack_s=np.zeros(shifts),
        leave_s=np.zeros((shifts, visits + 2, 2)),
        reach_s=np.zeros((shifts, visits + 2, 2)),
    )
    rounds.stops[:, :2] = day.ends
    for shift in range(shifts):
        refresh(day, rounds, shift)
    return rounds


@entry
def refresh(day: Any, rounds: Any, shift: int) -> None:
    """Work out again what is kept about a round, after a change of its stops."""
    count = rounds.size[shift]
    stops = rounds.stops[shift, : count + 2]
    _refresh_leave(day, shift, stops, rounds.leave_s[shift])
    _refresh_reach(day, shift, stops, rounds.reach_s[shift])
    rounds.load[shift] = 0.0
    rounds.cost[shift] = 0.0
    rounds.work_s[shift] = 0.0
    rounds.slack_s[shift] = 0.0
    if count == 0:
        return
    for position in range(1, count + 1):
        rounds.load[shift] += day.load[stops[position] - day.depot_count]
    legs, busy_s = busy_time(day, shift, stops)
    rounds.cost[shift] = legs + day.round_cost[shift]
    if counts_work(day, shift):
        rounds.work_s[shift] = _work_with(day, rounds, shift, count, NOBODY)
        rounds.slack_s[shift] = rounds.work_s[shift] - busy_s
        rounds.cost[shift] += day.work_weight * rounds.work_s[shift]


@entry
def settle(day: Any, rounds: Any, shift: int) -> None:
    """Make the cost of a round exact.

    :func:`refresh` takes the schedule that ends first, left as late as can be, the best there is
    unless there is waiting in it.
    """
    if day.work_weight == 0.0 or rounds.slack_s[shift] <= SAME_S:
        return
    cost = route_cost(day, shift, rounds.stops[shift, : rounds.size[shift] + 2])
    if cost < rounds.cost[shift]:
        saved_s = (rounds.cost[shift] - cost) / day.work_weight
        rounds.slack_s[shift] -= saved_s
        rounds.work_s[shift] -= saved_s
        rounds.cost[shift] = cost


@inlined
def _refresh_leave(day: Any, shift: int, stops: Any, leave_s: Any) -> None:
    travel_s, service_s, windows_s, rest_s = day.travel_s, day.service_s, day.windows_s, day.rest_s
    start_s = day.hours_s[shift, 0]
    has_rest = rest_s[shift, 2] > 0.0
    leave_s[0, 0] = start_s if has_rest else np.inf
    leave_s[0, 1] = rest_after(rest_s, shift, start_s) if has_rest else start_s
    for position in range(1, len(stops) - 1):
        here = stops[position]
        visit = here - day.depot_count
        to_s = travel_s[stops[position - 1], here]
        ready_s = leave_s[position - 1, 1] + to_s
        rested_s = begin_after(windows_s, visit, ready_s) + service_s[visit]
        leave_s[position, 0] = np.inf
        if has_rest:
            ready_s = leave_s[position - 1, 0] + to_s
            leave_s[position, 0] = begin_after(windows_s, visit, ready_s) + service_s[visit]
            rested_s = min(rested_s, rest_after(rest_s, shift, leave_s[position, 0]))
        leave_s[position, 1] = rested_s


@inlined
def _refresh_reach(day: Any, shift: int, stops: Any, reach_s: Any) -> None:
    travel_s, service_s, windows_s, rest_s = day.travel_s, day.service_s, day.windows_s, day.rest_s
    end = len(stops) - 1
    reach_s[end, 0] = -np.inf
    reach_s[end, 1] = day.hours_s[shift, 1]
    for position in range(end - 1, 0, -1):
        visit = stops[position] - day.depot_count
        on_s = travel_s[stops[position], stops[position + 1]]
        resting_s, rested_s = reach_s[position + 1, 0] - on_s, reach_s[position + 1, 1] - on_s
        if rest_s[shift, 2] > 0.0:
            resting_s = max(resting_s, rest_before(rest_s, shift, rested_s))
        reach_s[position, 0] = begin_before(windows_s, visit, resting_s - service_s[visit])
        reach_s[position, 1] = begin_before(windows_s, visit, rested_s - service_s[visit])


@inlined
def _stop_with(stops: Any, position: int, added: int, stop: int) -> int:
    """Return the place of ``stop`` once the place ``added`` is put after stop ``position``."""
    if added == NOBODY or stop <= position:
        return stops[stop]
    return added if stop == position + 1 else stops[stop - 1]


@entry
def _work_with(day: Any, rounds: Any, shift: int, position: int, added: int) -> float:
    """Return the work of a round once the place ``added`` is put after stop ``position``.

    Of the schedule that ends first, left as late as can be; with ``NOBODY`` after the last stop,
    that of the round as it stands.
    """
    travel_s, service_s, windows_s, rest_s = day.travel_s, day.service_s, day.windows_s, day.rest_s
    stops = rounds.stops[shift]
    end = rounds.size[shift] + 1 + (added != NOBODY)
    has_rest = rest_s[shift, 2] > 0.0
    here = stops[position]
    resting_s, rested_s = rounds.leave_s[shift, position, 0], rounds.leave_s[shift, position, 1]
    for stop in range(position + 1, end):
        there = _stop_with(stops, position, added, stop)
        visit, to_s = there - day.depot_count, travel_s[here, there]
        rested_s = begin_after(windows_s, visit, rested_s + to_s) + service_s[visit]
        if has_rest:
            resting_s = begin_after(windows_s, visit, resting_s + to_s) + service_s[visit]
            rested_s = min(rested_s, rest_after(rest_s, shift, resting_s))
        here = there
    end_s = rested_s + travel_s[here, stops[rounds.size[shift] + 1]]
    if end_s > day.hours_s[shift, 1] + SAME_S:
        return np.inf
    return end_s - _latest_start(day, shift, stops, (position, added, end), end_s)


@inlined
def _latest_start(day: Any, shift: int, stops: Any, change: Any, end_s: float) -> float:
    travel_s, service_s, windows_s, rest_s = day.travel_s, day.service_s, day.windows_s, day.rest_s
    position, added, end = change
    has_rest = rest_s[shift, 2] > 0.0
    resting_s, rested_s = -np.inf, end_s
    there = _stop_with(stops, position, added, end)
    for stop in range(end - 1, -1, -1):
        here = _stop_with(stops, position, added, stop)
        to_s = travel_s[here, there]
        resting_s, rested_s = resting_s - to_s, rested_s - to_s
        if has_rest:
            resting_s = max(resting_s, rest_before(rest_s, shift, rested_s))
        if stop > 0:
            visit = here - day.depot_count
            rested_s = begin_before(windows_s, visit, rested_s - service_s[visit])
            if has_rest:
                resting_s = begin_before(windows_s, visit, resting_s - service_s[visit])
        there = here
    # Going back over the same additions may be off by the last digit.
    return max(resting_s if has_rest else rested_s, day.hours_s[shift, 0])


@inlined
def best_place(day: Any, rounds: Any, visit: int, shift: int, below: float) -> tuple[float, int]:
    """Return what the visit would add to a round at least, and after which stop.

    Returns:
        Added cost and stop; infinite and 0 where nothing below ``below`` fits.
    """
    travel_s, leg_cost, stops = day.travel_s, day.leg_cost, rounds.stops
    there = day.depot_count + visit
    service_s, count = day.service_s[visit], rounds.size[shift]
    work_weight = day.work_weight
    best, best_at = below, -1
    if rounds.load[shift] + day.load[visit] > day.capacity[shift] + _SAME_LOAD:
        return np.inf, 0
    free_s = rounds.slack_s[shift] - service_s
    for position in range(count + 1):
        here, beyond = stops[shift, position], stops[shift, position + 1]
        to_s, on_s = travel_s[here, there], travel_s[there, beyond]
        added = leg_cost[here, there] + leg_cost[there, beyond]
        least_s = to_s + on_s - free_s
        if count > 0:
            added -= leg_cost[here, beyond]
            least_s -= travel_s[here, beyond]
        else:
            added += day.round_cost[shift]
        if added + work_weight * least_s >= best - _SAME_COST:
            continue
        if not _fits(day, rounds, (shift, position, visit), to_s, on_s):
            continue
        if counts_work(day, shift):
            work_s = _work_with(day, rounds, shift, position, there)
            if work_s > day.most_work_s[shift] + SAME_S:
                continue
            added += work_weight * (work_s - rounds.work_s[shift])
            if added >= best - _SAME_COST:
                continue
        best, best_at = added, position
    return (best, best_at) if best_at >= 0 else (np.inf, 0)


@inlined
def _fits(day: Any, rounds: Any, where: Any, to_s: float, on_s: float) -> bool:
    """Tell whether the visit can be made between stop ``position`` and the next."""
    shift, position, visit = where
    windows_s, rest_s, service_s = day.windows_s, day.rest_s, day.service_s[visit]
    leave_s, reach_s = rounds.leave_s, rounds.reach_s
    begin_s = begin_after(windows_s, visit, leave_s[shift, position, 1] + to_s)
    latest_s = reach_s[shift, position + 1, 1] - on_s
    if begin_s + service_s <= latest_s:
        return True
    if rest_s[shift, 2] == 0.0:
        return False
    done_s = begin_after(windows_s, visit, leave_s[shift, position, 0] + to_s) + service_s
    if done_s <= reach_s[shift, position + 1, 0] - on_s:
        return True
    return rest_after(rest_s, shift, done_s) <= latest_s
