"""Times and dates as people type them, read strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from ntgeo.domain.units import (
    LONDON,
    clock_text,
    comes_twice,
    day_length_s,
    moment,
    seconds_of_day,
)

__all__ = ["ClockError", "ReadClock", "parse_clock", "parse_day", "read_clock", "read_time"]

_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")
_PAST_MIDNIGHT: Final = re.compile(r"(2[4-9]|3\d|4[0-7]):([0-5]\d)")
_DOTTED: Final = re.compile(r"(\d{1,2})[.\-h](\d{2})")
_DIGITS: Final = re.compile(r"(\d{2})(\d{2})")
_AM_PM: Final = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap])\.?m\.?", re.IGNORECASE)
_FRACTION: Final = re.compile(r"0?\.\d{3,}")
_SERIAL: Final = re.compile(r"[1-6]\d{4}(\.\d+)?")
_EPOCH: Final = re.compile(r"(\d{9,10})(\.\d+)?|\d{12,13}")
_ZONED: Final = re.compile(r"(.*\d)\s*(Z|[+-]\d{2}:?\d{2}|GMT|BST|UTC)", re.IGNORECASE)
_DATED: Final = re.compile(
    r"(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4})(?:[T ]\s*)(\S.*)", re.IGNORECASE
)
_YEARLESS: Final = re.compile(
    r"(\d{1,2}[/.-]\d{1,2}|\d{1,2}\s+[A-Za-z]{3,9})(?:\s+(\d{1,2}:\d{2}.*))?"
)
_LAST_HOUR: Final = 23
_LAST_MINUTE: Final = 59
_NOON: Final = 12
_HOURS_PER_DAY: Final = 24
_MINUTES_PER_DAY: Final = 1440
_MILLISECONDS_FROM: Final = 1e11


class ClockError(ValueError):
    """A text is not a time or date.

    Args:
        what: What is wrong, as a clause.
        fix: What to do, as a clause.
        code: Kind of fault.
    """

    def __init__(self, what: str, fix: str, code: str = "bad-time") -> None:
        super().__init__(what)
        self.what, self.fix, self.code = what, fix, code


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadClock:
    """A time of day that was read.

    Args:
        at_s: Seconds since midnight of the plan's day.
        is_dated: Whether the text says on which day.
        note: What was read leniently, as a clause; blank where nothing was.
    """

    at_s: int
    is_dated: bool = False
    note: str = ""


def read_time(text: str) -> time:
    """Read ``HH:MM`` (also ``9:30``, and ``09:30:00`` as spreadsheets write it).

    Raises:
        ClockError: It is anything else; the fix offers what was probably meant.
    """
    if (match := _CLOCK.fullmatch(text)) and _exists(int(match[1]), int(match[2])):
        return time(int(match[1]), int(match[2]))
    if _ZONED.fullmatch(text):
        raise ClockError(
            "has a time zone; times here are by the clock in the UK",
            "give the UK clock time as HH:MM, without a zone",
            "zoned-time",
        )
    _refuse_numbers(text)
    if match := _PAST_MIDNIGHT.fullmatch(text):
        next_day = f"{int(match[1]) - _HOURS_PER_DAY:02d}:{match[2]}"
        raise ClockError("is past the end of the day, 24:00", f"use {next_day} of the next day")
    meant = _meant(text)
    raise ClockError(
        "is not a time of day", f"use {meant}" if meant else "give it as HH:MM, such as 09:30"
    )


def _refuse_numbers(text: str) -> None:
    """Refuse what a spreadsheet or a computer writes for a time."""
    if _FRACTION.fullmatch(text):
        meant = _meant(text)
        fix = f"use {meant}" if meant else "give it as HH:MM, such as 09:30"
        raise ClockError("is an Excel fraction of a day", fix, "excel-time")
    if _SERIAL.fullmatch(text):
        what, fix = "looks like an Excel serial number", "format the column as hh:mm"
        raise ClockError(what, fix, "excel-time")
    if epoch := _epoch_text(text):
        raise ClockError(f"looks like {epoch}", "give the UK clock time as HH:MM", "epoch")


def _epoch_text(text: str) -> str:
    """Tell which moment a count from 1970 is; blank where it is none of our century."""
    if not _EPOCH.fullmatch(text):
        return ""
    count = float(text)
    unit, seconds = (
        ("milliseconds", count / 1000) if count > _MILLISECONDS_FROM else ("seconds", count)
    )
    at = datetime.fromtimestamp(seconds, tz=UTC).astimezone(LONDON)
    return f"{unit} since 1970 ({at:%d/%m/%Y %H:%M} in the UK)"


def _exists(hour: int, minute: int) -> bool:
    return hour <= _LAST_HOUR and minute <= _LAST_MINUTE


def _meant(text: str) -> str:
    if match := _AM_PM.fullmatch(text):
        hour = int(match[1]) % _NOON + (_NOON if match[3].lower() == "p" else 0)
        minute = int(match[2] or 0)
        return f"{hour:02d}:{minute:02d}" if int(match[1]) <= _NOON else ""
    if _FRACTION.fullmatch(text):
        minutes = round(float(text) * _MINUTES_PER_DAY)
        return f"{minutes // 60:02d}:{minutes % 60:02d}" if minutes < _MINUTES_PER_DAY else ""
    match = _DOTTED.fullmatch(text) or _DIGITS.fullmatch(text)
    if match and _exists(int(match[1]), int(match[2])):
        return f"{int(match[1]):02d}:{match[2]}"
    return ""


def parse_clock(text: str, day: date, *, next_day: bool = False) -> int:
    """Return a UK clock time as seconds since midnight of ``day``; as :func:`read_clock`."""
    return read_clock(text, day, next_day=next_day).at_s


def read_clock(text: str, day: date, *, next_day: bool = False) -> ReadClock:
    """Read a UK clock time; ``24:00`` is the end of ``day``.

    A date may stand before the time: it must be ``day`` or the day after. GMT is not the UK's clock
    in summer; what is typed in it is turned into UK clock time, and noted.

    Args:
        text: ``HH:MM``.
        day: The plan's day.
        next_day: Whether a time without a date is on the day after.

    Raises:
        ClockError: It is not a time, or the clocks skip it that night.
    """
    is_dated = False
    if match := _DATED.fullmatch(text):
        next_day, is_dated, text = _is_next_day(match[1], day), True, match[2].strip()
    elif (match := _YEARLESS.fullmatch(text)) and (match[2] or not _DOTTED.fullmatch(text)):
        what, fix = "is a date without its year", f"write {day:%Y-%m-%d} and the time, or HH:MM"
        raise ClockError(what, fix, "no-year")
    if match := _ZONED.fullmatch(text):
        found = _from_zone(match[1], match[2].upper(), day + timedelta(days=int(next_day)), day)
        return replace(found, is_dated=is_dated)
    at_s = _at(text, day, next_day=next_day)
    note = _twice_note(text, day + timedelta(days=int(next_day)))
    return ReadClock(at_s=at_s, is_dated=is_dated, note=note)


def _is_next_day(text: str, day: date) -> bool:
    found = parse_day(text)
    if found in {day, day + timedelta(days=1)}:
        return found != day
    what = f"is on {found:%d/%m/%Y}, but the plan is of {day:%d/%m/%Y}"
    raise ClockError(what, "correct the date, or take the row out", "other-day")


def _at(text: str, day: date, *, next_day: bool) -> int:
    if text == "24:00" and not next_day:
        return day_length_s(day)
    clock = read_time(text)
    try:
        return seconds_of_day(day, clock, next_day=next_day)
    except ValueError as error:
        later = clock.replace(hour=clock.hour + 1)
        raise ClockError(str(error), f"use {later:%H:%M}", "skipped-time") from error


def _twice_note(text: str, on: date) -> str:
    """Tell which of two hours is meant where the clock shows a time twice."""
    if text == "24:00" or not comes_twice(on, read_time(text)):
        return ""
    what = f"comes twice on {on:%d/%m/%Y}, when the clocks go back; the first is taken"
    return f'{what} (write "{text} GMT" for the second)'


def _from_zone(text: str, zone: str, on: date, day: date) -> ReadClock:
    """Turn GMT into UK clock time; refuse every other zone, saying what the UK's clock shows."""
    clock = read_time(text.strip())
    if zone == "BST":
        what = "BST is British, or Bangladesh's, time; times here are by the clock in the UK"
        raise ClockError(what, f"use {clock:%H:%M} if it is by the UK clock", "zoned-time")
    minutes = 0
    if zone[0] in "+-":
        minutes = int(f"{zone[0]}1") * (int(zone[1:3]) * 60 + int(zone[-2:]))
    there = datetime.combine(on, clock, tzinfo=UTC) - timedelta(minutes=minutes)
    here = there.astimezone(LONDON)
    at_s = round(there.timestamp() - moment(day, 0).timestamp())
    if zone == "GMT":
        is_same = here.replace(tzinfo=None) == datetime.combine(on, clock)
        note = "" if is_same else f"is read as {clock_text(day, at_s)} by the UK clock"
        return ReadClock(at_s=at_s, note=note)
    own = (here.utcoffset() or timedelta()) == timedelta(minutes=minutes)
    if own or zone in {"Z", "UTC"}:
        what, fix = "has a time zone; times here are by the clock in the UK", f"use {here:%H:%M}"
    else:
        what = f"has the offset {zone}, but London is at {here:%z} then".replace(
            "00 then", ":00 then"
        )
        fix = f"use {clock:%H:%M} if it is by the UK clock, {here:%H:%M} if the offset is right"
    raise ClockError(what, fix, "zoned-time")


_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_BRITISH: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: .*)?")
_SHORT_YEAR: Final = re.compile(r"\d{1,2}[/.-](\d{1,2}|[A-Za-z]{3,9})[/.-]\d\d( .*)?")
_SPAN: Final = re.compile(
    r"\d{4}-?W\d\d?|Q[1-4][ /-]?(\d{4}|\d\d)|\d{4}[ /-]?Q[1-4]"
    r"|[A-Za-z]{3,9}[ '-](\d{4}|\d\d)|\d{4}",
    re.IGNORECASE,
)
"""Weeks, quarters, months and years."""
_TWO_YEARS: Final = re.compile(r"(\d{4})[-/](\d{2}|\d{4})")
_NAMED: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})[ -](\d{4})")
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


def parse_day(text: str) -> date:
    """Read a date as ``2026-05-03``, ``3 May 2026`` or, day first, ``03/05/2026``.

    A time after it is left out.

    Raises:
        ClockError: It is anything else, or no such day exists.
    """
    fix = "give it as yyyy-mm-dd"
    if match := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _BRITISH.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
    elif (match := _NAMED.fullmatch(text)) and (month := _month(match[2])):
        day, year = int(match[1]), int(match[3])
    elif _SERIAL.fullmatch(text):
        raise ClockError(
            "looks like an Excel serial number", "format the column as yyyy-mm-dd", "bad-date"
        )
    elif epoch := _epoch_text(text):
        raise ClockError(f"looks like {epoch}", fix, "epoch")
    elif _is_financial_year(text):
        what = "is a financial year, which ends on 31 March or on 5 April, not a day"
        raise ClockError(what, "give the day of each as yyyy-mm-dd", "bad-date")
    elif _YEARLESS.fullmatch(text):
        raise ClockError("is not a date: the year is missing", fix, "no-year")
    else:
        what = "has a year of two digits" if _SHORT_YEAR.fullmatch(text) else "is not a date"
        is_span = _SPAN.fullmatch(text) is not None
        raise ClockError("is more than a day" if is_span else what, fix, "bad-date")
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ClockError("does not exist", "give a day of the calendar", "bad-date") from error


def _is_financial_year(text: str) -> bool:
    match = _TWO_YEARS.fullmatch(text)
    return match is not None and int(match[2][-2:]) == (int(match[1]) + 1) % 100


def _month(name: str) -> int:
    """Return the number of a month by its name or first three letters; 0 for another word."""
    word = name.casefold()
    return next((i for i, month in enumerate(_MONTHS, 1) if word in {month, month[:3]}), 0)
