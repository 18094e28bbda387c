"""The way from a stop to the next, at the prices of a shift."""

from __future__ import annotations

from typing import Any

import numpy as np

from ntgeo.routing.general.facts import (
    ADDRESS,
    END,
    MILEAGE,
    PARKING_MS,
    SET_UP_MS,
    START,
    TRAVEL,
    WALKS_MS,
    WAY,
)
from ntgeo.routing.general.rounds import CAR, NOBODY, VISIT
from ntgeo.routing.kernel import entry, inlined, kernel

__all__ = ["last_leg", "place_of", "set_up", "way_between"]


@inlined
def place_of(day: Any, rounds: Any, shift: int, row: int, at: int) -> int:
    """Return the place of a stop."""
    if at == 0:
        return day.shift[shift, START]
    return day.depot_count + rounds.stop[row, at, VISIT]


@inlined
def _is_same_door(day: Any, here: int, there: int) -> bool:
    depots = day.depot_count
    if here < depots or there < depots:
        return here == there
    return day.visit[here - depots, ADDRESS] == day.visit[there - depots, ADDRESS]


@inlined
def set_up(day: Any, here: int, visit: int) -> Any:
    """Return the set-up of a visit for somebody who comes from a place."""
    if day.visit[visit, SET_UP_MS] == 0 or _is_same_door(day, here, day.depot_count + visit):
        return np.int64(0)
    return day.visit[visit, SET_UP_MS]


@kernel
def way_between(day: Any, shift: int, car: int, here: int, there: int) -> Any:
    """Return time to the door, price, metres driven, and the car's place afterwards."""
    way, after = day.shift[shift, WAY], there
    time_ms, metres = day.leg_ms[way, here, there], day.metres[way, here, there]
    if day.shift[shift, WALKS_MS] >= 0 and here >= day.depot_count:
        time_ms, metres, after = _walk_or_drive(day, shift, car, here, there)
    gbp = day.shift_gbp[shift, MILEAGE] * metres + day.shift_gbp[shift, TRAVEL] * time_ms
    return time_ms, gbp, metres, after


@inlined
def _walk_or_drive(day: Any, shift: int, car: int, here: int, there: int) -> Any:
    """Return time, metres driven and the car's place; as ``figures.leg_between`` does."""
    way, longest_ms, foot_ms = day.shift[shift, WAY], day.shift[shift, WALKS_MS], day.foot_ms
    is_visit = there >= day.depot_count
    parking_ms = day.shift[shift, PARKING_MS]
    drive_ms = foot_ms[here, car] + day.leg_ms[way, car, there]
    if is_visit and not _is_same_door(day, car, there):
        drive_ms -= parking_ms
    if is_visit and not _is_same_door(day, here, there):
        drive_ms += parking_ms
    walk_ms = foot_ms[here, there]
    is_near = is_visit and walk_ms <= longest_ms and foot_ms[car, there] <= longest_ms
    if is_near and walk_ms <= drive_ms:
        return walk_ms, 0.0, car
    return drive_ms, day.metres[way, car, there], there


@entry
def last_leg(day: Any, rounds: Any, shift: int, row: int, at: int) -> Any:
    """Return time, price and metres from a stop to the end of the round."""
    end = day.shift[shift, END]
    if end == NOBODY:
        return np.int64(0), 0.0, 0.0
    here = place_of(day, rounds, shift, row, at)
    time_ms, gbp, metres, _ = way_between(day, shift, rounds.stop[row, at, CAR], here, end)
    return time_ms, gbp, metres
