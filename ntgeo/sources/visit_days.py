"""Whether a row of visits is of the plan's day: its weekdays, who is away, whose team it is."""

from __future__ import annotations

import re
from typing import Final

from ntgeo.sources.cells import Cells

__all__ = ["VISIT_DAY_COLUMNS", "is_of_day"]

VISIT_DAY_COLUMNS: Final = ("days", "frequency", "in_hospital", "team")
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_GROUPS: Final = {
    "weekdays": frozenset(_WEEKDAYS[:5]),
    "weekends": frozenset(_WEEKDAYS[5:]),
    "daily": frozenset(_WEEKDAYS),
}
_EVERY_DAY: Final = re.compile(r"(once|daily|every ?day|[1-9] ?x? ?(a|per|/)? ?(day|daily))?")
_PER_WEEK: Final = re.compile(r"([1-7])\D*(week|wk|w)(ly)?")


def is_of_day(cells: Cells, row: int, *, team: str | None = None) -> bool:
    """Tell whether a visit is to be planned on the day; what cannot be is refused.

    Args:
        cells: Of the table.
        row: The row.
        team: Whose plan it is; ``None`` for everybody's.
    """
    if cells.is_yes(row, "in_hospital", otherwise=False):
        what = f"{cells.text(row, 'visit_id')} is in hospital, so nobody is at home"
        cells.refuse(
            row, "in_hospital", what=what, fix="take the visit out, or write no", code="in-hospital"
        )
    own = cells.text(row, "team")
    if team is not None and own and own.casefold() != team.casefold():
        what = f"{cells.text(row, 'visit_id')} belongs to team {own}; this plan is of team {team}"
        fix = "take it out, or correct rounds.team of the scenario"
        cells.refuse(row, "team", what=what, fix=fix, code="other-team")
    days = _days(cells, row)
    return not days or _WEEKDAYS[cells.day.weekday()] in days


def _days(cells: Cells, row: int) -> frozenset[str]:
    """Return the weekdays of a visit; none where it does not say."""
    found: set[str] = set()
    for word in cells.words(row, "days"):
        days = _GROUPS.get(word, frozenset({word[:3]}))
        if not days <= set(_WEEKDAYS):
            fix = "name weekdays, such as mon;wed;fri"
            cells.refuse(row, "days", what=f'"{word}" is no weekday', fix=fix, code="no-weekday")
            return frozenset()
        found |= days
    _check_frequency(cells, row, len(found))
    return frozenset(found)


def _check_frequency(cells: Cells, row: int, count: int) -> None:
    often = cells.text(row, "frequency").casefold()
    if _EVERY_DAY.fullmatch(often):
        return
    per_week = _PER_WEEK.search(often)
    if count == 0:
        what, fix = "says how often, but not on which days", "give days, such as mon;wed;fri"
        cells.refuse(row, "frequency", what=what, fix=fix, code="no-days")
    elif per_week and int(per_week[1]) != count:
        what, fix = f"asks for {per_week[1]} days, but days names {count}", "correct one of the two"
        cells.refuse(row, "frequency", what=what, fix=fix, code="no-days")
