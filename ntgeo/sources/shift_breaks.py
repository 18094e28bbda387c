"""The breaks of a shift: the columns ``break_…``, ``break2_…`` and so on of its row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ntgeo.domain.routing import LONGEST_SHIFT_S, Break, TimeWindow
from ntgeo.domain.units import SECONDS_PER_MINUTE
from ntgeo.sources.amounts import Range
from ntgeo.sources.cells import Cells, numbered

__all__ = ["BREAK_AMOUNTS", "BREAK_COLUMNS", "breaks_of"]

_BREAKS: Final = numbered("break", 4)
_MINUTES: Final = Range(high=LONGEST_SHIFT_S / SECONDS_PER_MINUTE, may_be_blank=True)
_PARTS: Final = ("min", "earliest", "latest", "after_work_min", "paid")
BREAK_COLUMNS: Final = tuple(f"{name}_{part}" for name in _BREAKS for part in _PARTS)
BREAK_AMOUNTS: Final[Mapping[str, Range]] = {
    f"{name}_{part}": _MINUTES for name in _BREAKS for part in ("min", "after_work_min")
}


def breaks_of(cells: Cells, row: int, hours: TimeWindow | None) -> tuple[Break, ...]:
    """Return the breaks of a row, in the order in which they are taken.

    A break begins between its ``earliest`` and ``latest``, or at any time of the shift where they
    are blank; with ``after_work_min`` it is taken only where work has gone on for so long. None
    is taken where its minutes are blank or 0.
    """
    if hours is None:
        return ()
    found: list[Break] = []
    ready_s = hours.start_s
    for name in _BREAKS:
        rest = _break(cells, row, name, hours)
        if rest is None:
            continue
        if rest.after_work_s is None:
            window = rest.window or hours
            ready_s = max(ready_s, window.start_s) + rest.duration_s
            if ready_s > min(window.end_s + rest.duration_s, hours.end_s):
                _refuse(cells, row, name, rest.duration_s)
                continue
        found.append(rest)
    return tuple(found)


def _break(cells: Cells, row: int, name: str, hours: TimeWindow) -> Break | None:
    duration_s = cells.seconds(row, f"{name}_min") or 0
    ends = (f"{name}_earliest", f"{name}_latest")
    after_work_s = cells.seconds(row, f"{name}_after_work_min") or None
    is_paid = cells.is_yes(row, f"{name}_paid", otherwise=True)
    if duration_s == 0:
        return None
    if after_work_s is not None and not cells.has_any(row, ends):
        return Break(duration_s=duration_s, after_work_s=after_work_s, is_paid=is_paid)
    first: int | None = hours.start_s
    last: int | None = hours.end_s - duration_s
    if cells.text(row, ends[0]):
        first = cells.clock(row, ends[0], after_s=hours.start_s)
    if cells.text(row, ends[1]):
        last = cells.clock(row, ends[1], after_s=hours.start_s)
    if first is None or last is None:
        return None
    if last < first:
        _refuse(cells, row, name, duration_s)
        return None
    return Break(
        duration_s=duration_s,
        window=TimeWindow(start_s=first, end_s=last),
        after_work_s=after_work_s,
        is_paid=is_paid,
    )


def _refuse(cells: Cells, row: int, name: str, duration_s: int) -> None:
    minutes = duration_s / SECONDS_PER_MINUTE
    what = f"a break of {minutes:g} min does not fit within the shift and its times"
    fix = f"shorten the break, or correct {name}_earliest and {name}_latest"
    cells.refuse(row, f"{name}_min", what=what, fix=fix, code="break-does-not-fit")
