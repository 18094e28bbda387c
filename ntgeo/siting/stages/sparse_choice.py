"""A siting question with sparse travel times, as the solver sees it: the pairs that are known."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ntgeo.domain.places import SiteStatus
from ntgeo.domain.siting import SitingObjective, SitingProblem
from ntgeo.domain.sparse_times import SparseTravelTimes
from ntgeo.siting.median.rows import CostRows, RowArrays

__all__ = ["SparseChoice", "build_sparse_choice"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.intp]
_LEAST_DEPRIVED = 10
_STEEPEST_EXPONENT = 500.0
"""Beyond this e^x nears the end of double precision; no plan there is worth telling apart."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SparseChoice:
    """Areas with demand that a usable site serves, or might, and the sites that may open.

    Args:
        demand: (areas,) above 0.
        weight: (areas,) demand as the objective weighs it.
        start: (areas + 1,) where the pairs of each area start.
        site: (pairs,) number of the site, nearest first.
        time_s: (pairs,) seconds; every pair can serve.
        beyond_s: (areas,) a site that is not among the area's pairs takes at least so long, and may
            serve it; infinite where none may.
        columns: (sites,) place of each site among the sites of the problem.
        is_required: (sites,) must be open.
        kappa_per_s: The κ of Kolm-Pollak; 0 where the burden of an area is its time.
    """

    demand: FloatArray
    weight: FloatArray
    start: npt.NDArray[np.int64]
    site: npt.NDArray[np.int32]
    time_s: FloatArray
    beyond_s: FloatArray
    columns: IndexArray
    is_required: BoolArray
    kappa_per_s: float

    @property
    def is_whole(self) -> BoolArray:
        """(areas,) whether every site that may serve the area is among its pairs."""
        return np.isinf(self.beyond_s)

    @property
    def area(self) -> IndexArray:
        """(pairs,) number of the area."""
        return np.repeat(np.arange(len(self.demand)), np.diff(self.start))

    def burden_of(self, time_s: FloatArray) -> FloatArray:
        """Return what a demand of 1 suffers by travelling so long; infinite stays infinite."""
        if self.kappa_per_s <= 0:
            return time_s
        grown = np.exp(np.minimum(self.kappa_per_s * time_s, _STEEPEST_EXPONENT))
        return np.where(np.isinf(time_s), np.inf, grown)

    def longest_burden(self) -> float:
        """What a demand of 1 suffers by the longest way, at least that of a second; rounded up."""
        longest_s = self.time_s.max(initial=1.0)
        return float(math.ceil(self.burden_of(np.array([longest_s]))[0]))

    def nearest_s(self, opened: IndexArray) -> FloatArray:
        """(areas,) seconds to the nearest open site; infinite where no pair has one."""
        is_open = np.zeros(len(self.columns), dtype=np.bool_)
        is_open[opened] = True
        found = np.flatnonzero(is_open[self.site])[::-1]
        nearest = np.full(len(self.demand), np.inf)
        nearest[self.area[found]] = self.time_s[found]
        return nearest

    def unserved(self, opened: IndexArray) -> float:
        """Return the demand of the areas without an open site among their pairs."""
        return math.fsum(self.demand[np.isinf(self.nearest_s(opened))])

    def burden(self, opened: IndexArray) -> float:
        """Return weight × burden of the areas served."""
        nearest = self.nearest_s(opened)
        served = np.isfinite(nearest)
        return math.fsum(self.weight[served] * self.burden_of(nearest[served]))

    def rows_of_travel(self, price: float) -> CostRows:
        """Cost is weight × burden; a demand of 1 left costs ``price``, in the proof a way beyond.

        Args:
            price: In burden; steep where nobody is to be left.
        """
        cost = self.weight[self.area] * self.burden_of(self.time_s)
        beyond = self.weight * self.burden_of(self.beyond_s)
        return self._rows(cost, self.demand * price, beyond)

    def rows_of_price(self, price: float) -> CostRows:
        """Cost is weight × burden; any area may be left at ``price`` a demand of 1, and is then."""
        cost, left = self.weight[self.area] * self.burden_of(self.time_s), self.demand * price
        return self._rows(cost, left, left)

    def rows_of_cover(self) -> CostRows:
        """Cost is the demand without an open site; in the proof only where none else may serve."""
        left = np.where(self.is_whole, self.demand, 0.0)
        return self._rows(np.zeros(len(self.site)), self.demand, left)

    def _rows(self, cost: FloatArray, far: FloatArray, leave_cost: FloatArray) -> CostRows:
        rows = CostRows(
            arrays=RowArrays(start=self.start, site=self.site, cost=cost, far=far),
            leave_cost=leave_cost,
            site_count=len(self.columns),
        )
        return rows.keep(cost <= far[self.area]).with_columns()


def build_sparse_choice(problem: SitingProblem, travel: SparseTravelTimes) -> SparseChoice:
    """Reduce a problem to the pairs that can serve.

    Args:
        problem: The question.
        travel: Its travel times.
    """
    columns = np.flatnonzero([site.may_open for site in problem.sites])
    number = np.full(len(problem.sites), -1, dtype=np.int32)
    number[columns] = np.arange(len(columns))
    counted, limit_s, row = problem.demand > 0, problem.limit_s, travel.row
    is_usable = number[travel.column] >= 0
    has_all = np.bincount(row[is_usable], minlength=len(counted)) == len(columns)
    beyond_s = np.where(has_all | (limit_s < travel.beyond_s), np.inf, travel.beyond_s)
    is_usable &= counted[row] & (travel.time_s <= limit_s[row])
    counts = np.bincount(row[is_usable], minlength=len(counted))
    kept = counted & ((counts > 0) | np.isfinite(beyond_s))
    start = np.concatenate([[0], np.cumsum(counts[kept])]).astype(np.int64)
    time_s, demand = travel.time_s[is_usable], problem.demand[kept]
    required = [problem.sites[column].status is SiteStatus.REQUIRED for column in columns]
    return SparseChoice(
        demand=demand,
        weight=demand * _deprivation_factor(problem)[kept],
        start=start,
        site=number[travel.column[is_usable]],
        time_s=time_s,
        beyond_s=beyond_s[kept],
        columns=columns,
        is_required=np.array(required, dtype=np.bool_),
        kappa_per_s=_kappa(problem, demand, start, time_s),
    )


def _deprivation_factor(problem: SitingProblem) -> FloatArray:
    """``1 + v (10 - decile) / 9``; 1 where the decile is not known or does not count."""
    decile = problem.imd_decile
    if problem.objective is not SitingObjective.DEPRIVATION_P_MEDIAN or decile is None:
        return np.ones(len(problem.areas))
    over = problem.rules.deprivation_weight * (_LEAST_DEPRIVED - decile) / (_LEAST_DEPRIVED - 1)
    return np.where(decile > 0, 1.0 + over, 1.0)


def _kappa(
    problem: SitingProblem,
    demand: FloatArray,
    start: npt.NDArray[np.int64],
    time_s: FloatArray,
) -> float:
    """κ = aversion × Σ w t / Σ w t², of the times to the nearest site that may open."""
    if problem.objective is not SitingObjective.KOLM_POLLAK:
        return 0.0
    has_one = np.flatnonzero(np.diff(start))
    weight, nearest = demand[has_one], time_s[start[has_one]]
    square = math.fsum(weight * nearest**2)
    if square <= 0:
        return problem.rules.inequality_aversion / float(time_s.max(initial=1.0))
    return problem.rules.inequality_aversion * math.fsum(weight * nearest) / square
