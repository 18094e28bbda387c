"""Visits as arrays: who may make them, when, and what each assignment costs."""

from __future__ import annotations

from typing import Final, NamedTuple

from ntgeo.domain.routing import (
    PRIORITIES,
    NotAlone,
    PlaceInRound,
    RoutingProblem,
    Shift,
    Visit,
    WindowSense,
)
from ntgeo.routing.figures.arrays import (
    MS_PER_MINUTE,
    MS_PER_S,
    BoolArray,
    FloatArray,
    IntArray,
    bools,
    floats,
    ints,
)
from ntgeo.routing.figures.shift_arrays import NEVER_MS
from ntgeo.routing.figures.windows import joined_windows

__all__ = ["VisitArrays", "visit_arrays"]

_SENSES: Final = (WindowSense.START, WindowSense.FINISH, WindowSense.ARRIVE)
_PLACES: Final = (None, PlaceInRound.FIRST, PlaceInRound.LAST)
_TWO: Final = 2


class VisitArrays(NamedTuple):
    """Visits, in the problem's order.

    Attributes:
        may_make: (shifts, visits) whether the shift may ever take part: skills, required and
            forbidden staff, capacity, a crew whose pinned shifts leave room for it, and company
            for those who may not go alone.
        service_ms: (shifts, visits) how long the shift's member of staff is there.
        assign_gbp: (shifts, visits) price of the shift taking part: new face, not preferred,
            moved.
        is_pinned_to: (shifts, visits) whether the shift takes part if the visit is made.
        crew_by_day: (visits,) how many people come if all of it is in daylight.
        crew_after_dark: (visits,) how many come if any of it is not; the same as by day for
            visits that do not ask for company after dark.
        sense: (visits,) what falls within a window: 0 its beginning, 1 the leaving of each who
            comes, 2 the coming in (beginning less set-up) of each who comes.
        windows_ms: (visits, windows, 2) first and last moment of each window; they are in order
            and neither touch nor overlap; places left over hold ``NEVER_MS, -NEVER_MS``. Of a
            visit pinned to a moment: that moment, in sense 0.
        soft_ms: (visits, soft windows, 2) between which beginning costs nothing; places left over
            hold ``-NEVER_MS, NEVER_MS``.
        soft_gbp_per_ms: (visits, soft windows, 2) price of beginning sooner, and later.
        set_up_ms: (visits,) not needed of those who come from the same address.
        pinned_place: (visits,) 0 anywhere, 1 first of each round it is in, 2 last.
        load: (visits,) of each who comes.
        priority: (visits,) 1 to 5.
        unmade_weight: (visits,) one visit outweighs all visits of the later priorities together.
        unmade_gbp: (visits,) price of not making it; 0 where priorities come first.
    """

    may_make: BoolArray
    service_ms: IntArray
    assign_gbp: FloatArray
    is_pinned_to: BoolArray
    crew_by_day: IntArray
    crew_after_dark: IntArray
    sense: IntArray
    windows_ms: IntArray
    soft_ms: IntArray
    soft_gbp_per_ms: FloatArray
    set_up_ms: IntArray
    pinned_place: IntArray
    load: FloatArray
    priority: IntArray
    unmade_weight: IntArray
    unmade_gbp: FloatArray


def visit_arrays(problem: RoutingProblem) -> VisitArrays:
    """Return the visits of a problem as arrays."""
    visits, shifts = problem.visits, problem.shifts
    shape = len(shifts), len(visits)
    return VisitArrays(
        may_make=bools([[_may_make(s, v) for v in visits] for s in shifts], *shape),
        service_ms=ints(
            [[round(MS_PER_S * v.service_s_of(s.staff)) for v in visits] for s in shifts], *shape
        ),
        assign_gbp=floats([[_assign_gbp(problem, s, v) for v in visits] for s in shifts], *shape),
        is_pinned_to=bools([[s.id in v.pin.shifts for v in visits] for s in shifts], *shape),
        crew_by_day=ints([visit.least_crew for visit in visits]),
        crew_after_dark=ints([_greatest_crew(visit) for visit in visits]),
        sense=ints([_sense(visit) for visit in visits]),
        windows_ms=_windows_ms(visits),
        soft_ms=_soft_ms(visits),
        soft_gbp_per_ms=_soft_gbp_per_ms(visits),
        set_up_ms=ints([MS_PER_S * visit.set_up_s for visit in visits]),
        pinned_place=ints([_PLACES.index(visit.pin.place) for visit in visits]),
        load=floats([visit.load for visit in visits]),
        priority=ints([visit.priority for visit in visits]),
        unmade_weight=_unmade_weights([visit.priority for visit in visits]),
        unmade_gbp=floats([problem.prices.unmade_gbp_of(visit) for visit in visits]),
    )


def _may_make(shift: Shift, visit: Visit) -> bool:
    return (
        visit.skills <= shift.skills
        and shift.staff not in visit.forbidden_staff
        and (not visit.required_staff or shift.staff in visit.required_staff)
        and (shift.capacity is None or visit.load <= shift.capacity)
        and (shift.may_go_alone or _greatest_crew(visit) >= _TWO)
        and (shift.id in visit.pin.shifts or len(visit.pin.shifts) < _greatest_crew(visit))
    )


def _greatest_crew(visit: Visit) -> int:
    after_dark = _TWO if visit.not_alone is NotAlone.AFTER_DARK else 1
    return max(visit.least_crew, after_dark)


def _assign_gbp(problem: RoutingProblem, shift: Shift, visit: Visit) -> float:
    is_new = bool(visit.usual_staff) and shift.staff not in visit.usual_staff
    is_other = bool(visit.preferred_staff) and shift.staff not in visit.preferred_staff
    is_moved = bool(visit.planned_staff) and shift.staff not in visit.planned_staff
    prices = problem.prices
    return (
        prices.new_face_gbp * is_new
        + prices.not_preferred_gbp * is_other
        + prices.moved_gbp * is_moved
    )


def _sense(visit: Visit) -> int:
    return 0 if visit.pin.begin_s is not None else _SENSES.index(visit.window_sense)


def _windows_ms(visits: tuple[Visit, ...]) -> IntArray:
    return _filled_up([_open_ms(visit) for visit in visits], (NEVER_MS, -NEVER_MS))


def _open_ms(visit: Visit) -> list[tuple[int, int]]:
    at_s = visit.pin.begin_s
    if at_s is not None:
        return [(round(MS_PER_S * at_s), round(MS_PER_S * at_s))]
    return [(MS_PER_S * w.start_s, MS_PER_S * w.end_s) for w in joined_windows(visit.windows)]


def _soft_ms(visits: tuple[Visit, ...]) -> IntArray:
    rows = [
        [(MS_PER_S * soft.window.start_s, MS_PER_S * soft.window.end_s) for soft in v.soft_windows]
        for v in visits
    ]
    return _filled_up(rows, (-NEVER_MS, NEVER_MS))


def _filled_up(rows: list[list[tuple[int, int]]], filler: tuple[int, int]) -> IntArray:
    most = max((len(row) for row in rows), default=0)
    return ints([row + [filler] * (most - len(row)) for row in rows], len(rows), most, 2)


def _soft_gbp_per_ms(visits: tuple[Visit, ...]) -> FloatArray:
    most = max((len(visit.soft_windows) for visit in visits), default=0)
    rows = [
        [(s.early_gbp_per_minute, s.late_gbp_per_minute) for s in visit.soft_windows]
        + [(0.0, 0.0)] * (most - len(visit.soft_windows))
        for visit in visits
    ]
    return floats(rows, len(rows), most, 2) / MS_PER_MINUTE


def _unmade_weights(priorities: list[int]) -> IntArray:
    weight_of: dict[int, int] = {}
    heaviest = 1
    for priority in reversed(PRIORITIES):
        weight_of[priority] = heaviest
        heaviest *= priorities.count(priority) + 1
    return ints([weight_of[priority] for priority in priorities])
