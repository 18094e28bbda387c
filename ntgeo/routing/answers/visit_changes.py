"""What families must be told when one plan takes the place of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ntgeo.domain.replan import VisitChange, VisitChangeKind
from ntgeo.domain.routing import RoutePlan, ShiftId, StopKind, VisitId
from ntgeo.domain.units import SECONDS_PER_MINUTE

__all__ = ["moved_count", "visit_changes"]


def moved_count(changes: Sequence[VisitChange]) -> int:
    """Return how many visits somebody else comes to."""
    return sum(change.kind is VisitChangeKind.MOVED for change in changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """Who makes a visit, and when."""

    shifts: tuple[ShiftId, ...]
    begin_s: float


def _made(plan: RoutePlan) -> dict[VisitId, _Made]:
    found: dict[VisitId, _Made] = {}
    for route in plan.routes:
        for stop in route.stops:
            if stop.kind is StopKind.VISIT:
                visit = VisitId(stop.place)
                others = found[visit].shifts if visit in found else ()
                found[visit] = _Made(shifts=(*others, route.shift), begin_s=stop.begin_s)
    return found


def visit_changes(plan: RoutePlan, new: RoutePlan) -> tuple[VisitChange, ...]:
    """Return what of a plan is otherwise in a new one, by visit.

    Args:
        plan: That people have in their hands.
        new: That they get instead.
    """
    before, after = _made(plan), _made(new)
    reasons = {unmade.visit: unmade.reason for unmade in new.unmade}
    known = {*before, *(unmade.visit for unmade in plan.unmade)}
    changes = []
    for visit in sorted({*before, *after, *reasons}):
        kind = _kind(before.get(visit), after.get(visit), is_known=visit in known)
        if kind is not None:
            changes.append(_change(visit, kind, (before.get(visit), after.get(visit)), reasons))
    return tuple(changes)


def _kind(before: _Made | None, after: _Made | None, *, is_known: bool) -> VisitChangeKind | None:
    if before is None:
        if after is not None:
            return VisitChangeKind.ADDED
        return None if is_known else VisitChangeKind.LEFT_OUT
    if after is None:
        return VisitChangeKind.DROPPED
    if before.shifts != after.shifts:
        return VisitChangeKind.MOVED
    is_retimed = abs(after.begin_s - before.begin_s) >= SECONDS_PER_MINUTE
    return VisitChangeKind.RETIMED if is_retimed else None


def _change(
    visit: VisitId,
    kind: VisitChangeKind,
    made: tuple[_Made | None, _Made | None],
    reasons: Mapping[VisitId, str],
) -> VisitChange:
    before, after = made
    return VisitChange(
        visit=visit,
        kind=kind,
        shifts_before=before.shifts if before else (),
        shifts=after.shifts if after else (),
        begin_before_s=before.begin_s if before else None,
        begin_s=after.begin_s if after else None,
        reason=reasons.get(visit, ""),
    )
