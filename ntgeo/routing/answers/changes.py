"""Changes of one thing that could let a visit be made, and what each asks of people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from ntgeo.domain.routing import (
    LONGEST_SHIFT_S,
    ChangeKind,
    Pin,
    RoutingProblem,
    Shift,
    ShiftId,
    StaffId,
    TimeWindow,
    Visit,
    VisitId,
)
from ntgeo.domain.shifts import USUAL_PAY_GBP_PER_HOUR
from ntgeo.domain.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE

__all__ = ["MOST_MINUTES", "Change", "changed_day", "changes_of", "working_staff"]

MOST_MINUTES: Final = 240
"""More overtime, or another time farther off, is another day's question."""
_OVERTIME_SHARE: Final = 1.5
"""Time and a half: what a minute of overtime is put at where the shift has no price for it."""
_SKILL_HOURS: Final = 2.0
"""Finding who has a skill, or sending somebody along, is put at so many hours' pay."""
_MINUTES_PER_HOUR: Final = SECONDS_PER_HOUR / SECONDS_PER_MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A kind of change, before it is known how much of it is needed.

    Changes are compared by what they ask of people: a minute of overtime is put at its pay (with
    the shift's own price of overtime, or else at time and a half), a minute of a family's time at
    the National Living Wage, a skill at two hours' pay, another member of staff at the pay of the
    shift. What the plan then costs more is told beside it, and not counted in.

    Args:
        kind: What gives.
        shift: Whose hours or skills change; ``None`` for another time of the visit.
        skill: Which, of a change of skill.
        asks_gbp: Of the whole, or of each minute.
        most_minutes: 0 for what has no minutes.
    """

    kind: ChangeKind
    shift: ShiftId | None = None
    skill: str | None = None
    asks_gbp: float
    most_minutes: int = 0

    def asks_of(self, minutes: int) -> float:
        """Return what so many minutes of it ask; of the whole, where it has no minutes."""
        return self.asks_gbp * minutes if self.most_minutes else self.asks_gbp


def changes_of(problem: RoutingProblem, visit: Visit) -> list[Change]:
    """Return every change that could let a visit be made, those that ask least first."""
    found = [*_other_times(), *_changes_of_shifts(problem, visit)]
    return sorted(found, key=lambda change: (change.asks_of(1), change.kind, change.shift or ""))


def _other_times() -> Iterator[Change]:
    per_minute_gbp = USUAL_PAY_GBP_PER_HOUR / _MINUTES_PER_HOUR
    for kind in (ChangeKind.LATER, ChangeKind.EARLIER):
        yield Change(kind=kind, asks_gbp=per_minute_gbp, most_minutes=MOST_MINUTES)


def _changes_of_shifts(problem: RoutingProblem, visit: Visit) -> Iterator[Change]:
    for shift in problem.shifts:
        length_s = shift.hours.end_s - shift.hours.start_s
        pay_gbp = shift.costs.pay_gbp_per_hour or USUAL_PAY_GBP_PER_HOUR
        late_gbp = shift.overtime.gbp_per_hour if shift.overtime else 0.0
        overtime_gbp = max(pay_gbp + late_gbp, _OVERTIME_SHARE * pay_gbp if not late_gbp else 0.0)
        most_s = min(LONGEST_SHIFT_S - length_s, _free_s(problem, shift))
        most = min(MOST_MINUTES, most_s // SECONDS_PER_MINUTE)
        missing = visit.skills - shift.skills
        if most > 0 and not missing:
            yield Change(
                kind=ChangeKind.OVERTIME,
                shift=shift.id,
                asks_gbp=overtime_gbp / _MINUTES_PER_HOUR,
                most_minutes=most,
            )
        if len(missing) == 1:
            yield Change(
                kind=ChangeKind.SKILL,
                shift=shift.id,
                skill=min(missing),
                asks_gbp=_SKILL_HOURS * pay_gbp,
            )
        if not missing:
            yield Change(
                kind=ChangeKind.STAFF,
                shift=shift.id,
                asks_gbp=pay_gbp * length_s / SECONDS_PER_HOUR,
            )


def _free_s(problem: RoutingProblem, shift: Shift) -> int:
    """Return how long somebody is free after a shift."""
    later = [
        other.hours.start_s - shift.hours.end_s
        for other in problem.shifts
        if other.staff == shift.staff and other.hours.start_s >= shift.hours.end_s
    ]
    return min(later, default=LONGEST_SHIFT_S)


def changed_day(
    problem: RoutingProblem, visit: VisitId, change: Change, minutes: int
) -> RoutingProblem:
    """Return the question with one thing changed.

    Args:
        problem: The question.
        visit: For whose sake.
        change: What gives.
        minutes: By how much.
    """
    by_s = minutes * SECONDS_PER_MINUTE
    if change.kind in {ChangeKind.LATER, ChangeKind.EARLIER}:
        visits = tuple(
            _at_another_time(other, change.kind, by_s) if other.id == visit else other
            for other in problem.visits
        )
        return replace(problem, visits=visits)
    shifts = [
        _changed_shift(shift, change, by_s) if shift.id == change.shift else shift
        for shift in problem.shifts
    ]
    if change.kind is ChangeKind.STAFF:
        shifts += [working_staff(s) for s in problem.shifts if s.id == change.shift]
    return replace(problem, shifts=tuple(sorted(shifts, key=lambda shift: shift.id)))


def _changed_shift(shift: Shift, change: Change, by_s: int) -> Shift:
    if change.kind is ChangeKind.OVERTIME:
        most_s = shift.most_work_s
        hours = replace(shift.hours, end_s=shift.hours.end_s + by_s)
        return replace(shift, hours=hours, most_work_s=None if most_s is None else most_s + by_s)
    if change.kind is ChangeKind.SKILL and change.skill is not None:
        return replace(shift, skills=shift.skills | {change.skill})
    return shift


def working_staff(shift: Shift) -> Shift:
    """Return another member of staff who works the hours of a shift."""
    return replace(
        shift, id=ShiftId(f"{shift.id} (another)"), staff=StaffId(f"{shift.staff} (another)")
    )


def _at_another_time(visit: Visit, kind: ChangeKind, by_s: int) -> Visit:
    """Return a visit that may begin sooner or later than its windows, or its pin, say."""
    sooner_s, later_s = (0, by_s) if kind is ChangeKind.LATER else (by_s, 0)
    windows: tuple[TimeWindow, ...] = visit.windows
    if visit.pin.begin_s is not None:
        at_s = round(visit.pin.begin_s)
        windows = (TimeWindow(start_s=at_s, end_s=at_s),)
    wider = tuple(
        TimeWindow(start_s=max(0, w.start_s - sooner_s), end_s=w.end_s + later_s) for w in windows
    )
    pin = Pin(shifts=visit.pin.shifts, place=visit.pin.place)
    return replace(visit, windows=wider, pin=pin)
