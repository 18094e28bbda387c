"""What the search works on: the rounds as they stand, and as they were.

As in :mod:`ntgeo.routing.general.facts`, arrays have columns with names.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ntgeo.routing.general.facts import AFTER_DARK, BY_DAY, CLOSES_MS, OPENS_MS, Facts
from ntgeo.routing.kernel import inlined, kernel

__all__ = [
    "BEFORE",
    "BEST",
    "BUNDLE",
    "NEVER",
    "NOBODY",
    "TASK",
    "Kept",
    "Rounds",
    "empty_rounds",
    "keep_all",
    "keep_people",
    "new_kept",
    "restore",
    "touch",
]

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

# NumPy integers: plain ones would be compiled as types of their own.
NEVER = np.int64(1 << 40)
NOBODY = np.int64(-1)
START_STOP = np.int64(0)
# Columns of ``stop``, ``gbp``, ``state``, ``row``, ``row_gbp`` and ``made``.
VISIT, LEG_MS, CAR, WAY_MS, BEGIN_MS = range(5)
LEGS, METRES = range(2)
READY_MS, SINCE_MS, RESTS, LATE_MS, LATEST_MS = range(5)
SIZE, WORK_MS, SLACK_MS, WORST_MS, TIED, PATIENT = range(6)
COST, LOADED = range(2)
COME, PLANNED, LEAD, LOW_MS, WHO = range(5)
# Columns of ``queue``, and of its last row.
NEXT, IS_QUEUED = range(2)
HEAD, WAITING = range(2)
# Levels at which rounds are kept.
BEFORE, BUNDLE, TASK, BEST = (np.int64(level) for level in range(4))
_LEVELS = 4
_SCRATCH_ROWS = 2


class Rounds(NamedTuple):
    """All rounds as they stand, changed in place: a row each, and two rows for trials.

    Stop 0 of a row is where the shift starts; its visits follow. What is known of a stop is known
    for each number of breaks begun by the time it is left.

    Attributes:
        stop: (rows, stops, 5) ``VISIT``; ``LEG_MS`` from leaving the stop before to the door;
            ``CAR``: its place, once there; ``WAY_MS``: travel and parking so far; ``BEGIN_MS``.
        gbp: (rows, stops, 2) price of all ``LEGS`` and assignments so far, and ``METRES`` driven.
        state: (rows, stops, breaks + 1, 5) ``READY_MS``: soonest ready to leave; ``SINCE_MS``:
            when the break before was over, or the round began; ``RESTS``: how many of the breaks
            are taken at this very stop; ``LATE_MS``: greatest lateness so far; ``LATEST_MS``:
            latest beginning that leaves room for the rest of the round, if so many breaks were
            begun before.
        late_gbp: (rows, stops, breaks + 1) price of untimely visits so far.
        row: (rows, 6) ``SIZE``: how many visits; ``WORK_MS`` as pay counts it; ``SLACK_MS``:
            waiting, which a further visit could use; ``WORST_MS``: greatest lateness; ``TIED``:
            how many visits depend on other rounds; ``PATIENT``: whether visits wait until
            beginning is no longer early.
        row_gbp: (rows, 2) ``COST``, but for what depends on other rounds, and load, ``LOADED``.
        made: (visits, 4 + crew) ``COME``: how many take part; ``PLANNED``: how many are to;
            ``LEAD``: in whose cost its untimeliness is; ``LOW_MS``: its beginning at the soonest
            because of other rounds; from ``WHO`` on the shifts that take part.
        queue: (shifts + 1, 2) rounds to be worked out again: ``NEXT``, a ring, and ``IS_QUEUED``;
            in the last row ``HEAD`` and ``WAITING``, how many wait.
    """

    stop: IntArray
    gbp: FloatArray
    state: IntArray
    late_gbp: FloatArray
    row: IntArray
    row_gbp: FloatArray
    made: IntArray
    queue: IntArray


class Kept(NamedTuple):
    """Orders of visits and who comes, as they were at some moments (the levels).

    Attributes:
        order: (levels, shifts, stops) how many visits, then the visits.
        made: (levels, visits, 4 + crew) as in :class:`Rounds`.
        is_touched: (levels, shifts + 1) whether the shift's order was kept at that level; last,
            whether changes are to be kept at all.
    """

    order: IntArray
    made: IntArray
    is_touched: npt.NDArray[np.bool_]


def _most_stops(day: Facts) -> int:
    """Return how many visits fit in a shift, and room for the start and two more."""
    shifts, visits = day.service_ms.shape
    if shifts == 0 or visits == 0:
        return 3
    length_ms = day.shift[:, CLOSES_MS] - day.shift[:, OPENS_MS]
    shortest_ms = np.where(day.service_ms > 0, day.service_ms, NEVER).min(axis=1)
    return int(min(visits, (length_ms // shortest_ms).max()) + 3)


def empty_rounds(day: Facts) -> Rounds:
    """Return rounds without any visit; their start is still to be worked out."""
    shifts, visits = day.service_ms.shape
    rows, stops = shifts + _SCRATCH_ROWS, _most_stops(day)
    states = day.rest.shape[1] + 1
    crew = max(1, int(day.visit[:, AFTER_DARK].max(initial=1)))
    made = np.full((visits, WHO + crew), NOBODY, dtype=np.int64)
    made[:, [COME, LOW_MS]] = 0
    made[:, PLANNED] = day.visit[:, BY_DAY]
    return Rounds(
        stop=np.zeros((rows, stops, 5), dtype=np.int64),
        gbp=np.zeros((rows, stops, 2)),
        state=np.zeros((rows, stops, states, 5), dtype=np.int64),
        late_gbp=np.zeros((rows, stops, states)),
        row=np.zeros((rows, 6), dtype=np.int64),
        row_gbp=np.zeros((rows, 2)),
        made=made,
        queue=np.zeros((shifts + 1, 2), dtype=np.int64),
    )


def new_kept(rounds: Rounds) -> Kept:
    """Return levels that hold empty rounds."""
    rows, stops = rounds.stop.shape[:2]
    shifts = rows - _SCRATCH_ROWS
    return Kept(
        order=np.zeros((_LEVELS, shifts, stops), dtype=np.int64),
        made=np.tile(rounds.made, (_LEVELS, 1, 1)),
        is_touched=np.zeros((_LEVELS, shifts + 1), dtype=np.bool_),
    )


@inlined
def _keep_order(rounds: Any, kept: Any, level: int, shift: int) -> None:
    count = rounds.row[shift, SIZE]
    kept.order[level, shift, 0] = count
    for at in range(1, count + 1):
        kept.order[level, shift, at] = rounds.stop[shift, at, VISIT]


@kernel
def keep_people(rounds: Any, kept: Any, level: int) -> None:
    """Keep who comes to which visit; from now on changed rounds are kept at that level."""
    for visit in range(rounds.made.shape[0]):
        for column in range(rounds.made.shape[1]):
            kept.made[level, visit, column] = rounds.made[visit, column]
    last = kept.is_touched.shape[1] - 1
    for shift in range(last):
        kept.is_touched[level, shift] = False
    kept.is_touched[level, last] = True


@kernel
def keep_all(rounds: Any, kept: Any, level: int) -> None:
    """Keep everything at a level."""
    keep_people(rounds, kept, level)
    for shift in range(kept.order.shape[1]):
        _keep_order(rounds, kept, level, shift)
        kept.is_touched[level, shift] = True


@kernel
def touch(rounds: Any, kept: Any, shift: int) -> None:
    """Keep an order as it was before its first change, at every open level."""
    last = kept.is_touched.shape[1] - 1
    for level in range(BEST):
        if kept.is_touched[level, last] and not kept.is_touched[level, shift]:
            kept.is_touched[level, shift] = True
            _keep_order(rounds, kept, level, shift)


@kernel
def close(kept: Any, level: int) -> None:
    """Keep no more changes at a level."""
    kept.is_touched[level, kept.is_touched.shape[1] - 1] = False


@kernel
def restore(rounds: Any, kept: Any, level: int) -> None:
    """Take back the orders and the people of a level; times are still to be worked out."""
    for visit in range(rounds.made.shape[0]):
        for column in range(rounds.made.shape[1]):
            rounds.made[visit, column] = kept.made[level, visit, column]
    for shift in range(kept.order.shape[1]):
        if kept.is_touched[level, shift]:
            count = kept.order[level, shift, 0]
            rounds.row[shift, SIZE] = count
            for at in range(1, count + 1):
                rounds.stop[shift, at, VISIT] = kept.order[level, shift, at]
