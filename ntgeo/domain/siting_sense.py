"""Whether the rules of a siting fit its objective, its sites and its areas.

A rule that only makes the question hard, or leaves it without a plan, is no misfit: the solver
proves that, and tells which rules conflict.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ntgeo.domain.places import SiteStatus
from ntgeo.domain.siting_rules import Assignment, CapacityRule, SitingObjective
from ntgeo.errors import first_five

if TYPE_CHECKING:
    from ntgeo.domain.siting import SitingProblem

__all__ = ["misfits_of_rules"]

_LEAST_DEPRIVED = 10
_COUNTS_ITSELF = {
    SitingObjective.SET_COVER,
    SitingObjective.BACKUP_COVER,
    SitingObjective.LEAST_COST,
}


def misfits_of_rules(problem: SitingProblem) -> list[str]:
    """Return each misfit as a sentence; an empty list is a question that makes sense."""
    return [
        *_misfits_of_counts(problem),
        *_misfits_of_aims(problem),
        *_misfits_of_costs(problem),
        *_misfits_of_capacities(problem),
        *_misfits_of_places(problem),
        *_misfits_of_areas(problem),
    ]


def _misfits_of_counts(problem: SitingProblem) -> Iterator[str]:
    rules, objective = problem.rules, problem.objective
    count = rules.site_count
    usable = sum(site.may_open for site in problem.sites)
    required = sum(site.status is SiteStatus.REQUIRED for site in problem.sites)
    if usable == 0:
        yield "every site is excluded; none is left to open"
    if count is None:
        if objective not in _COUNTS_ITSELF and rules.budget_gbp is None:
            yield f"{objective} needs a number of sites (site_count) or a budget (budget_gbp)"
        return
    if objective is SitingObjective.SET_COVER:
        yield "set-cover finds the number of sites itself; remove site_count"
    if count > usable and not rules.may_open_fewer:
        yield f"site_count is {count} but only {usable} sites may open"
    if required > count:
        yield f"{required} sites are required, but site_count is {count}"


def _misfits_of_aims(problem: SitingProblem) -> Iterator[str]:
    aims, rules = problem.aims, problem.rules
    for aim in aims:
        if aim.needs_travel_limit and not np.isfinite(problem.limit_s).all():
            yield f"{aim} needs a travel limit"
        if aim.needs_decile and problem.imd_decile is None:
            yield f"{aim} needs the IMD decile of each area"
        if aim is SitingObjective.MAX_ATTENDANCE and rules.decay is None:
            yield f"{aim} needs a decay"
        if aim is SitingObjective.KOLM_POLLAK and rules.capacity is CapacityRule.SOFT:
            yield f"{aim} has no price for demand over capacity; make capacities hard"
    repeated = sorted({aim for aim in aims if aims.count(aim) > 1})
    if repeated:
        yield f"{repeated[0]} stands twice among the objectives"
    if rules.target_share < 1 and SitingObjective.SET_COVER not in aims:
        yield "target_share is for set-cover only"
    if SitingObjective.MARKET_SHARE in aims:
        yield from _misfits_of_market(problem)


def _misfits_of_market(problem: SitingProblem) -> Iterator[str]:
    rules = problem.rules
    if not any(site.status is SiteStatus.COMPETITOR for site in problem.sites):
        yield "market-share needs a competitor among the sites"
    sends = rules.capacity is not CapacityRule.IGNORED or rules.min_throughput is not None
    if sends or problem.area_rules.group is not None or rules.assignment is Assignment.SPLIT:
        yield (
            "market-share lets people choose for themselves; capacities, a least throughput, "
            "groups and split areas do not go with it"
        )


def _misfits_of_costs(problem: SitingProblem) -> Iterator[str]:
    rules = problem.rules
    is_costed = SitingObjective.LEAST_COST in problem.aims
    if is_costed and rules.travel_gbp_per_hour is None:
        yield "least-cost needs the value of an hour of travel (travel_gbp_per_hour)"
    if rules.outreach_gbp is not None and not is_costed:
        yield "outreach_gbp is for least-cost only"
    if is_costed or rules.budget_gbp is not None:
        unknown = [
            site.id for site in problem.sites if site.may_open and site.fixed_cost_gbp is None
        ]
        if unknown:
            yield f"fixed_cost_gbp is not known of {first_five(unknown)}"


def _misfits_of_capacities(problem: SitingProblem) -> Iterator[str]:
    rules = problem.rules
    if rules.capacity is not CapacityRule.IGNORED and all(
        site.capacity is None for site in problem.sites if site.may_open
    ):
        yield f"capacities are {rules.capacity}, but no site that may open has one"
    if rules.assignment is Assignment.SPLIT and problem.area_rules.group is not None:
        yield "a group of areas goes whole to one site; areas cannot be split as well"


def _misfits_of_places(problem: SitingProblem) -> Iterator[str]:
    rules = problem.rules
    is_open = any(site.is_open_today for site in problem.sites if site.may_open)
    for name in ("keep_existing_at_least", "close_at_most"):
        if getattr(rules, name) is not None and not is_open:
            yield f"{name} needs sites that are open today"
    zones = {site.zone for site in problem.sites if site.may_open} - {""}
    unknown = sorted({zone for zone, _ in rules.zone_minimums} - zones)
    if unknown:
        yield f"no site that may open is in zone {first_five(unknown)}"
    is_nowhere = len({site.location for site in problem.sites}) == 1 < len(problem.sites)
    if rules.min_separation_m is not None and is_nowhere:
        yield "min_separation_m needs the places of the sites"


def _misfits_of_areas(problem: SitingProblem) -> Iterator[str]:
    decile = problem.imd_decile
    if decile is not None:
        if decile.shape != (len(problem.areas),):
            yield f"imd_decile has shape {decile.shape}; ({len(problem.areas)},) is needed"
        elif ((decile < 0) | (decile > _LEAST_DEPRIVED)).any():
            yield "an IMD decile is 1 to 10, or 0 where not known"
    yield from problem.area_rules.misfits(len(problem.areas))
