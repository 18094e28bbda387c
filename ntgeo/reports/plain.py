"""Figures and lists in the words people use."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import pandas as pd

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.units import METRES_PER_MILE, SECONDS_PER_MINUTE
from ntgeo.reports.columns import ColumnKind

__all__ = [
    "MISSING",
    "MODE_TEXTS",
    "amount_text",
    "are",
    "capital",
    "cell_text",
    "counted",
    "day_text",
    "hours_text",
    "joined",
    "miles_text",
    "minutes_text",
    "percent_text",
    "tenths_text",
]

MISSING: Final = "–"
MODE_TEXTS: Final = {
    TravelMode.CAR: "by car",
    TravelMode.BICYCLE: "by bicycle",
    TravelMode.FOOT: "on foot",
}
"""How people travel, for a sentence."""
_SHOWN_IN_LIST: Final = 8
_SMALL: Final = 10
_TO_A_TENTH_MIN: Final = 30


def counted(count: float, one: str, many: str | None = None) -> str:
    """Return a count with its noun: ``1 site``, ``1,200 sites``, ``no visits``."""
    noun = one if round(count) == 1 else many or f"{one}s"
    return f"{'no' if round(count) == 0 else f'{count:,.0f}'} {noun}"


def are(count: int) -> str:
    """Return the verb of a count: ``is`` of 1, ``are`` of others."""
    return "is" if count == 1 else "are"


def capital(text: str) -> str:
    """Return text with a capital at its start."""
    return text[:1].upper() + text[1:]


def joined(names: Sequence[str], *, shown: int = _SHOWN_IN_LIST) -> str:
    """Return names as a list in a sentence: ``A, B and C``; a long one says how many more."""
    if len(names) > shown + 1:
        return f"{', '.join(names[:shown])} and {len(names) - shown:,} more"
    if len(names) <= 1:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def minutes_text(seconds: float) -> str:
    """Return seconds as minutes for a sentence: ``8.4 minutes``, ``1 minute``, ``45 minutes``."""
    minutes = seconds / SECONDS_PER_MINUTE
    shown = f"{minutes:.1f}" if abs(minutes) < _TO_A_TENTH_MIN else f"{minutes:.0f}"
    shown = shown.removesuffix(".0")
    shown = "0" if shown == "-0" else shown
    return f"{shown} minute" if shown == "1" else f"{shown} minutes"


def tenths_text(seconds: float) -> str:
    """Return seconds as minutes to a tenth, for figures that are compared: ``3.0 minutes``."""
    shown = f"{seconds / SECONDS_PER_MINUTE:.1f}"
    return f"{'0.0' if shown == '-0.0' else shown} minutes"


def hours_text(seconds: float) -> str:
    """Return a long duration for a sentence: ``12 hours 30 minutes``, ``45 minutes``."""
    minutes = round(seconds / SECONDS_PER_MINUTE)
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(counted(hours, "hour"))
    if rest or not hours:
        parts.append("0 minutes" if not rest else counted(rest, "minute"))
    return " ".join(parts)


def miles_text(metres: float) -> str:
    """Return metres as miles for a sentence."""
    miles = metres / METRES_PER_MILE
    shown = f"{miles:.1f}".removesuffix(".0") if miles < _SMALL else f"{miles:,.0f}"
    return f"{shown} mile" if shown == "1" else f"{shown} miles"


def percent_text(share: float) -> str:
    """Return a share as a percentage; ``100%`` only for all and ``0%`` only for none."""
    if 0 < share < 0.005:  # noqa: PLR2004 - half a per cent
        return "under 1%"
    if 0.995 <= share < 1:  # noqa: PLR2004 - half a per cent
        return "over 99%"
    return f"{share:.0%}"


def amount_text(amount: float) -> str:
    """Return an amount to the nearest whole one."""
    return f"{amount:,.0f}" if amount >= _SMALL or amount == round(amount) else f"{amount:.1f}"


def day_text(day: date) -> str:
    """Return a date: ``Tuesday 24 November 2026``."""
    return f"{_WEEKDAYS[day.weekday()]}day {day.day} {_MONTHS[day.month - 1]} {day.year}"


_WEEKDAYS: Final = ("Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def cell_text(value: Any, kind: ColumnKind) -> str:
    """Return a cell as the report shows it: minutes for seconds, kilometres for metres.

    Text in a column of numbers, such as ``fewer than 5``, is shown as it is; missing is a dash.
    """
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return MISSING
    if isinstance(value, str):
        return value
    if kind is ColumnKind.FLAG:
        return "yes" if value else "no"
    number = float(value)
    if math.isinf(number):
        return MISSING
    return _SHOWN[kind](number) if kind in _SHOWN else str(value)


def _signless(text: str) -> str:
    """Without the sign of a rounded-away figure, and with a true minus sign otherwise."""
    is_nought = text.startswith("-") and not text.strip("-0.,%")
    return text.removeprefix("-") if is_nought else text.replace("-", "−")


_SHOWN: Final = {
    ColumnKind.COUNT: lambda number: _signless(f"{number:,.0f}"),
    ColumnKind.NUMBER: lambda number: _signless(f"{number:,.2f}"),
    ColumnKind.RATE: lambda number: _signless(f"{number:,.1f}"),
    ColumnKind.AMOUNT: lambda number: _signless(f"{number:,.0f}"),
    ColumnKind.SECONDS: lambda number: _signless(f"{number / SECONDS_PER_MINUTE:,.1f}"),
    ColumnKind.METRES: lambda number: _signless(f"{number / 1000:,.1f}"),
    ColumnKind.GRID: lambda number: f"{number:.0f}",
    ColumnKind.MILES: lambda number: _signless(f"{number:,.1f}"),
    ColumnKind.SHARE: lambda number: _signless(f"{100 * number:.1f}%"),
    ColumnKind.POUNDS: lambda number: _signless(f"£{number:,.0f}"),
    ColumnKind.PENCE: lambda number: _signless(f"£{number:,.2f}"),
}
