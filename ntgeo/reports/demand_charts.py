"""Charts of demand; each is drawn from a table that stands beside it in the report."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ntgeo.reports.chart_parts import (
    AFTER,
    DECILES,
    ROW_IN,
    THOUSANDS,
    WIDTH_IN,
    blank_figure,
    decile_label,
    dumbbell,
    label_rows,
    numbers_of,
    short,
)
from ntgeo.reports.svg import Chart, drawing_style, inline_svg

__all__ = ["expected_chart", "use_rate_chart"]

_MOST_PANELS: Final = 8


def expected_chart(by_decile: pd.DataFrame, *, service: str) -> Chart:
    """Draw observed against expected use of a service, a line a deprivation decile.

    Args:
        by_decile: ``imd_decile, observed, expected`` of one service.
        service: Its name.
    """
    observed, expected = (numbers_of(by_decile[name]) for name in ("observed", "expected"))
    deciles = by_decile["imd_decile"].astype(int).tolist()
    with drawing_style():
        figure, axes = blank_figure(1.3 + ROW_IN * max(len(deciles), 3))
        dumbbell(axes, expected, observed, ("Expected", "Observed"), is_less_better=False)
        label_rows(axes, [decile_label(decile) for decile in deciles])
        axes.set_xlabel("Uses")
        axes.xaxis.set_major_formatter(THOUSANDS)
        axes.set_xlim(left=0)
        return inline_svg(
            figure,
            "observed-expected",
            f"Observed and expected use of {service}",
            "A row for each deprivation decile. "
            + " ".join(
                f"Decile {decile}: {seen:,.0f} observed, {due:,.0f} expected."
                for decile, seen, due in zip(deciles, observed, expected, strict=True)
                if not (np.isnan(seen) or np.isnan(due))
            ),
        )


def use_rate_chart(by_decile: pd.DataFrame) -> Chart:
    """Draw the rate of use by deprivation decile with 95 % limits, a panel a service.

    Args:
        by_decile: ``service, imd_decile, rate_per_1000, ci_low, ci_high``; the first eight
            services in order of name are drawn.
    """
    services = sorted(by_decile["service"].unique())[:_MOST_PANELS]
    columns = 1 if len(services) == 1 else 2
    rows = -(-len(services) // columns)
    told: list[str] = []
    with drawing_style():
        figure = Figure(figsize=(WIDTH_IN, 0.3 + 2.3 * rows), layout="constrained")
        panels = figure.subplots(rows, columns, squeeze=False, sharex=True).ravel()
        for axes, service in zip(panels, services, strict=False):
            told.append(_draw_rates(axes, by_decile[by_decile["service"] == service], service))
        for axes in panels[len(services) :]:
            axes.set_visible(False)
        figure.supxlabel("Deprivation decile (1 is the most deprived)", fontsize=9.5)
        figure.supylabel("Uses per 1,000 residents", fontsize=9.5)
        return inline_svg(
            figure,
            "use-rate",
            "Use by deprivation decile, with 95% confidence limits",
            " ".join(told) or "No rate can be shown.",
        )


def _draw_rates(axes: Axes, part: pd.DataFrame, service: str) -> str:
    decile = part["imd_decile"].to_numpy(np.float64)
    rate, low, high = (numbers_of(part[name]) for name in ("rate_per_1000", "ci_low", "ci_high"))
    axes.vlines(decile, low, high, color=AFTER, lw=2, alpha=0.55)
    axes.plot(decile, rate, color=AFTER, marker="o", ms=4.5, lw=1.2)
    axes.set_title(short(service), loc="left", fontsize=9.5, fontweight="bold")
    axes.set_xticks(range(1, DECILES + 1))
    axes.set_xlim(0.5, DECILES + 0.5)
    axes.set_ylim(0, max(1.0, 1.08 * float(np.nanmax([*high, *rate, 0.0]))))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.grid(visible=False, axis="x")
    known = ~np.isnan(rate)
    if not known.any():
        return ""
    first, last = np.flatnonzero(known)[[0, -1]]
    return (
        f"{service}: {rate[first]:,.1f} in decile {decile[first]:.0f}, "
        f"{rate[last]:,.1f} in decile {decile[last]:.0f}."
    )
