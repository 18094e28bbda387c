"""The exact finish where costs are small whole numbers: CP-SAT on the radius formulation.

Variables: ``y_j`` whether site *j* is open, ``z_ik`` whether area *i* has no open site within its
*k*-th cost ``D_ik`` (Cornuejols, Nemhauser and Wolsey 1980; Elloumi 2010). Minimise
``Σ (D_i,k+1 − D_ik) z_ik`` with ``z_ik + Σ_{j within D_ik} y_j ≥ 1``: one row a different cost, not
a pair. Measured on a drilled plate of fl1400 (276 areas, costs of 1 to 20): 60 sites proven in 2 s,
20 in 10, 100 not in 50; HiGHS proved only 60, on this formulation, in 32, and branch and bound on
Lagrangian bounds only 20, in 3. Without the full linear relaxation (level 2) CP-SAT proved none. On
costs in the thousands CP-SAT is the worst of the three.
"""

from __future__ import annotations

import itertools
import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
from ortools.sat.python import cp_model

from ntgeo.domain.solving import SolveLimits
from ntgeo.siting.clock import Clock
from ntgeo.siting.median.rows import IN, OUT, CostRows, StateArray

__all__ = ["finish_whole"]

Found = tuple[npt.NDArray[np.intp] | None, float]
_SHORTEST_S = 0.05
_LOOK_S = 0.2


def finish_whole(
    offer: Callable[[Found], None],
    rows: CostRows,
    state: StateArray,
    asked: tuple[int, float],
    pace: tuple[SolveLimits, Clock],
) -> Found:
    """Return the open sites of the best solution, if any, and the solver's bound.

    The bound is infinite where the solver proves that nothing is left.

    Args:
        offer: Not used; CP-SAT is not asked for its solutions on the way.
        rows: Whole costs, without the entries that a better plan could not use.
        state: (sites,) ``IN``, ``FREE`` or ``OUT``.
        asked: How many sites are open; what a solution must cost at most.
        pace: Gap and seed, and when to stop.
    """
    del offer
    (count, needed), (limits, clock) = asked, pace
    model = cp_model.CpModel()
    sites = np.flatnonzero(state != OUT)
    opened = {int(j): model.new_int_var(int(state[j] == IN), 1, "") for j in sites}
    model.add(cp_model.LinearExpr.sum(list(opened.values())) == count)
    over, always = _serve_each_area(model, rows, opened)
    model.add(over <= math.floor(needed - always))
    model.minimize(over)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.random_seed = limits.seed % 2**31
    solver.parameters.max_time_in_seconds = max(_SHORTEST_S, clock.left_s())
    with _stopped_by(clock, solver):
        status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None, math.inf
    bound = solver.best_objective_bound + always
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return None, bound
    is_open = np.array([solver.boolean_value(opened[int(j)]) for j in sites])
    return sites[is_open], bound


@contextmanager
def _stopped_by(clock: Clock, solver: cp_model.CpSolver) -> Iterator[None]:
    """Stop the solver soon after the user stops the work; it looks at nothing of ours itself."""
    is_done = threading.Event()

    def watch() -> None:
        while not is_done.wait(_LOOK_S):
            if clock.is_up():
                solver.stop_search()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        is_done.set()
        watcher.join()


def _serve_each_area(
    model: cp_model.CpModel, rows: CostRows, opened: dict[int, cp_model.IntVar]
) -> tuple[cp_model.LinearExprT, int]:
    """Each area has an open site within a cost, or pays what the next costs more.

    Returns:
        What a plan costs over the least of every area, and the sum of those.
    """
    beyond: list[cp_model.IntVar] = []
    steps: list[int] = []
    always = 0
    start, site, cost, _ = rows.arrays
    for area in range(rows.area_count):
        near = slice(start[area], start[area + 1])
        within = [opened[int(j)] for j in site[near]]
        levels, ends = np.unique(cost[near], return_index=True)
        prices = [*levels.tolist(), *rows.leave_cost[[area]][rows.may_leave[[area]]].tolist()]
        always += int(prices[0]) if prices else 0
        for level, (here, after) in enumerate(itertools.pairwise(prices)):
            last = ends[level + 1] if level + 1 < len(ends) else len(within)
            beyond.append(model.new_bool_var(""))
            steps.append(int(after - here))
            model.add_bool_or([*within[:last], beyond[-1]])
        if not rows.may_leave[area]:
            model.add_bool_or(within)
    return cp_model.LinearExpr.weighted_sum(beyond, steps), always
