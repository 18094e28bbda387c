"""What staff may claim for the miles they drive or cycle, by the rates of the day."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Final

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.shifts import USUAL_MILEAGE_GBP_PER_MILE

__all__ = ["MileageRate", "mileage_gbp", "rate_on", "usual_gbp_per_mile"]

_RATES_FILE: Final = "mileage_rates.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class MileageRate:
    """The rates from a day on, in pounds a mile.

    Args:
        from_day: First day they hold: 6 April of a tax year.
        car_gbp: Car or van, up to ``car_threshold_miles`` in the tax year.
        car_beyond_gbp: Car or van, every mile after these.
        car_threshold_miles: In a tax year, over all cars of a person.
        bicycle_gbp: Bicycle.
    """

    from_day: date
    car_gbp: float
    car_beyond_gbp: float
    car_threshold_miles: float
    bicycle_gbp: float


@cache
def _rates() -> tuple[MileageRate, ...]:
    text = resources.files("ntgeo.domain").joinpath(_RATES_FILE).read_text(encoding="utf-8")
    content = tomllib.loads(text)
    threshold_miles = float(content["car_threshold_miles"])
    rates = [MileageRate(car_threshold_miles=threshold_miles, **rate) for rate in content["rates"]]
    return tuple(sorted(rates, key=lambda rate: rate.from_day))


def rate_on(day: date) -> MileageRate | None:
    """Return the rates that hold on a day; ``None`` before the first that is known."""
    known = [rate for rate in _rates() if rate.from_day <= day]
    return known[-1] if known else None


def usual_gbp_per_mile(day: date, mode: TravelMode) -> float:
    """Return what a mile costs where a shift does not say: the day's rate below the threshold.

    Before the first known rate a mile costs the usual price by car, and nothing by bicycle.
    """
    rate = rate_on(day)
    if mode is TravelMode.CAR:
        return USUAL_MILEAGE_GBP_PER_MILE if rate is None else rate.car_gbp
    return rate.bicycle_gbp if rate is not None and mode is TravelMode.BICYCLE else 0.0


def mileage_gbp(
    miles: float, *, day: date, mode: TravelMode, miles_before: float = 0.0
) -> float | None:
    """Return what may be claimed for a journey in one's own car or on one's own bicycle.

    Args:
        miles: Of the journey, at least 0.
        day: When.
        mode: How; nothing can be claimed on foot.
        miles_before: Driven for work in the tax year before this journey.

    Returns:
        Pounds, unrounded; ``None`` where no rate is known for the day.

    Raises:
        ValueError: Miles are below 0.
    """
    if miles < 0 or miles_before < 0:
        msg = f"{miles} miles after {miles_before}: neither can be below 0"
        raise ValueError(msg)
    rate = rate_on(day)
    if rate is None:
        return None
    if mode is TravelMode.FOOT:
        return 0.0
    if mode is TravelMode.BICYCLE:
        return miles * rate.bicycle_gbp
    left = max(0.0, rate.car_threshold_miles - miles_before)
    return min(miles, left) * rate.car_gbp + max(0.0, miles - left) * rate.car_beyond_gbp
