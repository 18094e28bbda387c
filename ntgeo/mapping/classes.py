"""Classes of a choropleth: figures → a colour each, and the legend that explains them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import mapclassify
import numpy as np
import numpy.typing as npt

from ntgeo.mapping.content import Measure
from ntgeo.mapping.palettes import shades

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ClassedMeasure", "LegendClass", "classed", "number_text"]

NO_DATA_TEXT: Final = "no data"
WITHHELD_TEXT: Final = "withheld (small number)"
_NO_DATA_COLOUR: Final = "#d9dde1"
_MOST_JENKS: Final = 2_000
"""Figures above which Fisher and Jenks' exact search is too slow and a seeded sample is used."""
_DECILE_COUNT: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendClass:
    """A line of the legend; ``hatch`` is ``""``, ``"no-data"`` or ``"withheld"``."""

    label: str
    colour: str
    hatch: str
    areas: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassedMeasure:
    """A measure with a class and a text for each area, in the order of the figures given."""

    measure: Measure
    classes: tuple[LegendClass, ...]
    class_of: tuple[int, ...]
    texts: tuple[str, ...]


def number_text(value: float, decimals: int) -> str:
    """Return a number with thousands separated and no minus before zero."""
    rounded = round(value, decimals)
    return f"{rounded or 0:,.{decimals}f}"


def classed(measure: Measure, figures: pd.DataFrame) -> ClassedMeasure:
    """Put each area into a class of ``measure``.

    Figures are rounded as they are shown before they are classed, so that a reader who looks up a
    figure in the legend finds the colour on the map.

    Args:
        measure: What and how.
        figures: A row an area, with the measure's columns.
    """
    values = np.round(figures[measure.column].to_numpy(dtype=np.float64), measure.decimals)
    withheld = np.zeros(len(values), dtype=bool)
    if measure.withheld_column is not None:
        withheld = figures[measure.withheld_column].to_numpy(dtype=bool)
        values = np.where(withheld, np.nan, values)
    tops = _class_tops(measure, values[~np.isnan(values)])
    class_of = np.searchsorted(tops, values, side="left")
    labels = _labels(measure, tops, values)
    colours = _colours(measure, len(tops))
    extra = [
        ("withheld", WITHHELD_TEXT, withheld),
        ("no-data", NO_DATA_TEXT, np.isnan(values) & ~withheld),
    ]
    rows = [(label, colour, "") for label, colour in zip(labels, colours, strict=True)]
    for hatch, label, is_so in extra:
        if is_so.any():
            class_of = np.where(is_so, len(rows), class_of)
            rows.append((label, _NO_DATA_COLOUR, hatch))
    counts = np.bincount(class_of, minlength=len(rows))
    return ClassedMeasure(
        measure=measure,
        classes=tuple(
            LegendClass(label=label, colour=colour, hatch=hatch, areas=int(count))
            for (label, colour, hatch), count in zip(rows, counts, strict=True)
        ),
        class_of=tuple(class_of.tolist()),
        texts=tuple(
            WITHHELD_TEXT if hidden else _value_text(value, measure)
            for value, hidden in zip(values.tolist(), withheld.tolist(), strict=True)
        ),
    )


def _value_text(value: float, measure: Measure) -> str:
    return NO_DATA_TEXT if math.isnan(value) else number_text(value, measure.decimals)


def _class_tops(measure: Measure, known: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the greatest figure of each class, ascending, rounded as figures are."""
    if measure.scheme == "deciles":
        return np.arange(1.0, _DECILE_COUNT + 1)
    distinct = np.unique(known)
    if len(distinct) == 0:
        return distinct
    count = min(measure.classes, len(distinct))
    if count == len(distinct):
        return distinct
    if measure.scheme == "difference":
        greatest = float(np.abs(known).max())
        tops = np.linspace(-greatest, greatest, 2 * (count // 2) + 2)[1:]
    elif count == 1:
        tops = distinct[-1:]
    else:
        tops = _mapclassify_tops(measure.scheme, known, count)
    rounded = np.unique(np.round(tops, measure.decimals))
    rounded[-1] = max(rounded[-1], distinct[-1])
    return rounded


def _mapclassify_tops(scheme: str, known: npt.NDArray[np.float64], count: int) -> Any:
    if scheme == "equal":
        return mapclassify.EqualInterval(known, k=count).bins
    if scheme == "jenks":
        sample = known
        if len(known) > _MOST_JENKS:
            chosen = np.linspace(0, len(known) - 1, _MOST_JENKS).astype(int)
            sample = np.sort(known)[chosen]
        return mapclassify.FisherJenks(sample, k=count).bins
    return np.unique(mapclassify.Quantiles(known, k=count).bins)


def _labels(
    measure: Measure, tops: npt.NDArray[np.float64], values: npt.NDArray[np.float64]
) -> list[str]:
    if measure.scheme == "deciles":
        ends = {1: "1 (most deprived tenth)", _DECILE_COUNT: "10 (least deprived tenth)"}
        return [ends.get(decile, str(decile)) for decile in range(1, _DECILE_COUNT + 1)]
    if len(tops) == 0:
        return []
    step = 10.0**-measure.decimals
    lows = np.concatenate([[np.nanmin(values)], tops[:-1] + step])
    if measure.scheme == "difference":
        lows[0] = min(-tops[-1], lows[0])
    return [
        number_text(top, measure.decimals)
        if abs(top - low) < step / 2
        else f"{number_text(low, measure.decimals)} to {number_text(top, measure.decimals)}"
        for low, top in zip(lows.tolist(), tops.tolist(), strict=True)
    ]


def _colours(measure: Measure, count: int) -> tuple[str, ...]:
    if count == 0:
        return ()
    if measure.scheme == "deciles":
        return shades(measure.palette, count)[::-1]
    return shades("difference" if measure.scheme == "difference" else measure.palette, count)
