"""From the values of the decisions to route sheets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ntgeo.domain.routing import Route, RoutingProblem, Stop, StopKind
from ntgeo.routing.exact.rounds import DEPOT, Arc, Orders
from ntgeo.routing.exact.variables import RoundVariables, Variables

__all__ = ["orders_of", "routes_of"]

Value = Callable[[Any], int]
_MS_PER_S = 1000


def orders_of(variables: Variables, value: Value) -> Orders:
    """Return the visits of each shift in order."""
    return tuple(
        tuple(arc.after[0] for arc in _ways(rounds, value) if arc.after != DEPOT)
        for rounds in variables.rounds
    )


def routes_of(problem: RoutingProblem, variables: Variables, value: Value) -> tuple[Route, ...]:
    """Return the timed rounds; a shift without visits has none."""
    routes: list[Route] = []
    for number, shift in enumerate(problem.shifts):
        ways = _ways(variables.rounds[number], value)
        if ways:
            sheet = _Sheet(problem, variables, number, value)
            routes.append(Route(shift=shift.id, staff=shift.staff, stops=sheet.written(ways)))
    return tuple(routes)


def _ways(rounds: RoundVariables, value: Value) -> list[Arc]:
    """Return the ways of a round in order."""
    after = {arc.before: arc for arc, taken in rounds.arcs if value(taken)}
    ways: list[Arc] = []
    here = DEPOT
    while here in after and (not ways or here != DEPOT):
        ways.append(after[here])
        here = after[here].after
    return ways


class _Sheet:
    """A route sheet as it is written, line by line."""

    def __init__(
        self, problem: RoutingProblem, variables: Variables, shift: int, value: Value
    ) -> None:
        self.problem, self.variables, self.number, self.value = problem, variables, shift, value
        self.shift, self.rounds = problem.shifts[shift], variables.rounds[shift]
        start_s = self._seconds(self.rounds.start)
        self.stops = [
            Stop(
                kind=StopKind.START,
                place=self.shift.start_place,
                travel_s=0.0,
                distance_m=0.0,
                arrive_s=start_s,
                wait_s=0.0,
                begin_s=start_s,
                leave_s=start_s,
            )
        ]

    def written(self, ways: list[Arc]) -> tuple[Stop, ...]:
        """Return the stops of a round along its ways."""
        for way in ways:
            self._take_breaks(way.before[0])
            self._go(way)
        return tuple(self.stops)

    def _seconds(self, moment: Any) -> float:
        return self.value(moment) * self.variables.scale.step_ms / _MS_PER_S

    def _take_breaks(self, place: int) -> None:
        for number, rest in enumerate(self.shift.breaks):
            if not self.value(self.rounds.break_at[number].get(place, 0)):
                continue
            last, begin_s = self.stops[-1], self._seconds(self.rounds.break_begin[number])
            self.stops.append(
                Stop(
                    kind=StopKind.BREAK,
                    place=last.place,
                    travel_s=0.0,
                    distance_m=0.0,
                    arrive_s=last.leave_s,
                    wait_s=_difference_s(begin_s, last.leave_s),
                    begin_s=begin_s,
                    leave_s=begin_s + rest.duration_s,
                )
            )

    def _go(self, way: Arc) -> None:
        last, visit = self.stops[-1], way.after[0]
        arrive_s = round(last.leave_s + way.leg_ms / _MS_PER_S, 3)
        set_up_s = way.set_up_ms / _MS_PER_S
        is_end = way.after == DEPOT
        begin_s = arrive_s if is_end else self._seconds(self.variables.begin[visit])
        service_s = 0 if is_end else self.problem.visits[visit].service_s_of(self.shift.staff)
        end_place = self.shift.end_place or last.place
        self.stops.append(
            Stop(
                kind=StopKind.END if is_end else StopKind.VISIT,
                place=end_place if is_end else self.problem.visits[visit].id,
                travel_s=way.travel_ms / _MS_PER_S,
                distance_m=way.distance_m,
                arrive_s=arrive_s,
                wait_s=_difference_s(begin_s - set_up_s, arrive_s),
                begin_s=begin_s,
                leave_s=round(begin_s + service_s, 3),
                parking_s=way.parking_ms / _MS_PER_S,
                set_up_s=set_up_s,
                walk_s=way.walk_ms / _MS_PER_S,
            )
        )


def _difference_s(later_s: float, sooner_s: float) -> float:
    return round(later_s - sooner_s, 3)
