"""Whole numbers for CP-SAT: a step of time, and a unit of money.

The step is the greatest that all times of the day are multiples of. Since the rules bound and
price differences of two times, the cheapest times are multiples of it too; but for the spread of
work, a difference of two differences, which halves the step between two shifts and is reckoned in
milliseconds between more. Prices by the hour of up to six decimals are whole numbers in the unit
of money; only what is priced once (mileage, a round) is rounded, by at most half a unit each.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from ntgeo.routing.figures import NEVER_MS, NO_WAY_MS, DayArrays

__all__ = ["Scale", "scale_of"]

_MS_PER_HOUR: Final = 3_600_000
_LEAST_UNITS_PER_GBP: Final = 1e8
_DECIMALS: Final = range(2, 7)
_WHOLE: Final = 1e-6
_TWO: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How milliseconds and pounds become whole numbers.

    Args:
        step_ms: Length of a step of time.
        units_per_gbp: How many units of money a pound is.
    """

    step_ms: int
    units_per_gbp: float

    def steps(self, time_ms: float) -> int:
        """Return a time or duration in steps."""
        return round(int(time_ms) / self.step_ms)

    def units(self, amount_gbp: float) -> int:
        """Return an amount in units of money."""
        return round(float(amount_gbp) * self.units_per_gbp)

    def units_per_step(self, gbp_per_ms: float) -> int:
        """Return a price by time in units of money a step."""
        return round(float(gbp_per_ms) * self.step_ms * self.units_per_gbp)

    def gbp(self, units: float) -> float:
        """Return units of money in pounds."""
        return units / self.units_per_gbp


def scale_of(day: DayArrays) -> Scale:
    """Return the scale in which a day's question is exact."""
    step_ms = _step_ms(day)
    rates = _gbp_per_hour(day)
    for decimals in _DECIMALS:
        units_per_gbp = _MS_PER_HOUR * 10.0**decimals / step_ms
        scaled = rates * 10.0**decimals
        if units_per_gbp >= _LEAST_UNITS_PER_GBP and np.all(
            np.abs(scaled - scaled.round()) < _WHOLE
        ):
            break
    return Scale(step_ms=step_ms, units_per_gbp=units_per_gbp)


def _gbp_per_hour(day: DayArrays) -> np.ndarray:
    shifts, prices = day.shifts, day.prices
    rates = (
        shifts.pay_gbp_per_ms,
        shifts.overtime_gbp_per_ms,
        day.visits.soft_gbp_per_ms.ravel(),
        np.array([prices.worst_lateness_gbp_per_ms, prices.work_spread_gbp_per_ms]),
    )
    return np.unique(np.concatenate(rates)) * _MS_PER_HOUR


def _step_ms(day: DayArrays) -> int:
    visits, shifts, legs, links = day.visits, day.shifts, day.legs, day.links
    times = (
        visits.service_ms,
        visits.windows_ms,
        visits.soft_ms,
        visits.set_up_ms,
        shifts.hours_ms,
        shifts.breaks_ms[:, :, :3],
        shifts.breaks_ms[:, :, 3][shifts.breaks_ms[:, :, 3] > 0],
        shifts.most_work_ms,
        shifts.overtime_after_ms,
        legs.leg_ms,
        legs.travel_ms,
        legs.foot_ms,
        links.least_ms,
        links.greatest_ms,
        np.array([day.prices.light_from_ms, day.prices.light_until_ms]),
    )
    together = np.abs(np.concatenate([np.unique(part) for part in times]))
    step_ms = int(np.gcd.reduce(together[together < min(NEVER_MS, NO_WAY_MS)], initial=0)) or 1
    if day.prices.work_spread_gbp_per_ms > 0 and len(shifts.way) > _TWO:
        return 1
    if day.prices.work_spread_gbp_per_ms > 0 and step_ms % _TWO == 0:
        return math.floor(step_ms / _TWO)
    return step_ms
