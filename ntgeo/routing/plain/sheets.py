"""From orders of visits to route sheets with exact times."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ntgeo.domain.routing import Route, RoutingProblem, Shift, Stop, StopKind, TimeWindow, Visit
from ntgeo.routing.plain.figures import DayFigures
from ntgeo.routing.plain.timing import round_times

__all__ = ["build_routes"]

_DECIMALS = 6
_SAME_S = 1e-5


def build_routes(
    problem: RoutingProblem, day: DayFigures, orders: Sequence[Sequence[int]]
) -> tuple[Route, ...]:
    """Return the timed routes of each shift's visits in order; an empty round has no route.

    A round leaves as late as its least working time allows; from there on everything is done as
    soon as it can be. Times are told to the microsecond.
    """
    return tuple(
        _build_route(problem, day, shift, order) for shift, order in enumerate(orders) if order
    )


def _build_route(
    problem: RoutingProblem, day: DayFigures, shift: int, order: Sequence[int]
) -> Route:
    start, end = day.ends[shift]
    places = [int(start), *(day.depot_count + visit for visit in order), int(end)]
    start_s, end_s, rest_at = round_times(day, shift, np.array(places, dtype=np.int64))
    if not np.isfinite(end_s):
        msg = f"shift {problem.shifts[shift].id} cannot make its visits in that order"
        raise ValueError(msg)
    sheet = _Sheet(problem, problem.shifts[shift], round(float(start_s), _DECIMALS))
    for position in range(len(places) - 1):
        if position > 0:
            sheet.visit(problem.visits[order[position - 1]])
        if position == rest_at:
            sheet.rest()
    sheet.end()
    owner = problem.shifts[shift]
    return Route(shift=owner.id, staff=owner.staff, stops=tuple(sheet.stops))


class _Sheet:
    """A route sheet as it is written, line by line."""

    def __init__(self, problem: RoutingProblem, shift: Shift, start_s: float) -> None:
        self.travel = problem.travel
        self.row_of = {place: row for row, place in enumerate(problem.place_ids)}
        self.shift = shift
        self.stops: list[Stop] = []
        self._add(StopKind.START, shift.start_place, start_s, 0.0)

    def visit(self, visit: Visit) -> None:
        self._travel(StopKind.VISIT, visit.id, visit.windows, visit.service_s)

    def end(self) -> None:
        self._travel(StopKind.END, self.shift.end_place or self.stops[-1].place, (), 0.0)

    def rest(self) -> None:
        last = self.stops[-1]
        for rest in self.shift.breaks:
            begin_s = _begin((rest.window or self.shift.hours,), last.leave_s)
            self._add(StopKind.BREAK, last.place, begin_s, rest.duration_s, last.leave_s)

    def _travel(
        self, kind: StopKind, place: str, windows: Sequence[TimeWindow], stay_s: float
    ) -> None:
        last = self.stops[-1]
        leg = self.row_of[last.place], self.row_of[place]
        # Staying where one is takes no time, whatever the matrix says of its diagonal.
        same = leg[0] == leg[1]
        travel_s = 0.0 if same else float(self.travel.time_s[leg])
        distance_m = 0.0 if same else float(self.travel.distance_m[leg])
        arrive_s = last.leave_s + travel_s
        begin_s = _begin(windows, arrive_s) if windows else arrive_s
        self._add(kind, place, begin_s, stay_s, arrive_s, (travel_s, distance_m))

    def _add(
        self,
        kind: StopKind,
        place: str,
        begin_s: float,
        stay_s: float,
        arrive_s: float | None = None,
        leg: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        came_s = begin_s if arrive_s is None else arrive_s
        self.stops.append(
            Stop(
                kind=kind,
                place=place,
                travel_s=leg[0],
                distance_m=leg[1],
                arrive_s=round(came_s, _DECIMALS),
                wait_s=round(max(0.0, begin_s - came_s), _DECIMALS),
                begin_s=round(begin_s, _DECIMALS),
                leave_s=round(begin_s + stay_s, _DECIMALS),
            )
        )


def _begin(windows: Sequence[TimeWindow], ready_s: float) -> float:
    """Return the first moment within a window that is not before ``ready_s``."""
    for window in windows:
        if ready_s <= window.end_s + _SAME_S:
            return max(ready_s, float(window.start_s))
    msg = f"no window is open at or after {ready_s} s"
    raise ValueError(msg)
