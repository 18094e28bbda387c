"""Numbers out of text, with a fault for each that is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ntgeo.errors import Fault
from ntgeo.sources.noted import Cleansed
from ntgeo.sources.tables import TextTable

__all__ = [
    "LARGEST_AMOUNT",
    "Amounts",
    "Range",
    "explain_number",
    "parse_amounts",
    "read_numbers",
    "written_note",
]

LARGEST_AMOUNT: Final = 1_000_000.0
_WRITTEN: Final = re.compile(
    r"([+-]?)\s*£?\s*([+-]?)(\d{1,3}(?:,\d{3})+|\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+|\d+)(\.\d+)?"
)
_NOT_DIGITS: Final = re.compile(r"[^\d.+-]")
_EXCEL_ERROR: Final = re.compile(r"#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|#+)")
_DIGITS_ONLY: Final = "write digits only, such as 1234.5"
_NO_NUMBERS: Final = (
    (
        r"<\s*\d+|\*+|-{1,2}|\.\.|\[?[cxz~:]\]?|suppressed",
        "stands for a number that is withheld or missing",
        "give the number itself, as the secure source has it, or leave the row out",
    ),
    (r"\(\s*£?[\d,.]+\s*\)|[\d,.]+\s*-|[−–]\s*[\d,.]+", "is not a number", "write it as -3"),
    (r"[\d,.]+\s*%", "is a percentage, not a number", "give the number itself"),
    (r"\d{1,3}(\.?\d{3})*,\d{1,2}", "has a comma before its decimals", "write it as 1234.5"),
    (r"\d{1,2}:\d\d(:\d\d)?", "is a time, not a number", "write one number, such as 90"),
    (r"[\d,.]+\s*[a-z]+\.?", "has a unit beside it", "write the number alone, such as 30"),
)
"""What people write where a number should be: pattern, what it is, and what to do."""
_WHOLE_EXACTLY_BELOW: Final = 2.0**53


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What a column of numbers may hold, ends included.

    Args:
        low: Least.
        high: Greatest.
        is_whole: Whether only whole numbers may stand there.
        may_be_blank: Whether a cell may be blank; it is NaN then.
    """

    low: float = 0.0
    high: float = LARGEST_AMOUNT
    is_whole: bool = False
    may_be_blank: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """A column of numbers.

    Args:
        numbers: (rows,) NaN where blank or faulty.
        faults: One for each cell that is not such a number.
        notes: What was read leniently.
    """

    numbers: npt.NDArray[np.float64]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...] = ()


def read_numbers(
    texts: pd.Series,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Read texts as numbers, also with ``£`` and with commas or blanks between thousands.

    Returns:
        (texts,) numbers, NaN where there is none; and true where a text was not written as a plain
        number.
    """
    values = pd.to_numeric(texts, errors="coerce").to_numpy(dtype=np.float64, copy=True)
    written = np.isnan(values)
    if written.any():
        written &= texts.str.fullmatch(_WRITTEN).to_numpy(dtype=bool)
    if written.any():
        bare = texts[written].str.replace(_NOT_DIGITS, "", regex=True)
        values[written] = pd.to_numeric(bare, errors="coerce").to_numpy(dtype=np.float64)
    return values, written


def written_note(file: str, heading: str, row: int) -> Cleansed:
    """Return the note of a column whose numbers have separators from ``row`` on."""
    what = f"{file}: column {heading} has thousands separators or pound signs from row {row:,} on"
    return Cleansed("numbers", f'{what}; "£1,234" is read as 1234.')


def parse_amounts(
    table: TextTable, column: str, allowed: Range, *, is_hidden: bool = False
) -> Amounts:
    """Read a column of a table as numbers.

    Thousands separators (``1,234``) and pound signs are read and noted.

    Args:
        table: The table.
        column: Canonical name; an absent column is all blank.
        allowed: What may stand there.
        is_hidden: Whether its values are personal, and kept out of messages.
    """
    texts = pd.Series(table.texts(column), dtype="object")
    values, written = read_numbers(texts)
    notes: tuple[str, ...] = ()
    if written.any():
        first = int(table.rows[int(np.argmax(written))])
        notes = (written_note(table.file, table.headings.get(column, column), first),)
    blank = (texts == "").to_numpy(dtype=bool)
    wrong = ~np.isfinite(values) & ~blank
    with np.errstate(invalid="ignore"):
        wrong |= (values < allowed.low) | (values > allowed.high)
        if allowed.is_whole:
            wrong |= np.isfinite(values) & (values != np.floor(values))
    if not allowed.may_be_blank:
        wrong |= blank
    faults = tuple(
        _number_fault(table, int(index), column, allowed, is_hidden=is_hidden)
        for index in np.flatnonzero(wrong)
    )
    values[wrong] = np.nan
    return Amounts(numbers=values, faults=faults, notes=notes)


def _number_fault(
    table: TextTable, index: int, column: str, allowed: Range, *, is_hidden: bool
) -> Fault:
    what, fix, code = explain_number(str(table.texts(column)[index]), allowed)
    return table.fault(index, column, what=what, fix=fix, code=code, is_hidden=is_hidden)


def explain_number(text: str, allowed: Range) -> tuple[str, str, str]:
    """Say what is wrong with a text that should be a number: what, fix, code."""
    if not text:
        return "is missing", "give a number", "missing-value"
    if _EXCEL_ERROR.fullmatch(text):
        return "is an Excel error", "mend the formula and export again", "excel-error"
    if text.startswith("="):
        return "is a formula with no saved value", "open it in Excel and save it", "unsaved-formula"
    number = float(read_numbers(pd.Series([text], dtype="object"))[0][0])
    return _explain_text(text) if np.isnan(number) else _explain_amount(number, allowed)


def _explain_text(text: str) -> tuple[str, str, str]:
    for pattern, what, fix in _NO_NUMBERS:
        if re.fullmatch(pattern, text, re.IGNORECASE):
            return what, fix, "not-a-number"
    return "is not a number", _DIGITS_ONLY, "not-a-number"


def _explain_amount(number: float, allowed: Range) -> tuple[str, str, str]:
    if not np.isfinite(number):
        return "is not a finite number", _DIGITS_ONLY, "not-a-number"
    if number < allowed.low:
        least = "above 0" if 0 < allowed.low < 1 else f"at least {allowed.low:,g}"
        return f"must be {least}", "correct it", "too-small"
    if number > allowed.high:
        return f"is above the limit {allowed.high:,.15g}", "correct it", "too-large"
    return "is not whole", "give a whole number", "not-whole"


def as_whole(values: npt.NDArray[np.float64]) -> npt.NDArray[np.int64] | npt.NDArray[np.float64]:
    """Return integers where every value is whole, else the values (NaN where missing)."""
    with np.errstate(invalid="ignore"):
        whole = (values == np.floor(values)) & (np.abs(values) < _WHOLE_EXACTLY_BELOW)
    return values.astype(np.int64) if whole.all() else values
