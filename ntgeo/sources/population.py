"""Residents by LSOA and single year of age."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ntgeo.errors import Fault
from ntgeo.sources.amounts import Range, parse_amounts
from ntgeo.sources.area_codes import parse_lsoa_codes
from ntgeo.sources.delimited import Sheet
from ntgeo.sources.headings import heading_key, match_headings, missing_column, repeated_headings
from ntgeo.sources.local_file import check_local_file, raise_faults, refuse
from ntgeo.sources.tables import TextTable, read_sheet, select_columns

__all__ = ["OLDEST_AGE", "read_population"]

OLDEST_AGE: Final = 90
_AGE: Final = re.compile(r"(?:age)?([fm])?(\d{1,3})(?:\+|plus|andover|over)?")
_TOTALS: Final = (
    "population",
    "totalpopulation",
    "total",
    "allages",
    "allpersons",
    "residents",
    "persons",
    "observation",
)
_PEOPLE: Final = Range(is_whole=True)


def read_population(path: Path | str, *, sheet: str | None = None) -> pd.DataFrame:
    """Read usual residents, in all and by single year of age where the file has it.

    Ages stand in columns ``0`` … ``90+`` (or ``age_0``, ``Age 0``; older ones are added to 90+),
    or by sex in ``F0`` … ``M90`` as in the ONS estimates from mid-2021.

    Args:
        path: CSV, XLSX or Parquet.
        sheet: Sheet of a workbook.

    Returns:
        Columns ``lsoa, population`` and, where known, ``age_0`` … ``age_90`` (90 means 90 and
        over), whole numbers, by code.

    Raises:
        InputError: A code or number is wrong, ages are incomplete, or they do not add up to the
            total.
    """
    is_parquet = Path(path).suffix.lower() == ".parquet"
    source = _parquet_sheet(path) if is_parquet else read_sheet(path, sheet=sheet)
    ages = _age_columns(source)
    total = _total_column(source)
    if total is None and not ages:
        raise_faults([missing_column(source.file, "population", source.headings)])
    columns = {f"c{i}": source.headings[i] for indices in ages.values() for i in indices}
    if total is not None:
        columns["population"] = source.headings[total]
    table = select_columns(source, columns=columns, required=("lsoa",))
    codes, faults = parse_lsoa_codes(table, is_unique=True)
    by_age = {
        f"age_{age}": _people(table, [f"c{i}" for i in indices], faults)
        for age, indices in sorted(ages.items())
    }
    people = _people(table, ["population"], faults) if total is not None else None
    raise_faults(faults)
    summed = np.sum(list(by_age.values()), axis=0) if by_age else None
    if people is not None and summed is not None:
        raise_faults(_sum_faults(table, people, summed))
    frame = pd.DataFrame({"lsoa": codes, "population": people if people is not None else summed})
    frame = frame.assign(**by_age).sort_values("lsoa", ignore_index=True)
    return frame.astype({name: np.int64 for name in frame.columns if name != "lsoa"})


def _people(table: TextTable, columns: list[str], faults: list[Fault]) -> npt.NDArray[np.float64]:
    amounts = [parse_amounts(table, column, _PEOPLE) for column in columns]
    faults.extend(fault for amount in amounts for fault in amount.faults)
    return np.sum([amount.numbers for amount in amounts], axis=0)


def _parquet_sheet(path: Path | str) -> Sheet:
    local = check_local_file(path)
    try:
        table = pq.read_table(local)
        headings = list(table.column_names)
        texts = [
            ["" if value is None else str(value) for value in column.to_pylist()]
            for column in table.columns
        ]
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        refuse(local.name, "is no Parquet file, or damaged", "export it again", "not-parquet")
    if not table.num_rows:
        refuse(local.name, "has headings but no data rows", "export it again", "no-rows")
    raise_faults(repeated_headings(local.name, headings))
    return Sheet(
        file=local.name,
        headings=headings,
        records=[list(record) for record in zip(*texts, strict=True)],
        rows=list(range(2, table.num_rows + 2)),
    )


def _total_column(sheet: Sheet) -> int | None:
    keys = [heading_key(heading) for heading in sheet.headings]
    return next((keys.index(name) for name in _TOTALS if name in keys), None)


def _age_columns(sheet: Sheet) -> dict[int, list[int]]:
    """Return age → positions of its columns; empty where the file has none."""
    code = match_headings(sheet.headings, ["lsoa"]).get("lsoa")
    ages: dict[int, list[int]] = {}
    sexes: set[str] = set()
    for i, heading in enumerate(sheet.headings):
        match = _AGE.fullmatch(heading_key(heading))
        if match and i != code:
            ages.setdefault(min(int(match[2]), OLDEST_AGE), []).append(i)
            sexes.add(match[1] or "")
    if not ages:
        return {}
    absent = [age for age in range(OLDEST_AGE + 1) if age not in ages]
    if absent:
        raise_faults([missing_column(sheet.file, str(absent[0]), sheet.headings)])
    if sexes not in ({""}, {"f", "m"}):
        what = "gives ages for one sex only, or for all and by sex"
        refuse(sheet.file, what, "keep either ages of all people, or of both sexes", "ages")
    return ages


def _sum_faults(
    table: TextTable, people: npt.NDArray[np.float64], summed: npt.NDArray[np.float64]
) -> list[Fault]:
    return [
        table.fault(
            int(i),
            "population",
            what=f"the ages add up to {summed[i]:,.0f}",
            fix="correct the total or the ages",
            code="sum",
        )
        for i in np.flatnonzero(people != summed)
    ]
