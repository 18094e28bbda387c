"""The whole question as arrays: every aim, every rule, the areas with demand alone."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from ntgeo.domain.places import SiteStatus
from ntgeo.domain.siting import Assignment, CapacityRule, SitingObjective, SitingProblem
from ntgeo.domain.siting_rules import SitingRules
from ntgeo.domain.siting_stages import TRAVEL_STAGE, UNSERVED_STAGE
from ntgeo.siting.facts import (
    ALONE,
    AreaFacts,
    SiteFacts,
    build_area_facts,
    build_site_facts,
)

__all__ = ["Aim", "ImpliedAim", "SitingQuestion", "build_question", "order_of_aims"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.intp]


class ImpliedAim(StrEnum):
    """What every plan makes best, named or not."""

    UNSERVED = UNSERVED_STAGE
    """Least, before travel is counted: else the best plan would serve nobody."""
    TRAVEL = TRAVEL_STAGE
    """Least, last of all."""


Aim = SitingObjective | ImpliedAim

_COUNTS_ALL_TRAVEL = {
    SitingObjective.P_MEDIAN,
    SitingObjective.DEPRIVATION_P_MEDIAN,
    SitingObjective.KOLM_POLLAK,
}
_COUNTS_TRAVEL = _COUNTS_ALL_TRAVEL | {
    SitingObjective.P_CENTRE,
    SitingObjective.WORST_TENTH,
    SitingObjective.WORST_DECILE,
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SitingQuestion:
    """Areas with demand that some site has in reach, and the sites that may open.

    Args:
        rules: What to keep.
        aims: What to make best, in order, implied aims among them; each with the share of the
            aims named before that may be given up for it.
        priced_aim: The aim whose value holds the price of demand over a soft capacity.
        demand: (areas,) above 0.
        time_s: (areas, sites) seconds; infinite where the site cannot serve the area or its group.
        is_servable: (areas,) whether some site that may open can serve the area and its group.
        columns: (sites,) places among the sites of the problem.
        is_required: (sites,) must be open.
        areas: What else is known of the areas.
        sites: What else is known of the sites.
        out_of_reach: Demand of areas that no site which may open has in reach.
        kappa_per_s: κ of Kolm-Pollak.
    """

    rules: SitingRules
    aims: tuple[tuple[Aim, float], ...]
    priced_aim: SitingObjective
    demand: FloatArray
    time_s: FloatArray
    is_servable: BoolArray
    columns: IndexArray
    is_required: BoolArray
    areas: AreaFacts
    sites: SiteFacts
    out_of_reach: float
    kappa_per_s: float

    @property
    def within(self) -> BoolArray:
        """(areas, sites) true where the site can serve the area."""
        return np.isfinite(self.time_s)

    @property
    def total(self) -> float:
        """All demand, that out of reach too."""
        return math.fsum(self.demand) + self.out_of_reach

    @property
    def capacities_count(self) -> bool:
        """Whether capacities mean anything."""
        return self.rules.capacity is not CapacityRule.IGNORED

    @property
    def counts_price(self) -> bool:
        """Whether demand over capacities has a price."""
        return self.rules.capacity is CapacityRule.SOFT

    @property
    def has_groups(self) -> bool:
        """Whether two areas with demand must go to the same site."""
        return bool((self.areas.group != ALONE).any())

    @property
    def sends(self) -> bool:
        """Whether a rule may send an area elsewhere than to its nearest open site, or forbid it."""
        return self.capacities_count or bool(self.rules.min_throughput) or self.has_groups

    @property
    def may_leave(self) -> bool:
        """Whether a plan may leave an area in reach of an open site to outreach."""
        named = {aim for aim, _ in self.aims}
        return (
            SitingObjective.LEAST_COST in named
            and self.rules.outreach_gbp is not None
            and self.rules.assignment is not Assignment.NEAREST
        )

    @property
    def splits(self) -> bool:
        """Whether a plan may go so far as to split an area."""
        return self.rules.assignment is Assignment.SPLIT and (self.sends or self.may_leave)

    def without_sending(self) -> SitingQuestion:
        """Return the question where each area may go to its nearest open site; a relaxation.

        Hard capacities are still known; soft ones hold anything.
        """
        rules = replace(
            self.rules,
            capacity=CapacityRule.IGNORED,
            over_capacity_price=None,
            min_throughput=None,
        )
        sites = self.sites
        if self.counts_price:
            sites = replace(sites, capacity=np.full(len(self.columns), np.inf))
        alone = replace(self.areas, group=np.full(len(self.demand), ALONE))
        return replace(self, rules=rules, sites=sites, areas=alone)

    def only_at(self, sites: IndexArray) -> SitingQuestion:
        """Return the question where areas go to some of the sites alone."""
        is_out = np.ones(len(self.columns), dtype=np.bool_)
        is_out[sites] = False
        return replace(self, time_s=np.where(is_out, np.inf, self.time_s))

    def no_farther(self, worst_s: float) -> SitingQuestion:
        """Return the question where no area goes farther than ``worst_s``."""
        if not (self.within & (self.time_s > worst_s)).any():
            return self
        return replace(self, time_s=np.where(self.time_s > worst_s, np.inf, self.time_s))

    def is_maximised(self, aim: Aim) -> bool:
        """Whether more is better; backup cover is made most where the sites are counted."""
        if aim is SitingObjective.BACKUP_COVER:
            return self.rules.site_count is not None
        return isinstance(aim, SitingObjective) and aim.is_maximised


def order_of_aims(problem: SitingProblem) -> tuple[tuple[Aim, float], ...]:
    """Return every aim in the order they are taken, each with its slack."""
    named = [(problem.objective, 0.0), *((aim.objective, aim.slack_share) for aim in problem.then)]
    counts_all = set(_COUNTS_ALL_TRAVEL)
    if problem.rules.outreach_gbp is None:
        counts_all.add(SitingObjective.LEAST_COST)
    counting = [place for place, (aim, _) in enumerate(named) if aim in _COUNTS_TRAVEL | counts_all]
    order: list[tuple[Aim, float]] = list(named)
    order.insert(counting[0] if counting else len(named), (ImpliedAim.UNSERVED, 0.0))
    if named[-1][0] not in counts_all:
        order.append((ImpliedAim.TRAVEL, 0.0))
    return tuple(order)


def build_question(problem: SitingProblem, *, kappa_per_s: float | None = None) -> SitingQuestion:
    """Reduce a problem to arrays.

    Args:
        problem: The question.
        kappa_per_s: κ of Kolm-Pollak, where it is not the question's own.
    """
    columns = np.flatnonzero([site.may_open for site in problem.sites])
    time_s = problem.travel.times_to(columns)
    with np.errstate(invalid="ignore"):
        reach = time_s <= problem.limit_s[:, None]
    counted = np.flatnonzero((problem.demand > 0) & reach.any(axis=1))
    own_s = np.where(reach, time_s, np.inf)[counted]
    facts = build_area_facts(problem, counted, columns, own_s)
    demand = problem.demand[counted]
    joint = _joint_reach(problem, reach)[counted]
    required = [problem.sites[column].status is SiteStatus.REQUIRED for column in columns]
    sites = build_site_facts(problem, columns)
    if problem.rules.capacity is CapacityRule.IGNORED:
        sites = replace(sites, capacity=np.full(len(columns), np.inf))
    return SitingQuestion(
        rules=problem.rules,
        aims=order_of_aims(problem),
        priced_aim=problem.objective,
        demand=demand,
        time_s=np.where(joint, time_s[counted], np.inf),
        is_servable=np.asarray(joint.any(axis=1)),
        columns=columns,
        is_required=np.array(required, dtype=np.bool_),
        areas=facts,
        sites=sites,
        out_of_reach=math.fsum(problem.demand) - math.fsum(demand),
        kappa_per_s=kappa_per_s or _kappa(problem, demand, facts.time_s),
    )


def _joint_reach(problem: SitingProblem, reach: BoolArray) -> BoolArray:
    """(areas, sites) true where the site is in reach of all areas of the group with demand."""
    words = problem.area_rules.group
    if words is None:
        return reach
    joint = reach.copy()
    for word in sorted(set(words) - {""}):
        members = np.flatnonzero([other == word for other in words] & (problem.demand > 0))
        if len(members):
            joint[members] = reach[members].all(axis=0)
    return joint


def _kappa(problem: SitingProblem, demand: FloatArray, time_s: FloatArray) -> float:
    """κ = aversion × Σ w t / Σ w t², of the times to the nearest site that may open."""
    nearest = time_s.min(axis=1, initial=np.inf)
    square = math.fsum(demand * nearest**2)
    if square <= 0:
        longest_s = float(time_s[np.isfinite(time_s)].max(initial=1.0))
        return problem.rules.inequality_aversion / longest_s
    return problem.rules.inequality_aversion * math.fsum(demand * nearest) / square
