"""Round plans as tidy tables: one row a stop, a shift, or an unmade visit.

Column names and meanings are those of :mod:`ntgeo.reports.columns`.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pandas as pd

from ntgeo.domain.mileage import mileage_gbp
from ntgeo.domain.routing import (
    Route,
    RoutePlan,
    RoutingProblem,
    Shift,
    Stop,
    StopKind,
    TimeWindow,
)
from ntgeo.domain.units import METRES_PER_MILE, clock_text
from ntgeo.reports.columns import typed_frame

__all__ = ["rounds_shifts_table", "rounds_stops_table", "unmade_table", "window_text"]

_STOP_COLUMNS: Final = (
    *("shift_id", "staff_id", "stop_number", "kind", "visit_number", "visit_id", "place_id"),
    *("arrive", "begin", "leave", "window", "travel_s", "distance_m", "wait_s", "service_s"),
    *("arrive_s", "begin_s", "leave_s"),
)
_SHIFT_COLUMNS: Final = (
    *("shift_id", "staff_id", "visits", "start", "end", "travel_s", "wait_s", "service_s"),
    *("break_s", "spare_s", "paid_s", "utilisation_share", "distance_m", "miles", "mileage_gbp"),
)
_UNMADE_COLUMNS: Final = (
    *("visit_id", "priority", "service_s", "window", "skills", "code", "reason"),
)


def window_text(day: date, windows: tuple[TimeWindow, ...]) -> str:
    """Return time windows for people: ``09:00–12:00 or 14:00–16:00``."""
    return " or ".join(
        f"{clock_text(day, window.start_s)}–{clock_text(day, window.end_s)}" for window in windows
    )


def rounds_stops_table(problem: RoutingProblem, plan: RoutePlan) -> pd.DataFrame:
    """Return one row a stop, in order of shift and time.

    Returns:
        ``shift_id, staff_id, stop_number (0 is the start), kind, visit_number, visit_id,
        place_id, arrive, begin, leave, window, travel_s, distance_m, wait_s, service_s, arrive_s,
        begin_s, leave_s``. Clock texts are of London; ``+1`` marks the next day.
    """
    visits = {str(visit.id): visit for visit in problem.visits}
    shifts = {shift.id: shift for shift in problem.shifts}
    rows: list[dict[str, Any]] = []
    for route in sorted(plan.routes, key=lambda route: route.shift):
        made = 0
        for number, stop in enumerate(route.stops):
            is_visit = stop.kind is StopKind.VISIT
            made += is_visit
            windows = visits[stop.place].windows if is_visit else ()
            rests = shifts[route.shift].breaks
            if stop.kind is StopKind.BREAK:
                windows = tuple(rest.window for rest in rests if rest.window is not None)
            rows.append(
                {
                    "shift_id": route.shift,
                    "staff_id": route.staff,
                    "stop_number": number,
                    "visit_number": made if is_visit else pd.NA,
                    "window": window_text(problem.day, windows),
                    **_stop_cells(problem.day, stop),
                }
            )
    return _framed(rows, _STOP_COLUMNS)


def _stop_cells(day: date, stop: Stop) -> dict[str, Any]:
    return {
        "kind": stop.kind.value,
        "visit_id": stop.place if stop.kind is StopKind.VISIT else "",
        "place_id": stop.place,
        "arrive": clock_text(day, stop.arrive_s),
        "begin": clock_text(day, stop.begin_s),
        "leave": clock_text(day, stop.leave_s),
        "travel_s": stop.travel_s,
        "distance_m": stop.distance_m,
        "wait_s": stop.wait_s,
        "service_s": stop.leave_s - stop.begin_s,
        "arrive_s": stop.arrive_s,
        "begin_s": stop.begin_s,
        "leave_s": stop.leave_s,
    }


def rounds_shifts_table(problem: RoutingProblem, plan: RoutePlan) -> pd.DataFrame:
    """Return one row a shift, in order of id; a shift without a round has zeros and no times.

    Returns:
        ``shift_id, staff_id, visits, start, end, travel_s, wait_s, service_s, break_s, spare_s,
        paid_s, utilisation_share, distance_m, miles, mileage_gbp``.
        ``paid_s`` is the length of the shift's hours, ``utilisation_share`` travel and visits as
        a share of it, and ``spare_s`` what is left of it after travel, waits, visits and breaks.
    """
    routes = {route.shift: route for route in plan.routes}
    rows = [_shift_cells(problem, shift, routes.get(shift.id)) for shift in problem.shifts]
    return _framed(rows, _SHIFT_COLUMNS)


def _shift_cells(problem: RoutingProblem, shift: Shift, route: Route | None) -> dict[str, Any]:
    day, mode = problem.day, problem.travel.mode
    stops = route.stops if route is not None else ()
    length_s = {kind: _length_s(stops, kind) for kind in (StopKind.VISIT, StopKind.BREAK)}
    travel_s = sum(stop.travel_s for stop in stops)
    wait_s = sum(stop.wait_s for stop in stops)
    distance_m = sum(stop.distance_m for stop in stops)
    miles = distance_m / METRES_PER_MILE
    paid_s = shift.hours.end_s - shift.hours.start_s
    busy_s = travel_s + length_s[StopKind.VISIT]
    return {
        "shift_id": shift.id,
        "staff_id": shift.staff,
        "visits": sum(stop.kind is StopKind.VISIT for stop in stops),
        "start": clock_text(day, stops[0].leave_s) if stops else "",
        "end": clock_text(day, stops[-1].arrive_s) if stops else "",
        "travel_s": travel_s,
        "wait_s": wait_s,
        "service_s": length_s[StopKind.VISIT],
        "break_s": length_s[StopKind.BREAK],
        "spare_s": paid_s - busy_s - wait_s - length_s[StopKind.BREAK],
        "paid_s": paid_s,
        "utilisation_share": busy_s / paid_s,
        "distance_m": distance_m,
        "miles": miles,
        "mileage_gbp": mileage_gbp(miles, day=day, mode=mode),
    }


def _length_s(stops: tuple[Stop, ...], kind: StopKind) -> float:
    return sum(stop.leave_s - stop.begin_s for stop in stops if stop.kind is kind)


def unmade_table(problem: RoutingProblem, plan: RoutePlan) -> pd.DataFrame:
    """Return one row an unmade visit, in order of id.

    Returns:
        ``visit_id, priority, service_s, window, skills, code, reason``.
    """
    visits = {visit.id: visit for visit in problem.visits}
    rows = [
        {
            "visit_id": unmade.visit,
            "priority": visits[unmade.visit].priority,
            "service_s": visits[unmade.visit].service_s,
            "window": window_text(problem.day, visits[unmade.visit].windows),
            "skills": ", ".join(sorted(visits[unmade.visit].skills)),
            "code": unmade.code,
            "reason": unmade.reason,
        }
        for unmade in sorted(plan.unmade, key=lambda unmade: unmade.visit)
    ]
    return _framed(rows, _UNMADE_COLUMNS)


def _framed(rows: list[dict[str, Any]], names: tuple[str, ...]) -> pd.DataFrame:
    return typed_frame({name: [row[name] for row in rows] for name in names}, names)
