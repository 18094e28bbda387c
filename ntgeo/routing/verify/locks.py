"""Checks that a day planned anew leaves alone what has happened; knows no solver."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ntgeo.domain.replan import DayState, NewPlan
from ntgeo.domain.routing import Route, RoutePlan, ShiftId, StopKind

__all__ = ["find_lock_faults"]

_SAME_S = 1.0
"""Times that were told are kept to the second."""


def find_lock_faults(plan: RoutePlan, state: DayState, new: NewPlan) -> tuple[str, ...]:
    """Return a sentence for everything in a new plan that can no longer be, or was promised.

    Rounds that went otherwise than planned are compared up to where they first did.

    Args:
        plan: The plan as it was before.
        state: Where the day stood when it was planned anew.
        new: The day as planned anew.
    """
    routes = {route.shift: route for route in new.plan.routes}
    faults: list[str] = []
    for route in plan.routes:
        faults.extend(_past_faults(route, routes.get(route.shift), state))
    ill = dict(state.ill)
    known = _set_off_for(plan, state)
    for route in new.plan.routes:
        faults.extend(_future_faults(route, state.now_s, known))
        if route.staff in ill:
            faults.extend(_ill_faults(route, ill[route.staff], state))
    faults.extend(_promise_faults(plan, state, new))
    return tuple(faults)


def _set_off_for(plan: RoutePlan, state: DayState) -> set[tuple[str, ShiftId]]:
    """Return the visits that were set off for by now, with who was to make them."""
    reported = {(str(done.visit), done.shift) for done in state.begun}
    return reported | {
        (stop.place, route.shift)
        for route in plan.routes
        for before, stop in pairwise(route.stops)
        if stop.kind is StopKind.VISIT and before.leave_s <= state.now_s
    }


def _past_faults(old: Route, new: Route | None, state: DayState) -> Iterator[str]:
    """Yield what of a round's past is not as it was."""
    told = {str(done.visit): done for done in state.begun if done.shift == old.shift}
    until_s = min(state.now_s, dict(state.ill).get(old.staff, state.now_s))
    for number, stop in enumerate(old.stops):
        if stop.kind is not StopKind.VISIT:
            continue
        done = told.get(stop.place)
        if done is None and (stop.begin_s > until_s or told):
            return
        twin = new.stops[number] if new is not None and number < len(new.stops) else None
        if twin is None or (twin.place, twin.kind) != (stop.place, stop.kind):
            yield f"{old.shift} has been at {stop.place}, which is no longer there in its round"
            return
        if done is not None:
            if twin.leave_s < done.leave_s - _SAME_S:
                yield f"{old.shift} is at {stop.place} longer than its round says"
            return
        if twin != stop:
            yield f"{old.shift} has been at {stop.place}, but its round now says otherwise"


def _future_faults(route: Route, now_s: int, known: set[tuple[str, ShiftId]]) -> Iterator[str]:
    """Yield what begins sooner than it can, seen from now."""
    for before, stop in pairwise(route.stops):
        if stop.kind is not StopKind.VISIT or (stop.place, route.shift) in known:
            continue
        if stop.begin_s < now_s - _SAME_S:
            yield f"{route.shift}: {stop.place} begins before now"
        is_first = before.leave_s < now_s and before.kind is StopKind.START
        if is_first and stop.begin_s < now_s + stop.travel_s + stop.parking_s - _SAME_S:
            yield f"{route.shift} cannot be at {stop.place} in time from now"


def _ill_faults(route: Route, ill_from_s: int, state: DayState) -> Iterator[str]:
    reported = {(str(done.visit), done.shift) for done in state.begun}
    for stop in route.stops:
        is_visit = stop.kind is StopKind.VISIT
        if is_visit and stop.begin_s > ill_from_s and (stop.place, route.shift) not in reported:
            yield f"{route.staff} is ill, but is to make {stop.place}"


def _promise_faults(plan: RoutePlan, state: DayState, new: NewPlan) -> Iterator[str]:
    """Yield promised visits that are made at another time."""
    before, after = _begins_s(plan), _begins_s(new.plan)
    told = {str(done.visit) for done in state.begun}
    for visit in sorted(state.promised - new.not_kept):
        if visit not in before or visit not in after or visit in told:
            continue
        if abs(after[visit] - before[visit]) > _SAME_S:
            yield f"{visit} was promised at another time"


def _begins_s(plan: RoutePlan) -> dict[str, float]:
    return {
        stop.place: stop.begin_s
        for route in plan.routes
        for stop in route.stops
        if stop.kind is StopKind.VISIT
    }
