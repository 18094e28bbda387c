"""Aims and rules of a model without links, where each area goes to its nearest open site."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from ntgeo.domain.siting import SitingObjective
from ntgeo.domain.units import SECONDS_PER_HOUR
from ntgeo.siting.models.aims import Sum, sum_of
from ntgeo.siting.models.cuts import Cuts
from ntgeo.siting.models.siting_model import CostKind, SitingModel
from ntgeo.siting.question import Aim, ImpliedAim
from ntgeo.siting.worth import TAIL_SHARE

__all__ = [
    "cut_sum",
    "equivalent_over",
    "hold_all_together",
    "keep_decile_means",
    "leave_only_uncovered",
    "worst_tenth_of_cuts",
]

FloatArray = npt.NDArray[np.float64]
_STEEPEST_EXPONENT = 500.0
_SLACK_SHARE = 1e-9


def leave_only_uncovered(model: SitingModel, reach: npt.NDArray[np.bool_]) -> None:
    """An area is left unless a site in reach is open: ``v_i + Σ_{j in reach} y_j ≥ 1``."""
    left, first = np.unique(model.left, return_index=True)
    row, site = np.nonzero(reach[first])
    model.form.add_rows(
        (
            np.concatenate([np.arange(len(left)), row]),
            np.concatenate([left, model.opened[site]]),
            1.0,
        ),
        lower=1.0,
        upper=np.inf,
        count=len(left),
    )


def hold_all_together(model: SitingModel) -> None:
    """Open sites hold all that is not left: ``Σ w_i (1 - v_i) ≤ Σ c_j y_j``.

    Hard capacities keep this; it is what a relaxation keeps of them.
    """
    demand, capacity = model.question.demand, model.question.sites.capacity
    if not len(demand) or not np.isfinite(capacity).all():
        return
    total = math.fsum(demand)
    model.form.add_rows(
        (
            0,
            np.concatenate([model.left, model.opened]),
            np.concatenate([demand, capacity]) / total,
        ),
        lower=1.0 - _SLACK_SHARE,
        upper=np.inf,
    )


def cut_sum(model: SitingModel, cuts: Cuts, aim: Aim) -> Sum:
    """Return what an aim is worth as a sum over what the areas suffer.

    Args:
        model: Without links.
        cuts: Of its question.
        aim: Any sum; those about who is worst off stand apart.
    """
    question = model.question
    demand = question.demand
    if aim in {ImpliedAim.TRAVEL, SitingObjective.P_MEDIAN}:
        return _suffered(model, cuts, CostKind.TIME, demand)
    if aim is SitingObjective.DEPRIVATION_P_MEDIAN:
        return _suffered(model, cuts, CostKind.TIME, demand * question.areas.deprivation)
    if aim is SitingObjective.KOLM_POLLAK:
        return _suffered(model, cuts, CostKind.GROWN, demand)
    if aim in {SitingObjective.MAX_COVERAGE, SitingObjective.MAX_ATTENDANCE}:
        lost = _suffered(model, cuts, CostKind.LOST, -demand)
        every = Sum(variables=model.left[:0], coefficients=demand[:0], constant=math.fsum(demand))
        return every.plus(lost)
    if aim is SitingObjective.LEAST_COST:
        an_hour = (question.rules.travel_gbp_per_hour or 0.0) / SECONDS_PER_HOUR
        return sum_of(model, aim).plus(_suffered(model, cuts, CostKind.TIME, demand), an_hour)
    return sum_of(model, aim)


def _suffered(model: SitingModel, cuts: Cuts, kind: CostKind, weight: FloatArray) -> Sum:
    """``Σ w_i C_i``."""
    return Sum(variables=cuts.variables(model, kind), coefficients=weight * cuts.unit(kind))


def equivalent_over(model: SitingModel, cuts: Cuts, most_s: float) -> Sum:
    """Kolm-Pollak less its level, at most 0: ``Σ w_i C_i - Σ w_i e^(κ E) (1 - v_i)``."""
    question = model.question
    level = math.exp(min(question.kappa_per_s * most_s, _STEEPEST_EXPONENT))
    left = Sum(
        variables=model.left,
        coefficients=question.demand * level,
        constant=-level * math.fsum(question.demand),
    )
    return _suffered(model, cuts, CostKind.GROWN, question.demand).plus(left)


def worst_tenth_of_cuts(model: SitingModel, cuts: Cuts, served: float) -> Sum:
    """``z + Σ w_i e_i / (S / 10)`` with ``e_i ≥ C_i - z`` (Rockafellar and Uryasev 2000)."""
    tail = TAIL_SHARE * served
    if tail <= 0:
        return Sum(variables=model.left[:0], coefficients=np.zeros(0))
    time, unit = cuts.variables(model, CostKind.TIME), cuts.unit(CostKind.TIME)
    areas = np.arange(len(time))
    level = model.form.add_amounts(np.zeros(1))
    excess = model.form.add_amounts(np.zeros(len(areas)))
    model.form.add_rows(
        (
            np.tile(areas, 3),
            np.concatenate([excess, np.repeat(level, len(areas)), time]),
            np.repeat([1.0, 1.0, -1.0], len(areas)),
        ),
        lower=0.0,
        upper=np.inf,
        count=len(areas),
    )
    weights = model.question.demand / tail
    return Sum(
        variables=np.concatenate([level, excess]),
        coefficients=np.concatenate([[1.0], weights]) * unit,
    )


def keep_decile_means(model: SitingModel, cuts: Cuts, level_s: float) -> Sum:
    """The longest mean time of a decile; those left count as travelling for ``level_s``."""
    question = model.question
    time, unit = cuts.variables(model, CostKind.TIME), cuts.unit(CostKind.TIME)
    worst = model.form.add_amounts(np.zeros(1))
    for decile in np.unique(question.areas.decile[question.areas.decile > 0]):
        inside = np.flatnonzero(question.areas.decile == decile)
        share = question.demand[inside] / question.demand[inside].sum()
        model.form.add_rows(
            (
                0,
                np.concatenate([time[inside], model.left[inside], worst]),
                np.concatenate([share, share * level_s / unit, [-1.0 / unit]]),
            ),
            lower=-np.inf,
            upper=0.0,
        )
    return Sum(variables=worst, coefficients=np.ones(1))
