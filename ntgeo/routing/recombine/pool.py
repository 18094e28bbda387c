"""Routes that the engines met: each set of visits once for a kind of shift, at its cheapest."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["PoolRoute", "PooledRoutes"]


class PoolRoute(NamedTuple):
    """A round that a kind of shift can make.

    Attributes:
        kind: The first of the shifts that are the same.
        order: Its visits.
        gbp: Its price.
    """

    kind: int
    order: tuple[int, ...]
    gbp: float


class PooledRoutes:
    """Routes, found again by kind and visits."""

    def __init__(self) -> None:
        self._cheapest: dict[tuple[int, frozenset[int]], PoolRoute] = {}

    def __len__(self) -> int:
        """Return how many routes there are."""
        return len(self._cheapest)

    def keep(self, kind: int, order: tuple[int, ...], gbp: float) -> None:
        """Keep a route, unless another order of its visits is as cheap."""
        name = (kind, frozenset(order))
        known = self._cheapest.get(name)
        if known is None or gbp < known.gbp:
            self._cheapest[name] = PoolRoute(kind, order, gbp)

    def routes(self) -> list[PoolRoute]:
        """Return the routes in the order in which their visits were first met."""
        return list(self._cheapest.values())
