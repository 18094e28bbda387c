"""Ways between places as arrays, and the leg that somebody takes who may walk from their car."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numba import njit

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.routing import RoutingProblem
from ntgeo.routing.figures.arrays import MS_PER_S, FloatArray, IntArray, ints

__all__ = ["NO_WAY_MS", "LegArrays", "leg_arrays", "leg_between", "ways_of"]

NO_WAY_MS: Final = 1 << 38
"""Travel time where there is no way: longer than any day, so that nobody arrives in time."""


class LegArrays(NamedTuple):
    """Legs between places: depots, then visits.

    Attributes:
        depot_count: The place of visit *v* is ``depot_count + v``.
        leg_ms: (ways, places, places) travel and, on reaching a visit at another address,
            parking; 0 from a place to itself, at least ``NO_WAY_MS`` where there is no way. A way
            is a matrix and a time to park.
        travel_ms: (ways, places, places) of it, travel.
        distance_m: (ways, places, places) driven, cycled or, by a way on foot, walked.
        foot_ms: (places, places) on foot, for walks from a parked car; (0, 0) if nobody does.
        address: (places,) the same number for visits at one door; every other place has its own.
    """

    depot_count: int
    leg_ms: IntArray
    travel_ms: IntArray
    distance_m: FloatArray
    foot_ms: IntArray
    address: IntArray


def ways_of(problem: RoutingProblem) -> tuple[IntArray, list[tuple[TravelTimeMatrix, int]]]:
    """Return (shifts,) the way of each shift, and each way's matrix and seconds to park."""
    number_of: dict[tuple[object, ...], int] = {}
    way: list[int] = []
    ways: list[tuple[TravelTimeMatrix, int]] = []
    for shift in problem.shifts:
        name = (shift.mode, shift.traffic_at, shift.parking_s)
        if name not in number_of:
            number_of[name] = len(ways)
            ways.append((problem.travel_of(shift), shift.parking_s))
        way.append(number_of[name])
    return ints(way), ways


def leg_arrays(problem: RoutingProblem, ways: list[tuple[TravelTimeMatrix, int]]) -> LegArrays:
    """Return the legs of a problem as arrays.

    Args:
        problem: The question.
        ways: Each way's matrix and seconds to park.
    """
    depots, places = len(problem.depots), len(problem.place_ids)
    address = _addresses(problem)
    parks = np.tile(np.arange(places) >= depots, (places, 1))
    parks &= address[:, None] != address[None, :]
    travel_ms = [_whole_ms(matrix) for matrix, _ in ways]
    leg_ms = [
        time_ms + MS_PER_S * parking_s * parks
        for time_ms, (_, parking_s) in zip(travel_ms, ways, strict=True)
    ]
    walks = any(shift.walks_up_to_s is not None for shift in problem.shifts)
    shape = len(ways), places, places
    return LegArrays(
        depot_count=depots,
        leg_ms=np.array(leg_ms, dtype=np.int64).reshape(shape),
        travel_ms=np.array(travel_ms, dtype=np.int64).reshape(shape),
        distance_m=np.array([_distance_m(matrix) for matrix, _ in ways]).reshape(shape),
        foot_ms=_whole_ms(problem.foot_travel) if walks else np.zeros((0, 0), dtype=np.int64),
        address=address,
    )


def _addresses(problem: RoutingProblem) -> IntArray:
    """Return (places,) a number for each door."""
    first: dict[str, int] = {}
    doors = list(range(len(problem.place_ids)))
    for place, visit in enumerate(problem.visits, start=len(problem.depots)):
        if visit.address is not None:
            doors[place] = first.setdefault(visit.address, place)
    return ints(doors)


def _whole_ms(matrix: TravelTimeMatrix) -> IntArray:
    time_s = np.where(matrix.is_reachable, matrix.time_s, 0.0)
    time_ms = np.round(time_s * MS_PER_S).astype(np.int64)
    time_ms[~matrix.is_reachable] = NO_WAY_MS
    np.fill_diagonal(time_ms, 0)
    return time_ms


def _distance_m(matrix: TravelTimeMatrix) -> FloatArray:
    distance_m = np.where(matrix.is_reachable, matrix.distance_m, 0.0)
    np.fill_diagonal(distance_m, 0.0)
    return distance_m


@njit(cache=True, nogil=True)
def leg_between(day: Any, shift: int, car: int, here: int, there: int) -> Any:
    """Return the leg of a shift from a stop to the next.

    Those who walk from their car walk to the next visit if it is near enough both to where they
    are and to the car, and no longer than walking back and driving (and parking). To the end of
    a round, and from its start, they drive.

    Args:
        day: The arrays of the day (:class:`DayArrays`).
        shift: Whose leg.
        car: Place where the car is parked; ``here`` for those who do not walk from one.
        here: Place left.
        there: Place reached.

    Returns:
        Milliseconds of travel, of parking and of walking (part of travel), metres, and the place
        of the car afterwards.
    """
    legs, shifts = day.legs, day.shifts
    way = shifts.way[shift]
    parking_ms = legs.leg_ms[way, here, there] - legs.travel_ms[way, here, there]
    longest_ms = shifts.walks_up_to_ms[shift]
    if longest_ms < 0 or here < legs.depot_count:
        return (
            legs.travel_ms[way, here, there],
            parking_ms,
            np.int64(0),
            legs.distance_m[way, here, there],
            there,
        )
    back_ms = legs.foot_ms[here, car]
    drive_ms = back_ms + legs.travel_ms[way, car, there]
    if there >= legs.depot_count:
        walk_ms = legs.foot_ms[here, there]
        is_near = walk_ms <= longest_ms and legs.foot_ms[car, there] <= longest_ms
        if is_near and walk_ms <= drive_ms + parking_ms:
            return walk_ms, np.int64(0), walk_ms, 0.0, car
    return drive_ms, parking_ms, back_ms, legs.distance_m[way, car, there], there
