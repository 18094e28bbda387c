"""Shifts of a day: who works when, from where, and what they can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

from ntgeo.domain.routing import (
    LONGEST_SHIFT_S,
    Break,
    Depot,
    DepotId,
    Shift,
    ShiftId,
    StaffId,
    TimeWindow,
)
from ntgeo.domain.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE, duration_text
from ntgeo.errors import Fault, first_five
from ntgeo.sources.amounts import Range, parse_amounts
from ntgeo.sources.clock import ClockError, parse_clock
from ntgeo.sources.local_file import raise_faults
from ntgeo.sources.tables import TextTable, read_table
from ntgeo.sources.unique_ids import parse_ids, parse_words

__all__ = ["read_shifts"]

_BREAK: Final = Range(high=LONGEST_SHIFT_S / SECONDS_PER_MINUTE, may_be_blank=True)
_REQUIRED: Final = ("shift_id", "staff_id", "start_time", "end_time", "start_depot")
_OPTIONAL: Final = ("end_depot", "skills", "break_min", "break_earliest", "break_latest")


def read_shifts(
    path: Path | str,
    *,
    day: date,
    depots: Sequence[Depot],
    columns: Mapping[str, str] | None = None,
) -> tuple[Shift, ...]:
    """Read the shifts of a day from CSV or XLSX.

    Columns: ``shift_id, staff_id, start_time, end_time, start_depot, end_depot, skills, break_min,
    break_earliest, break_latest``. Times are UK clock times; a shift whose end is before its start
    ends the next day, and a break time before the start is on the next day too. The break starts
    between ``break_earliest`` and ``break_latest``, or at any time of the shift where they are
    blank; none is taken where ``break_min`` is blank or 0. A shift ends where it started if
    ``end_depot`` is blank.

    Args:
        path: The file.
        day: The plan's day.
        depots: Of :func:`~ntgeo.sources.read_depots`.
        columns: Canonical name → the file's own heading, where they differ.

    Returns:
        Shifts by id.

    Raises:
        InputError: A row is wrong; all faults are told.
    """
    table = read_table(path, columns=columns, required=_REQUIRED, optional=_OPTIONAL)
    ids, faults = parse_ids(table, "shift_id")
    staff = [str(text) for text in table.texts("staff_id")]
    faults.extend(
        table.fault(i, "staff_id", what="the id is missing", fix="give one", code="missing-id")
        for i, text in enumerate(staff)
        if not text
    )
    places = _places(table, depots, faults)
    minutes = parse_amounts(table, "break_min", _BREAK)
    faults.extend(minutes.faults)
    hours = [_hours(table, i, day, faults) for i in range(len(table))]
    rests = [
        _rest(table, i, day, hours[i], float(minutes.numbers[i]), faults) for i in range(len(table))
    ]
    faults.extend(_overlaps(table, staff, hours))
    raise_faults(faults)
    skills = table.texts("skills")
    shifts = [
        Shift(
            id=ShiftId(ids[i]),
            staff=StaffId(staff[i]),
            start_place=DepotId(places[i][0]),
            end_place=DepotId(places[i][1]),
            hours=known,
            skills=parse_words(str(skills[i])),
            breaks=rests[i],
        )
        for i, known in enumerate(hours)
        if known is not None
    ]
    return tuple(sorted(shifts, key=lambda shift: shift.id))


def _places(
    table: TextTable, depots: Sequence[Depot], faults: list[Fault]
) -> list[tuple[str, str]]:
    known = {str(depot.id) for depot in depots}
    starts, ends = table.texts("start_depot"), table.texts("end_depot")
    places = [(str(a), str(b) or str(a)) for a, b in zip(starts, ends, strict=True)]
    for i, pair in enumerate(places):
        columns = ("start_depot", "end_depot") if ends[i] else ("start_depot",)
        faults.extend(
            table.fault(
                i,
                column,
                what="the depot is missing" if not place else "is not among the depots",
                fix=f"use one of {first_five(sorted(known))}",
                code="unknown-depot",
            )
            for column, place in zip(columns, pair, strict=False)
            if place not in known
        )
    return places


def _clock(
    table: TextTable, row: int, column: str, day: date, faults: list[Fault], *, after_s: int = -1
) -> int | None:
    """Return a time of a row; the next day's where it would not be after ``after_s``."""
    text = str(table.texts(column)[row])
    try:
        at = parse_clock(text, day)
        if at < after_s:
            at = parse_clock(text, day, next_day=True)
    except ClockError as error:
        faults.append(table.fault(row, column, what=error.what, fix=error.fix, code=error.code))
        return None
    return at


def _hours(table: TextTable, row: int, day: date, faults: list[Fault]) -> TimeWindow | None:
    start = _clock(table, row, "start_time", day, faults)
    end = _clock(table, row, "end_time", day, faults, after_s=-1 if start is None else start)
    if start is None or end is None:
        return None
    length_s = end - start
    if 0 < length_s <= LONGEST_SHIFT_S:
        return TimeWindow(start_s=start, end_s=end)
    what = (
        "the shift has no length"
        if length_s == 0
        else f"the shift lasts {duration_text(length_s)}, over the limit of "
        f"{LONGEST_SHIFT_S // SECONDS_PER_HOUR} h (11 hours' rest a day, Working Time Regulations)"
    )
    fix = "correct the start or the end, or split the shift"
    faults.append(table.fault(row, "end_time", what=what, fix=fix, code="shift-length"))
    return None


def _rest(
    table: TextTable,
    row: int,
    day: date,
    hours: TimeWindow | None,
    minutes: float,
    faults: list[Fault],
) -> tuple[Break, ...]:
    if hours is None or np.isnan(minutes) or minutes == 0:
        return ()
    duration_s = round(minutes * SECONDS_PER_MINUTE)
    earliest: int | None = hours.start_s
    latest: int | None = hours.end_s - duration_s
    if table.texts("break_earliest")[row]:
        earliest = _clock(table, row, "break_earliest", day, faults, after_s=hours.start_s)
    if table.texts("break_latest")[row]:
        latest = _clock(table, row, "break_latest", day, faults, after_s=hours.start_s)
    if earliest is None or latest is None:
        return ()
    if latest < earliest or earliest + duration_s > hours.end_s:
        what = f"a break of {minutes:g} min does not fit within the shift and its times"
        fix = "shorten the break, or correct break_earliest and break_latest"
        faults.append(table.fault(row, "break_min", what=what, fix=fix, code="break-does-not-fit"))
        return ()
    return (Break(duration_s=duration_s, window=TimeWindow(start_s=earliest, end_s=latest)),)


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
