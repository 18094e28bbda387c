"""Tables of text from CSV and XLSX files: the form in which every small source is checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ntgeo.errors import HIDDEN, Fault
from ntgeo.sources.cell_text import clean_cell, hidden_blank_note, hides_blanks
from ntgeo.sources.delimited import Sheet, read_delimited
from ntgeo.sources.headings import (
    heading_notes,
    match_headings,
    missing_column,
    misspelt_notes,
    repeated_headings,
)
from ntgeo.sources.local_file import check_local_file, raise_faults, refuse, unchanged

__all__ = ["TextTable", "read_sheet", "read_table", "select_columns"]

_TEXT_SUFFIXES: Final = frozenset({".csv", ".tsv", ".txt", ".tab"})
_BOOK_SUFFIXES: Final = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTable:
    """A table whose cells are text, and where each stands in the user's file.

    Args:
        file: File name.
        frame: Columns by canonical name, all text, stripped; ``""`` is missing.
        rows: (rows,) spreadsheet row numbers; headings are row 1.
        notes: What the user should know of the reading.
        headings: Canonical name → heading in the file.
    """

    file: str
    frame: pd.DataFrame
    rows: npt.NDArray[np.int64]
    notes: tuple[str, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def has(self, column: str) -> bool:
        """Tell whether a column is there."""
        return column in self.frame.columns

    def texts(self, column: str) -> npt.NDArray[np.object_]:
        """Return a column as an array of ``str``; all ``""`` where it is absent."""
        if not self.has(column):
            return np.full(len(self), "", dtype=object)
        return self.frame[column].to_numpy(dtype=object)

    def take(self, keep: npt.NDArray[np.bool_]) -> TextTable:
        """Return the rows where ``keep`` is true."""
        return TextTable(
            file=self.file,
            frame=self.frame[keep].reset_index(drop=True),
            rows=self.rows[keep],
            notes=self.notes,
            headings=self.headings,
        )

    def without(self, column: str) -> TextTable:
        """Return the table without one column."""
        return TextTable(
            file=self.file,
            frame=self.frame.drop(columns=column),
            rows=self.rows,
            notes=self.notes,
            headings=self.headings,
        )

    def fault(
        self, index: int, column: str, *, what: str, fix: str, code: str, is_hidden: bool = False
    ) -> Fault:
        """Return the fault of one cell; ``is_hidden`` keeps its value out of messages."""
        value = str(self.frame[column].iloc[index]) if self.has(column) else None
        return Fault(
            file=self.file,
            row=int(self.rows[index]),
            column=self.headings.get(column, column),
            value=HIDDEN if is_hidden and value else value,
            what=what,
            fix=fix,
            code=code,
        )


def read_table(
    path: Path | str,
    *,
    columns: Mapping[str, str] | None = None,
    required: Sequence[str] = (),
    optional: Sequence[str] = (),
    sheet: str | None = None,
) -> TextTable:
    """Read a CSV or XLSX file as text.

    CSV may be UTF-8 (with a mark or not), UTF-16 or Windows-1252, separated by commas, semicolons
    or tabs. Headings may stand below a title, and are matched ignoring case, blanks, underscores
    and non-breaking spaces. What was cleaned is in the table's notes.

    Args:
        path: A local .csv, .tsv, .txt or .xlsx file.
        columns: Canonical name → the file's own heading, where they differ.
        required: Canonical names that must be there.
        optional: Canonical names that may be there. Where neither is given, nor ``columns``, the
            table keeps every column under its own heading; otherwise it keeps only those asked
            for, and nothing else is held in memory afterwards.
        sheet: Sheet of a workbook.

    Raises:
        InputError: The file is not such a table; all its faults are told at once.
        MissingColumnError: A required or mapped column is not there.
        DataUnavailableError: There is no such file.
    """
    source = read_sheet(path, sheet=sheet)
    if not (columns or required or optional):
        names = [heading.strip() or f"column {i}" for i, heading in enumerate(source.headings)]
        return _table(source, {name: i for i, name in enumerate(names)})
    return select_columns(source, columns=columns, required=required, optional=optional)


def read_sheet(path: Path | str | Sheet, *, sheet: str | None = None) -> Sheet:
    """Read the rows of a CSV or XLSX file, with headings that are there and differ.

    What was read so already, or a part of it, stays as it is.

    Raises:
        InputError: As :func:`read_table`.
        DataUnavailableError: There is no such file.
    """
    if isinstance(path, Sheet):
        return path
    local = check_local_file(path)
    suffix = local.suffix.lower()
    if suffix not in _TEXT_SUFFIXES | _BOOK_SUFFIXES:
        what = f'a table cannot be read from a "{suffix}" file'
        refuse(local.name, what, "save it as CSV UTF-8 or .xlsx", "unknown-format")
    with unchanged(local):
        if suffix in _BOOK_SUFFIXES:
            from ntgeo.sources.workbook import read_workbook  # noqa: PLC0415 - openpyxl is slow

            source = read_workbook(local, sheet)
        else:
            source = read_delimited(local)
    raise_faults(repeated_headings(source.file, source.headings, row=source.heading_row))
    if not source.records:
        refuse(source.file, "has headings but no data rows", "export it again", "no-rows")
    return source


def select_columns(
    source: Sheet,
    *,
    columns: Mapping[str, str] | None = None,
    required: Sequence[str] = (),
    optional: Sequence[str] = (),
) -> TextTable:
    """Return the wanted columns of a sheet as a table.

    Raises:
        MissingColumnError: A required or mapped column is not there.
    """
    mapped = dict(columns or {})
    wanted = list(dict.fromkeys([*required, *mapped, *optional]))
    found = match_headings(source.headings, wanted, mapped)
    needed = dict.fromkeys([*required, *mapped])
    raise_faults(
        [
            missing_column(
                source.file,
                mapped.get(name, name),
                source.headings,
                name=name,
                row=source.heading_row,
            )
            for name in needed
            if name not in found
        ]
    )
    table = _table(source, found, mapped)
    near = misspelt_notes(source.file, source.headings, found, wanted)
    return replace(table, notes=(*table.notes, *near))


def _table(source: Sheet, position: Mapping[str, int], mapped: Collection[str] = ()) -> TextTable:
    cells = {name: [record[i] for record in source.records] for name, i in position.items()}
    frame = pd.DataFrame(
        {
            name: pd.Series([clean_cell(text) for text in texts], dtype="object")
            for name, texts in cells.items()
        }
    )
    headings = {name: clean_cell(source.headings[i]) for name, i in position.items()}
    hidden = [
        (row, headings[name])
        for name, texts in cells.items()
        for row, text in zip(source.rows, texts, strict=True)
        if hides_blanks(text)
    ]
    return TextTable(
        file=source.file,
        frame=frame,
        rows=np.array(source.rows, dtype=np.int64),
        notes=(
            *source.notes,
            *heading_notes(source.file, position, source.headings, mapped),
            *hidden_blank_note(source.file, hidden),
        ),
        headings=headings,
    )
