"""The best choice among all routes that the engines met.

Each visit is in one chosen route or unmade; each kind of shift has no more routes than shifts. The
linear relaxation says by how much a plan with a route is dearer at least; routes that no plan
better than the one in hand can have are left out, and OR-Tools CP-SAT chooses among the rest
(Foster and Ryan 1976; as a heuristic over routes met, Rochat and Taillard 1995).
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from ortools.sat.python import cp_model
from scipy.sparse import csc_array

from ntgeo.routing.figures import DayArrays, same_shifts
from ntgeo.routing.figures.arrays import FloatArray, IntArray, floats, ints
from ntgeo.routing.recombine.pool import PoolRoute
from ntgeo.routing.recombine.relaxation import Partition, relax

__all__ = ["Choice", "best_choice"]

_LARGEST_COST: Final = 100_000_000
_MOST_COLUMNS: Final = 6_000
_PRIORITY_RATIO: Final = 4.0
_SAME_SHARE: Final = 1e-7

Orders = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """How hard to look.

    Args:
        effort: CP-SAT's deterministic time, so that a question has the same answer again.
        deadline: Moment of :func:`time.monotonic`: a guard, not met when all goes well.
        seed: Of CP-SAT.
    """

    effort: float
    deadline: float
    seed: int


def best_choice(
    day: DayArrays, routes: Sequence[PoolRoute], plan: Sequence[PoolRoute], choice: Choice
) -> Orders | None:
    """Choose routes better than a plan's; ``None`` if none were found.

    Args:
        day: The question; of its rules only those of how many come to a visit, and how many
            shifts of a kind there are, are looked at: the routes keep the others.
        routes: To choose from.
        plan: The routes of the plan so far.
        choice: How hard to look.
    """
    columns = _columns(routes, plan)
    partition = _partition(day, columns)
    in_hand = _in_hand(day, plan, len(columns))
    plan_gbp = float(partition.gbp[in_hand].sum())
    relaxed = relax(partition, in_hand, choice.deadline)
    if relaxed is None or plan_gbp - relaxed.gbp <= _SAME_SHARE * abs(plan_gbp):
        return None
    hopeful = np.flatnonzero(relaxed.reduced_gbp < plan_gbp - relaxed.gbp)
    hopeful = hopeful[np.argsort(relaxed.reduced_gbp[hopeful], kind="stable")[:_MOST_COLUMNS]]
    part = np.union1d(hopeful, in_hand)
    chosen = _choose(partition, part, np.isin(part, in_hand), choice)
    if chosen is None or partition.gbp[chosen].sum() >= plan_gbp - _SAME_SHARE * abs(plan_gbp):
        return None
    return _shared_out(day, [columns[column] for column in chosen if column < len(columns)])


def _columns(routes: Sequence[PoolRoute], plan: Sequence[PoolRoute]) -> list[PoolRoute]:
    """Return the plan's routes, then the others."""
    known = {(route.kind, frozenset(route.order)): route.gbp for route in plan}
    others = (
        route
        for route in routes
        if route.gbp < known.get((route.kind, frozenset(route.order)), np.inf)
    )
    return [*plan, *others]


def _partition(day: DayArrays, columns: Sequence[PoolRoute]) -> Partition:
    """Return the question: a row a visit, then a row a kind; routes, then visits left unmade."""
    visits = len(day.visits.load)
    kinds, counts = np.unique(same_shifts(day), return_counts=True)
    row_of = {int(kind): visits + number for number, kind in enumerate(kinds)}
    entries = [[*route.order, row_of[route.kind]] for route in columns]
    entries += [[visit] for visit in range(visits)]
    first = np.cumsum([0, *map(len, entries)])
    rows = np.concatenate([ints(entry) for entry in entries])
    shape = visits + len(kinds), len(entries)
    gbp = floats([route.gbp for route in columns])
    return Partition(
        rows=csc_array((np.ones(len(rows)), rows, first), shape=shape),
        gbp=np.concatenate([gbp, _unmade_gbp(day, gbp)]),
        least=np.concatenate([np.ones(visits), np.zeros(len(kinds))]),
        most=np.concatenate([np.ones(visits), counts.astype(np.float64)]),
    )


def _unmade_gbp(day: DayArrays, gbp: FloatArray) -> FloatArray:
    """Return (visits,) prices of leaving a visit; by priority, more than any route."""
    if not day.prices.puts_priorities_first:
        return day.visits.unmade_gbp
    dearest = max(float(gbp.max(initial=0.0)), 1.0)
    return floats((dearest * _PRIORITY_RATIO ** (6.0 - day.visits.priority)).tolist())


def _in_hand(day: DayArrays, plan: Sequence[PoolRoute], columns: int) -> IntArray:
    """Return the columns of a plan: its routes, and the visits that it leaves."""
    made = {visit for route in plan for visit in route.order}
    left = [columns + visit for visit in range(len(day.visits.load)) if visit not in made]
    return ints([*range(len(plan)), *left])


def _choose(
    partition: Partition, part: IntArray, hint: np.ndarray, choice: Choice
) -> IntArray | None:
    """Return the columns that CP-SAT chooses."""
    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in part]
    rows = partition.rows[:, part].tocsr()
    for row, (least, most) in enumerate(zip(partition.least, partition.most, strict=True)):
        several = [chosen[at] for at in rows.indices[rows.indptr[row] : rows.indptr[row + 1]]]
        if least == most == 1.0:
            model.add_exactly_one(several)
        elif len(several) > most:
            model.add(sum(several) <= int(most))
    scale = _LARGEST_COST / max(1e-9, float(partition.gbp[part].max(initial=0.0)))
    costs = np.round(partition.gbp[part] * scale).astype(np.int64).tolist()
    model.minimize(cp_model.LinearExpr.weighted_sum(chosen, costs))
    for variable, is_hinted in zip(chosen, hint.tolist(), strict=True):
        model.add_hint(variable, is_hinted)
    solver = cp_model.CpSolver()
    solver.parameters.max_deterministic_time = choice.effort
    solver.parameters.max_time_in_seconds = max(0.01, choice.deadline - time.monotonic())
    solver.parameters.num_workers = 1  # several would race: another answer each time
    solver.parameters.linearization_level = 2
    solver.parameters.random_seed = choice.seed % 2**31
    if solver.solve(model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return None
    return part[[solver.boolean_value(variable) for variable in chosen]]


def _shared_out(day: DayArrays, chosen: Sequence[PoolRoute]) -> Orders:
    """Give each kind's routes to its shifts in order."""
    waiting: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for route in sorted(chosen, key=lambda route: route.order, reverse=True):
        waiting[route.kind].append(route.order)
    kinds = same_shifts(day).tolist()
    return tuple(waiting[kind].pop() if waiting[kind] else () for kind in kinds)
