"""Reads the records of service use of a scenario, and accounts for every one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ntgeo import sources
from ntgeo.domain.scenario import RecordsFile
from ntgeo.errors import Fault, InputError, ScenarioError, UnknownIdError
from ntgeo.progress import SILENT, Progress
from ntgeo.services.load_places import Places
from ntgeo.services.look_ups import load_lsoa_lookup, load_postcodes
from ntgeo.services.question import Question

__all__ = [
    "MOST_SET_ASIDE_SHARE",
    "RecordCount",
    "Records",
    "load_records",
    "read_records_file",
]

MOST_SET_ASIDE_SHARE: Final = 0.01
"""A file with a greater share of unusable rows is refused: it is the file that is wrong."""
_OLD_CENSUS: Final = 2011
_CONVERT: Final = "have them converted by areas.lookup (lsoa_year = 2011 beside the file)"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCount:
    """Where the uses of a file went: ``total = kept + outside + set_aside``.

    Args:
        file: As the scenario names it.
        total: Sum of the file's counts.
        kept: In the scenario's areas.
        outside: In other areas.
        set_aside: Not usable.
        set_aside_rows: Rows of those.
        strays: The first row of a few of the other areas.
        reading: What the user should know of the reading; it is noted beside the file, too.
    """

    file: str
    total: float
    kept: float
    outside: float
    set_aside: float
    set_aside_rows: int
    strays: tuple[Fault, ...] = ()
    reading: tuple[str, ...] = ()

    @property
    def stray_notes(self) -> tuple[str, ...]:
        """Where the records outside are, a few of them."""
        return tuple(f"Not planned for: {fault}" for fault in self.strays)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of it."""
        notes = []
        if self.outside > 0:
            notes.append(
                f"{self.file}: {self.outside:,.0f} of {self.total:,.0f} uses are by people of "
                "other areas; they are counted, and not planned for."
            )
        notes.extend(self.stray_notes)
        if self.set_aside_rows:
            notes.append(
                f"{self.file}: {self.set_aside_rows:,} rows ({self.set_aside:,.0f} uses) were set "
                "aside because they cannot be used."
            )
        return tuple(notes)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Records:
    """Uses in the scenario's areas.

    Args:
        table: ``lsoa, service, count, person_id, age``; what a file lacks is null.
        counts: Where each file's uses went.
        set_aside: Why rows were set aside.
        last_year: Of the latest use that has a date; ``None`` where none has.
    """

    table: pa.Table
    counts: tuple[RecordCount, ...]
    set_aside: tuple[Fault, ...]
    last_year: int | None = None


def load_records(question: Question, places: Places, *, progress: Progress = SILENT) -> Records:
    """Read every ``[[demand.records]]`` of a scenario.

    Raises:
        InputError: A file is faulty, or none of its records lies in the areas.
        DataUnavailableError: A file is not there.
    """
    found = [
        (item, _read(question, places, item, progress)) for item in question.scenario.demand.records
    ]
    lookup = load_lsoa_lookup(question)
    kinds = [item.table.schema.field("count").type for _, item in found]
    count_kind = pa.int64() if all(map(pa.types.is_integer, kinds)) else pa.float64()
    tables = [
        _in_shared_columns(item.table, number, count_kind) for number, (_, item) in enumerate(found)
    ]
    return Records(
        table=pa.concat_tables(tables),
        counts=tuple(_count(asked.file, item, lookup) for asked, item in found),
        set_aside=tuple(fault for _, item in found for fault in item.faults),
        last_year=max(filter(None, (_last_year(item.table) for _, item in found)), default=None),
    )


def _last_year(table: pa.Table) -> int | None:
    latest = pc.max(table.column("date")).as_py() if "date" in table.column_names else None
    return None if latest is None else int(latest.year)


def _read(
    question: Question, places: Places, item: RecordsFile, progress: Progress
) -> sources.RecordTable:
    progress.stage(f"Reading {item.file}")
    lookup = load_lsoa_lookup(question)
    is_converted = item.lsoa_year == _OLD_CENSUS and places.vintage != str(_OLD_CENSUS)
    areas = sources.AreaTable(frame=places.areas, vintage=places.vintage)
    wanted = _areas_of_2011(item, lookup, places) if is_converted else areas
    found = read_records_file(question, item, wanted)
    faults = sources.find_vintage_faults(
        _changed_codes(found),
        [] if is_converted else places.codes,
        lookup,
        file=item.file,
        vintage=str(_OLD_CENSUS) if is_converted else places.vintage,
        said_by="the scenario says they are" if is_converted else "the areas are",
        fix=_CONVERT,
    )
    if faults:
        raise UnknownIdError(faults)
    if is_converted and lookup is not None:
        people = places.areas.set_index("lsoa")["population"].to_dict()
        found = sources.convert_records(found, lookup, places.codes, people)
    question.log("demand.records", item.file, rows=found.source_rows, notes=found.notes)
    _refuse_nothing(item, found)
    return found


def read_records_file(
    question: Question,
    item: RecordsFile,
    areas: sources.AreaTable | tuple[str, ...] | None = None,
) -> sources.RecordTable:
    """Read one of ``[[demand.records]]`` by itself.

    Args:
        question: The scenario.
        item: The file, and how it is to be read.
        areas: The wanted areas; without them every area is, and coordinates place nothing.

    Raises:
        InputError: The file is faulty.
        DataUnavailableError: It is not there.
    """
    return sources.read_records(
        question.path_of("demand.records", item.file),
        columns=item.columns,
        service=item.service,
        services=question.scenario.demand.named_services,
        postcodes=load_postcodes(question),
        areas=areas,
        day_first=item.day_first,
        repeats=item.repeats,
        sheet=item.sheet,
        set_aside_limit_share=MOST_SET_ASIDE_SHARE,
    )


def _areas_of_2011(
    item: RecordsFile, lookup: pd.DataFrame | None, places: Places
) -> tuple[str, ...]:
    if lookup is None:
        raise ScenarioError(
            Fault(
                file="scenario",
                column="areas.lookup",
                column_word="key",
                what=f"{item.file} is said to have codes of 2011, and no look-up to those of 2021 "
                "is named",
                fix="name the ONS look-up from LSOA 2011 to LSOA 2021",
                code="no-lookup",
            )
        )
    return tuple(sorted(set(lookup.loc[lookup["lsoa21"].isin(places.codes), "lsoa11"])))


def _refuse_nothing(item: RecordsFile, found: sources.RecordTable) -> None:
    if found.served_total > 0:
        return
    if found.outside > 0 or not found.table.num_rows:
        what = "none of its records lies in the scenario's areas"
        fix = "use records of this place, coded to the same LSOAs as the boundaries"
        raise UnknownIdError(
            Fault(file=item.file, column="lsoa", what=what, fix=fix, code="no-records-here")
        )
    raise InputError(
        Fault(
            file=item.file,
            column=item.columns.get("count", "count"),
            what="total demand is 0; nothing to plan",
            fix="export it again with its counts, or map the column that holds them",
            code="no-demand",
        )
    )


def _strays(found: sources.RecordTable, lookup: pd.DataFrame | None) -> tuple[Fault, ...]:
    """Say of records outside which district they lie in, where the look-up knows it."""
    if lookup is None:
        return found.strays
    district = {
        **dict(zip(lookup["lsoa11"], lookup["district"], strict=True)),
        **dict(zip(lookup["lsoa21"], lookup["district"], strict=True)),
    }
    return tuple(
        replace(fault, what=fault.what.replace("lies ", f"lies in {name}, ", 1))
        if (name := district.get(str(fault.value).upper().replace(" ", "")))
        else fault
        for fault in found.strays
    )


def _changed_codes(found: sources.RecordTable) -> list[str]:
    """Return every code the file has, in the areas or not: only the changed ones tell a census."""
    inside = pc.unique(found.table.column("lsoa")).to_pylist()
    return [*inside, *found.outside_areas]


def _count(file: str, found: sources.RecordTable, lookup: pd.DataFrame | None) -> RecordCount:
    return RecordCount(
        file=file,
        total=found.source_total,
        kept=found.served_total,
        outside=found.outside,
        set_aside=found.set_aside,
        set_aside_rows=found.set_aside_rows,
        strays=_strays(found, lookup),
        reading=found.notes,
    )


def _in_shared_columns(table: pa.Table, number: int, count_kind: pa.DataType) -> pa.Table:
    """Return the columns that demand is reckoned from; person ids differ between files."""
    wanted = {
        "lsoa": pa.string(),
        "service": pa.string(),
        "count": count_kind,
        "person_id": pa.string(),
        "age": pa.int16(),
    }
    columns = {
        name: table.column(name).cast(kind)
        if name in table.column_names
        else pa.nulls(table.num_rows, kind)
        for name, kind in wanted.items()
    }
    columns["person_id"] = pc.binary_join_element_wise(str(number), columns["person_id"], ":")
    return pa.table(columns)
