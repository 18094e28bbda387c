"""Rules of the proof that goes with a plan."""

from __future__ import annotations

from collections.abc import Iterator

from ntgeo.domain.routing import PRIORITIES
from ntgeo.domain.solving import SolveStage, SolveStatus
from ntgeo.routing.verify.costs import cost_of_facts
from ntgeo.routing.verify.facts import SAME_GBP, Facts, Said, differ, said

__all__ = ["bound", "objective", "proven", "sense", "stage_values"]


def objective(facts: Facts) -> Iterator[Said]:
    """The objective is the total cost."""
    told, total = facts.plan.report.objective, cost_of_facts(facts).total_gbp
    if differ(told, total, SAME_GBP):
        yield said(f"the report says £{told:,.4f}, but the plan comes to £{total:,.4f}")


def sense(facts: Facts) -> Iterator[Said]:
    """Less is better, of cost and of unmade visits."""
    if facts.plan.report.is_maximised:
        yield said("the report says that a dearer plan is better")
    for stage in facts.plan.report.stages:
        if stage.is_maximised:
            yield said(f"the report says that more is better of {stage.name}")


def bound(facts: Facts) -> Iterator[Said]:
    """No bound is above what the plan comes to."""
    report, total = facts.plan.report, cost_of_facts(facts).total_gbp
    if report.bound is not None and report.bound > total + SAME_GBP:
        yield said(f"the bound £{report.bound:,.4f} is above the plan's £{total:,.4f}")
    for stage in report.stages:
        if stage.bound is not None and stage.bound > stage.objective + SAME_GBP:
            yield said(f"the bound {stage.bound:,g} of {stage.name} is above {stage.objective:,g}")


def proven(facts: Facts) -> Iterator[Said]:
    """A plan told as proven best has no gap, in the cost and in each stage before it."""
    report = facts.plan.report
    if report.status is not SolveStatus.OPTIMAL:
        return
    if report.gap_share:
        yield said(
            f"told as proven best, but the bound £{report.bound:,.4f} is below "
            f"£{report.objective:,.4f}"
        )
    for stage in report.stages:
        if not stage.is_proven:
            yield said(f"told as proven best, but {stage.name} is not")


def stage_values(facts: Facts) -> Iterator[Said]:
    """Stages are the unmade visits of each priority, where these come first, and the cost."""
    stages = facts.plan.report.stages
    if not stages:
        return
    wanted = [cost_of_facts(facts).total_gbp]
    if facts.problem.prices.puts_priorities_first:
        left = [v.priority for v in facts.problem.visits if v.id not in facts.crews]
        wanted = [*(float(left.count(priority)) for priority in PRIORITIES), *wanted]
    if len(stages) != len(wanted):
        yield said(f"the report has {len(stages)} stages, not {len(wanted)}")
        return
    for stage, value in zip(stages, wanted, strict=True):
        yield from _stage(stage, value)


def _stage(stage: SolveStage, value: float) -> Iterator[Said]:
    if differ(stage.objective, value, SAME_GBP):
        yield said(f"the report says {stage.objective:,g} of {stage.name}, but it is {value:,g}")
