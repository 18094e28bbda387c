"""Faults of a plan in which several services share sites."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ntgeo.domain.places import SiteId
from ntgeo.domain.shared_siting import SharedSitingPlan, SharedSitingProblem
from ntgeo.domain.siting import SitingObjective
from ntgeo.domain.siting_stages import is_made_most
from ntgeo.domain.solving import SolveStatus
from ntgeo.siting.verify.facts import SAME_SHARE, build_facts, differ
from ntgeo.siting.verify.faults import find_faults
from ntgeo.siting.verify.values import priced_value_of

__all__ = ["find_shared_faults"]


def find_shared_faults(problem: SharedSitingProblem, plan: SharedSitingPlan) -> tuple[str, ...]:
    """Return each fault of the plan as a sentence; an empty tuple is a sound plan.

    Args:
        problem: The question.
        plan: The answer to be checked.
    """
    if (told := sorted(plan.plans)) != (asked := sorted(problem.services)):
        return (f"the plan is of {', '.join(told)}; the question is of {', '.join(asked)}",)
    apart = tuple(
        f"{name}: {fault}"
        for name, question in problem.services.items()
        for fault in find_faults(question, plan.plans[name])
    )
    if apart:
        return apart
    return (*_faults_of_sites(problem, plan), *_faults_of_report(problem, plan))


def _running(plan: SharedSitingPlan) -> list[SiteId]:
    return sorted({site for part in plan.plans.values() for site in part.opened})


def _faults_of_sites(problem: SharedSitingProblem, plan: SharedSitingPlan) -> Iterator[str]:
    running = _running(plan)
    for site in sorted(set(running) - set(plan.opened)):
        yield f"a service runs at site {site}, which is not told as open"
    for site in sorted(set(plan.opened) - set(running)):
        yield f"site {site} is told as open, but no service runs there"
    if list(plan.opened) != sorted(set(plan.opened)):
        yield "opened sites are not in ascending order, or repeat"
    if problem.site_count is not None and len(running) > problem.site_count:
        yield f"{len(running)} sites are open; {problem.site_count} are the most that may be"
    cost_gbp = _fixed_cost_gbp(problem, plan)
    if (cost_gbp is None) != (plan.fixed_cost_gbp is None) or differ(
        cost_gbp or 0.0, plan.fixed_cost_gbp or 0.0
    ):
        yield f"fixed cost {plan.fixed_cost_gbp} pounds is told; the plan's own is {cost_gbp}"
    budget_gbp = problem.budget_gbp
    if budget_gbp is None:
        return
    if cost_gbp is None:
        yield "there is a budget, but the cost of an open site is not known"
    elif cost_gbp > budget_gbp * (1 + SAME_SHARE):
        yield f"sites and services cost {cost_gbp:,g} pounds a year; the budget is {budget_gbp:,g}"


def _fixed_cost_gbp(problem: SharedSitingProblem, plan: SharedSitingPlan) -> float | None:
    """Each open site once, and each service at each of its sites; ``None`` if one is unknown."""
    first = next(iter(problem.services.values()))
    cost_of = {site.id: site.fixed_cost_gbp for site in first.sites}
    costs = [cost_of[site] for site in _running(plan)]
    if any(cost is None for cost in costs):
        return None
    running = (
        problem.running_cost_gbp.get(name, 0.0) * len(part.opened)
        for name, part in plan.plans.items()
    )
    return math.fsum([*(cost or 0.0 for cost in costs), *running])


def _faults_of_report(problem: SharedSitingProblem, plan: SharedSitingPlan) -> Iterator[str]:
    report, value = plan.report, _value(problem, plan)
    first = next(iter(problem.services.values()))
    is_maximised = is_made_most(first, first.objective)
    if differ(value, report.objective):
        yield f"objective {report.objective:g} is told; the plan's own is {value:g}"
    if report.is_maximised is not is_maximised:
        yield f"{first.objective} is told as {'least' if is_maximised else 'most'} is best"
    if report.bound is None:
        return
    beyond = report.objective - report.bound if is_maximised else report.bound - report.objective
    if math.isnan(report.bound) or beyond > SAME_SHARE * max(1.0, abs(report.objective)):
        yield f"the objective {report.objective:g} is better than its bound {report.bound:g}"
    elif report.status is SolveStatus.OPTIMAL and differ(report.bound, report.objective):
        yield f"told as proven best, but the bound {report.bound:g} is not the objective"


def _value(problem: SharedSitingProblem, plan: SharedSitingPlan) -> float:
    """The services' values together; for least cost each open site is paid once, and running."""
    values = []
    for name, question in problem.services.items():
        facts = build_facts(question, plan.plans[name])
        values.append(priced_value_of(facts))
        if question.objective is SitingObjective.LEAST_COST:
            values += [-(question.sites[c].fixed_cost_gbp or 0.0) for c in facts.opened]
    if next(iter(problem.services.values())).objective is SitingObjective.LEAST_COST:
        values.append(_fixed_cost_gbp(problem, plan) or 0.0)
    return math.fsum(values)
