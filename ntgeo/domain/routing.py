"""The rounds question and its answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.solving import SolveReport
from ntgeo.domain.units import METRES_PER_MILE, SECONDS_PER_HOUR
from ntgeo.domain.visits import (
    LONGEST_SHIFT_S,
    PRIORITIES,
    Break,
    Depot,
    DepotId,
    Shift,
    ShiftId,
    StaffId,
    TimeWindow,
    Visit,
    VisitDay,
    VisitId,
)

__all__ = [
    "LONGEST_SHIFT_S",
    "PRIORITIES",
    "Break",
    "ChangeKind",
    "Depot",
    "DepotId",
    "RoundsPrices",
    "Route",
    "RoutePlan",
    "RoutingProblem",
    "Shift",
    "ShiftId",
    "SmallestChange",
    "StaffId",
    "Stop",
    "StopKind",
    "TimeWindow",
    "UnmadeVisit",
    "Visit",
    "VisitDay",
    "VisitId",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundsPrices:
    """What a plan's travel and work are worth: the cost that is made least.

    Without other words a second of travel and a second of work (from leaving the start to
    reaching the end, travel included) count one each.

    Args:
        travel_s: Of a second of travel.
        work_s: Of a second of work.
        distance_m: Of a metre.
        unit: Of the sum, in words.
    """

    travel_s: float = 1.0
    work_s: float = 1.0
    distance_m: float = 0.0
    unit: str = "seconds of travel and of work"

    def __post_init__(self) -> None:
        """Refuse prices below 0, or none at all."""
        prices = (self.travel_s, self.work_s, self.distance_m)
        if not all(0 <= price < math.inf for price in prices) or not any(prices):
            msg = f"prices {prices}: each must be 0 or more, and one above 0"
            raise ValueError(msg)

    @classmethod
    def in_pounds(cls, *, pay_gbp_per_hour: float, mileage_gbp_per_mile: float) -> Self:
        """Return prices of pay for working time and of mileage."""
        return cls(
            travel_s=0.0,
            work_s=pay_gbp_per_hour / SECONDS_PER_HOUR,
            distance_m=mileage_gbp_per_mile / METRES_PER_MILE,
            unit="pounds of pay and mileage",
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoutingProblem:
    """Who visits whom, when, and by which way.

    Args:
        day: The day of the plan, in Europe/London.
        visits: In ascending order of id.
        shifts: In ascending order of id; may be empty (then every visit is unmade).
        depots: In ascending order of id.
        travel: Square over ``place_ids``: depots, then visits.
        prices: What travel and work are worth.
    """

    day: date
    visits: tuple[Visit, ...]
    shifts: tuple[Shift, ...]
    depots: tuple[Depot, ...]
    travel: TravelTimeMatrix
    prices: RoundsPrices = RoundsPrices()

    def __post_init__(self) -> None:
        """Check that the parts fit together."""
        for name, ids in (
            ("visit", [visit.id for visit in self.visits]),
            ("shift", [shift.id for shift in self.shifts]),
            ("depot", [depot.id for depot in self.depots]),
        ):
            if [str(i) for i in ids] != sorted({str(i) for i in ids}):
                msg = f"{name} ids are not in order, or repeat"
                raise ValueError(msg)
        if len(set(self.place_ids)) != len(self.place_ids):
            msg = "a visit and a depot have the same id"
            raise ValueError(msg)
        if self.travel.origins != self.place_ids or self.travel.destinations != self.place_ids:
            msg = "the travel-time matrix is not square over depots, then visits"
            raise ValueError(msg)
        depots = {depot.id for depot in self.depots}
        for shift in self.shifts:
            for place in (shift.start_place, shift.end_place):
                if place not in depots:
                    msg = f"shift {shift.id}: depot {place} is not known"
                    raise ValueError(msg)

    @property
    def place_ids(self) -> tuple[str, ...]:
        """Ids of depots, then visits: the order of the matrix."""
        return (*(depot.id for depot in self.depots), *(visit.id for visit in self.visits))

    @classmethod
    def from_arrays(
        cls,
        *,
        day: date,
        visits: Sequence[Visit],
        shifts: Sequence[Shift],
        depots: Sequence[Depot],
        travel: TravelTimeMatrix,
        prices: RoundsPrices = RoundsPrices(),
    ) -> Self:
        """Build a problem from your own matrix, in any order; the problem sorts by id.

        Raises:
            ValueError: The parts do not fit together.
            KeyError: The matrix lacks a place.
        """
        ordered_visits = tuple(sorted(visits, key=lambda visit: visit.id))
        ordered_depots = tuple(sorted(depots, key=lambda depot: depot.id))
        places = [*(depot.id for depot in ordered_depots), *(visit.id for visit in ordered_visits)]
        return cls(
            day=day,
            visits=ordered_visits,
            shifts=tuple(sorted(shifts, key=lambda shift: shift.id)),
            depots=ordered_depots,
            travel=travel.select(places, places),
            prices=prices,
        )


class StopKind(StrEnum):
    """What happens at a stop."""

    START = "start"
    VISIT = "visit"
    BREAK = "break"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A line of a route sheet.

    Args:
        kind: What happens.
        place: Visit or depot id; for a break, the place where it is taken.
        travel_s: Driving, cycling or walking from the stop before.
        distance_m: Along that way.
        arrive_s: Seconds since midnight of the plan's day.
        wait_s: Until the window opens.
        begin_s: When the visit or break begins; ``arrive_s + wait_s``.
        leave_s: When it is over.
    """

    kind: StopKind
    place: str
    travel_s: float
    distance_m: float
    arrive_s: float
    wait_s: float
    begin_s: float
    leave_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A shift's round: start, visits and breaks, end. A shift without visits has no route."""

    shift: ShiftId
    staff: StaffId
    stops: tuple[Stop, ...]


class ChangeKind(StrEnum):
    """What would have to give for a visit to be made."""

    OVERTIME = "overtime"
    """The shift ends later."""
    LATER = "later"
    """The visit may start later than its windows say."""
    EARLIER = "earlier"
    """The visit may start sooner than its windows say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallestChange:
    """The least that would let a shift make a visit, the rounds being as they are.

    Args:
        kind: What gives.
        shift: Who could then make the visit.
        minutes: By how much, in whole minutes.
    """

    kind: ChangeKind
    shift: ShiftId
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmadeVisit:
    """A visit that nobody makes, and why.

    Args:
        visit: The visit.
        code: ``no-staff``, ``no-skill``, ``too-heavy``, ``unreachable``, ``too-long``,
            ``no-window`` or ``no-room``: the first of these that holds.
        reason: In words.
        change: The smallest change of one thing that would make it; ``None`` where nothing short
            of another day's staff would.
    """

    visit: VisitId
    code: str
    reason: str
    change: SmallestChange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutePlan:
    """The answer: each visit is in one route or in ``unmade``, once."""

    routes: tuple[Route, ...]
    unmade: tuple[UnmadeVisit, ...]
    report: SolveReport
