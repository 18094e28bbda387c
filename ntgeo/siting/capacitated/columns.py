"""The question as the Lagrangian bound takes it: site by site, the areas it may serve."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ntgeo.siting.capacitated.question import CapacitatedQuestion, SiteArrays
from ntgeo.siting.median.rows import OUT

__all__ = ["Columns", "Relaxation", "Rules", "build_relaxation", "second_least"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


class Columns(NamedTuple):
    """The areas that each site may serve, cheapest first.

    Site *j* has entries ``start[j]`` to ``start[j + 1]`` of ``area`` and ``cost``; areas that alone
    pass a hard capacity and are whole are left out.
    """

    start: npt.NDArray[np.int64]
    area: npt.NDArray[np.int32]
    cost: FloatArray

    @property
    def site(self) -> npt.NDArray[np.intp]:
        """(entries,) the site of each entry."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    def keep(self, wanted: BoolArray) -> Columns:
        """Return the columns with only the wanted entries."""
        counts = np.bincount(self.site[wanted], minlength=len(self.start) - 1)
        start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return Columns(start=start, area=self.area[wanted], cost=self.cost[wanted])


class Rules(NamedTuple):
    """How many columns are open (-1 for any number), whether areas go whole, price of passing."""

    open_count: int
    is_whole: bool
    price: float


class Relaxation(NamedTuple):
    """The question as the bound takes it."""

    arrays: SiteArrays
    columns: Columns
    rules: Rules


def build_relaxation(question: CapacitatedQuestion) -> Relaxation:
    """Return the question as the bound takes it."""
    count = -1 if question.count is None else question.count + 1
    rules = Rules(open_count=count, is_whole=question.is_whole, price=question.price)
    return Relaxation(arrays=question.arrays(), columns=_build_columns(question), rules=rules)


def _build_columns(question: CapacitatedQuestion) -> Columns:
    """Sort the areas of each site by cost."""
    arrays = question.arrays()
    wanted = np.isfinite(arrays.cost) & (arrays.cost <= question.leave_cost[:, None])
    wanted &= (arrays.state != OUT)[None, :]
    if question.is_whole and question.over_price is None:
        wanted &= arrays.demand[:, None] <= arrays.capacity[None, :]
    cost = np.where(wanted, arrays.cost, np.inf).T
    order = np.argsort(cost, axis=1, kind="stable")
    ascending = np.take_along_axis(cost, order, axis=1)
    kept = np.isfinite(ascending)
    start = np.concatenate([[0], np.cumsum(wanted.sum(axis=0))]).astype(np.int64)
    return Columns(start=start, area=order[kept].astype(np.int32), cost=ascending[kept])


def second_least(question: CapacitatedQuestion) -> FloatArray:
    """(areas,) the second least cost of each area, or what there is; a place to climb from."""
    ascending = np.sort(question.arrays().cost, axis=1)[:, :2]
    foot: FloatArray = np.where(np.isfinite(ascending), ascending, -np.inf).max(axis=1)
    return np.where(np.isfinite(foot), foot, 0.0)
