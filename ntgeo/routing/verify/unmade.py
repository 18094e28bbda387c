"""Checks what a plan says of the visits that it does not make; knows nothing of the solver."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from ntgeo.domain.routing import (
    ChangeKind,
    Route,
    RoutePlan,
    RoutingProblem,
    Shift,
    SmallestChange,
    StopKind,
    TimeWindow,
    Visit,
)
from ntgeo.domain.units import SECONDS_PER_MINUTE

__all__ = ["unmade_faults"]

_TO_SPARE_S = 1.0
_SAME = 1e-3
_CODES = ("no-staff", "no-skill", "too-heavy", "unreachable", "too-long", "no-window", "no-room")


def unmade_faults(problem: RoutingProblem, plan: RoutePlan) -> Iterator[str]:
    """Yield a sentence for each unmade visit whose reason is not true, or that could be made."""
    truth = _Truth(problem)
    routes = {route.shift: route for route in plan.routes}
    visits = {visit.id: visit for visit in problem.visits}
    idle = [s for s in problem.shifts if s.id not in routes]
    for unmade in plan.unmade:
        visit = visits[unmade.visit]
        codes = {truth.code(visit, slack_s) for slack_s in (_SAME, -_SAME)}
        if unmade.code not in _CODES:
            yield f'{visit.id}: "{unmade.code}" is no known reason'
        elif unmade.code not in codes:
            yield f"{visit.id} is said to be {unmade.code}, but it is {max(codes)}"
        if not unmade.reason.startswith(str(visit.id)):
            yield f"{visit.id}: its reason does not name it"
        for shift in idle:
            if truth.fits_alone(shift, visit, _TO_SPARE_S):
                yield f"{visit.id} is unmade, but {shift.id} could make it and has no round"
        for route in plan.routes:
            if truth.fits_last(route, visit):
                yield f"{visit.id} is unmade, but {route.shift} could make it as its last visit"
        if unmade.change is not None:
            yield from truth.change_faults(visit, unmade.change, routes.get(unmade.change.shift))


class _Truth:
    def __init__(self, problem: RoutingProblem) -> None:
        self.shifts = {shift.id: shift for shift in problem.shifts}
        self.visits = {str(visit.id): visit for visit in problem.visits}
        self.load_of = {str(visit.id): visit.load for visit in problem.visits}
        self.time_s = problem.travel.time_s
        self.row_of = {place: row for row, place in enumerate(problem.place_ids)}

    def code(self, visit: Visit, slack_s: float) -> str:
        """Return the first reason that holds, from the broadest to the narrowest."""
        if not self.shifts:
            return "no-staff"
        skilled = [shift for shift in self.shifts.values() if visit.skills <= shift.skills]
        if not skilled:
            return "no-skill"
        able = [shift for shift in skilled if self._holds(shift, visit)]
        return self._time_code(able, visit, slack_s) if able else "too-heavy"

    def _time_code(self, able: list[Shift], visit: Visit, slack_s: float) -> str:
        reaching = [shift for shift in able if not math.isnan(self._busy_s(shift, visit))]
        if not reaching:
            return "unreachable"
        length_s = {s.id: s.hours.end_s - s.hours.start_s for s in reaching}
        if all(self._busy_s(s, visit) > length_s[s.id] + slack_s for s in reaching):
            return "too-long"
        if not any(self.fits_alone(shift, visit, -slack_s) for shift in reaching):
            return "no-window"
        return "no-room"

    def fits_alone(self, shift: Shift, visit: Visit, spare_s: float) -> bool:
        """Tell whether the shift could make this visit and nothing else."""
        if not visit.skills <= shift.skills or not self._holds(shift, visit):
            return False
        return self._soonest_end(shift, [visit], spare_s) <= shift.hours.end_s - spare_s

    def change_faults(
        self, visit: Visit, change: SmallestChange, route: Route | None
    ) -> Iterator[str]:
        """Yield a sentence if the change does not make the visit, or if less of it would."""
        if change.shift not in self.shifts:
            yield f"{visit.id}: the change is for {change.shift}, which is no shift of the problem"
        elif not self._makes(visit, change, route, -_SAME):
            yield f"{visit.id}: the change said to make it does not ({change.kind})"
        elif self._makes(visit, replace(change, minutes=change.minutes - 1), route, _SAME):
            yield f"{visit.id}: less than {change.minutes} minutes would do ({change.kind})"

    def _makes(
        self, visit: Visit, change: SmallestChange, route: Route | None, spare_s: float
    ) -> bool:
        shift = self.shifts[change.shift]
        stops = route.stops if route is not None else ()
        made = [self.visits[stop.place] for stop in stops if stop.kind is StopKind.VISIT]
        carried = sum(other.load for other in made)
        if not visit.skills <= shift.skills or not self._holds(shift, visit, carried):
            return False
        end_s, more_s = shift.hours.end_s, change.minutes * SECONDS_PER_MINUTE
        if change.kind is ChangeKind.OVERTIME:
            end_s += more_s
        sooner_s = more_s if change.kind is ChangeKind.EARLIER else 0
        later_s = more_s if change.kind is ChangeKind.LATER else 0
        windows = tuple(
            TimeWindow(start_s=w.start_s - sooner_s, end_s=w.end_s + later_s) for w in visit.windows
        )
        widened = replace(visit, windows=windows)
        orders = [[*made[:at], widened, *made[at:]] for at in range(len(made) + 1)]
        ends = [self._soonest_end(shift, order, spare_s) for order in orders]
        return min(ends) <= end_s - spare_s

    def _soonest_end(self, shift: Shift, order: list[Visit], spare_s: float) -> float:
        """Return when a round of these visits in order can end at the soonest."""
        breaks = range(len(order) + 1) if shift.breaks else (-1,)
        return min(self._end(shift, order, rest_after, spare_s) for rest_after in breaks)

    def _end(self, shift: Shift, order: list[Visit], rest_after: int, spare_s: float) -> float:
        clock_s, here = float(shift.hours.start_s), str(shift.start_place)
        if rest_after == 0:
            clock_s = self._rested(shift, clock_s, spare_s)
        for number, visit in enumerate(order, start=1):
            way_s = self._way(here, visit.id)
            if math.isnan(way_s):
                return math.inf
            clock_s, here = self._begun(visit, clock_s + way_s, spare_s), visit.id
            if rest_after == number:
                clock_s = self._rested(shift, clock_s, spare_s)
        way_s = self._way(here, shift.end_place or here)
        return math.inf if math.isnan(way_s) else clock_s + way_s

    def fits_last(self, route: Route, visit: Visit) -> bool:
        """Tell whether the round could make this visit after its last stop, with time to spare."""
        shift, last = self.shifts[route.shift], route.stops[-2]
        carried = sum(self.load_of.get(stop.place, 0.0) for stop in route.stops)
        if not visit.skills <= shift.skills or not self._holds(shift, visit, carried):
            return False
        if last.kind not in {StopKind.VISIT, StopKind.BREAK}:
            return False
        to_s, on_s = (
            self._way(last.place, visit.id),
            self._way(visit.id, shift.end_place or visit.id),
        )
        if math.isnan(to_s + on_s):
            return False
        return (
            self._begun(visit, last.leave_s + to_s, _TO_SPARE_S) + on_s
            <= shift.hours.end_s - _TO_SPARE_S
        )

    @staticmethod
    def _holds(shift: Shift, visit: Visit, carried: float = 0.0) -> bool:
        return shift.capacity is None or carried + visit.load <= shift.capacity

    def _way(self, origin: str, destination: str) -> float:
        leg = self.row_of[origin], self.row_of[destination]
        return 0.0 if leg[0] == leg[1] else float(self.time_s[leg])

    def _busy_s(self, shift: Shift, visit: Visit) -> float:
        rest_s = sum(rest.duration_s for rest in shift.breaks)
        ways_s = self._way(shift.start_place, visit.id) + self._way(
            visit.id, shift.end_place or visit.id
        )
        return ways_s + visit.service_s + rest_s

    @staticmethod
    def _begun(visit: Visit, ready_s: float, spare_s: float) -> float:
        """Return when the visit is over if staff are there at ``ready_s``."""
        begins = [max(ready_s, w.start_s) for w in visit.windows if ready_s <= w.end_s - spare_s]
        return min(begins, default=math.inf) + visit.service_s

    @staticmethod
    def _rested(shift: Shift, ready_s: float, spare_s: float) -> float:
        """Return when the break is over if begun at ``ready_s`` or as soon as it may."""
        if not shift.breaks:
            return ready_s
        rest = shift.breaks[0]
        window = rest.window or shift.hours
        if ready_s > window.end_s - spare_s:
            return math.inf
        return max(ready_s, window.start_s) + rest.duration_s
