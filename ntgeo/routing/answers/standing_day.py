"""A day's question as it stands half-way: what has happened is settled, who is ill goes home."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from ntgeo.domain.replan import DayState
from ntgeo.domain.rounds_sense import breaks_taken
from ntgeo.domain.routing import (
    Break,
    Pin,
    Route,
    RoutingProblem,
    Shift,
    ShiftId,
    StaffId,
    Stop,
    StopKind,
    TimeWindow,
    Visit,
    VisitId,
    VisitLink,
    WindowSense,
)
from ntgeo.routing.answers.so_far import SoFar

__all__ = ["settled", "standing_day"]


def standing_day(problem: RoutingProblem, state: DayState, done: SoFar) -> RoutingProblem:
    """Return the question as the day stands.

    Visits that have begun, or that somebody has set off for, are what they turned out to be: by
    whom, when and how long; their other rules are past. Nothing else begins before now. Shifts
    that have set off keep the breaks they took; whoever is late may be home late. Those who are
    ill work until they fell ill, or have finished the visit they were at.

    Args:
        problem: The day's question, with urgent visits that the plan did not know.
        state: Where the day stands.
        done: What of the plan has happened.
    """
    rounds = {route.shift: route for route in done.carried if route.shift in done.locked}
    ill = dict(state.ill)
    shifts = [
        standing
        for shift in problem.shifts
        if (standing := _shift(problem, shift, rounds.get(shift.id), (state, done, ill)))
    ]
    shifts = _one_after_another(shifts)
    known = frozenset(shift.id for shift in shifts)
    staff_of = {shift.id: shift.staff for shift in problem.shifts}
    crews, stops = done.crews, _stops(done)
    visits = [
        settled(visit, {staff_of[s]: stops[visit.id, s] for s in crews[visit.id]}, crews[visit.id])
        if visit.id in crews
        else _open(visit, known, state)
        for visit in problem.visits
    ]
    links = [
        replace(link, both_or_neither=link.both_or_neither and link.first not in crews)
        for link in problem.links
        if link.second not in crews and (link.first not in crews or _still_says(link))
    ]
    return replace(problem, visits=tuple(visits), shifts=tuple(shifts), links=tuple(links))


def _still_says(link: VisitLink) -> bool:
    """Return whether a link says something once its first visit is a fact."""
    return link.is_ordered or link.staff is not None


def settled(visit: Visit, stop_of: Mapping[StaffId, Stop], crew: tuple[ShiftId, ...]) -> Visit:
    """Return a visit whose people and time are settled.

    Args:
        visit: The visit.
        stop_of: The stop of each member of staff who comes.
        crew: Their shifts.
    """
    begin_s = max(stop.begin_s for stop in stop_of.values())
    lasts_s = {staff: round(stop.leave_s - stop.begin_s) for staff, stop in stop_of.items()}
    return replace(
        visit,
        windows=(TimeWindow(start_s=math.floor(begin_s), end_s=math.ceil(begin_s)),),
        window_sense=WindowSense.START,
        pin=Pin(shifts=frozenset(crew)),
        service_s_by_staff={**visit.service_s_by_staff, **lasts_s},
        crew=len(crew),
        not_alone=None,
        skills=frozenset(),
        required_staff=frozenset(),
        forbidden_staff=frozenset(),
    )


def _stops(done: SoFar) -> dict[tuple[VisitId, ShiftId], Stop]:
    return {
        (VisitId(stop.place), route.shift): stop
        for route in done.carried
        for stop in route.stops
        if stop.kind is StopKind.VISIT
    }


def _open(visit: Visit, known: frozenset[ShiftId], state: DayState) -> Visit:
    """Return a visit that begins from now on, by those who are there."""
    now_s = state.now_s
    pin = replace(visit.pin, shifts=visit.pin.shifts & known)
    ill = {staff for staff, from_s in state.ill if from_s <= now_s}
    visit = replace(visit, forbidden_staff=visit.forbidden_staff | ill)
    if visit.window_sense is not WindowSense.START or visit.pin.begin_s is not None:
        return replace(visit, pin=pin)
    windows = tuple(
        replace(window, start_s=max(window.start_s, now_s))
        for window in visit.windows
        if window.end_s >= now_s
    )
    return replace(visit, pin=pin, windows=windows or visit.windows)


def _shift(
    problem: RoutingProblem,
    shift: Shift,
    route: Route | None,
    day: tuple[DayState, SoFar, Mapping[StaffId, int]],
) -> Shift | None:
    """Return a shift as it stands; ``None`` if nothing of it is left.

    Args:
        problem: The question.
        shift: As it was planned.
        route: Its carried round, if it has set off for a visit.
        day: Where the day stands, what has happened, and from when staff are ill.
    """
    state, done, ill = day
    ends_s = min(shift.hours.end_s, ill.get(shift.staff, shift.hours.end_s))
    if route is None:
        return _waiting(shift, max(state.now_s, shift.hours.start_s), ends_s)
    stops = done.locked_stops(route)
    home_s = math.ceil(_home_s(problem, shift, stops))
    is_over = stops[-1].kind is StopKind.END
    end_s = home_s if is_over else max(ends_s, home_s)
    start_s = math.floor(stops[0].leave_s)
    ready_s = max(state.now_s, math.floor(stops[-1].leave_s))
    goes_on = not is_over and shift.staff not in ill
    breaks = _breaks(shift, route, len(stops), ready_s if goes_on else None)
    most_s = shift.most_work_s
    return replace(
        shift,
        hours=TimeWindow(start_s=start_s, end_s=max(end_s, start_s + 1)),
        breaks=_fitting(breaks, start_s, end_s),
        most_work_s=None if most_s is None else max(most_s, math.ceil(home_s - stops[0].leave_s)),
    )


def _one_after_another(shifts: list[Shift]) -> list[Shift]:
    """Return the shifts of which those of one person begin when the one before is over."""
    over_s: dict[StaffId, int] = {}
    kept: list[Shift] = []
    for shift in sorted(shifts, key=lambda shift: shift.hours.start_s):
        start_s = max(shift.hours.start_s, over_s.get(shift.staff, 0))
        if start_s < shift.hours.end_s:
            hours = replace(shift.hours, start_s=start_s)
            breaks = _fitting(shift.breaks, start_s, hours.end_s)
            kept.append(replace(shift, hours=hours, breaks=breaks))
            over_s[shift.staff] = hours.end_s
    return sorted(kept, key=lambda shift: shift.id)


def _waiting(shift: Shift, start_s: int, end_s: int) -> Shift | None:
    """Return a shift that has set off for no visit yet."""
    if end_s <= start_s:
        return None
    breaks = tuple(
        rest for rest in shift.breaks if rest.window is None or rest.window.end_s >= start_s
    )
    return replace(
        shift,
        hours=TimeWindow(start_s=start_s, end_s=end_s),
        breaks=_fitting(breaks, start_s, end_s),
    )


def _home_s(problem: RoutingProblem, shift: Shift, stops: tuple[Stop, ...]) -> float:
    """Return when a shift would be home if it made nothing more."""
    last = stops[-1]
    if last.kind is StopKind.END or shift.end_place in {None, last.place}:
        return last.leave_s
    row_of = {place: row for row, place in enumerate(problem.place_ids)}
    here, car = row_of[last.place], row_of[last.place]
    back_s = 0.0
    if shift.walks_up_to_s is not None:
        driven = [stop for stop in stops if stop.kind is StopKind.VISIT and stop.distance_m > 0]
        car = row_of[driven[-1].place] if driven else here
        back_s = 0.0 if car == here else float(problem.foot_travel.time_s[here, car])
    way_s = problem.travel_of(shift).time_s[car, row_of[str(shift.end_place)]]
    return last.leave_s + back_s + float(way_s)


def _breaks(shift: Shift, route: Route, locked: int, ready_s: int | None) -> tuple[Break, ...]:
    """Return a shift's breaks: those taken at their time, the others from now on.

    Args:
        shift: As it was planned.
        route: Its carried round.
        locked: How many of its stops stand.
        ready_s: When it may next take one; ``None`` if it takes no more.
    """
    stops = [stop for stop in route.stops[:locked] if stop.kind is StopKind.BREAK]
    stop_of = {
        id(rest): stop for rest, stop in zip(breaks_taken(shift, route), stops, strict=False)
    }
    breaks: list[Break] = []
    over_s = route.stops[0].leave_s
    for rest in shift.breaks:
        stop = stop_of.get(id(rest))
        if stop is not None:
            at = TimeWindow(start_s=math.floor(stop.begin_s), end_s=math.ceil(stop.begin_s))
            breaks.append(replace(rest, window=at, after_work_s=None))
            over_s = stop.leave_s
        elif ready_s is not None:
            breaks.append(_later(rest, ready_s, shift.hours.end_s, ready_s - over_s))
    return tuple(breaks)


def _later(rest: Break, ready_s: int, end_s: int, gone_s: float) -> Break:
    """Return a break that is still to come, late if its shift is.

    Args:
        rest: As it was planned.
        ready_s: When it may begin at the soonest.
        end_s: When its shift ends.
        gone_s: How long the shift has then worked since the break before.
    """
    window = rest.window or TimeWindow(start_s=ready_s, end_s=max(ready_s, end_s))
    after_s = rest.after_work_s
    return replace(
        rest,
        window=TimeWindow(
            start_s=max(window.start_s, ready_s), end_s=max(window.end_s, ready_s + 1)
        ),
        after_work_s=None if after_s is None else max(after_s, math.ceil(gone_s)),
    )


def _fitting(breaks: tuple[Break, ...], start_s: int, end_s: int) -> tuple[Break, ...]:
    """Return the breaks that fit within hours one after the other."""
    fitting: list[Break] = []
    ready_s = start_s
    for rest in breaks:
        if rest.after_work_s is not None:
            fitting.append(rest)
            continue
        begin_s = max(ready_s, rest.window.start_s if rest.window else ready_s)
        last_s = min(end_s - rest.duration_s, rest.window.end_s if rest.window else end_s)
        if begin_s <= last_s:
            fitting.append(rest)
            ready_s = begin_s + rest.duration_s
    return tuple(fitting)
