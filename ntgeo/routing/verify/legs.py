"""Rules of the way from stop to stop, and of what happens at the door."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from ntgeo.domain.routing import Shift, Stop, StopKind
from ntgeo.domain.units import duration_text
from ntgeo.routing.verify.facts import SAME_S, Facts, Round, Said, differ, said

__all__ = [
    "Way",
    "arrivals",
    "begins",
    "distances",
    "durations",
    "is_same_door",
    "parking",
    "reachable",
    "set_up",
    "travel_times",
    "walks",
    "way_on",
    "way_to",
]


class Way(NamedTuple):
    """How one gets from a stop to the next; NaN where one cannot.

    Attributes:
        travel_s: On the way, walks included.
        distance_m: Driven or cycled.
        walk_s: From, or back to, a parked car.
        parking_s: From the end of the drive to the door.
        car: Where the car is then.
    """

    travel_s: float
    distance_m: float
    walk_s: float
    parking_s: float
    car: str


def way_to(facts: Facts, shift: Shift, here: str, car: str, there: str) -> Way:
    """Return the way from a stop to the next, which is another place.

    Those who drive and may walk leave the car where it is if the next visit is near enough to
    both, and walking is no longer than walking back and driving. From the start and to the end of
    a round they drive.

    Args:
        facts: The plan.
        shift: Whose way.
        here: Where they are.
        car: Where their car is.
        there: Where they go.
    """
    parks = there in facts.visits and not is_same_door(facts, here, there)
    parking_s = float(shift.parking_s) if parks else 0.0
    back_s = 0.0 if here == car else _foot_s(facts, here, car)
    drive_s, distance_m = _ridden(facts, shift, car, there)
    if shift.walks_up_to_s is not None and here in facts.visits and there in facts.visits:
        straight_s, from_car_s = _foot_s(facts, here, there), _foot_s(facts, car, there)
        ridden_s = math.inf if math.isnan(back_s + drive_s) else back_s + drive_s + parking_s
        if max(straight_s, from_car_s) <= shift.walks_up_to_s and straight_s <= ridden_s:
            return Way(straight_s, 0.0, straight_s, 0.0, car)
    return Way(back_s + drive_s, distance_m, back_s, parking_s, there)


def is_same_door(facts: Facts, here: str, there: str) -> bool:
    """Tell whether two places are visits at the same address."""
    if here not in facts.visits or there not in facts.visits:
        return False
    address = facts.visits[there].address
    return address is not None and facts.visits[here].address == address


def _foot_s(facts: Facts, here: str, there: str) -> float:
    time_s = facts.problem.foot_travel.time_s[facts.row_of[here], facts.row_of[there]]
    return 0.0 if here == there else float(time_s)


def _ridden(facts: Facts, shift: Shift, here: str, there: str) -> tuple[float, float]:
    if here == there:
        return 0.0, 0.0
    travel, leg = facts.problem.travel_of(shift), (facts.row_of[here], facts.row_of[there])
    return float(travel.time_s[leg]), float(travel.distance_m[leg])


def _ways(facts: Facts, one: Round) -> Iterator[tuple[Stop, Stop, Way]]:
    """Yield each stop but the first with the one before it, and the way that leads to it."""
    car = one.stops[0].place
    for before, after in one.legs:
        if before.place == after.place:
            way = Way(0.0, 0.0, 0.0, 0.0, car)
        else:
            way = way_to(facts, one.shift, before.place, car, after.place)
        car = way.car
        yield before, after, way


def way_on(facts: Facts, one: Round, there: str) -> Way:
    """Return the way that leads on from the last stop of a round, were it not over yet."""
    car = one.stops[0].place
    for before, stop, way in _ways(facts, one):
        if stop is one.stops[-1]:
            return way_to(facts, one.shift, before.place, car, there)
        car = way.car
    msg = f"{one.shift.id} has a round without an end"
    raise ValueError(msg)


def _known_ways(facts: Facts) -> Iterator[tuple[Round, Stop, Stop, Way]]:
    for one in facts.rounds:
        for before, after, way in _ways(facts, one):
            if not math.isnan(way.travel_s):
                yield one, before, after, way


def _of_leg(one: Round, before: Stop, after: Stop, text: str) -> Said:
    visit = after.place if after.kind is StopKind.VISIT else None
    where = f"{one.shift.id} from {before.place} to {after.place}"
    return said(f"{where}: {text}", shift=one.shift.id, visit=visit)


def _of_stop(one: Round, stop: Stop, text: str) -> Said:
    visit = stop.place if stop.kind is StopKind.VISIT else None
    return said(f"{one.shift.id} at {stop.place}: {text}", shift=one.shift.id, visit=visit)


def reachable(facts: Facts) -> Iterator[Said]:
    """There is a way."""
    for one in facts.rounds:
        for before, after, way in _ways(facts, one):
            if math.isnan(way.travel_s):
                yield _of_leg(one, before, after, "there is no way")


def travel_times(facts: Facts) -> Iterator[Said]:
    """Travel takes what the matrix of the shift says, and what walks take."""
    for one, before, after, way in _known_ways(facts):
        if differ(after.travel_s, way.travel_s):
            text = f"travel of {after.travel_s:g} s, where the matrix has {way.travel_s:g} s"
            yield _of_leg(one, before, after, text)


def distances(facts: Facts) -> Iterator[Said]:
    """Driven and cycled distances are those of the matrix."""
    for one, before, after, way in _known_ways(facts):
        if differ(after.distance_m, way.distance_m):
            text = f"{after.distance_m:g} m, where the matrix has {way.distance_m:g} m"
            yield _of_leg(one, before, after, text)


def walks(facts: Facts) -> Iterator[Said]:
    """Those who drive walk where, and only where, it is near enough."""
    for one, before, after, way in _known_ways(facts):
        if differ(after.walk_s, way.walk_s):
            text = f"a walk of {after.walk_s:g} s, where it is {way.walk_s:g} s"
            yield _of_leg(one, before, after, text)


def parking(facts: Facts) -> Iterator[Said]:
    """Parking takes its time, but not at the same door, on foot or at the end."""
    for one, before, after, way in _known_ways(facts):
        if differ(after.parking_s, way.parking_s):
            text = f"parking of {after.parking_s:g} s, where it takes {way.parking_s:g} s"
            yield _of_leg(one, before, after, text)


def arrivals(facts: Facts) -> Iterator[Said]:
    """A stop is reached when the one before was left and the way is done."""
    for one in facts.rounds:
        for before, after in one.legs:
            late_s = after.arrive_s - before.leave_s - after.travel_s - after.parking_s
            if differ(late_s, 0.0):
                text = f"reached {late_s:g} s away from leaving, travel and parking"
                yield _of_leg(one, before, after, text)


def set_up(facts: Facts) -> Iterator[Said]:
    """A visit is set up for once at its address; nothing else is."""
    for one in facts.rounds:
        for before, stop in one.legs:
            is_there = stop.place == before.place or is_same_door(facts, before.place, stop.place)
            is_visit = stop.kind is StopKind.VISIT
            needed_s = facts.visits[stop.place].set_up_s if is_visit and not is_there else 0
            if differ(stop.set_up_s, needed_s):
                yield _of_stop(one, stop, f"set-up of {stop.set_up_s:g} s, not {needed_s} s")


def begins(facts: Facts) -> Iterator[Said]:
    """A stop begins when it was reached, waited for and set up."""
    for one in facts.rounds:
        for stop in one.stops:
            if stop.wait_s < -SAME_S:
                at, early = facts.clock(stop.begin_s), duration_text(-stop.wait_s)
                yield _of_stop(one, stop, f"begins at {at}, {early} before anyone can be ready")
            if differ(stop.begin_s, stop.arrive_s + stop.wait_s + stop.set_up_s):
                apart_s = stop.begin_s - stop.arrive_s
                yield _of_stop(one, stop, f"begins {apart_s:g} s after it is reached")


def durations(facts: Facts) -> Iterator[Said]:
    """A visit lasts as long as it does for who comes."""
    for one in facts.rounds:
        for stop in one.visits:
            stay_s = stop.leave_s - stop.begin_s
            needed_s = facts.visits[stop.place].service_s_of(one.shift.staff)
            if differ(stay_s, needed_s):
                yield _of_stop(one, stop, f"the visit lasts {stay_s:g} s, not {needed_s} s")
