"""Rows of service records that stand twice, and areas that go by two names."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ntgeo.errors import Fault, InputError, first_five
from ntgeo.sources.coded import CodedTable
from ntgeo.sources.record_columns import Judged

__all__ = ["Repeats", "drop_repeats", "find_repeats", "name_notes"]

Repeats = Literal["refuse", "add", "drop"]
_SHOWN: Final = ("lsoa", "service", "date")


def drop_repeats(table: CodedTable) -> tuple[CodedTable, tuple[str, ...]]:
    """Leave out the rows that are the same as an earlier one in every column.

    Args:
        table: With every column of the file.

    Returns:
        The rest of the table, and a note of the rows that were left out.
    """
    same = _codes(table).duplicated().to_numpy()
    if not same.any():
        return table, ()
    rows = first_five(f"{row:,}" for row in table.rows[same])
    what = f"{table.file}: {int(same.sum()):,} rows are the same as an earlier one"
    return table.take(~same), (f"{what} and are left out (rows {rows}).",)


def find_repeats(
    table: CodedTable, place: Judged, wrong: npt.NDArray[np.bool_], repeats: Repeats
) -> tuple[str, ...]:
    """Look for usable rows of a table of counts that differ in nothing but their count.

    One of them is too many, or they are parts of a sum. In a list of single uses, nobody can tell
    such rows from two uses.

    Args:
        table: With every column of the file.
        place: The areas of its rows.
        wrong: (rows,) true where a row cannot be used.
        repeats: Whether they may be added up (``"add"``).

    Returns:
        A note of rows that are added up.

    Raises:
        InputError: They may not; all are told.
    """
    if "count" not in table.columns or "person_id" in table.columns:
        return ()
    key = _codes(table).drop(columns="count")
    if place.column == "lsoa":
        key["lsoa"] = pd.factorize(place.found)[0]
    at = np.flatnonzero(~wrong)
    again = key.iloc[at].duplicated(keep=False).to_numpy()
    if not again.any():
        return ()
    at = at[again]
    if repeats == "add":
        count = int(key.iloc[at].duplicated().sum())
        return (f"{table.file}: {count:,} rows repeat another but for their count; both count.",)
    groups = key.iloc[at].groupby(list(key.columns), sort=False).indices
    raise InputError([_fault(table, at[members]) for members in groups.values()])


def _codes(table: CodedTable) -> pd.DataFrame:
    return pd.DataFrame({name: column.codes for name, column in table.columns.items()})


def _fault(table: CodedTable, members: npt.NDArray[np.intp]) -> Fault:
    shown = [name for name in _SHOWN if name in table.columns]
    first = int(members[0])
    return Fault(
        file=table.file,
        row=int(table.rows[first]),
        column=", ".join(table.headings[name] for name in shown) or None,
        value=", ".join(table.columns[name].at(first) for name in shown) or None,
        what=f"stands on rows {first_five(f'{row:,}' for row in table.rows[members])}",
        fix='keep one of them, or say in the scenario to add them up (repeats = "add")',
        code="repeated-row",
    )


def name_notes(table: CodedTable, place: Judged) -> tuple[str, ...]:
    """Return a note of the areas that the file gives two names."""
    if "lsoa_name" not in table.columns or place.column != "lsoa":
        return ()
    names = table.columns["lsoa_name"]
    frame = pd.DataFrame(
        {
            "code": place.found,
            "name": pd.Series(names.texts, dtype="object").str.casefold().to_numpy()[names.codes],
            "row": table.rows,
        }
    )[~place.wrong & ~names.is_blank]
    first = frame.drop_duplicates(["code", "name"])
    twice = first[first["code"].duplicated(keep=False)]
    told = [
        f"{code} (rows {first_five(f'{row:,}' for row in group['row'])})"
        for code, group in twice.groupby("code")
    ]
    heading = table.headings["lsoa_name"]
    if not told:
        return ()
    return (f"{table.file}: column {heading} gives two names to {first_five(told)}; check which.",)
