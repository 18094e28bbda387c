"""A part of a day: some of its shifts and some of its visits, as a day of its own."""

from __future__ import annotations

from ntgeo.routing.figures.arrays import IntArray, ints
from ntgeo.routing.figures.day import DayArrays

__all__ = ["part_of"]

_OF_BOTH = {"may_make", "service_ms", "assign_gbp", "is_pinned_to"}


def part_of(day: DayArrays, shifts: IntArray, visits: IntArray) -> DayArrays:
    """Return the day of some shifts and visits, numbered anew in the order given.

    Args:
        day: A day without links between visits.
        shifts: Numbers of shifts.
        visits: Numbers of visits.
    """
    legs, depots = day.legs, day.legs.depot_count
    places = ints([*range(depots), *(visits + depots).tolist()])
    several = slice(None), places[:, None], places
    of_visits = {
        name: values[shifts[:, None], visits] if name in _OF_BOTH else values[visits]
        for name, values in day.visits._asdict().items()
    }
    return day._replace(
        visits=day.visits._replace(**of_visits),
        shifts=day.shifts._replace(
            **{name: values[shifts] for name, values in day.shifts._asdict().items()}
        ),
        legs=legs._replace(
            leg_ms=legs.leg_ms[several],
            travel_ms=legs.travel_ms[several],
            distance_m=legs.distance_m[several],
            foot_ms=legs.foot_ms[several[1:]] if legs.foot_ms.size else legs.foot_ms,
            address=legs.address[places],
        ),
    )
