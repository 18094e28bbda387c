"""Route sheets of rounds as the search timed them: at once, and soon rather than cheapest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ntgeo.domain.routing import Route, RoutingProblem, StopKind
from ntgeo.routing.figures import DayArrays, day_arrays, leg_between
from ntgeo.routing.general.bench import Bench, new_bench
from ntgeo.routing.general.facts import BREAKS, FROM_MS, LENGTH_MS, Facts, pack_facts
from ntgeo.routing.general.legs import last_leg
from ntgeo.routing.general.loading import load_orders
from ntgeo.routing.general.rounds import READY_MS, RESTS, SINCE_MS, SIZE, VISIT
from ntgeo.routing.general.timing import must_end_by
from ntgeo.routing.stops import Leg, StopWriter

__all__ = ["write_soonest"]

_leg = leg_between.py_func  # a compiled call would take longer to prepare than to make


class _Event(NamedTuple):
    """Something that takes time in a round: a visit, or a break (``visit`` is -1)."""

    visit: int
    begin_ms: int
    stay_ms: int


def write_soonest(problem: RoutingProblem, orders: Sequence[Sequence[int]]) -> tuple[Route, ...]:
    """Return timed routes of orders that keep every rule, as far as the search can make them.

    Everything begins as soon as it can. It takes milliseconds where the cheapest times
    (:func:`ntgeo.routing.exact.time_orders`) take seconds.

    Args:
        problem: The question.
        orders: For each shift the numbers of its visits.
    """
    arrays = day_arrays(problem)
    day = pack_facts(arrays)
    bench = new_bench(day, 0)
    load_orders(day, bench, orders)
    return tuple(
        _Sheet(problem, arrays, shift).written(_events(day, bench, shift))
        for shift in range(len(problem.shifts))
        if bench.rounds.row[shift, SIZE] > 0
    )


def _events(day: Facts, bench: Bench, shift: int) -> list[_Event]:
    """Return the visits and breaks of a round in order."""
    return list(_events_back(day, bench, shift))[::-1]


def _events_back(day: Facts, bench: Bench, shift: int) -> Iterator[_Event]:
    rounds = bench.rounds
    count = int(rounds.row[shift, SIZE])
    taken = _breaks_begun(day, bench, shift)
    for at in range(count, -1, -1):
        rests = int(rounds.state[shift, at, taken, RESTS])
        visit = int(rounds.stop[shift, at, VISIT])
        stay_ms = int(day.service_ms[shift, visit]) if at > 0 else 0
        ready_ms = int(rounds.state[shift, at, taken - rests, READY_MS])
        breaks = []
        over_ms = ready_ms
        for rest in range(taken - rests, taken):
            begin_ms = max(over_ms, int(day.rest[shift, rest, FROM_MS]))
            length_ms = int(day.rest[shift, rest, LENGTH_MS])
            breaks.append(_Event(-1, begin_ms, length_ms))
            over_ms = begin_ms + length_ms
        yield from reversed(breaks)
        if at > 0:
            yield _Event(visit, ready_ms - stay_ms, stay_ms)
        taken -= rests


def _breaks_begun(day: Facts, bench: Bench, shift: int) -> int:
    """Return how many breaks a round takes: of those that let it end soonest, the most."""
    rounds = bench.rounds
    count = int(rounds.row[shift, SIZE])
    leg_ms, _, _ = last_leg(day, rounds, shift, shift, count)
    best: tuple[int, int] | None = None
    for taken in range(int(day.shift[shift, BREAKS]), -1, -1):
        end_ms = int(rounds.state[shift, count, taken, READY_MS]) + int(leg_ms)
        since_ms = rounds.state[shift, count, taken, SINCE_MS]
        if end_ms <= must_end_by(day, since_ms, shift, taken) and (
            best is None or end_ms < best[0]
        ):
            best = end_ms, taken
    if best is None:
        msg = f"round {shift} cannot be made"
        raise ValueError(msg)
    return best[1]


class _Sheet:
    """A route sheet as it is written, line by line."""

    def __init__(self, problem: RoutingProblem, arrays: DayArrays, shift: int) -> None:
        self.problem, self.arrays, self.number = problem, arrays, shift
        self.shift = problem.shifts[shift]
        self.here = self.car = int(arrays.shifts.start_place[shift])
        self.sheet = StopWriter()

    def written(self, events: Sequence[_Event]) -> Route:
        """Return the round of events in order, left as late as keeps their beginnings."""
        self.sheet.add(StopKind.START, self.shift.start_place, self._start_ms(events[0]))
        for event in events:
            if event.visit < 0:
                self.sheet.add(
                    StopKind.BREAK,
                    self.sheet.stops[-1].place,
                    event.begin_ms,
                    stay_ms=event.stay_ms,
                )
            else:
                self._visit(event)
        end = int(self.arrays.shifts.end_place[self.number])
        leg = self._go(self.here if end < 0 else end)
        place = self.shift.end_place or self.sheet.stops[-1].place
        self.sheet.add(
            StopKind.END, place, self.sheet.left_ms + leg.travel_ms, leg=leg._replace(parking_ms=0)
        )
        return Route(shift=self.shift.id, staff=self.shift.staff, stops=tuple(self.sheet.stops))

    def _start_ms(self, first: _Event) -> int:
        if first.visit < 0:
            return first.begin_ms
        there = self.arrays.legs.depot_count + first.visit
        travel_ms, parking_ms, _, _, _ = _leg(self.arrays, self.number, self.car, self.here, there)
        set_up_ms = int(self.arrays.visits.set_up_ms[first.visit])
        return first.begin_ms - int(travel_ms) - int(parking_ms) - set_up_ms

    def _visit(self, event: _Event) -> None:
        there = self.arrays.legs.depot_count + event.visit
        is_elsewhere = self.arrays.legs.address[self.here] != self.arrays.legs.address[there]
        set_up_ms = int(self.arrays.visits.set_up_ms[event.visit]) if is_elsewhere else 0
        leg = self._go(there)._replace(set_up_ms=set_up_ms)
        name = self.problem.visits[event.visit].id
        self.sheet.add(StopKind.VISIT, name, event.begin_ms, stay_ms=event.stay_ms, leg=leg)

    def _go(self, there: int) -> Leg:
        travel_ms, parking_ms, walk_ms, distance_m, self.car = _leg(
            self.arrays, self.number, self.car, self.here, there
        )
        self.here = there
        return Leg(int(travel_ms), int(parking_ms), int(walk_ms), float(distance_m))
