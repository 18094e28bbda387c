"""What a table must hold before demand is reckoned from it; all faults of a table at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ntgeo.errors import DuplicateIdError, Fault, InputError, MissingColumnError, UnknownIdError

__all__ = ["aligned", "check_counts", "check_one_row_each", "check_shares", "need_columns"]


def need_columns(present: Iterable[str], needed: Sequence[str], table: str) -> None:
    """Refuse a table without the columns it needs.

    Raises:
        MissingColumnError: Naming each missing column, and those that are there.
    """
    there = list(present)
    faults = [
        Fault(
            file=table,
            column=column,
            what="the column is missing",
            fix=f"add it; the table has {', '.join(map(str, there)) or 'no columns'}",
            code="missing-column",
        )
        for column in needed
        if column not in there
    ]
    if faults:
        raise MissingColumnError(faults)


def check_one_row_each(frame: pd.DataFrame, keys: Sequence[str], table: str) -> None:
    """Refuse a table in which the same ``keys`` stand in more than one row.

    Raises:
        DuplicateIdError: Naming each repeated key.
    """
    repeated = frame.loc[frame.duplicated(list(keys)), list(keys)].drop_duplicates()
    faults = [
        Fault(
            file=table,
            column=" and ".join(keys),
            value=" / ".join(map(str, row)),
            what="stands in more than one row",
            fix="keep one row for each",
            code="duplicate-id",
        )
        for row in repeated.sort_values(list(keys)).itertuples(index=False)
    ]
    if faults:
        raise DuplicateIdError(faults)


def check_counts(values: pd.Series[Any], table: str, *, whole: bool = False) -> None:
    """Refuse values that cannot be counts: missing, not a number, negative or infinite.

    Args:
        values: Named by its column.
        table: As the user knows it.
        whole: Refuse fractions too.

    Raises:
        InputError: Naming each row (rows of the table, the first is 1) and value.
    """
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    is_wrong = ~np.isfinite(numbers) | (numbers < 0)
    kind = "a number that is 0 or more"
    if whole:
        is_wrong |= numbers != np.floor(numbers)
        kind = "a whole number that is 0 or more"
    faults = [
        Fault(
            file=table,
            row=int(position) + 1,
            column=str(values.name),
            value=str(values.iloc[position]),
            what=f"this must be {kind}",
            fix="correct the figure, or remove the row",
            code="not-a-count",
        )
        for position in np.flatnonzero(is_wrong)
    ]
    if faults:
        raise InputError(faults)


def check_shares(shares: dict[str, float], table: str) -> None:
    """Refuse shares that are negative or do not sum to 1.

    Raises:
        InputError: With the sum that was found.
    """
    total = sum(shares.values())
    negative = [name for name, share in shares.items() if not share >= 0]
    if negative or abs(total - 1) > 1e-9:  # noqa: PLR2004 - rounding of decimal shares
        written = ", ".join(f"{name} {share:g}" for name, share in shares.items())
        what = f"the shares ({written}) sum to {total:g} and each must be 0 or more"
        fix = "give shares that sum to 1"
        raise InputError(Fault(file=table, column="mix", what=what, fix=fix, code="bad-shares"))


def aligned(
    frame: pd.DataFrame, areas: npt.NDArray[Any], columns: Sequence[str], table: str
) -> pd.DataFrame:
    """Return ``columns`` of a one-row-an-area table in the order of ``areas``.

    Areas of the table that are not asked for are left out.

    Raises:
        MissingColumnError: A column is not there.
        DuplicateIdError: An area stands twice.
        UnknownIdError: An area is not in the table.
    """
    need_columns(frame.columns, ["lsoa", *columns], table)
    wanted = frame.loc[frame["lsoa"].isin(areas), ["lsoa", *columns]]
    check_one_row_each(wanted, ["lsoa"], table)
    missing = sorted(set(areas) - set(wanted["lsoa"]))
    if missing:
        raise UnknownIdError(
            [
                Fault(
                    file=table,
                    column="lsoa",
                    value=str(area),
                    what="the area has no row",
                    fix="use a table of the same areas and of the same LSOA edition (2011 or 2021)",
                    code="unknown-lsoa",
                )
                for area in missing
            ]
        )
    return wanted.set_index("lsoa").loc[areas]
