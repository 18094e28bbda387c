"""The capacitated siting question as arrays, and what an answer to it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ntgeo.siting.median.rows import IN, OUT, StateArray

__all__ = ["CapacitatedPlan", "CapacitatedQuestion", "Links", "SiteArrays"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.intp]

_ROUNDING_SHARE = 1e-9
_STEEP = 10.0


class SiteArrays(NamedTuple):
    """The arrays of a :class:`CapacitatedQuestion` as the compiled kernels take them.

    One column stands beyond the sites: an area "served" there is left unserved. It is always open,
    costs nothing to open and has no capacity.
    """

    cost: FloatArray
    demand: FloatArray
    capacity: FloatArray
    open_cost: FloatArray
    state: StateArray


class Links(NamedTuple):
    """Who serves whom: area, site and share of each link."""

    areas: IndexArray
    sites: IndexArray
    shares: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CapacitatedPlan:
    """Which sites are open, and what share of each area they serve.

    Args:
        opened: Open sites, ascending.
        links: The share of each area that each site serves, above 0 and at most 1, by area; what
            is missing from an area's shares is left unserved.
        total: Cost of it all; infinite where a rule is broken.
    """

    opened: IndexArray
    links: Links
    total: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CapacitatedQuestion:
    """Open sites and share the areas out among them, at least cost.

    Minimise ``Σ f_j y_j + Σ c_ij x_ij + Σ u_i (1 - Σ_j x_ij) + π Σ_j max(0, Σ_i q_i x_ij - Q_j)``
    over open sites ``y`` and shares ``x``, where only an open site serves, no share passes 1, and a
    hard capacity is kept.

    Args:
        cost: (areas, sites) c, of serving the whole area from there; infinite where not allowed.
        demand: (areas,) q, what of a capacity the whole area takes up; at least 0.
        capacity: (sites,) Q; infinite where there is none.
        state: (sites,) ``IN``, ``FREE`` or ``OUT``.
        count: How many sites are open; ``None`` for any number.
        open_cost: (sites,) f, of opening the site.
        leave_cost: (areas,) u, of leaving the area unserved; infinite where it must be served.
        is_whole: Whether an area goes whole to one site (or nowhere).
        over_price: π, a unit of demand above a capacity costs so much; ``None`` where the
            capacity is hard.
    """

    cost: FloatArray
    demand: FloatArray
    capacity: FloatArray
    state: StateArray
    count: int | None
    open_cost: FloatArray
    leave_cost: FloatArray
    is_whole: bool = True
    over_price: float | None = None

    @property
    def price(self) -> float:
        """The price of a unit above a capacity; infinite where the capacity is hard."""
        return math.inf if self.over_price is None else self.over_price

    @property
    def rounded_capacity(self) -> FloatArray:
        """(sites,) capacity, and as much more as a sum may be off by rounding."""
        scale = np.maximum(np.where(np.isfinite(self.capacity), self.capacity, 0.0), 1.0)
        return self.capacity + _ROUNDING_SHARE * scale

    @property
    def has_whole_costs(self) -> bool:
        """Whether every plan costs a whole number, so that two that differ do so by at least 1."""
        if not self.is_whole:
            return False
        amounts = [self.cost, self.open_cost[self.state != OUT], self.leave_cost]
        if self.over_price is not None:
            amounts += [self.demand, self.capacity, np.array([self.over_price])]
        finite = (amount[np.isfinite(amount)] for amount in amounts)
        return all(bool((amount == np.floor(amount)).all()) for amount in finite)

    @property
    def must_serve(self) -> BoolArray:
        """(areas,) whether the area must be served."""
        return np.isinf(self.leave_cost)

    def arrays(self) -> SiteArrays:
        """Return the arrays for the kernels."""
        return SiteArrays(
            cost=np.ascontiguousarray(np.column_stack([self.cost, self.leave_cost]), np.float64),
            demand=self.demand.astype(np.float64),
            capacity=np.append(self.rounded_capacity, np.inf),
            open_cost=np.append(self.open_cost, 0.0),
            state=np.append(self.state, IN).astype(np.int8),
        )

    def steep_arrays(self) -> SiteArrays:
        """Return the arrays for a search, where what must be served may be left at a steep price.

        A plan that leaves it is none, but the search may pass through one.
        """
        arrays = self.arrays()
        finite = arrays.cost[np.isfinite(arrays.cost)]
        dearest = float(np.abs(finite).max(initial=1.0)) + float(arrays.open_cost.max())
        left = np.where(self.must_serve, _STEEP * dearest, self.leave_cost)
        return arrays._replace(cost=np.column_stack([self.cost, left]))

    def plan(self, opened: IndexArray, links: Links) -> CapacitatedPlan:
        """Return a plan with its cost; infinite where it breaks a rule."""
        order = np.lexsort((links.sites, links.areas))
        ordered = Links(links.areas[order], links.sites[order], links.shares[order])
        is_asked = self.count is None or len(opened) == self.count
        is_open = np.zeros(len(self.state), dtype=np.bool_)
        is_open[opened] = True
        is_asked &= not (is_open & (self.state == OUT)).any()
        is_asked &= not (~is_open & (self.state == IN)).any() and bool(is_open[links.sites].all())
        total = self._weigh(opened, ordered) if is_asked else math.inf
        return CapacitatedPlan(opened=opened, links=ordered, total=total)

    def _weigh(self, opened: IndexArray, links: Links) -> float:
        """The cost of it all, with a sum that no order can change."""
        areas, sites, shares = links
        left = 1.0 - np.bincount(areas, weights=shares, minlength=len(self.demand))
        load = np.bincount(sites, weights=shares * self.demand[areas], minlength=len(self.state))
        is_left, is_over = left > _ROUNDING_SHARE, load > self.rounded_capacity
        parts = [
            self.open_cost[opened],
            self.cost[areas, sites] * shares,
            left[is_left] * self.leave_cost[is_left],
            (load[is_over] - self.capacity[is_over]) * self.price,
        ]
        return math.fsum(np.concatenate(parts))
