"""Good routes the search met, each set of visits once at its least cost."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ntgeo.routing.kernel import entry, inlined

__all__ = ["RoutePool", "forget_routes", "keep_route", "new_pool"]

_SLOTS = 1 << 18
_MOST_ROUTES = 100_000
_EMPTY = -1


class RoutePool(NamedTuple):
    """Routes as one long array, found again by a hash of their visits.

    Attributes:
        first: (routes + 1,) where a route's visits start.
        visits: Places of the visits, route after route.
        kind: (routes,) kind of shift that makes it.
        cost: (routes,).
        mark: (routes,) Zobrist hash (1970) of kind and visits.
        slot: Open-addressed hash table of route numbers.
        number: (places + shifts,) random numbers that the hash is made of.
        size: (1,) routes kept.
    """

    first: npt.NDArray[np.int64]
    visits: npt.NDArray[np.int32]
    kind: npt.NDArray[np.int64]
    cost: npt.NDArray[np.float64]
    mark: npt.NDArray[np.uint64]
    slot: npt.NDArray[np.int64]
    number: npt.NDArray[np.uint64]
    size: npt.NDArray[np.int64]


def new_pool(places: int, shifts: int) -> RoutePool:
    """Return an empty pool for so many places and shifts."""
    room = _MOST_ROUTES * max(10, min(places, 25))
    chance = np.random.Generator(np.random.PCG64(20_261_123))
    return RoutePool(
        first=np.zeros(_MOST_ROUTES + 1, dtype=np.int64),
        visits=np.zeros(room, dtype=np.int32),
        kind=np.zeros(_MOST_ROUTES, dtype=np.int64),
        cost=np.zeros(_MOST_ROUTES),
        mark=np.zeros(_MOST_ROUTES, dtype=np.uint64),
        slot=np.full(_SLOTS, _EMPTY, dtype=np.int64),
        number=chance.integers(1, 1 << 63, places + shifts, dtype=np.uint64),
        size=np.zeros(1, dtype=np.int64),
    )


def forget_routes(pool: RoutePool) -> None:
    """Make room for others."""
    pool.size[0] = 0
    pool.slot[:] = _EMPTY


@entry
def keep_route(pool: Any, kind: int, visits: Any, cost: float) -> None:
    """Keep a route, or its cheaper order if its set of visits is known; a full pool keeps none."""
    mark = pool.number[len(pool.number) - 1 - kind]
    for visit in visits:
        mark ^= pool.number[visit]
    place = np.int64(mark & np.uint64(_SLOTS - 1))
    while pool.slot[place] != _EMPTY:
        route = pool.slot[place]
        known = pool.first[route + 1] - pool.first[route]
        if pool.mark[route] == mark and known == len(visits):
            if cost < pool.cost[route]:
                pool.cost[route] = cost
                _write(pool.visits, pool.first[route], visits)
            return
        place = (place + 1) & (_SLOTS - 1)
    route = pool.size[0]
    end = pool.first[route] + len(visits)
    if route == _MOST_ROUTES or end > len(pool.visits):
        return
    pool.slot[place] = route
    pool.mark[route] = mark
    pool.kind[route] = kind
    pool.cost[route] = cost
    _write(pool.visits, pool.first[route], visits)
    pool.first[route + 1] = end
    pool.size[0] = route + 1


@inlined
def _write(target: Any, first: int, visits: Any) -> None:
    for at in range(len(visits)):
        target[first + at] = visits[at]
