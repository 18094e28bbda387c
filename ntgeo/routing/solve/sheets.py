"""Route sheets of days without crews, links or soft windows: timed at once, without a solver.

A round leaves as late as its least working time allows; from there on everything is done as soon
as it can be. With one window a visit and no break, the schedule that ends soonest, left as late
as it can be, has the least working time (Savelsbergh 1992); days with several windows or a break
are timed by the plain search, which knows them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ntgeo.domain.routing import Route, RoutingProblem, StopKind
from ntgeo.routing.figures import DayArrays, leg_between
from ntgeo.routing.figures.arrays import MS_PER_S
from ntgeo.routing.stops import Leg, StopWriter

__all__ = ["Departure", "latest_start", "write_sheets"]

Departure = Callable[[int, Sequence[int]], tuple[float, int]]
"""When a shift's round is left, in seconds, and the stop after which its break is; -1 for none."""

NO_BREAK = -1
_leg = leg_between.py_func  # a compiled call would take longer to prepare than to make


def _legs(day: DayArrays, shift: int, order: Sequence[int]) -> list[Leg]:
    """Return the legs of a round; the last is to its end."""
    depots, end = day.legs.depot_count, int(day.shifts.end_place[shift])
    here = int(day.shifts.start_place[shift])
    legs = []
    for visit in order:
        there = depots + visit
        travel_ms, parking_ms, _, distance_m, _ = _leg(day, shift, here, here, there)
        is_elsewhere = day.legs.address[here] != day.legs.address[there]
        set_up_ms = int(day.visits.set_up_ms[visit]) if is_elsewhere else 0
        legs.append(Leg(int(travel_ms), int(parking_ms), 0, float(distance_m), set_up_ms))
        here = there
    travel_ms, _, _, distance_m, _ = _leg(day, shift, here, here, here if end < 0 else end)
    return [*legs, Leg(int(travel_ms), 0, 0, float(distance_m))]


def latest_start(day: DayArrays, shift: int, order: Sequence[int]) -> tuple[float, int]:
    """Return when a round is left on a day of one window a visit and no breaks.

    Args:
        day: The arrays of the day.
        shift: Its number.
        order: Numbers of its visits.
    """
    legs, visits = _legs(day, shift, order), day.visits
    windows_ms = [visits.windows_ms[visit, 0].tolist() for visit in order]
    lasting_ms = [int(visits.service_ms[shift, visit]) for visit in order]
    ready_ms = int(day.shifts.hours_ms[shift, 0])
    for leg, (opens_ms, _), service_ms in zip(legs, windows_ms, lasting_ms, strict=False):
        ready_ms = max(ready_ms + leg.all_ms, opens_ms) + service_ms
    for at in range(len(order) - 1, -1, -1):
        ready_ms = min(ready_ms - lasting_ms[at], windows_ms[at][1]) - legs[at].all_ms
    return max(ready_ms, int(day.shifts.hours_ms[shift, 0])) / MS_PER_S, NO_BREAK


def write_sheets(
    problem: RoutingProblem,
    day: DayArrays,
    orders: Sequence[Sequence[int]],
    departure: Departure,
) -> tuple[Route, ...]:
    """Return the timed routes of each shift's visits in order; an empty round has no route.

    Args:
        problem: The question.
        day: Its arrays.
        orders: For each shift the numbers of its visits, in an order that keeps every rule.
        departure: When each round is left.
    """
    return tuple(
        _Sheet(problem, day, shift).written(order, departure(shift, order))
        for shift, order in enumerate(orders)
        if order
    )


class _Sheet:
    """A route sheet as it is written, line by line."""

    def __init__(self, problem: RoutingProblem, day: DayArrays, shift: int) -> None:
        self.problem, self.day, self.number = problem, day, shift
        self.shift = problem.shifts[shift]
        self.sheet = StopWriter()

    def written(self, order: Sequence[int], departure: tuple[float, int]) -> Route:
        """Return the round of visits in order."""
        self.sheet.add(StopKind.START, self.shift.start_place, round(departure[0] * MS_PER_S))
        for at, leg in enumerate(_legs(self.day, self.number, order)):
            if at == departure[1]:
                self._rest()
            if at < len(order):
                self._visit(order[at], leg)
            else:
                self._end(leg)
        return Route(shift=self.shift.id, staff=self.shift.staff, stops=tuple(self.sheet.stops))

    def _visit(self, visit: int, leg: Leg) -> None:
        arrive_ms = self.sheet.left_ms + leg.travel_ms + leg.parking_ms
        begin_ms = self._opened_ms(visit, arrive_ms + leg.set_up_ms)
        stay_ms = int(self.day.visits.service_ms[self.number, visit])
        name = self.problem.visits[visit].id
        self.sheet.add(StopKind.VISIT, name, begin_ms, stay_ms=stay_ms, leg=leg)

    def _opened_ms(self, visit: int, ready_ms: int) -> int:
        for opens_ms, closes_ms in self.day.visits.windows_ms[visit].tolist():
            if ready_ms <= closes_ms:
                return max(ready_ms, opens_ms)
        msg = f"visit {self.problem.visits[visit].id} cannot be made in that order"
        raise ValueError(msg)

    def _rest(self) -> None:
        opens_ms, _, stay_ms, _ = self.day.shifts.breaks_ms[self.number, 0].tolist()
        begin_ms = max(self.sheet.left_ms, opens_ms)
        self.sheet.add(StopKind.BREAK, self.sheet.stops[-1].place, begin_ms, stay_ms=stay_ms)

    def _end(self, leg: Leg) -> None:
        arrive_ms = self.sheet.left_ms + leg.travel_ms
        place = self.shift.end_place or self.sheet.stops[-1].place
        self.sheet.add(StopKind.END, place, arrive_ms, leg=leg)
