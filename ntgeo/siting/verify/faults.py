"""Every fault of a plan."""

from __future__ import annotations

from collections.abc import Iterator

from ntgeo.domain.siting import SitingPlan, SitingProblem
from ntgeo.siting.verify.areas import faults_of_areas, faults_of_order
from ntgeo.siting.verify.facts import build_facts
from ntgeo.siting.verify.journeys import faults_of_journeys
from ntgeo.siting.verify.report import faults_of_report
from ntgeo.siting.verify.service import faults_of_service
from ntgeo.siting.verify.sites import faults_of_sites

__all__ = ["find_faults"]


def find_faults(problem: SitingProblem, plan: SitingPlan) -> tuple[str, ...]:
    """Return each fault of the plan as a sentence; an empty tuple is a sound plan.

    Args:
        problem: The question.
        plan: The answer to be checked.
    """
    unknown = tuple(_unknown_ids(problem, plan))
    if unknown:
        return unknown
    facts = build_facts(problem, plan)
    return (
        *faults_of_sites(problem, plan),
        *faults_of_order(plan),
        *faults_of_areas(facts),
        *faults_of_journeys(facts),
        *faults_of_service(facts),
        *faults_of_report(facts),
    )


def _unknown_ids(problem: SitingProblem, plan: SitingPlan) -> Iterator[str]:
    sites, areas = {site.id for site in problem.sites}, set(problem.areas)
    serving = tuple(entry.site for entry in plan.allocations)
    for label, ids in (("opened", plan.opened), ("closed", plan.closed), ("serving", serving)):
        for site in sorted(set(ids) - sites):
            yield f"{label} site {site} is not in the question"
    told = {entry.lsoa for entry in plan.allocations} | {entry.lsoa for entry in plan.unserved}
    for area in sorted(told - areas):
        yield f"area {area} is not in the question"
