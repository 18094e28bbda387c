"""What every static picture of a plan has: page, backdrop, scale bar, north, sources."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import matplotlib.patheffects as path_effects
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ntgeo.domain.units import BRITISH_NATIONAL_GRID
from ntgeo.errors import CrsError, Fault
from ntgeo.files import replaced
from ntgeo.reports.clean_text import clean_text
from ntgeo.reports.svg import INK, QUIET

__all__ = [
    "HALO",
    "Picture",
    "draw_backdrop",
    "foot_height_in",
    "frame_map",
    "lay_out",
    "nice_length",
    "save_picture",
    "write_foot",
]

PAPER: Final = "#ffffff"
_LAND: Final = "#f4f4f1"
_WATER: Final = "#c9dde6"
_ROAD: Final = "#d9d6cf"
_MAIN_ROAD: Final = "#c6c1b7"
_BOUNDARY: Final = "#8a949a"
_MAIN_ROADS: Final = {"motorway", "trunk", "primary", "secondary"}
_DPI: Final = 160
_MARGIN_SHARE: Final = 0.03
_BAR_SHARE: Final = 0.3
_MAP_IN: Final = (6.6, 7.2)
_HEAD_IN: Final = 0.62
_PANEL_TITLE_IN: Final = 0.33
_LINE_IN: Final = 0.135
_LETTERS_AN_INCH: Final = 15
"""Of the foot's small print, with room to spare."""
_LEGEND_IN: Final = 0.55
_EDGE_IN: Final = 0.25
_NARROWEST_IN: Final = 7.5
HALO: Final = (path_effects.withStroke(linewidth=2.6, foreground="white"),)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picture:
    """What a static picture shows beside the plan itself. EPSG:27700 throughout.

    Args:
        title: At its head; untrusted text.
        areas: ``lsoa, name, geometry`` and, where known, ``ward, population, imd_decile``.
        roads: Lines; with a column ``highway`` (OSM values) main roads are drawn stronger.
        water: Polygons and lines.
        sources: Where figures and shapes come from, a sentence each.
        is_synthetic: Whether to say in the picture that the place is not real.
    """

    title: str
    areas: gpd.GeoDataFrame
    roads: gpd.GeoDataFrame | None = None
    water: gpd.GeoDataFrame | None = None
    sources: Sequence[str] = ()
    is_synthetic: bool = False

    def __post_init__(self) -> None:
        """Refuse layers in other coordinates."""
        for name in ("areas", "roads", "water"):
            layer = getattr(self, name)
            if layer is None or (
                layer.crs is not None and layer.crs.to_epsg() == BRITISH_NATIONAL_GRID
            ):
                continue
            raise CrsError(
                Fault(
                    file=name,
                    value=str(layer.crs),
                    what="the layer is not in British National Grid",
                    fix=f"reproject it to EPSG:{BRITISH_NATIONAL_GRID} first",
                    code="crs",
                )
            )


def draw_backdrop(axes: Axes, picture: Picture, *, has_land: bool) -> None:
    """Draw land, water and roads under everything else."""
    if has_land:
        in_order = picture.areas.sort_values("lsoa", kind="stable")
        in_order.plot(ax=axes, color=_LAND, edgecolor=PAPER, linewidth=0.4, zorder=1)
    if picture.water is not None and not picture.water.empty:
        picture.water.plot(ax=axes, color=_WATER, linewidth=1.0, zorder=2)
    if picture.roads is None or picture.roads.empty:
        return
    roads = picture.roads
    is_main = np.zeros(len(roads), dtype=bool)
    if "highway" in roads.columns:
        is_main = roads["highway"].isin(_MAIN_ROADS).to_numpy()
    over = 1.0 if has_land else 0.55
    for chosen, colour, width in ((~is_main, _ROAD, 0.5), (is_main, _MAIN_ROAD, 1.3)):
        if chosen.any():
            roads[chosen].plot(ax=axes, color=colour, linewidth=width, alpha=over, zorder=3)


def lay_out(
    picture: Picture, bounds: Sequence[float], *, panels: int = 1, side_in: float = 0.0
) -> tuple[Figure, list[Axes]]:
    """Return a page with room for a title, maps side by side in their own shape, and a foot.

    Args:
        picture: Its title is written.
        bounds: West, south, east and north of each map in metres.
        panels: How many maps.
        side_in: Room to the right of the maps for a legend, inches; without it there is room for
            one below them, and for a title over each.
    """
    west, south, east, north = _widened(bounds)
    widest_in, tallest_in = _MAP_IN
    scale = min(widest_in / (east - west), tallest_in / (north - south))
    width_in, height_in = scale * (east - west), scale * (north - south)
    wide_in = max(panels * (width_in + _EDGE_IN) + _EDGE_IN + side_in, _NARROWEST_IN)
    head_in = _HEAD_IN + (0 if side_in else _PANEL_TITLE_IN)
    foot_in = foot_height_in(picture, wide_in) + (0 if side_in else _LEGEND_IN)
    page_in = (wide_in, head_in + height_in + foot_in)
    figure = Figure(figsize=page_in)
    figure.text(
        _EDGE_IN / page_in[0],
        1 - 0.3 / page_in[1],
        picture.title,
        fontsize=17,
        fontweight="bold",
        va="center",
    )
    maps = []
    for number in range(panels):
        left = _EDGE_IN + number * (width_in + _EDGE_IN)
        place = (left / page_in[0], foot_in / page_in[1])
        axes = figure.add_axes((*place, width_in / page_in[0], height_in / page_in[1]))
        axes.set_xlim(west, east)
        axes.set_ylim(south, north)
        axes.set_axis_off()
        maps.append(axes)
    return figure, maps


def _widened(bounds: Sequence[float]) -> tuple[float, float, float, float]:
    west, south, east, north = bounds
    margin = _MARGIN_SHARE * max(east - west, north - south)
    return west - margin, south - 2.2 * margin, east + margin, north + margin


def foot_height_in(picture: Picture, width_in: float) -> float:
    """Return how much of a page so wide its small print takes, in inches."""
    return _LINE_IN * (2.5 + len(_source_lines(picture, width_in)))


def _source_lines(picture: Picture, width_in: float) -> list[str]:
    letters = int((width_in - 2 * _EDGE_IN) * _LETTERS_AN_INCH)
    return textwrap.wrap(" ".join(picture.sources), letters)


def write_foot(figure: Figure, picture: Picture, told: str) -> None:
    """Write what the reader must know and the sources at the foot of the page."""
    made_up = "Made-up place. " if picture.is_synthetic else ""
    width_in, height_in = figure.get_size_inches()
    figure.text(
        _EDGE_IN / width_in,
        _LINE_IN / height_in,
        "\n".join([f"{made_up}{told}", *_source_lines(picture, float(width_in))]),
        fontsize=7.5,
        color=QUIET,
        va="bottom",
    )


def frame_map(axes: Axes, bounds: Sequence[float]) -> None:
    """Set the extent, and draw a scale bar and north at the foot of the map.

    Args:
        axes: Of the map.
        bounds: West, south, east and north in metres.
    """
    west, south, east, _north = bounds
    left, bottom, right, top = _widened(bounds)
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    axes.set_aspect("equal")
    axes.set_axis_off()
    length_m = nice_length(_BAR_SHARE * (east - west))
    level = bottom + 0.4 * (south - bottom)
    axes.plot([west, west + length_m], [level] * 2, color=INK, lw=2, zorder=9)
    unit = f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"  # noqa: PLR2004
    axes.annotate(
        unit,
        (west + length_m, level),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        fontsize=8,
        path_effects=HALO,
        zorder=9,
    )
    axes.annotate(
        "N",
        xy=(0.985, 0.10),
        xytext=(0.985, 0.025),
        xycoords="axes fraction",
        ha="center",
        fontsize=9,
        fontweight="bold",
        arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.4},
        zorder=9,
    )


def nice_length(most: float) -> float:
    """Return the longest of 1, 2 or 5 times a power of ten that is not above ``most``."""
    power = 10.0 ** np.floor(np.log10(most))
    return float(power * max(step for step in (1, 2, 5) if step * power <= most * (1 + 1e-9)))


def save_picture(files: Iterable[Path], figure: Figure) -> None:
    """Write a figure by the ending of each name, the same bytes for the same figure.

    Raises:
        ValueError: An ending is not ``.png``, ``.svg`` or ``.pdf``.
    """
    silent: dict[str, dict[str, Any]] = {
        ".png": {"Software": None},
        ".svg": {"Date": None, "Creator": None},
        ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    }
    for path in files:
        ending = path.suffix.lower()
        if ending not in silent:
            msg = f'"{path.name}": a picture is written as {", ".join(sorted(silent))}'
            raise ValueError(msg)
        with replaced(path) as temporary:
            figure.savefig(
                temporary, format=ending[1:], dpi=_DPI, facecolor=PAPER, metadata=silent[ending]
            )
            if ending == ".svg":
                drawn = temporary.read_text(encoding="utf-8")
                temporary.write_text(clean_text(drawn), encoding="utf-8")
