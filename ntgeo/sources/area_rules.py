"""What differs from area to area when sites are chosen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.domain.siting_rules import AreaRules
from ntgeo.domain.units import SECONDS_PER_MINUTE
from ntgeo.errors import Fault
from ntgeo.sources.amounts import Range, parse_amounts
from ntgeo.sources.area_codes import code_notes, parse_lsoa_codes
from ntgeo.sources.headings import missing_column
from ntgeo.sources.local_file import raise_faults
from ntgeo.sources.noted import Noted
from ntgeo.sources.tables import TextTable, read_table

__all__ = ["read_area_rules"]

_RULES: Final = ("travel_limit_min", "decay_stretch", "group")
_MINUTES: Final = Range(low=0.1, high=600, may_be_blank=True)
_STRETCH: Final = Range(low=0.01, high=100, may_be_blank=True)


def read_area_rules(path: Path | str, areas: Sequence[str]) -> Noted[AreaRules]:
    """Read the rules of single areas from CSV or XLSX.

    Columns: ``lsoa`` and at least one of ``travel_limit_min`` (minutes), ``decay_stretch`` (how
    much more slowly attendance falls) and ``group`` (areas with the same word go to the same
    site). A blank cell, and an area without a row, are as everywhere.

    Args:
        path: The file.
        areas: LSOA codes, in the order of the problem.

    Returns:
        The rules, in the order of ``areas``.

    Raises:
        InputError: A row is wrong; all faults are told.
        MissingColumnError: A column is not there.
        DataUnavailableError: There is no such file.
    """
    table = read_table(path, required=("lsoa",), optional=_RULES)
    if not any(table.has(name) for name in _RULES):
        raise_faults([missing_column(table.file, "travel_limit_min", list(table.frame.columns))])
    codes, faults = parse_lsoa_codes(table, is_unique=True)
    minutes = parse_amounts(table, "travel_limit_min", _MINUTES)
    stretch = parse_amounts(table, "decay_stretch", _STRETCH)
    wrong = {fault.row for fault in faults}
    faults.extend(_strangers(table, codes, areas, wrong))
    raise_faults([*faults, *minutes.faults, *stretch.faults])
    row_of = {area: row for row, area in enumerate(areas)}
    at = np.array([row_of[code] for code in codes], dtype=np.intp)
    limit_s = np.full(len(areas), np.nan)
    limit_s[at] = minutes.numbers * SECONDS_PER_MINUTE
    stretches = np.ones(len(areas))
    stretches[at] = np.nan_to_num(stretch.numbers, nan=1.0)
    groups = np.full(len(areas), "", dtype=object)
    groups[at] = table.texts("group")
    rules = AreaRules(
        travel_limit_s=limit_s if table.has("travel_limit_min") else None,
        decay_stretch=stretches if table.has("decay_stretch") else None,
        group=tuple(str(word) for word in groups) if table.has("group") else None,
    )
    notes = (*table.notes, *code_notes(table), *minutes.notes, *stretch.notes)
    return Noted(read=rules, notes=notes)


def _strangers(
    table: TextTable, codes: npt.NDArray[np.object_], areas: Sequence[str], wrong: set[int | None]
) -> list[Fault]:
    """Return a fault for each code that is none of the areas, and not faulty already."""
    known = set(areas)
    return [
        table.fault(
            i,
            "lsoa",
            what="is none of the areas",
            fix="remove the row, or use boundaries that hold it",
            code="unknown-lsoa",
        )
        for i, code in enumerate(codes)
        if code not in known and int(table.rows[i]) not in wrong
    ]
