"""CP-SAT, asked one aim after the other."""

from __future__ import annotations

import time
from typing import Any, Final

from ortools.sat.python import cp_model

from ntgeo.domain.solving import SolveLimits
from ntgeo.routing.exact.variables import Variables

__all__ = ["Search"]

_FOUND: Final = (cp_model.OPTIMAL, cp_model.FEASIBLE)
_LEAST_S: Final = 0.01


class Search:
    """A solver that is asked one aim after the other.

    Attributes:
        values: Of every decision in the best plan so far; empty before there is one.
        least: Value of the last aim in it.
    """

    def __init__(self, variables: Variables, limits: SolveLimits) -> None:
        self.variables, self.limits = variables, limits
        self._ends_at = time.monotonic() + limits.time_limit_s
        self.values: list[int] = []
        self.least = 0.0

    def minimise(self, aim: Any, effort: float | None = None) -> tuple[bool, float] | None:
        """Return whether the least value of an aim was proven, and its bound; keep the plan.

        Args:
            aim: What is to be least.
            effort: Most work, by CP-SAT's own deterministic count; ``None`` for no limit but time.

        Returns:
            ``None`` where no (better) plan was found in time.
        """
        model, left_s = self.variables.model, self.left_s
        if self.values:
            model.clear_hints()
            for number, value in enumerate(self.values):
                model.add_hint(model.get_int_var_from_proto_index(number), value)
        if left_s == 0.0:
            return None
        model.minimize(aim)
        solver = _solver(self.limits, left_s, effort)
        status = solver.solve(model)
        if status not in _FOUND:
            return None
        self.values = list(solver.response_proto.solution)
        self.least = solver.objective_value
        return status == cp_model.OPTIMAL, solver.best_objective_bound

    @property
    def left_s(self) -> float:
        """Seconds until the time limit; 0 where what is left is not worth asking."""
        left_s = self._ends_at - time.monotonic()
        return left_s if left_s > _LEAST_S else 0.0

    def value(self, expression: Any) -> int:
        """Return the value of a decision in the best plan so far."""
        if isinstance(expression, int):
            return expression
        return self.values[expression.index]


def _solver(limits: SolveLimits, left_s: float, effort: float | None) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = left_s
    if effort is not None:
        solver.parameters.max_deterministic_time = effort
    solver.parameters.num_workers = limits.workers
    solver.parameters.linearization_level = 2
    solver.parameters.random_seed = limits.seed
    solver.parameters.relative_gap_limit = limits.gap_share
    return solver
