"""Puts unmade visits into rounds that have room for them, one after the other."""

from __future__ import annotations

from dataclasses import replace

from ntgeo.domain.routing import RoutePlan, RoutingProblem
from ntgeo.domain.solving import SolveStatus
from ntgeo.progress import SILENT, Progress, raise_if_cancelled
from ntgeo.routing.answers.asking import Asking
from ntgeo.routing.answers.by_round import ByRound
from ntgeo.routing.cost import cost_of

__all__ = ["filled"]


def filled(
    problem: RoutingProblem, plan: RoutePlan, asking: Asking, *, progress: Progress = SILENT
) -> RoutePlan:
    """Return a plan with as many of its unmade visits as its rounds, one by one, have room for.

    Each goes to the nearest round that has room. Those of a crew, and linked ones, are left to a
    search.

    Args:
        problem: The question.
        plan: Its answer.
        asking: The time that is left.
        progress: May cancel.

    Raises:
        CancelledError: The user stopped.
    """
    priority = {visit.id: visit.priority for visit in problem.visits}
    for unmade in sorted(plan.unmade, key=lambda unmade: (priority[unmade.visit], unmade.visit)):
        raise_if_cancelled(progress)
        rounds = ByRound(problem, plan, asking)
        visit = next(visit for visit in problem.visits if visit.id == unmade.visit)
        if visit.id in rounds.tied or asking.left_s <= 0:
            continue
        best = next(rounds.moved(visit, None), None)
        if best is None or best[0] > _most_gbp(problem, plan, unmade.visit):
            continue
        left = tuple(other for other in plan.unmade if other.visit != visit.id)
        cost = cost_of(problem, best[2], [other.visit for other in left])
        report = replace(
            plan.report,
            status=SolveStatus.FEASIBLE,
            objective=cost.total_gbp,
            bound=None,
            stages=(),
        )
        plan = replace(plan, routes=best[2], unmade=left, cost=cost, report=report)
    return plan


def _most_gbp(problem: RoutingProblem, plan: RoutePlan, visit: str) -> float:
    """Return what the rounds may cost with a visit more, so that making it is worth it."""
    if problem.prices.puts_priorities_first:
        return float("inf")
    price_gbp = sum(problem.prices.unmade_gbp_of(v) for v in problem.visits if v.id == visit)
    return plan.cost.total_gbp - plan.cost.unmade_gbp + price_gbp
