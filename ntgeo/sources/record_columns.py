"""Columns of service records: each different text is judged once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ntgeo.errors import Fault, first_five
from ntgeo.sources.amounts import LARGEST_AMOUNT, Range, explain_number
from ntgeo.sources.area_codes import clean_codes, explain_code
from ntgeo.sources.clock import ClockError, parse_day
from ntgeo.sources.coded import CodedTable, CodedTexts
from ntgeo.sources.local_file import raise_faults

__all__ = ["Judged", "judge_ages", "judge_areas", "judge_counts", "judge_dates", "judge_services"]

Reason = tuple[str, str, str]
_COUNT: Final = Range(high=LARGEST_AMOUNT)
_AGE: Final = Range(high=115, is_whole=True, may_be_blank=True)
_SLASHED: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}.*")
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2100
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A column read, row by row.

    Args:
        column: Canonical name, or the first of several that locate a row.
        found: (rows,) the values; where ``wrong``, without meaning.
        wrong: (rows,) true where there is no usable value.
        reason: Row → what, fix and code, for a wrong row.
        is_hidden: Whether the text is personal.
    """

    column: str
    found: npt.NDArray[np.generic]
    wrong: npt.NDArray[np.bool_]
    reason: Callable[[int], Reason]
    is_hidden: bool = False

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


def _judged(
    column: str,
    texts: CodedTexts,
    values: npt.NDArray[np.generic],
    reasons: list[Reason | None],
) -> Judged:
    wrong = np.array([reason is not None for reason in reasons], dtype=bool)
    return Judged(
        column=column,
        found=values[texts.codes],
        wrong=wrong[texts.codes],
        reason=lambda row: reasons[texts.codes[row]] or ("", "", ""),
    )


def judge_areas(table: CodedTable) -> Judged:
    """Read LSOA codes."""
    texts = table.columns["lsoa"]
    codes = clean_codes(texts.texts)
    return _judged("lsoa", texts, codes, [explain_code(code) for code in codes])


def judge_services(table: CodedTable) -> Judged:
    """Read service names; a blank is wrong."""
    texts = table.columns["service"]
    missing = ("the service is missing", "name the service", "missing-service")
    return _judged(
        "service", texts, texts.texts, [None if text else missing for text in texts.texts]
    )


def _numbers(
    texts: CodedTexts, allowed: Range
) -> tuple[npt.NDArray[np.float64], list[Reason | None]]:
    series = pd.Series(texts.texts, dtype="object").str.replace(
        r"^(\d{1,3})((?:,\d{3})+)(\.\d+)?$",
        lambda match: match[0].replace(",", ""),
        regex=True,
    )
    values = pd.to_numeric(series, errors="coerce").to_numpy(dtype=np.float64, copy=True)
    with np.errstate(invalid="ignore"):
        usable = np.isfinite(values) & (values >= allowed.low) & (values <= allowed.high)
        if allowed.is_whole:
            usable &= values == np.floor(values)
    if allowed.may_be_blank:
        usable |= texts.texts == ""
    reasons: list[Reason | None] = [
        None if is_usable else explain_number(str(text), allowed)
        for text, is_usable in zip(texts.texts, usable, strict=True)
    ]
    return values, reasons


def judge_counts(table: CodedTable) -> Judged:
    """Read counts, at least 0; without such a column every row counts one."""
    if "count" not in table.columns:
        return Judged(
            column="count",
            found=np.ones(len(table)),
            wrong=np.zeros(len(table), dtype=bool),
            reason=lambda _: ("", "", ""),
        )
    values, reasons = _numbers(table.columns["count"], _COUNT)
    return _judged("count", table.columns["count"], values, reasons)


def judge_ages(table: CodedTable) -> Judged:
    """Read ages in years; blank is not known (NaN)."""
    values, reasons = _numbers(table.columns["age"], _AGE)
    return _judged("age", table.columns["age"], values, reasons)


def judge_dates(table: CodedTable, *, is_day_first: bool | None = None) -> Judged:
    """Read dates; blank is not known (NaT).

    Args:
        table: The table.
        is_day_first: Whether ``03/05/2026`` is 3 May; ``None`` where the file itself must show it.

    Raises:
        InputError: Dates could be day first or month first, and nothing shows which.
    """
    texts = table.columns["date"]
    if is_day_first is None:
        _refuse_ambiguous(table, texts)
    values = np.full(len(texts.texts), np.datetime64("NaT", "D"), dtype="datetime64[D]")
    reasons: list[Reason | None] = [None] * len(texts.texts)
    for i, text in enumerate(texts.texts):
        if not text:
            continue
        try:
            day = _day(str(text), is_day_first=is_day_first is not False)
        except ClockError as error:
            reasons[i] = (error.what, error.fix, error.code)
            continue
        if _FIRST_YEAR < day.year < _LAST_YEAR:
            values[i] = np.datetime64(day, "D")
        else:
            reasons[i] = ("is not plausible", "correct the year", "bad-date")
    return _judged("date", texts, values, reasons)


def _day(text: str, *, is_day_first: bool) -> date:
    match = _SLASHED.fullmatch(text)
    if match and not is_day_first:
        return parse_day(f"{match[2]}/{match[1]}/{text[match.end(2) + 1 :][:4]}")
    return parse_day(text)


def _refuse_ambiguous(table: CodedTable, texts: CodedTexts) -> None:
    matches = [(i, m) for i, text in enumerate(texts.texts) if (m := _SLASHED.fullmatch(text))]
    pairs = [(i, int(match[1]), int(match[2])) for i, match in matches]
    if any(first > _MONTHS for _, first, _ in pairs):
        return
    unclear = [i for i, first, second in pairs if first != second]
    if not unclear:
        return
    rows = np.flatnonzero(np.isin(texts.codes, unclear))
    shown = first_five(f"{row:,}" for row in table.rows[rows])
    what = f"dates could be day first or month first (rows {shown})"
    fix = "write dates as yyyy-mm-dd, or state that the day comes first (day_first = true)"
    heading = table.headings["date"]
    raise_faults(
        [Fault(file=table.file, column=heading, what=what, fix=fix, code="ambiguous-date")]
    )
