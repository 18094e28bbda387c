"""Which sets of visits a shift need still consider, once a good plan is known.

A plan chooses a set of visits for each shift. Dynamic programming over the shifts tells what the
cheapest choice costs with a given set in it, when each set costs its shift no less than its
cheapest order (:mod:`round_sets`). A set whose cheapest choice costs more than a plan that is
known is in no better plan (Baldacci, Christofides and Mingozzi, "An exact algorithm for the
vehicle routing problem based on the set partitioning formulation", Mathematical Programming 115
(2008)). What is left is told to CP-SAT, whose own relaxation is weaker.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from numba import njit

from ntgeo.routing.exact.objective import unmade
from ntgeo.routing.exact.round_sets import least_costs
from ntgeo.routing.exact.search import Part, Search
from ntgeo.routing.exact.variables import Variables

__all__ = ["MOST_VISITS", "SetChoice"]

MOST_VISITS: Final = 12
_MOST_CHOICES: Final = 20_000
_NEVER: Final = np.iinfo(np.int64).max // 4

IntArray = npt.NDArray[np.int64]


class SetChoice:
    """The sets of visits of every shift, and what choices of them cost at least.

    How often each visit is made so far is one number, a digit for each visit.
    """

    def __init__(self, variables: Variables, tables: list[dict[int, int]]) -> None:
        self.variables = variables
        visits = variables.day.visits
        most = np.maximum(visits.crew_by_day, visits.crew_after_dark)
        self.worth = np.concatenate([[1], np.cumprod(most + 1)]).astype(np.int64)
        states = np.arange(self.worth[-1])
        self.made = states[:, None] // self.worth[:-1] % (most + 1)
        self.full = ((self.made == most) << np.arange(len(most))).sum(axis=1)
        self.masks = [np.array([0, *table], dtype=np.int64) for table in tables]
        self.costs = [np.array([0, *table.values()], dtype=np.int64) for table in tables]
        self.adds = [self._worth_of(masks) for masks in self.masks]

    @classmethod
    def of(cls, variables: Variables) -> SetChoice | None:
        """Return the choice of a day; ``None`` where it is too large to try."""
        visits = variables.day.visits
        most = np.maximum(visits.crew_by_day, visits.crew_after_dark)
        if not 0 < len(most) <= MOST_VISITS or np.prod(most + 1.0) > _MOST_CHOICES:
            return None
        tables = [least_costs(variables, shift) for shift in range(len(variables.rounds))]
        known = [table for table in tables if table is not None]
        return cls(variables, known) if len(known) == len(tables) else None

    def _worth_of(self, masks: IntArray) -> IntArray:
        bits = masks[:, None] >> np.arange(len(self.worth) - 1) & 1
        worth: IntArray = (bits * self.worth[:-1]).sum(axis=1)
        return worth

    def least(self, weight: int | None) -> int:
        """Return what no plan costs less than.

        Args:
            weight: Of unmade visits that a plan must have; ``None`` for any.
        """
        return int(self._behind(weight)[0][0])

    def within(self, search: Search, cost: Any, most: int, weight: int | None) -> Part:
        """Return the plans that cost at most so much, made of the sets that such plans have.

        Args:
            search: Knows the whole, and perhaps a plan.
            cost: Of a plan.
            most: How much.
            weight: As for :meth:`least`.
        """
        model = self.variables.model.clone()
        model.add(cost <= most)
        least: Any = sum(unmade(self.variables, visit) for visit in range(len(self.worth) - 1))
        values: list[int] = []
        for shift, is_kept in enumerate(self._kept(most, weight)):
            masks = self.masks[shift][is_kept].tolist()
            chosen = [model.new_bool_var(f"set {shift} {mask}") for mask in masks]
            self._bind(model, shift, dict(zip(masks, chosen, strict=True)))
            costs = self.costs[shift][is_kept].tolist()
            least += sum(one * x for one, x in zip(costs, chosen, strict=True))
            values += [mask == self._now(search, shift) for mask in masks]
        model.add(cost >= least)
        return Part(model, tuple(values))

    def _now(self, search: Search, shift: int) -> int:
        """Return the set of a shift in the plan that is known; -1 where none is."""
        if not search.values:
            return -1
        takes = self.variables.rounds[shift].takes.items()
        return sum(search.value(is_taken) << visit for visit, is_taken in takes)

    def _bind(self, model: Any, shift: int, chosen: dict[int, Any]) -> None:
        """Let a shift choose one set; the empty one is an idle shift."""
        rounds = self.variables.rounds[shift]
        model.add(rounds.is_idle == chosen.get(0, 0))
        model.add_exactly_one(chosen.values())
        for visit, takes in rounds.takes.items():
            model.add(sum(x for mask, x in chosen.items() if mask >> visit & 1) == takes)

    def _behind(self, weight: int | None) -> list[IntArray]:
        """Return, for each number of shifts, what the rest of a plan costs from each state on."""
        behind = [self._ends(weight)]
        for shift in reversed(range(len(self.masks))):
            behind.append(np.full_like(behind[0], _NEVER))
            _step_back(self._sets(shift), self.full, behind[-2], behind[-1])
        return behind[::-1]

    def _kept(self, most: int, weight: int | None) -> Iterator[npt.NDArray[np.bool_]]:
        """Yield for each shift which of its sets are in a choice that costs at most so much."""
        behind = self._behind(weight)
        before = np.full_like(behind[0], _NEVER)
        before[0] = 0
        for shift in range(len(self.masks)):
            after = np.full_like(before, _NEVER)
            whole = np.full(len(self.masks[shift]), _NEVER)
            _step_on(self._sets(shift), self.full, (before, behind[shift + 1]), (after, whole))
            before = after
            yield whole <= most

    def _sets(self, shift: int) -> tuple[IntArray, IntArray, IntArray]:
        return self.masks[shift], self.costs[shift], self.adds[shift]

    def _ends(self, weight: int | None) -> IntArray:
        """Return what a plan costs that ends at each number of visits made, but for its rounds."""
        visits, scale = self.variables.day.visits, self.variables.scale
        is_unmade = self.made == 0
        crews = (
            is_unmade | (self.made == visits.crew_by_day) | (self.made == visits.crew_after_dark)
        )
        prices = np.array([scale.units(price) for price in visits.unmade_gbp], dtype=np.int64)
        cost = (is_unmade * prices).sum(axis=1)
        can_be = crews.all(axis=1)
        if weight is not None:
            can_be &= (is_unmade * visits.unmade_weight).sum(axis=1) == weight
        return np.where(can_be, cost, _NEVER)


@njit(cache=True, nogil=True)
def _step_back(sets: Any, full: Any, behind: Any, before: Any) -> None:
    """Write what the rest of a plan costs from each state on, with one shift more."""
    masks, costs, adds = sets
    for state in range(len(full)):
        for number in range(len(masks)):
            if not full[state] & masks[number]:
                cost = costs[number] + behind[state + adds[number]]
                before[state] = min(before[state], cost)


@njit(cache=True, nogil=True)
def _step_on(sets: Any, full: Any, known: Any, told: Any) -> None:
    """Write what a plan costs up to each state with one shift more, and with each set in it."""
    masks, costs, adds = sets
    before, behind = known
    after, whole = told
    for state in range(len(full)):
        for number in range(len(masks)):
            if not full[state] & masks[number]:
                cost = before[state] + costs[number]
                there = state + adds[number]
                after[there] = min(after[there], cost)
                whole[number] = min(whole[number], cost + behind[there])
