"""Checks a plan against the question alone: nothing here knows how plans are found.

Every rule is a function that yields one sentence for each breach. Times may differ by a
millisecond, since sums of decimals do.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from ntgeo.domain.routing import (
    Route,
    RoutePlan,
    RoutingProblem,
    Shift,
    Stop,
    StopKind,
    TimeWindow,
    Visit,
)
from ntgeo.domain.units import METRES_PER_MILE, SECONDS_PER_HOUR, clock_text
from ntgeo.routing.verify.unmade import unmade_faults

__all__ = ["find_faults"]

_SAME = 1e-3


def find_faults(problem: RoutingProblem, plan: RoutePlan) -> tuple[str, ...]:
    """Return every breach of a rule as a sentence; an empty tuple means the plan stands.

    Args:
        problem: The question.
        plan: The answer, from wherever it came.
    """
    check = _Check(problem)
    faults = [*check.membership(plan)]
    for route in plan.routes:
        faults.extend(check.route(route))
    faults.extend(check.people(plan))
    if not faults:
        faults.extend(_objective(problem, plan))
        faults.extend(unmade_faults(problem, plan))
    return tuple(faults)


def _differ(one: float, other: float) -> bool:
    return not abs(one - other) <= _SAME


def _objective(problem: RoutingProblem, plan: RoutePlan) -> Iterator[str]:
    report, cost = plan.report, 0.0
    costs_of = {shift.id: shift.costs for shift in problem.shifts}
    for route in plan.routes:
        costs = costs_of[route.shift]
        travel_s = sum(stop.travel_s for stop in route.stops)
        cost += costs.travel_gbp_per_hour / SECONDS_PER_HOUR * travel_s
        distance_m = sum(stop.distance_m for stop in route.stops)
        cost += costs.mileage_gbp_per_mile / METRES_PER_MILE * distance_m
        work_s = route.stops[-1].arrive_s - route.stops[0].leave_s
        cost += costs.pay_gbp_per_hour / SECONDS_PER_HOUR * work_s
    if _differ(report.objective, cost):
        yield f"the report says {report.objective:,.1f}, but travel and work come to {cost:,.1f}"
    if report.is_maximised:
        yield "the report says that more travel and work are better"
    if report.bound is not None and report.bound > cost + _SAME:
        yield f"the bound {report.bound:,.1f} is above the plan's {cost:,.1f}"


class _Check:
    """The rules of a round and of the plan as a whole."""

    def __init__(self, problem: RoutingProblem) -> None:
        self.day = problem.day
        self.visits: dict[str, Visit] = {visit.id: visit for visit in problem.visits}
        self.shifts: dict[str, Shift] = {shift.id: shift for shift in problem.shifts}
        self.row_of = {place: row for row, place in enumerate(problem.place_ids)}
        self.travel = problem.travel

    def membership(self, plan: RoutePlan) -> Iterator[str]:
        """Each visit once, each shift at most once, all of them known, all in order."""
        made = Counter(
            stop.place
            for route in plan.routes
            for stop in route.stops
            if stop.kind is StopKind.VISIT
        )
        unmade = Counter(str(visit.visit) for visit in plan.unmade)
        for visit in sorted({*made, *unmade} - set(self.visits)):
            yield f"{visit} is in the plan, but is no visit of the problem"
        for visit in self.visits:
            if made[visit] + unmade[visit] == 0:
                yield f"{visit} is neither in a round nor said to be unmade"
            elif made[visit] > 1 or unmade[visit] > 1:
                yield f"{visit} is in the plan {made[visit] + unmade[visit]} times"
            elif made[visit] and unmade[visit]:
                yield f"{visit} is in a round and is said to be unmade"
        shifts = [str(route.shift) for route in plan.routes]
        for shift, times in Counter(shifts).items():
            if times > 1:
                yield f"{shift} has {times} rounds"
        if shifts != sorted(shifts):
            yield "the rounds are not in order of shift"
        if list(unmade) != sorted(unmade):
            yield "the unmade visits are not in order of id"

    def people(self, plan: RoutePlan) -> Iterator[str]:
        """Nobody works in two rounds at a time."""
        spans = sorted(
            (route.staff, route.stops[0].leave_s, route.stops[-1].arrive_s, route.shift)
            for route in plan.routes
            if route.stops
        )
        for (staff, _, end_s, shift), (other, start_s, _, later) in pairwise(spans):
            if staff == other and start_s < end_s - _SAME:
                yield f"{staff} works {shift} and {later} at the same time"

    def route(self, route: Route) -> Iterator[str]:
        """Every rule of one round."""
        shift = self.shifts.get(route.shift)
        if shift is None:
            yield f"{route.shift} has a round, but is no shift of the problem"
            return
        if route.staff != shift.staff:
            yield f"{shift.id} is {shift.staff}'s, but {route.staff} makes its round"
        kinds = [stop.kind for stop in route.stops]
        if kinds[:1] != [StopKind.START] or kinds[-1:] != [StopKind.END]:
            yield f"{shift.id}: the round does not begin with a start and end with an end"
            return
        if {StopKind.START, StopKind.END} & set(kinds[1:-1]):
            yield f"{shift.id}: the round starts or ends half-way"
            return
        if StopKind.VISIT not in kinds:
            yield f"{shift.id} has a round without any visit"
        yield from self._ends(shift, route)
        yield from self._break(shift, route)
        yield from self._load(shift, route)
        for stop in route.stops:
            yield from self._stop(shift, stop)
        for before, after in pairwise(route.stops):
            yield from self._leg(shift, before, after)

    def _ends(self, shift: Shift, route: Route) -> Iterator[str]:
        first, last = route.stops[0], route.stops[-1]
        if first.place != shift.start_place:
            yield f"{shift.id} starts at {first.place}, not at {shift.start_place}"
        if last.place != shift.end_place:
            yield f"{shift.id} ends at {last.place}, not at {shift.end_place}"
        if first.leave_s < shift.hours.start_s - _SAME:
            yield (
                f"{shift.id} leaves at {self._clock(first.leave_s)}, before its hours begin at "
                f"{self._clock(shift.hours.start_s)}"
            )
        if last.arrive_s > shift.hours.end_s + _SAME:
            yield (
                f"{shift.id} ends at {self._clock(last.arrive_s)}, after its hours end at "
                f"{self._clock(shift.hours.end_s)}"
            )
        if _differ(first.arrive_s, first.leave_s) or _differ(last.arrive_s, last.leave_s):
            yield f"{shift.id}: time passes at the start or the end of the round"
        if first.travel_s or first.distance_m:
            yield f"{shift.id}: the start of the round has travel of its own"

    def _break(self, shift: Shift, route: Route) -> Iterator[str]:
        breaks = [stop for stop in route.stops if stop.kind is StopKind.BREAK]
        if not shift.breaks:
            if breaks:
                yield f"{shift.id} has no break, but one is in its round"
            return
        window = shift.breaks[0].window or shift.hours
        if len(breaks) != 1:
            yield f"{shift.id} has {len(breaks)} breaks in its round, not 1"
        for taken in breaks:
            if not _is_within(taken.begin_s, (window,)):
                yield f"{shift.id}: the break at {self._clock(taken.begin_s)} is not in its window"
            if taken.travel_s or taken.distance_m:
                yield f"{shift.id}: there is travel to the break"

    def _load(self, shift: Shift, route: Route) -> Iterator[str]:
        made = [stop.place for stop in route.stops if stop.kind is StopKind.VISIT]
        load = sum(self.visits[place].load for place in made if place in self.visits)
        if shift.capacity is not None and load > shift.capacity + _SAME:
            yield f"{shift.id} carries {load:g}, more than its capacity of {shift.capacity:g}"

    def _stop(self, shift: Shift, stop: Stop) -> Iterator[str]:
        where = f"{shift.id} at {stop.place}"
        figures = (stop.travel_s, stop.distance_m, stop.arrive_s, stop.wait_s, stop.leave_s)
        if not all(map(math.isfinite, (*figures, stop.begin_s))):
            yield f"{where}: a figure is not finite"
            return
        if stop.wait_s < 0:
            yield f"{where}: waits {stop.wait_s:g} s"
        if _differ(stop.begin_s, stop.arrive_s + stop.wait_s):
            yield f"{where}: begins {stop.begin_s - stop.arrive_s:g} s after it is reached"
        stay_s = stop.leave_s - stop.begin_s
        break_s = shift.breaks[0].duration_s if shift.breaks else stay_s
        if stop.kind is StopKind.BREAK and _differ(stay_s, break_s):
            yield f"{where}: the break lasts {stay_s:g} s, not {break_s} s"
        visit = self.visits.get(stop.place)
        if stop.kind is not StopKind.VISIT or visit is None:
            return
        if _differ(stay_s, visit.service_s):
            yield f"{where}: the visit lasts {stay_s:g} s, not {visit.service_s} s"
        if not _is_within(stop.begin_s, visit.windows):
            yield f"{where}: begins at {self._clock(stop.begin_s)}, in none of its windows"
        for skill in sorted(visit.skills - shift.skills):
            yield f"{where}: {shift.id} lacks the skill {skill}"

    def _leg(self, shift: Shift, before: Stop, after: Stop) -> Iterator[str]:
        where = f"{shift.id} from {before.place} to {after.place}"
        if _differ(after.arrive_s, before.leave_s + after.travel_s):
            late_s = after.arrive_s - before.leave_s - after.travel_s
            yield f"{where}: reached {late_s:g} s away from leaving and travel"
        if after.kind is StopKind.BREAK and after.place != before.place:
            yield f"{where}: the break is not taken where the stop before it was"
        if before.place not in self.row_of or after.place not in self.row_of:
            yield f"{where}: a place that is not in the matrix"
            return
        if before.place == after.place:
            time_s, distance_m = 0.0, 0.0
        else:
            leg = self.row_of[before.place], self.row_of[after.place]
            time_s, distance_m = self.travel.time_s[leg], self.travel.distance_m[leg]
        if math.isnan(time_s):
            yield f"{where}: there is no way"
            return
        if _differ(after.travel_s, time_s):
            yield f"{where}: travel of {after.travel_s:g} s, where the matrix has {time_s:g} s"
        if _differ(after.distance_m, distance_m):
            yield f"{where}: {after.distance_m:g} m, where the matrix has {distance_m:g} m"

    def _clock(self, elapsed_s: float) -> str:
        return clock_text(self.day, elapsed_s)


def _is_within(begin_s: float, windows: tuple[TimeWindow, ...]) -> bool:
    return any(w.start_s - _SAME <= begin_s <= w.end_s + _SAME for w in windows)
