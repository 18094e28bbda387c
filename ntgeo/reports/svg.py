"""Matplotlib figures as accessible SVG, the same bytes for the same figure."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from xml.etree import ElementTree as ET

import matplotlib as mpl
from matplotlib.figure import Figure

from ntgeo.reports.clean_text import clean_text

__all__ = ["PAGE_FONT", "Chart", "drawing_style", "inline_svg"]

INK: Final = "#1c2b33"
QUIET: Final = "#5b6870"
RULE: Final = "#d5dde1"

_STYLE: Final[Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "ntgeo",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": RULE,
    "grid.linewidth": 0.8,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "legend.frameon": False,
    "hatch.linewidth": 0.7,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
}
PAGE_FONT: Final = "Arial, 'Liberation Sans', Helvetica, sans-serif"
_FONT: Final = re.compile(r"font:\s*((?:[a-z0-9]+\s+)*?[\d.]+px)\s[^;]*")
_REFERENCE: Final = re.compile(r"url\(#([^)]+)\)")
_HREF: Final = "{http://www.w3.org/1999/xlink}href"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart ready for a page.

    Args:
        slug: Unique on the page; prefix of the ids within the drawing.
        title: What it shows.
        description: What is to be seen in it, in words, for those who cannot see it.
        svg: The drawing as an ``<svg>`` element for a page.
    """

    slug: str
    title: str
    description: str
    svg: str


@contextmanager
def drawing_style() -> Iterator[None]:
    """Draw in ntgeo's style, text as text, and without a warning for a letter a font lacks."""
    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield


def inline_svg(figure: Figure, slug: str, title: str, description: str) -> Chart:
    """Return a figure as a chart whose ids are its own, named and described for screen readers."""
    title, description = clean_text(title), clean_text(description)
    written = io.BytesIO()
    with drawing_style():
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    drawn = clean_text(written.getvalue().decode("utf-8"))
    root = ET.fromstring(drawn)  # noqa: S314 - matplotlib wrote it just now
    _strip(root)
    _rename_ids(root, slug)
    root.attrib.pop("width", None)
    root.attrib.pop("height", None)
    root.attrib |= {
        "class": "chart",
        "role": "img",
        "aria-labelledby": f"{slug}-title {slug}-desc",
        "stroke-linejoin": "round",
    }
    for position, (tag, text) in enumerate((("title", title), ("desc", description))):
        named = ET.Element(tag, {"id": f"{slug}-{tag}"})
        named.text = text
        root.insert(position, named)
    svg = ET.tostring(root, encoding="unicode")
    return Chart(slug=slug, title=title, description=description, svg=svg)


def _strip(root: ET.Element) -> None:
    """Take out name spaces, metadata and the style sheet, which would reach the whole page."""
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag.rsplit("}", 1)[-1] in {"metadata", "style"}:
                parent.remove(child)
    for element in root.iter():
        element.tag = element.tag.rsplit("}", 1)[-1]
        if _HREF in element.attrib:
            element.attrib["href"] = element.attrib.pop(_HREF)
        if "style" in element.attrib:
            element.attrib["style"] = _FONT.sub(rf"font: \1 {PAGE_FONT}", element.attrib["style"])


def _rename_ids(root: ET.Element, slug: str) -> None:
    """Prefix the ids that something refers to with ``slug``, and drop the others."""
    used: set[str] = set()
    for element in root.iter():
        for name, value in element.attrib.items():
            used.update(_REFERENCE.findall(value))
            if name == "href":
                used.add(value.removeprefix("#"))
    for element in root.iter():
        own = element.attrib.pop("id", None)
        if own in used:
            element.attrib["id"] = f"{slug}-{own}"
        for name, value in list(element.attrib.items()):
            if name == "href":
                element.attrib[name] = f"#{slug}-{value.removeprefix('#')}"
            elif name != "id":
                element.attrib[name] = _REFERENCE.sub(rf"url(#{slug}-\1)", value)
