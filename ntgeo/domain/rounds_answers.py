"""What a manager asks of a plan of rounds, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass

from ntgeo.domain.rounds_plan import RoutePlan, UnmadeCode
from ntgeo.domain.visits import ShiftId, StaffId, TimeWindow, VisitId

__all__ = ["NextBest", "SlotOffer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NextBest:
    """Who would make a visit if the one who does could not.

    Args:
        visit: A visit of the plan.
        shift: Who makes it.
        staff: Their member of staff, who is then out of the question for it.
        then: Shifts that would make it instead; empty where nobody could, with every visit of
            the plan made.
        extra_gbp: What the plan would cost more, unmade visits left out; ``None`` where nobody
            could.
        is_proven: Whether nothing cheaper is possible, or that nobody could is proven.
    """

    visit: VisitId
    shift: ShiftId
    staff: StaffId
    then: tuple[ShiftId, ...]
    extra_gbp: float | None
    is_proven: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotOffer:
    """What it would cost to promise a family that a visit begins within a slot.

    Args:
        slot: First and last moment at which it begins.
        plan: The day with the promise kept; ``None`` where it cannot be.
        shifts: Who would come; empty where nobody can.
        extra_gbp: What the plan would cost more, unmade visits left out; ``None`` where nobody can.
        code: Why nobody can; ``None`` where somebody can.
        reason: The same in words; empty where somebody can.
        is_proven: Whether nothing cheaper is possible, or that nobody can is proven.
    """

    slot: TimeWindow
    plan: RoutePlan | None
    shifts: tuple[ShiftId, ...]
    extra_gbp: float | None
    code: UnmadeCode | None = None
    reason: str = ""
    is_proven: bool = False
