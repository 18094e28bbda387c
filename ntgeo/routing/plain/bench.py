"""What the search works on: the rounds as they are, as they were, and the best so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ntgeo.routing.kernel import entry, inlined
from ntgeo.routing.plain.figures import DayFigures
from ntgeo.routing.plain.insertion import NOBODY, Rounds, empty_rounds, refresh, settle

__all__ = [
    "KEYS",
    "Bench",
    "copy_round",
    "copy_rounds",
    "is_better",
    "load_rounds",
    "new_bench",
    "total_cost",
    "touch",
    "unmade_weight",
]

KEYS = 6
_MOST_NEAR = 200
_SAME_COST = 1e-7


class Bench(NamedTuple):
    """What the search works on and remembers, changed in place.

    Attributes:
        rounds: As they stand.
        before: Rounds touched in this step, as they were.
        best: The best so far.
        near: (visits, near) for each visit the visits nearest to it, itself first.
        touched: (shifts,) whether a round was changed in this step.
        tried: (shifts,) whether the shift need not be looked at for a visit.
        is_kind_tried: (shifts,) whether an empty shift of the kind was tried for it.
        unmade_cost: (visits,) what an unmade visit adds to the energy of annealing.
        listed: (visits,) room for the visits to put back.
        key: (visits, ``KEYS``) in which orders they are put back.
        tally: (1,) how many are listed.
        chance: (1,) state of the random generator.
    """

    rounds: Rounds
    before: Rounds
    best: Rounds
    near: npt.NDArray[np.int64]
    touched: npt.NDArray[np.bool_]
    tried: npt.NDArray[np.bool_]
    is_kind_tried: npt.NDArray[np.bool_]
    unmade_cost: npt.NDArray[np.float64]
    listed: npt.NDArray[np.int64]
    key: npt.NDArray[np.float64]
    tally: npt.NDArray[np.int64]
    chance: npt.NDArray[np.uint64]


def new_bench(day: DayFigures, unmade_cost: npt.NDArray[np.float64], seed: int) -> Bench:
    """Return a bench with empty rounds."""
    shifts, visits = day.may_make.shape
    places = slice(day.depot_count, None)
    between = day.travel_s[places, places]
    apart = np.minimum(between, between.T)
    near = np.argsort(apart, axis=1, kind="stable")[:, :_MOST_NEAR]
    return Bench(
        rounds=empty_rounds(day),
        before=empty_rounds(day),
        best=empty_rounds(day),
        near=np.ascontiguousarray(near, dtype=np.int64),
        touched=np.zeros(shifts, dtype=np.bool_),
        tried=np.zeros(shifts, dtype=np.bool_),
        is_kind_tried=np.zeros(shifts, dtype=np.bool_),
        unmade_cost=unmade_cost,
        listed=np.zeros(visits, dtype=np.int64),
        key=_keys(day),
        tally=np.zeros(1, dtype=np.int64),
        chance=np.array([seed * 2 + 1], dtype=np.uint64),
    )


def _keys(day: DayFigures) -> npt.NDArray[np.float64]:
    """Return (visits, 6): orders in which visits are put back; smaller is sooner."""
    visits = len(day.service_s)
    opens_s, closes_s = day.windows_s[:, 0::2], day.windows_s[:, 1::2]
    width_s = np.where(closes_s >= opens_s, closes_s - opens_s, 0.0).sum(axis=1)
    home_s = np.zeros(visits)
    if len(day.ends):
        there = day.travel_s[np.ix_(np.unique(day.ends[:, 0]), np.arange(visits) + day.depot_count)]
        home_s = np.nan_to_num(there.min(axis=0), posinf=0.0)
    return np.stack(
        [
            np.zeros(visits),  # chance alone
            width_s,
            opens_s[:, 0],
            -closes_s.max(axis=1),
            -home_s,
            -day.service_s,
        ],
        axis=1,
    )


@inlined
def copy_round(source: Any, target: Any, shift: int) -> None:
    """Make a round of ``target`` the same as that of ``source``, but for who makes which visit."""
    # Plain loops: slices take numba many times longer to compile.
    count = source.size[shift]
    target.size[shift] = count
    target.load[shift] = source.load[shift]
    target.cost[shift] = source.cost[shift]
    target.work_s[shift] = source.work_s[shift]
    target.slack_s[shift] = source.slack_s[shift]
    for stop in range(count + 2):
        target.stops[shift, stop] = source.stops[shift, stop]
        for taken in range(2):
            target.leave_s[shift, stop, taken] = source.leave_s[shift, stop, taken]
            target.reach_s[shift, stop, taken] = source.reach_s[shift, stop, taken]


@entry
def touch(bench: Any, shift: int) -> None:
    """Keep a round as it was before its first change in this step."""
    if not bench.touched[shift]:
        bench.touched[shift] = True
        copy_round(bench.rounds, bench.before, shift)


@entry
def copy_rounds(source: Any, target: Any) -> None:
    """Make ``target`` the same as ``source``."""
    for visit in range(len(source.made_by)):
        target.made_by[visit] = source.made_by[visit]
    for shift in range(len(source.size)):
        copy_round(source, target, shift)


@entry
def unmade_weight(day: Any, rounds: Any) -> int:
    """Return the weight of the visits that nobody makes: what counts first."""
    weight = 0
    for visit in range(len(rounds.made_by)):
        if rounds.made_by[visit] == NOBODY:
            weight += day.unmade_weight[visit]
    return weight


@entry
def total_cost(rounds: Any) -> float:
    """Return the cost of all rounds: what counts next."""
    cost = 0.0
    for shift in range(len(rounds.size)):
        cost += rounds.cost[shift]
    return cost


@entry
def is_better(day: Any, rounds: Any, best: Any) -> bool:
    """Tell whether ``rounds`` beat ``best``: unmade visits by priority first, then cost."""
    weight, best_weight = unmade_weight(day, rounds), unmade_weight(day, best)
    if weight != best_weight:
        return weight < best_weight
    return total_cost(rounds) < total_cost(best) - _SAME_COST


def load_rounds(day: DayFigures, rounds: Rounds, orders: Sequence[Sequence[int]]) -> None:
    """Make ``rounds`` those of the given visits in order for each shift."""
    rounds.made_by[:] = NOBODY
    for shift, order in enumerate(orders):
        places = [*np.add(order, day.depot_count), day.ends[shift, 1]]
        rounds.stops[shift, 1 : len(order) + 2] = places
        rounds.size[shift] = len(order)
        rounds.made_by[list(order)] = shift
        refresh(day, rounds, shift)
        settle(day, rounds, shift)
