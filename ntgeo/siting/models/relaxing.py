"""Large questions whose rules send areas elsewhere: a bound without those rules, then a plan."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

from ntgeo.siting.clock import Clock
from ntgeo.siting.models.cuts import Cuts
from ntgeo.siting.models.stage_programme import Found, StageProgramme
from ntgeo.siting.question import Aim
from ntgeo.siting.worth import Sending, value_of

__all__ = ["solve_relaxed"]

_BOUND_TIME_SHARE = 0.5
_CLOSE_SHARE = 1e-7


def solve_relaxed(
    programme: StageProgramme, aim: Aim, start: Sending | None, clock: Clock
) -> Found:
    """Return a plan and a bound of a question too large for links between all areas and sites.

    Without capacities, least throughput and groups, each area goes to its nearest open site: what
    is best then bounds what is best with them. Its sites, and those of the best plan so far, are
    then the only ones to be opened, which leaves a small question.

    Args:
        programme: The question, with the aims kept so far.
        aim: A sum.
        start: A plan that keeps them, if one is known.
        clock: When to stop.
    """
    question = programme.question.without_sending()
    relaxation = StageProgramme(
        question=question,
        limits=programme.limits,
        kept=programme.kept,
        cuts=Cuts(question=question),
        is_relaxation=True,
    )
    express = partial(relaxation.sum_of, aim=aim)
    loose = relaxation.best_by(express, aim, clock.part(_BOUND_TIME_SHARE))
    if loose.is_impossible:
        return Found(plan=start, bound=loose.bound, is_impossible=True)
    best = start
    for opened in [each.opened for each in (loose.plan, start) if each is not None]:
        if _is_close(programme, aim, best, loose.bound) or clock.is_up():
            break
        narrow = replace(programme, only=opened, tell=None)
        found = narrow.best_by(partial(narrow.sum_of, aim=aim), aim, clock)
        best = programme.better(aim, best, found.plan)
    return Found(plan=best, bound=loose.bound)


def _is_close(programme: StageProgramme, aim: Aim, plan: Sending | None, bound: float) -> bool:
    if plan is None or not math.isfinite(bound):
        return False
    value = value_of(programme.question, plan, aim)
    return abs(value - bound) <= max(_CLOSE_SHARE, programme.limits.gap_share) * abs(value)
