"""What a plan is worth, aim by aim, worked out from who goes where."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ntgeo.domain.siting import CapacityRule, SitingObjective
from ntgeo.domain.units import SECONDS_PER_HOUR
from ntgeo.siting.question import Aim, ImpliedAim, SitingQuestion

__all__ = [
    "TAIL_SHARE",
    "Sending",
    "equivalent_s",
    "over_capacity",
    "send_to_nearest",
    "unserved_share",
    "value_of",
]

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]
TAIL_SHARE = 0.1
"""Of the demand served: those who travel longest."""
_STEEPEST_EXPONENT = 500.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sending:
    """Which sites are open, and who goes where.

    Args:
        opened: Open sites, ascending.
        area: (journeys,) who goes.
        site: (journeys,) where to.
        share: (journeys,) of the area's demand, above 0, at most 1.
    """

    opened: IndexArray
    area: IndexArray
    site: IndexArray
    share: FloatArray


def send_to_nearest(
    question: SitingQuestion, opened: IndexArray, left: FloatArray | None = None
) -> Sending:
    """Send each area to its nearest open site in reach, ties to the first.

    Args:
        question: The question.
        opened: Open sites, ascending.
        left: (areas,) share of each area that is left to outreach; nothing without it.
    """
    if not len(opened):
        nothing = np.zeros(0, dtype=np.intp)
        return Sending(opened=opened, area=nothing, site=nothing, share=np.zeros(0))
    first = np.argmin(question.time_s[:, opened], axis=1)
    site = opened[first]
    share = np.isfinite(question.time_s[np.arange(len(site)), site]).astype(np.float64)
    if left is not None:
        share *= 1.0 - left
    area = np.flatnonzero(share > 0)
    return Sending(opened=opened, area=area, site=site[area], share=share[area])


def unserved_share(question: SitingQuestion, plan: Sending) -> FloatArray:
    """(areas,) share of each area that goes nowhere."""
    gone = np.bincount(plan.area, weights=plan.share, minlength=len(question.demand))
    return np.maximum(0.0, 1.0 - gone)


def value_of(question: SitingQuestion, plan: Sending, aim: Aim) -> float:
    """Return what a plan is worth by an aim, in the aim's unit.

    The price of demand over a soft capacity is part of the aim that is named first.
    """
    value = _VALUES[aim](question, plan)
    if question.rules.capacity is CapacityRule.SOFT and aim is question.priced_aim:
        price = question.rules.over_capacity_price or 0.0
        over = price * math.fsum(over_capacity(question, plan))
        return value - over if question.is_maximised(aim) else value + over
    return value


def over_capacity(question: SitingQuestion, plan: Sending) -> FloatArray:
    """(sites,) demand that goes there beyond what the site can hold."""
    going = np.bincount(
        plan.site, weights=_going(question, plan), minlength=len(question.is_required)
    )
    over: FloatArray = np.maximum(0.0, going - question.sites.capacity)
    return over


def equivalent_s(burden: float, served: float, kappa_per_s: float) -> float:
    """``ln(Σ w e^(κ t) / Σ w) / κ``; never below 0, since no time is."""
    if served <= 0 or burden <= served:
        return 0.0
    return math.log(burden / served) / kappa_per_s


def _going(question: SitingQuestion, plan: Sending) -> FloatArray:
    """(journeys,) demand."""
    return question.demand[plan.area] * plan.share


def _times(question: SitingQuestion, plan: Sending) -> FloatArray:
    """(journeys,) seconds."""
    return question.time_s[plan.area, plan.site]


def _unserved(question: SitingQuestion, plan: Sending) -> float:
    return math.fsum(question.demand * unserved_share(question, plan)) + question.out_of_reach


def _travel(question: SitingQuestion, plan: Sending) -> float:
    return math.fsum(_going(question, plan) * _times(question, plan))


def _deprived_travel(question: SitingQuestion, plan: Sending) -> float:
    weight = _going(question, plan) * question.areas.deprivation[plan.area]
    return math.fsum(weight * _times(question, plan))


def _equivalent(question: SitingQuestion, plan: Sending) -> float:
    going, kappa = _going(question, plan), question.kappa_per_s
    burden = math.fsum(
        going * np.exp(np.minimum(kappa * _times(question, plan), _STEEPEST_EXPONENT))
    )
    return equivalent_s(burden, math.fsum(going), kappa)


def _worst(question: SitingQuestion, plan: Sending) -> float:
    return float(_times(question, plan).max(initial=0.0))


def _worst_tenth(question: SitingQuestion, plan: Sending) -> float:
    going, times = _going(question, plan), _times(question, plan)
    order = np.argsort(-times, kind="stable")
    tail = TAIL_SHARE * math.fsum(going)
    if tail <= 0:
        return 0.0
    before = np.concatenate([[0.0], np.cumsum(going[order])[:-1]])
    counted = np.clip(tail - before, 0.0, going[order])
    return math.fsum(counted * times[order]) / tail


def _worst_decile(question: SitingQuestion, plan: Sending) -> float:
    going, times = _going(question, plan), _times(question, plan)
    decile = question.areas.decile[plan.area]
    means = [
        math.fsum((going * times)[decile == each]) / math.fsum(going[decile == each])
        for each in np.unique(decile[decile > 0])
    ]
    return max(means, default=0.0)


def _coverage(question: SitingQuestion, plan: Sending) -> float:
    return math.fsum(_going(question, plan) * question.areas.decay[plan.area, plan.site])


def _count(question: SitingQuestion, plan: Sending) -> float:
    del question
    return float(len(plan.opened))


def _backup(question: SitingQuestion, plan: Sending) -> float:
    if not question.is_maximised(SitingObjective.BACKUP_COVER):
        return float(len(plan.opened))
    twice = question.areas.reach[:, plan.opened].sum(axis=1) > 1
    return math.fsum(question.demand[twice])


def _cost(question: SitingQuestion, plan: Sending) -> float:
    rules = question.rules
    hours = _travel(question, plan) / SECONDS_PER_HOUR
    return (
        math.fsum(question.sites.fixed_gbp[plan.opened])
        + hours * (rules.travel_gbp_per_hour or 0.0)
        + _unserved(question, plan) * (rules.outreach_gbp or 0.0)
    )


def _won(question: SitingQuestion, plan: Sending) -> float:
    draw = question.areas.draw[:, plan.opened].sum(axis=1)
    both = draw + question.areas.rival_draw
    return math.fsum(
        question.demand * np.divide(draw, both, out=np.zeros_like(draw), where=both > 0)
    )


_VALUES: dict[Aim, Callable[[SitingQuestion, Sending], float]] = {
    ImpliedAim.UNSERVED: _unserved,
    ImpliedAim.TRAVEL: _travel,
    SitingObjective.P_MEDIAN: _travel,
    SitingObjective.DEPRIVATION_P_MEDIAN: _deprived_travel,
    SitingObjective.KOLM_POLLAK: _equivalent,
    SitingObjective.P_CENTRE: _worst,
    SitingObjective.WORST_TENTH: _worst_tenth,
    SitingObjective.WORST_DECILE: _worst_decile,
    SitingObjective.MAX_COVERAGE: _coverage,
    SitingObjective.MAX_ATTENDANCE: _coverage,
    SitingObjective.SET_COVER: _count,
    SitingObjective.BACKUP_COVER: _backup,
    SitingObjective.LEAST_COST: _cost,
    SitingObjective.MARKET_SHARE: _won,
}
