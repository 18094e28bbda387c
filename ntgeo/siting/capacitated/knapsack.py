"""The best load of one site: a 0-1 knapsack, or a continuous one where areas may be split.

Items stand by falling value per weight. A capacity may be passed at a price a unit; then an item
that is worth more than the price of its weight goes in whatever the load. The search goes depth
first and takes before it leaves (Horowitz and Sahni 1974); where it takes too long, its upper
bound, which is Dantzig's (1957), stands for the answer.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

__all__ = ["fill_split", "fill_whole", "sort_places"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

_MOST_NODES = 20_000
_LEAST_GAIN_SHARE = 1e-10


@njit(cache=True)
def sort_places(key: FloatArray, places: npt.NDArray[np.int64]) -> None:
    """Sort places by their key, ties by place, in a heap: numpy's sorts take seconds to compile."""
    count = len(places)
    for end in range(2 * count - 1, 0, -1):
        top = end - count if end >= count else 0
        last = min(count, end)
        if end < count:
            places[0], places[end] = places[end], places[0]
        _sift(key, places, top, last)


@njit(cache=True)
def _sift(key: FloatArray, places: npt.NDArray[np.int64], top: int, end: int) -> None:
    moved = places[top]
    while 2 * top + 1 < end:
        child = 2 * top + 1
        if child + 1 < end and _is_after(key, places[child + 1], places[child]):
            child += 1
        if not _is_after(key, places[child], moved):
            break
        places[top] = places[child]
        top = child
    places[top] = moved


@njit(cache=True)
def _is_after(key: FloatArray, one: int, other: int) -> bool:
    return bool(key[one] > key[other] or (key[one] == key[other] and one > other))


@njit(cache=True)
def fill_split(
    value: FloatArray, weight: FloatArray, capacity: float, price: float, taken: FloatArray
) -> float:
    """Return the most that fits is worth, and note the share of each item that is taken.

    Args:
        value: (items,) above 0.
        weight: (items,) at least 0; items stand by falling value per weight.
        capacity: What fits.
        price: Of a unit beyond the capacity; infinite where nothing may pass it.
        taken: (items,) shares, written here.
    """
    worth, load = 0.0, 0.0
    for k in range(len(value)):
        room = capacity - load
        if weight[k] <= room:
            taken[k] = 1.0
            worth += value[k]
        elif value[k] > price * weight[k]:
            taken[k] = 1.0
            worth += value[k] - price * (weight[k] - max(0.0, room))
        elif room > 0.0:
            taken[k] = room / weight[k]
            worth += value[k] * taken[k]
        else:
            taken[k] = 0.0
        load += weight[k] * taken[k]
    return worth


@njit(cache=True)
def _reach(
    items: tuple[FloatArray, FloatArray], k: int, room: float, price: float, enough: float
) -> float:
    """The most that the items from ``k`` on can add to a load that leaves ``room``; a bound."""
    value, weight = items
    added = 0.0
    for t in range(k, len(value)):
        if weight[t] <= room:
            added += value[t]
        elif value[t] > price * weight[t]:
            added += value[t] - price * (weight[t] - max(0.0, room))
        elif room > 0.0:
            return added + value[t] * room / weight[t]
        elif weight[t] > 0.0:
            return added
        room -= weight[t]
        if added > enough:
            return added
    return added


@njit(cache=True)
def fill_whole(
    value: FloatArray, weight: FloatArray, capacity: float, price: float, taken: FloatArray
) -> float:
    """Return the most that whole items which fit are worth, and note which are taken.

    Returns an upper bound instead where the search takes too long.

    Args:
        value: (items,) above 0.
        weight: (items,) at least 0; items stand by falling value per weight.
        capacity: What fits.
        price: Of a unit beyond the capacity; infinite where nothing may pass it.
        taken: (items,) 1 where taken, written here.
    """
    items = (value, weight)
    count = len(value)
    chosen = np.zeros(count, np.bool_)
    upper = _reach(items, 0, capacity, price, np.inf)
    best, worth, room, k = -1.0, 0.0, capacity, 0
    is_new = True
    for _ in range(_MOST_NODES):
        least = best + _LEAST_GAIN_SHARE * upper
        if k < count and (
            not is_new or worth + _reach(items, k, room, price, least - worth) > least
        ):
            fits = weight[k] <= room
            charge = 0.0 if fits else price * (weight[k] - max(0.0, room))
            chosen[k] = fits or value[k] > charge
            is_new = not fits
            if chosen[k]:
                worth += value[k] - charge
                room -= weight[k]
            k += 1
            continue
        if k == count and worth > least:
            best = worth
            for t in range(count):
                taken[t] = 1.0 if chosen[t] else 0.0
        if best >= upper * (1.0 - _LEAST_GAIN_SHARE):
            return best
        while k > 0 and not chosen[k - 1]:
            k -= 1
        if k == 0:
            return best
        last = k - 1
        chosen[last] = False
        room += weight[last]
        over = max(0.0, -(room - weight[last])) - max(0.0, -room)
        worth -= value[last] - (price * over if over > 0.0 else 0.0)
        is_new = True
    return upper
