"""The linear relaxation of the choice: what each visit is worth, and so what each route."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any, Final, NamedTuple

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from scipy.sparse import csc_array

from ntgeo.routing.figures.arrays import FloatArray, IntArray

__all__ = ["Partition", "Relaxed", "relax"]

_FIRST_COLUMNS, _MORE_COLUMNS = 3_000, 1_500
_MOST_ROUNDS: Final = 60
_KEPT_PER_ROW: Final = 4
"""Columns that a round passes on to the next for each row: those that cost least beyond worth."""
_NOTHING: Final = 1e-9
_LITTLE: Final = 0.01
"""Of what a plan in hand is dearer than the relaxation: a round that gains less is the last."""


class Partition(NamedTuple):
    """Columns, some of which are to be chosen so that every row's sum is within its bounds.

    Attributes:
        rows: (rows, columns) 1 where a column has a row.
        gbp: (columns,) price.
        least: (rows,) fewest columns chosen that have the row.
        most: (rows,) most.
    """

    rows: csc_array
    gbp: FloatArray
    least: FloatArray
    most: FloatArray


class Relaxed(NamedTuple):
    """What the relaxation says.

    Attributes:
        gbp: No choice is cheaper, or by so little that it does not matter.
        reduced_gbp: (columns,) by how much a choice with the column is dearer at least.
    """

    gbp: float
    reduced_gbp: FloatArray


def relax(partition: Partition, feasible: IntArray, deadline: float) -> Relaxed | None:
    """Solve the relaxation by GLOP on a part of the columns that grows (sifting).

    Args:
        partition: The question.
        feasible: Columns that are a choice together.
        deadline: Moment of :func:`time.monotonic`; ``None`` is returned where it passes.
    """
    columns, rows = len(partition.gbp), len(partition.least)
    in_hand_gbp, last_gbp = float(partition.gbp[feasible].sum()), np.inf
    is_in = np.zeros(columns, dtype=np.bool_)
    is_in[feasible] = True
    size = np.maximum(1, np.diff(partition.rows.indptr))
    is_in[np.argsort(partition.gbp / size, kind="stable")[:_FIRST_COLUMNS]] = True
    for _ in range(_MOST_ROUNDS):
        part = np.flatnonzero(is_in)
        found = _solve(partition, part, deadline - time.monotonic())
        if found is None:
            return None
        gbp, worth = found
        reduced = partition.gbp - partition.rows.T @ worth
        tempting = np.flatnonzero(~is_in & (reduced < -_NOTHING * (1.0 + abs(gbp))))
        is_slow = last_gbp - gbp < _LITTLE * (in_hand_gbp - gbp)
        if not len(tempting) or (is_slow and len(tempting) < _MORE_COLUMNS):
            return Relaxed(gbp, reduced)
        last_gbp, is_in[:] = gbp, False
        is_in[feasible] = True
        is_in[part[np.argsort(reduced[part], kind="stable")[: _KEPT_PER_ROW * rows]]] = True
        is_in[tempting[np.argsort(reduced[tempting], kind="stable")[:_MORE_COLUMNS]]] = True
    return None


def _solve(partition: Partition, part: IntArray, seconds: float) -> tuple[float, FloatArray] | None:
    """Return the least price of some columns, and (rows,) what each row is worth."""
    if seconds <= 0.0:
        return None
    parameters = mathopt.SolveParameters(time_limit=dt.timedelta(seconds=seconds))
    model = mathopt.Model.from_model_proto(_proto(partition, part))
    found: Any = mathopt.solve(model, mathopt.SolverType.GLOP, params=parameters)
    if found.termination.reason != mathopt.TerminationReason.OPTIMAL:
        return None
    worth = np.zeros(len(partition.least))
    for row, value in found.dual_values().items():
        worth[row.id] = value
    return float(found.objective_value()), worth


def _proto(partition: Partition, part: IntArray) -> model_pb2.ModelProto:
    proto = model_pb2.ModelProto()
    rows = partition.rows[:, part].tocsr()
    rows.sort_indices()
    proto.variables.ids.extend(range(len(part)))
    proto.variables.lower_bounds.extend([0.0] * len(part))
    proto.variables.upper_bounds.extend([np.inf] * len(part))
    proto.variables.integers.extend([False] * len(part))
    proto.objective.linear_coefficients.ids.extend(range(len(part)))
    proto.objective.linear_coefficients.values.extend(partition.gbp[part].tolist())
    proto.linear_constraints.ids.extend(range(len(partition.least)))
    proto.linear_constraints.lower_bounds.extend(partition.least.tolist())
    proto.linear_constraints.upper_bounds.extend(partition.most.tolist())
    matrix = proto.linear_constraint_matrix
    matrix.row_ids.extend(np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr)).tolist())
    matrix.column_ids.extend(rows.indices.tolist())
    matrix.coefficients.extend(rows.data.tolist())
    return proto
