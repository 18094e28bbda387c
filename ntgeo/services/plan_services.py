"""Several services that share sites: from a scenario to a checked plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from ntgeo import siting
from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.places import CandidateSite, SiteId, SiteStatus
from ntgeo.domain.scenario import ServiceTable, SitingTable
from ntgeo.domain.shared_siting import SharedSitingPlan, SharedSitingProblem
from ntgeo.domain.siting import SitingProblem
from ntgeo.domain.siting_rules import CapacityRule
from ntgeo.domain.solving import SolveLimits
from ntgeo.errors import Fault, PlanRejectedError, ScenarioError, UnknownIdError, first_five
from ntgeo.progress import SILENT, Progress
from ntgeo.services.build_demand import Demand, demand_for
from ntgeo.services.load_places import Places
from ntgeo.services.question import Question
from ntgeo.services.siting_question import build_siting_problem

__all__ = ["SharedSiting", "build_shared_problem", "plan_services"]

_NEXT_TO_NOTHING: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SharedSiting:
    """A question of several services and its checked answer."""

    problem: SharedSitingProblem
    plan: SharedSitingPlan


def build_shared_problem(
    question: Question,
    places: Places,
    demand: Demand,
    sites: tuple[CandidateSite, ...],
    travel: TravelTimeMatrix,
) -> SharedSitingProblem:
    """Put the questions of ``[[siting.services]]`` together.

    Raises:
        ScenarioError: The rules contradict each other, or no record has a service.
        UnknownIdError: A service is excluded from a site that is not there.
    """
    asked = question.scenario.siting
    assert asked is not None  # noqa: S101 - the caller was asked for a siting
    parts: dict[str, SitingProblem] = {}
    for place, item in enumerate(asked.services, start=1):
        own = question.asking(asked.model_copy(update=_rules_of(asked, item)))
        weight, unit = demand_for(question.scenario.demand, places, demand, item.service)
        mine = replace(demand, service=item.service, weight=weight, weight_unit=unit)
        allowed = _allowed(sites, item, place)
        parts[item.service] = build_siting_problem(own, places, mine, allowed, travel)
    try:
        return SharedSitingProblem(
            services=parts,
            running_cost_gbp={item.service: item.running_cost_gbp for item in asked.services},
            site_count=asked.site_count,
            budget_gbp=asked.budget_gbp,
        )
    except ValueError as error:
        raise ScenarioError(
            Fault(
                file="scenario",
                column="siting.services",
                column_word="key",
                what=str(error),
                fix="change [siting] or its services",
                code="siting-rules",
            )
        ) from None


def _rules_of(asked: SitingTable, item: ServiceTable) -> dict[str, object]:
    """What of ``[siting]`` a service has of its own."""
    return {
        "services": (),
        "site_count": item.site_count,
        "may_open_fewer": item.may_open_fewer,
        "budget_gbp": None,
        "travel_limit_min": item.travel_limit_min or asked.travel_limit_min,
    }


def _allowed(
    sites: tuple[CandidateSite, ...], item: ServiceTable, place: int
) -> tuple[CandidateSite, ...]:
    unknown = sorted(set(item.excluded) - {str(site.id) for site in sites})
    if unknown:
        raise UnknownIdError(
            Fault(
                file="scenario",
                column=f"siting.services.{place}.excluded",
                column_word="key",
                value=unknown[0],
                what="no site has this id",
                fix=f"use ids of the site files, such as {first_five(s.id for s in sites[:3])}",
                code="unknown-site",
            )
        )
    return tuple(
        replace(site, status=SiteStatus.EXCLUDED) if site.id in item.excluded else site
        for site in sites
    )


def plan_services(
    problem: SharedSitingProblem, limits: SolveLimits, *, progress: Progress = SILENT
) -> SharedSiting:
    """Solve, and have the plan checked by code that never saw the solver.

    Raises:
        NoPlanError: No plan keeps the rules, or none was found in the time.
        PlanRejectedError: The check found a fault: our bug.
    """
    progress.stage(f"Choosing sites for {len(problem.services):,} services")
    plan = siting.solve_shared_siting(problem, limits, progress=progress)
    faults = siting.find_shared_faults(problem, plan)
    if faults:
        raise PlanRejectedError(faults)
    _refuse_overfull(problem, plan)
    return SharedSiting(problem=problem, plan=plan)


def _refuse_overfull(problem: SharedSitingProblem, plan: SharedSitingPlan) -> None:
    """Refuse sites whose services fit one by one, but not together.

    Raises:
        ScenarioError: Naming each site, and what each service would bring there.
    """
    questions = problem.services.values()
    if not any(question.rules.capacity is CapacityRule.HARD for question in questions):
        return
    room = {site.id: site.capacity for question in questions for site in question.sites}
    brings: dict[SiteId, dict[str, float]] = {}
    for service, part in plan.plans.items():
        for share in part.allocations:
            own = brings.setdefault(share.site, {})
            own[service] = own.get(service, 0.0) + share.demand
    faults = [
        Fault(
            file="scenario",
            column="siting.services",
            column_word="key",
            value=site,
            what=f"{' + '.join(f'{amount:,g} {name}' for name, amount in own.items())} are more "
            f"than its capacity of {capacity:,g}: services fit there one by one, not together",
            fix="exclude one of them from the site, or give it more room",
            code="shared-capacity",
        )
        for site, own in sorted(brings.items())
        if (capacity := room[site]) is not None and sum(own.values()) > capacity + _NEXT_TO_NOTHING
    ]
    if faults:
        raise ScenarioError(faults)
