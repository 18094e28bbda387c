"""What of a plan has happened, or is under way, at a moment of the day."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from ntgeo.domain.replan import BegunVisit, DayState
from ntgeo.domain.routing import Route, RoutePlan, ShiftId, Stop, StopKind, VisitId, VisitLink

__all__ = ["SoFar", "so_far"]

_SAME_S = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class SoFar:
    """A plan as it goes on if nothing is planned anew, and how much of it stands.

    Args:
        carried: Rounds with what has truly happened; what comes after an overrun is as much later
            as it must be, whatever the windows say.
        locked: How many stops of each round stand, by shift; rounds of which nothing has
            begun are left out.
        ill_from_s: From when a shift's member of staff works no longer; only those who are ill.
    """

    carried: tuple[Route, ...]
    locked: dict[ShiftId, int]
    ill_from_s: dict[ShiftId, int]

    def locked_stops(self, route: Route) -> tuple[Stop, ...]:
        """Return the stops of a carried round that stand."""
        return route.stops[: self.locked.get(route.shift, 0)]

    @property
    def crews(self) -> dict[VisitId, tuple[ShiftId, ...]]:
        """Who makes each visit that stands; of a crew all, if one of them has set off."""
        coming: dict[VisitId, tuple[ShiftId, ...]] = {}
        standing = set()
        for route in self.carried:
            count = self.locked.get(route.shift, 0)
            for number, stop in enumerate(route.stops):
                if stop.kind is StopKind.VISIT:
                    visit = VisitId(stop.place)
                    coming[visit] = (*coming.get(visit, ()), route.shift)
                    standing |= {visit} if number < count else set()
        return {visit: coming[visit] for visit in sorted(standing)}

    @property
    def begins_s(self) -> dict[VisitId, float]:
        """When each visit of the carried rounds begins."""
        return {
            VisitId(stop.place): stop.begin_s
            for route in self.carried
            for stop in route.stops
            if stop.kind is StopKind.VISIT
        }


def so_far(plan: RoutePlan, state: DayState, links: Sequence[VisitLink] = ()) -> SoFar:
    """Return what of a plan has happened, or is under way.

    Args:
        plan: As it was before.
        state: Where the day stands.
        links: What visits have to do with each other: nobody goes on to a visit that is only made
            with one that somebody who is ill does not come to.
    """
    carried = _carried(plan, state)
    ill = dict(state.ill)
    ill_from_s = {route.shift: ill[route.staff] for route in carried if route.staff in ill}
    until_s = {
        shift: max([min(state.now_s, from_s), *_told_begins_s(state, shift)])
        for shift, from_s in ill_from_s.items()
    }
    left = _left(carried, state.now_s, until_s, links)
    locked = {route.shift: _locked(route, state.now_s, left, until_s) for route in carried}
    return SoFar(
        carried=carried,
        locked={
            route.shift: locked[route.shift]
            for route in carried
            if locked[route.shift] and not _is_held_up(route, carried)
        },
        ill_from_s=ill_from_s,
    )


def _is_held_up(route: Route, carried: tuple[Route, ...]) -> bool:
    """Return whether its member of staff is still at a shift before."""
    start_s = route.stops[0].leave_s
    before = (one for one in carried if one.staff == route.staff and one.shift != route.shift)
    return any(one.stops[0].leave_s < start_s < one.stops[-1].leave_s - _SAME_S for one in before)


def _told_begins_s(state: DayState, shift: ShiftId) -> list[int]:
    return [done.begin_s for done in state.begun if done.shift == shift]


def _left(
    carried: tuple[Route, ...],
    now_s: int,
    until_s: Mapping[ShiftId, int],
    links: Sequence[VisitLink],
) -> set[str]:
    """Return the visits that those who are ill do not come to, and those made only with them.

    Args:
        carried: Rounds with what has happened.
        now_s: The time.
        until_s: Until when a shift began visits; only those who are ill.
        links: What visits have to do with each other.
    """
    begins_s: dict[str, float] = {}
    left: set[str] = set()
    for route in carried:
        for stop in route.stops:
            if stop.kind is StopKind.VISIT:
                begins_s[stop.place] = stop.begin_s
                is_left = stop.begin_s > until_s.get(route.shift, stop.begin_s)
                left |= {stop.place} if is_left else set()
    needs = [(link.second, link.first) for link in links if link.is_ordered or link.both_or_neither]
    needs += [(link.first, link.second) for link in links if link.both_or_neither]
    for _ in links:
        left |= {one for one, other in needs if other in left and begins_s.get(one, 0.0) > now_s}
    return left


def _locked(route: Route, now_s: int, left: Collection[str], until_s: Mapping[ShiftId, int]) -> int:
    """Return how many stops stand: all that were set off for, or begun by those who are ill.

    Args:
        route: A carried round.
        now_s: The time.
        left: Visits that nobody goes on to.
        until_s: Until when a shift began visits; only those who are ill.
    """
    is_ill = route.shift in until_s
    count, is_out = 0, False
    for number, stop in enumerate(route.stops):
        at_s = stop.begin_s if is_ill else route.stops[max(0, number - 1)].leave_s
        is_left = stop.kind is StopKind.VISIT and stop.place in left
        if at_s > until_s.get(route.shift, now_s) or is_left:
            break
        if is_ill and stop.kind is StopKind.END:
            break
        count = number + 1
        is_out = is_out or stop.kind is StopKind.VISIT
    return count if is_out or (count > 1 and not is_ill) else 0


def _carried(plan: RoutePlan, state: DayState) -> tuple[Route, ...]:
    """Return the rounds with what has happened, and what follows from it."""
    begun = {(done.visit, done.shift): done for done in state.begun}
    begins_s: dict[str, float] = {}
    while True:
        before_s = dict(begins_s)
        routes = tuple(_carried_round(route, begun, begins_s) for route in plan.routes)
        if begins_s == before_s:
            return routes


def _carried_round(
    route: Route,
    begun: dict[tuple[VisitId, ShiftId], BegunVisit],
    begins_s: dict[str, float],
) -> Route:
    """Return a round with what has happened; ``begins_s`` learns when its visits begin."""
    stops = [route.stops[0]]
    for planned in route.stops[1:]:
        way_s = planned.travel_s + planned.parking_s
        arrive_s = stops[-1].leave_s + way_s
        begin_s = max(planned.begin_s, arrive_s + planned.set_up_s)
        stay_s = planned.leave_s - planned.begin_s
        done = begun.get((VisitId(planned.place), route.shift))
        if planned.kind is StopKind.VISIT:
            if done is not None:
                begin_s = max(float(done.begin_s), arrive_s + planned.set_up_s)
                stay_s = math.ceil(max(1.0, done.leave_s - begin_s))
            begin_s = begins_s[planned.place] = max(begin_s, begins_s.get(planned.place, 0.0))
        if planned.kind is StopKind.END:
            begin_s = arrive_s
        stop = replace(
            planned,
            arrive_s=arrive_s,
            wait_s=begin_s - arrive_s - planned.set_up_s,
            begin_s=begin_s,
            leave_s=begin_s + stay_s,
        )
        is_same = abs(stop.begin_s - planned.begin_s) + abs(stop.leave_s - planned.leave_s)
        stops.append(planned if is_same <= _SAME_S else stop)
    return replace(route, stops=tuple(stops))
