"""The question as flat arrays of whole milliseconds, in the form that every engine reads."""

from __future__ import annotations

from ntgeo.routing.figures.day import DayArrays, day_arrays
from ntgeo.routing.figures.kinds import same_shifts
from ntgeo.routing.figures.leg_arrays import NO_WAY_MS, LegArrays, leg_between
from ntgeo.routing.figures.link_arrays import LinkArrays
from ntgeo.routing.figures.parts import part_of
from ntgeo.routing.figures.price_arrays import PriceArrays
from ntgeo.routing.figures.shift_arrays import NEVER_MS, ShiftArrays
from ntgeo.routing.figures.visit_arrays import VisitArrays
from ntgeo.routing.figures.windows import joined_windows

__all__ = [
    "NEVER_MS",
    "NO_WAY_MS",
    "DayArrays",
    "LegArrays",
    "LinkArrays",
    "PriceArrays",
    "ShiftArrays",
    "VisitArrays",
    "day_arrays",
    "joined_windows",
    "leg_between",
    "part_of",
    "same_shifts",
]
