"""The search for whole plans: a walk from local optimum to local optimum, the best of them kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from ntgeo.siting.capacitated.question import (
    CapacitatedPlan,
    CapacitatedQuestion,
    Links,
    SiteArrays,
)
from ntgeo.siting.capacitated.search import Draft, improve, rebuild, ruin_and_rebuild

__all__ = ["Walk", "start_walk"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

_HEAT_SHARE = 1e-3
_PRICE_RISE, _PRICE_FALL = 1.02, 0.995
_FIRST_PRICE = 2.0
_LEAST_GAIN_SHARE = 1e-9


@dataclass(slots=True)
class Walk:
    """Where a walk stands.

    Args:
        question: The question.
        arrays: The same for the kernels, with a steep price on leaving what must be served.
        draft: The plan that the walk stands at.
        best: The best plan that keeps every capacity, once there is one.
        tally: Price of a unit above a capacity; cost of the best plan.
    """

    question: CapacitatedQuestion
    arrays: SiteArrays
    draft: Draft
    best: Draft
    tally: FloatArray
    rounds: int = 0

    @property
    def total(self) -> float:
        """Cost of the best plan, with steep prices for what must be served and is not."""
        return float(self.tally[1])

    def go(self, rounds: int, chance: np.random.Generator) -> bool:
        """Go some rounds; return whether a better plan was found."""
        before = self.total
        is_hard = self.question.over_price is None
        count = -1 if self.question.count is None else self.question.count
        _walk((self.arrays, self.draft, self.best, self.tally), chance, rounds, count, is_hard)
        self.rounds += rounds
        return self.total < before

    def try_sites(self, is_open: BoolArray) -> bool:
        """Build a plan on some open sites, and stand there if the best is no better."""
        draft = _draft_on(self.arrays, is_open, self.tally[0])
        is_better = self._keep(draft)
        if is_better:
            _copy(draft, self.draft)
        return is_better

    def _keep(self, draft: Draft) -> bool:
        """Keep a plan if it is the best that keeps every capacity; return whether it is."""
        cost, over = _weigh(self.arrays, draft)
        total = cost + self.tally[0] * over
        if total >= self.total or (self.question.over_price is None and over > 0):
            return False
        _copy(draft, self.best)
        self.tally[1] = total
        return True

    def plan(self) -> CapacitatedPlan | None:
        """Return the best plan; ``None`` if there is none yet."""
        if not np.isfinite(self.total):
            return None
        served = np.flatnonzero(self.best.site_of < len(self.question.state))
        links = Links(served, self.best.site_of[served], np.ones(len(served)))
        plan = self.question.plan(self.open_sites(self.best), links)
        return plan if np.isfinite(plan.total) else None

    def open_sites(self, draft: Draft) -> npt.NDArray[np.intp]:
        """Return the open sites of a draft, ascending."""
        return np.flatnonzero(draft.is_open[:-1])


def start_walk(question: CapacitatedQuestion, is_open: BoolArray) -> Walk:
    """Build a first plan on some open sites.

    Args:
        question: The question.
        is_open: (sites + 1,) which columns are open.
    """
    arrays = question.steep_arrays()
    finite = question.cost[np.isfinite(question.cost)]
    mean_cost = float(np.abs(finite).mean()) if len(finite) else 1.0
    mean_demand = float(question.demand.mean()) or 1.0
    price = question.over_price
    if price is None:
        price = _FIRST_PRICE * (mean_cost or 1.0) / mean_demand
    draft = _draft_on(arrays, is_open, price)
    walk = Walk(question, arrays, draft, _copied(draft), np.array([price, np.inf]))
    walk._keep(draft)  # noqa: SLF001 - its own beginning
    return walk


def _draft_on(arrays: SiteArrays, is_open: BoolArray, price: float) -> Draft:
    columns = len(arrays.state)
    draft = Draft(
        site_of=np.full(len(arrays.demand), -1, dtype=np.int64),
        load=np.zeros(columns),
        is_open=is_open.copy(),
        is_fresh=is_open.copy(),
    )
    rebuild(arrays, draft, price)
    improve(arrays, draft, price)
    return draft


@njit(cache=True)
def _weigh(arrays: SiteArrays, draft: Draft) -> tuple[float, float]:
    """Cost without the price of what is above a capacity, and how much that is."""
    total, over = 0.0, 0.0
    for i in range(len(draft.site_of)):
        total += arrays.cost[i, draft.site_of[i]]
    for j in range(len(arrays.state)):
        if draft.is_open[j]:
            total += arrays.open_cost[j]
            over += max(0.0, draft.load[j] - arrays.capacity[j])
    return total, over


@njit(cache=True)
def _copied(draft: Draft) -> Draft:
    return Draft(
        draft.site_of.copy(), draft.load.copy(), draft.is_open.copy(), draft.is_fresh.copy()
    )


@njit(cache=True)
def _copy(source: Draft, goal: Draft) -> None:
    for i in range(len(source.site_of)):
        goal.site_of[i] = source.site_of[i]
    for j in range(len(source.load)):
        goal.load[j] = source.load[j]
        goal.is_open[j] = source.is_open[j]
        goal.is_fresh[j] = source.is_fresh[j]


@njit(cache=True)
def _walk(
    place: tuple[SiteArrays, Draft, Draft, FloatArray],
    chance: np.random.Generator,
    rounds: int,
    count: int,
    is_hard: bool,  # noqa: FBT001 - a kernel takes no keywords
) -> None:
    """Ruin, rebuild, improve; go on from the new plan if it is as good, or a little worse."""
    arrays, draft, best, tally = place
    trial = _copied(draft)
    total, over = _weigh(arrays, draft)
    for _ in range(rounds):
        price = tally[0]
        _copy(draft, trial)
        ruin_and_rebuild(arrays, trial, count, price, chance)
        improve(arrays, trial, price)
        new, new_over = _weigh(arrays, trial)
        paid = new + price * new_over
        is_kept = not is_hard or new_over <= 0.0
        if is_kept and paid + _LEAST_GAIN_SHARE * abs(paid) < tally[1]:
            tally[1] = paid
            _copy(trial, best)
        heat = -_HEAT_SHARE * abs(total) * np.log(1.0 - chance.random())
        if paid <= total + price * over + heat:
            _copy(trial, draft)
            total, over = new, new_over
        if is_hard:
            tally[0] *= _PRICE_RISE if new_over > 0.0 else _PRICE_FALL
