"""Observed journeys: where from, where to, when, and how many seconds."""

from __future__ import annotations

import re
from datetime import date, time
from pathlib import Path
from typing import Final

import numpy as np

from ntgeo.domain.observed import ObservedTimes
from ntgeo.errors import Fault
from ntgeo.sources.amounts import Range, parse_amounts
from ntgeo.sources.clock import ClockError, parse_day, read_time
from ntgeo.sources.local_file import raise_faults
from ntgeo.sources.locate import Gazetteer, Points, locate_rows
from ntgeo.sources.tables import TextTable, read_table

__all__ = ["read_observed_times"]

_ENDS: Final = ("origin", "destination")
_PLACE: Final = ("easting", "northing", "lon", "lat")
_SECONDS: Final = Range(low=1.0, high=21_600.0)
_MOMENT: Final = re.compile(r"(?:(?P<day>.*\d)[T ]+)?(?P<clock>\d{1,2}:\d{2})(?::\d{2}(?:\.\d+)?)?")


def read_observed_times(path: Path | str) -> ObservedTimes:
    """Read observed journeys from CSV or XLSX.

    Columns: ``origin_easting, origin_northing`` or ``origin_lon, origin_lat``; the same of
    ``destination``; ``departure``, local time as ``2026-11-24 08:15`` or ``08:15``; ``seconds``
    from door to door. No other column is read. Places are kept out of messages.

    Raises:
        InputError: A row is wrong; all faults are told.
        MissingColumnError: A column is not there.
        DataUnavailableError: There is no such file.
    """
    wanted = [f"{end}_{name}" for end in _ENDS for name in _PLACE]
    table = read_table(path, required=("departure", "seconds"), optional=wanted)
    points = [_located(table, end) for end in _ENDS]
    seconds = parse_amounts(table, "seconds", _SECONDS)
    moments, faults = _moments(table)
    raise_faults([*points[0].faults, *points[1].faults, *seconds.faults, *faults])
    origin, destination = (np.column_stack([part.easting_m, part.northing_m]) for part in points)
    return ObservedTimes(
        file=table.file,
        origin_xy_m=origin,
        destination_xy_m=destination,
        departs_at=tuple(clock for _, clock in moments),
        day=tuple(day for day, _ in moments),
        time_s=seconds.numbers,
        notes=(*table.notes, *points[0].notes, *points[1].notes, *seconds.notes),
    )


def _located(table: TextTable, end: str) -> Points:
    """Place the rows by the columns of one end."""
    own = {name: f"{end}_{name}" for name in _PLACE if table.has(f"{end}_{name}")}
    part = TextTable(
        file=table.file,
        frame=table.frame.rename(columns={column: name for name, column in own.items()}),
        rows=table.rows,
        headings={name: table.headings[column] for name, column in own.items()},
    )
    found = locate_rows(part, Gazetteer(), is_hidden=True)
    if not any({one, other} <= own.keys() for one, other in (_PLACE[:2], _PLACE[2:])):
        what = f"no columns say where the {end}s are"
        fix = f"add {end}_easting and {end}_northing, or {end}_lon and {end}_lat"
        fault = Fault(file=table.file, row=1, what=what, fix=fix, code="missing-column")
        return Points(easting_m=found.easting_m, northing_m=found.northing_m, faults=(fault,))
    return found


def _moments(table: TextTable) -> tuple[list[tuple[date | None, time]], list[Fault]]:
    moments: list[tuple[date | None, time]] = []
    faults: list[Fault] = []
    for row, text in enumerate(table.texts("departure").tolist()):
        try:
            moments.append(_moment(text))
        except ClockError as error:
            faults.append(
                table.fault(row, "departure", what=error.what, fix=error.fix, code=error.code)
            )
    return moments, faults


def _moment(text: str) -> tuple[date | None, time]:
    match = _MOMENT.fullmatch(text)
    if match is None:
        read_time(text)
        raise ClockError("is not a time of day", "give it as 2026-11-24 08:15, or as 08:15")
    day = parse_day(match["day"]) if match["day"] else None
    return day, read_time(match["clock"])
