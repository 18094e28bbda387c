"""What one search works on and remembers, changed in place."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ntgeo.routing.general.facts import (
    LOAD,
    PRIORITIES_FIRST,
    UNMADE_GBP,
    VISITS_SPREAD,
    WEIGHT,
    WORK_SPREAD,
    WORST,
    Facts,
)
from ntgeo.routing.general.rounds import (
    COME,
    COST,
    LEAD,
    LOADED,
    SIZE,
    START_STOP,
    VISIT,
    WHO,
    WORK_MS,
    WORST_MS,
    Kept,
    Rounds,
    empty_rounds,
    new_kept,
    restore,
)
from ntgeo.routing.general.ties import empty_queue, enqueue
from ntgeo.routing.general.timing import open_rounds, pass_row, refresh
from ntgeo.routing.kernel import entry, kernel

__all__ = [
    "MOST_PLACES",
    "Bench",
    "energy",
    "new_bench",
    "plan_gbp",
    "put",
    "roll_back",
    "unmade_weight",
]

MOST_PLACES = 4
# Places of ``tally``.
LISTED, BUNDLED, CHOSEN, TRIED, IN_PAIRS = range(5)
# Columns of ``note``.
IS_NEAR, IS_TRIED, IS_CUT = range(3)

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


class Bench(NamedTuple):
    """What one search works on and remembers.

    Attributes:
        rounds: As they stand.
        kept: As they were.
        listed: (2, visits) visits to be put back; and those put back together.
        place_gbp: (2, ``MOST_PLACES``) what the best places of a visit add; of the first of a
            bundle, and of the others.
        place: (2, ``MOST_PLACES``, 2) those places: shift, and after which stop.
        offer_gbp: (shifts × stops,) what places of a visit add at least.
        offer: (shifts × stops, 2) those places, likewise.
        plan: (2, visits × crew, 3) visit, shift and stop of each task of a bundle: the best way
            to put it back, and the way tried.
        note: (shifts, 3) ``IS_NEAR``: whether a round is looked at for a visit; ``IS_TRIED``:
            whether an empty shift of the kind was; ``IS_CUT``: whether it lost a string of visits
            in this step.
        tally: (5,) how many are ``LISTED``, ``BUNDLED``, ``CHOSEN`` and ``TRIED``; ``IN_PAIRS``:
            whether company after dark is tried first.
        chance: (1,) state of the random generator.
        spread: (4,) most and least work, and most and fewest visits, of the other shifts.
    """

    rounds: Rounds
    kept: Kept
    listed: IntArray
    place_gbp: FloatArray
    place: IntArray
    offer_gbp: FloatArray
    offer: IntArray
    plan: IntArray
    note: IntArray
    tally: IntArray
    chance: npt.NDArray[np.uint64]
    spread: FloatArray


def new_bench(day: Facts, seed: int) -> Bench:
    """Return a bench with empty rounds."""
    shifts, visits = day.service_ms.shape
    rounds = empty_rounds(day)
    open_rounds(day, rounds)
    tasks = visits * (rounds.made.shape[1] - WHO)
    return Bench(
        rounds=rounds,
        kept=new_kept(rounds),
        listed=np.zeros((2, visits), dtype=np.int64),
        place_gbp=np.zeros((2, MOST_PLACES)),
        place=np.zeros((2, MOST_PLACES, 2), dtype=np.int64),
        offer_gbp=np.zeros(rounds.stop.shape[0] * rounds.stop.shape[1]),
        offer=np.zeros((rounds.stop.shape[0] * rounds.stop.shape[1], 2), dtype=np.int64),
        plan=np.zeros((2, tasks, 3), dtype=np.int64),
        note=np.zeros((shifts, 3), dtype=np.int64),
        tally=np.zeros(5, dtype=np.int64),
        chance=np.array([seed * 2 + 1], dtype=np.uint64),
        spread=np.zeros(4),
    )


@kernel
def unmade_weight(day: Any, rounds: Any) -> Any:
    """Return the weight of the visits that nobody makes: what counts first, if anything does."""
    weight = np.int64(0)
    if day.price[PRIORITIES_FIRST] > 0.0:
        for visit in range(len(rounds.made)):
            if rounds.made[visit, COME] == 0:
                weight += day.visit[visit, WEIGHT]
    return weight


@entry
def plan_gbp(day: Any, rounds: Any) -> float:
    """Return the cost of all rounds and of the plan as a whole, but for unmade visits."""
    row = rounds.row
    gbp, worst_ms = 0.0, np.int64(0)
    most_ms, least_ms = row[0, WORK_MS], row[0, WORK_MS]
    most, fewest = row[0, SIZE], row[0, SIZE]
    for shift in range(len(day.shift)):
        gbp += rounds.row_gbp[shift, COST]
        worst_ms = max(worst_ms, row[shift, WORST_MS])
        most_ms = max(most_ms, row[shift, WORK_MS])
        least_ms = min(least_ms, row[shift, WORK_MS])
        most = max(most, row[shift, SIZE])
        fewest = min(fewest, row[shift, SIZE])
    gbp += day.price[WORST] * worst_ms + day.price[WORK_SPREAD] * (most_ms - least_ms)
    return gbp + day.price[VISITS_SPREAD] * (most - fewest)


@kernel
def energy(day: Any, rounds: Any) -> float:
    """Return what annealing compares: cost of the plan, and a price for each unmade visit."""
    gbp = plan_gbp(day, rounds)
    for visit in range(len(rounds.made)):
        if rounds.made[visit, COME] == 0:
            gbp += day.figure[visit, UNMADE_GBP]
    return gbp


@kernel
def roll_back(day: Any, rounds: Any, kept: Any, level: int) -> None:
    """Make the rounds what they were when a level was opened."""
    restore(rounds, kept, level)
    empty_queue(rounds)
    for shift in range(len(day.shift)):
        if kept.is_touched[level, shift]:
            pass_row(day, rounds, shift, shift, START_STOP)
            refresh(day, rounds, shift)


@kernel
def put(day: Any, rounds: Any, visit: int, where: Any) -> None:
    """Let a shift take part in a visit after a stop of its round, and queue the round."""
    shift, at = where
    for stop in range(rounds.row[shift, SIZE] + 1, at + 1, -1):
        rounds.stop[shift, stop, VISIT] = rounds.stop[shift, stop - 1, VISIT]
    rounds.stop[shift, at + 1, VISIT] = visit
    rounds.row[shift, SIZE] += 1
    rounds.row_gbp[shift, LOADED] += day.figure[visit, LOAD]
    come = rounds.made[visit, COME]
    if come == 0:
        rounds.made[visit, LEAD] = shift
    rounds.made[visit, WHO + come] = shift
    rounds.made[visit, COME] = come + 1
    enqueue(rounds, shift)
