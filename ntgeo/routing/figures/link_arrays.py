"""What visits have to do with each other, as arrays."""

from __future__ import annotations

from typing import Final, NamedTuple

from ntgeo.domain.routing import GapFrom, RoutingProblem, StaffLink
from ntgeo.routing.figures.arrays import MS_PER_S, BoolArray, IntArray, bools, ints
from ntgeo.routing.figures.shift_arrays import NEVER_MS

__all__ = ["LinkArrays", "link_arrays"]

_STAFF: Final = (None, StaffLink.SAME, StaffLink.DIFFERENT)


class LinkArrays(NamedTuple):
    """Links between visits, in the problem's order.

    Attributes:
        first: (links,) number of a visit.
        second: (links,) number of another.
        is_ordered: (links,) whether gaps are given; then the second is made only if the first is.
        least_ms: (links,) least gap to the beginning of the second; 0 if not ordered.
        greatest_ms: (links,) greatest gap; ``NEVER_MS`` for any.
        is_from_end: (links,) whether gaps count from the last leaving of the first, not from its
            beginning.
        staff: (links,) who comes to the second where both are made: 0 anyone, 1 the same people,
            2 nobody of the first.
        is_both_or_neither: (links,) whether the first, too, is made only if the second is.
    """

    first: IntArray
    second: IntArray
    is_ordered: BoolArray
    least_ms: IntArray
    greatest_ms: IntArray
    is_from_end: BoolArray
    staff: IntArray
    is_both_or_neither: BoolArray


def link_arrays(problem: RoutingProblem) -> LinkArrays:
    """Return the links of a problem as arrays."""
    number_of = {visit.id: number for number, visit in enumerate(problem.visits)}
    links = problem.links
    return LinkArrays(
        first=ints([number_of[link.first] for link in links]),
        second=ints([number_of[link.second] for link in links]),
        is_ordered=bools([link.is_ordered for link in links]),
        least_ms=ints([MS_PER_S * (link.least_gap_s or 0) for link in links]),
        greatest_ms=ints(
            [
                NEVER_MS if link.greatest_gap_s is None else MS_PER_S * link.greatest_gap_s
                for link in links
            ]
        ),
        is_from_end=bools([link.gap_from is GapFrom.END for link in links]),
        staff=ints([_STAFF.index(link.staff) for link in links]),
        is_both_or_neither=bools([link.both_or_neither for link in links]),
    )
