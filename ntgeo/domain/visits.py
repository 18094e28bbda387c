"""A day's work: visits, the shifts that could make them, and where those start and end."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, NewType

from ntgeo.domain.places import Location

__all__ = [
    "LONGEST_SHIFT_S",
    "PRIORITIES",
    "Break",
    "Depot",
    "DepotId",
    "Shift",
    "ShiftId",
    "StaffId",
    "TimeWindow",
    "Visit",
    "VisitDay",
    "VisitId",
]

VisitId = NewType("VisitId", str)
ShiftId = NewType("ShiftId", str)
StaffId = NewType("StaffId", str)
DepotId = NewType("DepotId", str)

PRIORITIES: Final = range(1, 6)
LONGEST_SHIFT_S: Final = 13 * 3600
"""Working Time Regulations 1998: 11 hours' rest in 24 leave at most 13 for work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWindow:
    """When a visit may start: seconds since midnight of the plan's day, both ends included."""

    start_s: int
    end_s: int

    def __post_init__(self) -> None:
        """Refuse a window that ends before it starts."""
        if self.end_s < self.start_s:
            msg = f"window ends ({self.end_s}) before it starts ({self.start_s})"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Work to be done at a place by one member of staff.

    Args:
        id: Unique among visits and depots.
        location: Where.
        service_s: How long the visit lasts.
        windows: It starts within one of these, in order of time; never empty.
        skills: Every one of them is needed of whoever comes.
        priority: 1 is made first, 5 goes unmade first.
        load: What it takes of a shift's capacity, such as kilograms of equipment.
    """

    id: VisitId
    location: Location
    service_s: int
    windows: tuple[TimeWindow, ...]
    skills: frozenset[str] = frozenset()
    priority: int = 3
    load: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if self.service_s <= 0:
            msg = f"visit {self.id}: duration {self.service_s} s must be above 0"
            raise ValueError(msg)
        if not self.windows:
            msg = f"visit {self.id} has no time window"
            raise ValueError(msg)
        if self.priority not in PRIORITIES:
            msg = f"visit {self.id}: priority {self.priority} is not 1 to 5"
            raise ValueError(msg)
        if not 0 <= self.load < math.inf:
            msg = f"visit {self.id}: load {self.load} is not a finite number >= 0"
            raise ValueError(msg)
        in_order = tuple(sorted(self.windows, key=lambda window: (window.start_s, window.end_s)))
        object.__setattr__(self, "windows", in_order)


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """A place where shifts start or end."""

    id: DepotId
    name: str
    location: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A rest that starts within a window, between visits.

    Args:
        duration_s: How long.
        window: When it may start.
    """

    duration_s: int
    window: TimeWindow

    def __post_init__(self) -> None:
        """Refuse a break of no length."""
        if self.duration_s <= 0:
            msg = f"break of {self.duration_s} s: it must be above 0"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A member of staff at work for a stretch of a day.

    Args:
        id: Unique among shifts.
        staff: Who.
        start_place: Depot where it starts.
        end_place: Depot where it ends.
        hours: From when to when; travel from and back to the places is within them.
        skills: What they can do.
        rest: Their break; ``None`` for none.
        capacity: Most load of all its visits together; ``None`` is unlimited.
    """

    id: ShiftId
    staff: StaffId
    start_place: DepotId
    end_place: DepotId
    hours: TimeWindow
    skills: frozenset[str] = frozenset()
    rest: Break | None = None
    capacity: float | None = None

    def __post_init__(self) -> None:
        """Refuse hours and breaks that cannot be worked."""
        if self.capacity is not None and not 0 <= self.capacity < math.inf:
            msg = f"shift {self.id}: capacity {self.capacity} is not a finite number >= 0"
            raise ValueError(msg)
        length_s = self.hours.end_s - self.hours.start_s
        if not 0 < length_s <= LONGEST_SHIFT_S:
            msg = f"shift {self.id}: {length_s / 3600:g} h is not above 0 and at most 13 h"
            raise ValueError(msg)
        if self.rest is None:
            return
        earliest_s = max(self.rest.window.start_s, self.hours.start_s)
        latest_s = min(self.rest.window.end_s, self.hours.end_s - self.rest.duration_s)
        if latest_s < earliest_s:
            msg = f"shift {self.id}: its break does not fit within its hours"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitDay:
    """A day's visits, the shifts that could make them, and where those start and end."""

    visits: tuple[Visit, ...]
    shifts: tuple[Shift, ...]
    depots: tuple[Depot, ...]

    @property
    def locations(self) -> dict[str, Location]:
        """Where each depot and visit is, by id: depots, then visits, each in order of id."""
        depots = sorted(self.depots, key=lambda depot: depot.id)
        visits = sorted(self.visits, key=lambda visit: visit.id)
        places: tuple[Depot | Visit, ...] = (*depots, *visits)
        return {str(place.id): place.location for place in places}
