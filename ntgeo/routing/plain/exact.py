"""The best plan of a small day, proven by looking at every order of every set of visits."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from ntgeo.routing.plain.figures import DayFigures
from ntgeo.routing.plain.timing import SAME_S, begin_after, rest_after, route_cost

__all__ = ["MOST_KINDS", "MOST_VISITS", "best_orders"]

MOST_VISITS = 8
MOST_KINDS = 12
_SAME_COST = 1e-9
_SAME_LOAD = 1e-9

Orders = tuple[tuple[int, ...], ...]


def best_orders(day: DayFigures) -> Orders:
    """Return for each shift the visits, in order, of a plan that nothing beats.

    Every order of every set of visits is timed once for each kind of shift (the cheapest order of
    a set is kept); sets are then shared out over the shifts by dynamic programming. At most
    :data:`MOST_VISITS` visits and :data:`MOST_KINDS` kinds of shift.
    """
    shifts, visits = day.may_make.shape
    tables = {int(kind): _cheapest_orders(day, int(kind)) for kind in np.unique(day.kind)}
    cost = np.full((shifts + 1, 1 << visits), np.inf)
    taken = np.zeros((shifts + 1, 1 << visits), dtype=np.int64)
    cost[0, 0] = 0.0
    for shift in range(shifts):
        _share_out(cost[shift], tables[int(day.kind[shift])][0], cost[shift + 1], taken[shift + 1])
    made = min(
        (mask for mask in range(1 << visits) if np.isfinite(cost[shifts, mask])),
        key=lambda mask: (_unmade_weight(day, mask), cost[shifts, mask], mask),
    )
    orders: list[tuple[int, ...]] = []
    for shift in range(shifts - 1, -1, -1):
        part = int(taken[shift + 1, made])
        order = tables[int(day.kind[shift])][1][part]
        orders.append(tuple(int(visit) for visit in order[: part.bit_count()]))
        made ^= part
    return tuple(reversed(orders))


def _unmade_weight(day: DayFigures, mask: int) -> int:
    weights = enumerate(day.unmade_weight)
    return sum(int(weight) for visit, weight in weights if not mask >> visit & 1)


@njit(cache=True)
def _share_out(before: Any, cheapest: Any, after: Any, taken: Any) -> None:
    """Add one shift: ``after[mask]`` is the least cost of making ``mask`` with it too."""
    for mask in range(len(before)):
        part = mask
        while True:
            cost = before[mask ^ part] + cheapest[part]
            if cost < after[mask] - _SAME_COST:
                after[mask] = cost
                taken[mask] = part
            if part == 0:
                break
            part = (part - 1) & mask


def _cheapest_orders(
    day: DayFigures, shift: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    visits = len(day.service_s)
    cheapest = np.full(1 << visits, np.inf)
    orders = np.zeros((1 << visits, max(visits, 1)), dtype=np.int64)
    cheapest[0] = 0.0
    _try_every_order(day, shift, cheapest, orders)
    return cheapest, orders


@njit(cache=True)
def _try_every_order(day: Any, shift: int, cheapest: Any, orders: Any) -> None:
    visits = len(day.service_s)
    stops = np.zeros(visits + 2, dtype=np.int64)
    stops[0] = day.ends[shift, 0]
    ready_s = np.full((visits + 1, 2), np.inf)
    ready_s[0, 0] = day.hours_s[shift, 0]
    if day.rest_s[shift, 2] > 0.0:
        ready_s[0, 1] = rest_after(day.rest_s, shift, ready_s[0, 0])
    upcoming = np.zeros(visits + 1, dtype=np.int64)
    depth, mask = 0, 0
    while depth >= 0:
        visit = upcoming[depth]
        if visit == visits:
            depth -= 1
            if depth >= 0:
                mask ^= 1 << upcoming[depth]
                upcoming[depth] += 1
            continue
        if mask >> visit & 1 or not _goes_on(day, shift, stops, ready_s, (depth, visit)):
            upcoming[depth] += 1
            continue
        mask |= 1 << visit
        depth += 1
        upcoming[depth] = 0
        stops[depth + 1] = day.ends[shift, 1]
        cost = route_cost(day, shift, stops[: depth + 2])
        if cost < cheapest[mask] - _SAME_COST:
            cheapest[mask] = cost
            orders[mask, :depth] = stops[1 : depth + 1] - day.depot_count


@njit(cache=True)
def _goes_on(day: Any, shift: int, stops: Any, ready_s: Any, step: Any) -> bool:
    """Put a visit after stop ``step[0]`` if it can begin there at all."""
    depth, visit = step
    if not day.may_make[shift, visit]:
        return False
    there = day.depot_count + visit
    to_s = day.travel_s[stops[depth], there]
    for rested in range(2):
        begin_s = begin_after(day.windows_s, visit, ready_s[depth, rested] + to_s)
        ready_s[depth + 1, rested] = begin_s + day.service_s[visit]
    if day.rest_s[shift, 2] > 0.0:
        over_s = rest_after(day.rest_s, shift, ready_s[depth + 1, 0])
        ready_s[depth + 1, 1] = min(ready_s[depth + 1, 1], over_s)
    stops[depth + 1] = there
    load = 0.0
    for position in range(1, depth + 2):
        load += day.load[stops[position] - day.depot_count]
    if load > day.capacity[shift] + _SAME_LOAD:
        return False
    soonest_s = min(ready_s[depth + 1, 0], ready_s[depth + 1, 1])
    return soonest_s <= day.hours_s[shift, 1] + SAME_S
