"""What is asked of a seeded day's visits and shifts besides time and skills.

Shares and widths are such that a day that could be made without these rules nearly can with them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Final

import numpy as np

from ntgeo.domain.routing import (
    NotAlone,
    Overtime,
    Shift,
    SoftWindow,
    TimeWindow,
    Visit,
    VisitDay,
    VisitLink,
)
from ntgeo.domain.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE, seconds_of_day

__all__ = ["with_rules"]

_CREW_SHARE: Final = 0.04
_PAIR_SHARE: Final = 0.03
_NOT_ALONE_SHARE: Final = 0.02
_USUAL_SHARE: Final = 0.5
_SOFT_SHARE: Final = 0.3
_GAP_S: Final = 4 * SECONDS_PER_HOUR
_LATE_PRICE_GBP: Final = 0.1
_OVERTIME: Final = (time(18), 6.36)


def with_rules(drawn: VisitDay, *, day: date, chance: np.random.Generator) -> VisitDay:
    """Return the day with crews, doses, usual staff, better times and overtime.

    Args:
        drawn: Its visits are in order of id, and none has any of these rules.
        day: The day.
        chance: Of all choices.
    """
    visits = list(drawn.visits)
    order = chance.permutation(len(visits)).tolist()
    crews, pairs, alone = (
        round(share * len(visits)) for share in (_CREW_SHARE, _PAIR_SHARE, _NOT_ALONE_SHARE)
    )
    links = []
    for place in order[:crews]:
        visits[place] = _for_two(visits[place], day)
    for first, second in zip(
        order[crews : crews + pairs], order[crews + pairs : crews + 2 * pairs], strict=True
    ):
        visits[first], visits[second] = _doses(visits[first], visits[second], day)
        links.append(
            VisitLink(first=visits[first].id, second=visits[second].id, least_gap_s=_GAP_S)
        )
    for place in order[crews + 2 * pairs : crews + 2 * pairs + alone]:
        visits[place] = replace(visits[place], not_alone=NotAlone.AFTER_DARK)
    known = [_known(visit, drawn.shifts, chance) for visit in visits]
    shifts = tuple(_late_pay(shift, day) for shift in drawn.shifts)
    links.sort(key=lambda link: (link.first, link.second))
    return replace(drawn, visits=tuple(known), shifts=shifts, links=tuple(links))


def _between(day: date, start_hour: int, end_hour: int) -> tuple[TimeWindow, ...]:
    start_s, end_s = (seconds_of_day(day, time(hour)) for hour in (start_hour, end_hour))
    return (TimeWindow(start_s=start_s, end_s=end_s),)


def _for_two(visit: Visit, day: date) -> Visit:
    """Short and at any time of the day, so that two can meet."""
    service_s = min(visit.service_s, 30 * SECONDS_PER_MINUTE)
    skills: frozenset[str] = frozenset()
    return replace(visit, crew=2, service_s=service_s, skills=skills, windows=_between(day, 9, 15))


def _doses(first: Visit, second: Visit, day: date) -> tuple[Visit, Visit]:
    """Two short visits to one person, in the morning and in the afternoon."""
    first = replace(
        first,
        service_s=15 * SECONDS_PER_MINUTE,
        skills=frozenset({"medication"}),
        windows=_between(day, 8, 10),
    )
    return first, replace(
        second,
        service_s=first.service_s,
        skills=first.skills,
        windows=_between(day, 13, 17),
        location=first.location,
    )


def _known(visit: Visit, shifts: tuple[Shift, ...], chance: np.random.Generator) -> Visit:
    """Half of the visits know one of those who could come, and some had better be at a time."""
    able = [shift.staff for shift in shifts if visit.skills <= shift.skills]
    if able and chance.random() < _USUAL_SHARE:
        usual = frozenset({able[int(chance.integers(len(able)))]})
        visit = replace(visit, usual_staff=usual)
    window = visit.windows[0]
    if chance.random() >= _SOFT_SHARE:
        return visit
    quarter_s = (window.end_s - window.start_s) // 4
    soft = SoftWindow(
        window=TimeWindow(start_s=window.start_s + quarter_s, end_s=window.end_s - quarter_s),
        early_gbp_per_minute=_LATE_PRICE_GBP / 2,
        late_gbp_per_minute=_LATE_PRICE_GBP,
    )
    return replace(visit, soft_windows=(soft,))


def _late_pay(shift: Shift, day: date) -> Shift:
    """Shifts that end late end with overtime."""
    after_s = seconds_of_day(day, _OVERTIME[0])
    if shift.hours.end_s <= after_s:
        return shift
    return replace(shift, overtime=Overtime(after_s=after_s, gbp_per_hour=_OVERTIME[1]))
