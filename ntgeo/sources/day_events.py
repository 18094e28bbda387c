"""What happened on a day under way: who is ill, which visit went otherwise, what was promised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ntgeo.domain.replan import BegunVisit
from ntgeo.domain.routing import (
    RoutePlan,
    RoutingProblem,
    ShiftId,
    StaffId,
    Stop,
    StopKind,
    VisitId,
)
from ntgeo.sources.cells import Cells
from ntgeo.sources.local_file import raise_faults
from ntgeo.sources.tables import TextTable, read_table

__all__ = ["EVENT_COLUMNS", "DayEventKind", "DayEvents", "events_told", "parse_events"]

EVENT_COLUMNS: Final = ("event", "visit_id", "shift_id", "staff_id", "at", "until")
"""Every column that a table of events may have."""


class DayEventKind(StrEnum):
    """What a row of the table tells."""

    ILL = "ill"
    """``staff_id`` works no longer from ``at`` on (now, where blank)."""
    BEGUN = "begun"
    """``visit_id`` began ``at`` and was or will be over by ``until``; what is blank went as
    planned. ``shift_id`` is needed only of a crew of which each went otherwise."""
    PROMISED = "promised"
    """The family of ``visit_id`` was promised the planned time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEvents:
    """What happened, as :class:`~ntgeo.domain.replan.DayState` holds it."""

    begun: tuple[BegunVisit, ...] = ()
    ill: tuple[tuple[StaffId, int], ...] = ()
    promised: frozenset[VisitId] = frozenset()


def events_told(
    path: Path | str | None = None,
    *,
    ill: Sequence[str] = (),
    overruns: Sequence[str] = (),
    promised: Sequence[str] = (),
) -> TextTable:
    """Return the events of a file, if any, and after them those told one by one.

    Args:
        path: CSV or XLSX, by :data:`EVENT_COLUMNS`.
        ill: Members of staff; ``STAFF=10:15`` tells from when.
        overruns: ``VISIT=11:20``: it is over only then.
        promised: Visits.

    Raises:
        InputError: The file is not such a table.
        DataUnavailableError: There is no such file.
    """
    rows = [_told("ill", "staff_id", "at", text) for text in ill]
    rows += [_told("begun", "visit_id", "until", text) for text in overruns]
    rows += [_told("promised", "visit_id", "at", text) for text in promised]
    told = pd.DataFrame(rows, columns=EVENT_COLUMNS, dtype="object")
    if path is None:
        return TextTable(file="the command", frame=told, rows=np.arange(1, len(rows) + 1))
    table = read_table(path, required=("event",), optional=EVENT_COLUMNS[1:])
    frame = pd.concat([table.frame, told], ignore_index=True).fillna("")
    after = int(table.rows.max()) + 1
    more = np.arange(after, after + len(rows))
    return replace(table, frame=frame, rows=np.append(table.rows, more))


def _told(kind: str, column: str, clock: str, text: str) -> dict[str, str]:
    name, _, at = text.partition("=")
    return dict.fromkeys(EVENT_COLUMNS, "") | {
        "event": kind,
        column: name.strip(),
        clock: at.strip(),
    }


def parse_events(
    table: TextTable, problem: RoutingProblem, plan: RoutePlan, *, now_s: int
) -> DayEvents:
    """Return what a table of events tells of a plan.

    Args:
        table: Of :func:`events_told`.
        problem: The day's question.
        plan: As people know it.
        now_s: The time; seconds since midnight.

    Raises:
        InputError: A row is wrong; all faults are told.
    """
    reading = _Reading(
        cells=Cells(table, problem.day, {}), problem=problem, now_s=now_s, stops=_stops(plan)
    )
    for row in range(len(table)):
        reading.read(row)
    raise_faults(reading.cells.faults)
    return DayEvents(
        begun=tuple(sorted(reading.begun, key=lambda one: (one.visit, one.shift))),
        ill=tuple(sorted(reading.ill.items())),
        promised=frozenset(reading.promised),
    )


def _stops(plan: RoutePlan) -> dict[VisitId, dict[ShiftId, Stop]]:
    found: dict[VisitId, dict[ShiftId, Stop]] = {}
    for route in plan.routes:
        for stop in route.stops:
            if stop.kind is StopKind.VISIT:
                found.setdefault(VisitId(stop.place), {})[route.shift] = stop
    return found


@dataclass(slots=True, kw_only=True)
class _Reading:
    """Rows that are turned into what they tell, one after another."""

    cells: Cells
    problem: RoutingProblem
    now_s: int
    stops: Mapping[VisitId, Mapping[ShiftId, Stop]]
    begun: list[BegunVisit] = field(default_factory=list)
    ill: dict[StaffId, int] = field(default_factory=dict)
    promised: set[VisitId] = field(default_factory=set)

    def read(self, row: int) -> None:
        """Read a row."""
        kind = self.cells.choice(row, "event", DayEventKind)
        if kind is DayEventKind.ILL:
            self._read_ill(row)
        elif kind is DayEventKind.BEGUN:
            self._read_begun(row)
        elif kind is DayEventKind.PROMISED:
            visit = self._planned_visit(row)
            if visit is not None:
                self.promised.add(visit)
        elif not self.cells.text(row, "event"):
            what, fix = "it is missing", f"write one of {', '.join(DayEventKind)}"
            self.cells.refuse(row, "event", what=what, fix=fix, code="missing-event")

    def _read_ill(self, row: int) -> None:
        staff = StaffId(self.cells.text(row, "staff_id"))
        if staff not in {shift.staff for shift in self.problem.shifts}:
            what, fix = "has no shift that day", "give the staff_id of a shift"
            self.cells.refuse(row, "staff_id", what=what, fix=fix, code="unknown-staff")
        at_s = self.cells.clock_or_blank(row, "at")
        self.ill[staff] = self.now_s if at_s is None else at_s

    def _read_begun(self, row: int) -> None:
        visit = self._planned_visit(row)
        at_s, until_s = self._begin(row), self.cells.clock_or_blank(row, "until")
        if visit is None:
            return
        asked = self.cells.text(row, "shift_id")
        stops = {
            shift: stop for shift, stop in self.stops[visit].items() if not asked or asked == shift
        }
        if not stops:
            what, fix = f"does not make {visit}", f"use one of {', '.join(self.stops[visit])}"
            self.cells.refuse(row, "shift_id", what=what, fix=fix, code="other-shift")
        for shift, stop in stops.items():
            begin_s = round(stop.begin_s) if at_s is None else at_s
            leave_s = begin_s + round(stop.leave_s - stop.begin_s) if until_s is None else until_s
            if begin_s > self.now_s:
                what = "was to begin after now, and no time tells that it began"
                fix = "give at, the time when it began"
                self.cells.refuse(row, "at", what=what, fix=fix, code="not-begun")
            elif leave_s <= begin_s:
                what, fix = "it is over before it began", "correct at or until"
                self.cells.refuse(row, "until", what=what, fix=fix, code="over-before")
            else:
                self.begun.append(
                    BegunVisit(visit=visit, shift=shift, begin_s=begin_s, leave_s=leave_s)
                )

    def _planned_visit(self, row: int) -> VisitId | None:
        visit = VisitId(self.cells.text(row, "visit_id"))
        if visit in self.stops:
            return visit
        known = visit in {one.id for one in self.problem.visits}
        what = "is not made in the plan" if known else "is not among the visits"
        self.cells.refuse(
            row, "visit_id", what=what, fix="give a visit of the plan", code="unknown-visit"
        )
        return None

    def _begin(self, row: int) -> int | None:
        at_s = self.cells.clock_or_blank(row, "at")
        if at_s is not None and at_s > self.now_s:
            what, fix = "is later than now", "correct it, or the time of --now"
            self.cells.refuse(row, "at", what=what, fix=fix, code="not-yet")
        return at_s
