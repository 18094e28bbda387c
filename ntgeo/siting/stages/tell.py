"""What a decision is worth, aim by aim, in the units a planner reads."""

from __future__ import annotations

import math

from ntgeo.domain.siting import SitingObjective, SitingProblem
from ntgeo.domain.solving import SolveStage
from ntgeo.siting.choice import SiteChoice
from ntgeo.siting.stages.decide import Decision

__all__ = ["reported_stage", "tell_stages"]

_REPORTED = {
    SitingObjective.P_MEDIAN: 1,
    SitingObjective.KOLM_POLLAK: 1,
    SitingObjective.P_CENTRE: 1,
    SitingObjective.MAX_COVERAGE: 0,
    SitingObjective.SET_COVER: 0,
}


def reported_stage(objective: SitingObjective) -> int:
    """Return the place of the stage whose value the report gives as its objective."""
    return _REPORTED[objective]


def tell_stages(
    problem: SitingProblem, choice: SiteChoice, decision: Decision
) -> tuple[SolveStage, ...]:
    """Return the aims in the order they were taken, each with its value and bound."""
    last = _burden_stage(problem, choice, decision)
    if problem.objective is SitingObjective.SET_COVER:
        return _count_stage(decision), last
    if problem.objective is SitingObjective.MAX_COVERAGE:
        return _served_stage(problem, choice, decision), last
    first = _unserved_stage(problem, choice, decision)
    if problem.objective is SitingObjective.P_CENTRE:
        return first, _worst_stage(choice, decision), last
    return first, last


def _count_stage(decision: Decision) -> SolveStage:
    bound = decision.count_bound
    return SolveStage(
        name="sites open",
        objective=float(len(decision.opened)),
        bound=None if bound is None else float(bound),
        unit="sites",
    )


def _unserved_stage(problem: SitingProblem, choice: SiteChoice, decision: Decision) -> SolveStage:
    out_of_reach = math.fsum(problem.demand) - math.fsum(choice.demand)
    least = decision.unserved_bound
    return SolveStage(
        name="demand left unserved",
        objective=choice.value(decision.opened).unserved + out_of_reach,
        bound=None if least is None else least + out_of_reach,
        unit=problem.demand_unit,
    )


def _served_stage(problem: SitingProblem, choice: SiteChoice, decision: Decision) -> SolveStage:
    unserved = choice.value(decision.opened).unserved
    served = math.fsum(choice.demand) - unserved
    least = decision.unserved_bound
    return SolveStage(
        name="demand covered",
        objective=served,
        bound=None if least is None else served + (unserved - least),
        unit=problem.demand_unit,
        is_maximised=True,
    )


def _worst_stage(choice: SiteChoice, decision: Decision) -> SolveStage:
    return SolveStage(
        name="worst travel time",
        objective=choice.value(decision.opened).worst_s,
        bound=decision.worst_bound_s,
        unit="seconds",
    )


def _burden_stage(problem: SitingProblem, choice: SiteChoice, decision: Decision) -> SolveStage:
    value = choice.value(decision.opened)
    bound = decision.burden_bound
    if problem.objective is not SitingObjective.KOLM_POLLAK:
        return SolveStage(
            name="travel of those served",
            objective=value.burden,
            bound=bound,
            unit=f"{problem.demand_unit} × seconds",
        )
    served = math.fsum(choice.demand) - value.unserved
    return SolveStage(
        name="equally distributed equivalent of travel time",
        objective=_equivalent_s(value.burden, served, choice.kappa_per_s),
        bound=None if bound is None else _equivalent_s(bound, served, choice.kappa_per_s),
        unit="seconds, as if everyone served travelled as long",
    )


def _equivalent_s(burden: float, served: float, kappa_per_s: float) -> float:
    """``ln(Σ w e^(κ t) / Σ w) / κ``; never below 0, since no time is."""
    if served <= 0 or burden <= served:
        return 0.0
    return math.log(burden / served) / kappa_per_s
