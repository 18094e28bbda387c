"""Costs as each area sees them: the sites in its reach, cheapest first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["FREE", "IN", "OUT", "ColumnArrays", "CostRows", "RowArrays", "build_rows"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
StateArray = npt.NDArray[np.int8]

OUT, FREE, IN = -1, 0, 1
"""What is settled of a site: never open, open to choice, always open."""

_STEEP = 10.0


class RowArrays(NamedTuple):
    """The arrays of :class:`CostRows` as the compiled kernels take them."""

    start: npt.NDArray[np.int64]
    site: npt.NDArray[np.int32]
    cost: FloatArray
    far: FloatArray


class ColumnArrays(NamedTuple):
    """The same entries site by site: those of site *j* are ``start[j]`` to ``start[j + 1]``."""

    start: npt.NDArray[np.int64]
    area: npt.NDArray[np.int32]
    cost: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CostRows:
    """Sorted sparse rows: area *i* has entries ``start[i]`` to ``start[i + 1]``.

    A best plan looks no farther down a row than its second open site, so a search or a bound that
    walks rows from the top does a small part of the work of one that scans a matrix.

    Args:
        arrays: ``start`` (areas + 1,) first entry of each area; ``site`` (entries,) and ``cost``
            (entries,) of serving the whole area from there, ascending within an area, ties by
            site; ``far`` (areas,) price of an area that none of its entries serves, for the search.
        leave_cost: (areas,) the same for the proof: no plan pays less. It is ``far`` where the
            area may be left unserved at that price, less where entries that are not known might
            serve it, and infinite where every plan must serve it from an entry.
        site_count: How many sites there are.
        columns: The entries site by site, where there are so many sites that a search is to touch
            only the areas near a swap.
    """

    arrays: RowArrays
    leave_cost: FloatArray
    site_count: int
    columns: ColumnArrays | None = None

    @property
    def may_leave(self) -> BoolArray:
        """(areas,) whether a plan may do without the area's entries."""
        return np.isfinite(self.leave_cost)

    @property
    def is_exact(self) -> bool:
        """Whether search and proof pay the same for an area that none of its entries serves."""
        may_leave = self.may_leave
        return bool((self.leave_cost[may_leave] == self.arrays.far[may_leave]).all())

    @property
    def area_count(self) -> int:
        """How many areas there are."""
        return len(self.leave_cost)

    @property
    def entry_areas(self) -> npt.NDArray[np.intp]:
        """(entries,) the area of each entry."""
        return np.repeat(np.arange(self.area_count), np.diff(self.arrays.start))

    @property
    def is_whole(self) -> bool:
        """Whether every cost is a whole number, so that two plans differ by at least 1."""
        left = self.leave_cost[self.may_leave]
        return all(bool((amounts == np.floor(amounts)).all()) for amounts in (self.cost, left))

    @property
    def cost(self) -> FloatArray:
        """(entries,) costs."""
        return self.arrays.cost

    def ceiling(self) -> FloatArray:
        """(areas,) most that an area's multiplier may be."""
        return self.leave_cost

    def total(self, opened: npt.NDArray[np.intp]) -> float:
        """Return the cost of a set of open sites."""
        return float(self._least(opened).sum())

    def _least(self, opened: npt.NDArray[np.intp]) -> FloatArray:
        is_open = np.zeros(self.site_count, dtype=np.bool_)
        is_open[opened] = True
        found = np.flatnonzero(is_open[self.arrays.site])[::-1]
        least = self.arrays.far.copy()
        least[self.entry_areas[found]] = self.arrays.cost[found]
        return np.minimum(least, self.arrays.far)

    def keep(self, wanted: BoolArray) -> CostRows:
        """Return the rows with only the wanted entries."""
        _, site, cost, far = self.arrays
        counts = np.bincount(self.entry_areas[wanted], minlength=self.area_count)
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        arrays = RowArrays(start=starts, site=site[wanted], cost=cost[wanted], far=far)
        return replace(self, arrays=arrays, columns=None)

    def with_columns(self) -> CostRows:
        """Return the rows with their entries site by site as well."""
        order = np.argsort(self.arrays.site, kind="stable")
        counts = np.bincount(self.arrays.site, minlength=self.site_count)
        columns = ColumnArrays(
            start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            area=self.entry_areas[order].astype(np.int32),
            cost=self.arrays.cost[order],
        )
        return replace(self, columns=columns)

    def settled(self, state: StateArray) -> CostRows:
        """Return the rows without the entries that a site in or out makes useless.

        Args:
            state: (sites,) ``IN``, ``FREE`` or ``OUT``.
        """
        of_site = state[self.arrays.site]
        always = np.flatnonzero(of_site == IN)[::-1]
        within = np.full(self.area_count, np.inf)
        areas = self.entry_areas
        within[areas[always]] = self.arrays.cost[always]
        return self.keep((of_site != OUT) & (self.arrays.cost <= within[areas]))


def build_rows(cost: FloatArray, *, leave_cost: FloatArray | None = None) -> CostRows:
    """Sort a cost matrix into rows.

    Args:
        cost: (areas, sites); infinite where the site cannot serve the area.
        leave_cost: (areas,) finite where the area may be left unserved at that cost; ``None``
            where every area must be served.
    """
    areas, sites = cost.shape
    left = np.full(areas, np.inf) if leave_cost is None else leave_cost
    order = np.argsort(cost, axis=1, kind="stable")
    ascending = np.take_along_axis(cost, order, axis=1)
    wanted = np.isfinite(ascending) & (ascending <= left[:, None])
    start = np.concatenate([[0], np.cumsum(wanted.sum(axis=1))]).astype(np.int64)
    finite = ascending[wanted]
    steep = _STEEP * float(finite.max(initial=1.0)) + 1.0
    return CostRows(
        arrays=RowArrays(
            start=start,
            site=order[wanted].astype(np.int32),
            cost=finite,
            far=np.where(np.isfinite(left), left, steep),
        ),
        leave_cost=left,
        site_count=sites,
    )
