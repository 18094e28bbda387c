"""The arrays of a day together."""

from __future__ import annotations

from typing import NamedTuple

from ntgeo.domain.routing import RoutingProblem
from ntgeo.routing.figures.leg_arrays import LegArrays, leg_arrays, ways_of
from ntgeo.routing.figures.link_arrays import LinkArrays, link_arrays
from ntgeo.routing.figures.price_arrays import PriceArrays, price_arrays
from ntgeo.routing.figures.shift_arrays import ShiftArrays, shift_arrays
from ntgeo.routing.figures.visit_arrays import VisitArrays, visit_arrays

__all__ = ["DayArrays", "day_arrays"]


class DayArrays(NamedTuple):
    """A day's question as arrays that compiled code reads.

    Visits, shifts, places and links are numbered in the problem's order. Times are whole
    milliseconds since midnight, durations whole milliseconds, money pounds.

    Attributes:
        visits: What is to be done.
        shifts: Who can do it.
        legs: The ways between places.
        links: What visits have to do with each other.
        prices: What is neither a visit's nor a shift's.
    """

    visits: VisitArrays
    shifts: ShiftArrays
    legs: LegArrays
    links: LinkArrays
    prices: PriceArrays


def day_arrays(problem: RoutingProblem) -> DayArrays:
    """Return the arrays of a problem."""
    way, ways = ways_of(problem)
    return DayArrays(
        visits=visit_arrays(problem),
        shifts=shift_arrays(problem, way),
        legs=leg_arrays(problem, ways),
        links=link_arrays(problem),
        prices=price_arrays(problem),
    )
