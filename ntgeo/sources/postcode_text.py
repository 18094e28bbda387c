"""Postcodes as text: one way of writing them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ntgeo.sources.noted import Cleansed

__all__ = ["POSTCODE_PATTERN", "explain_postcode", "normalise_postcodes", "postcode_note"]

POSTCODE_PATTERN: Final = r"(?:[A-Z]{1,2}[0-9][A-Z0-9]?|GIR) [0-9][A-Z]{2}"


def normalise_postcodes(texts: Iterable[str]) -> npt.NDArray[np.object_]:
    """Write postcodes in capitals with one blank before the last three characters.

    Text that is no postcode comes back in capitals too; ``""`` stays.
    """
    series = pd.Series(list(texts), dtype="object")
    bare = series.str.upper().str.replace(r"[\s.\-]+", "", regex=True)
    spaced = bare.str[:-3] + " " + bare.str[-3:]
    return spaced.where(bare != "", "").to_numpy(dtype=object)


def postcode_note(file: str, heading: str, count: int, row: int) -> Cleansed:
    """Return a note of ``count`` postcodes that stood otherwise, first in ``row``."""
    what = (
        f"{file}: {count:,} postcodes of column {heading} are read in capitals and with one blank"
    )
    return Cleansed("postcodes", f"{what} (first in row {row:,}).")


def explain_postcode(postcode: str) -> tuple[str, str, str]:
    """Say why a postcode, as :func:`normalise_postcodes` writes it, was not found."""
    if not postcode:
        return "the postcode is missing", "give a postcode", "missing-postcode"
    if not pd.Series([postcode]).str.fullmatch(POSTCODE_PATTERN).iloc[0]:
        return "is not a postcode", "write it as NE29 7PG", "bad-postcode"
    fix = "check it, or use a newer look-up; it may be outside the area the file covers"
    return "is not in the postcode look-up", fix, "unknown-postcode"
