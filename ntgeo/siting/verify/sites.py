"""Faults of the open and closed sites, whoever goes there."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

from ntgeo.domain.places import CandidateSite, SiteStatus
from ntgeo.domain.siting import SitingPlan, SitingProblem
from ntgeo.errors import first_five
from ntgeo.siting.verify.facts import SAME_SHARE

__all__ = ["faults_of_sites"]


def faults_of_sites(problem: SitingProblem, plan: SitingPlan) -> Iterator[str]:
    """Tell each rule of sites that the plan breaks."""
    opened = [site for site in problem.sites if site.id in set(plan.opened)]
    yield from _faults_of_status(problem, plan)
    yield from _faults_of_count(problem, plan)
    yield from _faults_of_budget(problem, opened)
    yield from _faults_of_reallocation(problem, opened)
    yield from _faults_of_zones(problem, opened)
    yield from _faults_of_separation(problem, opened)


def _faults_of_status(problem: SitingProblem, plan: SitingPlan) -> Iterator[str]:
    opened = set(plan.opened)
    for site in problem.sites:
        if site.id in opened and not site.may_open:
            yield f"site {site.id} is {site.status} but stands open in the plan"
        if site.status is SiteStatus.REQUIRED and site.id not in opened:
            yield f"site {site.id} is required but is not open in the plan"
    gone = {site.id for site in problem.sites if _is_ours_today(site)} - opened
    for identity in sorted(gone - set(plan.closed)):
        yield f"site {identity} is open today and not in the plan, but is not told as closed"
    for identity in sorted(set(plan.closed) - gone):
        yield f"site {identity} is told as closed but is not a site that the plan closes"


def _is_ours_today(site: CandidateSite) -> bool:
    return site.is_open_today and site.status is not SiteStatus.COMPETITOR


def _faults_of_count(problem: SitingProblem, plan: SitingPlan) -> Iterator[str]:
    wanted, count = problem.rules.site_count, len(plan.opened)
    if wanted is None or count == wanted:
        return
    if not problem.rules.may_open_fewer:
        yield f"{count} sites are open; {wanted} were asked for"
    elif count > wanted:
        yield f"{count} sites are open; {wanted} are the most that were asked for"


def _faults_of_budget(problem: SitingProblem, opened: list[CandidateSite]) -> Iterator[str]:
    budget_gbp = problem.rules.budget_gbp
    if budget_gbp is None:
        return
    cost_gbp = math.fsum(site.fixed_cost_gbp or 0.0 for site in opened)
    if cost_gbp > budget_gbp * (1 + SAME_SHARE):
        yield f"the open sites cost {cost_gbp:,g} pounds a year; the budget is {budget_gbp:,g}"


def _faults_of_reallocation(problem: SitingProblem, opened: list[CandidateSite]) -> Iterator[str]:
    rules = problem.rules
    kept = [site.id for site in opened if site.is_open_today]
    new = [site.id for site in opened if not site.is_open_today]
    closed = [site.id for site in problem.sites if _is_ours_today(site) and site not in opened]
    least, close, add = rules.keep_existing_at_least, rules.close_at_most, rules.open_new_at_most
    if least is not None and len(kept) < least:
        yield f"{len(kept)} sites open today are kept; at least {least} must be"
    if close is not None and len(closed) > close:
        yield f"{len(closed)} sites are closed; at most {close} may be: {first_five(closed)}"
    if add is not None and len(new) > add:
        yield f"{len(new)} new sites are opened; at most {add} may be: {first_five(new)}"


def _faults_of_zones(problem: SitingProblem, opened: list[CandidateSite]) -> Iterator[str]:
    for zone, least in problem.rules.zone_minimums:
        count = sum(site.zone == zone for site in opened)
        if count < least:
            yield f"zone {zone}: {count} of its sites are open; at least {least} must be"


def _faults_of_separation(problem: SitingProblem, opened: list[CandidateSite]) -> Iterator[str]:
    least_m = problem.rules.min_separation_m
    if least_m is None:
        return
    for one, other in itertools.combinations(opened, 2):
        apart_m = math.hypot(
            one.location.easting_m - other.location.easting_m,
            one.location.northing_m - other.location.northing_m,
        )
        if apart_m < least_m * (1 - SAME_SHARE):
            yield (
                f"sites {one.id} and {other.id} are {apart_m:,.0f} m apart; "
                f"the least separation is {least_m:,g} m"
            )
