"""Ways as the lines of text that osmium writes, read into a draft.

Asking osmium for every point of every way, a Python object each, takes three times as long as
letting it write the ways as text and reading that.

Source: "OPL File Format Manual", osmcode.org.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from ntgeo.roads.building.extract import WAY_KEYS, ExtractDraft
from ntgeo.roads.tags import is_road

__all__ = ["OPL_FORMAT", "add_opl_ways"]

OPL_FORMAT: Final = "opl,locations_on_ways=true,add_metadata=timestamp"
"""How osmium must be told to write the ways, with the places of their points."""
_LINES_AT_ONCE: Final = 1 << 15
_ESCAPED: Final = re.compile("%([0-9a-f]+)%")
_EXACT_FLOATS: Final = 1 << 53
_NUMBERS_A_POINT: Final = 3


def add_opl_ways(draft: ExtractDraft, path: Path) -> str:
    """Add the roads of a file of ways; return when the newest was last edited, empty if untold.

    Raises:
        ValueError: A line is not as osmium writes it, or the id of a point is beyond 2**53.
    """
    newest = ""
    with path.open(encoding="utf-8") as lines:
        while chunk := list(islice(lines, _LINES_AT_ONCE)):
            newest = max(newest, _add_lines(draft, chunk))
    return newest.replace("Z", "+00:00")


def _add_lines(draft: ExtractDraft, lines: Sequence[str]) -> str:
    newest, points = "", []
    for line in lines:
        fields = {field[0]: field[1:] for field in line.split()}
        tags = _tags_of(fields.get("T", ""))
        if not is_road(tags):
            continue
        newest = max(newest, fields.get("t", ""))
        told = fields.get("N", "")
        draft.add_way(int(fields["w"]), told.count("n"), tags.items())
        points.append(told)
    _add_points(draft, points)
    return newest


def _tags_of(text: str) -> dict[str, str]:
    """Return the tags that matter, of ``key=value,key=value``."""
    tags = {}
    for pair in text.split(","):
        key, _, value = pair.partition("=")
        if key in WAY_KEYS:
            tags[key] = _ESCAPED.sub(_unescaped, value) if "%" in value else value
    return tags


def _unescaped(code: re.Match[str]) -> str:
    return chr(int(code[1], 16))


def _add_points(draft: ExtractDraft, told: Sequence[str]) -> None:
    """Add points told as ``n1x-1.5y55.0``, or ``n1xy`` where the file lacks the place."""
    text = ",".join(filter(None, told)).replace("xy", "xnanynan")
    for mark in "xy":
        text = text.replace(mark, " ")
    text = text.replace(",n", " ").removeprefix("n")
    numbers = np.fromstring(text, sep=" ").reshape(-1, _NUMBERS_A_POINT)
    if len(numbers) != sum(way.count("n") for way in told):
        msg = "a point is not as osmium writes it"
        raise ValueError(msg)
    if (np.abs(numbers[:, 0]) >= _EXACT_FLOATS).any():
        msg = "the id of a point is beyond 2**53"
        raise ValueError(msg)
    draft.add_points(numbers[:, 0].astype(np.int64).tolist(), numbers[:, 1:].tobytes())
