"""Prices of the plan as a whole, and the day's light."""

from __future__ import annotations

from typing import NamedTuple

from ntgeo.domain.routing import RoutingProblem
from ntgeo.routing.figures.arrays import MS_PER_HOUR, MS_PER_MINUTE, MS_PER_S
from ntgeo.routing.figures.shift_arrays import NEVER_MS

__all__ = ["PriceArrays", "price_arrays"]


class PriceArrays(NamedTuple):
    """What is neither a visit's nor a shift's.

    Attributes:
        puts_priorities_first: Whether unmade visits count before any cost, by ``unmade_weight``.
        worst_lateness_gbp_per_ms: Of the visit latest against a soft window.
        work_spread_gbp_per_ms: Between most and least work of all shifts.
        visits_spread_gbp: Of each visit between most and fewest of all shifts.
        light_from_ms: Beginning of daylight; ``NEVER_MS`` where every hour counts as dark.
        light_until_ms: End of daylight; ``-NEVER_MS`` where every hour counts as dark.
    """

    puts_priorities_first: bool
    worst_lateness_gbp_per_ms: float
    work_spread_gbp_per_ms: float
    visits_spread_gbp: float
    light_from_ms: int
    light_until_ms: int


def price_arrays(problem: RoutingProblem) -> PriceArrays:
    """Return the prices and the daylight of a problem."""
    prices, light = problem.prices, problem.daylight
    return PriceArrays(
        puts_priorities_first=prices.puts_priorities_first,
        worst_lateness_gbp_per_ms=float(prices.worst_lateness_gbp_per_minute) / MS_PER_MINUTE,
        work_spread_gbp_per_ms=float(prices.work_spread_gbp_per_hour) / MS_PER_HOUR,
        visits_spread_gbp=float(prices.visits_spread_gbp),
        light_from_ms=NEVER_MS if light is None else MS_PER_S * light.start_s,
        light_until_ms=-NEVER_MS if light is None else MS_PER_S * light.end_s,
    )
