"""Linear models built from arrays, and solved by OR-Tools MathOpt."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt

from ntgeo.domain.solving import SolveLimits
from ntgeo.siting.quiet import without_native_output

__all__ = ["Formulation", "Outcome", "solve_formulation"]

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]
_TOLERANCE_SHARE = 1e-7
_SHORTEST_S = 0.05
_IMPOSSIBLE = {
    mathopt.TerminationReason.INFEASIBLE,
    mathopt.TerminationReason.INFEASIBLE_OR_UNBOUNDED,  # none of our models is unbounded
}


@dataclass(slots=True)
class Formulation:
    """A mixed-integer linear model, grown by blocks of variables and rows.

    MathOpt's own builder makes one Python object a variable; here a block is one array, so that a
    million links cost a second rather than a minute.
    """

    is_maximised: bool = False
    _lower: list[FloatArray] = field(default_factory=list)
    _upper: list[FloatArray] = field(default_factory=list)
    _is_integer: list[npt.NDArray[np.bool_]] = field(default_factory=list)
    _cost: list[FloatArray] = field(default_factory=list)
    _row_lower: list[FloatArray] = field(default_factory=list)
    _row_upper: list[FloatArray] = field(default_factory=list)
    _entries: list[tuple[IndexArray, IndexArray, FloatArray]] = field(default_factory=list)
    variable_count: int = 0
    row_count: int = 0

    def add_choices(self, cost: npt.ArrayLike, *, lower: npt.ArrayLike = 0.0) -> IndexArray:
        """Add yes-or-no variables and return their numbers."""
        return self._add(cost, lower, is_integer=True)

    def add_shares(self, cost: npt.ArrayLike) -> IndexArray:
        """Add variables from 0 to 1 and return their numbers."""
        return self._add(cost, 0.0, is_integer=False)

    def add_amounts(self, cost: npt.ArrayLike, *, upper: npt.ArrayLike = np.inf) -> IndexArray:
        """Add variables from 0 up and return their numbers."""
        return self._add(cost, 0.0, is_integer=False, upper=upper)

    def set_aim(
        self, variables: npt.ArrayLike, coefficients: npt.ArrayLike, *, is_maximised: bool
    ) -> None:
        """Make ``Σ coefficient × variable`` least or most, instead of what was aimed at before."""
        cost = np.zeros(self.variable_count)
        np.add.at(cost, np.asarray(variables, dtype=np.intp), coefficients)
        self._cost, self.is_maximised = [cost], is_maximised

    def _add(
        self,
        cost: npt.ArrayLike,
        lower: npt.ArrayLike,
        *,
        is_integer: bool,
        upper: npt.ArrayLike = 1.0,
    ) -> IndexArray:
        costs = np.atleast_1d(np.asarray(cost, dtype=np.float64))
        count = len(costs)
        self._cost.append(costs)
        self._lower.append(np.broadcast_to(np.asarray(lower, dtype=np.float64), (count,)))
        self._upper.append(np.broadcast_to(np.asarray(upper, dtype=np.float64), (count,)))
        self._is_integer.append(np.full(count, is_integer))
        first = self.variable_count
        self.variable_count += count
        return np.arange(first, self.variable_count)

    def add_rows(
        self,
        entries: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike],
        *,
        lower: npt.ArrayLike,
        upper: npt.ArrayLike,
        count: int = 1,
    ) -> None:
        """Add ``count`` rows, ``lower ≤ Σ coefficient × variable ≤ upper``.

        Args:
            entries: Row within the block, variable, coefficient; arrays of one length.
            lower: One number, or one a row.
            upper: One number, or one a row.
            count: How many rows.
        """
        rows, variables, coefficients = np.broadcast_arrays(*entries)
        self._entries.append(
            (
                rows.astype(np.intp) + self.row_count,
                variables.astype(np.intp),
                coefficients.astype(np.float64),
            )
        )
        self._row_lower.append(np.broadcast_to(np.asarray(lower, dtype=np.float64), (count,)))
        self._row_upper.append(np.broadcast_to(np.asarray(upper, dtype=np.float64), (count,)))
        self.row_count += count

    def to_model(self, *, is_relaxed: bool = False) -> mathopt.Model:
        """Return the model as MathOpt takes it; relaxed, every variable may be a fraction."""
        proto = model_pb2.ModelProto()
        proto.variables.ids.extend(range(self.variable_count))
        proto.variables.lower_bounds.extend(np.concatenate(self._lower).tolist())
        proto.variables.upper_bounds.extend(np.concatenate(self._upper).tolist())
        is_integer = np.concatenate(self._is_integer) & (not is_relaxed)
        proto.variables.integers.extend(is_integer.tolist())
        cost = np.concatenate(self._cost)
        proto.objective.maximize = self.is_maximised
        proto.objective.linear_coefficients.ids.extend(np.flatnonzero(cost).tolist())
        proto.objective.linear_coefficients.values.extend(cost[cost != 0].tolist())
        proto.linear_constraints.ids.extend(range(self.row_count))
        proto.linear_constraints.lower_bounds.extend(np.concatenate(self._row_lower).tolist())
        proto.linear_constraints.upper_bounds.extend(np.concatenate(self._row_upper).tolist())
        rows, variables, coefficients = (
            np.concatenate(part) for part in zip(*self._entries, strict=True)
        )
        place, entry = np.unique(rows * self.variable_count + variables, return_inverse=True)
        summed = np.bincount(entry.reshape(-1), weights=coefficients, minlength=len(place))
        matrix = proto.linear_constraint_matrix
        matrix.row_ids.extend((place // self.variable_count).tolist())
        matrix.column_ids.extend((place % self.variable_count).tolist())
        matrix.coefficients.extend(summed.tolist())
        return mathopt.Model.from_model_proto(proto)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the solver says.

    Args:
        values: (variables,) of its best solution; ``None`` if it found none.
        bound: No solution is better; infinite in the harmless direction if unknown.
        is_proven: Whether its best solution is proven best, to one part in ten million.
        is_infeasible: Whether it is proven that there is no solution.
    """

    values: FloatArray | None
    bound: float
    is_proven: bool
    is_infeasible: bool = False


def solve_formulation(
    formulation: Formulation, limits: SolveLimits, *, time_left_s: float, is_relaxed: bool = False
) -> Outcome:
    """Solve with HiGHS on one core, within the time left; relaxed, variables may be fractions."""
    parameters = mathopt.SolveParameters(
        time_limit=dt.timedelta(seconds=max(_SHORTEST_S, time_left_s)),
        relative_gap_tolerance=max(limits.gap_share, _TOLERANCE_SHARE / 10),
        absolute_gap_tolerance=0.0,
        random_seed=limits.seed % 2**31,
    )
    model = formulation.to_model(is_relaxed=is_relaxed)
    with without_native_output():
        result: Any = mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters)
    bound = float(result.termination.objective_bounds.dual_bound)
    if not result.has_primal_feasible_solution():
        none_exists = result.termination.reason in _IMPOSSIBLE
        return Outcome(values=None, bound=bound, is_proven=False, is_infeasible=none_exists)
    found = result.variable_values()
    values = np.zeros(formulation.variable_count)
    for variable, value in found.items():
        values[variable.id] = value
    gap = abs(result.objective_value() - bound)
    is_proven = gap <= _TOLERANCE_SHARE * max(1.0, abs(bound))
    return Outcome(values=values, bound=bound, is_proven=bool(is_proven))
