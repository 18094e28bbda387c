"""Times and dates as people type them, read strictly."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Final

from ntgeo.domain.units import day_length_s, seconds_of_day

__all__ = ["ClockError", "parse_clock", "parse_day", "read_time"]

_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")
_DOTTED: Final = re.compile(r"(\d{1,2})[.\-h](\d{2})")
_DIGITS: Final = re.compile(r"(\d{2})(\d{2})")
_AM_PM: Final = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap])\.?m\.?", re.IGNORECASE)
_FRACTION: Final = re.compile(r"0?\.\d{3,}")
_ZONED: Final = re.compile(r".*\d\s*(Z|[+-]\d{2}:?\d{2}|GMT|BST|UTC)", re.IGNORECASE)
_LAST_HOUR: Final = 23
_LAST_MINUTE: Final = 59
_NOON: Final = 12
_MINUTES_PER_DAY: Final = 1440


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
        )
    meant = _meant(text)
    fix = f"use {meant}" if meant else "give it as HH:MM, such as 09:30"
    if _FRACTION.fullmatch(text):
        raise ClockError("is an Excel fraction of a day", fix)
    raise ClockError("is not a time of day", fix)


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
    """Return a UK clock time as seconds since midnight of ``day``; ``24:00`` is its end.

    Args:
        text: ``HH:MM``.
        day: The plan's day.
        next_day: Whether the time is on the day after.

    Raises:
        ClockError: It is not a time, or the clocks skip it that night.
    """
    if text == "24:00" and not next_day:
        return day_length_s(day)
    clock = read_time(text)
    try:
        return seconds_of_day(day, clock, next_day=next_day)
    except ValueError as error:
        later = clock.replace(hour=clock.hour + 1)
        raise ClockError(str(error), f"use {later:%H:%M}", "skipped-time") from error


_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_BRITISH: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: .*)?")
_SERIAL: Final = re.compile(r"[1-6]\d{4}(\.\d+)?")


def parse_day(text: str) -> date:
    """Read a date as ``2026-05-03`` or, day first, ``03/05/2026``; a time after it is left out.

    Raises:
        ClockError: It is anything else, or no such day exists.
    """
    if match := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _BRITISH.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
    elif _SERIAL.fullmatch(text):
        raise ClockError(
            "looks like an Excel serial number", "format the column as yyyy-mm-dd", "bad-date"
        )
    else:
        raise ClockError("is not a date", "give it as yyyy-mm-dd", "bad-date")
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ClockError("does not exist", "give a day of the calendar", "bad-date") from error
