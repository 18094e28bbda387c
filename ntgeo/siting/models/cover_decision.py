"""Whether so many sites can cover everyone: the decision behind the p-centre (Minieka 1970).

Two quick looks come first: a greedy cover that is small enough, and areas that share no site, of
which there are too many. What they leave goes to CP-SAT without the rows and columns that another
makes useless: 0.01 to 0.1 s a decision on OR-Library pmed1 to 15. Nothing has to be proven about
the fewest sites, as a least cover would.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from ortools.sat.python import cp_model

from ntgeo.domain.solving import SolveLimits
from ntgeo.siting.clock import Clock
from ntgeo.siting.models.set_cover import without_the_dominated

__all__ = ["cover_with"]

BoolArray = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.intp]
_SHORTEST_S = 0.05


def cover_with(
    reach: BoolArray, count: int, limits: SolveLimits, clock: Clock
) -> tuple[IndexArray | None, bool]:
    """Return at most ``count`` sites that cover every area, or whether there are none.

    Args:
        reach: (areas, sites) whether the site covers the area.
        count: Most sites.
        limits: Seed.
        clock: When to give up; then neither is known.

    Returns:
        The sites, ascending, or ``None``; whether it is proven that there are none.
    """
    if not reach.any(axis=1).all() or _apart(reach, count + 1) > count:
        return None, True
    greedy = _greedy(reach, count)
    if greedy is not None:
        return greedy, False
    return _by_sat(reach, count, limits, clock)


def _apart(reach: BoolArray, enough: int) -> int:
    """How many areas can be found, up to ``enough``, no two of which share a site."""
    is_taken = np.zeros(reach.shape[1], dtype=np.bool_)
    found = 0
    for area in np.argsort(reach.sum(axis=1), kind="stable"):
        if not (reach[area] & is_taken).any():
            is_taken |= reach[area]
            found += 1
            if found == enough:
                break
    return found


def _greedy(reach: BoolArray, count: int) -> IndexArray | None:
    """Open the site that covers most of what is left, ``count`` times at most."""
    left = reach
    opened: list[int] = []
    while len(left) and len(opened) < count:
        best = int(np.argmax(left.sum(axis=0)))
        opened.append(best)
        left = left[~left[:, best]]
    return None if len(left) else np.sort(np.array(opened, dtype=np.intp))


def _by_sat(
    reach: BoolArray, count: int, limits: SolveLimits, clock: Clock
) -> tuple[IndexArray | None, bool]:
    """Each area has an open site in reach, and at most ``count`` are open."""
    rows, sites = without_the_dominated(reach)
    model = cp_model.CpModel()
    opened = [model.new_bool_var("") for _ in sites]
    for row in rows:
        model.add_bool_or([opened[place] for place in np.flatnonzero(row)])
    model.add(cp_model.LinearExpr.sum(opened) <= count)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.random_seed = limits.seed % 2**31
    solver.parameters.max_time_in_seconds = max(_SHORTEST_S, clock.left_s())
    status = solver.solve(model)
    if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        chosen = [solver.boolean_value(variable) for variable in opened]
        return np.sort(sites[np.array(chosen, dtype=np.bool_)]), False
    return None, bool(status == cp_model.INFEASIBLE)
