"""A page of this room read back as blocks, so that print says what the page says, word for word.

The body of every page is well-formed XML (our templates write it, and escape every value), of
which this knows the few elements that they use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from xml.etree import ElementTree as ET

__all__ = ["page_blocks"]

Block = dict[str, Any]

_BODY: Final = re.compile(r"<body>.*</body>", re.DOTALL)
_SPACES: Final = re.compile(r"[ \t\r\n]+")
_HEADINGS: Final = {"h1": 1, "h2": 2, "h3": 3}
_ON_SCREEN: Final = "screen"
"""Class of what makes sense on a screen only."""
_QUIET: Final = ("note", "who")


def page_blocks(html: str) -> tuple[list[Block], str]:
    """Return the blocks of a page in order, and the text of its foot.

    Args:
        html: A page of this room.

    Raises:
        ValueError: It has no body.
    """
    found = _BODY.search(html)
    if found is None:
        msg = "the page has no body"
        raise ValueError(msg)
    body = ET.fromstring(found[0])  # noqa: S314 - our own templates wrote it just now
    foot = body.find("footer")
    return list(_blocks(body)), "" if foot is None else _text(foot)


def _blocks(parent: ET.Element) -> Iterator[Block]:
    for element in parent:
        kinds = element.get("class", "").split()
        if element.tag == "footer" or _ON_SCREEN in kinds:
            continue
        if element.tag == "section" and "sheet" in kinds:
            yield {"kind": "sheet"}
        made = _block(element, kinds)
        if made is None:
            yield from _blocks(element)
        else:
            yield made


def _block(element: ET.Element, kinds: list[str]) -> Block | None:
    """Return what an element says; ``None`` of one that only holds others."""
    text_of = _BY_CLASS.get(next(iter({*kinds} & {*_BY_CLASS}), "")) or _BY_TAG.get(element.tag)
    return None if text_of is None else text_of(element)


def _heading(element: ET.Element) -> Block:
    return {"kind": "heading", "level": _HEADINGS[element.tag], "text": _text(element)}


def _banner(element: ET.Element) -> Block:
    return {"kind": "banner", "text": _text(element)}


def _signature(element: ET.Element) -> Block:
    return {"kind": "sign", "labels": [_text(child) for child in element]}


def _paragraph(element: ET.Element) -> Block:
    is_quiet = element.get("class") in _QUIET
    return {"kind": "paragraph", "text": _text(element), "isQuiet": is_quiet}


def _list(element: ET.Element) -> Block:
    return {"kind": "list", "items": [_text(item) for item in element]}


def _figures(element: ET.Element) -> Block:
    return {"kind": "figures", "items": [_figure(part) for part in element]}


def _figure(part: ET.Element) -> list[str]:
    """Return label, figure and what stands beneath it."""
    label, value = part.findtext("dt") or "", part.find("dd")
    told = "" if value is None else _text(value)
    figure, _, beneath = told.partition("\n")
    return [label, figure, beneath]


def _table(element: ET.Element) -> Block:
    heads = element.findall("thead/tr")
    rows = element.findall("tbody/tr")
    return {
        "kind": "table",
        "caption": _text(caption) if (caption := element.find("caption")) is not None else "",
        "columns": max(sum(_span(cell) for cell in row) for row in [*heads, *rows]),
        "head": [[_cell(cell) for cell in row] for row in heads],
        "rows": [[_cell(cell) for cell in row] for row in rows],
        "hasTotal": bool(rows) and rows[-1].get("class") == "all",
    }


def _span(cell: ET.Element) -> int:
    return int(cell.get("colspan", "1"))


def _cell(cell: ET.Element) -> Block:
    kinds = cell.get("class", "").split()
    return {
        "text": _text(cell),
        "isHeading": cell.tag == "th",
        "isFigure": "n" in kinds,
        "isWide": "write" in kinds,
        "span": _span(cell),
    }


def _drawing(element: ET.Element) -> Block | None:
    title = _text(caption) if (caption := element.find("figcaption")) is not None else ""
    chart, picture = element.find("svg"), element.find("img")
    if chart is not None:
        alt = chart.findtext("desc") or title
        return {"kind": "chart", "title": title, "alt": alt, "svg": _svg(chart)}
    if picture is None:
        return None
    return {
        "kind": "chart",
        "title": title,
        "alt": picture.get("alt", title),
        "svg": _framed(picture),
    }


def _framed(picture: ET.Element) -> str:
    """Return a picture that stands in a page as a drawing that holds it."""
    size = {name: picture.get(name, "") for name in ("width", "height")}
    drawing = ET.Element("svg", size | {"viewBox": f"0 0 {size['width']} {size['height']}"})
    ET.SubElement(drawing, "image", size | {"href": picture.get("src", "")})
    return _svg(drawing)


def _svg(chart: ET.Element) -> str:
    """Return a drawing as a file of its own."""
    chart.tail = None
    chart.set("xmlns", "http://www.w3.org/2000/svg")
    chart.set("xmlns:xlink", "http://www.w3.org/1999/xlink")
    for element in chart.iter():
        if "href" in element.attrib:
            element.set("xlink:href", element.attrib.pop("href"))
    return ET.tostring(chart, encoding="unicode")


def _text(element: ET.Element) -> str:
    """Return the text of an element as a browser would lay it out: a line a break."""
    parts = [_SPACES.sub(" ", element.text or "")]
    for child in element:
        if _ON_SCREEN not in child.get("class", "").split():
            parts.append("\n" if child.tag == "br" else _text(child))
        parts.append(_SPACES.sub(" ", child.tail or ""))
    return "\n".join(line.strip() for line in "".join(parts).split("\n")).strip()


_BY_CLASS: Final = {"banner": _banner, "sign": _signature}
_BY_TAG: Final = {
    **dict.fromkeys(_HEADINGS, _heading),
    "p": _paragraph,
    "ul": _list,
    "ol": _list,
    "dl": _figures,
    "table": _table,
    "figure": _drawing,
}
