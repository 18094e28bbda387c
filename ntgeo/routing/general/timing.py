"""When a round of given visits is made: compiled, stop by stop, everything as soon as can be.

The soonest beginnings are the best where cost never falls by waiting; two things are better done
later: leaving the start (a round leaves as late as keeps all its beginnings), and visits that
would be early against a soft window (a round is tried both ways). The final times of a plan are
worked out exactly elsewhere (:mod:`ntgeo.routing.exact`).

Breaks are placed by dynamic programming over how many were begun by the time each stop is left;
of placings that are ready equally soon the later is taken.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ntgeo.routing.general.begin import begin_after, begin_before, latest_begin, patient, untimely
from ntgeo.routing.general.facts import (
    AFTER_MS,
    BREAKS,
    CLOSES_MS,
    FROM_MS,
    IS_TIED,
    IS_UNPAID,
    LENGTH_MS,
    LOAD,
    MOST_M,
    MOST_WAY_MS,
    MOST_WORK_MS,
    OPENS_MS,
    OVERTIME,
    OVERTIME_MS,
    PAY,
    ROUND,
    START,
    UNTIL_MS,
)
from ntgeo.routing.general.legs import last_leg, place_of, set_up, way_between
from ntgeo.routing.general.rounds import (
    BEGIN_MS,
    CAR,
    COST,
    LATE_MS,
    LATEST_MS,
    LEAD,
    LEG_MS,
    LEGS,
    LOADED,
    METRES,
    NEVER,
    PATIENT,
    READY_MS,
    RESTS,
    SINCE_MS,
    SIZE,
    SLACK_MS,
    START_STOP,
    TIED,
    VISIT,
    WAY_MS,
    WORK_MS,
    WORST_MS,
)
from ntgeo.routing.kernel import entry, inlined, kernel

__all__ = ["must_end_by", "open_rounds", "pass_row", "refresh"]


@kernel
def _take_breaks(day: Any, rounds: Any, shift: int, row: int, at: int) -> None:
    """Take breaks at a stop where that makes a number of them sooner."""
    state = rounds.state
    for taken in range(1, day.shift[shift, BREAKS] + 1):
        rest = taken - 1
        ready_ms, after_ms = state[row, at, rest, READY_MS], day.rest[shift, rest, AFTER_MS]
        begin_ms = max(ready_ms, day.rest[shift, rest, FROM_MS])
        if ready_ms >= NEVER or begin_ms > day.rest[shift, rest, UNTIL_MS]:
            continue
        if after_ms >= 0 and begin_ms > state[row, at, rest, SINCE_MS] + after_ms:
            continue
        over_ms = begin_ms + day.rest[shift, rest, LENGTH_MS]
        if over_ms <= state[row, at, taken, READY_MS]:
            state[row, at, taken, READY_MS] = over_ms
            state[row, at, taken, SINCE_MS] = over_ms
            state[row, at, taken, RESTS] = state[row, at, rest, RESTS] + 1
            state[row, at, taken, LATE_MS] = state[row, at, rest, LATE_MS]
            rounds.late_gbp[row, at, taken] = rounds.late_gbp[row, at, rest]


@entry
def open_rounds(day: Any, rounds: Any) -> None:
    """Work out the start of every row."""
    for shift in range(len(day.shift)):
        rounds.stop[shift, 0, CAR] = day.shift[shift, START]
        for taken in range(rounds.state.shape[2]):
            rounds.state[shift, 0, taken, READY_MS] = NEVER
        rounds.state[shift, 0, 0, READY_MS] = day.shift[shift, OPENS_MS]
        rounds.state[shift, 0, 0, SINCE_MS] = day.shift[shift, OPENS_MS]
        _take_breaks(day, rounds, shift, shift, START_STOP)
        refresh(day, rounds, shift)


@inlined
def _extend(day: Any, rounds: Any, shift: int, rows: Any, at: int) -> bool:
    """Work out stop ``at`` of row ``rows[1]`` from the stop before, which is in ``rows[0]``."""
    source, row = rows
    stop, visit = rounds.stop, rounds.stop[row, at, VISIT]
    car, here = stop[source, at - 1, CAR], place_of(day, rounds, shift, source, at - 1)
    leg_ms, gbp, metres, car = way_between(day, shift, car, here, day.depot_count + visit)
    stop[row, at, LEG_MS], stop[row, at, CAR] = leg_ms, car
    stop[row, at, WAY_MS] = stop[source, at - 1, WAY_MS] + leg_ms
    gbp += day.assign_gbp[shift, visit]
    rounds.gbp[row, at, LEGS] = rounds.gbp[source, at - 1, LEGS] + gbp
    rounds.gbp[row, at, METRES] = rounds.gbp[source, at - 1, METRES] + metres
    times = leg_ms, set_up(day, here, visit)
    is_alive = False
    for taken in range(day.shift[shift, BREAKS] + 1):
        is_alive = _begin(day, rounds, shift, (source, row, at, taken), times) or is_alive
    if day.shift[shift, BREAKS] > 0:
        _take_breaks(day, rounds, shift, row, at)
    return is_alive


@inlined
def _begin(day: Any, rounds: Any, shift: int, where: Any, times: Any) -> bool:
    """Work out a stop for so many breaks begun before it; tell whether it can be reached."""
    source, row, at, taken = where
    leg_ms, set_up_ms = times
    visit = rounds.stop[row, at, VISIT]
    state = rounds.state
    state[row, at, taken, READY_MS], state[row, at, taken, RESTS] = NEVER, 0
    ready_ms = state[source, at - 1, taken, READY_MS]
    if ready_ms >= NEVER:
        return False
    door_ms = ready_ms + leg_ms
    if rounds.row[row, PATIENT]:
        door_ms = max(door_ms, patient(day, visit, door_ms + set_up_ms) - set_up_ms)
    begin_ms = begin_after(day, rounds, shift, visit, (door_ms, set_up_ms))
    if begin_ms >= NEVER:
        return False
    state[row, at, taken, READY_MS] = begin_ms + day.service_ms[shift, visit]
    since_ms = state[source, at - 1, taken, SINCE_MS]
    if at == 1 and taken == 0:
        # Nobody sets out sooner than keeps the first beginning.
        since_ms = begin_ms - set_up_ms - leg_ms
    state[row, at, taken, SINCE_MS] = since_ms
    late_gbp, late_ms = 0.0, np.int64(0)
    if rounds.made[visit, LEAD] == shift:
        late_gbp, late_ms = untimely(day, visit, begin_ms)
    rounds.late_gbp[row, at, taken] = rounds.late_gbp[source, at - 1, taken] + late_gbp
    state[row, at, taken, LATE_MS] = max(state[source, at - 1, taken, LATE_MS], late_ms)
    return True


@entry
def must_end_by(day: Any, since_ms: int, shift: int, taken: int) -> Any:
    """Return by when a round with so many breaks begun may end without the others."""
    breaks = day.shift[shift, BREAKS]
    for rest in range(taken, breaks):
        if day.rest[shift, rest, AFTER_MS] < 0:
            return -NEVER
    end_ms = day.shift[shift, CLOSES_MS]
    if taken < breaks:
        end_ms = min(end_ms, since_ms + day.rest[shift, taken, AFTER_MS])
    return end_ms


@inlined
def _go_back(day: Any, rounds: Any, shift: int, rows: Any, end: Any) -> Any:
    """Write down the beginnings of a finished row; return its length and unpaid breaks.

    Args:
        day: The facts of the day.
        rounds: Its row is finished; the waiting in it is written down.
        shift: Whose.
        rows: The row, and the stop up to which the shift's own row holds for it.
        end: When the last stop is left, and breaks begun by then.
    """
    row, joint = rows
    end_ms, taken = end
    left_ms = end_ms
    busy_ms, unpaid_ms = np.int64(0), np.int64(0)
    for at in range(rounds.row[row, SIZE], -1, -1):
        source = shift if at <= joint else row
        for _ in range(rounds.state[source, at, taken, RESTS]):
            taken -= 1
            length_ms = day.rest[shift, taken, LENGTH_MS]
            left_ms = min(day.rest[shift, taken, UNTIL_MS], left_ms - length_ms)
            busy_ms += length_ms
            unpaid_ms += length_ms * day.rest[shift, taken, IS_UNPAID]
        if at == 0:
            break
        visit = rounds.stop[source, at, VISIT]
        service_ms = day.service_ms[shift, visit]
        begin_ms = rounds.state[source, at, taken, READY_MS] - service_ms
        rounds.stop[row, at, BEGIN_MS] = begin_ms
        here = place_of(day, rounds, shift, shift if at - 1 <= joint else row, at - 1)
        set_up_ms = set_up(day, here, visit)
        times = begin_ms, left_ms - service_ms, set_up_ms
        way_ms = set_up_ms + rounds.stop[source, at, LEG_MS]
        left_ms = latest_begin(day, shift, visit, times) - way_ms
        busy_ms += way_ms + service_ms
    length_ms = end_ms - max(left_ms, day.shift[shift, OPENS_MS])
    rounds.row[row, SLACK_MS] = length_ms - busy_ms
    return length_ms, unpaid_ms


@inlined
def _finish(day: Any, rounds: Any, shift: int, row: int, joint: int) -> bool:
    """Close a row and tell whether the round can be made; its cost is infinite if not."""
    count = rounds.row[row, SIZE]
    last = shift if count <= joint else row
    leg_ms, leg_gbp, leg_m = last_leg(day, rounds, shift, last, count)
    end_ms, best = NEVER, np.int64(-1)
    for taken in range(day.shift[shift, BREAKS], -1, -1):
        ready_ms = rounds.state[last, count, taken, READY_MS] + leg_ms
        since_ms = rounds.state[last, count, taken, SINCE_MS]
        if ready_ms < end_ms and ready_ms <= must_end_by(day, since_ms, shift, taken):
            end_ms, best = ready_ms, np.int64(taken)
    if best < 0:
        return False
    way_ms = rounds.stop[last, count, WAY_MS] + leg_ms
    metres = rounds.gbp[last, count, METRES] + leg_m
    if way_ms > day.shift[shift, MOST_WAY_MS] or metres > day.shift_gbp[shift, MOST_M]:
        return False
    length_ms, unpaid_ms = _go_back(day, rounds, shift, (row, joint), (end_ms - leg_ms, best))
    work_ms = length_ms + leg_ms - unpaid_ms
    if work_ms > day.shift[shift, MOST_WORK_MS]:
        return False
    rounds.row[row, WORK_MS] = work_ms
    rounds.row[row, WORST_MS] = rounds.state[last, count, best, LATE_MS]
    over_ms = max(np.int64(0), end_ms - day.shift[shift, OVERTIME_MS])
    rounds.row_gbp[row, COST] = (
        day.shift_gbp[shift, ROUND]
        + rounds.gbp[last, count, LEGS]
        + leg_gbp
        + rounds.late_gbp[last, count, best]
        + day.shift_gbp[shift, PAY] * work_ms
        + day.shift_gbp[shift, OVERTIME] * over_ms
    )
    return True


@inlined
def _pass_once(day: Any, rounds: Any, shift: int, row: int, joint: int) -> bool:
    rounds.row_gbp[row, COST] = np.inf
    for at in range(joint + 1, rounds.row[row, SIZE] + 1):
        source = shift if at - 1 <= joint else row
        if not _extend(day, rounds, shift, (source, row), at):
            return False
    return _finish(day, rounds, shift, row, joint)


@kernel
def pass_row(day: Any, rounds: Any, shift: int, row: int, joint: int) -> bool:
    """Work out times and cost of a row; tell whether the round can be made.

    Args:
        day: The facts of the day.
        rounds: Changed in place.
        shift: Whose round.
        row: The shift itself, or a row for trials.
        joint: Up to which stop the shift's own row holds for the trial.
    """
    if rounds.row[row, SIZE] == 0:
        rounds.row_gbp[row, COST] = 0.0
        rounds.row[row, WORK_MS], rounds.row[row, SLACK_MS], rounds.row[row, WORST_MS] = 0, 0, 0
        return True
    rounds.row[row, PATIENT] = 0
    passes = 3 if _has_early(day, rounds, row, joint) else 1
    hasty_gbp, is_made = np.inf, False
    for number in range(passes):
        is_made = _pass_once(day, rounds, shift, row, joint)
        if number == 1 and is_made and rounds.row_gbp[row, COST] <= hasty_gbp:
            break
        hasty_gbp = rounds.row_gbp[row, COST]
        rounds.row[row, PATIENT] = 1 if number == 0 and passes > 1 else 0
    return is_made


@inlined
def _has_early(day: Any, rounds: Any, row: int, joint: int) -> bool:
    """Tell whether a visit from there on would cost more if it were early."""
    for at in range(joint + 1, rounds.row[row, SIZE] + 1):
        for soft in range(day.soft_gbp.shape[1]):
            if day.soft_gbp[rounds.stop[row, at, VISIT], soft, 0] > 0.0:
                return True
    return False


@inlined
def _rest_before(day: Any, shift: int, rest: int, latest_ms: int) -> Any:
    """Return how late one may be ready for a break that is over by a moment."""
    begin_ms = latest_ms - day.rest[shift, rest, LENGTH_MS]
    begin_ms = min(day.rest[shift, rest, UNTIL_MS], begin_ms)
    return begin_ms if begin_ms >= day.rest[shift, rest, FROM_MS] else -NEVER


@kernel
def refresh(day: Any, rounds: Any, shift: int) -> None:
    """Work out the latest beginnings of a round, its load, and its ties to other rounds."""
    count, breaks = rounds.row[shift, SIZE], day.shift[shift, BREAKS]
    leg_ms, _, _ = last_leg(day, rounds, shift, shift, count)
    states, load, tied = rounds.state, 0.0, np.int64(0)
    for taken in range(breaks + 1):
        is_end = must_end_by(day, np.int64(0), shift, taken) > -NEVER
        by_ms = day.shift[shift, CLOSES_MS] if is_end else -NEVER
        states[shift, count + 1, taken, LATEST_MS] = by_ms
    set_up_ms = np.int64(0)
    for at in range(count, 0, -1):
        visit = rounds.stop[shift, at, VISIT]
        load += day.figure[visit, LOAD]
        tied += day.visit[visit, IS_TIED]
        here = place_of(day, rounds, shift, shift, at - 1)
        own_set_up_ms = set_up(day, here, visit)
        by_ms = -NEVER
        for taken in range(breaks, -1, -1):
            rested_ms = -NEVER
            if taken < breaks:
                rested_ms = _rest_before(day, shift, taken, by_ms)
            by_ms = max(states[shift, at + 1, taken, LATEST_MS] - set_up_ms - leg_ms, rested_ms)
            latest_ms = by_ms - day.service_ms[shift, visit]
            states[shift, at, taken, LATEST_MS] = begin_before(
                day, shift, visit, latest_ms, own_set_up_ms
            )
        set_up_ms, leg_ms = own_set_up_ms, rounds.stop[shift, at, LEG_MS]
    rounds.row_gbp[shift, LOADED], rounds.row[shift, TIED] = load, tied
