"""Good plans of whole areas: shift an area, swap two, move a site, ruin a corner and rebuild it.

A load above a capacity is allowed at a price a unit; where the capacity is hard that price rises
while plans pass it and falls while they keep it, so the search walks along the edge of what is
allowed. One column beyond the sites stands for leaving an area unserved.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from ntgeo.siting.capacitated.knapsack import sort_places
from ntgeo.siting.capacitated.question import SiteArrays
from ntgeo.siting.median.rows import FREE, IN, OUT

__all__ = ["Draft", "improve", "rebuild", "ruin_and_rebuild"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

_LEAST_GAIN_SHARE = 1e-9
_MOST_ROUNDS = 1_000
_SITES_NEAR = 12
_MOST_EMPTIED = 4
_EXCHANGED_SHARE = 0.7
_ADDED_SHARE = 0.25
_DROPPED_SHARE = 0.25


class Draft(NamedTuple):
    """A plan in the making, changed in place.

    ``site_of`` (areas,), the last column where unserved and -1 where still to be placed; ``load``,
    ``is_open`` and ``is_fresh`` (sites + 1,), the last whether its areas changed since anyone
    looked.
    """

    site_of: IntArray
    load: FloatArray
    is_open: BoolArray
    is_fresh: BoolArray


@njit(cache=True)
def _over(arrays: SiteArrays, j: int, load: float) -> float:
    return max(0.0, load - arrays.capacity[j])


@njit(cache=True)
def _added(arrays: SiteArrays, draft: Draft, j: int, weight: float) -> float:
    """How much more is above the capacity of ``j`` with so much more load; may be below 0."""
    load = draft.load[j]
    return _over(arrays, j, load + weight) - _over(arrays, j, load)


@njit(cache=True)
def _place(arrays: SiteArrays, draft: Draft, i: int, j: int) -> None:
    before = draft.site_of[i]
    if before >= 0:
        draft.load[before] -= arrays.demand[i]
        draft.is_fresh[before] = True
    draft.site_of[i] = j
    if j >= 0:
        draft.load[j] += arrays.demand[i]
        draft.is_fresh[j] = True


@njit(cache=True)
def _shift(arrays: SiteArrays, draft: Draft, i: int, price: float, goals: IntArray) -> float:
    """Move one area to the best of some open sites; return what that saves."""
    before, weight = draft.site_of[i], arrays.demand[i]
    freed = arrays.cost[i, before] - price * _added(arrays, draft, before, -weight)
    best, goal = _LEAST_GAIN_SHARE * (1.0 + abs(freed)), -1
    for j in goals:
        if j == before or freed - arrays.cost[i, j] <= best:
            continue
        saved = freed - arrays.cost[i, j] - price * _added(arrays, draft, j, weight)
        if saved > best:
            best, goal = saved, j
    if goal < 0:
        return 0.0
    _place(arrays, draft, i, goal)
    return best


@njit(cache=True)
def _swap(arrays: SiteArrays, draft: Draft, i: int, price: float, others: IntArray) -> float:
    """Exchange the sites of one area and of the best of some others; return what that saves.

    In a swap that saves, one of the two comes cheaper or leaves a load that is above its capacity.
    """
    cost, site_of, weight = arrays.cost, draft.site_of, arrays.demand[i]
    a = site_of[i]
    is_over = _over(arrays, a, draft.load[a]) > 0.0
    best, other = _LEAST_GAIN_SHARE * (1.0 + abs(cost[i, a])), -1
    for k in others:
        b = site_of[k]
        if b == a or not (is_over or cost[i, b] < cost[i, a]):
            continue
        saved = cost[i, a] + cost[k, b] - cost[i, b] - cost[k, a]
        if saved <= best and not is_over and _over(arrays, b, draft.load[b]) <= 0.0:
            continue
        more = arrays.demand[k] - weight
        saved -= price * (_added(arrays, draft, a, more) + _added(arrays, draft, b, -more))
        if saved > best:
            best, other = saved, k
    if other < 0:
        return 0.0
    b = site_of[other]
    _place(arrays, draft, other, a)
    _place(arrays, draft, i, b)
    return best


@njit(cache=True)
def _move_site(arrays: SiteArrays, draft: Draft, a: int, price: float) -> float:
    """Close a site and open the best other for all its areas; return what that saves."""
    cost, load = arrays.cost, draft.load[a]
    members, count = np.empty(len(draft.site_of), np.int64), 0
    paid = arrays.open_cost[a] + price * _over(arrays, a, load)
    for i in range(len(draft.site_of)):
        if draft.site_of[i] == a:
            members[count] = i
            count += 1
            paid += cost[i, a]
    least, goal = paid - _LEAST_GAIN_SHARE * (1.0 + abs(paid)), -1
    for b in range(len(arrays.state) - 1):
        if draft.is_open[b] or arrays.state[b] == OUT:
            continue
        asked = arrays.open_cost[b] + price * _over(arrays, b, load)
        for k in range(count):
            if asked >= least:
                break
            asked += cost[members[k], b]
        if asked < least:
            least, goal = asked, b
    if goal < 0:
        return 0.0
    draft.is_open[a], draft.is_open[goal] = False, True
    draft.is_fresh[goal] = True
    for k in range(count):
        _place(arrays, draft, members[k], goal)
    return paid - least


@njit(cache=True)
def improve(arrays: SiteArrays, draft: Draft, price: float) -> None:
    """Shift, swap and move until nothing of it saves anything; looks only at what is fresh."""
    for _ in range(_MOST_ROUNDS):
        everywhere, fresh, is_new = _look_round(draft)
        if not len(fresh):
            return
        saved = 0.0
        for i in range(len(draft.site_of)):
            goals = everywhere if is_new[draft.site_of[i]] else fresh
            saved += _shift(arrays, draft, i, price, goals)
        if saved <= 0.0:
            saved = _swap_all(arrays, draft, price, is_new)
        if saved <= 0.0:
            for j in fresh:
                if arrays.state[j] == FREE and draft.is_open[j]:
                    _move_site(arrays, draft, j, price)
            continue
        for j in fresh:
            draft.is_fresh[j] = True


@njit(cache=True)
def _swap_all(arrays: SiteArrays, draft: Draft, price: float, is_new: BoolArray) -> float:
    """Swap every area once where that saves; one of the two sites is fresh."""
    areas = len(draft.site_of)
    everyone, others, count = np.empty(areas, np.int64), np.empty(areas, np.int64), 0
    for i in range(areas):
        everyone[i] = i
        if is_new[draft.site_of[i]]:
            others[count] = i
            count += 1
    saved = 0.0
    for i in range(areas):
        tried = everyone if is_new[draft.site_of[i]] else others[:count]
        saved += _swap(arrays, draft, i, price, tried)
    return saved


@njit(cache=True)
def _look_round(draft: Draft) -> tuple[IntArray, IntArray, BoolArray]:
    """The open columns, the fresh ones of them, and a mask of those; then none is fresh."""
    columns = len(draft.load)
    everywhere, fresh = np.empty(columns, np.int64), np.empty(columns, np.int64)
    is_new, open_count, fresh_count = np.zeros(columns, np.bool_), 0, 0
    for j in range(columns):
        is_new[j] = draft.is_fresh[j] and draft.is_open[j]
        draft.is_fresh[j] = False
        if draft.is_open[j]:
            everywhere[open_count] = j
            open_count += 1
        if is_new[j]:
            fresh[fresh_count] = j
            fresh_count += 1
    return everywhere[:open_count], fresh[:fresh_count], is_new


@njit(cache=True)
def _best_two(arrays: SiteArrays, draft: Draft, i: int, price: float) -> tuple[int, float, float]:
    """The open site where an area is cheapest, its cost there, and at the second cheapest."""
    first, least, second = len(draft.load) - 1, np.inf, np.inf
    for j in range(len(draft.load)):
        if not draft.is_open[j] or arrays.cost[i, j] >= second:
            continue
        asked = arrays.cost[i, j] + price * _added(arrays, draft, j, arrays.demand[i])
        if asked < least:
            first, least, second = j, asked, least
        elif asked < second:
            second = asked
    return first, least, second


@njit(cache=True)
def rebuild(arrays: SiteArrays, draft: Draft, price: float) -> None:
    """Place the areas that have no site, those first that would regret waiting most."""
    waiting, count = np.empty(len(draft.site_of), np.int64), 0
    for i in range(len(draft.site_of)):
        if draft.site_of[i] < 0:
            waiting[count] = i
            count += 1
    first = np.empty(count, np.int64)
    regret = np.empty(count)
    for k in range(count):
        first[k], least, second = _best_two(arrays, draft, waiting[k], price)
        regret[k] = second - least
    for left in range(count, 0, -1):
        worst = 0
        for k in range(1, left):
            if regret[k] > regret[worst]:
                worst = k
        goal = first[worst]
        _place(arrays, draft, waiting[worst], goal)
        waiting[worst], first[worst] = waiting[left - 1], first[left - 1]
        regret[worst] = regret[left - 1]
        for k in range(left - 1):
            room = arrays.capacity[goal] - draft.load[goal]
            if first[k] == goal and room < arrays.demand[waiting[k]]:
                first[k], least, second = _best_two(arrays, draft, waiting[k], price)
                regret[k] = second - least


@njit(cache=True)
def _near_sites(arrays: SiteArrays, i: int, is_out: BoolArray) -> tuple[IntArray, int]:
    """The sites that are not out, nearest to an area first; how many."""
    near, count = np.empty(len(arrays.state), np.int64), 0
    for j in range(len(arrays.state) - 1):
        if arrays.cost[i, j] < np.inf and arrays.state[j] != OUT and not is_out[j]:
            near[count] = j
            count += 1
    sort_places(arrays.cost[i], near[:count])
    return near, count


@njit(cache=True)
def _exchange(
    arrays: SiteArrays,
    draft: Draft,
    pair: tuple[int, int],
    may_vary: bool,  # noqa: FBT001 - a kernel takes no keywords
    draw: float,
) -> None:
    """Close one site and open another; of any number of sites, sometimes do one of the two."""
    leaving, entering = pair
    if leaving >= 0 and arrays.state[leaving] == IN:
        leaving = -1
    if may_vary:
        leaving = -1 if draw < _ADDED_SHARE else leaving
        entering = -1 if draw > 1.0 - _DROPPED_SHARE else entering
    elif leaving < 0 or entering < 0:
        return
    if leaving >= 0:
        draft.is_open[leaving] = False
    if entering >= 0:
        draft.is_open[entering] = True
        draft.is_fresh[entering] = True


@njit(cache=True)
def ruin_and_rebuild(
    arrays: SiteArrays,
    draft: Draft,
    count: int,
    price: float,
    chance: np.random.Generator,
) -> None:
    """Empty a few open sites around an area, perhaps exchange one, and place their areas anew.

    Args:
        arrays: The question.
        draft: The plan; changed in place.
        count: How many sites are open; -1 for any number.
        price: Of a unit above a capacity.
        chance: Of the choices.
    """
    centre = int(chance.random() * len(draft.site_of))
    is_closed = np.empty(len(draft.is_open), np.bool_)
    for j in range(len(is_closed)):
        is_closed[j] = not draft.is_open[j]
    near, open_count = _near_sites(arrays, centre, is_closed)
    closed, closed_count = _near_sites(arrays, centre, draft.is_open)
    emptied = min(open_count, 1 + int(chance.random() * _MOST_EMPTIED))
    leaving = near[int(chance.random() * emptied)] if emptied > 0 else -1
    entering = -1
    if closed_count > 0 and chance.random() < _EXCHANGED_SHARE:
        entering = closed[int(chance.random() * min(closed_count, _SITES_NEAR))]
    _exchange(arrays, draft, (leaving, entering), count < 0, chance.random())
    for i in range(len(draft.site_of)):
        for k in range(emptied):
            if draft.site_of[i] == near[k]:
                _place(arrays, draft, i, -1)
                break
    rebuild(arrays, draft, price)
