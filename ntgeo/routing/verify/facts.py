"""What a plan says, looked up by visit, shift and round; no rule is known here."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, NamedTuple

from ntgeo.domain.routing import (
    Break,
    Route,
    RoutePlan,
    RoutingProblem,
    Shift,
    Stop,
    StopKind,
    Visit,
)
from ntgeo.domain.units import clock_text

__all__ = ["SAME_GBP", "SAME_S", "Attendance", "Facts", "Round", "Said", "differ", "said"]

SAME_S: Final = 1e-3
"""Times may differ by a millisecond, since sums of decimals do."""
SAME_GBP: Final = 1e-4


class Said(NamedTuple):
    """A breach in words, and whose it is."""

    text: str
    shift: str | None
    visit: str | None


def said(text: str, *, shift: str | None = None, visit: str | None = None) -> Said:
    """Return a breach in words."""
    return Said(text, shift, visit)


def differ(one: float, other: float, slack: float = SAME_S) -> bool:
    """Tell whether two figures are not the same; one that is no number differs from all."""
    return not abs(one - other) <= slack


@dataclass(frozen=True, slots=True)
class Round:
    """A route whose shift and places are known, from a start to an end, all figures finite.

    Args:
        shift: Whose round it is.
        route: As the plan tells it.
        rests: The breaks of the shift that are taken, each with its stop, in order. Breaks that
            every round has come all; of those after so much work, the first ones.
    """

    shift: Shift
    route: Route
    rests: tuple[tuple[Break, Stop], ...]

    @property
    def stops(self) -> tuple[Stop, ...]:
        """Every line of the route sheet."""
        return self.route.stops

    @property
    def visits(self) -> list[Stop]:
        """The visits, in order."""
        return [stop for stop in self.stops if stop.kind is StopKind.VISIT]

    @property
    def breaks(self) -> list[Stop]:
        """The breaks, in order."""
        return [stop for stop in self.stops if stop.kind is StopKind.BREAK]

    @property
    def start_s(self) -> float:
        """When the round begins."""
        return self.stops[0].leave_s

    @property
    def end_s(self) -> float:
        """When it is over."""
        return self.stops[-1].arrive_s

    @property
    def work_s(self) -> float:
        """From leaving the start to reaching the end, less unpaid breaks."""
        unpaid_s = sum(stop.leave_s - stop.begin_s for rest, stop in self.rests if not rest.is_paid)
        return self.end_s - self.start_s - unpaid_s

    @property
    def legs(self) -> Iterator[tuple[Stop, Stop]]:
        """Each stop with the one before it."""
        return pairwise(self.stops)


class Attendance(NamedTuple):
    """A member of staff at a visit."""

    round: Round
    stop: Stop


class Facts:
    """A plan, looked up by visit, shift and round.

    Attributes:
        visits: By id.
        shifts: By id.
        rounds: Routes that can be read at all, in the plan's order.
        crews: Who comes to each visit that is made, in the plan's order.
    """

    def __init__(self, problem: RoutingProblem, plan: RoutePlan) -> None:
        self.problem = problem
        self.visits: dict[str, Visit] = {visit.id: visit for visit in problem.visits}
        self.shifts: dict[str, Shift] = {shift.id: shift for shift in problem.shifts}
        self.depots = frozenset(str(depot.id) for depot in problem.depots)
        self.row_of = {place: row for row, place in enumerate(problem.place_ids)}
        self._read(plan)

    def _read(self, plan: RoutePlan) -> None:
        self.plan = plan
        self.unreadable = {n: why for n, r in enumerate(plan.routes) if (why := self._why_not(r))}
        self.rounds = tuple(
            _as_round(self.shifts[route.shift], route)
            for number, route in enumerate(plan.routes)
            if number not in self.unreadable
        )
        self.crews: dict[str, list[Attendance]] = defaultdict(list)
        for one in self.rounds:
            for stop in one.visits:
                self.crews[stop.place].append(Attendance(one, stop))
        self.crews = dict(self.crews)

    def of_route(self, route: Route) -> Facts:
        """Return the facts of the same question and of one round alone."""
        alone = object.__new__(Facts)
        alone.__dict__.update(self.__dict__)
        alone._read(replace(self.plan, routes=(route,), unmade=()))
        return alone

    def _why_not(self, route: Route) -> str:
        """Return why a route cannot be read; empty if it can be."""
        if route.shift not in self.shifts:
            return f"{route.shift} has a round, but is no shift of the problem"
        kinds = [stop.kind for stop in route.stops]
        if kinds[:1] != [StopKind.START] or kinds[-1:] != [StopKind.END]:
            return f"{route.shift}: the round does not begin with a start and end with an end"
        if {StopKind.START, StopKind.END} & set(kinds[1:-1]):
            return f"{route.shift}: the round starts or ends half-way"
        return next(filter(None, (self._why_no_stop(route, stop) for stop in route.stops)), "")

    def _why_no_stop(self, route: Route, stop: Stop) -> str:
        if stop.place not in self.row_of:
            return f"{route.shift}: {stop.place} is a place that is not in the matrix"
        if stop.kind is StopKind.VISIT and stop.place not in self.visits:
            return f"{route.shift}: {stop.place} is no visit"
        if not all(map(math.isfinite, _figures(stop))):
            return f"{route.shift} at {stop.place}: a figure is not finite"
        return ""

    def clock(self, elapsed_s: float) -> str:
        """Return a time of day in words."""
        return clock_text(self.problem.day, elapsed_s)

    @staticmethod
    def last_leave_s(crew: list[Attendance]) -> float:
        """Return when the last who came to a visit leaves."""
        return max(one.stop.leave_s for one in crew)

    @staticmethod
    def staff(crew: list[Attendance]) -> frozenset[str]:
        """Return who came."""
        return frozenset(str(one.round.shift.staff) for one in crew)


def _as_round(shift: Shift, route: Route) -> Round:
    stops = [stop for stop in route.stops if stop.kind is StopKind.BREAK]
    spare = len(stops) - sum(rest.after_work_s is None for rest in shift.breaks)
    taken = []
    for rest in shift.breaks:
        if rest.after_work_s is None or spare > 0:
            taken.append(rest)
            spare -= rest.after_work_s is not None
    return Round(shift, route, tuple(zip(taken, stops, strict=False)))


def _figures(stop: Stop) -> tuple[float, ...]:
    return (
        stop.travel_s,
        stop.distance_m,
        stop.arrive_s,
        stop.wait_s,
        stop.begin_s,
        stop.leave_s,
        stop.parking_s,
        stop.set_up_s,
        stop.walk_s,
    )
