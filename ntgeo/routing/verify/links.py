"""Rules of what visits have to do with each other."""

from __future__ import annotations

from collections.abc import Iterator

from ntgeo.domain.routing import GapFrom, StaffLink, VisitLink
from ntgeo.domain.units import duration_text
from ntgeo.routing.verify.facts import SAME_S, Facts, Said, said

__all__ = [
    "both_or_neither",
    "different_staff",
    "first_is_made",
    "greatest_gap",
    "least_gap",
    "same_staff",
]


def first_is_made(facts: Facts) -> Iterator[Said]:
    """The second of two visits in order is made only where the first is."""
    for link in facts.problem.links:
        if link.is_ordered and link.second in facts.crews and link.first not in facts.crews:
            text = f"{link.second} is made, but follows {link.first}, which is not"
            yield said(text, visit=link.second)


def both_or_neither(facts: Facts) -> Iterator[Said]:
    """Visits that are made together or not at all are so."""
    for link in facts.problem.links:
        made = [visit for visit in (link.first, link.second) if visit in facts.crews]
        if link.both_or_neither and len(made) == 1:
            (other,) = {link.first, link.second} - set(made)
            yield said(f"{made[0]} is made, but only goes with {other}", visit=made[0])


def least_gap(facts: Facts) -> Iterator[Said]:
    """The second visit begins no sooner after the first than it may."""
    for link, gap_s in _gaps(facts):
        least_s = link.least_gap_s or 0
        if gap_s < least_s - SAME_S:
            least = "before" if gap_s < 0 else f"less than {duration_text(least_s)} after"
            at = facts.clock(facts.crews[link.second][0].stop.begin_s)
            text = f"{link.second} begins at {at}, {least} {_anchor(link)}"
            yield said(text, visit=link.second)


def greatest_gap(facts: Facts) -> Iterator[Said]:
    """And no later."""
    for link, gap_s in _gaps(facts):
        most_s = link.greatest_gap_s
        if most_s is not None and gap_s > most_s + SAME_S:
            at = facts.clock(facts.crews[link.second][0].stop.begin_s)
            text = f"begins at {at}, more than {duration_text(most_s)} after {_anchor(link)}"
            yield said(f"{link.second} {text}", visit=link.second)


def same_staff(facts: Facts) -> Iterator[Said]:
    """Linked visits are made by the same people where they have to be."""
    for link in _made_with(facts, StaffLink.SAME):
        if facts.staff(facts.crews[link.first]) != facts.staff(facts.crews[link.second]):
            text = f"{link.second} is made by others than {link.first}"
            yield said(text, visit=link.second)


def different_staff(facts: Facts) -> Iterator[Said]:
    """And by others where they have to be."""
    for link in _made_with(facts, StaffLink.DIFFERENT):
        both = facts.staff(facts.crews[link.first]) & facts.staff(facts.crews[link.second])
        for staff in sorted(both):
            text = f"{link.second} is made by {staff}, as {link.first} is"
            yield said(text, visit=link.second)


def _made_with(facts: Facts, staff: StaffLink) -> Iterator[VisitLink]:
    for link in facts.problem.links:
        if link.staff is staff and link.first in facts.crews and link.second in facts.crews:
            yield link


def _gaps(facts: Facts) -> Iterator[tuple[VisitLink, float]]:
    """Yield the links that ask for an order, with the gap that the plan has."""
    for link in facts.problem.links:
        if not link.is_ordered or not {link.first, link.second} <= facts.crews.keys():
            continue
        first, second = facts.crews[link.first], facts.crews[link.second]
        is_from_end = link.gap_from is GapFrom.END
        from_s = facts.last_leave_s(first) if is_from_end else first[0].stop.begin_s
        yield link, second[0].stop.begin_s - from_s


def _anchor(link: VisitLink) -> str:
    return f"{link.first} {'is over' if link.gap_from is GapFrom.END else 'begins'}"
