"""Better plans by exchanging sites, where each area goes to its nearest open site.

Every set that differs by one site opened, one closed, or both is weighed at once; the best that
keeps every rule is taken, until none is better (Teitz and Bart 1968).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from ntgeo.domain.siting import SitingObjective
from ntgeo.domain.units import SECONDS_PER_HOUR
from ntgeo.siting.clock import Clock
from ntgeo.siting.question import Aim, ImpliedAim, SitingQuestion
from ntgeo.siting.worth import TAIL_SHARE, Sending, send_to_nearest, value_of

__all__ = ["exchange_sites", "keeps_site_rules"]

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]
Keeps = Callable[[Sending], bool]
_MOST_TRIED = 40
_LEAST_GAIN_SHARE = 1e-9
_FAR = 10.0
_STEEPEST_EXPONENT = 500.0


def exchange_sites(
    question: SitingQuestion, aim: Aim, start: Sending, keeps: Keeps, clock: Clock
) -> Sending:
    """Return a plan that no exchange of one site makes better by an aim.

    Args:
        question: One where each area goes to its nearest open site.
        aim: What is to be better.
        start: A plan that keeps every rule.
        keeps: Whether a plan keeps the aims before and all rules but those about sites.
        clock: When to stop.
    """
    best, sign = start, -1.0 if question.is_maximised(aim) else 1.0
    value = sign * value_of(question, best, aim)
    while not clock.is_up():
        better = next(_better_by_one(question, aim, best, (keeps, sign, value)), None)
        if better is None:
            return best
        best, value = better, sign * value_of(question, better, aim)
    return best


def keeps_site_rules(question: SitingQuestion, opened: IndexArray) -> bool:
    """Return whether the open sites keep every rule about sites alone."""
    rules, sites = question.rules, question.sites
    is_open = np.zeros(len(question.is_required), dtype=np.bool_)
    is_open[opened] = True
    count, today = len(opened), int(sites.is_today[opened].sum())
    budget, close_most = rules.budget_gbp, rules.close_at_most
    closed = int(sites.is_today.sum()) + sites.gone_today - today
    return (
        bool(is_open[question.is_required].all())
        and (rules.site_count is None or count <= rules.site_count)
        and (rules.site_count is None or rules.may_open_fewer or count == rules.site_count)
        and (budget is None or float(sites.fixed_gbp[opened].sum()) <= budget)
        and today >= (rules.keep_existing_at_least or 0)
        and (close_most is None or closed <= close_most)
        and (rules.open_new_at_most is None or count - today <= rules.open_new_at_most)
        and all(int(is_open[zone].sum()) >= least for zone, least in sites.zones)
        and not is_open[sites.too_near].all(axis=1).any()
    )


def _better_by_one(
    question: SitingQuestion, aim: Aim, plan: Sending, wanted: tuple[Keeps, float, float]
) -> Iterator[Sending]:
    """Yield better plans, the most promising first."""
    keeps, sign, value = wanted
    moves = _weighed_moves(question, aim, plan.opened)
    tried = 0
    for entering, leaving in moves:
        opened = np.setdiff1d(np.union1d(plan.opened, entering), leaving).astype(np.intp)
        if not keeps_site_rules(question, opened):
            continue
        tried += 1
        if tried > _MOST_TRIED:
            return
        other = send_to_nearest(question, opened)
        is_better = sign * value_of(question, other, aim) < value - _LEAST_GAIN_SHARE * abs(value)
        if is_better and keeps(other):
            yield other


def _weighed_moves(
    question: SitingQuestion, aim: Aim, opened: IndexArray
) -> list[tuple[list[int], list[int]]]:
    """Return (entering, leaving) of every exchange, the best first by a quick estimate."""
    closed = np.setdiff1d(np.arange(len(question.is_required)), opened)
    weigh = _estimate(question, aim)
    scores, moves = [], []
    leavers: list[list[int]] = [[], *([site] for site in opened.tolist())]
    for leaving in leavers:
        rest = np.setdiff1d(opened, leaving)
        base = question.time_s[:, rest].min(axis=1, initial=np.inf)
        joined = np.minimum(base[:, None], question.time_s[:, closed])
        fixed = _fixed(question, aim, rest)
        each = weigh(joined) + fixed + _fixed_of_one(question, aim)[closed]
        scores.append(each)
        moves += [([site], leaving) for site in closed.tolist()]
        if leaving:
            scores.append(weigh(base[:, None]) + fixed)
            moves.append(([], leaving))
    order = np.argsort(np.concatenate(scores), kind="stable")
    return [moves[place] for place in order]


def _fixed_of_one(question: SitingQuestion, aim: Aim) -> FloatArray:
    """(sites,) what an open site costs by itself."""
    if aim is SitingObjective.LEAST_COST:
        return question.sites.fixed_gbp
    is_count = aim is SitingObjective.SET_COVER or (
        aim is SitingObjective.BACKUP_COVER and not question.is_maximised(aim)
    )
    return np.full(len(question.is_required), 1.0 if is_count else 0.0)


def _fixed(question: SitingQuestion, aim: Aim, opened: IndexArray) -> float:
    return float(_fixed_of_one(question, aim)[opened].sum())


def _estimate(question: SitingQuestion, aim: Aim) -> Callable[[FloatArray], FloatArray]:
    """Return what (areas, sets) times come to by an aim, least best: (sets,)."""
    demand = question.demand
    far_s = _FAR * float(question.time_s[question.within].max(initial=1.0))

    def finite(time_s: FloatArray) -> FloatArray:
        return np.where(np.isinf(time_s), far_s, time_s)

    def tail(time_s: FloatArray) -> FloatArray:
        order = np.argsort(-finite(time_s), axis=0)
        before = np.cumsum(demand[order], axis=0) - demand[order]
        counted = np.clip(TAIL_SHARE * demand.sum() - before, 0.0, demand[order])
        return (counted * np.take_along_axis(finite(time_s), order, axis=0)).sum(axis=0)

    def deciles(time_s: FloatArray) -> FloatArray:
        known = np.unique(question.areas.decile[question.areas.decile > 0])
        inside = (question.areas.decile == known[:, None]) * demand
        means = inside @ finite(time_s) / inside.sum(axis=1)[:, None]
        return np.asarray(means.max(axis=0, initial=0.0))

    if aim is SitingObjective.WORST_TENTH:
        return tail
    if aim is SitingObjective.WORST_DECILE:
        return deciles
    if aim is SitingObjective.P_CENTRE:
        return lambda time_s: finite(time_s).max(axis=0, initial=0.0)
    if aim is ImpliedAim.UNSERVED:
        return lambda time_s: demand @ np.isinf(time_s)
    if aim in {SitingObjective.MAX_COVERAGE, SitingObjective.MAX_ATTENDANCE}:
        return lambda time_s: -demand @ _share_at(question, time_s)
    weight = demand * (
        question.areas.deprivation if aim is SitingObjective.DEPRIVATION_P_MEDIAN else 1.0
    )
    if aim is SitingObjective.LEAST_COST:
        weight = demand * (question.rules.travel_gbp_per_hour or 0.0) / SECONDS_PER_HOUR
    return lambda time_s: weight @ finite(time_s)


def _share_at(question: SitingQuestion, time_s: FloatArray) -> FloatArray:
    """Share that comes from each time: the decay of the area at its next time up."""
    order = np.argsort(question.time_s, axis=1, kind="stable")
    times = np.take_along_axis(question.time_s, order, axis=1)
    shares = np.take_along_axis(question.areas.decay, order, axis=1)
    found = np.empty_like(time_s)
    for area, row in enumerate(times):
        place = np.minimum(np.searchsorted(row, time_s[area]), len(row) - 1)
        found[area] = np.where(np.isinf(time_s[area]), 0.0, shares[area, place])
    return found
