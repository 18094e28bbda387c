"""Times for rounds whose order is known: as told, else as soon as can be.

No solver is asked and nothing is made best: a round does everything as soon as it can, waits for
the rest of a crew and for the gaps of links, and then leaves its start, and whatever else does
not matter to others, as late as that allows. Breaks stand where the round keeps its times best.
What cannot be kept is broken, for the check to tell.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement

from ntgeo.domain.hand_plan import HandStop
from ntgeo.domain.routing import (
    Break,
    GapFrom,
    Route,
    Shift,
    ShiftId,
    Stop,
    StopKind,
    Visit,
    VisitId,
    WindowSense,
)
from ntgeo.routing.verify.facts import SAME_S, Facts
from ntgeo.routing.verify.legs import Way, way_to

__all__ = ["begin_spans", "build_routes"]

_MOST_PLACES = 400


@dataclass(frozen=True, slots=True)
class _Step:
    """A stop to be: how long until it can begin, how long it lasts, and when it may begin."""

    kind: StopKind
    place: str
    way: Way
    set_up_s: float
    lasts_s: float
    spans_s: tuple[tuple[float, float], ...] = ()
    rest: Break | None = None


@dataclass(frozen=True, slots=True)
class _Timed:
    """Steps with their beginnings, and by how much times are missed."""

    steps: tuple[_Step, ...]
    leave_s: float
    begins_s: tuple[float, ...]
    missed_s: float


def build_routes(
    facts: Facts,
    orders: Mapping[ShiftId, Sequence[VisitId]],
    told: Mapping[tuple[ShiftId, VisitId], HandStop],
) -> tuple[Route, ...]:
    """Return a timed route of each shift, in order of shift.

    Args:
        facts: The question, with any plan.
        orders: Known visits of known shifts, in order.
        told: What is said of when some of them are reached or begin.
    """
    return _Timetable(facts, orders, told).routes()


class _Timetable:
    def __init__(
        self,
        facts: Facts,
        orders: Mapping[ShiftId, Sequence[VisitId]],
        told: Mapping[tuple[ShiftId, VisitId], HandStop],
    ) -> None:
        self.facts, self.problem = facts, facts.problem
        self.told = {
            key: stop
            for key, stop in told.items()
            if stop.begin_s is not None or stop.arrive_s is not None
        }
        self.orders = {shift: orders[shift] for shift in sorted(orders) if orders[shift]}
        self.not_before_s: dict[str, float] = defaultdict(lambda: -math.inf)
        counts = Counter(visit for order in self.orders.values() for visit in order)
        linked = {end for link in self.problem.links for end in (link.first, link.second)}
        self.tied: set[str] = {
            str(visit) for visit, count in counts.items() if count > 1 or visit in linked
        }

    def routes(self) -> tuple[Route, ...]:
        """Time every round, again and again while rounds wait for each other."""
        timed = {shift: self._best(shift) for shift in self.orders}
        for _ in range(2 + 2 * len(self.tied)):
            late = self._put_off(timed)
            if not late:
                break
            again = {s for s, order in self.orders.items() if not late.isdisjoint(order)}
            timed |= {shift: self._best(shift) for shift in again}
        return tuple(self._route(shift, self._late_start(shift, t)) for shift, t in timed.items())

    def _put_off(self, timed: Mapping[ShiftId, _Timed]) -> set[str]:
        """Put visits off until crews and gaps allow them; return which were."""
        begins_s: dict[str, float] = {}
        leaves_s: dict[str, float] = {}
        for one in timed.values():
            for step, begin_s in zip(one.steps, one.begins_s, strict=True):
                if step.kind is StopKind.VISIT:
                    begins_s[step.place] = max(begins_s.get(step.place, begin_s), begin_s)
                    end_s = begin_s + step.lasts_s
                    leaves_s[step.place] = max(leaves_s.get(step.place, end_s), end_s)
        wanted = dict(begins_s)
        for link in self.problem.links:
            if link.is_ordered and link.first in begins_s and link.second in begins_s:
                lasts_s = leaves_s[link.first] - begins_s[link.first]
                from_s = lasts_s if link.gap_from is GapFrom.END else 0.0
                second_s = begins_s[link.first] + from_s + (link.least_gap_s or 0)
                wanted[link.second] = max(wanted[link.second], second_s)
                if link.greatest_gap_s is not None:
                    first_s = begins_s[link.second] - link.greatest_gap_s - from_s
                    wanted[link.first] = max(wanted[link.first], first_s)
        late: set[str] = {v for v in self.tied if wanted[v] > self.not_before_s[v] + SAME_S}
        self.not_before_s.update({visit: wanted[visit] for visit in late})
        return late

    def _best(self, shift: ShiftId) -> _Timed:
        """Return the round with its breaks where times are kept best."""
        owner, order = self.facts.shifts[shift], self.orders[shift]
        tried = (self._soonest(owner, steps) for steps in self._all_steps(owner, order))
        return min(tried, key=lambda timed: (round(timed.missed_s, 3), timed.begins_s[-1]))

    def _all_steps(self, shift: Shift, order: Sequence[VisitId]) -> Iterator[tuple[_Step, ...]]:
        visits = self._visit_steps(shift, order)
        for rests in _sets_of_breaks(shift):
            places = combinations_with_replacement(range(len(order) + 1), len(rests))
            for number, place in enumerate(places):
                if number == _MOST_PLACES:
                    break
                yield self._with_breaks(shift, visits, rests, place)

    def _visit_steps(self, shift: Shift, order: Sequence[VisitId]) -> list[_Step]:
        here = car = str(shift.start_place)
        steps = []
        for place in order:
            visit = self.facts.visits[place]
            way = self._way(shift, here, car, place)
            is_new = here not in self.facts.visits or (
                visit.address is None or visit.address != self.facts.visits[here].address
            )
            set_up_s = float(visit.set_up_s) if is_new and here != place else 0.0
            lasts_s = float(visit.service_s_of(shift.staff))
            spans_s = begin_spans(visit, set_up_s, lasts_s)
            steps.append(_Step(StopKind.VISIT, place, way, set_up_s, lasts_s, spans_s))
            here, car = place, way.car
        end = shift.end_place or here
        steps.append(_Step(StopKind.END, end, self._way(shift, here, car, end), 0.0, 0.0))
        return steps

    def _way(self, shift: Shift, here: str, car: str, there: str) -> Way:
        if here == there:
            return Way(0.0, 0.0, 0.0, 0.0, car)
        way = way_to(self.facts, shift, here, car, there)
        return Way(0.0, 0.0, 0.0, way.parking_s, there) if math.isnan(way.travel_s) else way

    @staticmethod
    def _with_breaks(
        shift: Shift, visits: list[_Step], rests: tuple[Break, ...], places: tuple[int, ...]
    ) -> tuple[_Step, ...]:
        steps: list[_Step] = []
        for number, step in enumerate(visits):
            here = visits[number - 1].place if number else str(shift.start_place)
            still = Way(0.0, 0.0, 0.0, 0.0, here)
            steps.extend(
                _Step(StopKind.BREAK, here, still, 0.0, float(rest.duration_s), rest=rest)
                for rest, place in zip(rests, places, strict=True)
                if place == number
            )
            steps.append(step)
        return tuple(steps)

    def _soonest(self, shift: Shift, steps: tuple[_Step, ...]) -> _Timed:
        clock_s, missed_s = float(shift.hours.start_s), 0.0
        begins_s: list[float] = []
        for step in steps:
            ready_s = clock_s + _until_begin_s(step)
            begin_s = self._begin(shift, step, ready_s)
            begins_s.append(begin_s)
            missed_s += self._missed_s(shift, step, begin_s) + max(0.0, ready_s - begin_s)
            clock_s = begin_s + step.lasts_s
        leave_s = begins_s[0] - _until_begin_s(steps[0])
        timed = _Timed(steps, leave_s, tuple(begins_s), 0.0)
        return replace(timed, missed_s=missed_s + _unrested_s(shift, timed))

    def _begin(self, shift: Shift, step: _Step, ready_s: float) -> float:
        """Return when a step begins that can begin from then on."""
        if step.rest is not None:
            window = step.rest.window
            return max(ready_s, float(window.start_s)) if window else ready_s
        if step.kind is StopKind.END:
            return ready_s
        visit = self.facts.visits[step.place]
        told = self.told.get((shift.id, visit.id))
        settled_s = visit.pin.begin_s if told is None else told.begin_s
        if settled_s is not None:
            return float(settled_s)
        from_s = max(ready_s, self.not_before_s[step.place])
        if told is not None and told.arrive_s is not None:
            from_s = told.arrive_s + step.set_up_s
        opens = [max(from_s, first) for first, last in step.spans_s if from_s <= last]
        return min(opens, default=from_s)

    def _missed_s(self, shift: Shift, step: _Step, begin_s: float) -> float:
        if step.rest is not None:
            window = step.rest.window
            return max(0.0, begin_s - window.end_s) if window else 0.0
        if step.kind is StopKind.END:
            return max(0.0, begin_s - shift.hours.end_s)
        return min(max(0.0, first - begin_s, begin_s - last) for first, last in step.spans_s)

    def _late_start(self, shift: ShiftId, timed: _Timed) -> _Timed:
        """Leave the start, and stops that matter to nobody else, as late as the end allows."""
        begins_s = list(timed.begins_s)
        for number in reversed(range(len(timed.steps) - 1)):
            step, behind = timed.steps[number], timed.steps[number + 1]
            latest_s = begins_s[number + 1] - _until_begin_s(behind) - step.lasts_s
            if latest_s > begins_s[number]:
                begins_s[number] = self._latest(shift, step, begins_s[number], latest_s)
        leave_s = begins_s[0] - _until_begin_s(timed.steps[0])
        return replace(timed, begins_s=tuple(begins_s), leave_s=leave_s)

    def _latest(self, shift: ShiftId, step: _Step, begin_s: float, latest_s: float) -> float:
        if step.rest is not None:
            if step.rest.after_work_s is not None:
                return begin_s
            window = step.rest.window
            return max(begin_s, min(latest_s, float(window.end_s))) if window else latest_s
        visit = self.facts.visits[step.place]
        is_settled = visit.pin.begin_s is not None or (shift, visit.id) in self.told
        if is_settled or visit.soft_windows or step.place in self.tied:
            return begin_s
        open_s = [min(latest_s, last) for first, last in step.spans_s if first <= latest_s]
        return max([begin_s, *open_s])

    def _route(self, shift: ShiftId, timed: _Timed) -> Route:
        owner = self.facts.shifts[shift]
        stops = [_stop_of(StopKind.START, str(owner.start_place), timed.leave_s)]
        for step, begin_s in zip(timed.steps, timed.begins_s, strict=True):
            arrive_s = stops[-1].leave_s + step.way.travel_s + step.way.parking_s
            stops.append(
                Stop(
                    kind=step.kind,
                    place=step.place,
                    travel_s=step.way.travel_s,
                    distance_m=step.way.distance_m,
                    arrive_s=arrive_s,
                    wait_s=round(begin_s - step.set_up_s - arrive_s, 6),
                    begin_s=begin_s,
                    leave_s=begin_s + step.lasts_s,
                    parking_s=step.way.parking_s,
                    set_up_s=step.set_up_s,
                    walk_s=step.way.walk_s,
                )
            )
        return Route(shift=owner.id, staff=owner.staff, stops=tuple(stops))


def _until_begin_s(step: _Step) -> float:
    """Return how long it takes from leaving the stop before to beginning, without a wait."""
    return step.way.travel_s + step.way.parking_s + step.set_up_s


def begin_spans(visit: Visit, set_up_s: float, lasts_s: float) -> tuple[tuple[float, float], ...]:
    """Return when a visit may begin by its windows.

    Args:
        visit: The visit.
        set_up_s: What is needed of who comes.
        lasts_s: How long it lasts for them.
    """
    by_s = {WindowSense.FINISH: -lasts_s, WindowSense.ARRIVE: set_up_s}
    later_s = by_s.get(visit.window_sense, 0.0)
    return tuple((w.start_s + later_s, w.end_s + later_s) for w in visit.windows)


def _sets_of_breaks(shift: Shift) -> Iterator[tuple[Break, ...]]:
    """Yield the breaks that a round may have: those of every round, and the first few more."""
    more = [n for n, rest in enumerate(shift.breaks) if rest.after_work_s is not None]
    for count in range(len(more) + 1):
        left_out = more[count:]
        yield tuple(rest for n, rest in enumerate(shift.breaks) if n not in left_out)


def _unrested_s(shift: Shift, timed: _Timed) -> float:
    """Return for how long too much the round goes on without a break."""
    taken = [
        (step.rest, begin_s)
        for step, begin_s in zip(timed.steps, timed.begins_s, strict=True)
        if step.rest is not None
    ]
    since_s, missed_s = timed.leave_s, 0.0
    for rest in shift.breaks:
        is_taken = bool(taken) and taken[0][0] is rest
        until_s = taken[0][1] if is_taken else timed.begins_s[-1]
        if rest.after_work_s is not None:
            missed_s += max(0.0, until_s - since_s - rest.after_work_s)
            if not is_taken:
                break
        if is_taken:
            since_s = taken.pop(0)[1] + rest.duration_s
    return missed_s


def _stop_of(kind: StopKind, place: str, clock_s: float) -> Stop:
    return Stop(
        kind=kind,
        place=place,
        travel_s=0.0,
        distance_m=0.0,
        arrive_s=clock_s,
        wait_s=0.0,
        begin_s=clock_s,
        leave_s=clock_s,
    )
