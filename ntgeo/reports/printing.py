"""Pages as PDF files to print, file and read aloud: tagged, with tables that repeat their headings.

Typst sets them (PDF/UA-1, ISO 14289). What it sets is handed over as data, never as text of its
language, so that nothing in a name or a note can be taken for an instruction.
"""

from __future__ import annotations

import datetime as dt
import json
import warnings
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.ft2font import FT2Font

from ntgeo.files import write_bytes
from ntgeo.reports.page_blocks import page_blocks
from ntgeo.reports.svg import PAGE_FONT

__all__ = ["write_pdf"]

_FONT: Final = "DejaVu Sans"
_FACES: Final = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
_MISSING: Final = "\ufffd"
_STANDARD: Final = "ua-1"
_FIXED_MOMENT: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_TEMPLATE: Final = "print.typ"


def write_pdf(path: Path, page: Path) -> None:
    """Write a page of this room as a PDF, whole or not at all; the same page gives the same bytes.

    Args:
        path: Ends in ``.pdf``.
        page: The report or the route sheets, as this room wrote them.
    """
    import typst  # noqa: PLC0415 - slow to load

    blocks, foot = page_blocks(page.read_text(encoding="utf-8"))
    asked = {"blocks": blocks, "foot": foot, "font": _FONT}
    template = (files("ntgeo.reports") / "templates" / _TEMPLATE).read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", typst.TypstWarning)
        made = typst.compile(
            template,
            font_paths=typst.Fonts(include_system_fonts=False, font_paths=[_font_folder()]),
            ignore_system_fonts=True,
            sys_inputs={"page": json.dumps(_printable(asked))},
            format="pdf",
            pdf_standards=_STANDARD,
            timestamp=_FIXED_MOMENT,
        )
    write_bytes(path, made)


def _font_folder() -> Path:
    return Path(mpl.get_data_path()) / "fonts" / "ttf"


@cache
def _letters() -> frozenset[int]:
    """Return the letters that every face of the font has."""
    faces = [FT2Font(str(_font_folder() / face)).get_charmap() for face in _FACES]
    return frozenset(set(faces[0]).intersection(*faces[1:]))


def _printable(value: Any) -> Any:
    """Return texts with a sign for each letter that the font lacks, which no PDF may leave out."""
    if isinstance(value, str):
        strange = {ord(letter) for letter in set(value)} - _letters() - {ord("\n")}
        shown = value.translate(dict.fromkeys(strange, _MISSING))
        return shown.replace(PAGE_FONT, f"'{_FONT}'")
    if isinstance(value, dict):
        return {name: _printable(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_printable(item) for item in value]
    return value
