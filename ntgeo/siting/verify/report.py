"""Faults of the proof: values that are not the plan's own, bounds that no plan could bear out."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ntgeo.domain.siting import SitingObjective, SitingProblem
from ntgeo.domain.siting_stages import TRAVEL_STAGE, UNSERVED_STAGE, is_made_most, stage_name
from ntgeo.domain.solving import SolveStage, SolveStatus
from ntgeo.siting.verify.facts import SAME_SHARE, PlanFacts, differ
from ntgeo.siting.verify.values import priced_value_of, travel_of, value_of

__all__ = ["faults_of_report"]


def faults_of_report(facts: PlanFacts) -> Iterator[str]:
    """Tell what is wrong with the objective, its bound and the stages."""
    problem, report = facts.problem, facts.plan.report
    value = priced_value_of(facts)
    if differ(value, report.objective):
        yield f"objective {report.objective:g} is told; the plan's own is {value:g}"
    is_maximised = is_made_most(problem, problem.objective)
    if report.is_maximised is not is_maximised:
        yield f"{problem.objective} is told as {'least' if is_maximised else 'most'} is best"
    if not report.unit.strip():
        yield "the objective has no unit"
    if not (math.isfinite(report.wall_time_s) and report.wall_time_s >= 0):
        yield f"wall time {report.wall_time_s} s cannot be"
    yield from _faults_of_bound(facts, is_maximised=is_maximised)
    yield from _faults_of_order(facts)
    yield from _faults_of_stages(facts)


def _faults_of_bound(facts: PlanFacts, *, is_maximised: bool) -> Iterator[str]:
    problem, report = facts.problem, facts.plan.report
    objective, bound = report.objective, report.bound
    if bound is None:
        return
    beyond = objective - bound if is_maximised else bound - objective
    given_up = max((aim.slack_share for aim in problem.then), default=0.0) * abs(bound)
    if math.isnan(bound) or beyond > SAME_SHARE * max(1.0, abs(objective)):
        yield f"the objective {objective:g} is better than its bound {bound:g}"
    elif (
        report.status is SolveStatus.OPTIMAL
        and differ(bound, objective)
        and abs(bound - objective) > given_up * (1 + SAME_SHARE)
    ):
        yield f"told as proven best, but the bound {bound:g} is not the objective"
    yield from _impossible_promises(problem, bound, is_maximised=is_maximised)


def _impossible_promises(
    problem: SitingProblem, bound: float, *, is_maximised: bool
) -> Iterator[str]:
    """No honest bound promises what could never be."""
    total = math.fsum(problem.demand.tolist())
    if is_maximised and bound > total * (1 + SAME_SHARE):
        yield f"the bound {bound:g} is above all the demand there is ({total:g})"
    elif not is_maximised and bound < -SAME_SHARE:
        yield f"the bound {bound:g} is below 0"


def _expected_stages(problem: SitingProblem) -> list[tuple[str, bool]]:
    """Each stage in the order that the rules of siting give, and whether an objective names it."""
    counts_everybody = {
        SitingObjective.P_MEDIAN,
        SitingObjective.DEPRIVATION_P_MEDIAN,
        SitingObjective.KOLM_POLLAK,
    }
    if problem.rules.outreach_gbp is None:
        counts_everybody.add(SitingObjective.LEAST_COST)
    counts_travel = counts_everybody | {
        SitingObjective.P_CENTRE,
        SitingObjective.WORST_TENTH,
        SitingObjective.WORST_DECILE,
    }
    stages = [(stage_name(problem, aim), True) for aim in problem.aims]
    first = next((k for k, aim in enumerate(problem.aims) if aim in counts_travel), len(stages))
    stages.insert(first, (UNSERVED_STAGE, False))
    if problem.aims[-1] not in counts_everybody:
        stages.append((TRAVEL_STAGE, False))
    return stages


def _faults_of_order(facts: PlanFacts) -> Iterator[str]:
    """Stages come in order; one that is not named may be left untold where it decides nothing."""
    left = [stage.name for stage in facts.plan.report.stages]
    if not left:
        return
    for name, is_named in _expected_stages(facts.problem):
        if left and left[0] == name:
            left.pop(0)
        elif is_named:
            yield f"stage {name!r} is not told in its place"
            return
    if left:
        yield f"stage {left[0]!r} is none of the aims, or out of order"


def _faults_of_stages(facts: PlanFacts) -> Iterator[str]:
    named = {stage_name(facts.problem, aim): aim for aim in reversed(facts.problem.aims)}
    seen: set[str] = set()
    for stage in facts.plan.report.stages:
        aim = named.get(stage.name) if stage.name not in seen else None
        seen.add(stage.name)
        yield from _faults_of_value(facts, stage, aim)
        if stage.bound is None:
            continue
        beyond = stage.objective - stage.bound
        if not stage.is_maximised:
            beyond = -beyond
        if beyond > SAME_SHARE * max(1.0, abs(stage.objective)):
            yield f"stage {stage.name!r}: {stage.objective:g} is better than its bound"


def _faults_of_value(
    facts: PlanFacts, stage: SolveStage, aim: SitingObjective | None
) -> Iterator[str]:
    problem = facts.problem
    if aim is not None:
        is_first = aim is problem.objective
        value = priced_value_of(facts) if is_first else value_of(facts, aim)
        is_maximised = is_made_most(problem, aim)
    elif stage.name in {UNSERVED_STAGE, TRAVEL_STAGE}:
        value = facts.unserved if stage.name == UNSERVED_STAGE else travel_of(facts)
        is_maximised = False
    else:
        return
    if differ(value, stage.objective):
        yield f"stage {stage.name!r}: {stage.objective:g} is told; the plan's own is {value:g}"
    if stage.is_maximised is not is_maximised:
        yield f"stage {stage.name!r} is told as {'least' if is_maximised else 'most'} is best"
