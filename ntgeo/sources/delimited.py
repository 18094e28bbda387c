"""Delimited text (CSV) as rows of text, with every oddity told and none mended silently."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ntgeo.errors import Fault, InputError
from ntgeo.sources.heading_row import (
    MOST_TITLE_ROWS,
    find_heading_row,
    title_note,
    trimmed_headings,
)
from ntgeo.sources.local_file import refuse, refuse_larger
from ntgeo.sources.noted import Cleansed
from ntgeo.sources.text_encoding import find_encoding, refuse_disguises

__all__ = [
    "LONGEST_CELL",
    "MOST_ROWS",
    "Sheet",
    "find_delimiter",
    "read_delimited",
    "refuse_many_lines",
]

LONGEST_CELL: Final = 32_768
MOST_ROWS: Final = 2_000_000
_HEAD_BYTES: Final = 1 << 20
_LINES_A_ROW: Final = 4
"""Cells may hold line breaks, and later lines be longer than the first ones."""
_MOST_BYTES: Final = 256_000_000
"""Of a table that is read cell by cell; all of it is held in memory, several times over."""
_DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_LINES_THAT_TELL: Final = 20
_CHARACTERS_THAT_TELL: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Rows of text under headings.

    Args:
        file: File name.
        headings: As they stand.
        records: Each as long as ``headings``; blank rows are left out.
        rows: Spreadsheet row number of each record.
        heading_row: Row number of the headings; greater than 1 below a title.
        notes: What the user should know of the reading.
    """

    file: str
    headings: list[str]
    records: list[list[str]]
    rows: list[int]
    heading_row: int = 1
    notes: tuple[str, ...] = ()


def find_delimiter(text: str) -> str:
    """Return the separator that most of the first lines have outside quotes.

    Where several stand in as many lines, that of the headings decides.
    """
    first = text.lstrip("\r\n").split("\n")[:_LINES_THAT_TELL]
    lines = ["".join(line.split('"')[::2]) for line in first]

    def weight(mark: str) -> tuple[int, int]:
        return sum(mark in line for line in lines), lines[0].count(mark)

    return max(_DELIMITERS, key=weight)


def delimiter_note(file: str, delimiter: str) -> tuple[str, ...]:
    """Return a note where the separator is not a comma."""
    if delimiter == ",":
        return ()
    told = f"{file}: columns are separated by {_DELIMITERS[delimiter]}."
    return (Cleansed("layouts", told),)


def read_delimited(path: Path) -> Sheet:
    """Read a CSV file whose separator is a comma, semicolon, tab or bar.

    Args:
        path: A local file that the door has checked.

    Raises:
        InputError: It is not a CSV, a quote is open, rows do not fit the headings, or it is
            beyond the limits on rows, columns and cells.
    """
    refuse_larger(path.name, path.stat().st_size, _MOST_BYTES)
    refuse_many_lines(path, MOST_ROWS)
    refuse_disguises(path)
    encoding = find_encoding(path)
    text = path.read_bytes().decode(encoding.name)
    delimiter = find_delimiter(text[:_CHARACTERS_THAT_TELL])
    parsed, notes = _parse(path.name, text, delimiter)
    if not parsed:
        refuse(path.name, "holds no text", "export it again", "empty-file")
    top = find_heading_row(parsed[:MOST_TITLE_ROWS])
    headings = trimmed_headings(path.name, parsed[top])
    numbered = [
        (row, record)
        for row, record in enumerate(parsed[top + 1 :], start=top + 2)
        if any(cell and not cell.isspace() for cell in record)
    ]
    records = _fitted(path.name, numbered, headings)
    return Sheet(
        file=path.name,
        headings=headings,
        records=records,
        rows=[row for row, _ in numbered],
        heading_row=top + 1,
        notes=(
            *encoding.notes,
            *delimiter_note(path.name, delimiter),
            *title_note(path.name, parsed[:top]),
            *notes,
        ),
    )


def refuse_many_lines(path: Path, most_rows: int) -> None:
    """Refuse what its first lines show to be far too long, before all of it is read."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    lines = path.stat().st_size / len(head) * head.count(b"\n")
    if lines > _LINES_A_ROW * most_rows:
        what = f"has some {lines:,.0f} rows; the limit is {most_rows:,}"
        refuse(path.name, what, "split it, or count it by area first", "too-many-rows")


def _parse(file: str, text: str, delimiter: str) -> tuple[list[list[str]], tuple[str, ...]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    parsed: list[list[str]] = []
    line, broken = 1, 0
    usual_limit = csv.field_size_limit(len(text) + 1)  # long cells are told by row and column
    try:
        for record in reader:
            parsed.append(record)
            if reader.line_num > line and not broken:
                broken = len(parsed)
            line = reader.line_num + 1
            if len(parsed) > MOST_ROWS + 1:
                what = f"has more than {MOST_ROWS:,} rows"
                refuse(file, what, "split it, or count it by area first", "too-many-rows")
    except csv.Error as error:
        raise InputError(_csv_fault(file, str(error), len(parsed) + 1, line)) from error
    finally:
        csv.field_size_limit(usual_limit)
    return parsed, line_break_note(file, broken) if broken else ()


def line_break_note(file: str, row: int) -> tuple[str, ...]:
    """Return a note of the first row that is longer than a line."""
    note = f"{file}: a cell of row {row:,} holds a line break; rows are counted as a spreadsheet"
    return (f"{note} counts them, so a text editor's line numbers are greater below it.",)


def _csv_fault(file: str, message: str, row: int, line: int) -> Fault:
    if "end of data" in message:
        what = f"a quote opened on line {line:,} is never closed"
        fix, code = "close the quote, or export the file again", "open-quote"
    else:
        what = f"text follows a closing quote on line {line:,}"
        fix, code = "double the quotes inside the cell, or export the file again", "broken-quote"
    return Fault(file=file, row=row, what=what, fix=fix, code=code)


def _fitted(
    file: str, numbered: Sequence[tuple[int, list[str]]], headings: Sequence[str]
) -> list[list[str]]:
    width = len(headings)
    faults: list[Fault] = []
    lengths: Counter[int] = Counter()
    fitted: list[list[str]] = []
    for row, record in numbered:
        cells = record
        if len(record) > width and not any(cell.strip() for cell in record[width:]):
            cells = record[:width]
        if len(cells) != width:
            lengths[len(cells)] += 1
            faults.append(_ragged(file, row, len(cells), width))
        faults.extend(
            _long_cell(file, row, headings[i], cell)
            for i, cell in enumerate(cells[:width])
            if len(cell) > LONGEST_CELL
        )
        fitted.append(cells)
    if numbered and sum(lengths.values()) == len(numbered) and len(lengths) == 1:
        (count,) = lengths
        what = f"all rows have {count} fields but there are {width} headings; columns would shift"
        refuse(file, what, "add the missing heading, or export the file again", "ragged-row")
    if faults:
        raise InputError(faults)
    return fitted


def _ragged(file: str, row: int, count: int, width: int) -> Fault:
    what = f"has {count} fields where the headings have {width}"
    fix = "put quotes around cells that hold a separator, or export the file again"
    return Fault(file=file, row=row, what=what, fix=fix, code="ragged-row")


def _long_cell(file: str, row: int, heading: str, cell: str) -> Fault:
    what = f"holds {len(cell):,} characters; the limit is {LONGEST_CELL:,}"
    return Fault(
        file=file, row=row, column=heading, what=what, fix="shorten the text", code="long-cell"
    )
