"""A plan of rounds made by hand: who goes where, in which order, and when if that is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from ntgeo.domain.hand_plan import HandPlan, HandStop
from ntgeo.domain.routing import ShiftId, VisitId
from ntgeo.sources.cells import Cells
from ntgeo.sources.local_file import raise_faults
from ntgeo.sources.tables import read_table

__all__ = ["HAND_PLAN_COLUMNS", "read_hand_plan"]

_IDS: Final = ("shift_id", "visit_id")
_TIMES: Final = ("arrive", "begin")
HAND_PLAN_COLUMNS: Final = (*_IDS, *_TIMES)
"""Every column that a plan by hand may have."""


def read_hand_plan(
    path: Path | str, *, day: date, columns: Mapping[str, str] | None = None
) -> HandPlan:
    """Read a plan by hand from CSV or XLSX.

    ``shift_id`` and ``visit_id`` are needed; the rows of a shift are its round, in order, and a
    crew visit stands in several shifts. ``arrive`` and ``begin`` are UK clock times, ``HH:MM``,
    and may be absent or blank. Breaks are not written down. Whether ids are known, and times
    possible, is for the check to say.

    Args:
        path: The file.
        day: The plan's day.
        columns: Canonical name → the file's own heading, where they differ.

    Raises:
        InputError: An id is missing or a time is none; all faults are told.
        DataUnavailableError: There is no such file.
    """
    table = read_table(path, columns=columns, required=_IDS, optional=_TIMES)
    cells = Cells(table, day, {})
    stops = []
    for row in range(len(table)):
        for column in _IDS:
            if not cells.text(row, column):
                cells.refuse(row, column, what="the id is missing", fix="give one", code="no-id")
        stops.append(
            HandStop(
                shift=ShiftId(cells.text(row, "shift_id")),
                visit=VisitId(cells.text(row, "visit_id")),
                row=int(table.rows[row]),
                arrive_s=cells.clock_or_blank(row, "arrive"),
                begin_s=cells.clock_or_blank(row, "begin"),
            )
        )
    raise_faults(cells.faults)
    return HandPlan(file=table.file, stops=tuple(stops))
