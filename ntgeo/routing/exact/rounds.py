"""Every round that a shift could make: which stop may follow which, and by which leg."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ntgeo.routing.figures import NO_WAY_MS, DayArrays, leg_between

__all__ = ["DEPOT", "Arc", "Orders", "Standing", "arcs_of", "arcs_of_order", "begins_ms"]

Orders = tuple[tuple[int, ...], ...]
"""For each shift, in the problem's order, the numbers of its visits in order."""

Standing = tuple[int, int]
"""The visit where somebody is, and the visit where their car is (the same for most)."""

DEPOT: Final[Standing] = (-1, -1)
"""Before the first visit, and after the last."""

_leg = leg_between.py_func  # a compiled call would take longer to prepare than to make


@dataclass(frozen=True, slots=True)
class Arc:
    """A way from one stop of a round to the next.

    Args:
        before: Where somebody stands, or the depot.
        after: Where they then stand, or the depot.
        travel_ms: Of it, all but parking.
        parking_ms: On reaching the door.
        walk_ms: Of travel, on foot from or to a parked car.
        distance_m: Driven, cycled, or walked by those on foot.
        set_up_ms: Needed on arriving.
    """

    before: Standing
    after: Standing
    travel_ms: int
    parking_ms: int
    walk_ms: int
    distance_m: float
    set_up_ms: int

    @property
    def leg_ms(self) -> int:
        """Travel and parking."""
        return self.travel_ms + self.parking_ms


def arcs_of(day: DayArrays, shift: int) -> list[Arc]:
    """Return every way that a round of the shift could take, where there is one in time."""
    arcs: list[Arc] = []
    waiting, seen = [DEPOT], {DEPOT}
    able = [visit for visit, may in enumerate(day.visits.may_make[shift]) if may]
    while waiting:
        here = waiting.pop()
        for visit in able:
            if visit in here:
                continue
            arc = _arc(day, shift, here, visit)
            if arc is None or not _is_in_time(day, shift, arc):
                continue
            arcs.append(arc)
            if arc.after not in seen:
                seen.add(arc.after)
                waiting.append(arc.after)
        if here != DEPOT:
            last = _last_arc(day, shift, here)
            arcs.extend([] if last is None else [last])
    return arcs


def arcs_of_order(day: DayArrays, shift: int, order: Sequence[int]) -> list[Arc] | None:
    """Return the ways of a round in order; ``None`` if one is missing or a visit not for it."""
    arcs: list[Arc] = []
    here = DEPOT
    for visit in order:
        arc = _arc(day, shift, here, visit) if day.visits.may_make[shift, visit] else None
        if arc is None:
            return None
        arcs.append(arc)
        here = arc.after
    if not order:
        return arcs
    last = _last_arc(day, shift, here)
    return None if last is None else [*arcs, last]


def _place(day: DayArrays, shift: int, visit: int) -> int:
    return int(day.shifts.start_place[shift] if visit < 0 else day.legs.depot_count + visit)


def _arc(day: DayArrays, shift: int, before: Standing, visit: int) -> Arc | None:
    here, car = (_place(day, shift, one) for one in before)
    there = _place(day, shift, visit)
    travel_ms, parking_ms, walk_ms, distance_m, parked = _leg(day, shift, car, here, there)
    if travel_ms >= NO_WAY_MS:
        return None
    at_door = day.legs.address[here] == day.legs.address[there]
    return Arc(
        before,
        (visit, int(parked) - day.legs.depot_count),
        int(travel_ms),
        int(parking_ms),
        int(walk_ms),
        float(distance_m),
        0 if at_door else int(day.visits.set_up_ms[visit]),
    )


def _last_arc(day: DayArrays, shift: int, before: Standing) -> Arc | None:
    end = int(day.shifts.end_place[shift])
    if end < 0:
        return Arc(before, DEPOT, 0, 0, 0, 0.0, 0)
    here, car = (_place(day, shift, one) for one in before)
    travel_ms, parking_ms, walk_ms, distance_m, _ = _leg(day, shift, car, here, end)
    if travel_ms >= NO_WAY_MS:
        return None
    return Arc(before, DEPOT, int(travel_ms), int(parking_ms), int(walk_ms), float(distance_m), 0)


def _is_in_time(day: DayArrays, shift: int, arc: Arc) -> bool:
    """Tell whether the visit can begin late enough for somebody who began the one before."""
    earliest_ms = begins_ms(day, shift, arc.before[0])[0]
    if arc.before != DEPOT:
        earliest_ms += int(day.visits.service_ms[shift, arc.before[0]])
    latest_ms = begins_ms(day, shift, arc.after[0])[1]
    return earliest_ms + arc.leg_ms + arc.set_up_ms <= latest_ms


def begins_ms(day: DayArrays, shift: int, visit: int) -> tuple[int, int]:
    """Return between which moments a shift can begin a visit (-1: its round), or there is none."""
    from_ms, until_ms = map(int, day.shifts.hours_ms[shift])
    if visit < 0:
        return from_ms, until_ms
    visits = day.visits
    service_ms = int(visits.service_ms[shift, visit])
    first_ms, last_ms = (
        int(visits.windows_ms[visit, 0, 0]),
        int(visits.windows_ms[visit, :, 1].max()),
    )
    earlier_ms = service_ms if visits.sense[visit] == 1 else 0
    later_ms = int(visits.set_up_ms[visit]) if visits.sense[visit] == 2 else 0  # noqa: PLR2004
    return max(from_ms, first_ms - earlier_ms), min(
        until_ms - service_ms, last_ms - earlier_ms + later_ms
    )
