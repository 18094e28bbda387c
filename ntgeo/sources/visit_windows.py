"""When a visit may begin, and when it had better: the windows of a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ntgeo.domain.routing import SoftWindow, TimeWindow
from ntgeo.domain.units import day_length_s
from ntgeo.sources.amounts import Range
from ntgeo.sources.cells import Cells, numbered

__all__ = [
    "SOFT_WINDOW_COLUMNS",
    "SOFT_WINDOW_PRICES",
    "WINDOW_COLUMNS",
    "soft_windows_of",
    "windows_of",
]

_WINDOWS: Final = [(f"{name}_start", f"{name}_end") for name in numbered("window", 6)]
_SOFT: Final = numbered("soft", 3)
_PRICES: Final = ("early_gbp_per_minute", "late_gbp_per_minute")
WINDOW_COLUMNS: Final = tuple(column for window in _WINDOWS for column in window)
SOFT_WINDOW_PRICES: Final[Mapping[str, Range]] = {
    f"{name}_{price}": Range(may_be_blank=True) for name in _SOFT for price in _PRICES
}
SOFT_WINDOW_COLUMNS: Final = tuple(
    f"{name}_{end}" for name in _SOFT for end in ("start", "end", *_PRICES)
)


def windows_of(cells: Cells, row: int) -> tuple[TimeWindow, ...]:
    """Return the windows of a row; the whole day where there are none."""
    asked = [columns for columns in _WINDOWS if cells.has_any(row, columns)]
    found = [_window(cells, row, columns) for columns in asked]
    whole_day = TimeWindow(start_s=0, end_s=day_length_s(cells.day))
    return tuple(window for window in found if window is not None) or (whole_day,)


def soft_windows_of(cells: Cells, row: int) -> tuple[SoftWindow, ...]:
    """Return the soft windows of a row; one end may be blank, and is then that of the day."""
    found = []
    for name in _SOFT:
        ends = (f"{name}_start", f"{name}_end")
        prices = [cells.number(row, f"{name}_{price}") for price in _PRICES]
        if not cells.has_any(row, ends):
            if any(price is not None for price in prices):
                what, fix = "there is a price, but no time", f"give {ends[0]} or {ends[1]}"
                cells.refuse(row, ends[0], what=what, fix=fix, code="price-without-time")
            continue
        window = _soft_ends(cells, row, ends)
        if window is not None:
            early, late = (price or 0.0 for price in prices)
            found.append(
                SoftWindow(window=window, early_gbp_per_minute=early, late_gbp_per_minute=late)
            )
    return tuple(found)


def _soft_ends(cells: Cells, row: int, columns: Sequence[str]) -> TimeWindow | None:
    start, end = columns
    first = cells.clock(row, start) if cells.text(row, start) else 0
    last = cells.clock(row, end) if cells.text(row, end) else day_length_s(cells.day)
    return _ordered(cells, row, columns, first, last)


def _window(cells: Cells, row: int, columns: Sequence[str]) -> TimeWindow | None:
    ends: list[int | None] = []
    for column in columns:
        if cells.text(row, column):
            ends.append(cells.clock(row, column))
            continue
        what, fix = "one end of the window is missing", "give both times, or neither"
        place = column if cells.table.has(column) else columns[0]
        cells.refuse(row, place, what=what, fix=fix, code="half-window")
        ends.append(None)
    return _ordered(cells, row, columns, *ends)


def _is_over_midnight(cells: Cells, first: int, last: int) -> bool:
    """Tell whether a window from evening to morning is meant, not one whose times are swapped."""
    noon_s = day_length_s(cells.day) / 2
    return first >= noon_s > last and first - last >= noon_s


def _ordered(
    cells: Cells, row: int, columns: Sequence[str], first: int | None, last: int | None
) -> TimeWindow | None:
    if first is None or last is None:
        return None
    if last < first and _is_over_midnight(cells, first, last):
        last = cells.clock(row, columns[1], after_s=first) or last
        if last >= first:
            cells.remark(
                row, columns[1], what="is read as a time of the next day", fix="nothing, if so"
            )
    if last >= first:
        return TimeWindow(start_s=first, end_s=last)
    what = f"the window ends before it starts ({cells.text(row, columns[0])})"
    fix = "swap the two times; the end of the day is 24:00"
    cells.refuse(row, columns[1], what=what, fix=fix, code="impossible-window")
    return None
