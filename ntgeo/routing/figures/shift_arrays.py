"""Shifts as arrays: hours, places, breaks, limits and costs."""

from __future__ import annotations

from typing import Final, NamedTuple

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.routing import Break, RoutingProblem, Shift
from ntgeo.domain.units import METRES_PER_MILE
from ntgeo.routing.figures.arrays import (
    MS_PER_HOUR,
    MS_PER_S,
    BoolArray,
    FloatArray,
    IntArray,
    bools,
    floats,
    ints,
)

__all__ = ["NEVER_MS", "ShiftArrays", "shift_arrays"]

NEVER_MS: Final = 1 << 40
"""A moment after every day, and a duration longer than any; sums of a thousand stay exact."""


class ShiftArrays(NamedTuple):
    """Shifts, in the problem's order.

    Attributes:
        staff: (shifts,) number of the member of staff, in order of id.
        kind: (shifts,) first shift that is the same but for its id and staff, and for what
            visits say of its staff.
        start_place: (shifts,) place where it starts.
        end_place: (shifts,) place where it ends; -1 for that of its last visit.
        hours_ms: (shifts, 2) from when to when.
        way: (shifts,) which of the legs' ways it travels by.
        walks_up_to_ms: (shifts,) longest walk from the parked car; -1 for none.
        parking_ms: (shifts,) from the end of a drive to a visit's door.
        break_count: (shifts,).
        breaks_ms: (shifts, breaks, 4) first and last moment it may begin, its length, and after
            how long at most it begins (since the round, or the break before, was over); the last
            is -1 for a break that every round has. Without a window: the shift's hours.
        is_break_paid: (shifts, breaks).
        capacity: (shifts,) infinite for unlimited.
        most_work_ms: (shifts,) ``NEVER_MS`` for unlimited.
        most_travel_ms: (shifts,) of travel and parking; ``NEVER_MS`` for unlimited.
        most_distance_m: (shifts,) infinite for unlimited, and on foot.
        may_go_alone: (shifts,).
        overtime_after_ms: (shifts,) ``NEVER_MS`` for none.
        overtime_gbp_per_ms: (shifts,) on top of pay.
        pay_gbp_per_ms: (shifts,) of work.
        travel_gbp_per_ms: (shifts,) of travel and parking, on top of pay.
        mileage_gbp_per_m: (shifts,) 0 on foot.
        round_gbp: (shifts,) of having a round at all.
    """

    staff: IntArray
    kind: IntArray
    start_place: IntArray
    end_place: IntArray
    hours_ms: IntArray
    way: IntArray
    walks_up_to_ms: IntArray
    parking_ms: IntArray
    break_count: IntArray
    breaks_ms: IntArray
    is_break_paid: BoolArray
    capacity: FloatArray
    most_work_ms: IntArray
    most_travel_ms: IntArray
    most_distance_m: FloatArray
    may_go_alone: BoolArray
    overtime_after_ms: IntArray
    overtime_gbp_per_ms: FloatArray
    pay_gbp_per_ms: FloatArray
    travel_gbp_per_ms: FloatArray
    mileage_gbp_per_m: FloatArray
    round_gbp: FloatArray


def shift_arrays(problem: RoutingProblem, way: IntArray) -> ShiftArrays:
    """Return the shifts of a problem as arrays.

    Args:
        problem: The question.
        way: (shifts,) by which way each travels.
    """
    shifts = problem.shifts
    place_of = {place: number for number, place in enumerate(problem.place_ids)}
    staff = sorted({shift.staff for shift in shifts})
    ends = [-1 if s.end_place is None else place_of[s.end_place] for s in shifts]
    hours = [(MS_PER_S * s.hours.start_s, MS_PER_S * s.hours.end_s) for s in shifts]
    late = [s.overtime for s in shifts]
    return ShiftArrays(
        staff=ints([staff.index(s.staff) for s in shifts]),
        kind=_kinds(shifts),
        start_place=ints([place_of[s.start_place] for s in shifts]),
        end_place=ints(ends),
        hours_ms=ints(hours, len(shifts), 2),
        way=way,
        walks_up_to_ms=ints([_ms(s.walks_up_to_s, -1) for s in shifts]),
        parking_ms=ints([_ms(s.parking_s, 0) for s in shifts]),
        break_count=ints([len(s.breaks) for s in shifts]),
        breaks_ms=_breaks_ms(shifts),
        is_break_paid=_is_break_paid(shifts),
        capacity=floats([float("inf") if s.capacity is None else s.capacity for s in shifts]),
        most_work_ms=ints([_ms(s.most_work_s, NEVER_MS) for s in shifts]),
        most_travel_ms=ints([_ms(s.most_travel_s, NEVER_MS) for s in shifts]),
        most_distance_m=floats([_most_distance_m(s) for s in shifts]),
        may_go_alone=bools([s.may_go_alone for s in shifts]),
        overtime_after_ms=ints([_ms(o.after_s if o else None, NEVER_MS) for o in late]),
        overtime_gbp_per_ms=floats([o.gbp_per_hour if o else 0.0 for o in late]) / MS_PER_HOUR,
        pay_gbp_per_ms=floats([s.costs.pay_gbp_per_hour for s in shifts]) / MS_PER_HOUR,
        travel_gbp_per_ms=floats([s.costs.travel_gbp_per_hour for s in shifts]) / MS_PER_HOUR,
        mileage_gbp_per_m=floats([_gbp_per_mile(s) for s in shifts]) / METRES_PER_MILE,
        round_gbp=floats([s.costs.round_gbp for s in shifts]),
    )


def _ms(duration_s: int | None, without: int) -> int:
    return without if duration_s is None else MS_PER_S * duration_s


def _most_distance_m(shift: Shift) -> float:
    if shift.most_distance_m is None or shift.mode is TravelMode.FOOT:
        return float("inf")
    return shift.most_distance_m


def _gbp_per_mile(shift: Shift) -> float:
    return 0.0 if shift.mode is TravelMode.FOOT else shift.costs.mileage_gbp_per_mile


def _breaks_ms(shifts: tuple[Shift, ...]) -> IntArray:
    most = _most_breaks(shifts)
    rows = [
        [_break_ms(s, rest) for rest in s.breaks] + [(0, 0, 0, -1)] * (most - len(s.breaks))
        for s in shifts
    ]
    return ints(rows, len(rows), most, 4)


def _break_ms(shift: Shift, rest: Break) -> tuple[int, int, int, int]:
    window = rest.window or shift.hours
    return (
        MS_PER_S * window.start_s,
        MS_PER_S * window.end_s,
        MS_PER_S * rest.duration_s,
        _ms(rest.after_work_s, -1),
    )


def _is_break_paid(shifts: tuple[Shift, ...]) -> BoolArray:
    most = _most_breaks(shifts)
    rows = [[rest.is_paid for rest in s.breaks] + [True] * (most - len(s.breaks)) for s in shifts]
    return bools(rows, len(rows), most)


def _most_breaks(shifts: tuple[Shift, ...]) -> int:
    return max((len(shift.breaks) for shift in shifts), default=0)


def _kinds(shifts: tuple[Shift, ...]) -> IntArray:
    first: dict[object, int] = {}
    return ints([first.setdefault(_kind(s), number) for number, s in enumerate(shifts)])


def _kind(shift: Shift) -> tuple[object, ...]:
    fields = (name for name in Shift.__dataclass_fields__ if name not in {"id", "staff"})
    return tuple(getattr(shift, name) for name in fields)
