"""A day's rounds as one printable picture."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from ntgeo.domain.routing import RoutePlan, RoutingProblem
from ntgeo.reports.cartography import (
    HALO,
    Picture,
    draw_backdrop,
    frame_map,
    lay_out,
    save_picture,
    write_foot,
)
from ntgeo.reports.layers import RoutePaths, rounds_layers
from ntgeo.reports.plain import counted, day_text
from ntgeo.reports.svg import INK, drawing_style

__all__ = ["draw_rounds_picture"]

_COLOURS: Final = (
    "#0b6a86", "#c4500b", "#2e7d32", "#8a3fa0", "#a8780a", "#c2286b", "#3a4fb0", "#5b4636",
)  # fmt: skip
_DASHES: Final[tuple[Any, ...]] = ("solid", (0, (6, 1.5)), (0, (2.5, 1.2)), (0, (6, 1.5, 1.5, 1.5)))
_MOST_NUMBERS: Final = 150
_LEGEND_IN: Final = 2.7


def draw_rounds_picture(
    files: Iterable[Path],
    problem: RoutingProblem,
    plan: RoutePlan,
    picture: Picture,
    paths: RoutePaths | None = None,
) -> None:
    """Draw each round in its colour and dash, its visits numbered, and the unmade ones.

    Args:
        files: Where to; each ends in ``.png``, ``.svg`` or ``.pdf``.
        problem: The question.
        plan: Its answer.
        picture: Title, shapes, backdrop and sources.
        paths: The way to each stop; see ``rounds_layers``.
    """
    layers = rounds_layers(problem, plan, paths)
    routes, stops = layers["routes"], layers["stops"]
    with drawing_style():
        bounds = _extent(picture, layers)
        figure, (axes,) = lay_out(picture, bounds, side_in=_LEGEND_IN)
        draw_backdrop(axes, picture, has_land=True)
        entries = [_draw_route(axes, routes.iloc[[row]], stops, row) for row in range(len(routes))]
        entries += _draw_places(axes, layers["depots"], layers["unmade"])
        frame_map(axes, bounds)
        axes.legend(
            handles=entries,
            loc="upper left",
            bbox_to_anchor=(1.0, 1.0),
            fontsize=8.5,
            handlelength=3.2,
            labelspacing=0.9,
            alignment="left",
            title=day_text(problem.day),
            title_fontproperties={"weight": "bold", "size": 10},
        )
        straight = ""
        if routes["is_straight_line"].any():
            straight = " Straight lines stand for ways that are not known."
        write_foot(figure, picture, f"Travel times: {problem.travel.method}.{straight}")
        save_picture(files, figure)


def _draw_route(axes: Axes, route: gpd.GeoDataFrame, stops: gpd.GeoDataFrame, row: int) -> Line2D:
    """Draw a round and return its line for the legend."""
    turn = row // len(_COLOURS)
    colour, dash = _COLOURS[row % len(_COLOURS)], _DASHES[(row % 2 + 2 * turn) % len(_DASHES)]
    line = np.array(route.geometry.iloc[0].coords)
    axes.plot(line[:, 0], line[:, 1], color="white", lw=3.6, alpha=0.85, zorder=4 + row * 1e-3)
    axes.plot(line[:, 0], line[:, 1], color=colour, ls=dash, lw=2.1, zorder=4 + row * 1e-3 + 5e-4)
    shift = str(route["shift_id"].iloc[0])
    visits = stops[(stops["shift_id"] == shift) & (stops["kind"] == "visit")]
    axes.scatter(
        visits.geometry.x, visits.geometry.y, s=95, color=colour, edgecolors="white", zorder=6
    )
    if len(stops) <= _MOST_NUMBERS:
        _number(axes, visits)
    count, miles = int(route["visits"].iloc[0]), float(route["miles"].iloc[0])
    label = f"{shift}: {counted(count, 'visit')}, {miles:.1f} miles"
    return Line2D([], [], color=colour, ls=dash, lw=2.4, label=label)


def _number(axes: Axes, visits: gpd.GeoDataFrame) -> None:
    for number, point in zip(visits["visit_number"], visits.geometry, strict=True):
        axes.text(
            point.x,
            point.y,
            str(number),
            color="white",
            fontsize=6.5,
            fontweight="bold",
            ha="center",
            va="center_baseline",
            zorder=7,
        )


def _draw_places(axes: Axes, depots: gpd.GeoDataFrame, unmade: gpd.GeoDataFrame) -> list[Line2D]:
    """Draw depots and unmade visits and return their marks for the legend."""
    axes.scatter(
        depots.geometry.x, depots.geometry.y, s=150, marker="s", color=INK, edgecolors="white",
        linewidths=1.4, zorder=8,
    )  # fmt: skip
    for name, point in zip(depots["name"], depots.geometry, strict=True):
        axes.annotate(
            str(name),
            (point.x, point.y),
            xytext=(0, 9),
            textcoords="offset points",
            ha="center",
            fontsize=8.5,
            fontweight="bold",
            path_effects=HALO,
            zorder=9,
        )
    marks = [Line2D([], [], ls="", marker="s", ms=9, color=INK, label="Start and end")]
    if not unmade.empty:
        axes.scatter(
            unmade.geometry.x, unmade.geometry.y, s=75, marker="X", color="#b3261e",
            edgecolors="white", linewidths=1.2, zorder=8,
        )  # fmt: skip
        label = f"Not made: {counted(len(unmade), 'visit')}"
        marks.append(Line2D([], [], ls="", marker="X", ms=8, color="#b3261e", label=label))
    return marks


def _extent(picture: Picture, layers: dict[str, gpd.GeoDataFrame]) -> list[float]:
    """The extent of the rounds, widened a little; not of all areas, which may reach far beyond."""
    shapes = pd.concat([layers[name].geometry for name in ("routes", "depots", "unmade")])
    west, south, east, north = shapes.total_bounds
    if not np.isfinite([west, south, east, north]).all():
        return list(picture.areas.total_bounds)
    pad = 0.04 * max(east - west, north - south, 100.0)
    return [west - pad, south - pad, east + pad, north + pad]
