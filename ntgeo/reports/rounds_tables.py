"""Round plans as tidy tables: one row a stop, a shift, or an unmade visit.

Column names and meanings are those of :mod:`ntgeo.reports.columns`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import pandas as pd

from ntgeo.domain.mileage import mileage_gbp
from ntgeo.domain.rounds_sense import (
    Coming,
    breaks_taken,
    comings,
    overtime_s,
    round_cost,
    timeliness,
    work_s,
)
from ntgeo.domain.rounds_words import (
    break_text,
    change_proof_text,
    change_text,
    link_texts,
    soft_windows_text,
    visit_window_text,
)
from ntgeo.domain.routing import (
    Route,
    RoutePlan,
    RoutingProblem,
    Shift,
    Stop,
    StopKind,
    Visit,
    VisitId,
)
from ntgeo.domain.units import METRES_PER_MILE, clock_text
from ntgeo.reports.columns import framed

__all__ = ["rounds_shifts_table", "rounds_stops_table", "unmade_table"]

_STOP_COLUMNS: Final = (
    *("shift_id", "staff_id", "stop_number", "kind", "visit_number", "visit_id", "place_id"),
    *("arrive", "begin", "leave", "window", "soft_window", "with_staff", "links", "face"),
    *("travel_s", "walk_s", "parking_s", "distance_m", "wait_s", "set_up_s", "service_s"),
    *("early_s", "late_s", "arrive_s", "begin_s", "leave_s"),
)
_SHIFT_COLUMNS: Final = (
    *("shift_id", "staff_id", "mode", "visits", "start", "end", "travel_s", "walk_s"),
    *("parking_s", "wait_s", "set_up_s", "service_s", "break_s", "spare_s", "hours_s", "work_s"),
    *("overtime_s", "utilisation_share", "distance_m", "miles", "late_visits", "usual_visits"),
    *("seen_visits", "usual_share", "new_faces", "pay_gbp", "overtime_gbp", "mileage_gbp"),
    *("travel_gbp", "round_gbp", "shift_cost_gbp", "mileage_claim_gbp"),
)
_UNMADE_COLUMNS: Final = (
    *("visit_id", "priority", "service_s", "crew", "window", "skills", "links", "code", "reason"),
    *("smallest_change", "change_cost_gbp", "change_proof", "unmade_gbp"),
)
_SUMS: Final = ("travel_s", "walk_s", "parking_s", "wait_s", "set_up_s", "distance_m")
_BUSY: Final = ("travel_s", "parking_s", "set_up_s", "service_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """What the tables look up: nouns by id, and who comes to each visit."""

    problem: RoutingProblem
    visits: Mapping[str, Visit]
    shifts: Mapping[str, Shift]
    coming: Mapping[VisitId, tuple[Coming, ...]]

    @classmethod
    def of(cls, problem: RoutingProblem, plan: RoutePlan) -> Self:
        return cls(
            problem=problem,
            visits={str(visit.id): visit for visit in problem.visits},
            shifts={str(shift.id): shift for shift in problem.shifts},
            coming=comings(plan),
        )


def rounds_stops_table(
    problem: RoutingProblem, plan: RoutePlan, ways: Mapping[str, Sequence[str]] | None = None
) -> pd.DataFrame:
    """Return one row a stop, in order of shift and time.

    Args:
        problem: The question.
        plan: Its answer.
        ways: Shift id → for each stop, how to go there in words; adds a last column ``way``.

    Returns:
        ``shift_id, staff_id, stop_number (0 is the start), kind, visit_number, visit_id,
        place_id, arrive, begin, leave, window, soft_window, with_staff, links, face, travel_s,
        walk_s, parking_s, distance_m, wait_s, set_up_s, service_s, early_s, late_s, arrive_s,
        begin_s, leave_s``. Clock texts are of London; ``+1`` marks the next day. A crew visit has
        a row for each who comes.
    """
    day = _Day.of(problem, plan)
    routes = sorted(plan.routes, key=lambda route: route.shift)
    table = framed([row for route in routes for row in _stop_rows(day, route)], _STOP_COLUMNS)
    if ways is not None:
        told = [_ways_of(route, ways) for route in routes]
        table["way"] = [way for several in told for way in several]
    return table


def _ways_of(route: Route, ways: Mapping[str, Sequence[str]]) -> list[str]:
    known = list(ways.get(route.shift, ()))
    return (known + [""] * len(route.stops))[: len(route.stops)]


def _stop_rows(day: _Day, route: Route) -> Iterator[dict[str, Any]]:
    rests = iter(breaks_taken(day.shifts[route.shift], route))
    made = 0
    for number, stop in enumerate(route.stops):
        cells = _no_cells()
        if stop.kind is StopKind.VISIT:
            made += 1
            cells = _visit_cells(day, route, stop) | {"visit_number": made}
        elif stop.kind is StopKind.BREAK and (rest := next(rests, None)) is not None:
            cells["window"] = break_text(day.problem.day, rest)
        yield {
            "shift_id": route.shift,
            "staff_id": route.staff,
            "stop_number": number,
            **cells,
            **_time_cells(day, stop),
        }


def _no_cells() -> dict[str, Any]:
    texts = dict.fromkeys(("visit_id", "window", "soft_window", "with_staff", "links", "face"), "")
    return {**texts, "visit_number": pd.NA, "early_s": 0.0, "late_s": 0.0}


def _visit_cells(day: _Day, route: Route, stop: Stop) -> dict[str, Any]:
    visit = day.visits[stop.place]
    timed = timeliness(visit, stop.begin_s)
    others = [c.route.staff for c in day.coming[visit.id] if c.route.shift != route.shift]
    face = "usual staff" if route.staff in visit.usual_staff else "new face"
    return {
        "visit_id": visit.id,
        "window": visit_window_text(day.problem.day, visit),
        "soft_window": soft_windows_text(day.problem.day, visit),
        "with_staff": ", ".join(others),
        "links": "; ".join(link_texts(day.problem.links, visit.id)),
        "face": face if visit.usual_staff else "",
        "early_s": timed.early_s,
        "late_s": timed.late_s,
    }


def _time_cells(day: _Day, stop: Stop) -> dict[str, Any]:
    return {
        "kind": stop.kind.value,
        "place_id": stop.place,
        **{
            name: clock_text(day.problem.day, at_s)
            for name, at_s in (
                ("arrive", stop.arrive_s),
                ("begin", stop.begin_s),
                ("leave", stop.leave_s),
            )
        },
        **{name: getattr(stop, name) for name in (*_SUMS, "arrive_s", "begin_s", "leave_s")},
        "service_s": stop.leave_s - stop.begin_s,
    }


def rounds_shifts_table(problem: RoutingProblem, plan: RoutePlan) -> pd.DataFrame:
    """Return one row a shift, in order of id; a shift without a round has zeros and no times.

    Returns:
        ``shift_id, staff_id, mode, visits, start, end, travel_s, walk_s, parking_s, wait_s,
        set_up_s, service_s, break_s, spare_s, hours_s, work_s, overtime_s, utilisation_share,
        distance_m, miles, late_visits, usual_visits, seen_visits, usual_share, new_faces,
        pay_gbp, overtime_gbp, mileage_gbp, travel_gbp, round_gbp, shift_cost_gbp,
        mileage_claim_gbp``.
        ``hours_s`` is the length of the shift's hours, ``utilisation_share`` travel, parking,
        set-up and visits as a share of it, and ``spare_s`` what is left of it after these, waits
        and breaks. ``mileage_gbp`` is the price in the plan's cost, ``mileage_claim_gbp`` what
        staff may claim free of tax.
    """
    day = _Day.of(problem, plan)
    routes = {str(route.shift): route for route in plan.routes}
    rows = [_shift_cells(day, shift, routes.get(shift.id)) for shift in problem.shifts]
    return framed(rows, _SHIFT_COLUMNS)


def _shift_cells(day: _Day, shift: Shift, route: Route | None) -> dict[str, Any]:
    stops = route.stops if route is not None else ()
    sums = {name: sum(getattr(stop, name) for stop in stops) for name in _SUMS}
    sums["service_s"] = _length_s(stops, StopKind.VISIT)
    sums["break_s"] = _length_s(stops, StopKind.BREAK)
    miles = sums["distance_m"] / METRES_PER_MILE
    hours_s = shift.hours.end_s - shift.hours.start_s
    busy_s = sum(sums[name] for name in _BUSY)
    return {
        "shift_id": shift.id,
        "staff_id": shift.staff,
        "mode": shift.mode.value,
        "start": clock_text(day.problem.day, stops[0].leave_s) if stops else "",
        "end": clock_text(day.problem.day, stops[-1].arrive_s) if stops else "",
        **sums,
        "spare_s": hours_s - busy_s - sums["wait_s"] - sums["break_s"],
        "hours_s": hours_s,
        "work_s": work_s(shift, route) if route is not None else 0.0,
        "overtime_s": overtime_s(shift, route) if route is not None else 0.0,
        "utilisation_share": busy_s / hours_s,
        "miles": miles,
        "mileage_claim_gbp": mileage_gbp(miles, day=day.problem.day, mode=shift.mode),
        **_people_cells(day, shift, stops),
        **_money_cells(shift, route),
    }


def _length_s(stops: tuple[Stop, ...], kind: StopKind) -> float:
    return sum(stop.leave_s - stop.begin_s for stop in stops if stop.kind is kind)


def _people_cells(day: _Day, shift: Shift, stops: tuple[Stop, ...]) -> dict[str, Any]:
    made = [(day.visits[stop.place], stop) for stop in stops if stop.kind is StopKind.VISIT]
    usual = [visit for visit, _ in made if visit.usual_staff]
    seen = sum(shift.staff in visit.usual_staff for visit in usual)
    return {
        "visits": len(made),
        "late_visits": sum(timeliness(visit, stop.begin_s).late_s > 0 for visit, stop in made),
        "usual_visits": len(usual),
        "seen_visits": seen,
        "usual_share": seen / len(usual) if usual else None,
        "new_faces": len(usual) - seen,
    }


def _money_cells(shift: Shift, route: Route | None) -> dict[str, float]:
    if route is None:
        names = ("pay_gbp", "overtime_gbp", "mileage_gbp", "travel_gbp", "round_gbp")
        return dict.fromkeys((*names, "shift_cost_gbp"), 0.0)
    cost = round_cost(shift, route)
    return {
        "pay_gbp": cost.pay_gbp,
        "overtime_gbp": cost.overtime_gbp,
        "mileage_gbp": cost.mileage_gbp,
        "travel_gbp": cost.travel_gbp,
        "round_gbp": cost.rounds_gbp,
        "shift_cost_gbp": cost.total_gbp,
    }


def unmade_table(problem: RoutingProblem, plan: RoutePlan) -> pd.DataFrame:
    """Return one row an unmade visit, in order of id.

    Returns:
        ``visit_id, priority, service_s, crew, window, skills, links, code, reason,
        smallest_change, change_cost_gbp, change_proof, unmade_gbp``.
    """
    visits = {visit.id: visit for visit in problem.visits}
    rows = []
    for unmade in sorted(plan.unmade, key=lambda unmade: unmade.visit):
        visit, change = visits[unmade.visit], unmade.change
        rows.append(
            {
                "visit_id": visit.id,
                "priority": visit.priority,
                "service_s": visit.service_s,
                "crew": visit.least_crew,
                "window": visit_window_text(problem.day, visit),
                "skills": ", ".join(sorted(visit.skills)),
                "links": "; ".join(link_texts(problem.links, visit.id)),
                "code": unmade.code,
                "reason": unmade.reason,
                "smallest_change": change_text(change) if change is not None else "",
                "change_cost_gbp": change.cost_gbp if change is not None else None,
                "change_proof": change_proof_text(change) if change is not None else "",
                "unmade_gbp": problem.prices.unmade_gbp_of(visit),
            }
        )
    return framed(rows, _UNMADE_COLUMNS)
