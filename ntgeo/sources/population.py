"""Residents by LSOA and single year of age."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ntgeo.errors import Fault
from ntgeo.sources.amounts import Range, parse_amounts
from ntgeo.sources.area_codes import code_notes, parse_lsoa_codes
from ntgeo.sources.delimited import MOST_ROWS, Sheet
from ntgeo.sources.heading_row import MOST_COLUMNS
from ntgeo.sources.headings import heading_key, match_headings, missing_column, repeated_headings
from ntgeo.sources.local_file import check_local_file, raise_faults, refuse
from ntgeo.sources.tables import TextTable, read_sheet, select_columns

__all__ = ["OLDEST_AGE", "PopulationTable", "read_population"]

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
_TOTAL: Final = Range(is_whole=True, may_be_blank=True)
_MOST_BLANK_SHARE: Final = 0.01
_YEAR: Final = re.compile(r"(?i)(?<!\d)(?<!lsoa)(?<!lsoa[ _-])(?:19|20)\d\d(?!\d)")
_YEAR_COLUMNS: Final = frozenset({"year", "date", "datename"})
_OF_PLACES: Final = re.compile(r"(?i)lsoa|code|name|geography")


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationTable:
    """Residents by area.

    Args:
        frame: ``lsoa, population`` and, where known, ``age_0`` … ``age_90`` (90 means 90 and over),
            whole numbers, by code.
        year: Of the estimate, as a column of years, the file's name or a heading tells it; ``None``
            unless exactly one is told.
        notes: What the user should know of the reading.
        empty: LSOA → why it has no rates: nobody lives there, or nobody knows how many.
    """

    frame: pd.DataFrame
    year: int | None = None
    notes: tuple[str, ...] = ()
    empty: Mapping[str, Fault] = field(default_factory=dict)


def read_population(path: Path | str, *, sheet: str | None = None) -> PopulationTable:
    """Read usual residents, in all and by single year of age where the file has it.

    Ages stand in columns ``0`` … ``90+`` (or ``age_0``, ``Age 0``; older ones are added to 90+),
    or by sex in ``F0`` … ``M90`` as in the ONS estimates from mid-2021.

    Args:
        path: CSV, XLSX or Parquet.
        sheet: Sheet of a workbook.

    Raises:
        InputError: A code or number is wrong, ages are incomplete, they do not add up to the total,
            or more than one total in a hundred is missing.
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
    notes = [*table.notes, *code_notes(table)]
    by_age = {
        f"age_{age}": _people(table, [f"c{i}" for i in indices], faults, notes)
        for age, indices in sorted(ages.items())
    }
    amounts = parse_amounts(table, "population", _TOTAL) if total is not None else None
    faults.extend(() if amounts is None else amounts.faults)
    notes.extend(() if amounts is None else amounts.notes)
    raise_faults(faults)
    summed = np.sum(list(by_age.values()), axis=0) if by_age else np.full(len(table), np.nan)
    people = (
        summed if amounts is None else np.where(np.isnan(amounts.numbers), summed, amounts.numbers)
    )
    raise_faults(_sum_faults(table, people, summed))
    empty = _empty_areas(table, codes, people)
    frame = pd.DataFrame({"lsoa": codes, "population": np.nan_to_num(people)})
    frame = frame.assign(**by_age).sort_values("lsoa", ignore_index=True)
    return PopulationTable(
        frame=frame.astype({name: np.int64 for name in frame.columns if name != "lsoa"}),
        year=_year_of(source),
        notes=tuple(notes),
        empty=empty,
    )


def _empty_areas(
    table: TextTable, codes: npt.NDArray[np.object_], people: npt.NDArray[np.float64]
) -> dict[str, Fault]:
    """Return LSOA → why it has no rates; refuse where many totals are missing."""
    column = "population" if table.has("population") else "lsoa"
    faults = {
        str(codes[i]): table.fault(
            i,
            column,
            what=f"{codes[i]} has {'an unknown' if np.isnan(people[i]) else 'no'} population; "
            "its rates are not shown",
            fix="correct the number, or leave it if nobody lives there",
            code="no-population",
        )
        for i in np.flatnonzero(~(people > 0)).tolist()
    }
    missing = [str(codes[i]) for i in np.flatnonzero(np.isnan(people)).tolist()]
    if len(missing) > max(1, _MOST_BLANK_SHARE * len(table)):
        raise_faults([faults[code] for code in missing])
    return faults


def _year_of(sheet: Sheet) -> int | None:
    """Return the year that a column, or else the file's name or a heading tells, if it is one."""
    column = next(
        (i for i, h in enumerate(sheet.headings) if heading_key(h) in _YEAR_COLUMNS), None
    )
    cells = [] if column is None else [record[column] for record in sheet.records]
    headings = [heading for heading in sheet.headings if not _OF_PLACES.search(heading)]
    for texts in (cells, [Path(sheet.file).stem], headings):
        years = {int(year) for text in texts for year in _YEAR.findall(text)}
        if years:
            return years.pop() if len(years) == 1 else None
    return None


def _people(
    table: TextTable, columns: list[str], faults: list[Fault], notes: list[str]
) -> npt.NDArray[np.float64]:
    amounts = [parse_amounts(table, column, _PEOPLE) for column in columns]
    faults.extend(fault for amount in amounts for fault in amount.faults)
    notes.extend(note for amount in amounts for note in amount.notes)
    return np.sum([amount.numbers for amount in amounts], axis=0)


def _parquet_sheet(path: Path | str) -> Sheet:
    local = check_local_file(path)
    try:
        facts = pq.read_metadata(local)
        if facts.num_rows > MOST_ROWS or facts.num_columns > MOST_COLUMNS:
            what = f"has {facts.num_rows:,} rows × {facts.num_columns:,} columns"
            refuse(local.name, what, "cut it to the area of the plan", "too-big")
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
        for i in np.flatnonzero((people != summed) & ~np.isnan(summed))
    ]
