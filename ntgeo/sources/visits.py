"""Visits of a day: what is to be done where, when, and by whom it can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ntgeo.domain.places import Location
from ntgeo.domain.routing import (
    PRIORITIES,
    NotAlone,
    Pin,
    PlaceInRound,
    ShiftId,
    StaffId,
    Visit,
    VisitId,
    WindowSense,
)
from ntgeo.domain.units import SECONDS_PER_MINUTE
from ntgeo.errors import Fault, first_five
from ntgeo.sources.amounts import Range, explain_number
from ntgeo.sources.cells import Cells
from ntgeo.sources.day_rows import DATE, other_days_note, rows_of_day
from ntgeo.sources.delimited import Sheet
from ntgeo.sources.headings import unread_note
from ntgeo.sources.local_file import raise_faults
from ntgeo.sources.locate import LOCATION_COLUMNS, Gazetteer, locate_rows
from ntgeo.sources.tables import TextTable, read_sheet, select_columns
from ntgeo.sources.unique_ids import alike_notes, parse_ids
from ntgeo.sources.visit_days import VISIT_DAY_COLUMNS, is_of_day
from ntgeo.sources.visit_windows import (
    SOFT_WINDOW_COLUMNS,
    SOFT_WINDOW_PRICES,
    WINDOW_COLUMNS,
    soft_windows_of,
    windows_of,
)

__all__ = ["VISIT_COLUMNS", "VisitTable", "read_visit_table", "read_visits"]

_DURATION: Final = Range(low=1 / SECONDS_PER_MINUTE, high=1440)
_PRIORITY: Final = Range(
    low=PRIORITIES.start, high=PRIORITIES.stop - 1, is_whole=True, may_be_blank=True
)
_AMOUNTS: Final[Mapping[str, Range]] = {
    "duration_min": _DURATION,
    "priority": _PRIORITY,
    "crew": Range(low=1, high=10, is_whole=True, may_be_blank=True),
    "set_up_min": Range(high=240, may_be_blank=True),
    "unmade_gbp": Range(may_be_blank=True),
    "load": Range(may_be_blank=True),
    **SOFT_WINDOW_PRICES,
}
_STAFF: Final = ("required_staff", "preferred_staff", "forbidden_staff", "usual_staff")
_USUAL_PRIORITY: Final = 3
_OPTIONAL: Final = (
    *WINDOW_COLUMNS,
    "window_sense",
    *SOFT_WINDOW_COLUMNS,
    "duration_by_staff",
    "skills",
    "crew",
    "not_alone",
    *_STAFF,
    "address_id",
    "set_up_min",
    "priority",
    "unmade_gbp",
    "pinned_shifts",
    "pinned_start",
    "pinned_place",
    "load",
    DATE,
    *VISIT_DAY_COLUMNS,
    *LOCATION_COLUMNS,
)
VISIT_COLUMNS: Final = ("visit_id", "duration_min", *_OPTIONAL)
"""Every column that a table of visits may have."""


_SET_ASIDE: Final = frozenset(
    {"bad-time", "skipped-time", "no-year", "no-location", "missing-value", "bad-location"}
    | {"bad-postcode", "unknown-postcode", "other-day", "bad-date"}
)
"""Faults of one visit's place or time, which the others can be planned without."""
_MOST_SET_ASIDE_SHARE: Final = 0.5
_LONG_MIN: Final = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitTable:
    """The visits of a day, and what became of the other rows.

    Args:
        visits: By id.
        of_other_days: Ids of those that are not of the day.
        set_aside: Why rows were set aside: each names its row.
        notes: What the user should know of the reading.
    """

    visits: tuple[Visit, ...]
    of_other_days: frozenset[VisitId] = frozenset()
    set_aside: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()


def read_visits(
    path: Path | str,
    *,
    day: date,
    columns: Mapping[str, str] | None = None,
    postcodes: pd.DataFrame | None = None,
    centroids: pd.DataFrame | None = None,
) -> tuple[Visit, ...]:
    """Read the visits of a day as :func:`read_visit_table`, and refuse what that sets aside.

    Returns:
        Visits by id.

    Raises:
        InputError: A row is wrong; all faults are told, without showing where people live.
    """
    found = read_visit_table(
        path, day=day, columns=columns, postcodes=postcodes, centroids=centroids
    )
    raise_faults(found.set_aside)
    return found.visits


def read_visit_table(
    path: Path | str | Sheet,
    *,
    day: date,
    columns: Mapping[str, str] | None = None,
    postcodes: pd.DataFrame | None = None,
    centroids: pd.DataFrame | None = None,
    team: str | None = None,
) -> VisitTable:
    """Read the visits of a day from CSV or XLSX.

    ``visit_id``, ``duration_min`` and a location are needed; any other of :data:`VISIT_COLUMNS` may
    be absent or blank, and then asks nothing. Times are UK clock times, ``HH:MM``, of one day; a
    visit without a window may start at any time of it. Lists are separated by semicolons; skills
    are compared in lower case, ids as they are written; priority is 3 where blank.
    ``duration_by_staff`` is ``STAFF:MINUTES;…``. Rows of another ``date`` are not planned. Every
    column of the file that is not named here (names, notes, NHS numbers) is left in it, and told.

    A row of which nobody can tell where or when it is, and nothing else is wrong, is set aside,
    unless that is more than half of them.

    Args:
        path: The file, or what :func:`~ntgeo.sources.tables.read_sheet` read of it.
        day: The plan's day.
        columns: Canonical name → the file's own heading, where they differ.
        postcodes: Of :func:`~ntgeo.sources.read_postcodes`, for visits placed by postcode.
        centroids: Of :func:`~ntgeo.sources.read_centroids`, for visits placed by LSOA.
        team: Whose plan it is; a visit of another team is refused.

    Raises:
        InputError: A row is wrong; all faults are told, without showing where people live.
    """
    sheet = read_sheet(path)
    whole = select_columns(
        sheet, columns=columns, required=("visit_id", "duration_min"), optional=_OPTIONAL
    )
    table, later, undated = rows_of_day(whole, day)
    ids, faults = parse_ids(table, "visit_id")
    cells = Cells(table, day, _AMOUNTS)
    gazetteer = Gazetteer(postcodes=postcodes, centroids=centroids)
    points = locate_rows(table, gazetteer, mapped=columns, is_hidden=True)
    asked = [{**_work(cells, row), **_people(cells, row)} for row in range(len(table))]
    is_asked = [is_of_day(cells, row, team=team) for row in range(len(table))]
    found = [*faults, *undated, *cells.faults, *points.faults]
    lost = _rows_to_set_aside(found, len(table))
    places = zip(points.easting_m.tolist(), points.northing_m.tolist(), strict=True)
    visits = [
        Visit(
            id=VisitId(ids[row]), location=Location(easting_m=east, northing_m=north), **asked[row]
        )
        for row, (east, north) in enumerate(places)
        if is_asked[row] and int(table.rows[row]) not in lost
    ]
    _remark_long(cells, lost)
    others = [name for name, is_now in zip(ids, is_asked, strict=True) if not is_now]
    others += sorted(set(later.texts("visit_id")) - {"", *ids})
    nobody = [name for name, row in zip(ids, table.rows.tolist(), strict=True) if row in lost]
    notes = [
        _window_note(table, visits),
        unread_note(table.file, sheet.headings, table.headings),
        other_days_note(table.file, first_five(others), day) if others else None,
        f"{table.file}: nobody comes to {first_five(nobody)}, set aside." if nobody else None,
        *table.notes,
        *alike_notes(table, "visit_id"),
        *points.notes,
        *cells.notes,
    ]
    return VisitTable(
        visits=tuple(sorted(visits, key=lambda visit: visit.id)),
        of_other_days=frozenset(map(VisitId, others)),
        set_aside=tuple(fault for fault in found if fault.row in lost),
        notes=tuple(note for note in notes if note is not None),
    )


def _rows_to_set_aside(faults: Sequence[Fault], count: int) -> frozenset[int]:
    """Return the rows that the others can be planned without.

    Raises:
        InputError: Something else is wrong, or it is more than half of the rows.
    """
    lost = frozenset(fault.row for fault in faults if fault.row is not None)
    is_small = len(lost) <= _MOST_SET_ASIDE_SHARE * count
    if not (is_small and all(fault.code in _SET_ASIDE and fault.row for fault in faults)):
        raise_faults(faults)
    return lost


def _window_note(table: TextTable, visits: Sequence[Visit]) -> str | None:
    """State what a window is for, where the table does not and a visit is longer than its own."""
    short = [
        f"{visit.id} ({visit.service_s / SECONDS_PER_MINUTE:g} min)"
        for visit in visits
        if all(window.end_s - window.start_s < visit.service_s for window in visit.windows)
    ]
    if table.has("window_sense") or not short:
        return None
    rule = "a window is for when a visit may begin, unless a column window_sense says otherwise"
    return f"{table.file}: visits longer than their window: {first_five(sorted(short))}; {rule}."


def _remark_long(cells: Cells, lost: frozenset[int]) -> None:
    for row in range(len(cells.table)):
        minutes = cells.amount(row, "duration_min")
        if minutes > _LONG_MIN and int(cells.table.rows[row]) not in lost:
            what, fix = f"is over {_LONG_MIN} min", "check that it is in minutes"
            cells.remark(row, "duration_min", what=what, fix=fix)


def _work(cells: Cells, row: int) -> dict[str, Any]:
    """Return what is to be done when, and what it is worth."""
    return {
        "service_s": cells.seconds(row, "duration_min"),
        "windows": windows_of(cells, row),
        "window_sense": cells.choice(row, "window_sense", WindowSense) or WindowSense.START,
        "soft_windows": soft_windows_of(cells, row),
        "service_s_by_staff": _durations_by_staff(cells, row),
        "address": cells.text(row, "address_id") or None,
        "set_up_s": cells.seconds(row, "set_up_min") or 0,
        "priority": int(cells.number(row, "priority") or _USUAL_PRIORITY),
        "unmade_gbp": cells.number(row, "unmade_gbp"),
        "pin": Pin(
            shifts=frozenset(map(ShiftId, cells.ids(row, "pinned_shifts"))),
            begin_s=cells.clock_or_blank(row, "pinned_start"),
            place=cells.choice(row, "pinned_place", PlaceInRound),
        ),
        "load": cells.amount(row, "load"),
    }


def _people(cells: Cells, row: int) -> dict[str, Any]:
    """Return who may come, and how many."""
    staff = {column: frozenset(map(StaffId, cells.ids(row, column))) for column in _STAFF}
    never = sorted(staff["required_staff"] & staff["forbidden_staff"])
    if never:
        what = f"{never[0]} is both required and forbidden"
        fix = "take them out of one of the two columns"
        cells.refuse(row, "forbidden_staff", what=what, fix=fix, code="required-and-forbidden")
    return {
        "skills": cells.words(row, "skills"),
        "crew": int(cells.number(row, "crew") or 1),
        "not_alone": cells.choice(row, "not_alone", NotAlone),
        **staff,
    }


def _durations_by_staff(cells: Cells, row: int) -> dict[StaffId, int]:
    found: dict[StaffId, int] = {}
    for part in cells.ids(row, "duration_by_staff"):
        staff, _, text = (piece.strip() for piece in part.rpartition(":"))
        minutes = pd.to_numeric(text, errors="coerce")
        if staff and staff not in found and _DURATION.low <= minutes <= _DURATION.high:
            found[StaffId(staff)] = round(float(minutes) * SECONDS_PER_MINUTE)
            continue
        what = (
            f"{staff} stands twice"
            if staff in found
            else f'minutes "{text}": {explain_number(text, _DURATION)[0]}'
            if staff
            else f'"{part}" names no staff'
        )
        fix = "write STAFF:MINUTES, such as ST01:20;ST02:45"
        cells.refuse(row, "duration_by_staff", what=what, fix=fix, code="duration-by-staff")
    return found
