"""Who is absent when: leave, sickness, training; the reason is not read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ntgeo.errors import Fault
from ntgeo.sources.clock import ClockError, parse_day
from ntgeo.sources.local_file import raise_faults
from ntgeo.sources.noted import Noted
from ntgeo.sources.tables import TextTable, read_table

__all__ = ["read_absences"]


def read_absences(path: Path | str, *, day: date) -> Noted[dict[str, str]]:
    """Read who is absent on a day from CSV or XLSX.

    Columns: ``staff_id``, ``first_day`` and ``last_day``, which is the first where it is blank.
    Nothing else is read, so that no reason is ever kept.

    Args:
        path: The file.
        day: The plan's day.

    Returns:
        Staff, in lower case → where the absence is told: ``absences.csv row 2``. Ids are otherwise
        told apart by their capitals; but nobody shall be sent out for want of one.

    Raises:
        InputError: A row is wrong; all faults are told.
    """
    table = read_table(path, required=("staff_id", "first_day"), optional=("last_day",))
    faults: list[Fault] = []
    away: dict[str, str] = {}
    staff = table.texts("staff_id").tolist()
    for row, person in enumerate(staff):
        first = _day(table, row, "first_day", faults)
        last = first
        if table.texts("last_day")[row]:
            last = _day(table, row, "last_day", faults)
        if not person:
            what, fix = "the id is missing", "give one"
            faults.append(table.fault(row, "staff_id", what=what, fix=fix, code="missing-id"))
        elif first is not None and last is not None and last < first:
            what, fix = f"is before the first day, {first:%d/%m/%Y}", "swap the two"
            faults.append(table.fault(row, "last_day", what=what, fix=fix, code="bad-date"))
        elif first is not None and last is not None and first <= day <= last:
            away.setdefault(person.casefold(), f"{table.file} row {table.rows[row]:,}")
    raise_faults(faults)
    return Noted(read=away, notes=table.notes)


def _day(table: TextTable, row: int, column: str, faults: list[Fault]) -> date | None:
    try:
        return parse_day(str(table.texts(column)[row]))
    except ClockError as error:
        fault = table.fault(row, column, what=error.what, fix=error.fix, code=error.code)
        faults.append(fault)
        return None
