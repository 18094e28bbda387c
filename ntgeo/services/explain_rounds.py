"""What is told of a plan of rounds beside the plan: what would mend it, who could come instead."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ntgeo import routing
from ntgeo.domain.rounds_answers import NextBest
from ntgeo.domain.routing import RoutePlan, RoutingProblem
from ntgeo.domain.scenario import RoundsExplainTable, Scenario
from ntgeo.domain.solving import SolveLimits
from ntgeo.errors import PlanRejectedError
from ntgeo.progress import SILENT, Progress

__all__ = ["ExplainedRounds", "explain_rounds", "explaining_rounds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedRounds:
    """A plan, and what is told beside it.

    Args:
        plan: With the smallest change of each unmade visit tried, where that was asked for.
        next_best: Who would make each visit instead; empty where not asked for.
    """

    plan: RoutePlan
    next_best: tuple[NextBest, ...] = ()


def explain_rounds(
    problem: RoutingProblem,
    plan: RoutePlan,
    asked: RoundsExplainTable,
    limits: SolveLimits,
    *,
    progress: Progress = SILENT,
) -> ExplainedRounds:
    """Tell what ``[rounds.explain]`` asks.

    Raises:
        PlanRejectedError: The check found a fault: our bug.
        CancelledError: The user stopped.
    """
    own = replace(limits, time_limit_s=asked.time_limit_s)
    if asked.changes and plan.unmade:
        plan = routing.weigh_changes(problem, plan, own, progress=progress)
        faults = routing.find_faults(problem, plan)
        if faults:
            raise PlanRejectedError(faults)
    next_best: tuple[NextBest, ...] = ()
    if asked.next_best and plan.routes:
        next_best = routing.next_best_staff(problem, plan, own, progress=progress)
    return ExplainedRounds(plan=plan, next_best=next_best)


def explaining_rounds(scenario: Scenario, *, explain: bool, next_best: bool) -> Scenario:
    """Return a scenario that asks for more, or for less, beside the plan of rounds.

    Args:
        scenario: With a ``[rounds]`` table.
        explain: Whether to do what ``[rounds.explain]`` asks.
        next_best: Whether to tell who would make each visit instead, in any case.
    """
    asked = scenario.rounds
    assert asked is not None  # noqa: S101 - the caller looked
    told = asked.explain if explain else RoundsExplainTable(changes=False, next_best=False)
    if next_best:
        told = told.model_copy(update={"next_best": True})
    rounds = asked.model_copy(update={"explain": told})
    return scenario.model_copy(update={"rounds": rounds})
