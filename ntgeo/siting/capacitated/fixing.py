"""What no better plan does: sites and pairs that the bound settles for good."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from ntgeo.siting.capacitated.columns import Relaxation
from ntgeo.siting.capacitated.relaxation import (
    Relaxed,
    choose_sites,
    fill_site,
    greatest,
    sum_of,
    weigh_sites,
)
from ntgeo.siting.median.rows import FREE, IN, OUT, StateArray

__all__ = ["settle_sites", "useful_entries"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.intp]
_MOST_THOROUGH = 100_000


def settle_sites(state: StateArray, relaxed: Relaxed, count: int, needed: float) -> StateArray:
    """Return the state with each free site settled that no better plan would have otherwise.

    Args:
        state: (sites + 1,) before.
        relaxed: A bound with its reduced costs.
        count: How many sites are open; -1 for any number.
        needed: A plan must cost no more than this to be worth finding.
    """
    chosen = (state == FREE) & relaxed.is_chosen
    spare = (state == FREE) & ~relaxed.is_chosen
    least_in = least_out = 0.0
    if count >= 0:
        least_in = relaxed.reduced[chosen].max() if chosen.any() else -np.inf
        least_out = relaxed.reduced[spare].min() if spare.any() else np.inf
    settled = state.copy()
    settled[spare & (relaxed.bound + relaxed.reduced - least_in > needed)] = OUT
    settled[chosen & (relaxed.bound + least_out - relaxed.reduced > needed)] = IN
    return settled


def useful_entries(question: Relaxation, relaxed: Relaxed, needed: float) -> BoolArray:
    """Return (entries,) whether a plan that costs no more than ``needed`` could use the pair.

    Where area *i* goes to site *j*, the knapsack of *j* must hold *i*, no other knapsack may, and
    *j* is open: the bound of that is worked out for every pair that a simpler one leaves. Where
    areas may be split, or pairs are very many, the simpler one stands: the pair's own loss
    ``c_ij - λ_i``.

    Args:
        question: What is bounded.
        relaxed: A bound.
        needed: A plan must cost no more than this to be worth finding.
    """
    arrays, columns, _ = question
    by_area = np.argsort(columns.area, kind="stable")
    counts = np.bincount(columns.area, minlength=len(arrays.demand))
    start = np.concatenate([[0], np.cumsum(counts)])
    index = (start, by_area, columns.site)
    is_thorough = question.rules.is_whole and len(columns.cost) <= _MOST_THOROUGH
    return _find_useful(question, index, relaxed.multiplier, needed, is_thorough)


@njit(cache=True)
def _find_useful(
    question: Relaxation,
    index: tuple[IndexArray, IndexArray, IndexArray],
    multiplier: FloatArray,
    needed: float,
    is_thorough: bool,  # noqa: FBT001 - a kernel takes no keywords
) -> BoolArray:
    arrays, columns, rules = question
    start, by_area, site = index
    sites = len(arrays.state)
    reduced, loads = np.zeros(sites), np.zeros(len(columns.cost))
    weigh_sites(question, multiplier, reduced, loads)
    is_chosen, is_useful = np.zeros(sites, np.bool_), np.zeros(len(loads), np.bool_)
    without, capped = reduced.copy(), multiplier.copy()
    total, most = sum_of(multiplier), greatest(multiplier)
    for i in range(len(multiplier)):
        entries = by_area[start[i] : start[i + 1]]
        capped[i] = -np.inf
        for t in entries:
            if is_thorough and loads[t] > 0.0:
                j = site[t]
                without[j] = arrays.open_cost[j] - fill_site(question, capped, most, j, -1)[0]
        capped[i] = multiplier[i]
        base = total + choose_sites(without, arrays.state, rules.open_count, is_chosen)
        last = _last_in(without, arrays.state, rules.open_count, is_chosen)
        for t in entries:
            j = site[t]
            loss = columns.cost[t] - multiplier[i]
            others = base - (without[j] if is_chosen[j] else last)
            own = reduced[j] + max(0.0, loss)
            if is_thorough and others + own <= needed:
                own = arrays.open_cost[j] + loss - fill_site(question, multiplier, most, j, i)[0]
            is_useful[t] = others + own <= needed
        for t in entries:
            without[site[t]] = reduced[site[t]]
    return is_useful


@njit(cache=True)
def _last_in(reduced: FloatArray, state: StateArray, count: int, is_chosen: BoolArray) -> float:
    """The r that a site forced in would drive out; 0 where it drives out none."""
    if count < 0:
        return 0.0
    last = -np.inf
    for j in range(len(state)):
        if is_chosen[j] and state[j] == FREE:
            last = max(last, reduced[j])
    return last
