"""Charts of plans; each is drawn from a table that stands beside it in the report.

Colours are told apart by people with any common colour blindness, and a shape, dash or hatch says
the same again.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.ticker import PercentFormatter

from ntgeo.domain.units import SECONDS_PER_MINUTE
from ntgeo.reports.chart_parts import (
    AFTER,
    BEFORE,
    ROW_IN,
    THOUSANDS,
    WORSE,
    blank_figure,
    decile_label,
    dumbbell,
    label_rows,
    legend_above,
    minutes_of,
    short,
)
from ntgeo.reports.equity import gini_share, lorenz_curve
from ntgeo.reports.plain import amount_text, joined, minutes_text, percent_text
from ntgeo.reports.svg import INK, Chart, drawing_style, inline_svg

__all__ = [
    "access_chart",
    "coverage_chart",
    "lorenz_chart",
    "utilisation_chart",
]

FloatArray = npt.NDArray[np.float64]

_NEAR_CAPACITY: Final = 2.5
"""A capacity above so many times the longest bar is told in words, not drawn."""
_BRACKETS: Final = "; in brackets, the share of its capacity"


def access_chart(by_decile: pd.DataFrame) -> Chart:
    """Draw the mean journey before and after, a line a deprivation decile.

    Args:
        by_decile: From ``access_by_decile_table``.
    """
    before = minutes_of(by_decile["mean_before_s"])
    after = minutes_of(by_decile["mean_after_s"])
    deciles = by_decile["imd_decile"].astype(int).tolist()
    with drawing_style():
        figure, axes = blank_figure(1.3 + ROW_IN * max(len(deciles), 3))
        dumbbell(axes, before, after, ("Today", "In the plan"))
        label_rows(axes, [decile_label(decile) for decile in deciles])
        axes.set_xlabel("Mean journey to the nearest open site (minutes)")
        axes.set_xlim(left=0)
        return inline_svg(
            figure,
            "access-by-decile",
            "Mean journey by deprivation, today and in the plan",
            "A row for each deprivation decile. "
            + " ".join(
                f"Decile {decile}: {_told(was, now)}."
                for decile, was, now in zip(deciles, before, after, strict=True)
            ),
        )


def _told(was: float, now: float) -> str:
    if np.isnan(now):
        return "no way to any open site"
    if np.isnan(was):
        return f"{now:.1f} minutes in the plan, no way today"
    return f"{was:.1f} minutes today, {now:.1f} in the plan"


def coverage_chart(areas_table: pd.DataFrame, *, travel_limit_s: float | None = None) -> Chart:
    """Draw the share of demand within each travel time, before and after.

    Args:
        areas_table: From ``siting_areas_table``.
        travel_limit_s: Drawn as a line, where there is one.
    """
    demand = areas_table["demand"].to_numpy(np.float64)
    before, after = (minutes_of(areas_table[f"time_{when}_s"]) for when in ("before", "after"))
    with drawing_style():
        figure, axes = blank_figure(3.4)
        told = []
        for times, label, colour, dash in (
            (before, "Today", BEFORE, (0, (5, 2))),
            (after, "In the plan", AFTER, "solid"),
        ):
            if np.isnan(times).all():
                continue
            minutes, share = _cumulative(times, demand)
            axes.step(minutes, share, where="post", color=colour, lw=2.4, ls=dash, label=label)
            half = minutes[int(np.searchsorted(share, 0.5))] if share[-1] >= 0.5 else None  # noqa: PLR2004
            if half is not None:
                told.append(f"{label.lower()}, half of the demand is within {half:.1f} minutes")
        if travel_limit_s is not None:
            axes.axvline(travel_limit_s / SECONDS_PER_MINUTE, color=INK, lw=1.2, ls=":")
            axes.annotate(
                f" limit {minutes_text(travel_limit_s)}",
                (travel_limit_s / SECONDS_PER_MINUTE, 0.02),
                fontsize=8.5,
            )
        axes.set_xlabel("Minutes to the nearest open site")
        axes.set_ylabel("Share of demand")
        axes.set_ylim(0, 1.02)
        axes.set_xlim(left=0)
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        if axes.lines:
            axes.legend(loc="lower right")
        return inline_svg(
            figure,
            "coverage",
            "Share of demand within each travel time",
            f"Two rising lines: {joined(told)}." if told else "No area can reach an open site.",
        )


def _cumulative(times: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    has_way = ~np.isnan(times)
    order = np.argsort(times[has_way], kind="stable")
    minutes = times[has_way][order]
    share = np.cumsum(weights[has_way][order]) / weights.sum()
    return np.concatenate([[0.0], minutes]), np.concatenate([[0.0], share])


def lorenz_chart(areas_table: pd.DataFrame) -> Chart:
    """Draw how evenly journeys are spread, before and after.

    Args:
        areas_table: From ``siting_areas_table``.
    """
    demand = areas_table["demand"].to_numpy(np.float64)
    told = []
    with drawing_style():
        figure, axes = blank_figure(3.6)
        axes.plot([0, 1], [0, 1], color=INK, lw=1, ls=":", label="All alike")
        for when, label, colour, dash in (
            ("before", "Today", BEFORE, (0, (5, 2))),
            ("after", "In the plan", AFTER, "solid"),
        ):
            times = areas_table[f"time_{when}_s"].to_numpy(np.float64)
            if np.isnan(times).all():
                continue
            axes.plot(*lorenz_curve(times, demand), color=colour, lw=2.4, ls=dash, label=label)
            told.append(f"{label.lower()}, a Gini coefficient of {gini_share(times, demand):.2f}")
        axes.set_xlabel("Share of demand, the shortest journeys first")
        axes.set_ylabel("Share of all travel")
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        axes.set_aspect("equal")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axes.legend(loc="upper left")
        return inline_svg(
            figure,
            "lorenz",
            "How evenly journeys are spread",
            f"Two curves below a diagonal: {joined(told)}. Nearer to the diagonal is more even.",
        )


def utilisation_chart(sites_table: pd.DataFrame, *, demand_unit: str = "demand") -> Chart:
    """Draw the demand each open site serves, with its capacity where it has one.

    Args:
        sites_table: From ``siting_sites_table``.
        demand_unit: What demand counts, in words.
    """
    sites = sites_table[sites_table["is_open_in_plan"]].sort_values(
        ["demand", "site_id"], ascending=[False, True]
    )
    demand, capacity = (sites[name].to_numpy(np.float64) for name in ("demand", "capacity"))
    rows = np.arange(len(sites))
    longest = float(np.nanmax([*demand, 1.0]))
    near = np.where(capacity <= _NEAR_CAPACITY * longest, capacity, np.nan)
    with drawing_style():
        figure, axes = blank_figure(1.0 + ROW_IN * max(len(sites), 2))
        colours = np.where(demand > capacity, WORSE, AFTER).tolist()
        axes.barh(rows, demand, height=0.62, color=colours)
        axes.plot(near, rows, ls="", marker="|", ms=15, mew=2.6, color=INK, label="Capacity")
        for row, amount, most in zip(rows, demand, capacity, strict=True):
            axes.annotate(
                f"{amount_text(float(amount))}{_in_brackets(amount, most)}",
                (amount, row),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                fontsize=8.5,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.8},
            )
        label_rows(axes, [short(name) for name in sites["name"]])
        axes.set_xlim(0, 1.2 * float(np.nanmax([longest, *near])))
        told = "" if np.isnan(capacity).all() else _BRACKETS
        axes.set_xlabel(f"Demand served ({short(demand_unit)}){told}")
        if not np.isnan(near).all():
            legend_above(axes, 1)
        axes.xaxis.set_major_formatter(THOUSANDS)
        return inline_svg(
            figure,
            "utilisation",
            "Demand served by each open site",
            "A bar for each open site. "
            + " ".join(
                f"{name}: {amount_text(float(amount))}{_of_capacity(amount, most)}."
                for name, amount, most in zip(sites["name"], demand, capacity, strict=True)
            ),
        )


def _in_brackets(amount: float, capacity: float) -> str:
    return f" ({percent_text(amount / capacity)})" if capacity > 0 else ""


def _of_capacity(amount: float, capacity: float) -> str:
    if np.isnan(capacity) or capacity <= 0:
        return ""
    return f", {percent_text(amount / capacity)} of its capacity"
