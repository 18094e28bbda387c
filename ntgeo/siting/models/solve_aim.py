"""How each aim is made best: at once, or by a search over times or levels."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from ntgeo.domain.siting import SitingObjective
from ntgeo.siting.clock import Clock
from ntgeo.siting.models.relaxing import solve_relaxed
from ntgeo.siting.models.stage_programme import Found, StageProgramme
from ntgeo.siting.question import Aim, ImpliedAim
from ntgeo.siting.worth import Sending, equivalent_s, value_of

__all__ = ["solve_aim"]

_PROVEN_SHARE = 1e-7
_MOST_LEVELS = 60
_LINKED_PAIRS = 40_000


def solve_aim(programme: StageProgramme, aim: Aim, start: Sending | None, clock: Clock) -> Found:
    """Make an aim best among the plans that keep those before.

    Args:
        programme: The question, with the aims kept so far.
        aim: Which.
        start: A plan that keeps them, if one is known.
        clock: When to stop.
    """
    least = least_possible(programme, aim)
    if (
        start is not None
        and least is not None
        and value_of(programme.question, start, aim) <= least
    ):
        return Found(plan=start, bound=least)
    if aim is SitingObjective.P_CENTRE and not programme.is_priced(aim):
        return _search_times(programme, start, clock)
    if aim is SitingObjective.WORST_DECILE and not programme.serves_all:
        return _search_levels(programme, start, clock)
    question = programme.question
    is_large = question.time_s.size > _LINKED_PAIRS and aim is not SitingObjective.P_CENTRE
    if question.sends and is_large:
        found = solve_relaxed(programme, aim, start, clock)
    else:
        found = programme.best_by(lambda model: programme.sum_of(model, aim), aim, clock)
    if aim is SitingObjective.KOLM_POLLAK and math.isfinite(found.bound):
        kappa = programme.question.kappa_per_s
        return Found(
            plan=found.plan,
            bound=equivalent_s(found.bound, programme.served, kappa),
            is_impossible=found.is_impossible,
        )
    return found


def least_possible(programme: StageProgramme, aim: Aim) -> float | None:
    """Return what no plan can be below, where that is known without asking; else ``None``."""
    question = programme.question
    if question.is_maximised(aim):
        return None
    return question.out_of_reach if aim is ImpliedAim.UNSERVED else 0.0


def _search_times(programme: StageProgramme, start: Sending | None, clock: Clock) -> Found:
    """Least worst time: halve the list of times, asking each time whether any plan keeps it."""
    question, aim = programme.question, SitingObjective.P_CENTRE
    times = np.unique(np.concatenate([[0.0], question.time_s[question.within]]))
    best = start
    if best is None:
        found = programme.best_by(None, aim, clock)
        if found.plan is None:
            return Found(plan=None, bound=0.0, is_impossible=found.is_impossible)
        best = found.plan
    low, high = 0, int(np.searchsorted(times, value_of(question, best, aim)))
    while low < high and not clock.is_up():
        trial = (low + high) // 2
        found = programme.best_by(None, aim, clock, worst_s=float(times[trial]))
        if found.plan is not None:
            best = found.plan
            high = min(trial, int(np.searchsorted(times, value_of(question, best, aim))))
        elif found.is_impossible:
            low = trial + 1
        else:
            break
    return Found(plan=best, bound=float(times[low]))


def _search_levels(programme: StageProgramme, start: Sending | None, clock: Clock) -> Found:
    """Least worst mean of a decile where not all are served: Dinkelbach's method (1967).

    A plan whose worst mean is below a level exists if, and only if, the sum that counts those left
    as travelling for the level falls below the level.
    """
    question, aim = programme.question, SitingObjective.WORST_DECILE
    best, bound = start, 0.0
    if best is None:
        found = programme.best_by(None, aim, clock)
        if found.plan is None:
            return Found(plan=None, bound=0.0, is_impossible=found.is_impossible)
        best = found.plan
    for _ in range(_MOST_LEVELS):
        level = value_of(question, best, aim)
        found = programme.best_by(partial(programme.decile_sum, level_s=level), aim, clock)
        if found.bound >= level * (1 - _PROVEN_SHARE):
            bound = level
            break
        if found.plan is None or value_of(question, found.plan, aim) >= level or clock.is_up():
            break
        best = found.plan
    return Found(plan=best, bound=bound)
