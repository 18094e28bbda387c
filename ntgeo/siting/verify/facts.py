"""A plan laid over the arrays of its question."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ntgeo.domain.places import SiteStatus
from ntgeo.domain.siting import Assignment, CapacityRule, SitingObjective, SitingPlan, SitingProblem

__all__ = [
    "NOWHERE",
    "SAME_SHARE",
    "PlanFacts",
    "build_facts",
    "count_in_reach",
    "differ",
    "may_open_of",
    "members_of",
    "nearest_in_reach",
    "reach_of",
    "rivals_of",
]

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

NOWHERE = -1
"""The place of no site."""
_SITES_AT_A_TIME = 500
SAME_SHARE = 1e-6
"""Relative difference above which two figures disagree."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlanFacts:
    """A question, a plan of it, and who goes where in arrays; each time is the question's own.

    Args:
        problem: The question.
        plan: The answer.
        opened: (opened,) places of the open sites among the question's, in order of id.
        nearest: (areas,) place of the nearest open site in reach, ties to the first id, or nowhere.
        nearest_s: (areas,) seconds to it; infinite where there is none.
        row: (allocations,) place of the area.
        column: (allocations,) place of the site.
        demand: (allocations,) of the question's demand, by the share that is told.
        time_s: (allocations,) seconds; infinite where there is no way.
    """

    problem: SitingProblem
    plan: SitingPlan
    opened: IndexArray
    nearest: IndexArray
    nearest_s: FloatArray
    row: IndexArray
    column: IndexArray
    demand: FloatArray
    time_s: FloatArray

    @property
    def unserved(self) -> float:
        """Demand of the question that the allocations leave out."""
        return max(0.0, math.fsum([*self.problem.demand.tolist(), *(-self.demand).tolist()]))

    @property
    def goes_to_nearest(self) -> bool:
        """Whether whoever is served must be served by the nearest open site."""
        rules = self.problem.rules
        is_sent = rules.capacity is not CapacityRule.IGNORED or rules.min_throughput is not None
        return rules.assignment is Assignment.NEAREST or not (
            is_sent or self.problem.area_rules.group is not None
        )

    @property
    def may_leave(self) -> bool:
        """Whether the plan may leave an area unserved that has an open site in reach."""
        rules = self.problem.rules
        has_outreach = (
            SitingObjective.LEAST_COST in self.problem.aims and rules.outreach_gbp is not None
        )
        return rules.assignment is not Assignment.NEAREST and (
            has_outreach or not self.goes_to_nearest
        )


def build_facts(problem: SitingProblem, plan: SitingPlan) -> PlanFacts:
    """Lay a plan over its question; every id of the plan must be in the question."""
    row_of = {area: row for row, area in enumerate(problem.areas)}
    column_of = {site.id: column for column, site in enumerate(problem.sites)}
    opened = np.array(sorted({column_of[site] for site in plan.opened}), dtype=np.intp)
    row = np.array([row_of[entry.lsoa] for entry in plan.allocations], dtype=np.intp)
    column = np.array([column_of[entry.site] for entry in plan.allocations], dtype=np.intp)
    time_s, _ = problem.travel.of_pairs(row, column)
    share = np.array([entry.share for entry in plan.allocations], dtype=np.float64)
    nearest, nearest_s = nearest_in_reach(problem, opened)
    return PlanFacts(
        problem=problem,
        plan=plan,
        opened=opened,
        nearest=nearest,
        nearest_s=nearest_s,
        row=row,
        column=column,
        demand=problem.demand[row] * share,
        time_s=np.where(np.isnan(time_s), np.inf, time_s),
    )


def nearest_in_reach(problem: SitingProblem, columns: IndexArray) -> tuple[IndexArray, FloatArray]:
    """Return (areas,) the nearest of some sites in reach, ties to the first id, and its seconds.

    Args:
        problem: The question.
        columns: Places of the sites, in order of id.
    """
    nearest = np.array(problem.travel.nearest_among(columns), dtype=np.intp)
    reached = np.flatnonzero(nearest != NOWHERE)
    time_s = np.full(len(nearest), np.inf)
    time_s[reached], _ = problem.travel.of_pairs(reached, nearest[reached])
    beyond = time_s > problem.limit_s
    return np.where(beyond, NOWHERE, nearest), np.where(beyond, np.inf, time_s)


def may_open_of(problem: SitingProblem) -> IndexArray:
    """Return the places of the sites that may open."""
    return np.flatnonzero([site.may_open for site in problem.sites])


def reach_of(
    problem: SitingProblem, columns: IndexArray
) -> Iterator[tuple[IndexArray, FloatArray]]:
    """Yield some of the sites at a time, with (areas, sites) seconds, infinite where out of reach.

    Args:
        problem: The question.
        columns: Places of the sites.
    """
    for start in range(0, len(columns), _SITES_AT_A_TIME):
        some = columns[start : start + _SITES_AT_A_TIME]
        time_s = problem.travel.times_to(some)
        with np.errstate(invalid="ignore"):
            in_reach = time_s <= problem.limit_s[:, None]
        yield some, np.where(in_reach, time_s, np.inf)


def count_in_reach(problem: SitingProblem, columns: IndexArray) -> IndexArray:
    """Return (areas,) how many of some sites are in reach."""
    count = np.zeros(len(problem.areas), dtype=np.intp)
    for _, time_s in reach_of(problem, columns):
        count += np.isfinite(time_s).sum(axis=1)
    return count


def members_of(problem: SitingProblem) -> list[tuple[str, IndexArray]]:
    """Return each group by its word with (members,) the rows of its areas that have demand."""
    words = np.array(problem.area_rules.group or [""] * len(problem.areas))
    counted = problem.demand > 0
    named = sorted(set(words[counted]) - {""})
    return [(str(word), np.flatnonzero((words == word) & counted)) for word in named]


def rivals_of(problem: SitingProblem) -> IndexArray:
    """Return the places of the competitors."""
    return np.flatnonzero([site.status is SiteStatus.COMPETITOR for site in problem.sites])


def differ(one: float, other: float) -> bool:
    """Return whether two figures disagree."""
    return not math.isclose(one, other, rel_tol=SAME_SHARE, abs_tol=SAME_SHARE)
