"""What a siting plan means for people: access before and after, who gains and who loses."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ntgeo.domain.matrix import frozen_floats
from ntgeo.domain.places import CandidateSite, LsoaCode, SiteId, SiteStatus
from ntgeo.domain.siting import Allocation, SitingPlan, SitingProblem

__all__ = [
    "AccessSummary",
    "AreaAccess",
    "SiteUse",
    "SitingExplanation",
    "explain_siting",
    "weighted_quantile",
]

FloatArray = npt.NDArray[np.float64]
_NINETIETH = 0.9
_USUAL_LIMIT_S = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessSummary:
    """How far people are from the nearest open site, weighted by demand.

    Args:
        served: Demand with an open site in reach (the travel limit is not applied here).
        unreached: Demand that can reach no open site.
        mean_s: Mean seconds of those served; ``None`` if nobody is.
        p90_s: Nine tenths of the demand served are no farther than this.
        worst_s: Farthest area with demand.
        within_limit: Share of all demand no farther than ``limit_s``, 0 to 1.
        limit_s: The problem's travel limit, or 15 minutes where it has none.
    """

    served: float
    unreached: float
    mean_s: float | None
    p90_s: float | None
    worst_s: float | None
    within_limit: float
    limit_s: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AreaAccess:
    """Per area: seconds to the nearest open site today and in the plan; NaN where none.

    Args:
        areas: LSOA codes, ascending.
        demand: (areas,) weights.
        before_s: (areas,) to the nearest site open today.
        after_s: (areas,) to the nearest site open in the plan.
    """

    areas: tuple[LsoaCode, ...]
    demand: FloatArray
    before_s: FloatArray
    after_s: FloatArray

    @property
    def change_s(self) -> FloatArray:
        """(areas,) seconds more (+) or fewer (-) than today; NaN where either is unknown."""
        change: FloatArray = self.after_s - self.before_s
        return change

    @property
    def gains(self) -> npt.NDArray[np.bool_]:
        """(areas,) true where the plan is nearer than today, or reaches where today does not."""
        with np.errstate(invalid="ignore"):
            nearer: npt.NDArray[np.bool_] = self.after_s < self.before_s
        return nearer | (np.isnan(self.before_s) & ~np.isnan(self.after_s))

    @property
    def loses(self) -> npt.NDArray[np.bool_]:
        """(areas,) true where the plan is farther than today, or no longer reaches."""
        with np.errstate(invalid="ignore"):
            farther: npt.NDArray[np.bool_] = self.after_s > self.before_s
        return farther | (np.isnan(self.after_s) & ~np.isnan(self.before_s))


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteUse:
    """What an open site does in the plan.

    Args:
        site: Which.
        areas: How many areas go there.
        demand: How much demand goes there.
        mean_s: Mean seconds of that demand; ``None`` where there is none.
        worst_s: Farthest area that goes there; ``None`` where there is none.
        used_share: Demand as a share of capacity; ``None`` where capacity is not known or 0.
    """

    site: SiteId
    areas: int
    demand: float
    mean_s: float | None
    worst_s: float | None
    used_share: float | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SitingExplanation:
    """Before and after, area by area and site by site.

    Args:
        before: Access to the sites open today; ``None`` where none is open today.
        after: Access to the sites open in the plan.
        by_area: Each area's time before and after.
        by_site: Each open site's use, by id.
        gaining_demand: Demand of the areas that get nearer.
        losing_demand: Demand of the areas that get farther.
    """

    before: AccessSummary | None
    after: AccessSummary
    by_area: AreaAccess
    by_site: tuple[SiteUse, ...]
    gaining_demand: float
    losing_demand: float


def explain_siting(problem: SitingProblem, plan: SitingPlan) -> SitingExplanation:
    """Tell what a plan does to access, against the sites open today.

    Sites open today are those with ``is_open_today`` that are not a competitor's.

    Args:
        problem: The question.
        plan: Its answer.
    """
    today = [_is_ours_today(site) for site in problem.sites]
    in_plan = [site.id in set(plan.opened) for site in problem.sites]
    by_area = AreaAccess(
        areas=problem.areas,
        demand=problem.demand,
        before_s=_nearest_s(problem, np.array(today)),
        after_s=_nearest_s(problem, np.array(in_plan)),
    )
    limit_s = problem.rules.travel_limit_s or _USUAL_LIMIT_S
    counted = any(today)
    return SitingExplanation(
        before=_summary(by_area.before_s, problem.demand, limit_s) if counted else None,
        after=_summary(by_area.after_s, problem.demand, limit_s),
        by_area=by_area,
        by_site=_uses(problem, plan),
        gaining_demand=math.fsum(problem.demand[by_area.gains]) if counted else 0.0,
        losing_demand=math.fsum(problem.demand[by_area.loses]) if counted else 0.0,
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


def _is_ours_today(site: CandidateSite) -> bool:
    return site.is_open_today and site.status is not SiteStatus.COMPETITOR


def _nearest_s(problem: SitingProblem, is_open: npt.NDArray[np.bool_]) -> FloatArray:
    time_s = problem.travel.time_s[:, is_open]
    least = np.where(np.isnan(time_s), np.inf, time_s).min(axis=1, initial=np.inf)
    return frozen_floats(np.where(np.isinf(least), np.nan, least))


def _summary(time_s: FloatArray, demand: FloatArray, limit_s: float) -> AccessSummary:
    reached = ~np.isnan(time_s) & (demand > 0)
    times, weights = time_s[reached], demand[reached]
    served, total = math.fsum(weights), math.fsum(demand)
    if served <= 0:
        return AccessSummary(
            served=0.0,
            unreached=total,
            mean_s=None,
            p90_s=None,
            worst_s=None,
            within_limit=0.0,
            limit_s=limit_s,
        )
    return AccessSummary(
        served=served,
        unreached=total - served,
        mean_s=math.fsum(times * weights) / served,
        p90_s=weighted_quantile(times, weights, _NINETIETH),
        worst_s=float(times.max()),
        within_limit=math.fsum(weights[times <= limit_s]) / total,
        limit_s=limit_s,
    )


def _uses(problem: SitingProblem, plan: SitingPlan) -> tuple[SiteUse, ...]:
    going: dict[SiteId, list[Allocation]] = {site: [] for site in plan.opened}
    for entry in plan.allocations:
        going[entry.site].append(entry)
    capacity_of = {site.id: site.capacity for site in problem.sites}
    return tuple(_use(site, entries, capacity_of[site]) for site, entries in going.items())


def _use(site: SiteId, entries: list[Allocation], capacity: float | None) -> SiteUse:
    demand = math.fsum(entry.demand for entry in entries)
    travel = math.fsum(entry.demand * entry.time_s for entry in entries)
    return SiteUse(
        site=site,
        areas=len(entries),
        demand=demand,
        mean_s=travel / demand if demand > 0 else None,
        worst_s=max((entry.time_s for entry in entries), default=None),
        used_share=demand / capacity if capacity else None,
    )
