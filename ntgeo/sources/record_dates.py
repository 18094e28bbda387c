"""Dates of service records, and ages reckoned from dates of birth, which are kept nowhere."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.errors import Fault, InputError, first_five
from ntgeo.sources.clock import ClockError, parse_day
from ntgeo.sources.coded import CodedTable, CodedTexts
from ntgeo.sources.local_file import refuse
from ntgeo.sources.noted import Cleansed
from ntgeo.sources.record_columns import Judged, Reason, judged_texts

__all__ = ["judge_births", "judge_dates"]

_SLASHED: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}.*")
_PERIOD: Final = re.compile(r"\d{4}-(0?[1-9]|1[0-2])")
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2100
_MONTHS: Final = 12
_OLDEST: Final = 115
_PLACEHOLDER: Final = date(1900, 1, 1)


def judge_dates(table: CodedTable, *, is_day_first: bool | None = None) -> Judged:
    """Read dates; blank is not known (NaT), and a month alone (``2026-04``) is its first day.

    Args:
        table: The table.
        is_day_first: Whether ``03/05/2026`` is 3 May; ``None`` where the file itself must show it.

    Raises:
        InputError: Dates could be day first or month first, and nothing shows which.
    """
    texts = table.columns["date"]
    notes: tuple[str, ...] = ()
    if is_day_first is None:
        notes = _find_order(table, "date")
    values, reasons = _days(texts, is_day_first=is_day_first is not False)
    return judged_texts("date", texts, values, reasons, notes)


def judge_births(table: CodedTable, days: Judged | None, *, is_day_first: bool | None) -> Judged:
    """Reckon ages in completed years from dates of birth; blank is not known (NaN).

    Args:
        table: With a column ``birth_date``, which the user mapped.
        days: The date of each use.
        is_day_first: As of :func:`judge_dates`.

    Raises:
        InputError: The table has no dates of use, or dates of birth could be read in two ways.
    """
    if days is None:
        what = "has dates of birth but no dates of use, so that ages cannot be reckoned"
        refuse(table.file, what, "give the date of each use, or an age column instead", "no-dates")
    texts = table.columns["birth_date"]
    if is_day_first is None:
        _find_order(table, "birth_date")
    born, reasons = _days(texts, is_day_first=is_day_first is not False)
    births, used = born[texts.codes], days.found.astype("datetime64[D]")
    ages = _completed_years(births, used)
    known = ~np.isnat(births) & ~np.isnat(used)
    wrong = np.array([reason is not None for reason in reasons])[texts.codes]
    implausible = known & ((ages < 0) | (ages > _OLDEST) | (births == np.datetime64(_PLACEHOLDER)))
    odd: Reason = ("is not plausible", "correct it, or leave it blank where unknown", "bad-date")
    return Judged(
        column="birth_date",
        found=np.where(known & ~wrong & ~implausible, ages, np.nan),
        wrong=wrong | implausible,
        reason=lambda row: reasons[texts.codes[row]] or odd,
        is_hidden=True,
    )


def _completed_years(
    births: npt.NDArray[np.datetime64], days: npt.NDArray[np.datetime64]
) -> npt.NDArray[np.float64]:
    def parts(at: npt.NDArray[np.datetime64]) -> tuple[npt.NDArray[np.int64], ...]:
        months = at.astype("datetime64[M]")
        year = at.astype("datetime64[Y]").astype(np.int64)
        return year, (months.astype(np.int64) % 12) * 31 + (at - months).astype(np.int64)

    (born, birthday), (year, day) = parts(births), parts(days)
    return (year - born - (day < birthday)).astype(np.float64)


def _days(
    texts: CodedTexts, *, is_day_first: bool
) -> tuple[npt.NDArray[np.datetime64], list[Reason | None]]:
    values = np.full(len(texts.texts), np.datetime64("NaT", "D"), dtype="datetime64[D]")
    reasons: list[Reason | None] = [None] * len(texts.texts)
    for i, text in enumerate(texts.texts):
        if not text:
            continue
        try:
            day = _day(str(text), is_day_first=is_day_first)
        except ClockError as error:
            reasons[i] = (error.what, error.fix, error.code)
            continue
        if _FIRST_YEAR <= day.year < _LAST_YEAR:
            values[i] = np.datetime64(day, "D")
        else:
            reasons[i] = ("is not plausible", "correct the year", "bad-date")
    return values, reasons


def _day(text: str, *, is_day_first: bool) -> date:
    if _PERIOD.fullmatch(text):
        return parse_day(f"{text}-01")
    match = _SLASHED.fullmatch(text)
    if match and not is_day_first:
        return parse_day(f"{match[2]}/{match[1]}/{text[match.end(2) + 1 :][:4]}")
    return parse_day(text)


def _find_order(table: CodedTable, column: str) -> tuple[str, ...]:
    """Return a note of the row that shows that the day comes first.

    Raises:
        InputError: No row shows it, or one shows that the month comes first.
    """
    texts = table.columns[column]
    matches = [(i, m) for i, text in enumerate(texts.texts) if (m := _SLASHED.fullmatch(text))]
    pairs = [(i, int(match[1]), int(match[2])) for i, match in matches]
    days = _rows(table, texts, [i for i, first, _ in pairs if first > _MONTHS])
    months = _rows(table, texts, [i for i, _, second in pairs if second > _MONTHS])
    unclear = _rows(table, texts, [i for i, first, second in pairs if first != second])
    heading = table.headings[column]
    if days and not months:
        told = f"{table.file}: dates of column {heading} are day first, as row {days[0]} shows."
        return (Cleansed("dates", told),)
    if not unclear:
        return ()
    if days:
        what = f"some dates have the day first (row {days[0]}), others the month (row {months[0]})"
        fix = "write all dates as yyyy-mm-dd"
    elif months:
        what = f"dates look month first (rows {first_five(months)})"
        fix = "write dates as yyyy-mm-dd, or say so in the scenario (day_first = false)"
    else:
        what = f"dates could be day first or month first (rows {first_five(unclear)})"
        fix = "write dates as yyyy-mm-dd, or say which in the scenario (day_first = true)"
    raise InputError(
        Fault(file=table.file, column=heading, what=what, fix=fix, code="ambiguous-date")
    )


def _rows(table: CodedTable, texts: CodedTexts, positions: list[int]) -> list[str]:
    """Return the row numbers of some texts, as they are shown."""
    return [f"{row:,}" for row in table.rows[np.flatnonzero(np.isin(texts.codes, positions))]]
