"""The master programme: which rounds, so that each visit has its people, at least cost."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from ortools.math_opt.python import mathopt

__all__ = ["Duals", "Master", "UnmadeTerms", "lagrangian_gbp"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class UnmadeTerms(NamedTuple):
    """What a plan may leave unmade, and at what price.

    Attributes:
        crews: (visits,) how many people a visit needs.
        price_gbp: (visits,) of not making it.
        group: (visits,) its priority, counted from 0.
        most: (groups,) how many of each may be unmade at most.
    """

    crews: IntArray
    price_gbp: FloatArray
    group: IntArray
    most: IntArray


class Duals(NamedTuple):
    """Prices of the master programme's rows.

    Attributes:
        value_gbp: Of the programme, over the rounds known so far.
        visits_gbp: (visits,) what somebody's coming is worth; at least 0.
        kinds_gbp: (kinds,) what a shift more of a kind would save, as a number at most 0.
        short: How many people are missing that no known round brings.
    """

    value_gbp: float
    visits_gbp: FloatArray
    kinds_gbp: FloatArray
    short: float


def lagrangian_gbp(
    unmade: UnmadeTerms, counts: IntArray, duals_gbp: FloatArray, least_gbp: FloatArray
) -> float:
    """Return a bound that holds at any duals (Geoffrion, 1974; as a dual bound: Farley, 1990).

    Every plan costs at least ``Σ crews·duals + Σ counts·least + unmade``: its rounds, of which
    there are at most ``counts`` of a kind, each cost at least the duals of their visits plus the
    kind's least reduced cost, and a visit unmade costs its price less its duals.

    Args:
        unmade: Crews, prices, and how many may be unmade.
        counts: (kinds,) shifts of each kind.
        duals_gbp: (visits,) any figures of at least 0.
        least_gbp: (kinds,) least reduced cost of a round of each kind, at most 0.
    """
    crews_gbp = unmade.crews * duals_gbp
    saved_gbp = np.minimum(0.0, unmade.price_gbp - crews_gbp)
    unmade_gbp = sum(
        float(np.sort(saved_gbp[unmade.group == group])[: int(most)].sum())
        for group, most in enumerate(unmade.most)
    )
    return float(crews_gbp.sum() + counts @ least_gbp) + unmade_gbp


class Master:
    """Set covering by GLOP over the rounds added so far; each solve starts from the last.

    Args:
        unmade: Crews, prices, and how many may be unmade.
        counts: (kinds,) shifts of each kind.
        missing_gbp: Price of a person missing, above what any dual should be.
    """

    def __init__(self, unmade: UnmadeTerms, counts: IntArray, missing_gbp: float) -> None:
        self._model = model = mathopt.Model()
        self._visits = [model.add_linear_constraint(lb=float(crew)) for crew in unmade.crews]
        self._kinds = [model.add_linear_constraint(ub=float(count)) for count in counts]
        groups = [model.add_linear_constraint(ub=float(most)) for most in unmade.most]
        self._missing = [model.add_variable(lb=0.0) for _ in self._visits]
        self.raise_missing(missing_gbp)
        for row, variable in zip(self._visits, self._missing, strict=True):
            row.set_coefficient(variable, 1.0)
        for visit, row in enumerate(self._visits):
            left = model.add_variable(lb=0.0, ub=1.0)
            model.objective.set_linear_coefficient(left, float(unmade.price_gbp[visit]))
            row.set_coefficient(left, float(unmade.crews[visit]))
            groups[int(unmade.group[visit])].set_coefficient(left, 1.0)
        self._solver = mathopt.IncrementalSolver(model, mathopt.SolverType.GLOP)

    def raise_missing(self, missing_gbp: float) -> None:
        """Set the price of a person missing."""
        self.missing_gbp = missing_gbp
        for variable in self._missing:
            self._model.objective.set_linear_coefficient(variable, missing_gbp)

    def add_round(self, kind: int, visits: tuple[int, ...], cost_gbp: float) -> Any:
        """Add a round; visits that it makes more than once count as often."""
        variable = self._model.add_variable(lb=0.0)
        self._model.objective.set_linear_coefficient(variable, cost_gbp)
        self._kinds[kind].set_coefficient(variable, 1.0)
        for visit, times in Counter(visits).items():
            self._visits[visit].set_coefficient(variable, float(times))
        return variable

    def solve(self) -> Duals | None:
        """Return the prices of the best choice; ``None`` if GLOP gave none."""
        result = self._solver.solve()
        if result.termination.reason is not mathopt.TerminationReason.OPTIMAL:
            return None
        visits_gbp = np.array(result.dual_values(self._visits), dtype=np.float64)
        kinds_gbp = np.array(result.dual_values(self._kinds), dtype=np.float64)
        return Duals(
            value_gbp=result.objective_value(),
            visits_gbp=np.maximum(visits_gbp, 0.0),
            kinds_gbp=np.minimum(kinds_gbp, 0.0),
            short=float(sum(result.variable_values(self._missing))),
        )
