"""The aims that look at those who travel longest: one function an aim."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ntgeo.domain.siting import SitingObjective
from ntgeo.siting.models.aims import Sum, going_sum, travel_of, with_price
from ntgeo.siting.models.siting_model import SitingModel
from ntgeo.siting.worth import TAIL_SHARE

__all__ = ["worst_decile_sum", "worst_tenth_sum", "worst_time_sum"]

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]


def worst_time_sum(model: SitingModel) -> Sum:
    """The worst time ``T ≥ t_ij`` wherever ``x_ij > 0``; for a price on demand over capacity.

    Where areas may be split, a link is used or not at all: ``x_ij ≤ b_ij``.
    """
    question, links = model.question, len(model.going)
    longest = float(question.time_s[question.within].max(initial=1.0))
    worst = model.form.add_amounts(np.zeros(1), upper=longest)
    used = model.going
    rows = np.arange(links)
    if question.splits:
        used = model.form.add_choices(np.zeros(links))
        both = (
            np.tile(rows, 2),
            np.concatenate([model.going, used]),
            np.repeat([1.0, -1.0], links),
        )
        model.form.add_rows(both, lower=-np.inf, upper=0.0, count=links)
    time_s = question.time_s[model.area, model.site[model.link]] / longest
    journeys = np.arange(len(model.area))
    model.form.add_rows(
        (
            np.tile(journeys, 2),
            np.concatenate([used[model.link], np.repeat(worst, len(journeys))]),
            np.concatenate([time_s, np.full(len(journeys), -1.0 / longest)]),
        ),
        lower=-np.inf,
        upper=0.0,
        count=len(journeys),
    )
    return Sum(variables=worst, coefficients=np.ones(1))


def worst_tenth_sum(model: SitingModel, served: float) -> Sum:
    """Mean time of the tenth of the demand served that travels longest.

    ``z + Σ w_i e_i / (S / 10)`` with ``e_i ≥ t_i - z`` (Rockafellar and Uryasev 2000).

    Args:
        model: Whose variables.
        served: ``S``, demand served.
    """
    question = model.question
    tail = TAIL_SHARE * served
    if tail <= 0:
        return Sum(variables=model.left[:0], coefficients=np.zeros(0))
    if question.splits:
        return _worst_tenth_of_parts(model, tail)
    longest = float(question.time_s[question.within].max(initial=1.0))
    areas = np.arange(len(question.demand))
    level = model.form.add_amounts(np.zeros(1), upper=longest)
    excess = model.form.add_amounts(np.zeros(len(areas)), upper=longest)
    time_s = question.time_s[model.area, model.site[model.link]]
    model.form.add_rows(
        (
            np.concatenate([areas, areas, model.area]),
            np.concatenate([excess, np.repeat(level, len(areas)), model.going[model.link]]),
            np.concatenate([np.ones(2 * len(areas)), -time_s]) / longest,
        ),
        lower=0.0,
        upper=np.inf,
        count=len(areas),
    )
    return Sum(
        variables=np.concatenate([level, excess]),
        coefficients=np.concatenate([[1.0], question.demand / tail]),
    )


def _worst_tenth_of_parts(model: SitingModel, tail: float) -> Sum:
    """The same where an area's parts travel differently: ``∫ min(tail, M(t)) dt / tail``.

    ``M(t)`` is the demand that travels longer than *t*. The lesser of two amounts takes a choice at
    each time: ``r ≥ M - (W - tail) b`` and ``r ≥ tail b``.
    """
    question = model.question
    time_s = question.time_s[model.area, model.site[model.link]]
    times = np.unique(time_s)
    steps = np.diff(np.concatenate([[0.0], times]))
    count, total = len(times), float(question.demand.sum())
    beyond = model.form.add_amounts(np.zeros(count), upper=1.0)
    tailed = model.form.add_amounts(np.zeros(count), upper=1.0)
    is_full = model.form.add_choices(np.zeros(count))
    place = np.arange(count)
    at = np.searchsorted(times, time_s)
    one = np.ones(count)
    model.form.add_rows(  # M_k = M_k+1 + what travels for exactly the k-th time, as a share of W
        (
            np.concatenate([place, place[:-1], at]),
            np.concatenate([beyond, beyond[1:], model.going[model.link]]),
            np.concatenate([one, -one[:-1], -question.demand[model.area] / total]),
        ),
        lower=0.0,
        upper=0.0,
        count=count,
    )
    most = tail / total
    model.form.add_rows(
        (
            np.tile(place, 3),
            np.concatenate([tailed, beyond, is_full]),
            np.concatenate([one, -one, (1.0 - most) * one]),
        ),
        lower=0.0,
        upper=np.inf,
        count=count,
    )
    model.form.add_rows(
        (np.tile(place, 2), np.concatenate([tailed, is_full]), np.concatenate([one, -most * one])),
        lower=0.0,
        upper=np.inf,
        count=count,
    )
    return Sum(variables=tailed, coefficients=steps * total / tail)


def worst_decile_sum(model: SitingModel, level_s: float) -> Sum:
    """The longest mean time ``M`` of a decile, ``M ≥ Σ w_i t_i / W_d`` with ``W_d`` all its demand.

    Those left unserved count as travelling for ``level_s``; where that is the answer, it is the
    mean of those served (the ratio by Dinkelbach's method, 1967). A decile that is left altogether
    has no mean, and counts nothing. Where a price on demand over capacities is part of the aim,
    only those served bear it.

    Args:
        model: Whose variables.
        level_s: What the unserved count as.
    """
    question = model.question
    longest = float(question.time_s[question.within].max(initial=1.0))
    borne, most_borne = _price_borne(model)
    worst = model.form.add_amounts(np.zeros(1), upper=max(longest + most_borne, level_s))
    if borne is not None:
        price, relief = borne
        _at_most(model, price, Sum(variables=worst, coefficients=np.ones(1)), longest)
    travel = travel_of(model)
    for decile in np.unique(question.areas.decile[question.areas.decile > 0]):
        inside = question.areas.decile == decile
        weight = float(question.demand[inside].sum())
        of_units = model.on_units(question.demand * inside) / weight
        told = going_sum(model, travel * inside[:, None] / weight).plus(
            Sum(variables=model.left, coefficients=of_units * level_s)
        )
        if level_s > 0:
            gone = _whether_all_left(model, np.unique(model.unit_of[inside]))
            told = told.plus(Sum(variables=gone, coefficients=np.full(1, -level_s)))
        if borne is not None:
            told = told.plus(price).plus(Sum(variables=relief, coefficients=-of_units))
        _at_most(model, told, Sum(variables=worst, coefficients=np.ones(1)), longest)
    return Sum(variables=worst, coefficients=np.ones(1))


def _whether_all_left(model: SitingModel, units: IndexArray) -> IndexArray:
    """Add a choice that may be 1 only where each of some units is left unserved: ``g ≤ v_u``."""
    gone = model.form.add_choices(np.zeros(1))
    rows = np.arange(len(units))
    model.form.add_rows(
        (
            np.tile(rows, 2),
            np.concatenate([np.repeat(gone, len(units)), model.left[units]]),
            np.repeat([1.0, -1.0], len(units)),
        ),
        lower=-np.inf,
        upper=0.0,
        count=len(units),
    )
    return gone


def _price_borne(model: SitingModel) -> tuple[tuple[Sum, IndexArray] | None, float]:
    """Price of all demand over capacities, and for each unit how much of it the unit is spared.

    A unit that is left bears none: its relief is ``min(P, most × v_u)``.
    """
    question = model.question
    nothing = Sum(variables=model.over[:0], coefficients=np.zeros(0))
    price = with_price(model, SitingObjective.WORST_DECILE, nothing)
    if not len(price.variables):
        return None, 0.0
    most = float(question.demand.sum() * price.coefficients.max(initial=0.0))
    units = np.arange(model.unit_count)
    relief = model.form.add_amounts(np.zeros(len(units)), upper=most)
    spread = np.repeat(units, len(price.variables))
    model.form.add_rows(
        (
            np.concatenate([units, spread]),
            np.concatenate([relief, np.tile(price.variables, len(units))]),
            np.concatenate([np.ones(len(units)), np.tile(-price.coefficients, len(units))]),
        ),
        lower=-np.inf,
        upper=0.0,
        count=len(units),
    )
    model.form.add_rows(
        (
            np.tile(units, 2),
            np.concatenate([relief, model.left]),
            np.repeat([1.0, -most], len(units)),
        ),
        lower=-np.inf,
        upper=0.0,
        count=len(units),
    )
    return (price, relief), most


def _at_most(model: SitingModel, lesser: Sum, greater: Sum, unit: float) -> None:
    """State that one sum is at most another."""
    row = lesser.plus(greater, -1.0)
    used = np.flatnonzero(row.coefficients)
    model.form.add_rows(
        (0, row.variables[used], row.coefficients[used] / unit), lower=-np.inf, upper=0.0
    )
