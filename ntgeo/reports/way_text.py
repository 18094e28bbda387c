"""How to go to each stop, in words: one line a stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ntgeo.domain.path_steps import PathStep
from ntgeo.domain.units import METRES_PER_MILE

__all__ = ["ways_in_words"]

_METRES_PER_YARD: Final = 0.9144
_YARDS_BELOW_MILES: Final = 0.1


def ways_in_words(steps: Mapping[str, Sequence[Sequence[PathStep]]]) -> dict[str, list[str]]:
    """Return for each shift, and each of its stops, how to go there; empty for the start.

    Args:
        steps: Shift id → for each stop after the first, how to go there.
    """
    return {shift: ["", *map(_way_text, legs)] for shift, legs in steps.items()}


def _way_text(steps: Sequence[PathStep]) -> str:
    """Tell how to go as one line: each instruction, and how far to the next."""
    told: list[str] = []
    for step in steps:
        text = step.text if not told else step.text[:1].lower() + step.text[1:]
        told.append(text if step is steps[-1] else f"{text}, {_short_length(step.distance_m)}")
    return "; ".join(told)


def _short_length(metres: float) -> str:
    """Return yards, or miles from a tenth on, as road signs in the United Kingdom have them."""
    miles = metres / METRES_PER_MILE
    if miles < _YARDS_BELOW_MILES:
        return f"{max(10, round(metres / _METRES_PER_YARD, -1)):.0f} yd"
    return f"{miles:.1f} mi"
