"""Columns of service records: each different text is judged once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ntgeo.errors import Fault, InputError, first_five
from ntgeo.sources.amounts import (
    LARGEST_AMOUNT,
    Range,
    explain_number,
    read_numbers,
    written_note,
)
from ntgeo.sources.area_codes import clean_codes, explain_code, mended_note
from ntgeo.sources.cell_text import clean_cell, runnable_notes
from ntgeo.sources.coded import CodedTable, CodedTexts
from ntgeo.sources.headings import heading_key
from ntgeo.sources.noted import Cleansed

__all__ = [
    "OTHER_AREA",
    "Judged",
    "Reason",
    "first_row",
    "judge_ages",
    "judge_areas",
    "judge_counts",
    "judge_services",
    "judged_texts",
    "other_area_fault",
    "runnable_texts",
]

Reason = tuple[str, str, str]
_COUNT: Final = Range(high=LARGEST_AMOUNT)
_AGE: Final = Range(high=115, is_whole=True, may_be_blank=True)
OTHER_AREA: Final = "other-area"
"""Kind of the fault of a code of some other area."""
_MOST_OF_A_COLUMN: Final = 0.5
_LIKE_A_COUNT: Final = frozenset(
    {"n", "w", "counts", "number", "total", "demand", "weight", "cases", "uses", "quantity"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A column read, row by row.

    Args:
        column: Canonical name, or the first of several that locate a row.
        found: (rows,) the values; where ``wrong``, without meaning.
        wrong: (rows,) true where there is no usable value.
        reason: Row → what, fix and code, for a wrong row.
        is_hidden: Whether the text is personal.
        notes: What was read leniently.
    """

    column: str
    found: npt.NDArray[np.generic]
    wrong: npt.NDArray[np.bool_]
    reason: Callable[[int], Reason]
    is_hidden: bool = False
    notes: tuple[str, ...] = ()

    def faults(self, table: CodedTable, rows: Iterable[int]) -> list[Fault]:
        """Return the faults of some wrong rows."""
        found = []
        for row in rows:
            what, fix, code = self.reason(int(row))
            found.append(
                table.fault(
                    int(row), self.column, what=what, fix=fix, code=code, is_hidden=self.is_hidden
                )
            )
        return found


def judged_texts(
    column: str,
    texts: CodedTexts,
    values: npt.NDArray[np.generic],
    reasons: Sequence[Reason | None],
    notes: tuple[str, ...] = (),
) -> Judged:
    """Return a column each of whose different texts has a value, or a reason why it has none."""
    wrong = np.array([reason is not None for reason in reasons], dtype=bool)
    return Judged(
        column=column,
        found=values[texts.codes],
        wrong=wrong[texts.codes],
        reason=lambda row: reasons[texts.codes[row]] or ("", "", ""),
        notes=notes,
    )


def first_row(table: CodedTable, texts: CodedTexts, odd: npt.NDArray[np.bool_]) -> int:
    """Return the number of the first row whose text is one of ``odd``."""
    return int(table.rows[int(np.argmax(odd[texts.codes]))])


def judge_areas(table: CodedTable) -> Judged:
    """Read LSOA codes."""
    texts = table.columns["lsoa"]
    codes = clean_codes(texts.texts)
    reasons = [explain_code(code) for code in codes]
    notes: tuple[str, ...] = ()
    mended = (codes != texts.texts) & np.array([reason is None for reason in reasons])
    if mended.any():
        count = int(mended[texts.codes].sum())
        first = first_row(table, texts, mended)
        notes = (mended_note(table.file, table.headings["lsoa"], count, first),)
    return judged_texts("lsoa", texts, codes, reasons, notes)


def other_area_fault(table: CodedTable, place: Judged) -> Fault | None:
    """Return the fault of a column most of which are codes of one other kind of area."""
    if place.column != "lsoa":
        return None
    texts = table.columns["lsoa"]
    reasons = [explain_code(code) for code in clean_codes(texts.texts)]
    kinds = Counter(reason[0] for reason in reasons if reason and reason[2] == OTHER_AREA)
    if not kinds:
        return None
    ((what, _),) = kinds.most_common(1)
    rows = np.array([reason is not None and reason[0] == what for reason in reasons])[texts.codes]
    if rows.mean() <= _MOST_OF_A_COLUMN:
        return None
    many = f"{what}, and so are {int(rows.sum()):,} of {len(rows):,} rows"
    fix = "add it up by LSOA with the ONS lookup, and give the LSOA codes"
    return table.fault(int(np.argmax(rows)), "lsoa", what=many, fix=fix, code=OTHER_AREA)


def judge_services(table: CodedTable, named: Collection[str] = ()) -> Judged:
    """Read service names; a blank is wrong.

    Names that differ in capitals and blanks only are one, written as ``named`` has it, or else as
    most rows have it.
    """
    texts = table.columns["service"]
    missing = ("the service is missing", "name the service", "missing-service")
    reasons = [None if text else missing for text in texts.texts]
    names = _one_spelling(texts, named)
    notes = runnable_texts(table, "service")
    respelt = names != texts.texts
    if respelt.any():
        at = np.flatnonzero(respelt)
        told = (f'"{texts.texts[i]}" as "{names[i]}"' for i in at)
        first = first_row(table, texts, respelt)
        heading = table.headings["service"]
        what = f"{table.file}: column {heading} is read as one name in any capitals and blanks"
        notes += (Cleansed("codes", f"{what}: {first_five(told)} (first in row {first:,})."),)
    return judged_texts("service", texts, names, reasons, notes)


def _one_spelling(texts: CodedTexts, named: Collection[str]) -> npt.NDArray[np.object_]:
    """Return each different text as it is written most often, or as ``named`` writes it."""
    rows = np.bincount(texts.codes, minlength=len(texts.texts))
    chosen = {_any_spelling(name): name for name in named}
    for i in np.argsort(-rows, kind="stable").tolist():
        chosen.setdefault(_any_spelling(texts.texts[i]), texts.texts[i])
    return np.array([chosen[_any_spelling(text)] for text in texts.texts], dtype=object)


def _any_spelling(name: str) -> str:
    return " ".join(name.split()).casefold()


def runnable_texts(table: CodedTable, column: str) -> tuple[str, ...]:
    """Return notes of the texts of a column that a spreadsheet or a browser would run."""
    texts = table.columns[column]
    first = np.full(len(texts.texts), len(table), dtype=np.int64)
    np.minimum.at(first, texts.codes, np.arange(len(table)))
    used = np.flatnonzero(first < len(table))
    rows = table.rows[first[used]]
    return runnable_notes(table.file, table.headings[column], list(texts.texts[used]), rows)


def _judged_numbers(table: CodedTable, column: str, allowed: Range) -> Judged:
    texts = table.columns[column]
    values, written = read_numbers(pd.Series(texts.texts, dtype="object"))
    with np.errstate(invalid="ignore"):
        usable = np.isfinite(values) & (values >= allowed.low) & (values <= allowed.high)
        if allowed.is_whole:
            usable &= values == np.floor(values)
    if allowed.may_be_blank:
        usable |= texts.texts == ""
    reasons = [
        None if is_usable else explain_number(str(text), allowed)
        for text, is_usable in zip(texts.texts, usable, strict=True)
    ]
    notes: tuple[str, ...] = ()
    if written.any():
        first = first_row(table, texts, written)
        notes = (written_note(table.file, table.headings[column], first),)
    return judged_texts(column, texts, values, reasons, notes)


def judge_counts(table: CodedTable) -> Judged:
    """Read counts, at least 0; without such a column every row counts one.

    Raises:
        InputError: There is no such column, but one that looks as if it counted.
    """
    if "count" in table.columns:
        return _judged_numbers(table, "count", _COUNT)
    alike = [name for name in table.all_headings if heading_key(name) in _LIKE_A_COUNT]
    if alike:
        name = clean_cell(alike[0])
        fault = Fault(
            file=table.file,
            column=name,
            what="looks like a count, but is not said to be one; every row would count as one",
            fix=f'map it in the scenario (columns = {{ count = "{name}" }}), call it count, or '
            "remove it",
            code="unmapped-count",
        )
        raise InputError(fault)
    return Judged(
        column="count",
        found=np.ones(len(table)),
        wrong=np.zeros(len(table), dtype=bool),
        reason=lambda _: ("", "", ""),
    )


def judge_ages(table: CodedTable) -> Judged:
    """Read ages in years; blank is not known (NaN)."""
    return _judged_numbers(table, "age", _AGE)
