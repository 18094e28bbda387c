"""What distance costs an area, as cuts over the open sites: no variable for who goes where.

Where each area goes to its nearest open site, what an area suffers is a function of the open sites
alone: with its sites in order of cost ``c_1 ≤ c_2 ≤ …``, for every *k*

``C_i ≥ c_k - Σ_{r<k} (c_k - c_r) y_r - c_k v_i``

holds, where ``v_i`` tells that the area is left and costs nothing; the cuts of all *k* together are
as strong as the model with links (Magnanti and Wong 1981; Cornuejols, Nemhauser and Wolsey 1980).
Only those that a solution breaks are stated, so that a model stays small.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ntgeo.siting.models.siting_model import CostKind, SitingModel
from ntgeo.siting.question import SitingQuestion

__all__ = ["Cuts"]

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]
_BROKEN_SHARE = 1e-7
_FULL = 1 - 1e-9
_STEEPEST_EXPONENT = 500.0


@dataclass(slots=True, eq=False)
class Cuts:
    """The cuts of a question so far.

    Args:
        question: What is asked.
        order: (areas, sites) sites in order of time.
        costs: Of each kind: (areas, sites) in that order; infinite out of reach.
        stated: Of each kind: (cuts, 2) areas and ranks.
    """

    question: SitingQuestion
    order: IndexArray = field(init=False)
    costs: dict[CostKind, FloatArray] = field(default_factory=dict)
    stated: dict[CostKind, IndexArray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Put the sites of each area in order."""
        self.order = np.argsort(self.question.time_s, axis=1, kind="stable")

    def variables(self, model: SitingModel, kind: CostKind) -> IndexArray:
        """Return (areas,) variables ``C_i`` of a kind, in its unit, with the cuts so far.

        Args:
            model: Where they stand.
            kind: What the areas suffer.
        """
        if kind not in model.suffered:
            unit = self.unit(kind)
            areas = len(self.question.demand)
            model.suffered[kind] = model.form.add_amounts(np.zeros(areas))
            stated = self.stated.setdefault(kind, self._nearest(kind))
            self._state(model, kind, stated, unit)
        return model.suffered[kind]

    def unit(self, kind: CostKind) -> float:
        """Return what counts as 1 in the model: of a typical area not near to its nearest site."""
        if kind is CostKind.LOST:
            return 1.0
        cost = self._cost(kind)
        fifth = cost[:, : min(5, cost.shape[1])].max(axis=1, initial=0.0)
        return float(fifth[np.isfinite(fifth)].max(initial=0.0)) or 1.0

    def touch(self, model: SitingModel, values: FloatArray) -> bool:
        """Add the cuts that a solution breaks, and say whether there were any.

        Args:
            model: That was solved.
            values: (variables,) of the solution.
        """
        is_broken = False
        opened = values[model.opened][self.order]
        for kind, variables in model.suffered.items():
            left = np.zeros(len(variables)) if kind is CostKind.LOST else values[model.left]
            cost = self._cost(kind)
            rank = self._rank(cost, opened, left, is_lost=kind is CostKind.LOST)
            level = np.append(cost, np.ones((len(cost), 1)), axis=1)[np.arange(len(rank)), rank]
            saved = np.maximum(level[:, None] - np.where(np.isfinite(cost), cost, np.inf), 0.0)
            least = level * (1.0 - left) - (saved * opened).sum(axis=1)
            is_over = least > values[variables] * self.unit(kind) + _BROKEN_SHARE * self.unit(kind)
            broken = np.column_stack([np.flatnonzero(is_over), rank[is_over]])
            known = self.stated[kind]
            both = np.unique(np.concatenate([known, broken]), axis=0)
            is_broken |= len(both) > len(known)
            self.stated[kind] = both
        return is_broken

    def _rank(
        self, cost: FloatArray, opened: FloatArray, left: FloatArray, *, is_lost: bool
    ) -> IndexArray:
        """(areas,) rank of the site whose cut binds: where the sites before it fill the area."""
        reached = np.isfinite(cost)
        filled = left[:, None] + np.cumsum(np.where(reached, opened, 0.0), axis=1)
        is_full = filled >= _FULL
        last = cost.shape[1] if is_lost else reached.sum(axis=1) - 1
        return np.where(is_full.any(axis=1), is_full.argmax(axis=1), np.maximum(last, 0))

    def _cost(self, kind: CostKind) -> FloatArray:
        """(areas, sites) cost in order of time; infinite out of reach."""
        if kind not in self.costs:
            question = self.question
            time_s = np.take_along_axis(question.time_s, self.order, axis=1)
            if kind is CostKind.TIME:
                cost = time_s
            elif kind is CostKind.GROWN:
                grown = np.exp(np.minimum(question.kappa_per_s * time_s, _STEEPEST_EXPONENT))
                cost = np.where(np.isinf(time_s), np.inf, grown)
            else:
                share = np.take_along_axis(question.areas.decay, self.order, axis=1)
                cost = np.where(np.isinf(time_s), np.inf, 1.0 - share)
            self.costs[kind] = cost
        return self.costs[kind]

    def _nearest(self, kind: CostKind) -> IndexArray:
        """The first cuts: nobody suffers less than from the nearest site."""
        areas = np.flatnonzero(np.isfinite(self._cost(kind)).any(axis=1))
        return np.column_stack([areas, np.zeros(len(areas), dtype=np.intp)])

    def _state(self, model: SitingModel, kind: CostKind, stated: IndexArray, unit: float) -> None:
        cost, suffered = self._cost(kind), model.suffered[kind]
        area, rank = stated[:, 0], stated[:, 1]
        level = np.append(cost, np.ones((len(cost), 1)), axis=1)[area, rank]
        row = np.repeat(np.arange(len(area)), rank)
        ends = np.cumsum(rank)
        before = np.arange(len(row)) - np.repeat(ends - rank, rank)
        saved = level[row] - cost[area[row], before]
        counted = np.isfinite(saved) & (saved > 0)
        row, before, saved = row[counted], before[counted], saved[counted]
        cuts = np.arange(len(area))
        of_left = np.zeros(len(area)) if kind is CostKind.LOST else level
        model.form.add_rows(
            (
                np.concatenate([cuts, cuts, row]),
                np.concatenate(
                    [suffered[area], model.left[area], model.opened[self.order[area[row], before]]]
                ),
                np.concatenate([np.full(len(area), unit), of_left, saved]) / unit,
            ),
            lower=level / unit,
            upper=np.inf,
            count=len(area),
        )
