"""Demand won from competitors (Huff 1964), by tangents to its curve (Ljubic and Moreno 2018).

With ``V_i = U_i / C_i`` the share won is ``V / (1 + V)``, concave in the open sites. The tangent at
a point ``P`` is a row ``s_i ≤ P / (1 + P) + (V_i - P) / (1 + P)²``; it never cuts off a true share.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ntgeo.siting.models.aims import Sum
from ntgeo.siting.models.siting_model import SitingModel
from ntgeo.siting.question import SitingQuestion

__all__ = ["Tangents"]

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]
_TOLERANCE = 1e-9


@dataclass(slots=True, eq=False)
class Tangents:
    """Where the curve of each area has tangents so far.

    Args:
        points: Each (areas,) values of ``V``; NaN where the area needs none.
    """

    points: list[FloatArray] = field(default_factory=list)

    def touch(self, model: SitingModel, values: FloatArray) -> bool:
        """Add tangents where a solution tells more than is won, and say whether there were any.

        Args:
            model: That was solved; one without a market share has nothing to tell.
            values: (variables,) of the solution.
        """
        if model.won is None:
            return False
        ratio = _ratio(model.question) @ values[model.opened]
        is_over = values[model.won] > _share(ratio) + _TOLERANCE
        if not is_over.any():
            return False
        self.points.append(np.where(is_over, ratio, np.nan))
        return True

    def sum_of(self, model: SitingModel) -> Sum:
        """Return demand won, ``Σ w_i s_i``."""
        question = model.question
        has_rival = question.areas.rival_draw > 0
        won = model.won = model.form.add_shares(np.zeros(len(question.demand)))
        self._won_where_no_rival_is(model, won, ~has_rival)
        rivalled = np.flatnonzero(has_rival)
        ratio = _ratio(question)[rivalled]
        scale = np.maximum(ratio.max(axis=1, initial=0.0), 1.0)
        drawn = model.form.add_amounts(np.zeros(len(rivalled)))
        row, site = np.nonzero(ratio)
        model.form.add_rows(  # V_i = Σ_j a_ij y_j / C_i, told in parts of the largest
            (
                np.concatenate([np.arange(len(rivalled)), row]),
                np.concatenate([drawn, model.opened[site]]),
                np.concatenate([np.ones(len(rivalled)), -ratio[row, site] / scale[row]]),
            ),
            lower=0.0,
            upper=0.0,
            count=len(rivalled),
        )
        for point in (np.zeros(len(question.demand)), ratio_of_all(question), *self.points):
            _tangent(model, point[rivalled], (won[rivalled], drawn), scale)
        return Sum(variables=won, coefficients=question.demand)

    def _won_where_no_rival_is(
        self, model: SitingModel, won: IndexArray, alone: npt.NDArray[np.bool_]
    ) -> None:
        """Without a competitor in reach one open site wins all: ``s_i ≤ Σ_{j draws} y_j``."""
        areas = np.flatnonzero(alone)
        row, site = np.nonzero(model.question.areas.draw[areas])
        model.form.add_rows(
            (
                np.concatenate([np.arange(len(areas)), row]),
                np.concatenate([won[areas], model.opened[site]]),
                np.concatenate([np.ones(len(areas)), -np.ones(len(row))]),
            ),
            lower=-np.inf,
            upper=0.0,
            count=len(areas),
        )


def ratio_of_all(question: SitingQuestion) -> FloatArray:
    """(areas,) ``V`` with every site open."""
    return _ratio(question).sum(axis=1)


def _ratio(question: SitingQuestion) -> FloatArray:
    """(areas, sites) ``a_ij / C_i``; as much as is needed to win all where there is no rival."""
    rival = question.areas.rival_draw[:, None]
    alone = np.where(question.areas.draw > 0, 1e12, 0.0)
    return np.where(rival > 0, question.areas.draw / np.where(rival > 0, rival, 1.0), alone)


def _share(ratio: FloatArray) -> FloatArray:
    return ratio / (1.0 + ratio)


def _tangent(
    model: SitingModel,
    point: FloatArray,
    variables: tuple[IndexArray, IndexArray],
    scale: FloatArray,
) -> None:
    wanted = np.flatnonzero(~np.isnan(point))
    at, (won, drawn) = point[wanted], variables
    slope = 1.0 / (1.0 + at) ** 2
    rows = np.arange(len(wanted))
    model.form.add_rows(
        (
            np.tile(rows, 2),
            np.concatenate([won[wanted], drawn[wanted]]),
            np.concatenate([np.ones(len(wanted)), -slope * scale[wanted]]),
        ),
        lower=-np.inf,
        upper=_share(at) - slope * at,
        count=len(wanted),
    )
