"""The exact finish: mixed-integer programming on what the bounds leave open."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ntgeo.domain.solving import SolveLimits
from ntgeo.siting.clock import Clock
from ntgeo.siting.formulation import solve_formulation
from ntgeo.siting.median.p_median import build_p_median
from ntgeo.siting.median.rows import CostRows, StateArray

__all__ = ["finish_median"]

Found = tuple[npt.NDArray[np.intp] | None, float]


def finish_median(
    offer: Callable[[Found], None],
    rows: CostRows,
    state: StateArray,
    count: int,
    pace: tuple[SolveLimits, Clock],
) -> Found:
    """Return the open sites of the best solution, if any, and the solver's bound.

    The bound is infinite where the solver proves that nothing is left.

    Args:
        offer: Not used; HiGHS tells only its last solution.
        rows: Costs, without the entries that a better plan could not use.
        state: (sites,) ``IN``, ``FREE`` or ``OUT``.
        count: How many sites are open.
        pace: Gap and seed, and when to stop.
    """
    del offer
    limits, clock = pace
    unit = _unit_of(rows)
    model, sites, always = build_p_median(rows, state, count, unit=unit)
    outcome = solve_formulation(model, limits, time_left_s=clock.left_s())
    if outcome.is_infeasible:
        return None, math.inf
    bound = outcome.bound * unit + always
    if outcome.values is None:
        return None, bound
    return sites[outcome.values[: len(sites)] > 1 / 2], bound


def _unit_of(rows: CostRows) -> float:
    """The cost that counts as 1: the mean of a pair, or of leaving an area where pairs are free."""
    for amounts in (rows.cost, rows.leave_cost[rows.may_leave]):
        if amounts.any():
            return max(1e-9, float(amounts.mean()))
    return 1.0
