"""Text of cells: marks that nobody sees, and text that a program would run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.errors import first_five
from ntgeo.sources.noted import Cleansed

__all__ = ["clean_cell", "hidden_blank_note", "hides_blanks", "runnable_notes"]

_UNSEEN: Final = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_BLANKS: Final = "".join(map(chr, (*range(9, 14), 32, 160, 0x1680, *range(0x2000, 0x200B)))) + (
    "\u2028\u2029\u202f\u205f\u3000" + _UNSEEN
)
_HIDDEN_BLANK: Final = re.compile(f"^[ \\t]*[{_BLANKS[6:]}]|[{_BLANKS[6:]}][ \\t]*$")
_FORMULA: Final = re.compile(r"[=+@\t\r]|-(?![\d.,\s]*$)")
_SCRIPT: Final = re.compile(r"</?[A-Za-z!]|\$\{|`|\{\{|javascript:", re.IGNORECASE)


def clean_cell(text: str) -> str:
    """Return a cell without blanks and unseen marks at its ends."""
    return text.strip(_BLANKS)


def hides_blanks(text: str) -> bool:
    """Tell whether a cell begins or ends with a blank that does not look like one to a program."""
    return not text.isascii() and _HIDDEN_BLANK.search(text) is not None


def hidden_blank_note(file: str, cells: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    """Return a note of the cells (row and heading) that :func:`hides_blanks` found."""
    if not cells:
        return ()
    row, heading = min(cells)
    which = "1 cell" if len(cells) == 1 else f"{len(cells):,} cells"
    where = f"in row {row:,}, column {heading}"
    note = f"{file}: blanks that do not show (such as non-breaking spaces) are taken off {which}"
    first = "" if len(cells) == 1 else "first "
    return (Cleansed("blanks", f"{note}, {first}{where}."),)


def runnable_notes(
    file: str, heading: str, texts: Sequence[str], rows: npt.NDArray[np.int64]
) -> tuple[str, ...]:
    """Return notes of texts that a spreadsheet or a browser would run; they are kept as they are.

    Args:
        file: File name.
        heading: Of the column.
        texts: (rows,) its cells.
        rows: (rows,) their row numbers.
    """
    formulas = [row for row, text in zip(rows, texts, strict=True) if _FORMULA.match(text)]
    scripts = [row for row, text in zip(rows, texts, strict=True) if _SCRIPT.search(text)]
    notes = []
    if formulas:
        notes.append(
            f"{file}: column {heading} holds text that starts like a formula (rows "
            f"{first_five(f'{row:,}' for row in formulas)}); it is kept as text, and tables are "
            "written so that Excel cannot run it."
        )
    if scripts:
        notes.append(
            f"{file}: column {heading} holds text that looks like a script (rows "
            f"{first_five(f'{row:,}' for row in scripts)}); it is kept as text, and shown letter "
            "by letter on maps and pages."
        )
    return tuple(notes)
