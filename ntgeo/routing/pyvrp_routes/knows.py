"""Which days PyVRP's model knows every rule of."""

from __future__ import annotations

from typing import Final

import numpy as np

from ntgeo.routing.figures import NEVER_MS, DayArrays

__all__ = ["unknown_rules"]

_MOST_ENTRIES: Final = 20_000_000
"""Of all matrices together: two of eight bytes for each kind of shift."""


def unknown_rules(day: DayArrays) -> tuple[str, ...]:
    """Return the rules of a day that PyVRP's model does not know, in words; empty if it knows all.

    It knows one window a visit, skills, staff and lengths by staff, loads, addresses, set-up and
    parking; shifts with hours, ends, greatest work and distance, and all prices but overtime; new
    faces; and unmade visits in pounds or by priority.
    """
    return tuple(name for name, holds in _rules(day).items() if holds)


def _rules(day: DayArrays) -> dict[str, bool]:
    visits, shifts, prices = day.visits, day.shifts, day.prices
    is_soft = bool((visits.soft_gbp_per_ms > 0.0).any())
    has_spread = prices.work_spread_gbp_per_ms > 0.0 or prices.visits_spread_gbp > 0.0
    return {
        "several windows": bool((visits.windows_ms[:, 1:, 0] < NEVER_MS).any()),
        "windows of finishing or arriving": bool(visits.sense.any()),
        "soft windows": is_soft or _has_worst_lateness(day),
        "crews": bool((visits.crew_after_dark > 1).any()),
        "first or last of a round": bool(visits.pinned_place.any()),
        "linked visits": len(day.links.first) > 0,
        "breaks": bool(shifts.break_count.any()),
        "walks from a parked car": bool((shifts.walks_up_to_ms >= 0).any()),
        "overtime": bool((shifts.overtime_gbp_per_ms > 0.0).any()),
        "greatest travel": bool((shifts.most_travel_ms < NEVER_MS).any()),
        "greatest distance beside prices of time or staff": _has_priced_distance(day),
        "fair shares": bool(has_spread),
        "too many kinds of shift": _entries(day) > _MOST_ENTRIES,
    }


def _has_worst_lateness(day: DayArrays) -> bool:
    return day.prices.worst_lateness_gbp_per_ms > 0.0 and bool(
        (day.visits.soft_ms[:, :, 1] < NEVER_MS).any()
    )


def _has_priced_distance(day: DayArrays) -> bool:
    """Return whether a limit on distance cannot be told as one on the price of the legs."""
    shifts = day.shifts
    limited = np.isfinite(shifts.most_distance_m)
    is_bare = (shifts.mileage_gbp_per_m > 0.0) & (shifts.travel_gbp_per_ms == 0.0)
    is_bare &= ~(day.visits.assign_gbp > 0.0).any(axis=1)
    return bool((limited & ~is_bare).any())


def _entries(day: DayArrays) -> int:
    places = day.legs.leg_ms.shape[1] + 1
    return len(np.unique(day.shifts.kind)) * places * places
