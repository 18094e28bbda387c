"""How far people go, today and in a plan: journeys, and their summaries."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ntgeo.domain.matrix import frozen_floats
from ntgeo.domain.places import CandidateSite, LsoaCode, SiteStatus
from ntgeo.domain.siting import SitingObjective, SitingPlan, SitingProblem

__all__ = [
    "AccessSummary",
    "GroupAccess",
    "Journeys",
    "build_journeys",
    "is_ours_today",
    "nearest_s",
    "tell_group",
    "weighted_quantile",
]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.intp]
_NINETIETH = 0.9
_USUAL_LIMIT_S = 900.0
_LEAST_SHARE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessSummary:
    """How far people go, weighted by demand.

    Args:
        served: Demand with an open site in reach (the travel limit is not applied here).
        unreached: Demand that can reach no open site, or that the plan turns away from those in
            reach because they are full.
        mean_s: Mean seconds of those served; ``None`` if nobody is.
        p90_s: Nine tenths of the demand served are no farther than this.
        worst_s: Farthest area with demand.
        within_limit: Share of all demand no farther than ``limit_s``, 0 to 1; areas with a limit
            of their own are held to that.
        limit_s: The problem's travel limit, or 15 minutes where it has none.
    """

    served: float
    unreached: float
    mean_s: float | None
    p90_s: float | None
    worst_s: float | None
    within_limit: float
    limit_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAccess:
    """Access of some of the people, before and after.

    Args:
        total: Demand of the decile, or people of the age group.
        before: Access to the sites open today; ``None`` where none is open today.
        after: Access in the plan.
        gaining: How much of ``total`` gets nearer.
        losing: How much of ``total`` gets farther.
    """

    total: float
    before: AccessSummary | None
    after: AccessSummary
    gaining: float
    losing: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Journeys:
    """Who goes how far: each area, or each part of one that goes elsewhere.

    Args:
        row: (journeys,) place of the area among those of the problem.
        share: (journeys,) of the area's demand; those of an area add up to 1.
        before_s: (journeys,) seconds to the nearest site open today; NaN where none is in reach.
        after_s: (journeys,) seconds to the site the plan sends them to; NaN where it sends them
            nowhere.
        limit_s: (journeys,) the area's travel limit, or 15 minutes where it has none.
        has_before: Whether any site is open today.
        told_limit_s: The limit of most.
    """

    row: IndexArray
    share: FloatArray
    before_s: FloatArray
    after_s: FloatArray
    limit_s: FloatArray
    has_before: bool
    told_limit_s: float

    @property
    def gains(self) -> BoolArray:
        """(journeys,) true where the plan is nearer than today, or reaches where today does not."""
        return is_nearer(self.after_s, self.before_s)

    @property
    def loses(self) -> BoolArray:
        """(journeys,) true where the plan is farther than today, or no longer reaches."""
        return is_nearer(self.before_s, self.after_s)

    def area_after_s(self, area_count: int) -> FloatArray:
        """Return (areas,) mean seconds of those of the area who go somewhere; NaN if nobody."""
        goes = ~np.isnan(self.after_s)
        row, share = self.row[goes], self.share[goes]
        weight = np.bincount(row, share, minlength=area_count)
        total = np.bincount(row, share * self.after_s[goes], minlength=area_count)
        mean = np.divide(total, weight, out=np.full(area_count, np.nan), where=weight > 0)
        alone = np.bincount(row, minlength=area_count)[row] == 1
        mean[row[alone]] = self.after_s[goes][alone]
        return frozen_floats(mean)


def is_nearer(one_s: FloatArray, other_s: FloatArray) -> BoolArray:
    """Return where ``one_s`` is less than ``other_s``, or is known and the other is not."""
    with np.errstate(invalid="ignore"):
        less: BoolArray = one_s < other_s
    return less | (np.isnan(other_s) & ~np.isnan(one_s))


def build_journeys(problem: SitingProblem, plan: SitingPlan) -> Journeys:
    """Follow each area to where the plan sends it.

    People whom the plan leaves unserved since they are beyond the limit still have a nearest open
    site, and are told with it. Those it turns away from a site within the limit go nowhere. For
    market share, where people choose among the open sites, the nearest tells of access.

    Args:
        problem: The question.
        plan: Its answer.
    """
    opened = set(plan.opened)
    today = np.array([is_ours_today(site) for site in problem.sites])
    before_s = nearest_s(problem, today)
    nearest_open_s = nearest_s(problem, np.array([site.id in opened for site in problem.sites]))
    sent, share, sent_s = _sent(problem, plan)
    left = 1.0 - np.bincount(sent, share, minlength=len(problem.areas))
    rest = np.flatnonzero(left > _LEAST_SHARE)
    may_go = nearest_open_s[rest] > problem.limit_s[rest]
    if problem.objective is SitingObjective.MARKET_SHARE:
        may_go[:] = True
    rest_s = np.where(may_go, nearest_open_s[rest], np.nan)
    row = np.concatenate([sent, rest])
    told_limit_s = problem.rules.travel_limit_s or _USUAL_LIMIT_S
    limit_s = np.where(np.isfinite(problem.limit_s), problem.limit_s, told_limit_s)
    return Journeys(
        row=row,
        share=np.concatenate([share, left[rest]]),
        before_s=before_s[row],
        after_s=np.concatenate([sent_s, rest_s]),
        limit_s=limit_s[row],
        has_before=bool(today.any()),
        told_limit_s=told_limit_s,
    )


def _sent(problem: SitingProblem, plan: SitingPlan) -> tuple[IndexArray, FloatArray, FloatArray]:
    """Area, share and seconds of each allocation."""
    if problem.objective is SitingObjective.MARKET_SHARE:
        return np.zeros(0, np.intp), np.zeros(0), np.zeros(0)
    row_of: dict[LsoaCode, int] = {area: row for row, area in enumerate(problem.areas)}
    entries = plan.allocations
    return (
        np.array([row_of[entry.lsoa] for entry in entries], np.intp),
        np.array([entry.share for entry in entries], np.float64),
        np.array([entry.time_s for entry in entries], np.float64),
    )


def is_ours_today(site: CandidateSite) -> bool:
    """Whether a site counts in the "before": open today, and not a competitor's."""
    return site.is_open_today and site.status is not SiteStatus.COMPETITOR


def nearest_s(problem: SitingProblem, is_open: BoolArray) -> FloatArray:
    """Return (areas,) seconds to the nearest of the open sites, whatever the limit; NaN if none."""
    nearest = problem.travel.nearest_among(np.flatnonzero(is_open))
    reached = np.flatnonzero(nearest >= 0)
    time_s = np.full(len(nearest), np.nan)
    time_s[reached], _ = problem.travel.of_pairs(reached, nearest[reached])
    return frozen_floats(time_s)


def tell_group(journeys: Journeys, people: FloatArray) -> GroupAccess:
    """Sum up the journeys of some of the people.

    Args:
        journeys: Of everyone.
        people: (areas,) how many of each area are counted.
    """
    weight = people[journeys.row] * journeys.share
    return GroupAccess(
        total=math.fsum(people),
        before=_summary(journeys, journeys.before_s, weight) if journeys.has_before else None,
        after=_summary(journeys, journeys.after_s, weight),
        gaining=math.fsum(weight[journeys.gains]) if journeys.has_before else 0.0,
        losing=math.fsum(weight[journeys.loses]) if journeys.has_before else 0.0,
    )


def _summary(journeys: Journeys, time_s: FloatArray, weight: FloatArray) -> AccessSummary:
    reached = ~np.isnan(time_s) & (weight > 0)
    times, weights = time_s[reached], weight[reached]
    served, total = math.fsum(weights), math.fsum(weight)
    if served <= 0:
        return AccessSummary(
            served=0.0,
            unreached=total,
            mean_s=None,
            p90_s=None,
            worst_s=None,
            within_limit=0.0,
            limit_s=journeys.told_limit_s,
        )
    return AccessSummary(
        served=served,
        unreached=math.fsum(weight[~reached]),
        mean_s=math.fsum(times * weights) / served,
        p90_s=weighted_quantile(times, weights, _NINETIETH),
        worst_s=float(times.max()),
        within_limit=math.fsum(weights[times <= journeys.limit_s[reached]]) / total,
        limit_s=journeys.told_limit_s,
    )


def weighted_quantile(values: FloatArray, weights: FloatArray, share: float) -> float:
    """Return the least value that at least ``share`` of the weight does not exceed.

    Args:
        values: (k,) finite.
        weights: (k,) at least 0, total above 0.
        share: Above 0, at most 1.
    """
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    wanted = share * reached[-1] * (1 - 1e-12)
    place = min(int(np.searchsorted(reached, wanted)), len(order) - 1)
    return float(values[order[place]])
