"""What every site open at once would come to: a bound that needs no solver."""

from __future__ import annotations

from typing import Final

import numpy as np

from ntgeo.domain.siting import SitingObjective
from ntgeo.siting.question import Aim, ImpliedAim, SitingQuestion
from ntgeo.siting.worth import Sending, send_to_nearest, value_of

__all__ = ["bound_of_all_open"]

_OF_TIMES: Final = {
    ImpliedAim.TRAVEL,
    SitingObjective.P_MEDIAN,
    SitingObjective.DEPRIVATION_P_MEDIAN,
    SitingObjective.KOLM_POLLAK,
    SitingObjective.P_CENTRE,
    SitingObjective.WORST_TENTH,
    SitingObjective.WORST_DECILE,
}


def bound_of_all_open(question: SitingQuestion, plan: Sending, aim: Aim) -> float:
    """Return what no plan as good in the aims before can better, if weak.

    Nobody has a shorter way than to the nearest of all sites. That bounds the times of those served
    only where the plan serves all whom a site could; what is paid or counted is never below 0.

    Args:
        question: What is asked.
        plan: The best plan known.
        aim: Whose bound.
    """
    every = send_to_nearest(question, np.arange(len(question.is_required)))
    if question.is_maximised(aim):
        return question.total if question.capacities_count else value_of(question, every, aim)
    if aim is ImpliedAim.UNSERVED:
        return question.out_of_reach
    serves_all = value_of(question, plan, ImpliedAim.UNSERVED) <= question.out_of_reach
    if serves_all and aim in _OF_TIMES and not question.capacities_count:
        return value_of(question, every, aim)
    return 0.0
