"""What a leg between two visits takes and costs at least, wherever a car may be parked."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ntgeo.routing.figures import NO_WAY_MS, DayArrays

__all__ = ["LeastLegs", "least_legs"]

FloatArray = npt.NDArray[np.float64]

_MS_PER_S = 1000.0


class LeastLegs(NamedTuple):
    """Legs of a shift: rows are the visits, then its start; columns the visits, then its end.

    Attributes:
        travel_s: Travel and parking; infinite where there is no way.
        gbp: Mileage and travel, pay left out.
    """

    travel_s: FloatArray
    gbp: FloatArray


def least_legs(day: DayArrays, shift: int) -> LeastLegs:
    """Return the legs of a shift: exact, or at least so much for those who walk from a car."""
    shifts, legs = day.shifts, day.legs
    way, end = shifts.way[shift], shifts.end_place[shift]
    visits = np.arange(legs.depot_count, legs.leg_ms.shape[1])
    rows = np.append(visits, shifts.start_place[shift])
    columns = np.append(visits, shifts.start_place[shift] if end < 0 else end)
    travel_s = _seconds(legs.travel_ms[way][np.ix_(rows, columns)])
    parking_s = _seconds((legs.leg_ms - legs.travel_ms)[way][np.ix_(rows, columns)])
    distance_m = legs.distance_m[way][np.ix_(rows, columns)].copy()
    if end < 0:
        travel_s[:, -1] = parking_s[:, -1] = distance_m[:, -1] = 0.0
    if shifts.walks_up_to_ms[shift] < 0:
        travel_s += parking_s
    else:
        foot_s = _seconds(legs.foot_ms[np.ix_(visits, visits)])
        most_s = shifts.walks_up_to_ms[shift] / _MS_PER_S
        travel_s, distance_m = _wherever_parked(travel_s, parking_s, distance_m, (foot_s, most_s))
    gbp = shifts.mileage_gbp_per_m[shift] * distance_m
    is_way = np.isfinite(travel_s)
    gbp[is_way] += shifts.travel_gbp_per_ms[shift] * _MS_PER_S * travel_s[is_way]
    return LeastLegs(travel_s, gbp)


def _seconds(duration_ms: npt.NDArray[np.int64]) -> FloatArray:
    return np.where(duration_ms >= NO_WAY_MS, np.inf, duration_ms / _MS_PER_S)


def _wherever_parked(
    drive_s: FloatArray,
    parking_s: FloatArray,
    distance_m: FloatArray,
    walk: tuple[FloatArray, float],
) -> tuple[FloatArray, FloatArray]:
    """Return time and distance of each leg at least.

    Who stands at a visit that they walked to left the car at one from which it can be walked to;
    they walk on, or back to the car and drive.

    Args:
        drive_s: (visits + start, visits + end) by car.
        parking_s: As much again, to park.
        distance_m: As much again, driven.
        walk: (visits, visits) seconds on foot, and the longest walk.
    """
    foot_s, most_s = walk
    time_s, least_m = drive_s + parking_s, distance_m.copy()
    for here in range(len(foot_s)):
        cars = np.flatnonzero(foot_s[:, here] <= most_s)
        back_s = (foot_s[here, cars][:, None] + drive_s[cars]).min(axis=0)
        time_s[here] = np.minimum(time_s[here], back_s + parking_s[here])
        least_m[here] = distance_m[cars].min(axis=0)
        near = np.flatnonzero(foot_s[here] <= most_s)
        time_s[here, near] = np.minimum(time_s[here, near], foot_s[here, near])
        least_m[here, near] = 0.0
    return time_s, least_m
