"""Ids that must be there and differ, and lists of words in a cell."""

from __future__ import annotations

import numpy as np

from ntgeo.errors import Fault, first_five
from ntgeo.sources.area_codes import duplicate_faults
from ntgeo.sources.tables import TextTable

__all__ = ["alike_notes", "parse_ids", "parse_words"]


def parse_ids(table: TextTable, column: str) -> tuple[list[str], list[Fault]]:
    """Read a column of ids; each must be there, and none may stand twice."""
    ids = table.texts(column)
    faults = [
        table.fault(int(i), column, what="the id is missing", fix="give one", code="missing-id")
        for i in np.flatnonzero(ids == "")
    ]
    faults.extend(duplicate_faults(table, column, ids))
    return [str(text) for text in ids], faults


def alike_notes(table: TextTable, column: str) -> tuple[str, ...]:
    """Return a note of ids that differ in capitals only, each of which is one of its own."""
    spellings: dict[str, dict[str, int]] = {}
    for text, row in zip(table.texts(column), table.rows.tolist(), strict=True):
        spellings.setdefault(text.casefold(), {}).setdefault(str(text), row)
    told = [
        " and ".join(f"{text} (row {row:,})" for text, row in group.items())
        for group in spellings.values()
        if len(group) > 1
    ]
    if not told:
        return ()
    heading = table.headings.get(column, column)
    what = f"{table.file}: column {heading} has ids that differ in capitals only"
    return (f"{what}, and are taken for different ones: {first_five(told)}.",)


def parse_words(text: str) -> frozenset[str]:
    """Return the words of a cell, separated by semicolons, in lower case."""
    return frozenset(word for part in text.split(";") if (word := part.strip().casefold()))
