"""Service records: who used what, by area, of which not one is lost unseen."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from ntgeo.errors import Fault, InputError, first_five
from ntgeo.sources.areas import AreaTable
from ntgeo.sources.coded import CodedTable, read_coded
from ntgeo.sources.delimited import MOST_ROWS
from ntgeo.sources.local_file import raise_faults
from ntgeo.sources.personal import personal_faults
from ntgeo.sources.record_columns import (
    OTHER_AREA,
    Judged,
    judge_ages,
    judge_counts,
    judge_services,
    other_area_fault,
    runnable_texts,
)
from ntgeo.sources.record_dates import judge_births, judge_dates
from ntgeo.sources.record_places import find_record_areas
from ntgeo.sources.record_repeats import Repeats, drop_repeats, find_repeats, name_notes

__all__ = ["RecordTable", "read_records"]

_MOST_FAULTS: Final = 1_000
_FEW: Final = 5
_PLACED: Final = ("count", "lsoa", "postcode", "easting", "lon")
_OPTIONAL: Final = (
    "service",
    "count",
    "person_id",
    "age",
    "date",
    "lsoa",
    "lsoa_name",
    "postcode",
    "easting",
    "northing",
    "lon",
    "lat",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTable:
    """Service records in the wanted areas, and what became of the others.

    ``served_total + outside + set_aside == source_total``, exactly.

    Args:
        file: File name.
        table: ``lsoa, service, count`` and, where the file has them, ``person_id`` (a number that
            stands for a person within this table only), ``age`` (years) and ``date``. Blank ages
            and dates are null.
        source_rows: Rows of the file.
        source_total: Sum of its counts.
        outside: Sum of counts in other areas than those wanted.
        outside_rows: Their rows.
        outside_areas: The codes of those areas, where the file tells them.
        strays: The first row of each of those areas, of a few of them.
        set_aside: Sum of counts of rows that could not be used.
        set_aside_rows: Those rows; one whose count itself is unusable adds nothing to any sum.
        faults: Why they could not be used; the first thousand.
        notes: What the user should know of the reading.
    """

    file: str
    table: Any
    source_rows: int
    source_total: float
    outside: float
    outside_rows: int = 0
    outside_areas: tuple[str, ...] = ()
    strays: tuple[Fault, ...] = ()
    set_aside: float = 0.0
    set_aside_rows: int = 0
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def served_total(self) -> float:
        """Sum of counts in the wanted areas."""
        return float(np.sum(self.table.column("count").to_numpy()))


def read_records(  # noqa: PLR0913 - the scenario may state each of these
    path: Path | str,
    *,
    columns: Mapping[str, str] | None = None,
    service: str | None = None,
    services: Collection[str] = (),
    postcodes: pd.DataFrame | None = None,
    areas: AreaTable | Sequence[str] | None = None,
    day_first: bool | None = None,
    repeats: Repeats = "refuse",
    sheet: str | None = None,
    set_aside_limit_share: float = 0.02,
    max_rows: int = MOST_ROWS,
) -> RecordTable:
    """Read service records from CSV or XLSX.

    A row is one use, or as many as ``count`` says. Its area is its ``lsoa``, or that of its
    ``postcode``, or the one its ``easting, northing`` or ``lon, lat`` lies in. Its age is its
    ``age``, or reckoned from its ``birth_date`` where the user maps that. Rows that cannot be used
    are set aside and told, as long as they are few; rows in other areas are counted.

    Args:
        path: The file.
        columns: Canonical name → the file's own heading, where they differ.
        service: Name of the service where the file has no such column.
        services: Names of services as they are written elsewhere, which decide how those of the
            file are written where only capitals or blanks differ.
        postcodes: Of :func:`~ntgeo.sources.read_postcodes`.
        areas: The wanted areas; coordinates need their shapes (an :class:`AreaTable`).
        day_first: Whether ``03/05/2026`` is 3 May, where the file itself does not show it.
        repeats: ``"refuse"`` rows of a table of counts that differ in nothing but their count,
            ``"add"`` them, or ``"drop"`` rows that are the same as an earlier one altogether.
        sheet: Sheet of a workbook.
        set_aside_limit_share: Refuse the file if a greater share of its rows is unusable.
        max_rows: Most rows.

    Raises:
        InputError: The file is no such table, carries personal columns, or too many of its rows
            are unusable; all faults are told.
    """
    mapped = dict(columns or {})
    table = read_coded(
        path,
        columns=mapped,
        optional=_OPTIONAL,
        rest_with=("count",) if repeats == "refuse" else _PLACED,
        sheet=sheet,
        most_rows=max_rows,
    )
    raise_faults(personal_faults(table.file, table.all_headings, mapped.values()))
    table, notes = drop_repeats(table) if repeats == "drop" else (table, ())
    place = find_record_areas(table, mapped, postcodes, areas)
    judged = [place, judge_counts(table)]
    found = _services(table, service, services, judged)
    judged.extend(_judged_people(table, day_first=day_first))
    notes = (*table.notes, *notes, *(note for column in judged for note in column.notes))
    wrong = np.logical_or.reduce([column.wrong for column in judged])
    repeated = find_repeats(table, place, wrong, repeats)
    table = replace(table, notes=(*notes, *repeated, *_name_notes(table, place)))
    faults = _faults(table, judged, set_aside_limit_share)
    return _sorted_out(table, judged, found, _wanted(areas), faults)


def _judged_people(table: CodedTable, *, day_first: bool | None) -> list[Judged]:
    """Return ages and dates, where the file has them."""
    days = judge_dates(table, is_day_first=day_first) if "date" in table.columns else None
    judged = [] if days is None else [days]
    if "age" in table.columns:
        judged.append(judge_ages(table))
    elif "birth_date" in table.columns:
        judged.append(judge_births(table, days, is_day_first=day_first))
    return judged


def _name_notes(table: CodedTable, place: Judged) -> tuple[str, ...]:
    if "lsoa_name" not in table.columns:
        return ()
    return (*name_notes(table, place), *runnable_texts(table, "lsoa_name"))


def _strays(table: CodedTable, place: Judged, outside: npt.NDArray[np.bool_]) -> list[Fault]:
    if place.column != "lsoa":
        return []
    at = np.flatnonzero(outside)
    _, first = np.unique(place.found[at].astype(str), return_index=True)
    what = "lies outside the plan's areas, and is counted apart"
    fix = "none is needed, unless the code is wrong"
    return [
        table.fault(int(row), "lsoa", what=what, fix=fix, code="outside")
        for row in np.sort(at[first])[:_FEW]
    ]


def _sorted_out(
    table: CodedTable,
    judged: Sequence[Judged],
    services: Any,
    wanted: Sequence[str] | None,
    faults: Sequence[Fault],
) -> RecordTable:
    """Part the rows into those served, those outside and those set aside."""
    place, counts = judged[:2]
    wrong = np.logical_or.reduce([column.wrong for column in judged])
    amount = np.where(counts.wrong, 0.0, counts.found.astype(np.float64))
    inside = ~wrong
    if wanted is not None:
        inside &= pd.Series(place.found).isin(wanted).to_numpy()
    outside = ~wrong & ~inside
    return RecordTable(
        file=table.file,
        table=_served(table, judged, services, inside),
        source_rows=len(table),
        source_total=float(amount.sum()),
        outside=float(amount[outside].sum()),
        outside_rows=int(outside.sum()),
        strays=tuple(_strays(table, place, outside)),
        outside_areas=tuple(sorted({str(code) for code in place.found[outside] if code})),
        set_aside=float(amount[wrong].sum()),
        set_aside_rows=int(wrong.sum()),
        faults=tuple(faults),
        notes=(*table.notes, *_notes(table, wrong, outside, amount)),
    )


def _wanted(areas: AreaTable | Sequence[str] | None) -> list[str] | None:
    if areas is None:
        return None
    return list(areas.frame["lsoa"]) if isinstance(areas, AreaTable) else list(areas)


def _services(
    table: CodedTable, service: str | None, named: Collection[str], judged: list[Judged]
) -> Any:
    if "service" in table.columns:
        column = judge_services(table, named)
        judged.append(column)
        return column.found
    if service is None:
        fault = Fault(
            file=table.file,
            row=1,
            column="service",
            what="there is no such column, and no service is named",
            fix="name the service in the scenario, or map the column that holds it",
            code="missing-column",
        )
        raise_faults([fault])
    return np.full(len(table), service, dtype=object)


def _faults(table: CodedTable, judged: Sequence[Judged], limit_share: float) -> list[Fault]:
    wrong = np.logical_or.reduce([column.wrong for column in judged])
    faults: list[Fault] = []
    for column in judged:
        rows = np.flatnonzero(column.wrong)[: _MOST_FAULTS - len(faults)]
        faults.extend(column.faults(table, rows))
    share = wrong.sum() / len(wrong)
    if share > limit_share:
        what = (
            f"{int(wrong.sum()):,} of {len(wrong):,} rows cannot be used; at most "
            f"{limit_share:.0%} may be set aside"
        )
        summary = Fault(
            file=table.file, what=what, fix="correct the rows told below", code="0-set-aside"
        )
        whole = other_area_fault(table, judged[0])
        if whole is not None:
            faults = [whole, *(fault for fault in faults if fault.code != OTHER_AREA)]
        raise InputError([summary, *faults])
    return faults


def _served(
    table: CodedTable, judged: Sequence[Judged], services: Any, inside: npt.NDArray[np.bool_]
) -> Any:
    by_name = {column.column: column for column in judged}
    counts = by_name["count"].found[inside].astype(np.float64)
    is_whole = bool((counts == np.floor(counts)).all())
    content: dict[str, Any] = {
        "lsoa": _strings(judged[0].found[inside]),
        "service": _strings(services[inside]),
        "count": pa.array(counts.astype(np.int64) if is_whole else counts),
    }
    if "person_id" in table.columns:
        person = table.columns["person_id"]
        blank = person.is_blank[inside]
        content["person_id"] = pa.array(person.codes[inside], mask=blank)
    people = by_name.get("age") or by_name.get("birth_date")
    if people is not None:
        ages = people.found[inside].astype(np.float64)
        missing = np.isnan(ages)
        content["age"] = pa.array(np.where(missing, 0, ages).astype(np.int16), mask=missing)
    if "date" in by_name:
        days = by_name["date"].found[inside]
        content["date"] = pa.array(days, type=pa.date32())
    return pa.table(content)


def _strings(values: npt.NDArray[np.generic]) -> Any:
    codes, texts = pd.factorize(values)
    encoded = pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(texts))
    return encoded.cast(pa.string())


def _notes(
    table: CodedTable,
    wrong: npt.NDArray[np.bool_],
    outside: npt.NDArray[np.bool_],
    amount: npt.NDArray[np.float64],
) -> list[str]:
    notes = []
    file = table.file
    broken = np.flatnonzero(amount != np.floor(amount))
    if broken.size:
        shown = first_five(f"{row:,}" for row in table.rows[broken])
        notes.append(f"{file}: {broken.size:,} counts are not whole numbers (rows {shown}).")
    if outside.any():
        notes.append(
            f"{file}: {int(outside.sum()):,} rows ({amount[outside].sum():,.15g} in all) are in "
            "other areas and not part of this plan."
        )
    if wrong.any():
        notes.append(
            f"{file}: {int(wrong.sum()):,} rows ({amount[wrong].sum():,.15g} in all) cannot be "
            "used and are set aside."
        )
    return notes
