"""What each aim is worth as a sum over the variables of a model: one function an aim."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ntgeo.domain.siting import CapacityRule, SitingObjective
from ntgeo.domain.units import SECONDS_PER_HOUR
from ntgeo.siting.models.siting_model import SitingModel
from ntgeo.siting.question import Aim, ImpliedAim

__all__ = ["Sum", "keep_below", "sum_of", "with_price"]

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]
_SLACK_SHARE = 1e-9
_STEEPEST_EXPONENT = 500.0
_MODEL_COEFFICIENT = 100.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sum:
    """``constant + Σ coefficient × variable``.

    Args:
        variables: (terms,) numbers of variables.
        coefficients: (terms,) what each counts.
        constant: What every plan has.
    """

    variables: IndexArray
    coefficients: FloatArray
    constant: float = 0.0

    @property
    def unit(self) -> float:
        """Amount that counts as 1 in a model, for sound numerics."""
        return float(np.abs(self.coefficients).max(initial=0.0)) / _MODEL_COEFFICIENT or 1.0

    def times(self, factor: float) -> Sum:
        """Return so many times the sum."""
        return Sum(
            variables=self.variables,
            coefficients=factor * self.coefficients,
            constant=factor * self.constant,
        )

    def plus(self, other: Sum, times: float = 1.0) -> Sum:
        """Return the sum of the two, the other taken so many times."""
        return Sum(
            variables=np.concatenate([self.variables, other.variables]),
            coefficients=np.concatenate([self.coefficients, times * other.coefficients]),
            constant=self.constant + times * other.constant,
        )


def sum_of(model: SitingModel, aim: Aim) -> Sum:
    """Return what an aim is worth, for those that are sums over who goes where.

    Args:
        model: Whose variables.
        aim: Any but p-centre, worst tenth, worst decile and market share.
    """
    return _SUMS[aim](model)


def with_price(model: SitingModel, aim: Aim, worth: Sum) -> Sum:
    """Add what demand over soft capacities costs, where the aim is the one that holds it."""
    question = model.question
    if question.rules.capacity is not CapacityRule.SOFT or aim is not question.priced_aim:
        return worth
    price = question.rules.over_capacity_price or 0.0
    over = Sum(variables=model.over, coefficients=np.full(len(model.over), price))
    return worth.plus(over, -1.0 if question.is_maximised(aim) else 1.0)


def keep_below(model: SitingModel, worth: Sum, most: float) -> None:
    """State that a sum is at most so much."""
    unit = worth.unit
    slack = _SLACK_SHARE * max(abs(most), unit)
    upper = (most - worth.constant + slack) / unit
    model.form.add_rows((0, worth.variables, worth.coefficients / unit), lower=-np.inf, upper=upper)


def going_sum(model: SitingModel, amount: FloatArray) -> Sum:
    """Return ``Σ amount_ij x_ij``; the amount counts for the whole area."""
    return Sum(variables=model.going, coefficients=model.on_links(amount))


def _unserved(model: SitingModel) -> Sum:
    """Demand that goes nowhere: ``Σ w_u v_u``."""
    return Sum(
        variables=model.left,
        coefficients=model.unit_demand,
        constant=model.question.out_of_reach,
    )


def travel_of(model: SitingModel) -> FloatArray:
    """(areas, sites) demand × seconds; 0 where the area cannot go."""
    question = model.question
    return question.demand[:, None] * np.where(question.within, question.time_s, 0.0)


def _travel(model: SitingModel) -> Sum:
    """Travel of those served: ``Σ w_i t_ij x_ij``."""
    return going_sum(model, travel_of(model))


def _deprived_travel(model: SitingModel) -> Sum:
    """Travel that weighs more where people are deprived: ``Σ w_i d_i t_ij x_ij``."""
    return going_sum(model, travel_of(model) * model.question.areas.deprivation[:, None])


def grown_of(model: SitingModel, time_s: FloatArray) -> FloatArray:
    """``e^(κ t)``, kept within what can be told apart."""
    return np.exp(np.minimum(model.question.kappa_per_s * time_s, _STEEPEST_EXPONENT))


def _burden(model: SitingModel) -> Sum:
    """Kolm-Pollak: the mean of ``e^(κ t)``, ``Σ w_i e^(κ t_ij) x_ij``."""
    question = model.question
    grown = grown_of(model, np.where(question.within, question.time_s, 0.0))
    return going_sum(model, question.demand[:, None] * grown)


def _coverage(model: SitingModel) -> Sum:
    """Demand covered, or that attends: ``Σ w_i decay(t_ij) x_ij``."""
    return going_sum(model, model.question.demand[:, None] * model.question.areas.decay)


def _count(model: SitingModel) -> Sum:
    """Open sites: ``Σ_j y_j``."""
    return Sum(variables=model.opened, coefficients=np.ones(len(model.opened)))


def _backup(model: SitingModel) -> Sum:
    """Demand with two open sites in reach, ``Σ w_i b_i`` with ``2 b_i ≤ Σ_{j in reach} y_j``."""
    question = model.question
    if not question.is_maximised(SitingObjective.BACKUP_COVER):
        return _count(model)
    reach, group = np.unique(question.areas.reach, axis=0, return_inverse=True)
    demand: FloatArray = np.bincount(
        group.reshape(-1), weights=question.demand, minlength=len(reach)
    ).astype(np.float64)
    twice = model.form.add_choices(np.zeros(len(reach)))
    row, site = np.nonzero(reach)
    model.form.add_rows(
        (
            np.concatenate([np.arange(len(reach)), row]),
            np.concatenate([twice, model.opened[site]]),
            np.concatenate([np.full(len(reach), 2.0), -np.ones(len(row))]),
        ),
        lower=-np.inf,
        upper=0.0,
        count=len(reach),
    )
    return Sum(variables=twice, coefficients=demand)


def _cost(model: SitingModel) -> Sum:
    """Pounds a year: ``Σ f_j y_j + g Σ w_i t_ij x_ij / 3600 + h Σ w_u v_u``."""
    rules = model.question.rules
    fixed = Sum(variables=model.opened, coefficients=model.question.sites.fixed_gbp)
    an_hour = (rules.travel_gbp_per_hour or 0.0) / SECONDS_PER_HOUR
    return fixed.plus(_travel(model), an_hour).plus(_unserved(model), rules.outreach_gbp or 0.0)


_SUMS: dict[Aim, Callable[[SitingModel], Sum]] = {
    ImpliedAim.UNSERVED: _unserved,
    ImpliedAim.TRAVEL: _travel,
    SitingObjective.P_MEDIAN: _travel,
    SitingObjective.DEPRIVATION_P_MEDIAN: _deprived_travel,
    SitingObjective.KOLM_POLLAK: _burden,
    SitingObjective.MAX_COVERAGE: _coverage,
    SitingObjective.MAX_ATTENDANCE: _coverage,
    SitingObjective.SET_COVER: _count,
    SitingObjective.BACKUP_COVER: _backup,
    SitingObjective.LEAST_COST: _cost,
}


def keep_equivalent_below(model: SitingModel, most_s: float) -> None:
    """Kolm-Pollak at most so much: ``Σ w_i (e^(κ t_ij) - e^(κ E)) x_ij ≤ 0``."""
    question = model.question
    level = math.exp(min(question.kappa_per_s * most_s, _STEEPEST_EXPONENT))
    grown = grown_of(model, np.where(question.within, question.time_s, 0.0))
    keep_below(model, going_sum(model, question.demand[:, None] * (grown - level)), 0.0)
