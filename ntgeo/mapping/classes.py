"""Classes of a choropleth: figures → a colour each, and the legend that explains them."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

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
"""Above so many figures Jenks' exact search is too slow; an even sample then stands for all."""
_DECILE_COUNT: Final = 10
_TOP_DECIMALS: Final = 9
"""So that a figure at the very end of a class is in it, whatever interpolation makes of it."""


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

    Figures are rounded as they are shown before they are classed, and each class is named by the
    least and the greatest figure in it, so that a reader who looks up a figure in the legend finds
    the colour on the map. Classes without a figure are left out, but for deciles.

    Args:
        measure: What and how.
        figures: A row an area, with the measure's columns.
    """
    values = np.round(figures[measure.column].to_numpy(dtype=np.float64), measure.decimals)
    withheld = np.zeros(len(values), dtype=bool)
    if measure.withheld_column is not None:
        withheld = figures[measure.withheld_column].to_numpy(dtype=bool)
        values = np.where(withheld, np.nan, values)
    rows, class_of = _value_classes(measure, values)
    for hatch, label, is_so in (
        ("withheld", WITHHELD_TEXT, withheld),
        ("no-data", NO_DATA_TEXT, np.isnan(values) & ~withheld),
    ):
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


def _value_classes(
    measure: Measure, values: npt.NDArray[np.float64]
) -> tuple[list[tuple[str, str, str]], npt.NDArray[np.intp]]:
    """Return label, colour and (no) hatch of each class, and the class of each figure."""
    known = values[~np.isnan(values)]
    if measure.scheme == "deciles":
        colours = shades(measure.palette, _DECILE_COUNT)[::-1]
        rows = [(_decile_label(i + 1), colour, "") for i, colour in enumerate(colours)]
        return rows, np.clip(np.nan_to_num(values, nan=1.0), 1, _DECILE_COUNT).astype(np.intp) - 1
    if len(known) == 0:
        return [], np.zeros(len(values), dtype=np.intp)
    tops = _class_tops(measure, known)
    palette = "difference" if measure.scheme == "difference" else measure.palette
    colours = shades(palette, len(tops))
    found = np.minimum(np.searchsorted(tops, values, side="left"), len(tops) - 1)
    used = np.unique(found[~np.isnan(values)])
    rows = []
    for position in used.tolist():
        inside = values[(found == position) & ~np.isnan(values)]
        label = _range_text(inside.min(), inside.max(), measure.decimals)
        rows.append((label, colours[position], ""))
    return rows, np.searchsorted(used, np.minimum(found, used[-1]))


def _class_tops(measure: Measure, known: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the upper end of each class, ascending; no figure lies above the last."""
    distinct = np.unique(known)
    if measure.scheme == "difference":
        greatest = float(np.abs(known).max())
        return np.linspace(-greatest, greatest, 2 * (measure.classes // 2) + 2)[1:]
    if len(distinct) <= measure.classes or measure.classes == 1:
        return distinct if len(distinct) <= measure.classes else distinct[-1:]
    shares = np.linspace(0, 1, measure.classes + 1)[1:]
    if measure.scheme == "quantile":  # equal figures make fewer classes, which the legend shows
        return np.unique(np.round(np.quantile(known, shares), _TOP_DECIMALS))
    if measure.scheme == "equal":
        return np.append(distinct[0] + shares[:-1] * np.ptp(distinct), distinct[-1])
    return _natural_breaks(np.sort(known), measure.classes)


def _natural_breaks(ordered: npt.NDArray[np.float64], count: int) -> npt.NDArray[np.float64]:
    import mapclassify  # noqa: PLC0415 - compiles its kernels on import, for seconds

    if len(ordered) > _MOST_JENKS:
        ordered = ordered[np.linspace(0, len(ordered) - 1, _MOST_JENKS).astype(int)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of figures that are often equal
        return np.unique(mapclassify.FisherJenks(ordered, k=count).bins)


def _decile_label(decile: int) -> str:
    ends = {1: "1 (most deprived tenth)", _DECILE_COUNT: "10 (least deprived tenth)"}
    return ends.get(decile, str(decile))


def _range_text(low: float, high: float, decimals: int) -> str:
    first, last = number_text(low, decimals), number_text(high, decimals)
    return first if first == last else f"{first} to {last}"
