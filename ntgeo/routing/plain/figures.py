"""The question as flat arrays, in the form that the compiled search reads."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ntgeo.domain.routing import (
    PRIORITIES,
    RoutingProblem,
    Shift,
    ShiftCosts,
    Visit,
)
from ntgeo.domain.units import METRES_PER_MILE, SECONDS_PER_HOUR
from ntgeo.routing.figures import joined_windows

__all__ = ["DayFigures", "day_figures"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


class DayFigures(NamedTuple):
    """A day's visits and shifts as arrays; indices follow the problem's order.

    Attributes:
        travel_s: (places, places) depots, then visits; infinite where there is no way, so that
            such a leg can never arrive within a window.
        leg_cost: (places, places) what a leg adds to the objective.
        work_weight: What a second between leaving the start and reaching the end adds to it.
        depot_count: Place of visit *v* is ``depot_count + v``.
        service_s: (visits,).
        windows_s: (visits, 2 × windows) earliest and latest begin of each window in order; they
            neither touch nor overlap; places left over hold infinity and minus infinity.
        unmade_weight: (visits,) one visit outweighs all visits of the later priorities together.
        may_make: (shifts, visits) whether the shift has the skills and the capacity.
        ends: (shifts, 2) places where it starts and ends.
        hours_s: (shifts, 2) from when to when.
        rest_s: (shifts, 3) earliest and latest begin of the break, and its length; 0 for none.
        load: (visits,).
        capacity: (shifts,) infinite for unlimited.
        kind: (shifts,) first shift that is the same but for its id and staff.
    """

    travel_s: FloatArray
    leg_cost: FloatArray
    work_weight: float
    depot_count: int
    service_s: FloatArray
    windows_s: FloatArray
    unmade_weight: IntArray
    may_make: BoolArray
    ends: IntArray
    hours_s: FloatArray
    rest_s: FloatArray
    load: FloatArray
    capacity: FloatArray
    kind: IntArray


def day_figures(problem: RoutingProblem) -> DayFigures:
    """Return the arrays of a problem."""
    visits, shifts = problem.visits, problem.shifts
    place_of = {place: index for index, place in enumerate(problem.place_ids)}
    travel_s = np.where(problem.travel.is_reachable, problem.travel.time_s, np.inf)
    np.fill_diagonal(travel_s, 0.0)
    return DayFigures(
        travel_s=travel_s,
        leg_cost=_leg_cost(problem, travel_s),
        work_weight=_costs(problem).pay_gbp_per_hour / SECONDS_PER_HOUR,
        depot_count=len(problem.depots),
        service_s=np.array([visit.service_s for visit in visits], dtype=np.float64),
        windows_s=_windows(problem),
        unmade_weight=_unmade_weights([visit.priority for visit in visits]),
        may_make=np.array(
            [[_may_make(shift, visit) for visit in visits] for shift in shifts], dtype=np.bool_
        ).reshape(len(shifts), len(visits)),
        ends=np.array(
            [
                [place_of[shift.start_place], place_of[shift.end_place or shift.start_place]]
                for shift in shifts
            ],
            dtype=np.int64,
        ).reshape(-1, 2),
        hours_s=np.array(
            [[shift.hours.start_s, shift.hours.end_s] for shift in shifts], dtype=np.float64
        ).reshape(-1, 2),
        rest_s=np.array([_rest(shift) for shift in shifts], dtype=np.float64).reshape(-1, 3),
        load=np.array([visit.load for visit in visits], dtype=np.float64),
        capacity=np.array([_capacity(shift) for shift in shifts], dtype=np.float64),
        kind=_kinds(shifts),
    )


def _leg_cost(problem: RoutingProblem, travel_s: FloatArray) -> FloatArray:
    costs, travel = _costs(problem), problem.travel
    distance_m = np.where(travel.is_reachable, travel.distance_m, 0.0)
    np.fill_diagonal(distance_m, 0.0)
    cost = costs.mileage_gbp_per_mile / METRES_PER_MILE * distance_m
    cost[np.isinf(travel_s)] = np.inf
    travel_gbp_per_s = costs.travel_gbp_per_hour / SECONDS_PER_HOUR
    return cost + travel_gbp_per_s * travel_s if travel_gbp_per_s > 0.0 else cost


def _costs(problem: RoutingProblem) -> ShiftCosts:
    return problem.shifts[0].costs if problem.shifts else ShiftCosts()


def _may_make(shift: Shift, visit: Visit) -> bool:
    return visit.skills <= shift.skills and visit.load <= _capacity(shift)


def _capacity(shift: Shift) -> float:
    return np.inf if shift.capacity is None else shift.capacity


def _windows(problem: RoutingProblem) -> FloatArray:
    joined = [joined_windows(visit.windows) for visit in problem.visits]
    most = max((len(several) for several in joined), default=1)
    windows_s = np.tile([np.inf, -np.inf], (len(joined), most))
    for visit, several in enumerate(joined):
        for number, window in enumerate(several):
            windows_s[visit, 2 * number : 2 * number + 2] = window.start_s, window.end_s
    return windows_s


def _rest(shift: Shift) -> tuple[int, int, int]:
    if not shift.breaks:
        return 0, 0, 0
    rest = shift.breaks[0]
    window = rest.window or shift.hours
    return window.start_s, window.end_s, rest.duration_s


def _unmade_weights(priorities: list[int]) -> IntArray:
    weight_of: dict[int, int] = {}
    heaviest = 1
    for priority in reversed(PRIORITIES):
        weight_of[priority] = heaviest
        heaviest *= priorities.count(priority) + 1
    return _ints([weight_of[priority] for priority in priorities])


def _kinds(shifts: tuple[Shift, ...]) -> IntArray:
    first: dict[object, int] = {}
    return _ints(
        [
            first.setdefault(
                (s.start_place, s.end_place, s.hours, s.skills, s.breaks, s.capacity), index
            )
            for index, s in enumerate(shifts)
        ]
    )


def _ints(values: list[int]) -> IntArray:
    return np.array(values, dtype=np.int64)
