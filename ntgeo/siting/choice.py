"""The siting question as the solver sees it: arrays alone, without ids or text."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ntgeo.domain.places import SiteStatus
from ntgeo.domain.siting import SitingObjective, SitingProblem

__all__ = ["SiteChoice", "Value", "build_choice"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.intp]
_STEEPEST_EXPONENT = 500.0
"""Beyond this e^x nears the end of double precision; no plan there is worth telling apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What a set of open sites is worth.

    Args:
        unserved: Demand of the areas with no open site in reach.
        uncovered: How many areas have no open site in reach.
        worst_s: Longest time of an area with demand that is served; 0 where there is none.
        burden: Demand × seconds of the areas served; demand × e^(κ × seconds) for Kolm-Pollak.
    """

    unserved: float
    uncovered: int
    worst_s: float
    burden: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiteChoice:
    """Areas with demand that some usable site can serve, and the sites that may open.

    Args:
        objective: What to make best.
        demand: (areas,) weights, above 0.
        time_s: (areas, sites) seconds; infinite where the site cannot serve the area, because
            there is no way or the travel limit is passed.
        columns: (sites,) place of each site among the sites of the problem.
        is_required: (sites,) must be open.
        site_count: How many are open; ``None`` for set cover.
        kappa_per_s: The κ of Kolm-Pollak; 0 where the burden of an area is its time.
    """

    objective: SitingObjective
    demand: FloatArray
    time_s: FloatArray
    columns: IndexArray
    is_required: BoolArray
    site_count: int | None
    kappa_per_s: float = 0.0

    @property
    def within(self) -> BoolArray:
        """(areas, sites) true where the site can serve the area."""
        return np.isfinite(self.time_s)

    def no_farther(self, worst_s: float) -> SiteChoice:
        """Return the question where no area is served from beyond ``worst_s``."""
        return replace(self, time_s=np.where(self.time_s > worst_s, np.inf, self.time_s))

    def burden_of(self, time_s: FloatArray) -> FloatArray:
        """Return what a demand of 1 suffers by travelling so long; infinite stays infinite."""
        if self.kappa_per_s <= 0:
            return time_s
        grown = np.exp(np.minimum(self.kappa_per_s * time_s, _STEEPEST_EXPONENT))
        return np.where(np.isinf(time_s), np.inf, grown)

    def nearest_s(self, opened: IndexArray) -> FloatArray:
        """(areas,) seconds to the nearest of the open sites; infinite where none can serve."""
        if not len(opened):
            return np.full(len(self.demand), np.inf)
        nearest: FloatArray = self.time_s[:, opened].min(axis=1)
        return nearest

    def value(self, opened: IndexArray) -> Value:
        """Weigh a set of open sites, with sums that no order of the areas can change."""
        nearest = self.nearest_s(opened)
        served = np.isfinite(nearest)
        return Value(
            unserved=math.fsum(self.demand[~served]),
            uncovered=int((~served).sum()),
            worst_s=float(nearest[served].max(initial=0.0)),
            burden=math.fsum(self.demand[served] * self.burden_of(nearest[served])),
        )


def build_choice(problem: SitingProblem) -> SiteChoice:
    """Reduce a problem to what the solver needs: usable sites, and whom they can serve."""
    columns = np.flatnonzero([site.may_open for site in problem.sites])
    time_s = problem.travel.time_s[:, columns].copy()
    with np.errstate(invalid="ignore"):
        time_s[~(time_s <= problem.limit_s[:, None])] = np.inf
    servable = np.isfinite(time_s).any(axis=1) & (problem.demand > 0)
    demand = problem.demand[servable]
    time_s = np.ascontiguousarray(time_s[servable])
    required = [problem.sites[column].status is SiteStatus.REQUIRED for column in columns]
    return SiteChoice(
        objective=problem.objective,
        demand=demand,
        time_s=time_s,
        columns=columns,
        is_required=np.array(required, dtype=np.bool_),
        site_count=problem.rules.site_count,
        kappa_per_s=_kappa(problem, demand, time_s),
    )


def _kappa(problem: SitingProblem, demand: FloatArray, time_s: FloatArray) -> float:
    """κ = aversion × Σ w t / Σ w t², of the times to the nearest site that may open."""
    if problem.objective is not SitingObjective.KOLM_POLLAK:
        return 0.0
    nearest = time_s.min(axis=1, initial=np.inf)
    square = math.fsum(demand * nearest**2)
    if square <= 0:
        counted = time_s[demand > 0]
        longest_s = float(counted[np.isfinite(counted)].max(initial=1.0))
        return problem.rules.inequality_aversion / longest_s
    return problem.rules.inequality_aversion * math.fsum(demand * nearest) / square
