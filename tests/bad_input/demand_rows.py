"""Tables of demand with a few cells spoilt."""

from pathlib import Path

import openpyxl
from tiny_borough import csv_text, records

HEADINGS = "lsoa21cd,service,date,count"


def demand_table(changes=None, *, headings=HEADINGS, add=()) -> list[list]:
    """Return the rows of ``demand.csv`` with some cells changed.

    Args:
        changes: Row as a spreadsheet counts it → column → what stands there instead.
        headings: Those of the table; columns after the usual four are blank.
        add: Rows to put after the last.
    """
    names = headings.split(",")
    rows = [[*row, *[""] * (len(names) - 4)] for row in records()]
    for row, cells in (changes or {}).items():
        for column, value in cells.items():
            rows[row - 2][names.index(column)] = value
    return [*rows, *map(list, add)]


def write_demand(
    borough: Path, changes=None, *, headings=HEADINGS, add=(), encoding="utf-8", name="demand.csv"
) -> None:
    """Write such a table as a CSV file."""
    text = csv_text(headings, demand_table(changes, headings=headings, add=add))
    (borough / name).write_bytes(text.encode(encoding))


def write_workbook(borough: Path, rows, **more_sheets) -> openpyxl.Workbook:
    """Write rows into ``demand.xlsx``, which the scenario then names; return the workbook."""
    book = openpyxl.Workbook()
    book.active.title = "Need"
    for row in rows:
        book.active.append(list(row))
    for title, others in more_sheets.items():
        sheet = book.create_sheet(title)
        for row in others:
            sheet.append(list(row))
    book.save(borough / "demand.xlsx")
    if "demand.xlsx" not in (borough / "scenario.toml").read_text():
        name_file(borough, "demand.xlsx")
    return book


def name_file(borough: Path, file: str) -> None:
    """Let the scenario name another file of records."""
    edit_scenario(borough, 'file = "demand.csv"', f'file = "{file}"')


def say(borough: Path, line: str) -> None:
    """Add a line to the ``[[demand.records]]`` of the scenario."""
    edit_scenario(borough, "\n[roads]", f"{line}\n\n[roads]")


def edit_scenario(borough: Path, old: str, new: str) -> None:
    path = borough / "scenario.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
