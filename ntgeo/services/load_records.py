"""Reads the records of service use of a scenario, and accounts for every one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from ntgeo import sources
from ntgeo.domain.scenario import RecordsFile
from ntgeo.errors import Fault, UnknownIdError
from ntgeo.progress import SILENT, Progress
from ntgeo.services.load_places import Places
from ntgeo.services.look_ups import load_lsoa_lookup, load_postcodes
from ntgeo.services.question import Question

__all__ = ["MOST_SET_ASIDE_SHARE", "RecordCount", "Records", "load_records"]

MOST_SET_ASIDE_SHARE: Final = 0.01
"""A file with a greater share of unusable rows is refused: it is the file that is wrong."""


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
    """

    file: str
    total: float
    kept: float
    outside: float
    set_aside: float
    set_aside_rows: int

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of it."""
        notes = []
        if self.outside > 0:
            notes.append(
                f"{self.file}: {self.outside:,.0f} of {self.total:,.0f} uses are by people of "
                "other areas; they are counted, and not planned for."
            )
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
    kinds = [item.table.schema.field("count").type for _, item in found]
    count_kind = pa.int64() if all(map(pa.types.is_integer, kinds)) else pa.float64()
    tables = [
        _in_shared_columns(item.table, number, count_kind) for number, (_, item) in enumerate(found)
    ]
    return Records(
        table=pa.concat_tables(tables),
        counts=tuple(_count(asked.file, item) for asked, item in found),
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
    found = sources.read_records(
        question.path_of("demand.records", item.file),
        columns=item.columns,
        service=item.service,
        postcodes=load_postcodes(question),
        areas=sources.AreaTable(frame=places.areas, vintage=places.vintage),
        set_aside_limit_share=MOST_SET_ASIDE_SHARE,
    )
    question.log("demand.records", item.file, rows=found.source_rows, notes=found.notes)
    faults = sources.find_vintage_faults(
        _changed_codes(found),
        places.codes,
        load_lsoa_lookup(question),
        file=item.file,
        vintage=places.vintage,
    )
    if faults:
        raise UnknownIdError(faults)
    if found.served_total <= 0:
        raise UnknownIdError(
            Fault(
                file=item.file,
                column="lsoa",
                what="none of its records lies in the scenario's areas",
                fix="use records of this place, coded to the same LSOAs as the boundaries",
                code="no-records-here",
            )
        )
    return found


def _changed_codes(found: sources.RecordTable) -> list[str]:
    """Return every code the file has, in the areas or not: only the changed ones tell a census."""
    inside = pc.unique(found.table.column("lsoa")).to_pylist()
    return [*inside, *found.outside_areas]


def _count(file: str, found: sources.RecordTable) -> RecordCount:
    return RecordCount(
        file=file,
        total=found.source_total,
        kept=found.served_total,
        outside=found.outside,
        set_aside=found.set_aside,
        set_aside_rows=found.set_aside_rows,
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
