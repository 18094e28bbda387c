"""What is odd about a day of rounds, but may be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from math import inf
from typing import Final

from pandas import Timestamp
from pandas.tseries.holiday import (
    AbstractHolidayCalendar,
    EasterMonday,
    GoodFriday,
    Holiday,
    next_monday,
    next_monday_or_tuesday,
)
from pandas.tseries.offsets import Week

from ntgeo.domain.routing import Shift, Visit, VisitDay
from ntgeo.domain.scenario import Scenario
from ntgeo.domain.units import (
    LONDON,
    SECONDS_PER_HOUR,
    day_length_s,
    duration_text,
)
from ntgeo.errors import first_five

__all__ = ["bank_holiday", "day_notes"]

_USUAL_DAY_S: Final = 24 * SECONDS_PER_HOUR


class _EnglishHolidays(AbstractHolidayCalendar):
    """Bank holidays of England and Wales, but for those that are proclaimed once."""

    rules = [  # noqa: RUF012 - pandas reads it so
        Holiday("New Year's Day", month=1, day=1, observance=next_monday),
        GoodFriday,
        EasterMonday,
        Holiday("Early May bank holiday", month=5, day=1, offset=Week(n=0, weekday=0)),
        Holiday("Spring bank holiday", month=6, day=1, offset=Week(n=-1, weekday=0)),
        Holiday("Summer bank holiday", month=9, day=1, offset=Week(n=-1, weekday=0)),
        Holiday("Christmas Day", month=12, day=25, observance=next_monday),
        Holiday("Boxing Day", month=12, day=26, observance=next_monday_or_tuesday),
    ]


def bank_holiday(day: date) -> str:
    """Return the bank holiday of England and Wales that a day is; blank where it is none."""
    found = _EnglishHolidays().holidays(Timestamp(day), Timestamp(day), return_name=True)
    return str(found.iloc[0]) if len(found) else ""


def day_notes(scenario: Scenario, day: VisitDay) -> Iterator[str]:
    """Tell what is odd about a day, a sentence each."""
    asked = scenario.rounds
    assert asked is not None  # noqa: S101 - the caller has read its day
    yield from _of_the_calendar(scenario, asked.day)
    at_work = {shift.staff for shift in day.shifts}
    named = {
        person
        for visit in day.visits
        for person in (
            *visit.required_staff,
            *visit.preferred_staff,
            *visit.forbidden_staff,
            *visit.usual_staff,
            *visit.service_s_by_staff,
        )
    }
    if away := sorted(named - at_work):
        yield f"Visits name staff who have no shift that day: {first_five(away)}."
    yield from _of_what_nobody_can(day)
    short_s = sum(visit.service_s * visit.least_crew for visit in day.visits) - sum(
        map(_most_work_s, day.shifts)
    )
    if short_s > 0:
        yield (
            f"The visits of the day last longer than its shifts: short by "
            f"{duration_text(short_s)}, before any travel. The last priorities go unmade first."
        )


def _of_what_nobody_can(day: VisitDay) -> Iterator[str]:
    """Tell which skills, crews, loads and times of visits are beyond everybody on shift."""
    held = sorted({skill for shift in day.shifts for skill in shift.skills})
    missing = sorted({skill for visit in day.visits for skill in visit.skills} - {*held})
    for skill in missing:
        needed = [visit.id for visit in day.visits if skill in visit.skills]
        joined = next((text for text in held if skill in re.split(r"\s*[,/&+]\s*", text)), None)
        hint = f"what they have is {first_five(held)}." if held else "they have none."
        if joined is not None:
            hint = f'"{joined}" is one skill unless a semicolon parts it.'
        yield f'Nobody on shift has the skill "{skill}", needed of {first_five(needed)}; {hint}'
    people = len({shift.staff for shift in day.shifts})
    crews = [f"{v.id} ({v.least_crew} of {people})" for v in day.visits if v.least_crew > people]
    if crews:
        yield f"More people are needed at once than have a shift: {first_five(crews)}."
    most = max((inf if s.capacity is None else s.capacity for s in day.shifts), default=inf)
    heavy = [f"{visit.id} ({visit.load:g})" for visit in day.visits if visit.load > most]
    if heavy:
        yield f"No shift has the capacity ({most:g} at most) for the load of {first_five(heavy)}."
    late = [visit.id for visit in day.visits if not _is_anyone_there(visit, day.shifts)]
    if late:
        yield f"Nobody is at work at any time when these may begin: {first_five(late)}."


def _is_anyone_there(visit: Visit, shifts: Sequence[Shift]) -> bool:
    return any(
        window.start_s <= shift.hours.end_s and shift.hours.start_s <= window.end_s
        for window in visit.windows
        for shift in shifts
    )


def _of_the_calendar(scenario: Scenario, day: date) -> Iterator[str]:
    rounds = scenario.rounds
    is_replay = scenario.is_synthetic or (rounds is not None and rounds.is_replay)
    if not is_replay and day < datetime.now(LONDON).date():
        yield (
            f'scenario, key rounds.day, value "{day}": the day is past. Fix: correct it, or set '
            "is_replay = true to plan a day that is over."
        )
    if name := bank_holiday(day):
        yield f"{day:%d/%m/%Y} is a bank holiday ({name}): check who works, and who is at home."
    change_s = day_length_s(day) - _USUAL_DAY_S
    if change_s:
        way = "back" if change_s > 0 else "forward"
        hours = day_length_s(day) // SECONDS_PER_HOUR
        yield f"The clocks go {way} on {day:%d/%m/%Y}: it has {hours} hours, by UK time."


def _most_work_s(shift: Shift) -> float:
    rest_s = sum(rest.duration_s for rest in shift.breaks if rest.after_work_s is None)
    length_s = shift.hours.end_s - shift.hours.start_s - rest_s
    return length_s if shift.most_work_s is None else min(length_s, shift.most_work_s)
