"""Shifts that are the same for every visit, so that a round of one can be another's."""

from __future__ import annotations

from ntgeo.routing.figures.arrays import IntArray, ints
from ntgeo.routing.figures.day import DayArrays

__all__ = ["same_shifts"]


def same_shifts(day: DayArrays) -> IntArray:
    """Return (shifts,) the first shift that is the same, in what visits say of its staff, too."""
    visits = day.visits
    first: dict[tuple[object, ...], int] = {}
    return ints(
        [
            first.setdefault(
                (
                    int(kind),
                    visits.may_make[shift].tobytes(),
                    visits.service_ms[shift].tobytes(),
                    visits.assign_gbp[shift].tobytes(),
                    visits.is_pinned_to[shift].tobytes(),
                ),
                shift,
            )
            for shift, kind in enumerate(day.shifts.kind)
        ]
    )
