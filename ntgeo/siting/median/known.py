"""What is known so far: the best plan, and the best bound."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ntgeo.siting.median.rows import CostRows, StateArray
from ntgeo.siting.median.swap_search import Swapped, improve_by_swaps

__all__ = ["Known"]

_SLACK = 1e-6
_SLACK_SHARE = 1e-9
_PROGRAMME_SLACK = 1e-3
_PROGRAMME_SHARE = 1e-7


@dataclass(slots=True)
class Known:
    """The best plan and bound of a question whose cost is to be least; they only get better.

    Args:
        rows: The costs of every pair.
        state: (sites,) what the question settles; the search keeps to it.
        plan: The best plan so far.
        gap_share: The plan counts as proven within this share of the best possible.
        bound: No plan costs less.
        multiplier: (areas,) those of the best Lagrangian bound, once there is one.
    """

    rows: CostRows
    state: StateArray
    plan: Swapped
    gap_share: float
    bound: float = -math.inf
    multiplier: npt.NDArray[np.float64] | None = None
    is_whole: bool = field(init=False)

    def __post_init__(self) -> None:
        """See whether two plans that differ do so by at least 1."""
        self.is_whole = self.rows.is_whole

    @property
    def total(self) -> float:
        """Cost of the best plan."""
        return self.plan.total

    @property
    def opened(self) -> npt.NDArray[np.intp]:
        """(count,) sites of the best plan, ascending."""
        return self.plan.opened

    @property
    def needed(self) -> float:
        """A plan must cost no more than this to be worth finding."""
        if self.is_whole:
            return min(self.total - 1 + _SLACK, self.total * (1 - self.gap_share))
        return self.total - max(_SLACK_SHARE, self.gap_share) * abs(self.total)

    @property
    def is_proven(self) -> bool:
        """Whether nothing better exists, or nothing better than the gap asked for."""
        return self.bound >= self.needed

    @property
    def floor(self) -> float:
        """The most that a proof can show which leaves out all plans that are not needed."""
        return self.total if self.gap_share == 0 else self.needed

    def improve(
        self,
        opened: npt.NDArray[np.intp],
        state: StateArray | None = None,
        rows: CostRows | None = None,
    ) -> Swapped:
        """Improve a plan by swaps, keep it if it is the best, and return it.

        Args:
            opened: (count,) sites.
            state: (sites,) where fewer swaps are allowed than the question does.
            rows: The costs without the sites that are out by ``state``.
        """
        found = improve_by_swaps(
            self.rows if rows is None else rows, self.state if state is None else state, opened
        )
        self.take(found)
        return found

    def take(self, found: Swapped) -> None:
        """Keep a plan if it is the best."""
        if found.total < self.total:
            self.plan = found

    def raise_bound(self, bound: float) -> None:
        """Take a bound if it is better; it never passes the plan's own cost.

        Where every cost is whole, the bound is rounded up: no plan costs a fraction.
        """
        if self.is_whole and math.isfinite(bound):
            bound = math.ceil(bound - _SLACK)
        self.bound = max(self.bound, min(bound, self.total))

    def close(self) -> None:
        """Say that nothing that is needed exists."""
        self.raise_bound(self.floor)

    def take_programme(
        self, opened: npt.NDArray[np.intp] | None, bound: float, floor: float
    ) -> None:
        """Take what the mixed-integer programme says, to the precision that it has.

        Args:
            opened: (count,) sites of its best solution.
            bound: Its bound; infinite where it has no solution at all.
            floor: :attr:`floor` when the programme was made.
        """
        if opened is not None:
            self.improve(opened)
        bound = min(bound, floor)
        if self.is_whole and math.isfinite(bound):
            bound = math.ceil(bound - _PROGRAMME_SLACK)
        self.raise_bound(bound)
        if self.total - bound <= _PROGRAMME_SHARE * abs(self.total):
            self.bound = self.total
