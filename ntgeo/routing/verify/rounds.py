"""Rules of a round as a whole: its ends, its hours and the limits of its shift."""

from __future__ import annotations

from collections.abc import Iterator

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.units import METRES_PER_KILOMETRE, duration_text
from ntgeo.routing.verify.facts import SAME_S, Facts, Said, differ, said

__all__ = [
    "capacity",
    "end_place",
    "hours",
    "most_distance",
    "most_travel",
    "most_work",
    "start_place",
    "still_at_the_ends",
    "with_visits",
]

_SAME_LOAD = 1e-6


def with_visits(facts: Facts) -> Iterator[Said]:
    """A round has a visit."""
    for one in facts.rounds:
        if not one.visits:
            yield said(f"{one.shift.id} has a round without any visit", shift=one.shift.id)


def start_place(facts: Facts) -> Iterator[Said]:
    """A round starts where its shift does."""
    for one in facts.rounds:
        shift, place = one.shift, one.stops[0].place
        if place != shift.start_place:
            yield said(f"{shift.id} starts at {place}, not at {shift.start_place}", shift=shift.id)


def end_place(facts: Facts) -> Iterator[Said]:
    """A round ends where its shift does, or where its last visit was."""
    for one in facts.rounds:
        shift, place = one.shift, one.stops[-1].place
        wanted = one.stops[-2].place if shift.end_place is None else shift.end_place
        if place != wanted:
            yield said(f"{shift.id} ends at {place}, not at {wanted}", shift=shift.id)


def hours(facts: Facts) -> Iterator[Said]:
    """A round is within the hours of its shift."""
    for one in facts.rounds:
        shift = one.shift
        first, last = facts.clock(shift.hours.start_s), facts.clock(shift.hours.end_s)
        if one.start_s < shift.hours.start_s - SAME_S:
            text = f"leaves at {facts.clock(one.start_s)}, before its hours begin at {first}"
            yield said(f"{shift.id} {text}", shift=shift.id)
        if one.end_s > shift.hours.end_s + SAME_S:
            text = f"ends at {facts.clock(one.end_s)}, after its hours end at {last}"
            yield said(f"{shift.id} {text}", shift=shift.id)


def still_at_the_ends(facts: Facts) -> Iterator[Said]:
    """No time passes at the start or the end, and nothing is travelled to the start."""
    for one in facts.rounds:
        first, last, shift = one.stops[0], one.stops[-1], one.shift.id
        if differ(first.arrive_s, first.leave_s) or differ(last.arrive_s, last.leave_s):
            yield said(f"{shift}: time passes at the start or the end of the round", shift=shift)
        if first.travel_s or first.distance_m or first.parking_s or first.walk_s:
            yield said(f"{shift}: the start of the round has travel of its own", shift=shift)
        if first.wait_s or first.set_up_s or last.wait_s or last.set_up_s:
            yield said(f"{shift}: there is a wait or set-up at an end of the round", shift=shift)


def capacity(facts: Facts) -> Iterator[Said]:
    """The visits of a round are not more than its shift carries."""
    for one in facts.rounds:
        shift = one.shift
        load = sum(facts.visits[stop.place].load for stop in one.visits)
        if shift.capacity is not None and load > shift.capacity + _SAME_LOAD:
            text = f"{shift.id} carries {load:g}, more than its capacity of {shift.capacity:g}"
            yield said(text, shift=shift.id)


def most_work(facts: Facts) -> Iterator[Said]:
    """Work is no longer than the shift's greatest."""
    for one in facts.rounds:
        most_s = one.shift.most_work_s
        if most_s is not None and one.work_s > most_s + SAME_S:
            yield _over(one.shift.id, "works", one.work_s, most_s)


def most_travel(facts: Facts) -> Iterator[Said]:
    """Travel and parking are no longer than the shift's greatest."""
    for one in facts.rounds:
        most_s = one.shift.most_travel_s
        travel_s = sum(stop.travel_s + stop.parking_s for stop in one.stops)
        if most_s is not None and travel_s > most_s + SAME_S:
            yield _over(one.shift.id, "travels", travel_s, most_s)


def most_distance(facts: Facts) -> Iterator[Said]:
    """What is driven or cycled is no further than the shift's greatest."""
    for one in facts.rounds:
        most_m, shift = one.shift.most_distance_m, one.shift
        distance_m = sum(stop.distance_m for stop in one.stops)
        if most_m is None or shift.mode is TravelMode.FOOT or distance_m <= most_m + SAME_S:
            continue
        told, most = (f"{m / METRES_PER_KILOMETRE:.1f} km" for m in (distance_m, most_m))
        yield said(f"{shift.id} goes {told}, where {most} is its most", shift=shift.id)


def _over(shift: str, does: str, time_s: float, most_s: float) -> Said:
    told, most = duration_text(time_s), duration_text(most_s)
    over = duration_text(time_s - most_s)
    return said(f"{shift} {does} {told}, {over} more than its most of {most}", shift=shift)
