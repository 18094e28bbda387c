"""What charts are made of: colours, a figure, dumbbells, labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

from ntgeo.domain.units import SECONDS_PER_MINUTE

__all__ = [
    "AFTER",
    "BEFORE",
    "DECILES",
    "ROW_IN",
    "THOUSANDS",
    "WIDTH_IN",
    "WORSE",
    "blank_figure",
    "decile_label",
    "dumbbell",
    "label_rows",
    "legend_above",
    "minutes_of",
    "numbers_of",
    "short",
]

FloatArray = npt.NDArray[np.float64]

BEFORE: Final = "#6f7b83"
AFTER: Final = "#0b6a86"
WORSE: Final = "#c4500b"
WIDTH_IN: Final = 7.4
ROW_IN: Final = 0.3
DECILES: Final = 10
THOUSANDS: Final = StrMethodFormatter("{x:,.0f}")
_LONGEST_LABEL: Final = 34


def blank_figure(height_in: float) -> tuple[Figure, Axes]:
    """Return an empty figure of the width of a page."""
    figure = Figure(figsize=(WIDTH_IN, height_in), layout="constrained")
    return figure, figure.subplots()


def dumbbell(
    axes: Axes,
    first: FloatArray,
    second: FloatArray,
    labels: tuple[str, str],
    *,
    is_less_better: bool = True,
) -> None:
    """Two dots a row joined by a bar, orange where the second is worse."""
    rows = np.arange(len(first))
    is_worse = second > first if is_less_better else second < first
    axes.hlines(
        rows, first, second, colors=np.where(is_worse, WORSE, AFTER).tolist(), lw=3, alpha=0.45
    )
    open_dot: dict[str, Any] = {"mfc": "white", "mec": BEFORE, "mew": 2}
    axes.plot(first, rows, ls="", marker="o", ms=8, label=labels[0], **open_dot)
    axes.plot(second, rows, ls="", marker="D", ms=7, color=AFTER, label=labels[1])
    legend_above(axes, 2)


def legend_above(axes: Axes, columns: int) -> None:
    """Draw the legend over the chart, at its left."""
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1), ncols=columns, borderaxespad=0.2, handlelength=1.6
    )


def label_rows(axes: Axes, labels: Sequence[str]) -> None:
    """Name the rows of a chart, the first at the top."""
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)


def decile_label(decile: int) -> str:
    """Return a deprivation decile in words."""
    ends = {1: " (most deprived)", DECILES: " (least deprived)"}
    return f"Decile {decile}{ends.get(decile, '')}"


def short(text: str) -> str:
    """Return a name cut to what a chart has room for."""
    shown = " ".join(str(text).split())
    return shown if len(shown) <= _LONGEST_LABEL else shown[: _LONGEST_LABEL - 1] + "…"


def minutes_of(seconds: pd.Series) -> FloatArray:
    """Return seconds as minutes; missing is NaN."""
    return seconds.to_numpy(np.float64, na_value=np.nan) / SECONDS_PER_MINUTE


def numbers_of(cells: pd.Series) -> FloatArray:
    """Numbers of a column; a protected cell is missing."""
    return pd.to_numeric(cells, errors="coerce").to_numpy(np.float64, na_value=np.nan)
