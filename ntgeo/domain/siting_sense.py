"""Whether the rules of a siting fit its objective, its sites and its areas.

A rule that only makes the question hard, or leaves it without a plan, is no misfit: the solver
proves that, and tells which rules conflict.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ntgeo.domain.places import SiteStatus
from ntgeo.domain.siting_rules import Assignment, CapacityRule, SitingObjective
from ntgeo.domain.sparse_sense import misfits_of_sparse
from ntgeo.errors import first_five

if TYPE_CHECKING:
    from ntgeo.domain.siting import SitingProblem

__all__ = ["Misfit", "MisfitsError", "misfits_of_rules"]

Told = tuple[str, str, str]
"""The rule, what is wrong, and what to do."""

_LEAST_DEPRIVED = 10
_COUNTS_ITSELF = {
    SitingObjective.SET_COVER,
    SitingObjective.BACKUP_COVER,
    SitingObjective.LEAST_COST,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """A rule that does not fit the rest of the question.

    Args:
        rule: Its name among the rules, or that of the part of the question that is at odds.
        what: What is wrong, as a clause.
        fix: What to do, as a clause.
    """

    rule: str
    what: str
    fix: str

    def __str__(self) -> str:
        """Write the sentence."""
        return f"{self.what}; {self.fix}"


class MisfitsError(ValueError):
    """A question that makes no sense; ``misfits`` holds all that is wrong with it."""

    def __init__(self, misfits: Sequence[Misfit]) -> None:
        self.misfits = tuple(misfits)
        super().__init__(". ".join(str(misfit) for misfit in misfits))

    def __reduce__(self) -> tuple[type[MisfitsError], tuple[tuple[Misfit, ...]]]:
        """Rebuild from the facts, so that the error crosses a process boundary."""
        return type(self), (self.misfits,)


def misfits_of_rules(problem: SitingProblem) -> list[Misfit]:
    """Return each misfit; an empty list is a question that makes sense."""
    found = list(_misfits_of_areas(problem)) or [
        *_misfits_of_counts(problem),
        *_misfits_of_aims(problem),
        *_misfits_of_costs(problem),
        *_misfits_of_capacities(problem),
        *_misfits_of_places(problem),
        *misfits_of_sparse(problem),
    ]
    return [Misfit(rule=rule, what=what, fix=fix) for rule, what, fix in found]


def _misfits_of_counts(problem: SitingProblem) -> Iterator[Told]:
    rules, objective = problem.rules, problem.objective
    count = rules.site_count
    usable = sum(site.may_open for site in problem.sites)
    required = sum(site.status is SiteStatus.REQUIRED for site in problem.sites)
    if usable == 0:
        yield "sites", "every site is excluded; none is left to open", "exclude fewer"
    if count is None:
        if objective not in _COUNTS_ITSELF and rules.budget_gbp is None:
            what = f"{objective} needs a number of sites or a budget"
            yield "site_count", what, "give site_count or budget_gbp"
        return
    if objective is SitingObjective.SET_COVER:
        yield "site_count", "set-cover finds the number of sites itself", "remove site_count"
    if count > usable and not rules.may_open_fewer:
        what = f"site_count is {count} but only {usable} sites may open"
        yield "site_count", what, "ask for fewer, or set may_open_fewer"
    if required > count:
        what = f"{required} sites are required, but site_count is {count}"
        yield "site_count", what, "ask for more sites, or require fewer"


def _misfits_of_aims(problem: SitingProblem) -> Iterator[Told]:
    aims, rules = problem.aims, problem.rules
    for aim in aims:
        if aim.needs_travel_limit and not np.isfinite(problem.limit_s).all():
            yield "travel_limit_s", f"{aim} needs a travel limit", "give one"
        if aim.needs_decile and problem.imd_decile is None:
            yield "imd_decile", f"{aim} needs the IMD decile of each area", "give deprivation"
        if aim is SitingObjective.MAX_ATTENDANCE and rules.decay is None:
            yield "decay", f"{aim} needs a decay", "tell how many come from how far"
        if aim is SitingObjective.KOLM_POLLAK and rules.capacity is CapacityRule.SOFT:
            what = f"{aim} has no price for demand over capacity"
            yield "capacity", what, "make capacities hard, or ignore them"
    repeated = sorted({aim for aim in aims if aims.count(aim) > 1})
    if repeated:
        yield "then", f"{repeated[0]} stands twice among the objectives", "remove one"
    if rules.target_share < 1 and SitingObjective.SET_COVER not in aims:
        yield "target_share", "target_share is for set-cover only", "remove it"
    if SitingObjective.MARKET_SHARE in aims:
        yield from _misfits_of_market(problem)


def _misfits_of_market(problem: SitingProblem) -> Iterator[Told]:
    rules = problem.rules
    if not any(site.status is SiteStatus.COMPETITOR for site in problem.sites):
        what = "market-share needs a competitor among the sites"
        yield "sites", what, 'give a site the status "competitor"'
    sends = {
        "capacity": rules.capacity is not CapacityRule.IGNORED,
        "min_throughput": rules.min_throughput is not None,
        "area_rules": problem.area_rules.group is not None,
        "assignment": rules.assignment is Assignment.SPLIT,
    }
    for rule in (name for name, is_asked in sends.items() if is_asked):
        what = "market-share lets people choose for themselves, so a plan cannot send them"
        yield rule, f"{what} ({rule})", "remove the rule"


def _misfits_of_costs(problem: SitingProblem) -> Iterator[Told]:
    rules = problem.rules
    is_costed = SitingObjective.LEAST_COST in problem.aims
    if is_costed and rules.travel_gbp_per_hour is None:
        what = "least-cost needs the value of an hour of travel"
        yield "travel_gbp_per_hour", what, "give travel_gbp_per_hour"
    if rules.outreach_gbp is not None and not is_costed:
        yield "outreach_gbp", "outreach_gbp is for least-cost only", "remove it"
    if is_costed or rules.budget_gbp is not None:
        unknown = [
            site.id for site in problem.sites if site.may_open and site.fixed_cost_gbp is None
        ]
        if unknown:
            what = f"fixed_cost_gbp is not known of {first_five(unknown)}"
            yield "sites", what, "give the yearly cost of each site"


def _misfits_of_capacities(problem: SitingProblem) -> Iterator[Told]:
    rules = problem.rules
    if rules.capacity is not CapacityRule.IGNORED and all(
        site.capacity is None for site in problem.sites if site.may_open
    ):
        what = f"capacities are {rules.capacity}, but no site that may open has one"
        yield "capacity", what, "give sites a capacity, or ignore capacities"
    if rules.assignment is Assignment.SPLIT and problem.area_rules.group is not None:
        what = "a group of areas goes whole to one site; areas cannot be split as well"
        yield "assignment", what, "choose one of the two"


def _misfits_of_places(problem: SitingProblem) -> Iterator[Told]:
    rules = problem.rules
    is_open = any(site.is_open_today for site in problem.sites if site.may_open)
    for name in ("keep_existing_at_least", "close_at_most"):
        if getattr(rules, name) is not None and not is_open:
            yield name, f"{name} needs sites that are open today", "mark them, or remove the rule"
    zones = {site.zone for site in problem.sites if site.may_open} - {""}
    unknown = sorted({zone for zone, _ in rules.zone_minimums} - zones)
    if unknown:
        known = first_five(sorted(zones)) or "none; give sites a zone"
        what = f"no site that may open is in zone {first_five(unknown)}"
        yield "zone_minimums", what, f"the zones are {known}"
    is_nowhere = len({site.location for site in problem.sites}) == 1 < len(problem.sites)
    if rules.min_separation_m is not None and is_nowhere:
        what = "min_separation_m needs the places of the sites"
        yield "min_separation_m", what, "give the sites locations"


def _misfits_of_areas(problem: SitingProblem) -> Iterator[Told]:
    decile = problem.imd_decile
    if decile is not None:
        if decile.shape != (len(problem.areas),):
            what = f"imd_decile has shape {decile.shape}; ({len(problem.areas)},) is needed"
            yield "imd_decile", what, "give one an area"
        elif ((decile < 0) | (decile > _LEAST_DEPRIVED)).any():
            yield "imd_decile", "an IMD decile is 1 to 10, or 0 where not known", "correct it"
    for what in problem.area_rules.misfits(len(problem.areas)):
        yield "area_rules", what, "correct them"
