"""What a decision is worth, aim by aim, in the units a planner reads."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from ntgeo.domain.siting import SitingObjective, SitingProblem
from ntgeo.domain.solving import SolveStage
from ntgeo.siting.choice import SiteChoice
from ntgeo.siting.question import Aim, ImpliedAim, order_of_aims
from ntgeo.siting.stages.decide import Decision
from ntgeo.siting.stages.told_aims import name_of, unit_of
from ntgeo.siting.worth import equivalent_s

__all__ = ["build_stages", "reported_stage", "tell_stages"]


def reported_stage(problem: SitingProblem) -> int:
    """Return the place of the stage whose value the report gives as its objective."""
    return [aim for aim, _ in order_of_aims(problem)].index(problem.objective)


def tell_stages(
    problem: SitingProblem, choice: SiteChoice, decision: Decision
) -> tuple[SolveStage, ...]:
    """Return the aims in the order they were taken, each with its value and bound."""
    return build_stages(problem, partial(_weighed, problem, choice, decision))


def build_stages(
    problem: SitingProblem, weigh: Callable[[Aim], tuple[float, float | None]]
) -> tuple[SolveStage, ...]:
    """Return the aims in the order they were taken.

    Args:
        problem: The question.
        weigh: Gives the value of an aim, and its bound.
    """
    stages = []
    for aim, _ in order_of_aims(problem):
        value, bound = weigh(aim)
        stages.append(
            SolveStage(
                name=name_of(problem, aim),
                objective=value,
                bound=bound,
                unit=unit_of(problem, aim),
                is_maximised=aim is SitingObjective.MAX_COVERAGE,
            )
        )
    return tuple(stages)


def _weighed(
    problem: SitingProblem, choice: SiteChoice, decision: Decision, aim: Aim
) -> tuple[float, float | None]:
    """The value of an aim, and its bound."""
    value = choice.value(decision.opened)
    if aim is ImpliedAim.UNSERVED:
        out_of_reach = math.fsum(problem.demand) - math.fsum(choice.demand)
        least = decision.unserved_bound
        return value.unserved + out_of_reach, None if least is None else least + out_of_reach
    if aim is SitingObjective.MAX_COVERAGE:
        served, least = math.fsum(choice.demand) - value.unserved, decision.unserved_bound
        return served, None if least is None else served + (value.unserved - least)
    if aim is SitingObjective.SET_COVER:
        count = decision.count_bound
        return float(len(decision.opened)), None if count is None else float(count)
    if aim is SitingObjective.P_CENTRE:
        return value.worst_s, decision.worst_bound_s
    if aim is SitingObjective.KOLM_POLLAK:
        served, kappa = math.fsum(choice.demand) - value.unserved, choice.kappa_per_s
        bound = decision.burden_bound
        told = None if bound is None else equivalent_s(bound, served, kappa)
        return equivalent_s(value.burden, served, kappa), told
    return value.burden, decision.burden_bound
