"""From orders of visits to rounds on the bench, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ntgeo.routing.general.bench import LISTED, Bench, put, roll_back
from ntgeo.routing.general.facts import AFTER_DARK, BY_DAY, IS_TIED, Facts
from ntgeo.routing.general.rounds import (
    BEFORE,
    BEST,
    COME,
    PLANNED,
    SIZE,
    START_STOP,
    close,
    keep_people,
)
from ntgeo.routing.general.ruin import relax, take_out, take_out_bound
from ntgeo.routing.general.ties import may_join, settle
from ntgeo.routing.general.timing import pass_row, refresh
from ntgeo.routing.kernel import entry, kernel

__all__ = ["load_best", "load_orders", "orders_of"]


def orders_of(bench: Bench) -> tuple[tuple[int, ...], ...]:
    """Return the visits of the best rounds in order for each shift."""
    order = bench.kept.order[BEST]
    return tuple(tuple(row[1 : row[0] + 1].tolist()) for row in order)


@entry
def load_best(day: Any, bench: Any) -> None:
    """Make the rounds the best so far."""
    roll_back(day, bench.rounds, bench.kept, BEST)


def load_orders(day: Facts, bench: Bench, orders: Sequence[Sequence[int]]) -> None:
    """Put visits into empty rounds in the given orders, as far as the rules allow."""
    tasks = [(shift, visit) for shift, order in enumerate(orders) for visit in order]
    coming = np.bincount([visit for _, visit in tasks], minlength=len(bench.rounds.made))
    planned = bench.rounds.made[:, PLANNED]
    bench.rounds.made[:, PLANNED] = np.where(coming > 0, coming, planned)
    _load(day, bench, np.array(tasks, dtype=np.int64).reshape(-1, 2))


@entry
def _load(day: Any, bench: Any, tasks: Any) -> None:
    """Put each task last in its round, if the round by itself can be made; then mend the plan."""
    rounds = bench.rounds
    for task in range(len(tasks)):
        shift, visit = tasks[task, 0], tasks[task, 1]
        planned = rounds.made[visit, PLANNED]
        by_day, after_dark = day.visit[visit, BY_DAY], day.visit[visit, AFTER_DARK]
        if planned not in (by_day, after_dark) or rounds.made[visit, COME] >= planned:
            continue
        if not may_join(day, rounds, visit, shift):
            continue
        put(day, rounds, visit, (shift, rounds.row[shift, SIZE]))
        if not pass_row(day, rounds, shift, shift, START_STOP):
            rounds.row[shift, SIZE] -= 1
            rounds.made[visit, COME] -= 1
            pass_row(day, rounds, shift, shift, START_STOP)
        refresh(day, rounds, shift)
    _mend(day, bench)


@kernel
def _mend(day: Any, bench: Any) -> None:
    """Take out visits whose crew or partners are not all there, then those that do not fit."""
    rounds = bench.rounds
    bench.tally[LISTED] = 0
    for visit in range(len(rounds.made)):
        if 0 < rounds.made[visit, COME] < rounds.made[visit, PLANNED]:
            take_out(bench, visit)
        elif rounds.made[visit, COME] == 0:
            bench.listed[0, bench.tally[LISTED]] = visit
            bench.tally[LISTED] += 1
    take_out_bound(day, bench, 0)
    keep_people(rounds, bench.kept, BEFORE)
    relax(day, rounds)
    if not settle(day, rounds, bench.kept):
        for visit in range(len(rounds.made)):
            if rounds.made[visit, COME] > 0 and day.visit[visit, IS_TIED] > 0:
                take_out(bench, visit)
        take_out_bound(day, bench, 0)
        relax(day, rounds)
        settle(day, rounds, bench.kept)
    close(bench.kept, BEFORE)
