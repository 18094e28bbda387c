"""Shifts of a day: who works when, from where, what they can do, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.mileage import usual_gbp_per_mile
from ntgeo.domain.routing import (
    LONGEST_SHIFT_S,
    Depot,
    DepotId,
    Overtime,
    Shift,
    ShiftCosts,
    ShiftId,
    StaffId,
    TimeWindow,
)
from ntgeo.domain.shifts import USUAL_PAY_GBP_PER_HOUR
from ntgeo.domain.units import METRES_PER_MILE, SECONDS_PER_HOUR, day_length_s, duration_text
from ntgeo.errors import Fault, first_five
from ntgeo.sources.amounts import Range
from ntgeo.sources.cells import Cells
from ntgeo.sources.clock import ClockError, parse_clock, parse_day, read_time
from ntgeo.sources.day_rows import DATE, other_days_note, rows_of_day
from ntgeo.sources.delimited import Sheet
from ntgeo.sources.headings import unread_note
from ntgeo.sources.local_file import raise_faults
from ntgeo.sources.shift_breaks import BREAK_AMOUNTS, BREAK_COLUMNS, breaks_of
from ntgeo.sources.tables import TextTable, read_sheet, select_columns
from ntgeo.sources.unique_ids import alike_notes, parse_ids

__all__ = ["SHIFT_COLUMNS", "ShiftTable", "UsualShift", "read_shift_table", "read_shifts"]

_LAST_VISIT: Final = "last visit"
_LEAST_REST_S: Final = 11 * SECONDS_PER_HOUR
_REQUIRED: Final = ("shift_id", "staff_id", "start_time", "end_time", "start_depot")
_PRICE: Final = Range(high=1000, may_be_blank=True)
_MINUTES: Final = Range(high=LONGEST_SHIFT_S / 60, may_be_blank=True)
_AMOUNTS: Final[Mapping[str, Range]] = {
    **BREAK_AMOUNTS,
    "capacity": Range(may_be_blank=True),
    "walks_up_to_min": _MINUTES,
    "parking_min": _MINUTES,
    "overtime_gbp_per_hour": _PRICE,
    "pay_gbp_per_hour": _PRICE,
    "mileage_gbp_per_mile": _PRICE,
    "travel_gbp_per_hour": _PRICE,
    "round_gbp": Range(may_be_blank=True),
    "most_work_min": _MINUTES,
    "most_travel_min": _MINUTES,
    "most_distance_miles": Range(high=2000, may_be_blank=True),
}
_OPTIONAL: Final = (
    "end_depot",
    "skills",
    *BREAK_COLUMNS,
    "mode",
    "traffic_at",
    "walks_up_to_min",
    "parking_min",
    "overtime_after",
    "overtime_gbp_per_hour",
    "pay_gbp_per_hour",
    "mileage_gbp_per_mile",
    "travel_gbp_per_hour",
    "round_gbp",
    "most_work_min",
    "most_travel_min",
    "most_distance_miles",
    "may_go_alone",
    "capacity",
    "last_end",
    DATE,
)
SHIFT_COLUMNS: Final = (*_REQUIRED, *_OPTIONAL)
"""Every column that a table of shifts may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualShift:
    """What holds for a shift whose row does not say.

    Args:
        mode: How staff travel.
        traffic_at: Local time whose traffic they meet; ``None`` is between the peaks.
        pay_gbp_per_hour: Of their work.
        parking_s: From the end of the drive to the door of a visit.
    """

    mode: TravelMode = TravelMode.CAR
    traffic_at: time | None = None
    pay_gbp_per_hour: float = USUAL_PAY_GBP_PER_HOUR
    parking_s: int = 0

    def costs_on(self, day: date, mode: TravelMode | None = None) -> ShiftCosts:
        """Return the prices of a round; a mile costs what the tax year's rate allows."""
        mileage = usual_gbp_per_mile(day, mode or self.mode)
        return ShiftCosts(pay_gbp_per_hour=self.pay_gbp_per_hour, mileage_gbp_per_mile=mileage)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftTable:
    """The shifts of a day, by id, and what the user should know of the reading."""

    shifts: tuple[Shift, ...]
    notes: tuple[str, ...] = ()


def read_shifts(
    path: Path | str,
    *,
    day: date,
    depots: Sequence[Depot],
    columns: Mapping[str, str] | None = None,
    usual: UsualShift = UsualShift(),
) -> tuple[Shift, ...]:
    """Read the shifts of a day as :func:`read_shift_table`, and return them by id.

    Raises:
        InputError: A row is wrong; all faults are told.
    """
    return read_shift_table(path, day=day, depots=depots, columns=columns, usual=usual).shifts


def read_shift_table(
    path: Path | str | Sheet,
    *,
    day: date,
    depots: Sequence[Depot],
    columns: Mapping[str, str] | None = None,
    usual: UsualShift = UsualShift(),
    away: Mapping[str, str] | None = None,
) -> ShiftTable:
    """Read the shifts of a day from CSV or XLSX.

    ``shift_id, staff_id, start_time, end_time, start_depot`` are needed; any other of
    :data:`SHIFT_COLUMNS` may be absent or blank. Rows of another ``date`` are left out. Times are
    UK clock times; a shift whose end is before its start ends the next day, and so is a time before
    the start on the next day. A shift ends where it started if ``end_depot`` is blank, and where
    its last visit was if it says ``last visit``. Breaks are those of
    :func:`~ntgeo.sources.shift_breaks.breaks_of`. ``last_end`` is when the person's shift before
    was over: a time of the day before, or a date and a time.

    Args:
        path: The file, or what :func:`~ntgeo.sources.tables.read_sheet` read of it.
        day: The plan's day.
        depots: Of :func:`~ntgeo.sources.read_depots`.
        columns: Canonical name → the file's own heading, where they differ.
        usual: What holds where a row does not say.
        away: Of :func:`~ntgeo.sources.absences.read_absences`.

    Raises:
        InputError: A row is wrong; all faults are told.
    """
    sheet = read_sheet(path)
    whole = select_columns(sheet, columns=columns, required=_REQUIRED, optional=_OPTIONAL)
    table, later, faults = rows_of_day(whole, day)
    ids, unnamed = parse_ids(table, "shift_id")
    cells = Cells(table, day, _AMOUNTS)
    staff = [_staff(cells, row, away or {}) for row in range(len(table))]
    known = {str(depot.id) for depot in depots}
    hours = [_hours(cells, row) for row in range(len(table))]
    asked = [
        {
            **_places(cells, row, known),
            **_work(cells, row, hours[row]),
            **_travel(cells, row, usual),
        }
        for row in range(len(table))
    ]
    for row, window in enumerate(hours):
        _check_rest(cells, row, window)
    raise_faults([*unnamed, *faults, *cells.faults, *_overlaps(table, staff, hours)])
    shifts = [
        Shift(id=ShiftId(ids[row]), staff=StaffId(staff[row]), hours=window, **asked[row])
        for row, window in enumerate(hours)
        if window is not None
    ]
    notes = [
        unread_note(table.file, sheet.headings, table.headings),
        other_days_note(table.file, f"{len(later):,} shifts", day) if len(later) else None,
        *table.notes,
        *alike_notes(table, "shift_id"),
        *alike_notes(table, "staff_id"),
        *cells.notes,
    ]
    return ShiftTable(
        shifts=tuple(sorted(shifts, key=lambda shift: shift.id)),
        notes=tuple(note for note in notes if note is not None),
    )


def _staff(cells: Cells, row: int, away: Mapping[str, str]) -> str:
    person = cells.text(row, "staff_id")
    if not person:
        cells.refuse(row, "staff_id", what="the id is missing", fix="give one", code="missing-id")
    elif where := away.get(person.casefold()):
        what = f"is absent on {cells.day:%d/%m/%Y} ({where})"
        fix = "take the shift out, or correct the absence"
        cells.refuse(row, "staff_id", what=what, fix=fix, code="absent")
    return person


def _check_rest(cells: Cells, row: int, hours: TimeWindow | None) -> None:
    """Refuse a shift that begins too soon after the person's last one."""
    text = cells.text(row, "last_end")
    if not text or hours is None:
        return
    before = cells.day - timedelta(days=1)
    try:
        rest_s = hours.start_s + day_length_s(before) - parse_clock(text, before)
    except ClockError as error:
        is_long_ago = error.code == "other-day" and parse_day(text) < before
        if not is_long_ago:
            cells.refuse(row, "last_end", what=error.what, fix=error.fix, code=error.code)
        return
    if rest_s < _LEAST_REST_S:
        told = duration_text(rest_s) if rest_s >= 0 else "no time"
        what = (
            f"{cells.text(row, 'staff_id')} rests {told} before the shift, under the "
            f"{_LEAST_REST_S // SECONDS_PER_HOUR} h of the Working Time Regulations"
        )
        cells.refuse(
            row, "last_end", what=what, fix="start later, or send somebody else", code="short-rest"
        )


def _places(cells: Cells, row: int, known: set[str]) -> dict[str, Any]:
    start, end = (cells.text(row, column) for column in ("start_depot", "end_depot"))
    ends_anywhere = end.casefold() == _LAST_VISIT and end not in known
    asked = {"start_depot": start} | ({"end_depot": end} if end and not ends_anywhere else {})
    for column, place in asked.items():
        if place not in known:
            what = "is not among the depots" if place else "the depot is missing"
            fix = f"use one of {first_five(sorted(known))}"
            cells.refuse(row, column, what=what, fix=fix, code="unknown-depot")
    return {
        "start_place": DepotId(start),
        "end_place": None if ends_anywhere else DepotId(end or start),
    }


def _work(cells: Cells, row: int, hours: TimeWindow | None) -> dict[str, Any]:
    """Return what they can do, and what limits their work."""
    return {
        "skills": cells.words(row, "skills"),
        "breaks": breaks_of(cells, row, hours),
        "overtime": _overtime(cells, row, hours),
        "capacity": cells.number(row, "capacity"),
        "most_work_s": cells.seconds(row, "most_work_min"),
        "may_go_alone": cells.is_yes(row, "may_go_alone", otherwise=True),
    }


def _travel(cells: Cells, row: int, usual: UsualShift) -> dict[str, Any]:
    """Return how they travel, and what the round costs."""
    mode = cells.choice(row, "mode", TravelMode) or usual.mode
    walks_s, parking_s = cells.seconds(row, "walks_up_to_min"), cells.seconds(row, "parking_min")
    if walks_s is not None and mode is not TravelMode.CAR:
        what, fix = "only those who drive walk from a parked car", "leave it blank"
        cells.refuse(row, "walks_up_to_min", what=what, fix=fix, code="walks-without-car")
    miles, costs = cells.number(row, "most_distance_miles"), usual.costs_on(cells.day, mode)
    own = {
        name: price
        for name in ("pay_gbp_per_hour", "mileage_gbp_per_mile", "travel_gbp_per_hour", "round_gbp")
        if (price := cells.number(row, name)) is not None
    }
    return {
        "mode": mode,
        "traffic_at": _traffic_at(cells, row, usual),
        "walks_up_to_s": walks_s,
        "parking_s": usual.parking_s if parking_s is None else parking_s,
        "costs": replace(costs, **own),
        "most_travel_s": cells.seconds(row, "most_travel_min"),
        "most_distance_m": None if miles is None else miles * METRES_PER_MILE,
    }


def _traffic_at(cells: Cells, row: int, usual: UsualShift) -> time | None:
    text = cells.text(row, "traffic_at")
    if not text:
        return usual.traffic_at
    try:
        return read_time(text)
    except ClockError as error:
        cells.refuse(row, "traffic_at", what=error.what, fix=error.fix, code=error.code)
        return None


def _overtime(cells: Cells, row: int, hours: TimeWindow | None) -> Overtime | None:
    after, price = cells.text(row, "overtime_after"), cells.number(row, "overtime_gbp_per_hour")
    if bool(after) != (price is not None):
        missing = "overtime_gbp_per_hour" if after else "overtime_after"
        what = "overtime needs both a time and a price"
        cells.refuse(row, missing, what=what, fix=f"give {missing} too", code="half-overtime")
        return None
    start_s = 0 if hours is None else hours.start_s
    after_s = cells.clock_or_blank(row, "overtime_after", after_s=start_s)
    if after_s is None or price is None:
        return None
    return Overtime(after_s=after_s, gbp_per_hour=price)


def _hours(cells: Cells, row: int) -> TimeWindow | None:
    start = cells.clock(row, "start_time")
    end = cells.clock(row, "end_time", after_s=-1 if start is None else start)
    if start is None or end is None:
        return None
    length_s = end - start
    if 0 < length_s <= LONGEST_SHIFT_S:
        return TimeWindow(start_s=start, end_s=end)
    what = (
        "the shift has no length"
        if length_s <= 0
        else f"the shift lasts {duration_text(length_s)}, over the limit of "
        f"{LONGEST_SHIFT_S // SECONDS_PER_HOUR} h (11 hours' rest a day, Working Time Regulations)"
    )
    fix = "correct the start or the end, or split the shift"
    cells.refuse(row, "end_time", what=what, fix=fix, code="shift-length")
    return None


def _overlaps(
    table: TextTable, staff: Sequence[str], hours: Sequence[TimeWindow | None]
) -> list[Fault]:
    worked = sorted(
        (person, window.start_s, window.end_s, row)
        for row, (person, window) in enumerate(zip(staff, hours, strict=True))
        if window is not None and person
    )
    return [
        table.fault(
            later[3],
            "staff_id",
            what=f"overlaps the shift of the same person on row {table.rows[earlier[3]]:,}",
            fix="correct the times or the staff id",
            code="overlapping-shifts",
        )
        for earlier, later in pairwise(worked)
        if earlier[0] == later[0] and later[1] < earlier[2]
    ]
