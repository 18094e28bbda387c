"""Codes of lower layer super output areas (LSOAs): cleaned, checked, and told apart by census.

The Office for National Statistics numbered the LSOAs of 2001 and 2011 up to E01033768 and
W01001958, and those new in 2021 from there to E01035762 and W01002040; most areas kept their code.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ntgeo.domain.places import LSOA_PATTERN
from ntgeo.errors import HIDDEN, Fault, first_five
from ntgeo.sources.noted import Cleansed
from ntgeo.sources.tables import TextTable

__all__ = [
    "clean_codes",
    "code_notes",
    "duplicate_faults",
    "explain_code",
    "find_missing_area_faults",
    "find_vintage",
    "find_vintage_faults",
    "mended_note",
    "parse_lsoa_codes",
]

_LAST_2011: Final = {"E": 33_768, "W": 1_958}
_LAST_2021: Final = {"E": 35_762, "W": 2_040}
_CODE_LENGTH: Final = 9
_BLANKS_AND_QUOTES: Final = re.compile(
    "\\s+|^=?[\"'\u2018\u2019\u201c\u201d]+|[\"'\u2018\u2019\u201c\u201d]+$"
)
_MADE_A_NUMBER: Final = re.compile(r"\d(\.\d+)?E\+?\d+")
_LETTERS_FOR_DIGITS: Final = re.compile(r"[EW][\dOIL]{8}")
_TOTAL: Final = re.compile(r"(GRAND|SUB)?-?TOTALS?\b.*")
_COVERAGE_THAT_TELLS: Final = 0.9
_BECAME: Final = {"S": "split", "M": "merged", "X": "redrawn"}
_OTHER_AREAS: Final = {
    "E00": "is an output area, not an LSOA",
    "W00": "is an output area, not an LSOA",
    "E02": "is a middle layer area (MSOA), not an LSOA",
    "W02": "is a middle layer area (MSOA), not an LSOA",
    "S01": "is a Scottish data zone; England and Wales only",
    "E05": "is a ward, not an LSOA",
    "W05": "is a ward, not an LSOA",
    **dict.fromkeys(("E06", "E07", "E08", "E09", "W06"), "is a local authority, not an LSOA"),
    "E10": "is a county, not an LSOA",
    "E12": "is a region, not an LSOA",
    **dict.fromkeys(("E92", "W92"), "is a country, not an LSOA"),
    "95A": "is in Northern Ireland; England and Wales only",
}


def clean_codes(codes: Iterable[str]) -> npt.NDArray[np.object_]:
    """Return codes in upper case, without blanks of any kind or quotes around them."""
    texts = pd.Series(list(codes), dtype="object").str.normalize("NFKC").str.upper()
    return texts.str.replace(_BLANKS_AND_QUOTES, "", regex=True).to_numpy(dtype=object)


def explain_code(code: str) -> tuple[str, str, str] | None:
    """Say what is wrong with an LSOA code (what, fix, code of the fault), or nothing."""
    if LSOA_PATTERN.fullmatch(code):
        if code[0] == "X" or 0 < int(code[3:]) <= _LAST_2021[code[0]]:
            return None
        fix = "correct the code; England ends at E01035762 and Wales at W01002040"
        return "is not an LSOA: that number was never issued", fix, "unknown-lsoa"
    fix = "give the code as the ONS writes it, such as E01008162"
    if not code:
        return "the LSOA code is missing", fix, "missing-lsoa"
    if not code.isprintable():
        return "holds a hidden character", "type the code afresh", "hidden-character"
    if code[:3] in _OTHER_AREAS and len(code) == _CODE_LENGTH:
        return _OTHER_AREAS[code[:3]], "use LSOA codes, by the ONS lookup", "other-area"
    return _what_it_looks_like(code) or (_not_a_code(code), fix, "bad-lsoa")


def _what_it_looks_like(code: str) -> tuple[str, str, str] | None:
    """Say of a text that is no code what it seems to be instead."""
    if _MADE_A_NUMBER.fullmatch(code):
        fix = "format its column as text before anything is typed in, and export it again"
        return "is a code that a spreadsheet turned into a number", fix, "bad-lsoa"
    if _TOTAL.fullmatch(code):
        fix = "leave the row out; ntgeo adds up the rows itself"
        return "looks like a line of totals, not an area", fix, "total-row"
    if _LETTERS_FOR_DIGITS.fullmatch(code):
        return "has a letter O, I or L where a digit belongs", "type the digit", "bad-lsoa"
    other = next((letter for letter in code if not letter.isascii()), None)
    if other is not None and len(code) == _CODE_LENGTH:
        named = unicodedata.name(other, "a letter without a name").lower()
        return f"holds a letter of another alphabet ({named})", "type the code afresh", "bad-lsoa"
    return None


def _not_a_code(code: str) -> str:
    is_long = len(code) == _CODE_LENGTH
    return "is not an LSOA code" if is_long else f"has {len(code)} characters, 9 are needed"


def parse_lsoa_codes(
    table: TextTable, column: str = "lsoa", *, is_unique: bool = False
) -> tuple[npt.NDArray[np.object_], list[Fault]]:
    """Read a column of LSOA codes.

    Args:
        table: The table.
        column: Canonical name of the column.
        is_unique: Whether a code may stand only once.

    Returns:
        Clean codes, and a fault for each wrong one.
    """
    codes = clean_codes(table.texts(column))
    verdicts = {code: explain_code(code) for code in set(codes)}
    wrong = {code: verdict for code, verdict in verdicts.items() if verdict is not None}
    faults = [
        table.fault(i, column, what=verdict[0], fix=verdict[1], code=verdict[2])
        for i, code in enumerate(codes)
        if wrong and (verdict := wrong.get(code)) is not None
    ]
    if is_unique:
        faults.extend(duplicate_faults(table, column, codes))
    return codes, faults


def code_notes(table: TextTable, column: str = "lsoa") -> tuple[Cleansed, ...]:
    """Return a note of the codes that are not read as they stand."""
    texts = table.texts(column)
    mended = np.flatnonzero(clean_codes(texts) != texts)
    if not len(mended):
        return ()
    heading = table.headings.get(column, column)
    return (mended_note(table.file, heading, len(mended), int(table.rows[mended[0]])),)


def mended_note(file: str, heading: str, count: int, row: int) -> Cleansed:
    """Return a note of ``count`` codes that stood otherwise, first in ``row``."""
    what = f"{file}: {count:,} codes of column {heading} are read in capitals, without blanks"
    return Cleansed("codes", f"{what} and quotes (first in row {row:,}).")


def duplicate_faults(
    table: TextTable, column: str, ids: npt.NDArray[np.object_], *, is_hidden: bool = False
) -> list[Fault]:
    """Return a fault for each id that stands more than once, with all its rows."""
    series = pd.Series(ids, dtype="object")
    repeated = series[series.duplicated(keep=False) & (series != "")]
    return [
        Fault(
            file=table.file,
            row=int(table.rows[group.index[0]]),
            column=table.headings.get(column, column),
            value=HIDDEN if is_hidden else str(value),
            what=f"stands on rows {first_five(f'{row:,}' for row in table.rows[group.index])}",
            fix="keep one of them, or give each its own id",
            code="duplicate-id",
        )
        for value, group in repeated.groupby(repeated, sort=True)
    ]


def _is_new_in_2021(code: str) -> bool:
    return code[0] in _LAST_2011 and int(code[3:]) > _LAST_2011[code[0]]


def find_vintage(codes: Iterable[str], heading: str = "") -> str:
    """Tell which census a set of LSOA codes belongs to.

    Codes first issued in 2021 decide; without any, the heading does (``LSOA21CD``,
    ``LSOA code (2011)``); a set that has neither is taken as 2011, since nearly every district has
    areas that are new in 2021.

    Args:
        codes: Valid codes.
        heading: Heading of their column.

    Returns:
        ``"2011"``, ``"2021"`` or ``"sample"``.
    """
    known = list(codes)
    if any(code.startswith("X") for code in known):
        return "sample"
    if any(_is_new_in_2021(code) for code in known):
        return "2021"
    digits = "".join(c for c in heading if c.isdigit())
    return "2021" if digits.endswith("21") else "2011"


def find_vintage_faults(  # noqa: PLR0913 - each is a part of the sentence
    codes: Sequence[str],
    areas: Sequence[str],
    lookup: pd.DataFrame | None = None,
    *,
    file: str = "table",
    vintage: str | None = None,
    said_by: str = "the areas are",
    fix: str | None = None,
) -> tuple[Fault, ...]:
    """Tell whether a table's codes are of another census than the areas.

    Most LSOAs have the same code in 2011 and 2021, so only the changed ones show it.

    Args:
        codes: LSOA codes of the table.
        areas: LSOA codes of the areas.
        lookup: Of :func:`~ntgeo.sources.read_lsoa_lookup`; with it every changed code is known,
            without it only those first issued in 2021.
        file: Name of the table, for the message.
        vintage: Of the areas, as their reader told it; without it found from their codes.
        said_by: Who wants the codes to be of that census, as the clause goes.
        fix: What else to do about codes of 2011.

    Returns:
        At most two faults: the table mixes both censuses; or it is of the other one.
    """
    in_table, in_areas = set(codes), set(areas)
    only_2011, only_2021 = _changed_codes(in_table | in_areas, lookup)
    old, new = sorted(in_table & only_2011), sorted(in_table & only_2021)
    if old and new:
        what = (
            f"mixes censuses: {len(old):,} codes exist only in 2011 ({first_five(old)}) and "
            f"{len(new):,} only in 2021 ({first_five(new)})"
        )
        fix = "use one census throughout, converting by the ONS lookup"
        return (Fault(file=file, column="lsoa", what=what, fix=fix, code="vintage"),)
    known = vintage or find_vintage(in_areas)
    if known == "2011" and new:
        told = f"{len(new):,} codes exist only in 2021: {first_five(new)}"
        return (_vintage_fault(file, known, told, said_by),)
    if known == "2021" and old:
        told = f"{len(old):,} codes exist only in 2011: {first_five(old)}"
        told += _changes_told(old, lookup)
        return (_vintage_fault(file, known, told, said_by, fix),)
    changed = in_areas & only_2021
    same = in_areas - changed
    if known == "2021" and changed and not new:
        covered = len(same & in_table) / max(1, len(same))
        if covered >= _COVERAGE_THAT_TELLS:
            told = f"none of the areas new in 2021 is in it: {first_five(sorted(changed))}"
            return (_vintage_fault(file, known, told, said_by, fix),)
    return ()


def _changes_told(old: Sequence[str], lookup: pd.DataFrame | None) -> str:
    """Say what became of areas of 2011."""
    if lookup is None:
        return ""
    of_old = lookup[lookup["lsoa11"].isin(old)].drop_duplicates("lsoa11")
    counts = of_old["change"].value_counts()
    told = [f"{counts[kind]:,} {word}" for kind, word in _BECAME.items() if kind in counts]
    return f"; {', '.join(told)} since"


def find_missing_area_faults(
    codes: Iterable[str], areas: Iterable[str], *, file: str = "table"
) -> tuple[Fault, ...]:
    """Tell which areas a table has no row for.

    Args:
        codes: LSOA codes of the table.
        areas: LSOA codes of the areas; each needs a row.
        file: Name of the table, for the message.

    Returns:
        One fault with the missing codes, or none.
    """
    missing = sorted(set(areas) - set(codes))
    if not missing:
        return ()
    what = f"has no row for {len(missing):,} of the areas ({first_five(missing)})"
    fix = "use a table of the same census that covers every area"
    return (Fault(file=file, column="lsoa", what=what, fix=fix, code="unknown-lsoa"),)


def _vintage_fault(
    file: str, needed: str, told: str, said_by: str, fix: str | None = None
) -> Fault:
    found = "2021" if needed == "2011" else "2011"
    return Fault(
        file=file,
        column="lsoa",
        what=f"its LSOA codes are of {found} but {said_by} of {needed} ({told})",
        fix=f"use the {needed} edition of the table, or "
        f"{fix or 'convert it by the ONS 2011 to 2021 lookup'}",
        code="vintage",
    )


def _changed_codes(codes: Iterable[str], lookup: pd.DataFrame | None) -> tuple[set[str], set[str]]:
    only_2021 = {code for code in codes if _is_new_in_2021(code)}
    if lookup is None:
        return set(), only_2021
    before, after = set(lookup["lsoa11"]), set(lookup["lsoa21"])
    return before - after, (after - before) | only_2021
