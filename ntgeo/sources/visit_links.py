"""What visits of a day have to do with each other: order, gaps, and who comes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from ntgeo.domain.routing import GapFrom, StaffLink, Visit, VisitId, VisitLink
from ntgeo.sources.amounts import Range
from ntgeo.sources.cells import Cells
from ntgeo.sources.local_file import raise_faults
from ntgeo.sources.noted import Noted
from ntgeo.sources.tables import read_table

__all__ = ["LINK_COLUMNS", "find_circle", "read_visit_links"]

_ENDS: Final = ("first", "second")
_GAP: Final = Range(high=1440, may_be_blank=True)
_OPTIONAL: Final = ("least_gap_min", "greatest_gap_min", "gap_from", "staff", "both_or_neither")
LINK_COLUMNS: Final = (*_ENDS, *_OPTIONAL)
"""Every column that a table of links may have."""


def read_visit_links(
    path: Path | str,
    *,
    visits: Sequence[Visit],
    day: date,
    columns: Mapping[str, str] | None = None,
    of_other_days: Collection[VisitId] = (),
) -> Noted[tuple[VisitLink, ...]]:
    """Read the links between visits from CSV or XLSX.

    Columns: ``first`` and ``second`` (visit ids), and at least one of ``least_gap_min`` (with it
    ``greatest_gap_min`` and ``gap_from``: ``begin`` or ``end``, which is usual), ``staff``
    (``same`` or ``different``) and ``both_or_neither`` (``yes`` or ``no``).

    Args:
        path: The file.
        visits: Of :func:`~ntgeo.sources.read_visits`.
        day: The plan's day.
        columns: Canonical name → the file's own heading, where they differ.
        of_other_days: Visits that are not made on the day, nor is what links them to others.

    Returns:
        Links by first, then second visit.

    Raises:
        InputError: A row is wrong, or visits follow each other in a circle; all faults are told.
    """
    table = read_table(path, columns=columns, required=_ENDS, optional=_OPTIONAL)
    cells = Cells(table, day, {"least_gap_min": _GAP, "greatest_gap_min": _GAP})
    known = {visit.id for visit in visits}
    found = [
        None
        if {cells.text(row, column) for column in _ENDS} & {*of_other_days}
        else _link(cells, row, known)
        for row in range(len(table))
    ]
    _refuse_both_ways(cells, found)
    raise_faults(cells.faults)
    links = [link for link in found if link is not None]
    circle = find_circle(links, visits)
    if circle:
        row = next(i for i, link in enumerate(links) if (link.first, link.second) == circle[:2])
        what = f"visits follow each other in a circle: {' → '.join((*circle, circle[0]))}"
        fix = "take one of these links out"
        cells.refuse(row, "first", what=what, fix=fix, code="circular-order")
        raise_faults(cells.faults)
    in_order = tuple(sorted(links, key=lambda link: (link.first, link.second)))
    return Noted(read=in_order, notes=(*table.notes, *cells.notes))


def _link(cells: Cells, row: int, known: set[VisitId]) -> VisitLink | None:
    before = len(cells.faults)
    ends = [VisitId(cells.text(row, column)) for column in _ENDS]
    for column, visit in zip(_ENDS, ends, strict=True):
        if visit not in known:
            what = "is not among the visits" if visit else "the visit is missing"
            cells.refuse(row, column, what=what, fix="give a visit_id", code="unknown-visit")
    asked: dict[str, Any] = {
        "least_gap_s": cells.seconds(row, "least_gap_min"),
        "greatest_gap_s": cells.seconds(row, "greatest_gap_min"),
        "gap_from": cells.choice(row, "gap_from", GapFrom) or GapFrom.END,
        "staff": cells.choice(row, "staff", StaffLink),
        "both_or_neither": cells.is_yes(row, "both_or_neither", otherwise=False),
    }
    if len(cells.faults) > before:
        return None
    try:
        return VisitLink(first=ends[0], second=ends[1], **asked)
    except ValueError as error:
        cells.refuse(
            row, "second", what=str(error), fix=_advice(ends, asked), code="impossible-link"
        )
        return None


def _advice(ends: Sequence[VisitId], asked: Mapping[str, Any]) -> str:
    """Say how to mend a link that cannot be."""
    if ends[0] == ends[1]:
        return "name two visits"
    if asked["least_gap_s"] is None and asked["greatest_gap_s"] is None:
        return "fill in least_gap_min, staff or both_or_neither, or take the row out"
    return "give a least_gap_min that is not above greatest_gap_min"


def _refuse_both_ways(cells: Cells, found: Sequence[VisitLink | None]) -> None:
    """Refuse two visits for which the same people are to come, and different ones as well."""
    asked: dict[frozenset[VisitId], tuple[StaffLink, int]] = {}
    for row, link in enumerate(found):
        if link is None or link.staff is None:
            continue
        pair = frozenset((link.first, link.second))
        staff, earlier = asked.setdefault(pair, (link.staff, row))
        if staff is not link.staff:
            what = f"row {cells.table.rows[earlier]:,} asks for {staff} people at these two visits"
            cells.refuse(row, "staff", what=what, fix="keep one of the two", code="two-rules")


def find_circle(links: Sequence[VisitLink], visits: Sequence[Visit]) -> tuple[VisitId, ...]:
    """Return visits of which each must begin after the one before, and the first after the last.

    Where no time has to pass, two visits may each follow the other: then they begin together, and
    there is no circle. Begins are put off until every gap is kept (Bellman and Ford's longest
    ways); in a circle that never ends.

    Returns:
        The circle in order; empty where there is none.
    """
    gap_s: dict[tuple[VisitId, VisitId], float] = {
        (link.first, link.second): link.least_gap_s
        for link in links
        if link.least_gap_s is not None
    }
    shortest_s = {
        visit.id: min((visit.service_s, *visit.service_s_by_staff.values())) for visit in visits
    }
    for link in links:
        if link.is_ordered and link.gap_from is GapFrom.END:
            gap_s[link.first, link.second] += shortest_s[link.first]
    begin_s = dict.fromkeys(shortest_s, 0.0)
    before: dict[VisitId, VisitId] = {}
    for _ in range(len(begin_s) + 1):
        late = ""
        for (first, second), gap in sorted(gap_s.items()):
            if begin_s[first] + gap > begin_s[second]:
                begin_s[second], before[second], late = begin_s[first] + gap, first, second
        if not late:
            return ()
    return _circle_behind(VisitId(late), before)


def _circle_behind(visit: VisitId, before: Mapping[VisitId, VisitId]) -> tuple[VisitId, ...]:
    seen: list[VisitId] = []
    while visit not in seen:
        seen.append(visit)
        visit = before[visit]
    circle = seen[seen.index(visit) :][::-1]
    start = circle.index(min(circle))
    return (*circle[start:], *circle[:start])
