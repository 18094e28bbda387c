"""The rules of a siting question one by one: each in words, and the question without it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from ntgeo.domain.places import CandidateSite, SiteStatus
from ntgeo.domain.siting import (
    Assignment,
    CapacityRule,
    NextAim,
    SitingObjective,
    SitingProblem,
    SitingRules,
)
from ntgeo.errors import first_five
from ntgeo.siting.stages.reasons import time_text

__all__ = ["Rule", "list_rules", "possibility_of"]

Lift = Callable[[SitingProblem], SitingProblem]
_NEXT_TO_NOTHING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule of a question.

    Args:
        name: Its name among the rules, or of the part of the question that holds it; with the zone
            after it for the minimum of a zone: ``"zone_minimums east"``.
        text: What it asks for, as a clause with figures.
        lift: Returns the question without it.
    """

    name: str
    text: str
    lift: Lift


def possibility_of(problem: SitingProblem) -> SitingProblem:
    """Return a question that has a plan where this one has, and is quicker to answer.

    Aims do not matter, but for those whose plans have to cover.
    """
    aims = [aim for aim in problem.aims if _must_cover(problem, aim)]
    first = problem.objective if problem.objective in aims else SitingObjective.P_MEDIAN
    rules = replace(problem.rules, outreach_gbp=None)
    if first is SitingObjective.P_MEDIAN and rules.site_count is None and rules.budget_gbp is None:
        rules = replace(rules, site_count=len(problem.sites), may_open_fewer=True)
    then = tuple(NextAim(objective=aim) for aim in aims if aim is not first)
    return replace(problem, objective=first, then=then, rules=rules)


def _must_cover(problem: SitingProblem, aim: SitingObjective) -> bool:
    return aim is SitingObjective.SET_COVER or (
        aim is SitingObjective.BACKUP_COVER and problem.rules.site_count is None
    )


def list_rules(problem: SitingProblem) -> tuple[Rule, ...]:
    """Return each rule that a plan may fail to keep, those first that a planner parts with last."""
    return (
        *_rules_of_service(problem),
        *_rules_of_reach(problem),
        *_rules_of_sending(problem),
        *_rules_of_counts(problem),
        *_rules_of_existing(problem),
        *_rules_of_places(problem),
        *_rules_of_statuses(problem),
    )


def _changing(**changes: object) -> Lift:
    """Return the lift that sets some of the rules anew."""

    def lift(problem: SitingProblem) -> SitingProblem:
        rules: SitingRules = replace(problem.rules, **changes)  # type: ignore[arg-type]
        return replace(problem, rules=rules)

    return lift


def _rules_of_service(problem: SitingProblem) -> Iterator[Rule]:
    rules = problem.rules
    if rules.must_serve_all:
        text = f"all {math.fsum(problem.demand):,g} {problem.demand_unit} must be served"
        cut_off = _beyond_every_site(problem, is_reachable=False)
        if cut_off:
            text += f", but no site that may open can be reached from {first_five(cut_off)}"
        yield Rule(name="must_serve_all", text=text, lift=_changing(must_serve_all=False))
    if SitingObjective.SET_COVER in problem.aims:
        text = "every area in reach of a site that may open must be covered"
        if rules.target_share < 1:
            text = f"{rules.target_share:.4g} of all demand must be covered"
        yield Rule(name="target_share", text=text, lift=_changing(target_share=_NEXT_TO_NOTHING))
    if _must_cover(problem, SitingObjective.BACKUP_COVER) and (
        SitingObjective.BACKUP_COVER in problem.aims
    ):
        any_number = _changing(site_count=len(problem.sites), may_open_fewer=True)
        text = "every area must have two open sites in reach where it can"
        yield Rule(name="objective", text=text, lift=any_number)


def _rules_of_reach(problem: SitingProblem) -> Iterator[Rule]:
    if not np.isfinite(problem.limit_s).any():
        return
    has_own = problem.area_rules.travel_limit_s is not None
    limit = "their limit" if has_own else time_text(problem.rules.travel_limit_s or 0.0)
    barred = _beyond_every_site(problem, is_reachable=True)
    text = f"no site serves areas over {limit} away"
    if barred:
        told = f"areas {first_five(barred)} are" if len(barred) > 1 else f"area {barred[0]} is"
        text = f"{told} over {limit} from every site that may open"
    yield Rule(name="travel_limit_s", text=text, lift=_without_limits)


def _beyond_every_site(problem: SitingProblem, *, is_reachable: bool) -> list[str]:
    """Areas with demand that no site which may open has in reach; with or without a way to one."""
    usable = np.flatnonzero([site.may_open for site in problem.sites])
    time_s = problem.travel.times_to(usable)
    least_s = np.where(np.isnan(time_s), np.inf, time_s).min(axis=1, initial=np.inf)
    is_beyond = (least_s > problem.limit_s) if is_reachable else np.isinf(least_s)
    counted = (np.isfinite(least_s) == is_reachable) & (problem.demand > 0)
    return [problem.areas[row] for row in np.flatnonzero(is_beyond & counted)]


def _without_limits(problem: SitingProblem) -> SitingProblem:
    """The question where every way is short enough."""
    longest_s = float(np.fmax.reduce(problem.travel.time_s, axis=None, initial=1.0))
    return replace(
        problem,
        rules=replace(problem.rules, travel_limit_s=longest_s),
        area_rules=replace(problem.area_rules, travel_limit_s=None),
    )


def _rules_of_sending(problem: SitingProblem) -> Iterator[Rule]:
    rules, group = problem.rules, problem.area_rules.group
    is_hard = rules.capacity is CapacityRule.HARD
    if is_hard:
        yield Rule(
            name="capacity", text=_told_room(problem), lift=_changing(capacity=CapacityRule.IGNORED)
        )
    if rules.min_throughput:
        text = f"each open site must serve at least {rules.min_throughput:,g}"
        yield Rule(name="min_throughput", text=text, lift=_changing(min_throughput=None))
    if group is not None:
        text = "areas of a group must go to the same site"
        yield Rule(name="group", text=text, lift=_without_groups)
    if not (is_hard or rules.min_throughput or group is not None):
        return
    if rules.assignment is Assignment.NEAREST:
        text = "people go to their nearest open site, whatever room it has"
        yield Rule(name="assignment", text=text, lift=_let_split)
    elif rules.assignment is Assignment.WHOLE:
        yield Rule(name="assignment", text="each area goes whole to one site", lift=_let_split)


def _told_room(problem: SitingProblem) -> str:
    usable = [site for site in problem.sites if site.may_open]
    sizes = [site.capacity for site in usable if site.capacity is not None]
    room, total = math.fsum(sizes), math.fsum(problem.demand)
    if len(sizes) == len(usable) and room < total:
        return f"the sites that may open hold {room:,g} in all, and demand is {total:,g}"
    return "no site may serve more than its capacity"


def _without_groups(problem: SitingProblem) -> SitingProblem:
    return replace(problem, area_rules=replace(problem.area_rules, group=None))


def _let_split(problem: SitingProblem) -> SitingProblem:
    """The plan may split areas; where there are groups it may still send each to any one site."""
    grouped = problem.area_rules.group is not None
    assignment = Assignment.WHOLE if grouped else Assignment.SPLIT
    return replace(problem, rules=replace(problem.rules, assignment=assignment))


def _rules_of_counts(problem: SitingProblem) -> Iterator[Rule]:
    rules, every = problem.rules, len(problem.sites)
    if rules.site_count is not None:
        most = "at most" if rules.may_open_fewer else "exactly"
        usable = sum(site.may_open for site in problem.sites)
        if not (rules.may_open_fewer and rules.site_count >= usable):
            text = f"{most} {_counted(rules.site_count)} may be open"
            any_number = _changing(site_count=every, may_open_fewer=True)
            yield Rule(name="site_count", text=text, lift=any_number)
    if rules.budget_gbp is not None:
        costs = [site.fixed_cost_gbp or 0.0 for site in problem.sites]
        text = f"the fixed costs of the open sites may come to at most £{rules.budget_gbp:,.0f}"
        yield Rule(name="budget_gbp", text=text, lift=_changing(budget_gbp=math.fsum(costs) + 1.0))


def _counted(count: int) -> str:
    return f"{count} site" if count == 1 else f"{count} sites"


def _rules_of_existing(problem: SitingProblem) -> Iterator[Rule]:
    rules = problem.rules
    texts = {
        "keep_existing_at_least": "at least {} open today must stay open",
        "close_at_most": "at most {} open today may be closed",
        "open_new_at_most": "at most {} not open today may be opened",
    }
    for name, text in texts.items():
        count = getattr(rules, name)
        if count is not None:
            yield Rule(name=name, text=text.format(_counted(count)), lift=_changing(**{name: None}))


def _rules_of_places(problem: SitingProblem) -> Iterator[Rule]:
    rules = problem.rules
    if rules.min_separation_m is not None:
        text = f"open sites must be at least {rules.min_separation_m:,.0f} m apart"
        yield Rule(name="min_separation_m", text=text, lift=_changing(min_separation_m=None))
    for zone, least in rules.zone_minimums:
        if least:
            text = f"at least {_counted(least)} must be open in zone {zone}"
            yield Rule(name=f"zone_minimums {zone}", text=text, lift=_without_zone(zone))


def _without_zone(zone: str) -> Lift:
    def lift(problem: SitingProblem) -> SitingProblem:
        left = tuple(pair for pair in problem.rules.zone_minimums if pair[0] != zone)
        return replace(problem, rules=replace(problem.rules, zone_minimums=left))

    return lift


def _rules_of_statuses(problem: SitingProblem) -> Iterator[Rule]:
    required = [site.id for site in problem.sites if site.status is SiteStatus.REQUIRED]
    excluded = [site.id for site in problem.sites if _may_be_allowed(problem, site)]
    for ids, status in ((required, SiteStatus.REQUIRED), (excluded, SiteStatus.EXCLUDED)):
        if ids:
            verb = "is" if len(ids) == 1 else "are"
            text = f"{_counted(len(ids))} ({first_five(ids)}) {verb} {status}"
            yield Rule(name=f"{status} sites", text=text, lift=_without_status(status))


def _may_be_allowed(problem: SitingProblem, site: CandidateSite) -> bool:
    """Whether a site that is excluded could take part, all that is needed of it being known."""
    needs_cost = problem.rules.budget_gbp is not None
    return site.status is SiteStatus.EXCLUDED and not (needs_cost and site.fixed_cost_gbp is None)


def _without_status(status: SiteStatus) -> Lift:
    def lift(problem: SitingProblem) -> SitingProblem:
        is_excluded = status is SiteStatus.EXCLUDED
        sites = tuple(
            replace(site, status=SiteStatus.CANDIDATE)
            if site.status is status and (not is_excluded or _may_be_allowed(problem, site))
            else site
            for site in problem.sites
        )
        return replace(problem, sites=sites)

    return lift
