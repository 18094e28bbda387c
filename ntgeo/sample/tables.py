"""Tables as CSV text: commas, line feeds, UTF-8, headings as the official files have them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from ntgeo.files import write_text

__all__ = ["write_csv"]


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a small table; numbers are written as Python prints them, so round them before."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(rows)
    write_text(path, text.getvalue())
