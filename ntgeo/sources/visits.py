"""Visits of a day: what is to be done where, when, and by whom it can be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

import pandas as pd

from ntgeo.domain.places import Location
from ntgeo.domain.routing import PRIORITIES, TimeWindow, Visit, VisitId
from ntgeo.domain.units import SECONDS_PER_MINUTE, day_length_s
from ntgeo.errors import Fault
from ntgeo.sources.amounts import Range, parse_amounts
from ntgeo.sources.clock import ClockError, parse_clock
from ntgeo.sources.local_file import raise_faults
from ntgeo.sources.locate import LOCATION_COLUMNS, Gazetteer, locate_rows
from ntgeo.sources.tables import TextTable, read_table
from ntgeo.sources.unique_ids import parse_ids, parse_words

__all__ = ["read_visits"]

_DURATION: Final = Range(low=1 / SECONDS_PER_MINUTE, high=1440)
_PRIORITY: Final = Range(
    low=PRIORITIES.start, high=PRIORITIES.stop - 1, is_whole=True, may_be_blank=True
)
_USUAL_PRIORITY: Final = 3
_WINDOWS: Final = (("window_start", "window_end"), ("window2_start", "window2_end"))
_OPTIONAL: Final = (
    *(name for window in _WINDOWS for name in window),
    "skills",
    "priority",
    *LOCATION_COLUMNS,
)


def read_visits(
    path: Path | str,
    *,
    day: date,
    columns: Mapping[str, str] | None = None,
    postcodes: pd.DataFrame | None = None,
    centroids: pd.DataFrame | None = None,
) -> tuple[Visit, ...]:
    """Read the visits of a day from CSV or XLSX.

    Columns: ``visit_id, duration_min, window_start, window_end[, window2_start, window2_end],
    skills, priority`` and a location. Times are UK clock times, ``HH:MM``, of one day; a visit
    without a window may start at any time of it. Skills are separated by semicolons and compared
    in lower case; priority is 3 where blank. Every other column of the file (names, notes, NHS
    numbers) is left in it.

    Args:
        path: The file.
        day: The plan's day.
        columns: Canonical name → the file's own heading, where they differ.
        postcodes: Of :func:`~ntgeo.sources.read_postcodes`, for visits placed by postcode.
        centroids: Of :func:`~ntgeo.sources.read_centroids`, for visits placed by LSOA.

    Returns:
        Visits by id.

    Raises:
        InputError: A row is wrong; all faults are told, without showing where people live.
    """
    table = read_table(
        path, columns=columns, required=("visit_id", "duration_min"), optional=_OPTIONAL
    )
    ids, faults = parse_ids(table, "visit_id")
    minutes = parse_amounts(table, "duration_min", _DURATION)
    priority = parse_amounts(table, "priority", _PRIORITY)
    gazetteer = Gazetteer(postcodes=postcodes, centroids=centroids)
    points = locate_rows(table, gazetteer, mapped=columns, is_hidden=True)
    faults.extend([*minutes.faults, *priority.faults, *points.faults])
    windows = [_windows(table, i, day, faults) for i in range(len(table))]
    raise_faults(faults)
    skills = [parse_words(str(text)) for text in table.texts("skills")]
    visits = [
        Visit(
            id=VisitId(ids[i]),
            location=Location(easting_m=float(east), northing_m=float(north)),
            service_s=round(float(minutes.numbers[i]) * SECONDS_PER_MINUTE),
            windows=windows[i],
            skills=skills[i],
            priority=_priority(priority.numbers[i]),
        )
        for i, (east, north) in enumerate(zip(points.easting_m, points.northing_m, strict=True))
    ]
    return tuple(sorted(visits, key=lambda visit: visit.id))


def _priority(value: float) -> int:
    return _USUAL_PRIORITY if value != value else int(value)  # noqa: PLR0124 - NaN is blank


def _windows(table: TextTable, row: int, day: date, faults: list[Fault]) -> tuple[TimeWindow, ...]:
    found = []
    for start, end in _WINDOWS:
        first, last = str(table.texts(start)[row]), str(table.texts(end)[row])
        if first or last:
            window = _window(table, row, (start, end), day, faults)
            if window is not None:
                found.append(window)
    return tuple(found) or (TimeWindow(start_s=0, end_s=day_length_s(day)),)


def _window(
    table: TextTable, row: int, columns: tuple[str, str], day: date, faults: list[Fault]
) -> TimeWindow | None:
    ends: list[int] = []
    for column in columns:
        text = str(table.texts(column)[row])
        if not text:
            what, fix = "one end of the window is missing", "give both times, or neither"
            place = column if table.has(column) else columns[0]
            faults.append(table.fault(row, place, what=what, fix=fix, code="half-window"))
            continue
        try:
            ends.append(parse_clock(text, day))
        except ClockError as error:
            faults.append(table.fault(row, column, what=error.what, fix=error.fix, code=error.code))
    if len(ends) < len(columns):
        return None
    if ends[1] < ends[0]:
        first = str(table.texts(columns[0])[row])
        what = f"the window ends before it starts ({first})"
        fix = "swap the two times; the end of the day is 24:00"
        faults.append(table.fault(row, columns[1], what=what, fix=fix, code="impossible-window"))
        return None
    return TimeWindow(start_s=ends[0], end_s=ends[1])
