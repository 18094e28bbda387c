"""Long tables as codes: every column is its different texts once, and a number for each row.

Two million records hold few different areas, services or dates, so each text is checked once.
"""

from __future__ import annotations

import csv
import io
import mmap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from ntgeo.errors import HIDDEN, Fault
from ntgeo.sources.cell_text import clean_cell, hidden_blank_note, hides_blanks
from ntgeo.sources.delimited import (
    LONGEST_CELL,
    MOST_ROWS,
    delimiter_note,
    find_delimiter,
    line_break_note,
    refuse_many_lines,
)
from ntgeo.sources.heading_row import MOST_COLUMNS, MOST_TITLE_ROWS, find_heading_row
from ntgeo.sources.headings import (
    heading_notes,
    match_headings,
    missing_column,
    misspelt_notes,
    repeated_headings,
)
from ntgeo.sources.local_file import check_local_file, raise_faults, refuse, unchanged
from ntgeo.sources.tables import TextTable, read_sheet, select_columns
from ntgeo.sources.text_encoding import TextEncoding, find_encoding, refuse_disguises

__all__ = ["CodedTable", "CodedTexts", "read_coded"]

_CAREFUL_BELOW_BYTES: Final = 4 << 20
_HEAD_BYTES: Final = 1 << 20
_TAIL_BYTES: Final = 4096
_BLOCK_BYTES: Final = 8 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedTexts:
    """A column of texts.

    Args:
        texts: (different,) every text once, stripped.
        codes: (rows,) position in ``texts``.
    """

    texts: npt.NDArray[np.object_]
    codes: npt.NDArray[np.int32]

    def at(self, index: int) -> str:
        """Return the text of a row."""
        return str(self.texts[self.codes[index]])

    @property
    def is_blank(self) -> npt.NDArray[np.bool_]:
        """(rows,) true where the text is missing."""
        return np.asarray((self.texts == "")[self.codes])


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedTable:
    """A long table.

    Args:
        file: File name.
        columns: Canonical name → column, for those that are there.
        rows: (rows,) spreadsheet row numbers.
        headings: Canonical name → heading in the file.
        all_headings: Every heading of the file.
        notes: What the user should know of the reading.
    """

    file: str
    columns: Mapping[str, CodedTexts]
    rows: npt.NDArray[np.int64]
    headings: Mapping[str, str]
    all_headings: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def take(self, keep: npt.NDArray[np.bool_]) -> CodedTable:
        """Return the rows where ``keep`` is true."""
        columns = {
            name: CodedTexts(texts=column.texts, codes=column.codes[keep])
            for name, column in self.columns.items()
        }
        return replace(self, columns=columns, rows=self.rows[keep])

    def fault(
        self, index: int, column: str, *, what: str, fix: str, code: str, is_hidden: bool = False
    ) -> Fault:
        """Return the fault of one cell."""
        text = self.columns[column].at(index)
        return Fault(
            file=self.file,
            row=int(self.rows[index]),
            column=self.headings.get(column, column),
            value=HIDDEN if is_hidden and text else text,
            what=what,
            fix=fix,
            code=code,
        )


def read_coded(  # noqa: PLR0913 - as read_table, and what only long tables are asked for
    path: Path | str,
    *,
    columns: Mapping[str, str] | None = None,
    required: Sequence[str] = (),
    optional: Sequence[str] = (),
    rest_with: Collection[str] = (),
    sheet: str | None = None,
    most_rows: int = MOST_ROWS,
) -> CodedTable:
    """Read the wanted columns of a CSV or XLSX file of any length.

    A long, clean CSV is read by Arrow; a short one, or one with anything odd in it, by the careful
    reader, which knows what to say.

    Args:
        path: The file.
        columns: Canonical name → the file's own heading, where they differ.
        required: Canonical names that must be there.
        optional: Canonical names that may be there.
        rest_with: Where one of these is there, the file's other columns are kept too, under their
            own headings.
        sheet: Sheet of a workbook.
        most_rows: Most rows.

    Raises:
        InputError: As :func:`~ntgeo.sources.tables.read_table`.
    """
    local = check_local_file(path)
    is_long = local.stat().st_size >= _CAREFUL_BELOW_BYTES
    if is_long and local.suffix.lower() in {".csv", ".txt", ".tsv", ".tab"}:
        with unchanged(local):
            refuse_many_lines(local, most_rows)
            fast = _read_fast(local, _Wanted(columns or {}, required, optional, rest_with))
        if fast is not None:
            return _limited(fast, most_rows)
    source = read_sheet(local, sheet=sheet)
    wanted = _Wanted(columns or {}, required, optional, rest_with)
    table = select_columns(
        source, columns=columns, required=required, optional=wanted.optional_in(source.headings)
    )
    return _limited(_coded(table, tuple(source.headings)), most_rows)


class _Wanted(NamedTuple):
    """Which columns of a file are wanted; as the arguments of :func:`read_coded`."""

    columns: Mapping[str, str]
    required: Sequence[str]
    optional: Sequence[str]
    rest_with: Collection[str]

    def optional_in(self, headings: Sequence[str]) -> list[str]:
        """Return the optional columns, and the rest of the file's if they are wanted too."""
        names = list(dict.fromkeys([*self.required, *self.columns, *self.optional]))
        found = match_headings(headings, names, self.columns)
        if not any(name in found for name in self.rest_with):
            return list(self.optional)
        taken = set(found.values())
        rest = [clean_cell(text) for i, text in enumerate(headings) if i not in taken]
        return [*self.optional, *(text for text in rest if text and text not in names)]


def _limited(table: CodedTable, most_rows: int) -> CodedTable:
    if len(table) > most_rows:
        what = f"has {len(table):,} rows; the limit is {most_rows:,}"
        refuse(table.file, what, "split it, or count it by area first", "too-many-rows")
    return table


def _coded(table: TextTable, headings: tuple[str, ...]) -> CodedTable:
    coded = {}
    for name in table.frame.columns:
        codes, texts = pd.factorize(table.texts(name))
        coded[name] = CodedTexts(texts=np.asarray(texts, object), codes=codes.astype(np.int32))
    return CodedTable(
        file=table.file,
        columns=coded,
        rows=table.rows,
        headings=table.headings,
        all_headings=headings,
        notes=table.notes,
    )


def _first_records(path: Path, encoding: TextEncoding) -> tuple[list[list[str]], str]:
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES).decode(encoding.name, errors="ignore")
    delimiter = find_delimiter(head)
    rows = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    try:
        return list(islice(rows, MOST_TITLE_ROWS)), delimiter
    except csv.Error:  # a cell too long for it; the careful reader says where
        return [], delimiter


def _has_open_quote(path: Path) -> bool:
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as view:
        count = sum(
            view[start : start + _BLOCK_BYTES].count(b'"')
            for start in range(0, len(view), _BLOCK_BYTES)
        )
    return count % 2 == 1


def _empty_lines_at_end(path: Path, encoding: TextEncoding) -> int:
    """Count the empty lines a file ends with; Arrow reads each as a row."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        tail = stream.read().decode(
            "utf-16-le" if encoding.name == "utf-16" else encoding.name, errors="ignore"
        )
    lines = tail.replace("\r\n", "\n")
    return max(0, len(lines) - len(lines.rstrip("\n")) - 1)


def _read_fast(path: Path, wanted: _Wanted) -> CodedTable | None:
    """Read a clean CSV; ``None`` if there is anything odd in it."""
    refuse_disguises(path)
    encoding = find_encoding(path)
    first, delimiter = _first_records(path, encoding)
    headings = first[0] if first and find_heading_row(first) == 0 else []
    if not headings or len(headings) > MOST_COLUMNS or not headings[-1].strip():
        return None
    mapped = wanted.columns
    raise_faults(repeated_headings(path.name, headings))
    asked = [*wanted.required, *mapped, *wanted.optional_in(headings)]
    found = match_headings(headings, asked, mapped)
    raise_faults(
        [
            missing_column(path.name, mapped.get(name, name), headings, name=name)
            for name in dict.fromkeys([*wanted.required, *mapped])
            if name not in found
        ]
    )
    if not found or _has_open_quote(path):
        return None
    table = _arrow_table(path, encoding, delimiter, (len(headings), sorted(set(found.values()))))
    if table is None or table.num_rows == 0:
        return None
    table = table.slice(0, table.num_rows - _empty_lines_at_end(path, encoding))
    names = {name: clean_cell(headings[i]) for name, i in found.items()}
    encoded = {name: _encode(table.column(f"c{i}"), names[name]) for name, i in found.items()}
    coded = {name: column for name, (column, _, _) in encoded.items()}
    hidden = [cell for _, cells, _ in encoded.values() for cell in cells]
    broken = [row for _, _, rows in encoded.values() for row in rows]
    if np.logical_and.reduce([column.is_blank for column in coded.values()]).any() or any(
        len(text) > LONGEST_CELL for column in coded.values() for text in column.texts
    ):
        return None
    return CodedTable(
        file=path.name,
        columns=coded,
        rows=np.arange(2, table.num_rows + 2),
        headings=names,
        all_headings=tuple(headings),
        notes=(
            *encoding.notes,
            *delimiter_note(path.name, delimiter),
            *(line_break_note(path.name, min(broken)) if broken else ()),
            *heading_notes(path.name, found, headings, mapped),
            *misspelt_notes(path.name, headings, found, asked),
            *hidden_blank_note(path.name, hidden),
        ),
    )


def _arrow_table(
    path: Path, encoding: TextEncoding, delimiter: str, shape: tuple[int, list[int]]
) -> Any:
    width, wanted = shape
    odd_rows: list[int] = []

    def skip(row: Any) -> str:
        odd_rows.append(row.actual_columns)
        return "skip"

    try:
        table = pa.csv.read_csv(
            path,
            read_options=pa.csv.ReadOptions(
                column_names=[f"c{i}" for i in range(width)],
                skip_rows_after_names=1,
                block_size=_BLOCK_BYTES,
                encoding="utf8" if encoding.name == "utf-8-sig" else encoding.name,
            ),
            parse_options=pa.csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=skip,
            ),
            convert_options=pa.csv.ConvertOptions(
                include_columns=[f"c{i}" for i in wanted],
                column_types={f"c{i}": pa.string() for i in wanted},
                strings_can_be_null=False,
            ),
        )
    except (pa.ArrowInvalid, UnicodeError):
        return None
    return None if odd_rows else table


def _encode(column: Any, heading: str) -> tuple[CodedTexts, list[tuple[int, str]], list[int]]:
    """Return a column without blanks at the ends, the cells that hid some, and broken lines."""
    encoded = pc.dictionary_encode(column).combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().chunk(0)
    raw = encoded.dictionary.to_pylist()
    codes = encoded.indices.to_numpy()
    odd = np.array([hides_blanks(text) for text in raw], dtype=bool)
    hidden = [(int(row) + 2, heading) for row in np.flatnonzero(odd[codes])] if odd.any() else []
    breaks = np.array(["\n" in text for text in raw], dtype=bool)
    broken = [int(np.argmax(breaks[codes])) + 2] if breaks.any() else []
    position, texts = pd.factorize(np.array([clean_cell(text) for text in raw], dtype=object))
    return (
        CodedTexts(texts=np.asarray(texts, object), codes=position[codes].astype(np.int32)),
        hidden,
        broken,
    )
