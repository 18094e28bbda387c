"""A plan of rounds: timed stops, what they cost, and what is not made and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ntgeo.domain.rounds_prices import RoundsCost
from ntgeo.domain.solving import SolveReport
from ntgeo.domain.visits import ShiftId, StaffId, VisitId

__all__ = [
    "ChangeKind",
    "Route",
    "RoutePlan",
    "SmallestChange",
    "Stop",
    "StopKind",
    "UnmadeCode",
    "UnmadeVisit",
]


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
        distance_m: Driven or cycled along that way; all of it for a shift on foot.
        arrive_s: At the door: ``travel_s + parking_s`` after the stop before was left. Seconds
            since midnight of the plan's day.
        wait_s: At the door, until a window opens or the rest of a crew comes.
        begin_s: When the visit or break begins; ``arrive_s + wait_s + set_up_s``.
        leave_s: When it is over.
        parking_s: From the end of the drive to the door.
        set_up_s: Between waiting and beginning.
        walk_s: How much of ``travel_s`` is on foot from, or back to, a parked car.
    """

    kind: StopKind
    place: str
    travel_s: float
    distance_m: float
    arrive_s: float
    wait_s: float
    begin_s: float
    leave_s: float
    parking_s: float = 0.0
    set_up_s: float = 0.0
    walk_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A shift's round: start, visits and breaks, end. A shift without visits has no route."""

    shift: ShiftId
    staff: StaffId
    stops: tuple[Stop, ...]


class UnmadeCode(StrEnum):
    """Why a visit is not made: the first of these that holds.

    It takes as many people as its crew (two where nobody goes alone; one where that is so only
    after dark), and each reason looks only at the shifts that the reasons before have left. Up to
    ``NO_WINDOW`` a round is of this visit alone. *Too few* are fewer different members of staff
    than it takes.
    """

    NO_STAFF = "no-staff"
    """Nobody is on shift."""
    NO_SKILL = "no-skill"
    """No shift has all its skills."""
    NOT_ALLOWED = "not-allowed"
    """All who have are forbidden, or not of those required."""
    TOO_FEW = "too-few"
    """Too few are left."""
    NOT_ALONE = "not-alone"
    """One goes, at any time of day, and none of those left may go alone."""
    PINNED_SHIFT = "pinned-shift"
    """A shift that it is pinned to is not left; or more of them than ever go, or two of one
    member of staff. If not, and as many are pinned as ever go, only those are left."""
    TOO_HEAVY = "too-heavy"
    """Too few can carry it."""
    UNREACHABLE = "unreachable"
    """Too few have a way there and on to the end of their shift."""
    TOO_FAR = "too-far"
    """Too few can travel so long, or so far."""
    TOO_LONG = "too-long"
    """Too few have hours, or limits on work, for it at any time of day, with travel, parking,
    set-up and the breaks that such a round has."""
    NO_WINDOW = "no-window"
    """There is no time within its windows at which enough could begin together."""
    PINNED_TIME = "pinned-time"
    """The same, where it is pinned to a moment."""
    AFTER_DARK = "after-dark"
    """There is, but only when it takes two people, and then there are too few."""
    LINKED = "linked"
    """A visit that it is only made with is not made."""
    CONTRADICTION = "contradiction"
    """The gaps of its links cannot all be kept, within the windows of the linked visits."""
    TOO_DEAR = "too-dear"
    """It could be made, but costs more than leaving it; only of a day that was weighed."""
    NO_ROOM = "no-room"
    """Those who could make it have no room in their rounds."""


class ChangeKind(StrEnum):
    """What would have to give for a visit to be made."""

    OVERTIME = "overtime"
    """The shift ends later, and limits on its work give as much."""
    LATER = "later"
    """The visit may begin later than its windows say."""
    EARLIER = "earlier"
    """The visit may begin sooner than its windows say."""
    SKILL = "skill"
    """The shift has a skill more."""
    STAFF = "staff"
    """Another member of staff works the hours of the shift."""
    PRICE = "price"
    """Nothing: it can be made, but costs more than leaving it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallestChange:
    """The least that would let a visit be made, with every visit of the plan made as well.

    Args:
        kind: What gives.
        shift: Whose hours or skills change, or who could then make the visit.
        minutes: By how much, in whole minutes; 0 for a skill or another member of staff.
        skill: Which, of a change of skill.
        cost_gbp: What the plan would then cost more, unmade visits left out; ``None`` where it
            was not reckoned.
        is_verified: Whether the day so changed was solved again, and one step less did not do.
        is_proven: Whether it is proven that one step less cannot do, and the cost the least.
        step_minutes: The step: how closely the minutes are told.
    """

    kind: ChangeKind
    shift: ShiftId
    minutes: int = 0
    skill: str | None = None
    cost_gbp: float | None = None
    is_verified: bool = False
    is_proven: bool = False
    step_minutes: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmadeVisit:
    """A visit that nobody makes, and why.

    Args:
        visit: The visit.
        code: The first reason that holds.
        reason: In words.
        change: The smallest change of one thing that would make it; ``None`` where nothing short
            of another day's staff would.
    """

    visit: VisitId
    code: UnmadeCode
    reason: str
    change: SmallestChange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutePlan:
    """The answer: each visit is made by its crew, a route each, or is in ``unmade``.

    Args:
        routes: In order of shift.
        unmade: In order of visit.
        report: The proof; its objective is the total of ``cost``.
        cost: What the plan costs, term by term.
    """

    routes: tuple[Route, ...]
    unmade: tuple[UnmadeVisit, ...]
    report: SolveReport
    cost: RoundsCost
