"""Styles that QGIS gives the layers of a GeoPackage when it opens them.

QGIS keeps them in a table ``layer_styles`` of the same file, as QML (the XML of its own style
files). Other readers see a table more and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd

__all__ = ["STYLES_TABLE", "layer_styles"]

STYLES_TABLE: Final = "layer_styles"
_GEOMETRY_COLUMN: Final = "geom"
_UPDATED: Final = "2000-01-01T00:00:00.000Z"
_INK: Final = "28,43,51,255"
_WHITE: Final = "255,255,255,255"
_CLASSES: Final = (
    *("226,240,235,255", "191,224,213,255", "143,197,191,255"),
    *("79,159,166,255", "31,112,140,255"),
)
_SHIFTS: Final = (
    *("11,106,134,255", "196,80,11,255", "46,125,50,255", "138,63,160,255"),
    *("168,120,10,255", "194,40,107,255", "58,79,176,255", "91,70,54,255"),
)
_SITES: Final = {
    "opened": ("star", "196,80,11,255", "5.5"),
    "kept open": ("circle", "196,80,11,255", "4"),
    "closed": ("cross_fill", _INK, "4"),
    "not chosen": ("circle", _WHITE, "2"),
    "ruled out": ("diamond", _WHITE, "2.4"),
    "another provider": ("triangle", "138,95,168,255", "3.4"),
}
_STOPS: Final = {
    "start": ("square", _INK, "4"),
    "visit": ("circle", "11,106,134,255", "3"),
    "break": ("triangle", "143,191,165,255", "3"),
    "end": ("square", _INK, "4"),
}

_MARKS: Final = {"sites": _SITES, "stops": _STOPS}
_STYLED_BY: Final = {
    "areas": "time_after_s",
    "sites": "decision",
    "stops": "kind",
    "routes": "shift_id",
}


def layer_styles(layers: Mapping[str, gpd.GeoDataFrame]) -> pd.DataFrame:
    """Return the styles of the layers that ntgeo knows by name, as QGIS keeps them.

    Args:
        layers: Name → frame, as from ``siting_layers`` and ``rounds_layers``.

    Returns:
        One row a style: the columns of QGIS's table ``layer_styles``.
    """
    styles = {name: _style_of(name, frame) for name, frame in layers.items()}
    known = {name: style for name, style in styles.items() if style is not None}
    return pd.DataFrame(
        {
            "f_table_catalog": [""] * len(known),
            "f_table_schema": [""] * len(known),
            "f_table_name": list(known),
            "f_geometry_column": [_GEOMETRY_COLUMN] * len(known),
            "styleName": [f"ntgeo {name}" for name in known],
            "styleQML": [_qml(style) for style in known.values()],
            "styleSLD": [""] * len(known),
            "useAsDefault": np.ones(len(known), dtype=bool),
            "description": ["Written by ntgeo"] * len(known),
            "owner": [""] * len(known),
            "ui": [""] * len(known),
            "update_time": [_UPDATED] * len(known),
        }
    )


def _style_of(name: str, frame: gpd.GeoDataFrame) -> ET.Element | None:
    column = _STYLED_BY.get(name)
    if column is not None and column not in frame.columns:
        return None
    if name == "areas":
        return _graduated("time_after_s", frame["time_after_s"])
    if name == "routes":
        shifts = sorted({str(shift) for shift in frame["shift_id"]})
        colours = (_SHIFTS[number % len(_SHIFTS)] for number in range(len(shifts)))
        lines = {s: _line(colour, "0.9") for s, colour in zip(shifts, colours, strict=True)}
        return _categorised("shift_id", lines)
    if name in _MARKS:
        marks = {value: _marker(*mark) for value, mark in _MARKS[name].items()}
        return _categorised(str(column), marks)
    symbols = {
        "allocations": _line("28,43,51,110", "0.2"),
        "depots": _marker("square", _INK, "4.5"),
        "unmade": _marker("cross_fill", "179,38,30,255", "4"),
    }
    return _single(symbols[name]) if name in symbols else None


def _qml(renderer: ET.Element) -> str:
    root = ET.Element("qgis", {"version": "3.28.0", "styleCategories": "Symbology"})
    root.append(renderer)
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{_text(root)}"


def _text(element: ET.Element) -> str:
    return ET.tostring(element, encoding="unicode")


def _single(symbol: ET.Element) -> ET.Element:
    renderer = ET.Element("renderer-v2", {"type": "singleSymbol"})
    _symbols(renderer, [symbol])
    return renderer


def _categorised(column: str, symbols: Mapping[str, ET.Element]) -> ET.Element:
    renderer = ET.Element("renderer-v2", {"type": "categorizedSymbol", "attr": column})
    categories = ET.SubElement(renderer, "categories")
    for number, value in enumerate(symbols):
        ET.SubElement(
            categories,
            "category",
            {
                "symbol": str(number),
                "type": "string",
                "value": value,
                "label": value,
                "render": "true",
            },
        )
    _symbols(renderer, list(symbols.values()))
    return renderer


def _graduated(column: str, values: pd.Series) -> ET.Element:
    """Five classes of equally many areas, in minutes."""
    known = values.dropna().to_numpy(float)
    limits = np.quantile(known, np.linspace(0, 1, len(_CLASSES) + 1)) if len(known) else np.zeros(2)
    limits = np.unique(limits)
    if len(limits) == 1:
        limits = np.repeat(limits, 2)
    renderer = ET.Element(
        "renderer-v2",
        {"type": "graduatedSymbol", "attr": column, "graduatedMethod": "GraduatedColor"},
    )
    ranges = ET.SubElement(renderer, "ranges")
    for number, (low, high) in enumerate(pairwise(limits)):
        ET.SubElement(
            ranges,
            "range",
            {
                "symbol": str(number),
                "lower": f"{low:.12g}",
                "upper": f"{high:.12g}",
                "label": f"{low / 60:.1f} to {high / 60:.1f} min",
                "render": "true",
            },
        )
    _symbols(renderer, [_fill(colour) for colour in _CLASSES[: len(limits) - 1]])
    return renderer


def _symbols(renderer: ET.Element, symbols: Sequence[ET.Element]) -> None:
    holder = ET.SubElement(renderer, "symbols")
    for number, symbol in enumerate(symbols):
        symbol.set("name", str(number))
        holder.append(symbol)


def _symbol(kind: str, layer: str, options: Mapping[str, str]) -> ET.Element:
    symbol = ET.Element("symbol", {"type": kind, "alpha": "1", "clip_to_extent": "1"})
    drawn = ET.SubElement(symbol, "layer", {"class": layer, "enabled": "1", "pass": "0"})
    listed = ET.SubElement(drawn, "Option", {"type": "Map"})
    for name, value in options.items():
        ET.SubElement(listed, "Option", {"name": name, "type": "QString", "value": value})
    return symbol


def _marker(shape: str, colour: str, size_mm: str) -> ET.Element:
    outline = _INK if colour == _WHITE else _WHITE
    return _symbol(
        "marker",
        "SimpleMarker",
        {
            "name": shape,
            "color": colour,
            "outline_color": outline,
            "outline_width": "0.3",
            "outline_width_unit": "MM",
            "size": size_mm,
            "size_unit": "MM",
        },
    )


def _line(colour: str, width_mm: str) -> ET.Element:
    return _symbol(
        "line",
        "SimpleLine",
        {"line_color": colour, "line_width": width_mm, "line_width_unit": "MM"},
    )


def _fill(colour: str) -> ET.Element:
    return _symbol(
        "fill",
        "SimpleFill",
        {
            "color": colour,
            "style": "solid",
            "outline_color": _WHITE,
            "outline_style": "solid",
            "outline_width": "0.2",
            "outline_width_unit": "MM",
        },
    )
