"""Where the headings of a sheet are: below its title, if it has one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ntgeo.sources.local_file import refuse
from ntgeo.sources.noted import Cleansed

__all__ = [
    "MOST_COLUMNS",
    "MOST_TITLE_ROWS",
    "find_heading_row",
    "is_number",
    "title_note",
    "trimmed_headings",
]

MOST_TITLE_ROWS: Final = 30
"""Headings are looked for in this many rows."""
MOST_COLUMNS: Final = 256
_LONGEST_TITLE: Final = 60
_NUMBER: Final = re.compile(r"[-+]?[\d.,]+%?")


def find_heading_row(first_rows: Sequence[Sequence[str]]) -> int:
    """Return the position of the headings among the first rows of a sheet.

    Blank rows are passed over, and so are titles: rows with words in no more than half of the
    columns that the rows below fill.
    """
    filled = [sum(1 for cell in row if cell.strip()) for row in first_rows[:MOST_TITLE_ROWS]]
    width = max(filled, default=0)
    for position, count in enumerate(filled):
        if count and not (count * 2 <= width and _is_prose(first_rows[position])):
            is_data = all(is_number(cell) for cell in first_rows[position] if cell.strip())
            return 0 if is_data else position
    return 0


def _is_prose(row: Sequence[str]) -> bool:
    """Tell whether a row reads like a title: some cell of it holds several words.

    So does the line ``sep=;`` by which Excel is told the separator.
    """
    return any(len(cell.split()) > 1 for cell in row) or row[0].casefold().startswith("sep=")


def is_number(text: str) -> bool:
    """Tell whether a cell holds a number, as no heading of a column does."""
    return _NUMBER.fullmatch(text.strip()) is not None


def title_note(file: str, rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return a note of the rows above the headings, if there are any."""
    if not rows:
        return ()
    words = next((cell.strip() for row in rows for cell in row if cell.strip()), "")
    shown = words if len(words) <= _LONGEST_TITLE else words[:_LONGEST_TITLE] + "…"
    what = f'a title ("{shown}")' if words else "nothing"
    where = "row 1 holds" if len(rows) == 1 else f"rows 1 to {len(rows)} hold"
    told = f"{file}: {where} {what}; the headings are taken from row {len(rows) + 1}."
    return (Cleansed("layouts", told),)


def trimmed_headings(file: str, first: Sequence[str]) -> list[str]:
    """Return headings without the blank ones at the end.

    Raises:
        InputError: All are blank, or there are too many.
    """
    count = max((i for i, text in enumerate(first, start=1) if text.strip()), default=0)
    if not count:
        refuse(file, "row 1 is blank; headings are needed there", "put them in row 1", "headings")
    if count > MOST_COLUMNS:
        what = f"has {count:,} columns; the limit is {MOST_COLUMNS}"
        refuse(file, what, "keep only the columns needed", "too-many-columns")
    return list(first[:count])
