"""A visit: what is to be done where, when, by how many and by whom."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NewType

from ntgeo.domain.places import Location

__all__ = [
    "PRIORITIES",
    "GapFrom",
    "NotAlone",
    "Pin",
    "PlaceInRound",
    "ShiftId",
    "SoftWindow",
    "StaffId",
    "StaffLink",
    "TimeWindow",
    "Visit",
    "VisitId",
    "VisitLink",
    "WindowSense",
]

VisitId = NewType("VisitId", str)
ShiftId = NewType("ShiftId", str)
StaffId = NewType("StaffId", str)

PRIORITIES: Final = range(1, 6)
_TWO: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWindow:
    """A stretch of time: seconds since midnight of the plan's day, both ends included."""

    start_s: int
    end_s: int

    def __post_init__(self) -> None:
        """Refuse a window that ends before it starts."""
        if self.end_s < self.start_s:
            msg = f"window ends ({self.end_s}) before it starts ({self.start_s})"
            raise ValueError(msg)


class WindowSense(StrEnum):
    """What of a visit must fall within one of its windows."""

    START = "start"
    """The moment the visit begins, after any set-up."""
    FINISH = "finish"
    """The moment it is over; of a crew, for each who comes."""
    ARRIVE = "arrive"
    """The moment staff come in, before any set-up; they may wait outside for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftWindow:
    """When a visit had better begin, and the price of each minute outside.

    Args:
        window: Beginning within it costs nothing.
        early_gbp_per_minute: For each minute that it begins sooner.
        late_gbp_per_minute: For each minute that it begins later.
    """

    window: TimeWindow
    early_gbp_per_minute: float = 0.0
    late_gbp_per_minute: float = 0.0

    def __post_init__(self) -> None:
        """Refuse prices that cannot be."""
        for price in (self.early_gbp_per_minute, self.late_gbp_per_minute):
            if not 0 <= price < math.inf:
                msg = f"soft window: price {price} is not a finite number >= 0"
                raise ValueError(msg)


class NotAlone(StrEnum):
    """When a visit needs two people."""

    ALWAYS = "always"
    """Nobody goes alone."""
    AFTER_DARK = "after-dark"
    """Nobody is there alone before or after the day's light."""


class PlaceInRound(StrEnum):
    """Which visit of a round a pinned visit is; breaks do not count."""

    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """What of a visit is settled beforehand, should it be made.

    Args:
        shifts: Each of these takes part.
        begin_s: It begins at that moment, whatever its windows say; to the millisecond.
        place: It is the first or last visit of each round that it is in.
    """

    shifts: frozenset[ShiftId] = frozenset()
    begin_s: float | None = None
    place: PlaceInRound | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Work to be done at a place.

    Args:
        id: Unique among visits and depots.
        location: Where.
        service_s: How long each who comes is there, from its beginning.
        windows: It takes place within one of these, in order of time; never empty.
        window_sense: What of it must fall within a window.
        soft_windows: When it had better begin; each is priced, and the prices add up.
        service_s_by_staff: How long it lasts for some members of staff, where that differs; to
            the millisecond.
        skills: Every one of them is needed of each who comes.
        crew: How many people come; they begin at the same time.
        not_alone: When at least two must come, whatever ``crew`` says.
        required_staff: Each who comes is one of these; empty for anyone.
        forbidden_staff: None of these comes.
        preferred_staff: Anyone else who comes costs the price of not being preferred; empty for
            no preference.
        usual_staff: Anyone else who comes is a new face, which has a price; empty where there is
            no usual staff.
        planned_staff: Anyone else who comes is moved to it, which has a price: who the family
            was told would come, when a day is planned anew; empty where nobody was told.
        address: Visits with the same address are at one door: staff who go from one to the other
            neither park nor set up again. ``None`` for a door of its own.
        set_up_s: Between arriving at its address and beginning; not needed of those who come
            from a visit at the same address.
        priority: 1 is made first, 5 goes unmade first.
        unmade_gbp: Price of not making it, where the prices put it in pounds; ``None`` for that
            of its priority.
        pin: What is settled beforehand.
        load: What each who comes takes of their capacity, such as kilograms of equipment.
    """

    id: VisitId
    location: Location
    service_s: int
    windows: tuple[TimeWindow, ...]
    window_sense: WindowSense = WindowSense.START
    soft_windows: tuple[SoftWindow, ...] = ()
    service_s_by_staff: Mapping[StaffId, float] = field(default_factory=dict)
    skills: frozenset[str] = frozenset()
    crew: int = 1
    not_alone: NotAlone | None = None
    required_staff: frozenset[StaffId] = frozenset()
    forbidden_staff: frozenset[StaffId] = frozenset()
    preferred_staff: frozenset[StaffId] = frozenset()
    usual_staff: frozenset[StaffId] = frozenset()
    planned_staff: frozenset[StaffId] = frozenset()
    address: str | None = None
    set_up_s: int = 0
    priority: int = 3
    unmade_gbp: float | None = None
    pin: Pin = Pin()
    load: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        for service_s in (self.service_s, *self.service_s_by_staff.values()):
            if service_s <= 0:
                msg = f"visit {self.id}: duration {service_s} s must be above 0"
                raise ValueError(msg)
        if not self.windows:
            msg = f"visit {self.id} has no time window"
            raise ValueError(msg)
        if self.priority not in PRIORITIES:
            msg = f"visit {self.id}: priority {self.priority} is not 1 to 5"
            raise ValueError(msg)
        if self.crew < 1:
            msg = f"visit {self.id}: a crew of {self.crew} is below 1"
            raise ValueError(msg)
        amounts = {"load": self.load, "set-up": self.set_up_s, "price": self.unmade_gbp or 0.0}
        for name, amount in amounts.items():
            if not 0 <= amount < math.inf:
                msg = f"visit {self.id}: {name} {amount} is not a finite number >= 0"
                raise ValueError(msg)
        in_order = tuple(sorted(self.windows, key=lambda window: (window.start_s, window.end_s)))
        object.__setattr__(self, "windows", in_order)
        by_staff = dict(sorted(self.service_s_by_staff.items()))
        object.__setattr__(self, "service_s_by_staff", by_staff)

    def service_s_of(self, staff: StaffId) -> float:
        """Return how long the visit lasts for a member of staff."""
        return self.service_s_by_staff.get(staff, self.service_s)

    @property
    def least_crew(self) -> int:
        """How many must come at least, at any time of day."""
        return max(self.crew, _TWO if self.not_alone is NotAlone.ALWAYS else 1)

    @property
    def greatest_crew(self) -> int:
        """How many come at most, at any time of day."""
        return max(self.crew, 1 if self.not_alone is None else _TWO)

    def crew_needed(self, begin_s: float, end_s: float, daylight: TimeWindow | None) -> int:
        """Return how many people must come to a visit that takes place at a time.

        Args:
            begin_s: When it begins.
            end_s: When the last who came leaves.
            daylight: The day's light; ``None`` where there is none.
        """
        if self.not_alone is not NotAlone.AFTER_DARK:
            return self.least_crew
        is_light = daylight is not None and daylight.start_s <= begin_s <= end_s <= daylight.end_s
        return self.crew if is_light else max(self.crew, _TWO)


class GapFrom(StrEnum):
    """From which moment of the first visit a gap counts."""

    BEGIN = "begin"
    END = "end"
    """The moment the last who came leaves."""


class StaffLink(StrEnum):
    """Who comes to the second of two linked visits."""

    SAME = "same"
    """The same people as to the first."""
    DIFFERENT = "different"
    """None of those who came to the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitLink:
    """What two visits have to do with each other, such as two doses of a medicine.

    Args:
        first: A visit.
        second: Another; if a gap is given, it is made only where the first is made.
        least_gap_s: The second begins at least so long after the first; ``None`` for no order.
        greatest_gap_s: And at most so long after it; ``None`` for any time.
        gap_from: From which moment of the first visit both gaps count, to the moment the second
            begins.
        staff: Who comes to the second, where both are made; ``None`` for anyone.
        both_or_neither: Whether the first, too, is made only where the second is.
    """

    first: VisitId
    second: VisitId
    least_gap_s: int | None = None
    greatest_gap_s: int | None = None
    gap_from: GapFrom = GapFrom.END
    staff: StaffLink | None = None
    both_or_neither: bool = False

    def __post_init__(self) -> None:
        """Refuse a link that says nothing, or cannot be."""
        if self.first == self.second:
            msg = f"visit {self.first} is linked to itself"
            raise ValueError(msg)
        if self.greatest_gap_s is not None and self.least_gap_s is None:
            msg = f"visits {self.first} and {self.second}: a greatest gap needs a least one"
            raise ValueError(msg)
        least_s, greatest_s = self.least_gap_s, self.greatest_gap_s
        if least_s is not None and not 0 <= least_s <= (
            math.inf if greatest_s is None else greatest_s
        ):
            told = "is below 0" if least_s < 0 else f"is longer than the greatest, {greatest_s} s"
            msg = f"visits {self.first} and {self.second}: the least gap, {least_s} s, {told}"
            raise ValueError(msg)
        if least_s is None and self.staff is None and not self.both_or_neither:
            msg = f"visits {self.first} and {self.second}: the link says nothing"
            raise ValueError(msg)

    @classmethod
    def together(cls, first: VisitId, second: VisitId) -> VisitLink:
        """Return the link of two visits that begin at the same time, by different people."""
        return cls(
            first=first,
            second=second,
            least_gap_s=0,
            greatest_gap_s=0,
            gap_from=GapFrom.BEGIN,
            staff=StaffLink.DIFFERENT,
            both_or_neither=True,
        )

    @property
    def is_ordered(self) -> bool:
        """Whether the second follows the first at a gap."""
        return self.least_gap_s is not None
