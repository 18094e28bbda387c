"""What is asked of the engines when a day is planned anew: the rest of it, changes priced."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from ntgeo.domain.replan import ChangePrices, DayState
from ntgeo.domain.routing import (
    PRIORITIES,
    Pin,
    RoutePlan,
    RoutingProblem,
    ShiftId,
    SoftWindow,
    StaffId,
    Stop,
    StopKind,
    TimeWindow,
    Visit,
    VisitId,
    WindowSense,
)
from ntgeo.routing.answers.so_far import SoFar

__all__ = ["rest_of_day"]

_MOVES_FIRST_GBP: Final = 10_000.0
"""More than the rest of a day could ever cost or save by a move."""
_STANDS_GBP: Final = 1_000_000.0
_SAME_S: Final = 1.0
_DECIMALS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Planned:
    """Who was to make a visit, and when."""

    crew: tuple[ShiftId, ...]
    begin_s: float


def rest_of_day(
    day: RoutingProblem,
    plan: RoutePlan,
    done: SoFar,
    state: DayState,
    prices: ChangePrices,
    *,
    not_kept: frozenset[VisitId] = frozenset(),
) -> RoutingProblem:
    """Return the question whose best plan changes least, by the prices of changes.

    What stands is pinned, and fills all the time from arriving to leaving (the last of it up to
    now), so that nothing comes between. Other visits that were planned have a price for each
    other member of staff and for each minute. Priorities are told anew: what stands comes first.

    Args:
        day: The question as the day stands.
        plan: As it was before.
        done: What of it has happened.
        state: Where the day stands.
        prices: What changes are worth.
        not_kept: Visits that cannot be made as promised or fixed, and are planned freely.
    """
    planned = _planned(plan)
    staff_of = {shift.id: shift.staff for shift in day.shifts}
    crews, spans = done.crews, _spans(done, state.now_s)
    past = _past(day, crews.keys(), state.now_s)
    rank = _ranks([v.priority for v in day.visits if v.id not in crews])
    visits: list[Visit] = []
    for visit in day.visits:
        if visit.id in crews:
            visits.append(_standing(visit, spans, crews[visit.id], staff_of))
        elif visit.id not in past:
            told = _told(visit, planned.get(visit.id), staff_of, prices)
            if visit.id not in not_kept:
                told = _kept(told, planned.get(visit.id), (done, staff_of.keys()), state)
            visits.append(replace(told, priority=rank[visit.priority]))
    moved_gbp = _MOVES_FIRST_GBP if prices.puts_fewest_moves_first else prices.moved_gbp
    return _without_absent(
        replace(day, prices=replace(day.prices, moved_gbp=moved_gbp)), tuple(visits)
    )


def _without_absent(day: RoutingProblem, visits: tuple[Visit, ...]) -> RoutingProblem:
    """Return the question of some of the visits."""
    kept = {visit.id for visit in visits}
    links = [link for link in day.links if link.first in kept and link.second in kept]
    return RoutingProblem.from_arrays(
        visits=visits,
        shifts=day.shifts,
        depots=day.depots,
        travel=day.travel,
        more_travel=day.more_travel,
        links=links,
        day=day.day,
        prices=day.prices,
        daylight=day.daylight,
    )


def _planned(plan: RoutePlan) -> dict[VisitId, _Planned]:
    found: dict[VisitId, _Planned] = {}
    for route in plan.routes:
        for stop in route.stops:
            if stop.kind is StopKind.VISIT:
                before = found.get(VisitId(stop.place))
                crew = (*(before.crew if before else ()), route.shift)
                found[VisitId(stop.place)] = _Planned(crew=crew, begin_s=stop.begin_s)
    return found


def _ranks(priorities: list[int]) -> dict[int, int]:
    """Return new priorities in the same order; the first is left to what stands, if it can be."""
    used = sorted(set(priorities))
    first = PRIORITIES[0] + (len(used) < len(PRIORITIES))
    return {priority: first + number for number, priority in enumerate(used)}


def _spans(done: SoFar, now_s: int) -> dict[tuple[VisitId, ShiftId], tuple[float, float]]:
    """Return from when to when each visit that stands keeps its staff, wait included."""
    spans: dict[tuple[VisitId, ShiftId], tuple[float, float]] = {}
    for route in done.carried:
        locked = done.locked_stops(route)
        for number, stop in enumerate(route.stops):
            if stop.kind is not StopKind.VISIT:
                continue
            until_s = stop.leave_s
            if number == len(locked) - 1 and route.shift not in done.ill_from_s:
                until_s = max(until_s, now_s)
            spans[VisitId(stop.place), route.shift] = _came_in(stop), until_s
    return spans


def _came_in(stop: Stop) -> float:
    return stop.arrive_s + stop.set_up_s


def _standing(
    visit: Visit,
    spans: Mapping[tuple[VisitId, ShiftId], tuple[float, float]],
    crew: tuple[ShiftId, ...],
    staff_of: Mapping[ShiftId, StaffId],
) -> Visit:
    begin_s = math.ceil(max(spans[visit.id, shift][0] for shift in crew) - 1e-6)
    lasts_s = {staff_of[shift]: max(1, spans[visit.id, shift][1] - begin_s) for shift in crew}
    return replace(
        visit,
        pin=Pin(shifts=frozenset(crew), begin_s=begin_s),
        service_s_by_staff=lasts_s,
        soft_windows=(),
        priority=PRIORITIES[0],
        unmade_gbp=_STANDS_GBP,
    )


def _past(day: RoutingProblem, standing: Collection[VisitId], now_s: int) -> set[VisitId]:
    """Return the visits whose time is past, and those that are only made with one of them."""
    past = {
        visit.id
        for visit in day.visits
        if visit.id not in standing and not _is_still_possible(visit, now_s)
    }
    for _ in day.links:
        for link in day.links:
            needs_first = link.is_ordered or link.both_or_neither
            past |= {link.second} if needs_first and link.first in past else set()
            past |= {link.first} if link.both_or_neither and link.second in past else set()
    return past


def _is_still_possible(visit: Visit, now_s: int) -> bool:
    if visit.pin.begin_s is not None:
        return visit.pin.begin_s >= now_s
    return any(window.end_s >= now_s for window in visit.windows)


def _told(
    visit: Visit,
    planned: _Planned | None,
    staff_of: Mapping[ShiftId, StaffId],
    prices: ChangePrices,
) -> Visit:
    """Return a visit with the prices of its changes."""
    if planned is None:
        return visit
    staff = frozenset(staff_of[shift] for shift in planned.crew if shift in staff_of)
    at = TimeWindow(start_s=math.floor(planned.begin_s), end_s=math.ceil(planned.begin_s))
    soft = SoftWindow(
        window=at,
        early_gbp_per_minute=prices.changed_gbp_per_minute,
        late_gbp_per_minute=prices.changed_gbp_per_minute,
    )
    return replace(visit, planned_staff=staff, soft_windows=(*visit.soft_windows, soft))


def _kept(
    visit: Visit,
    planned: _Planned | None,
    day: tuple[SoFar, Collection[ShiftId]],
    state: DayState,
) -> Visit:
    """Return a visit with what of its plan stays while it can.

    Args:
        visit: The visit.
        planned: Who was to make it, and when.
        day: What has happened, and the shifts that there still are.
        state: Where the day stands.
    """
    done, shifts = day
    if planned is None:
        return visit
    is_promised = visit.id in state.promised
    is_fixed = is_promised or planned.begin_s < state.freedom.fixed_until_s
    is_staffed = is_fixed or planned.begin_s < state.freedom.same_staff_until_s
    carried_s = done.begins_s[visit.id]
    is_timely = abs(carried_s - planned.begin_s) <= _SAME_S
    has_all = not done.ill_from_s.keys() & set(planned.crew) and set(planned.crew) <= set(shifts)
    pin = visit.pin
    if is_staffed and has_all and (is_timely or not is_fixed):
        pin = replace(pin, shifts=frozenset(planned.crew))
    if is_promised or (is_fixed and has_all and is_timely):
        at = TimeWindow(start_s=math.floor(planned.begin_s), end_s=math.ceil(planned.begin_s))
        pin = replace(pin, begin_s=None)
        return replace(visit, pin=pin, windows=(at,), window_sense=WindowSense.START)
    return replace(visit, pin=pin)
