"""Siting with sparse travel times: which plan, and what it proves.

A pair that is not known serves nobody in a plan, so the value of a plan is that of the pairs known.
The bound holds for the whole question, unknown pairs included: where a travel limit leaves none of
them of use it is exact; else the Lagrangian takes a site that is not among an area's pairs to be as
near as the pairs left out can be (``beyond_s``), as if that site stood open in every plan. Where
a plan leaves unserved an area that such a site might serve, its travel and that of plans which
serve more cannot be compared, and travel has no bound.

The stages are those of :mod:`ntgeo.siting.stages.decide`: first as little demand unserved as can
be, which is also the most covered, then as little travel.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ntgeo.domain.solving import SolveLimits
from ntgeo.siting.clock import Clock
from ntgeo.siting.median.rows import FREE, IN, CostRows, StateArray
from ntgeo.siting.median.solve_median import MedianQuestion, solve_median
from ntgeo.siting.median.swap_search import improve_by_swaps, open_greedily
from ntgeo.siting.stages.sparse_choice import SparseChoice

__all__ = ["SparseDecision", "decide_sparse"]

IndexArray = npt.NDArray[np.intp]
_STEEP = 1024.0
_SLACK_SHARE = 1e-9
_PROOF_SHARE = 1e-7
_FIRST_STAGE_SHARE = 0.5
_FIRST_PRICE = 4.0
_PRICE_GROWTH = 8.0
_MOST_PRICES = 6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SparseDecision:
    """Which sites are open, and how good that is known to be.

    Args:
        opened: Open sites as numbers in the choice, ascending.
        unserved_bound: No plan leaves less demand unserved.
        burden_bound: No plan that leaves as little has a lesser burden of travel; ``None`` where
            not known.
    """

    opened: IndexArray
    unserved_bound: float
    burden_bound: float | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Work:
    choice: SparseChoice
    travel: CostRows
    count: int
    limits: SolveLimits
    clock: Clock
    in_child: bool

    @property
    def state(self) -> StateArray:
        """(sites,) what the question settles."""
        return np.where(self.choice.is_required, IN, FREE).astype(np.int8)

    def solve(self, rows: CostRows, start: IndexArray, clock: Clock) -> tuple[IndexArray, float]:
        """Return the best plan and the best bound of a median question."""
        question = MedianQuestion(
            rows=rows, state=self.state, count=self.count, in_child=self.in_child
        )
        known = solve_median(question, self.limits, clock, start=start)
        return known.opened, known.bound


def decide_sparse(
    choice: SparseChoice, count: int, limits: SolveLimits, clock: Clock, *, in_child: bool
) -> SparseDecision:
    """Go through the stages.

    Args:
        choice: The question.
        count: How many sites are open.
        limits: Gap and seed.
        clock: When to end.
        in_child: Whether OR-Tools runs in a process of its own.
    """
    if not len(choice.demand):
        by_need = np.argsort(~choice.is_required, kind="stable")
        return SparseDecision(opened=np.sort(by_need[:count]), unserved_bound=0.0, burden_bound=0.0)
    work = _Work(
        choice=choice,
        travel=choice.rows_of_travel(choice.longest_burden() * _STEEP),
        count=count,
        limits=limits,
        clock=clock,
        in_child=in_child,
    )
    opened, unserved_bound = _serve_most(work)
    opened, burden_bound = _travel_least(work, opened)
    if burden_bound is not None:
        burden_bound = _proven_or_below(choice.burden(opened), burden_bound)
    return SparseDecision(opened=opened, unserved_bound=unserved_bound, burden_bound=burden_bound)


def _serve_most(work: _Work) -> tuple[IndexArray, float]:
    """A plan that leaves as little demand unserved as can be, and the least that any leaves."""
    choice = work.choice
    greedy = open_greedily(work.travel, work.state, work.count)
    opened = improve_by_swaps(work.travel, work.state, greedy).opened
    if choice.unserved(opened) <= 0:
        return opened, 0.0
    clock = work.clock.part(_FIRST_STAGE_SHARE)
    found, bound = work.solve(choice.rows_of_cover(), opened, clock)
    opened = _better(choice, opened, found)
    return opened, _proven_or_below(choice.unserved(opened), bound)


def _travel_least(work: _Work, opened: IndexArray) -> tuple[IndexArray, float | None]:
    """A plan that travels as little as one that leaves no more unserved, and a bound on travel."""
    choice = work.choice
    if choice.burden(opened) <= 0:
        return opened, 0.0
    if choice.unserved(opened) <= 0:
        found, bound = work.solve(work.travel, opened, work.clock)
        return _better(choice, opened, found), bound
    if not choice.is_whole.all():
        swapped = improve_by_swaps(work.travel, work.state, opened)
        return _better(choice, opened, swapped.opened), None
    return _travel_least_among_served(work, opened)


def _travel_least_among_served(work: _Work, opened: IndexArray) -> tuple[IndexArray, float]:
    """Put a price on demand left unserved, and raise it until it is never worth paying more.

    As :mod:`ntgeo.siting.stages.decide` does, where every pair of use is known.
    """
    choice, bound, price = work.choice, -math.inf, work.choice.longest_burden() * _FIRST_PRICE
    for _ in range(_MOST_PRICES):
        found, least = work.solve(choice.rows_of_price(price), opened, work.clock)
        unserved = choice.unserved(opened)
        bound = max(bound, least - price * unserved)
        is_kept = choice.unserved(found) <= unserved * (1 + _SLACK_SHARE)
        opened = _better(choice, opened, found)
        if is_kept or work.clock.is_up():
            break
        price *= _PRICE_GROWTH
    return opened, bound


def _better(choice: SparseChoice, known: IndexArray, found: IndexArray) -> IndexArray:
    """Return the better of two plans: first by service, then by travel."""
    old, new = choice.unserved(known), choice.unserved(found)
    if abs(new - old) > _SLACK_SHARE * math.fsum(choice.demand):
        return found if new < old else known
    return found if choice.burden(found) < choice.burden(known) else known


def _proven_or_below(value: float, bound: float) -> float:
    """Return the bound, or the value itself where the two agree to the solver's precision."""
    return value if value - bound <= _PROOF_SHARE * abs(value) else max(0.0, bound)
