"""Excel workbooks (.xlsx) as rows of text, opened only after their size is known."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from html import unescape
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

import openpyxl
from openpyxl.utils import column_index_from_string

from ntgeo.errors import Fault, InputError, NtgeoError, first_five
from ntgeo.sources.delimited import LONGEST_CELL, MOST_ROWS, Sheet
from ntgeo.sources.heading_row import (
    MOST_COLUMNS,
    MOST_TITLE_ROWS,
    find_heading_row,
    is_number,
    title_note,
    trimmed_headings,
)
from ntgeo.sources.headings import column_letter
from ntgeo.sources.local_file import refuse
from ntgeo.sources.noted import Cleansed

__all__ = ["read_workbook"]

_MOST_UNPACKED_BYTES: Final = 200 * 1024 * 1024
_MOST_RATIO: Final = 100
_RATIO_MATTERS_BYTES: Final = 10 * 1024 * 1024
_HIDDEN_ROW: Final = re.compile(r'<row\b[^<>]*\bhidden="(?:1|true)"[^<>]*>')
_ROW: Final = re.compile(r'\br="(\d+)"')
_MERGED: Final = re.compile(r'<mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_UNSAVED: Final = re.compile(
    r'<c r="([A-Z]+)(\d+)"[^>]*>\s*<f[^>]*>([^<]*)</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)
_SHEET: Final = re.compile(r'<sheet\b[^>]*\bname="([^"]*)"[^>]*\br:id="([^"]*)"')
_TARGET: Final = re.compile(r"<Relationship\b[^>]*>")


def read_workbook(path: Path, sheet: str | None = None) -> Sheet:
    """Read one sheet of an .xlsx file.

    Args:
        path: A local file that the door has checked.
        sheet: Its name; may be left out where only one sheet holds anything.

    Raises:
        InputError: It is not a plain workbook, is too big, several sheets could be meant, or
            merged cells leave it open what the headings are.
    """
    _check_archive(path)
    try:
        with warnings.catch_warnings(action="ignore"):
            return _read(path, sheet)
    except NtgeoError:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged workbook fails in any way it likes
        reason = f"cannot be read as a workbook ({type(error).__name__})"
        refuse(path.name, reason, "open it in Excel and save it again as .xlsx", "not-a-workbook")


def _read(path: Path, sheet: str | None) -> Sheet:
    with path.open("rb") as stream:  # openpyxl leaves a damaged file open that it opened itself
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        try:
            name, notes = _chosen(path.name, book, sheet)
            found = _rows_of(path.name, book[name], _marks_of(path, name))
            return replace(found, notes=(*notes, *found.notes))
        finally:
            book.close()


def _check_archive(path: Path) -> None:
    with path.open("rb") as stream:
        magic = stream.read(4)
    if path.suffix.lower() in {".xlsm", ".xlsb", ".xls"}:
        what = "is a macro or old workbook, which is not accepted"
        refuse(path.name, what, "save it as .xlsx", "not-a-workbook")
    if magic == b"\xd0\xcf\x11\xe0":
        what = "is password-protected, or an old workbook"
        refuse(path.name, what, "save it without a password as .xlsx", "not-a-workbook")
    if not zipfile.is_zipfile(path) or magic != b"PK\x03\x04":
        what = "is not a workbook (it has no ZIP header)"
        refuse(path.name, what, "rename it to .csv if it is text", "not-a-workbook")
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        refuse(path.name, "is damaged", "save it again as .xlsx", "not-a-workbook")
    if any("vbaProject" in member.filename for member in members):
        what = "holds macros, which are not accepted"
        refuse(path.name, what, "save it as .xlsx without macros", "not-a-workbook")
    unpacked = sum(member.file_size for member in members)
    ratio = unpacked / path.stat().st_size
    if unpacked > _MOST_UNPACKED_BYTES or (ratio > _MOST_RATIO and unpacked > _RATIO_MATTERS_BYTES):
        what = f"would unpack to {unpacked / 1e6:,.0f} MB, {ratio:,.0f}:1 (limits 200 MB and 100:1)"
        refuse(path.name, what, "delete what is not needed, or save it as CSV", "too-big")


def _chosen(file: str, book: Any, sheet: str | None) -> tuple[str, tuple[str, ...]]:
    """Return the name of the sheet that is meant, and a note of hidden ones left out."""
    names = [page.title for page in book.worksheets]
    if sheet is not None:
        if sheet in names:
            return sheet, ()
        what = f'has no sheet "{sheet}"; it has {first_five(names)}'
        refuse(file, what, "name one of these in the scenario", "unknown-sheet")
    filled = names if len(names) == 1 else [name for name in names if _has_cells(book[name])]
    meant = [name for name in filled if book[name].sheet_state == "visible"] or filled
    if len(meant) > 1:
        what = f"has sheets {first_five(meant)}"
        fix = f'choose one in the scenario (sheet = "{meant[0]}"), or save that sheet alone'
        refuse(file, what, fix, "several-sheets")
    hidden = [name for name in filled if name not in meant]
    note = f"{file}: hidden sheets are not read: {first_five(hidden)}."
    return next(iter(meant or names), ""), (note,) if hidden else ()


def _has_cells(worksheet: Any) -> bool:
    return any(
        value is not None and str(value).strip()
        for row in worksheet.iter_rows(max_row=MOST_TITLE_ROWS, values_only=True)
        for value in row
    )


def _part_of(archive: zipfile.ZipFile, name: str) -> str:
    book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    escaped = name.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    link = next((link for title, link in _SHEET.findall(book) if title in {name, escaped}), "")
    for tag in _TARGET.findall(links):
        if f'Id="{link}"' in tag and (target := re.search(r'Target="([^"]*)"', tag)):
            return "xl/" + target[1].removeprefix("/").removeprefix("xl/")
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """Merged cells: rows from 1 and columns from 0, both ends included."""

    name: str
    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Marks:
    """What a sheet's own text tells, and openpyxl's quick reading leaves out.

    Args:
        merged: Its merged cells.
        hidden: Numbers of its hidden rows, as of those that a filter leaves out.
        unsaved: Row → column → formula, where no value was saved.
    """

    merged: tuple[_Block, ...] = ()
    hidden: tuple[int, ...] = ()
    unsaved: Mapping[int, Mapping[int, str]] = field(default_factory=dict)


def _marks_of(path: Path, name: str) -> _Marks:
    with zipfile.ZipFile(path) as archive:
        part = _part_of(archive, name)
        if part not in archive.namelist():
            return _Marks()
        text = archive.read(part).decode("utf-8", "replace")
    unsaved: dict[int, dict[int, str]] = {}
    for letters, row, formula in _UNSAVED.findall(text):
        column = column_index_from_string(letters) - 1
        unsaved.setdefault(int(row), {})[column] = f"={unescape(formula)}"
    blocks = (
        _Block(
            name=f"{left}{top}:{right}{bottom}",
            top=int(top),
            bottom=int(bottom),
            left=column_index_from_string(left) - 1,
            right=column_index_from_string(right) - 1,
        )
        for left, top, right, bottom in _MERGED.findall(text)
    )
    return _Marks(
        merged=tuple(sorted(blocks, key=lambda block: (block.top, block.left))),
        hidden=tuple(int(row[1]) for tag in _HIDDEN_ROW.findall(text) if (row := _ROW.search(tag))),
        unsaved=unsaved,
    )


def _rows_of(file: str, worksheet: Any, marks: _Marks) -> Sheet:
    lines = _lines_of(file, worksheet, marks)
    first = list(islice(lines, MOST_TITLE_ROWS))
    top, headings, notes = _headings_of(file, worksheet.title, first, marks.merged)
    records: list[list[str]] = []
    rows: list[int] = []
    faults: list[Fault] = []
    for row, texts in enumerate(chain(first[top:], lines), start=top + 1):
        if not any(text.strip() for text in texts):
            continue
        faults.extend(_misfits(file, row, texts, headings))
        records.append((texts + [""] * len(headings))[: len(headings)])
        rows.append(row)
    if faults:
        raise InputError(faults)
    if hidden := sorted({*marks.hidden} & {*rows}):
        what = f"{file}: {worksheet.title} hides {len(hidden):,} rows, which are read as well"
        notes = (*notes, f"{what} (rows {first_five(f'{row:,}' for row in hidden)}).")
    return Sheet(
        file=file, headings=headings, records=records, rows=rows, heading_row=top, notes=notes
    )


def _lines_of(file: str, worksheet: Any, marks: _Marks) -> Iterator[list[str]]:
    """Yield the cells of each row; one merged over several rows stands in each of them."""
    last_row, last_column = worksheet.max_row, worksheet.max_column
    if last_row is None or last_column is None:
        worksheet.reset_dimensions()
        last_row = last_column = 0
    if last_column > MOST_COLUMNS or last_row > MOST_ROWS:
        what = f"{worksheet.title} claims {last_row:,} rows × {last_column:,} columns"
        stray = f"{column_letter(last_column - 1)}{last_row}"
        refuse(file, what, f"delete the stray cell {stray}, or save as CSV", "too-big")
    tall = [block for block in marks.merged if block.bottom > block.top]
    held: dict[str, str] = {}
    for row, cells in enumerate(worksheet.iter_rows(values_only=True), start=1):
        texts = [_text(value) for value in cells]
        for column, formula in marks.unsaved.get(row, {}).items():
            texts[column] = formula
        for block in tall:
            if block.top < row <= block.bottom and block.left < len(texts):
                texts[block.left] = held.get(block.name, "")
            elif row == block.top and block.left < len(texts):
                held[block.name] = texts[block.left]
        yield texts


def _headings_of(
    file: str, sheet: str, first: list[list[str]], merged: Sequence[_Block]
) -> tuple[int, list[str], tuple[str, ...]]:
    """Return the row number of the headings, themselves, and notes of what is above and merged."""
    bare = [list(row) for row in first]
    for block in merged:  # a banner, merged over columns with nothing beside it, is no heading
        for row in range(block.top, min(block.bottom, len(first)) + 1):
            if all(not text.strip() or i == block.left for i, text in enumerate(bare[row - 1])):
                bare[row - 1] = []
    top = find_heading_row(bare) + 1
    begun = [block for block in merged if block.top <= top <= block.bottom]
    are_groups = any(block.right > block.left for block in begun)
    bottom = max([top + are_groups, *(block.bottom for block in begun)])
    headings = trimmed_headings(file, first[bottom - 1] if bottom <= len(first) else [])
    if begun and not all(text.strip() and not is_number(text) for text in headings):
        what = f"{sheet} {begun[0].name} is merged; headings must be one row of single cells"
        refuse(file, what, "unmerge the cells and put the headings in one row", "merged-cells")
    notes = title_note(file, first[: top - 1])
    if begun:
        names = first_five(block.name for block in begun)
        note = f"{file}: {sheet} {names} is merged; the headings are taken from row {bottom}."
        notes = (*notes, Cleansed("layouts", note))
    below = [block for block in merged if block.top > bottom and block.bottom > block.top]
    if below:
        names = first_five(block.name for block in below)
        note = f"{file}: {sheet} {names} is merged; its value is taken for each of its rows."
        notes = (*notes, Cleansed("layouts", note))
    return bottom, headings, notes


def _misfits(file: str, row: int, texts: list[str], headings: list[str]) -> list[Fault]:
    faults = [
        Fault(
            file=file,
            row=row,
            column=column_letter(i),
            what="a cell stands beyond the last heading",
            fix="give the column a heading, or delete the cell",
            code="ragged-row",
        )
        for i, text in enumerate(texts[len(headings) :], start=len(headings))
        if text.strip()
    ]
    faults.extend(
        Fault(
            file=file,
            row=row,
            column=headings[i],
            what=f"holds {len(text):,} characters; the limit is {LONGEST_CELL:,}",
            fix="shorten the text",
            code="long-cell",
        )
        for i, text in enumerate(texts[: len(headings)])
        if len(text) > LONGEST_CELL
    )
    return faults


def _text(value: object) -> str:  # noqa: PLR0911 - one line for each kind of cell
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, datetime):
        has_clock = value.time() != time()
        return value.isoformat(" ", "minutes") if has_clock else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("seconds" if value.second else "minutes")
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return str(value)
