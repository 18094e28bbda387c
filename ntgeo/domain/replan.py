"""A day under way that no longer goes as planned, and how it goes on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ntgeo.domain.routing import RoutePlan, RoutingProblem
from ntgeo.domain.visits import ShiftId, StaffId, VisitId

__all__ = [
    "USUAL_CHANGE_PRICES",
    "BegunVisit",
    "ChangePrices",
    "DayState",
    "Freedom",
    "NewPlan",
    "VisitChange",
    "VisitChangeKind",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunVisit:
    """What truly happened at a visit, where that is not what was planned.

    Args:
        visit: A visit that has begun.
        shift: Who is, or was, there.
        begin_s: When it began; seconds since midnight, not after the state's ``now_s``.
        leave_s: When it was over, or will be: later than planned for one that overruns.
    """

    visit: VisitId
    shift: ShiftId
    begin_s: int
    leave_s: int

    def __post_init__(self) -> None:
        """Refuse a visit of no length."""
        if self.leave_s <= self.begin_s:
            msg = f"visit {self.visit} of {self.shift}: over at {self.leave_s}, before it began"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Freedom:
    """How freely the rest of the day may be planned anew, by the clock.

    Args:
        fixed_until_s: Visits that were to begin sooner stay as they are: staff and time.
        same_staff_until_s: Visits that were to begin sooner stay with their staff.
    """

    fixed_until_s: int = 0
    same_staff_until_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePrices:
    """What changes to a plan that people know are worth in pounds.

    Args:
        moved_gbp: Of each person who comes to a visit instead of one who was planned.
        changed_gbp_per_minute: Of each minute that a visit begins sooner or later than planned.
        puts_fewest_moves_first: Whether no cost is worth a move; ``moved_gbp`` is then left out.
    """

    moved_gbp: float = 10.0
    changed_gbp_per_minute: float = 0.1
    puts_fewest_moves_first: bool = False

    def __post_init__(self) -> None:
        """Refuse prices that cannot be."""
        if not all(0 <= p < math.inf for p in (self.moved_gbp, self.changed_gbp_per_minute)):
            msg = f"prices of changes {self}: each must be a finite number >= 0"
            raise ValueError(msg)


USUAL_CHANGE_PRICES: Final = ChangePrices()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayState:
    """Where a day stands.

    Whoever had set off for a visit by ``now_s`` goes on to it and makes it as planned, unless
    they are ill. Whoever had set off for the end of their round is not called back.

    Args:
        now_s: The time; seconds since midnight.
        begun: Visits that went, or go, otherwise than planned; all others that should have begun
            by now began as planned.
        ill: From when a member of staff works no longer, by member of staff. A visit that they
            have begun by then is finished.
        promised: Visits whose families were promised the planned time: that stays, and so do the
            staff, while they can.
        freedom: How freely the rest may be planned anew.
    """

    now_s: int
    begun: tuple[BegunVisit, ...] = ()
    ill: tuple[tuple[StaffId, int], ...] = ()
    promised: frozenset[VisitId] = frozenset()
    freedom: Freedom = Freedom()


class VisitChangeKind(StrEnum):
    """What becomes of a visit when a day is planned anew."""

    MOVED = "moved"
    """Somebody else comes."""
    RETIMED = "retimed"
    """The same people come, at another time: a minute off or more."""
    DROPPED = "dropped"
    """It was to be made, and is not."""
    ADDED = "added"
    """It was not to be made, or was not known, and is made."""
    LEFT_OUT = "left-out"
    """It was not known, and is not made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitChange:
    """What a family must be told.

    Args:
        visit: Whose.
        kind: What changes.
        shifts_before: Who was to come.
        shifts: Who comes.
        begin_before_s: When it was to begin; ``None`` if it was not to be made.
        begin_s: When it begins; ``None`` if it is not made.
        reason: Of a visit that is not made: why.
    """

    visit: VisitId
    kind: VisitChangeKind
    shifts_before: tuple[ShiftId, ...] = ()
    shifts: tuple[ShiftId, ...] = ()
    begin_before_s: float | None = None
    begin_s: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlan:
    """A day that was planned anew while it was under way.

    Args:
        day: The question as the day stands: what has happened is pinned, those who are ill end
            where they went. The plan is checked against it.
        plan: The whole day: what has happened, and the rest anew.
        changes: What is otherwise than planned, in order of visit.
        moved: How many visits somebody else comes to.
        not_kept: Visits that were promised, or still fixed, but could not be made as they were,
            and were planned freely.
        is_moved_least: Whether it is proven that no plan that makes as much moves fewer, or, where
            moves are priced, that the plan is the best by those prices.
    """

    day: RoutingProblem
    plan: RoutePlan
    changes: tuple[VisitChange, ...]
    moved: int
    is_moved_least: bool
    not_kept: frozenset[VisitId] = frozenset()
