"""A siting plan as one printable picture: journeys today and in the plan, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ntgeo.domain.siting import SitingPlan, SitingProblem
from ntgeo.reports.cartography import (
    HALO,
    Picture,
    draw_backdrop,
    foot_height_in,
    frame_map,
    lay_out,
    save_picture,
    write_foot,
)
from ntgeo.reports.layers import siting_layers
from ntgeo.reports.plain import counted
from ntgeo.reports.siting_access import access_summary
from ntgeo.reports.svg import INK, QUIET, drawing_style

__all__ = ["draw_siting_picture", "round_breaks"]

_COLOURS: Final = ("#e2f0eb", "#bfe0d5", "#8fc5bf", "#4f9fa6", "#1f708c", "#123f63")
_MISSING: Final = "#d9d9d9"
_STEPS_MIN: Final = (0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10, 15, 20, 30, 60, 120)
_MOST_NAMES: Final = 15
_LEGEND_ROWS: Final = 2
_CLOSED_M: Final = 25.0
"""Shapes that leave gaps up to twice this between them are drawn as one catchment."""


class _Mark(NamedTuple):
    """How a kind of site is drawn: its shape says what its colour does."""

    marker: str
    fill: str
    edge: str
    size: float


_MARKS: Final = {
    "open": _Mark("o", "#c4500b", "white", 130),
    "opened": _Mark("*", "#c4500b", "white", 300),
    "kept open": _Mark("o", "#c4500b", "white", 130),
    "closed": _Mark("X", "#1c2b33", "white", 100),
    "not chosen": _Mark("o", "none", "#1c2b33", 22),
    "ruled out": _Mark("D", "none", "#1c2b33", 22),
    "another provider": _Mark("^", "#8a5fa8", "white", 70),
}

_SITE_LABELS: Final = {
    "open": "Open today",
    "opened": "Opened",
    "kept open": "Kept open",
    "closed": "Closed",
    "not chosen": "Not chosen",
    "ruled out": "Ruled out",
    "another provider": "Another provider",
}


def draw_siting_picture(
    files: Iterable[Path], problem: SitingProblem, plan: SitingPlan, picture: Picture
) -> None:
    """Draw the journey of each area today and in the plan, with sites and who goes where.

    Args:
        files: Where to; each ends in ``.png``, ``.svg`` or ``.pdf``.
        problem: The question.
        plan: Its answer.
        picture: Title, shapes, backdrop and sources.
    """
    layers = siting_layers(problem, plan, picture.areas)
    areas, sites = layers["areas"], layers["sites"]
    figures = access_summary(areas)
    today = sites[sites["is_open_today"] & (sites["decision"] != "another provider")]
    moments = ["after"] if today.empty else ["before", "after"]
    seconds = areas[[f"time_{moment}_s" for moment in moments]].to_numpy(float)
    breaks = round_breaks(seconds / 60)
    with drawing_style():
        figure, panels = lay_out(picture, picture.areas.total_bounds, panels=len(moments))
        for axes, moment in zip(panels, moments, strict=True):
            mean = figures[f"mean_{moment}_s"] / 60
            _draw_areas(axes, picture, areas, f"time_{moment}_s", breaks)
            if moment == "before":
                _draw_sites(axes, today.assign(decision="open"))
            else:
                layers["allocations"].plot(ax=axes, color=INK, lw=0.5, alpha=0.35, zorder=5)
                _draw_sites(axes, sites)
            when = "Today" if moment == "before" else "In the plan"
            told = "" if np.isnan(mean) else f": {mean:.1f} minutes on average"
            axes.set_title(f"{when}{told}", loc="left", fontsize=12, fontweight="bold")
            frame_map(axes, picture.areas.total_bounds)
        write_foot(
            figure,
            picture,
            f"{counted(len(plan.opened), 'site')} open in the plan. "
            f"Travel times: {problem.travel.method}.",
        )
        shown = set(sites["decision"]) | ({"open"} if len(moments) > 1 else set())
        _draw_legend(
            figure,
            foot_height_in(picture, float(figure.get_figwidth())),
            _entries(breaks, shown, areas),
        )
        save_picture(files, figure)


def round_breaks(minutes: np.ndarray) -> list[float]:
    """Return at most six class limits in round minutes, from 0 to above the longest."""
    known = minutes[~np.isnan(minutes)]
    longest = float(known.max()) if len(known) else 1.0
    wanted = [step for step in _STEPS_MIN if longest < step * len(_COLOURS)]
    step = wanted[0] if wanted else float(np.ceil(longest / len(_COLOURS)))
    count = max(1, int(np.floor(longest / step)) + 1)
    return [step * position for position in range(count + 1)]


def _draw_areas(
    axes: Axes, picture: Picture, areas: gpd.GeoDataFrame, column: str, breaks: Sequence[float]
) -> None:
    minutes = areas[column] / 60
    areas.assign(minutes=minutes).plot(
        ax=axes,
        column="minutes",
        cmap=ListedColormap(_COLOURS[: len(breaks) - 1]),
        norm=BoundaryNorm(breaks, max(1, len(breaks) - 1)),
        edgecolor="white",
        linewidth=0.5,
        missing_kwds={"color": _MISSING, "hatch": "///", "edgecolor": "white"},
        zorder=1,
    )
    draw_backdrop(axes, picture, has_land=False)
    unserved = areas[areas["is_unserved"]]
    if column == "time_after_s" and not unserved.empty:
        unserved.plot(ax=axes, color="none", edgecolor=INK, hatch="///", linewidth=0.8, zorder=4)
    if column == "time_after_s":
        served = areas[~areas["is_unserved"]]
        closed = served.set_geometry(served.geometry.buffer(_CLOSED_M, join_style="mitre"))
        catchments = closed.dissolve(closed["site_id"].str.split("; ").str[0]).geometry.buffer(
            -_CLOSED_M, join_style="mitre"
        )
        catchments.boundary.plot(ax=axes, color=INK, linewidth=1.1, alpha=0.75, zorder=4)


def _draw_sites(axes: Axes, sites: pd.DataFrame) -> None:
    for decision, mark in reversed(_MARKS.items()):
        part = sites[sites["decision"] == decision]
        axes.scatter(
            part["easting_m"],
            part["northing_m"],
            s=mark.size,
            marker=mark.marker,
            facecolors=mark.fill,
            edgecolors=mark.edge,
            linewidths=1.1,
            zorder=7,
        )
    named = sites[sites["decision"].isin({"open", "opened", "kept open"})]
    if len(named) > _MOST_NAMES:
        return
    for site in named.sort_values("site_id").itertuples():
        axes.annotate(
            _wrapped(str(site.name)),
            (site.easting_m, site.northing_m),
            xytext=(0, 9),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=8,
            fontweight="bold",
            linespacing=1.0,
            path_effects=HALO,
            zorder=8,
        )


def _wrapped(name: str) -> str:
    """A name on at most two lines of a map."""
    words, first = name.split(), ""
    while words and len(first) + len(words[0]) < 17:  # noqa: PLR2004 - about half a long name
        first = f"{first} {words.pop(0)}".strip()
    rest = " ".join(words)
    second = rest if len(rest) <= 20 else rest[:19] + "…"  # noqa: PLR2004 - as above
    return "\n".join(part for part in (first, second) if part)


def _entries(breaks: Sequence[float], shown: set[str], areas: pd.DataFrame) -> list[Any]:
    """What the legend tells: classes, what is not served or reached, and kinds of site."""
    classes: list[Any] = [
        Patch(facecolor=colour, edgecolor=QUIET, linewidth=0.5, label=f"{low:g}–{high:g} min")
        for low, high, colour in zip(breaks, breaks[1:], _COLOURS, strict=False)
    ]
    if areas["is_unserved"].any():
        classes.append(Patch(facecolor="white", edgecolor=INK, hatch="///", label="Not served"))
    if areas[["time_before_s", "time_after_s"]].isna().to_numpy().any():
        classes.append(
            Patch(facecolor=_MISSING, edgecolor="white", hatch="///", label="No way to a site")
        )
    return [*classes, *_site_marks(shown)]


def _draw_legend(figure: Figure, above_in: float, entries: list[Any]) -> None:
    width_in, height_in = figure.get_size_inches()
    figure.legend(
        handles=entries,
        loc="lower left",
        bbox_to_anchor=(0.2 / width_in, above_in / height_in),
        ncols=-(-len(entries) // _LEGEND_ROWS),
        fontsize=8.5,
        handletextpad=0.5,
        columnspacing=1.3,
        borderaxespad=0,
    )


def _site_marks(shown: set[str]) -> list[Line2D]:
    """Legend entries of the kinds of site that are drawn; open ones of both panels are one."""
    labels = dict(_SITE_LABELS)
    if "kept open" in shown:
        shown = shown - {"open"}
        labels["kept open"] = "Open"
    return [
        Line2D(
            [],
            [],
            ls="",
            marker=_MARKS[kind].marker,
            markersize=max(5.0, _MARKS[kind].size ** 0.5 * 0.8),
            markerfacecolor=_MARKS[kind].fill,
            markeredgecolor=_MARKS[kind].edge if _MARKS[kind].fill == "none" else "white",
            label=label,
        )
        for kind, label in labels.items()
        if kind in shown
    ]
