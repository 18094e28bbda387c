"""Rows of visits and shifts that are of other days than the plan's, as in an export of a week."""

from __future__ import annotations

from datetime import date

import numpy as np

from ntgeo.errors import Fault, first_five
from ntgeo.sources.clock import ClockError, parse_day
from ntgeo.sources.local_file import refuse
from ntgeo.sources.tables import TextTable

__all__ = ["DATE", "other_days_note", "rows_of_day"]

DATE = "date"
"""The column that tells the day of each row; a row without one is of the plan's day."""


def other_days_note(file: str, rows: str, day: date) -> str:
    """Return a note of rows that are not planned because they are of other days."""
    return f"{file}: {rows} of other days than {day:%A %d/%m/%Y}, and not planned."


def rows_of_day(table: TextTable, day: date) -> tuple[TextTable, TextTable, list[Fault]]:
    """Part a table by its dates.

    Args:
        table: With or without a column :data:`DATE`.
        day: The plan's day.

    Returns:
        The rows of that day, those of other days, and a fault for each date that is none; such a
        row stays with those of the day.

    Raises:
        InputError: No row is of that day.
    """
    faults: list[Fault] = []
    days: list[date | None] = []
    for row, text in enumerate(table.texts(DATE)):
        try:
            days.append(parse_day(text) if text else None)
        except ClockError as error:
            what, fix = error.what, error.fix
            faults.append(table.fault(row, DATE, what=what, fix=fix, code=error.code))
            days.append(None)
    is_now = np.array([found in {None, day} for found in days], dtype=bool)
    if days and not is_now.any():
        told = [f"{found:%d/%m/%Y}" for found in sorted({found for found in days if found})]
        what = f"has no row of {day:%d/%m/%Y}; its dates are {first_five(told)}"
        fix = "correct rounds.day of the scenario, or give the rows of that day"
        refuse(table.file, what, fix, "other-days")
    return table.take(is_now), table.take(~is_now), faults
