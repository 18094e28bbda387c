"""A shift: who works when, from where to where, by which way, at what price."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import time
from typing import Final, NewType

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.domain.visits import ShiftId, StaffId, TimeWindow

__all__ = [
    "LONGEST_SHIFT_S",
    "USUAL_MILEAGE_GBP_PER_MILE",
    "USUAL_PAY_GBP_PER_HOUR",
    "Break",
    "Depot",
    "DepotId",
    "Overtime",
    "Shift",
    "ShiftCosts",
]

DepotId = NewType("DepotId", str)

LONGEST_SHIFT_S: Final = 13 * 3600
"""Working Time Regulations 1998: 11 hours' rest in 24 leave at most 13 for work."""
USUAL_PAY_GBP_PER_HOUR: Final = 12.71
"""National Living Wage from 1 April 2026, where nobody says what an hour costs."""
USUAL_MILEAGE_GBP_PER_MILE: Final = 0.45
"""HM Revenue and Customs' rate of 2011 to 2026 for a car, where nobody says what a mile costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """A place where shifts start or end: an office, or the home of a member of staff."""

    id: DepotId
    name: str
    location: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A rest between visits, taken where the stop before it was.

    Args:
        duration_s: How long.
        window: When it begins; ``None`` for any time. One of no width is a fixed break.
        after_work_s: It begins no later than so long after the round began, or after the break
            before it was over; a round that ends sooner may do without it, and then does without
            every such break behind it. ``None`` for a break that every round has.
        is_paid: Whether its time is paid and counts as work.
    """

    duration_s: int
    window: TimeWindow | None = None
    after_work_s: int | None = None
    is_paid: bool = True

    def __post_init__(self) -> None:
        """Refuse a break of no length."""
        if self.duration_s <= 0:
            msg = f"break of {self.duration_s} s: it must be above 0"
            raise ValueError(msg)
        if self.after_work_s is not None and self.after_work_s <= 0:
            msg = f"break after {self.after_work_s} s of work: it must be above 0"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overtime:
    """What late work costs on top of pay.

    Args:
        after_s: Work after this time of day is overtime.
        gbp_per_hour: Price of each hour of it, on top of the hour's pay.
    """

    after_s: int
    gbp_per_hour: float

    def __post_init__(self) -> None:
        """Refuse a price that cannot be."""
        if not 0 <= self.gbp_per_hour < math.inf:
            msg = f"overtime at {self.gbp_per_hour} £ an hour: not a finite number >= 0"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftCosts:
    """What a round costs in pounds.

    Args:
        pay_gbp_per_hour: Of work: from leaving the start to reaching the end, waits included,
            unpaid breaks left out.
        mileage_gbp_per_mile: Of driven or cycled distance.
        travel_gbp_per_hour: Of time spent travelling and parking, on top of pay.
        round_gbp: Of having a round at all.
    """

    pay_gbp_per_hour: float = USUAL_PAY_GBP_PER_HOUR
    mileage_gbp_per_mile: float = USUAL_MILEAGE_GBP_PER_MILE
    travel_gbp_per_hour: float = 0.0
    round_gbp: float = 0.0

    def __post_init__(self) -> None:
        """Refuse prices below 0."""
        prices = (
            self.pay_gbp_per_hour,
            self.mileage_gbp_per_mile,
            self.travel_gbp_per_hour,
            self.round_gbp,
        )
        if not all(0 <= price < math.inf for price in prices):
            msg = f"costs of a shift {prices}: each must be a finite number >= 0"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A member of staff at work for a stretch of a day.

    Args:
        id: Unique among shifts.
        staff: Who; their shifts do not overlap.
        start_place: Depot where it starts.
        end_place: Depot where it ends; ``None`` if it ends where its last visit was.
        hours: From when to when; travel from and back to the places is within them. More than 13
            hours only where ``most_work_s`` keeps the work itself to that.
        skills: What they can do.
        breaks: In the order in which they are taken.
        capacity: Most load of all its visits together; ``None`` is unlimited.
        mode: How they travel.
        traffic_at: Local time whose traffic their travel times are for; ``None`` for the usual.
        walks_up_to_s: Of those who drive: how long they walk at most from the parked car.
        parking_s: From the end of the drive to the door of a visit; nothing on foot from the
            parked car, between visits at the same address, or at the end of the round.
        overtime: What late work costs; ``None`` where it costs as any other.
        costs: Prices of the round.
        most_work_s: Greatest work, as pay counts it; ``None`` is unlimited.
        most_travel_s: Greatest time of travel and parking.
        most_distance_m: Greatest driven or cycled distance.
        may_go_alone: Whether they may make a visit that nobody else comes to.
    """

    id: ShiftId
    staff: StaffId
    start_place: DepotId
    end_place: DepotId | None
    hours: TimeWindow
    skills: frozenset[str] = frozenset()
    breaks: tuple[Break, ...] = ()
    capacity: float | None = None
    mode: TravelMode = TravelMode.CAR
    traffic_at: time | None = None
    walks_up_to_s: int | None = None
    parking_s: int = 0
    overtime: Overtime | None = None
    costs: ShiftCosts = ShiftCosts()
    most_work_s: int | None = None
    most_travel_s: int | None = None
    most_distance_m: float | None = None
    may_go_alone: bool = True

    def __post_init__(self) -> None:
        """Refuse hours, limits and breaks that cannot be worked."""
        length_s = self.hours.end_s - self.hours.start_s
        most_s = length_s if self.most_work_s is None else min(length_s, self.most_work_s)
        if length_s <= 0 or most_s > LONGEST_SHIFT_S:
            msg = f"shift {self.id}: {length_s / 3600:g} h is not above 0 and at most 13 h"
            raise ValueError(msg)
        limits = {
            "capacity": self.capacity,
            "greatest work": self.most_work_s,
            "greatest travel": self.most_travel_s,
            "greatest distance": self.most_distance_m,
            "parking": self.parking_s,
            "walk": self.walks_up_to_s,
        }
        for name, amount in limits.items():
            if amount is not None and not 0 <= amount < math.inf:
                msg = f"shift {self.id}: {name} {amount} is not a finite number >= 0"
                raise ValueError(msg)
        if self.walks_up_to_s is not None and self.mode is not TravelMode.CAR:
            msg = f"shift {self.id}: only those who drive walk from a parked car"
            raise ValueError(msg)
        self._check_breaks()

    def _check_breaks(self) -> None:
        ready_s = self.hours.start_s
        for rest in self.breaks:
            if rest.after_work_s is not None:
                continue
            earliest_s = max(ready_s, rest.window.start_s if rest.window else ready_s)
            latest_s = self.hours.end_s - rest.duration_s
            if rest.window is not None:
                latest_s = min(latest_s, rest.window.end_s)
            if latest_s < earliest_s:
                msg = f"shift {self.id}: its breaks do not fit within its hours"
                raise ValueError(msg)
            ready_s = earliest_s + rest.duration_s
