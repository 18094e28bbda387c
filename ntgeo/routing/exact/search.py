"""CP-SAT, asked one aim after the other."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from ortools.sat.python import cp_model

from ntgeo.domain.solving import SolveLimits
from ntgeo.routing.exact.variables import Variables

__all__ = ["Outcome", "Part", "Search"]

_FOUND: Final = (cp_model.OPTIMAL, cp_model.FEASIBLE)
_LEAST_S: Final = 0.01
_YES_OR_NO: Final = [0, 1]


class Part(NamedTuple):
    """Some of the plans of a model.

    Attributes:
        model: Has the decisions of the whole, in the same order, and then some of its own.
        values: Of its own decisions in the best plan so far.
    """

    model: cp_model.CpModel
    values: tuple[int, ...]


class Outcome(NamedTuple):
    """What came of a search.

    Attributes:
        is_found: Whether it found a plan.
        is_proven: Whether none is better; or, without a plan, that there is none at all.
        bound: No plan is better than that.
    """

    is_found: bool
    is_proven: bool
    bound: float


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

    def minimise(
        self,
        aim: Any,
        effort: float | None = None,
        part: Part | None = None,
        gap_share: float = 0.0,
    ) -> Outcome:
        """Look for a plan whose aim is least; keep it if there is one.

        Args:
            aim: What is to be least.
            effort: Most work, by CP-SAT's own deterministic count; ``None`` for no limit but time.
            part: Only among these plans; ``None`` for all.
            gap_share: How near to the bound is near enough.
        """
        left_s = self.left_s
        if left_s == 0.0:
            return Outcome(is_found=False, is_proven=False, bound=-math.inf)
        model = self.variables.model if part is None else part.model
        self._hint(model, () if part is None else part.values)
        model.minimize(aim)
        solver = _solver(self.limits, left_s, effort)
        solver.parameters.relative_gap_limit = gap_share
        # A part has its sets of visits, whose relaxation needs no more than the usual cuts.
        solver.parameters.linearization_level = 2 if part is None else 1
        status = solver.solve(model)
        is_found, bound = status in _FOUND, solver.best_objective_bound
        if is_found:
            self.values = list(solver.response_proto.solution)[: self._count]
            self.least = solver.objective_value
        return Outcome(
            is_found=is_found,
            is_proven=status == cp_model.INFEASIBLE or (is_found and bound >= self.least),
            bound=bound,
        )

    def settle_choices(self) -> None:
        """Settle every choice of yes or no as in the best plan so far; what is left is amounts."""
        model = self.variables.model
        for number, decision in enumerate(model.proto.variables):
            if list(decision.domain) == _YES_OR_NO:
                choice = model.get_int_var_from_proto_index(number)
                model.add(choice == self.values[number])

    def _hint(self, model: cp_model.CpModel, more: Sequence[int]) -> None:
        """Tell the model the best plan so far, and what its further decisions would then be."""
        if self.values:
            model.clear_hints()
            for number, value in enumerate((*self.values, *more)):
                model.add_hint(model.get_int_var_from_proto_index(number), value)

    @property
    def _count(self) -> int:
        return len(self.variables.model.proto.variables)

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
    solver.parameters.num_workers = 1  # several would race: another of equal plans each time
    solver.parameters.random_seed = limits.seed
    return solver
