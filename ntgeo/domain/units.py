"""Units and their conversions, in one place.

Inside ntgeo, times are seconds, distances metres, money pounds, and a time of day is the number of
seconds **elapsed** since local midnight of the plan's day in Europe/London. Elapsed seconds do not
jump when the clocks change: on 25 October 2026 the clock reads 01:30 at 5,400 and again at 9,000.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

__all__ = [
    "BRITISH_NATIONAL_GRID",
    "LONDON",
    "METRES_PER_KILOMETRE",
    "METRES_PER_MILE",
    "SECONDS_PER_HOUR",
    "SECONDS_PER_MINUTE",
    "WGS84",
    "clock_text",
    "comes_twice",
    "day_length_s",
    "duration_text",
    "is_clock_known",
    "moment",
    "seconds_of_day",
]


def _london() -> tzinfo:
    try:
        return ZoneInfo("Europe/London")
    except ZoneInfoNotFoundError:  # nothing is planned by it: is_clock_known tells
        return UTC


LONDON: Final = _london()
BRITISH_NATIONAL_GRID: Final = 27700
WGS84: Final = 4326
METRES_PER_KILOMETRE: Final = 1000.0
METRES_PER_MILE: Final = 1609.344
SECONDS_PER_MINUTE: Final = 60
SECONDS_PER_HOUR: Final = 3600


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LONDON)


def is_clock_known() -> bool:
    """Whether this machine knows when the clocks change in the UK."""
    winter, summer = (datetime(2026, month, 1, tzinfo=LONDON).utcoffset() for month in (1, 7))
    return (winter, summer) == (timedelta(), timedelta(hours=1))


def day_length_s(day: date) -> int:
    """Return how long a day in London is: 86,400 s, or an hour less or more at a clock change."""
    start, end = _midnight(day), _midnight(day + timedelta(days=1))
    return round(end.timestamp() - start.timestamp())


def seconds_of_day(day: date, clock: time, *, next_day: bool = False) -> int:
    """Return the seconds from midnight of ``day`` to ``clock`` on it (or on the day after).

    Where the clock shows a time twice (October), the first is meant.

    Raises:
        ValueError: The clock skips that time (the hour lost in March).
    """
    wall = datetime.combine(day + timedelta(days=int(next_day)), clock, tzinfo=LONDON)
    if wall.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) != wall.replace(tzinfo=None):
        msg = f"{clock:%H:%M} does not exist on {wall:%d/%m/%Y}: the clocks go forward"
        raise ValueError(msg)
    return round(wall.timestamp() - _midnight(day).timestamp())


def comes_twice(day: date, clock: time) -> bool:
    """Tell whether the clock shows a time twice that day, as in the hour before it goes back."""
    first = datetime.combine(day, clock, tzinfo=LONDON)
    return first.replace(fold=1).timestamp() > first.timestamp()


def moment(day: date, elapsed_s: float) -> datetime:
    """Return the moment ``elapsed_s`` seconds after midnight of ``day``, in London time."""
    start = _midnight(day).astimezone(UTC)
    return (start + timedelta(seconds=elapsed_s)).astimezone(LONDON)


def clock_text(day: date, elapsed_s: float) -> str:
    """Return a time of day as ``HH:MM``, rounded down to the minute; ``+1`` on the next day."""
    at = moment(day, elapsed_s)
    days_on = (at.date() - day).days
    return f"{at:%H:%M}" + (f" (+{days_on})" if days_on else "")


def duration_text(duration_s: float) -> str:
    """Return a duration for people: ``45 s``, ``12 min``, ``3 h 05 min``."""
    if duration_s < SECONDS_PER_MINUTE:
        return f"{duration_s:.0f} s"
    minutes = round(duration_s / SECONDS_PER_MINUTE)
    if minutes < SECONDS_PER_MINUTE:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60:02d} min"
