"""The rounds question and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Self

import numpy as np

from ntgeo.domain.matrix import TravelMode, TravelTimeMatrix
from ntgeo.domain.rounds_plan import (
    ChangeKind,
    Route,
    RoutePlan,
    SmallestChange,
    Stop,
    StopKind,
    UnmadeCode,
    UnmadeVisit,
)
from ntgeo.domain.rounds_prices import USUAL_PRICES, RoundsCost, RoundsPrices
from ntgeo.domain.shifts import (
    LONGEST_SHIFT_S,
    Break,
    Depot,
    DepotId,
    Overtime,
    Shift,
    ShiftCosts,
)
from ntgeo.domain.visit_day import VisitDay
from ntgeo.domain.visits import (
    PRIORITIES,
    GapFrom,
    NotAlone,
    Pin,
    PlaceInRound,
    ShiftId,
    SoftWindow,
    StaffId,
    StaffLink,
    TimeWindow,
    Visit,
    VisitId,
    VisitLink,
    WindowSense,
)

__all__ = [
    "LONGEST_SHIFT_S",
    "PRIORITIES",
    "Break",
    "ChangeKind",
    "Depot",
    "DepotId",
    "GapFrom",
    "NotAlone",
    "Overtime",
    "Pin",
    "PlaceInRound",
    "RoundsCost",
    "RoundsPrices",
    "Route",
    "RoutePlan",
    "RoutingProblem",
    "Shift",
    "ShiftCosts",
    "ShiftId",
    "SmallestChange",
    "SoftWindow",
    "StaffId",
    "StaffLink",
    "Stop",
    "StopKind",
    "TimeWindow",
    "UnmadeCode",
    "UnmadeVisit",
    "Visit",
    "VisitDay",
    "VisitId",
    "VisitLink",
    "WindowSense",
]

_DECIMALS = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoutingProblem:
    """Who visits whom, when, and by which way.

    Args:
        day: The day of the plan, in Europe/London.
        visits: In ascending order of id.
        shifts: In ascending order of id; may be empty (then every visit is unmade).
        depots: In ascending order of id.
        travel: Square over ``place_ids``: depots, then visits. Times are kept to the
            millisecond, so that every engine does its sums in whole numbers.
        more_travel: Further matrices over the same places, each of another mode or time of day.
        links: What visits have to do with each other.
        prices: What is not in the shifts' own costs.
        daylight: Within it nobody is anywhere after dark; ``None`` where it is not known, and
            every hour counts as dark.
    """

    day: date
    visits: tuple[Visit, ...]
    shifts: tuple[Shift, ...]
    depots: tuple[Depot, ...]
    travel: TravelTimeMatrix
    more_travel: tuple[TravelTimeMatrix, ...] = ()
    links: tuple[VisitLink, ...] = ()
    prices: RoundsPrices = USUAL_PRICES
    daylight: TimeWindow | None = None

    def __post_init__(self) -> None:
        """Check that the parts fit together."""
        self._check_ids()
        self._check_matrices()
        self._check_shifts()
        self._check_visits()

    def _check_ids(self) -> None:
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

    def _check_matrices(self) -> None:
        matrices = (self.travel, *self.more_travel)
        for matrix in matrices:
            if matrix.origins != self.place_ids or matrix.destinations != self.place_ids:
                msg = "a travel-time matrix is not square over depots, then visits"
                raise ValueError(msg)
        if len({(m.mode, m.departs_at) for m in matrices}) != len(matrices):
            msg = "two travel-time matrices are of the same mode and time of day"
            raise ValueError(msg)
        whole = [replace(m, time_s=np.round(m.time_s, _DECIMALS)) for m in matrices]
        object.__setattr__(self, "travel", whole[0])
        object.__setattr__(self, "more_travel", tuple(whole[1:]))

    def _check_shifts(self) -> None:
        depots = {str(depot.id) for depot in self.depots}
        for shift in self.shifts:
            for place in {shift.start_place, shift.end_place or shift.start_place}:
                if place not in depots:
                    msg = f"shift {shift.id}: depot {place} is not known"
                    raise ValueError(msg)
            self.travel_of(shift)
            if shift.walks_up_to_s is not None:
                self.foot_travel  # noqa: B018 - raises where there is none
        by_staff = sorted(self.shifts, key=lambda shift: (shift.staff, shift.hours.start_s))
        for one, other in pairwise(by_staff):
            if one.staff == other.staff and other.hours.start_s < one.hours.end_s:
                msg = f"shifts {one.id} and {other.id} of {one.staff} overlap"
                raise ValueError(msg)

    def _check_visits(self) -> None:
        known = {visit.id for visit in self.visits}
        for link in self.links:
            for end in (link.first, link.second):
                if end not in known:
                    msg = f"visit {end} is linked, but not known"
                    raise ValueError(msg)
        shifts = {shift.id for shift in self.shifts}
        for visit in self.visits:
            unknown = sorted(visit.pin.shifts - shifts)
            if unknown:
                msg = f"visit {visit.id} is pinned to {unknown[0]}, which is no shift"
                raise ValueError(msg)

    @property
    def place_ids(self) -> tuple[str, ...]:
        """Ids of depots, then visits: the order of the matrix."""
        return (*(depot.id for depot in self.depots), *(visit.id for visit in self.visits))

    def travel_of(self, shift: Shift) -> TravelTimeMatrix:
        """Return the travel times of a shift's mode and time of day.

        Raises:
            ValueError: There are none.
        """
        for matrix in (self.travel, *self.more_travel):
            if (matrix.mode, matrix.departs_at) == (shift.mode, shift.traffic_at):
                return matrix
        at = "" if shift.traffic_at is None else f" at {shift.traffic_at:%H:%M}"
        msg = f"shift {shift.id}: there are no travel times by {shift.mode}{at}"
        raise ValueError(msg)

    @property
    def foot_travel(self) -> TravelTimeMatrix:
        """Travel times on foot, for walks from a parked car.

        Raises:
            ValueError: There are none.
        """
        for matrix in (self.travel, *self.more_travel):
            if matrix.mode is TravelMode.FOOT:
                return matrix
        msg = "somebody walks from a parked car, but there are no travel times on foot"
        raise ValueError(msg)

    @classmethod
    def from_arrays(  # noqa: PLR0913 - the parts of a question, each with its name
        cls,
        *,
        visits: Sequence[Visit],
        shifts: Sequence[Shift],
        depots: Sequence[Depot],
        travel: TravelTimeMatrix,
        more_travel: Sequence[TravelTimeMatrix] = (),
        links: Sequence[VisitLink] = (),
        day: date,
        prices: RoundsPrices = USUAL_PRICES,
        daylight: TimeWindow | None = None,
    ) -> Self:
        """Build a problem from your own matrices, in any order; the problem sorts by id.

        Raises:
            ValueError: The parts do not fit together.
            KeyError: A matrix lacks a place.
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
            more_travel=tuple(matrix.select(places, places) for matrix in more_travel),
            links=tuple(sorted(links, key=lambda link: (link.first, link.second))),
            prices=prices,
            daylight=daylight,
        )
