"""Charts of rounds; each is drawn from a table that stands beside it in the report."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ntgeo.domain.rounds_words import money_text
from ntgeo.domain.units import SECONDS_PER_HOUR
from ntgeo.reports.chart_parts import (
    AFTER,
    ROW_IN,
    THOUSANDS,
    WIDTH_IN,
    blank_figure,
    label_rows,
    legend_above,
    short,
)
from ntgeo.reports.plain import counted, hours_text, percent_text
from ntgeo.reports.svg import INK, Chart, drawing_style, inline_svg

__all__ = ["balance_chart", "cost_chart", "shift_chart"]

FloatArray = npt.NDArray[np.float64]

_PARTS: Final = (
    (("service_s",), "Visits", AFTER, ""),
    (("travel_s", "parking_s"), "Travel, parking", "#e3a018", "///"),
    (("set_up_s",), "Set-up", "#c9b6dd", "xx"),
    (("break_s",), "Break", "#8fbfa5", "..."),
    (("wait_s",), "Waiting", "#f0c3a0", "\\\\\\"),
    (("spare_s",), "Spare", "#ffffff", ""),
)


def cost_chart(costs_table: pd.DataFrame) -> Chart:
    """Draw what the rounds cost, term by term.

    Args:
        costs_table: From ``rounds_costs_table``; terms that cost nothing are left out.
    """
    shown = costs_table[costs_table["cost_gbp"] != 0]
    amounts = shown["cost_gbp"].to_numpy(np.float64)
    told = [
        f"{name}: {money_text(gbp)}." for name, gbp in zip(shown["meaning"], amounts, strict=True)
    ]
    with drawing_style():
        figure, axes = blank_figure(0.9 + ROW_IN * max(len(shown), 2))
        axes.barh(np.arange(len(shown)), amounts, height=0.62, color=AFTER)
        for row, gbp in enumerate(amounts.tolist()):
            axes.annotate(
                money_text(gbp), (gbp, row), (4, 0), textcoords="offset points", va="center"
            )
        label_rows(axes, [short(name) for name in shown["meaning"]])
        axes.margins(x=0.14)
        axes.set_xlabel("Pounds")
        axes.xaxis.set_major_formatter(THOUSANDS)
        return inline_svg(
            figure,
            "rounds-cost",
            "What the rounds cost",
            " ".join(["A bar for each term of the cost.", *told]),
        )


def shift_chart(shifts_table: pd.DataFrame) -> Chart:
    """Draw how each shift's hours are spent.

    Args:
        shifts_table: From ``rounds_shifts_table``.
    """
    rows = np.arange(len(shifts_table))
    with drawing_style():
        figure, axes = blank_figure(1.3 + ROW_IN * max(len(rows), 2))
        left = np.zeros(len(rows))
        shown = [part for part in _PARTS if shifts_table[list(part[0])].to_numpy().any()]
        for columns, label, colour, hatch in shown:
            seconds = shifts_table[list(columns)].to_numpy(np.float64).sum(axis=1)
            length = np.maximum(seconds, 0) / SECONDS_PER_HOUR
            axes.barh(
                rows,
                length,
                left=left,
                height=0.64,
                label=label,
                color=colour,
                hatch=hatch,
                edgecolor=INK,
                linewidth=0.6,
            )
            left += length
        label_rows(axes, [short(name) for name in shifts_table["shift_id"]])
        axes.set_xlabel("Hours")
        legend_above(axes, len(shown))
        return inline_svg(
            figure,
            "shift-balance",
            "How each shift's hours are spent",
            "A bar for each shift. "
            + " ".join(
                f"{shift}: {percent_text(float(share))} on visits and travel."
                for shift, share in zip(
                    shifts_table["shift_id"], shifts_table["utilisation_share"], strict=True
                )
            ),
        )


def balance_chart(shifts_table: pd.DataFrame) -> Chart:
    """Draw the work and the visits of each shift, and how far apart most and least are.

    Args:
        shifts_table: From ``rounds_shifts_table``; at least one row.
    """
    work_h = shifts_table["work_s"].to_numpy(np.float64) / SECONDS_PER_HOUR
    overtime_h = shifts_table["overtime_s"].to_numpy(np.float64) / SECONDS_PER_HOUR
    visits = shifts_table["visits"].to_numpy(np.float64)
    with drawing_style():
        height_in = 1.3 + ROW_IN * max(len(shifts_table), 2)
        figure = Figure(figsize=(WIDTH_IN, height_in), layout="constrained")
        left, right = figure.subplots(1, 2, sharey=True)
        _balance_bars(left, work_h, "Work (hours)")
        rows = np.arange(len(work_h))
        if overtime_h.any():
            left.barh(
                rows, overtime_h, left=work_h - overtime_h, height=0.62, color="#e3a018",
                hatch="///", edgecolor=INK, linewidth=0.6, label="Of it overtime",
            )  # fmt: skip
            legend_above(left, 1)
        _balance_bars(right, visits, "Visits")
        label_rows(left, [short(name) for name in shifts_table["shift_id"]])
        right.xaxis.set_major_locator(MaxNLocator(integer=True))
        right.tick_params(axis="y", length=0)
        return inline_svg(
            figure,
            "work-balance",
            "Work and visits of each shift",
            "A bar for the work and one for the visits of each shift. "
            + " ".join(
                f"{shift}: {hours_text(float(work))} of work, {counted(int(count), 'visit')}."
                for shift, work, count in zip(
                    shifts_table["shift_id"], shifts_table["work_s"], visits, strict=True
                )
            ),
        )


def _balance_bars(axes: Axes, amounts: FloatArray, label: str) -> None:
    """Bars a shift, and a dashed line at the least and at the most of them."""
    axes.barh(np.arange(len(amounts)), amounts, height=0.62, color=AFTER)
    for end in {float(amounts.min()), float(amounts.max())}:
        axes.axvline(end, color=INK, lw=1.1, ls=(0, (4, 2)))
    axes.set_xlabel(f"{label}: spread {amounts.max() - amounts.min():.3g}")
    axes.grid(visible=False, axis="y")
