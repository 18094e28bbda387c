"""Reads one file by itself, without a scenario, and tells all that is wrong with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from ntgeo import roads, sources
from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.domain.run import InputFile
from ntgeo.domain.shifts import Depot, DepotId
from ntgeo.errors import DataUnavailableError, Fault, InputError, first_five
from ntgeo.files import sha256_of
from ntgeo.progress import SILENT, Progress
from ntgeo.services.load_records import MOST_SET_ASIDE_SHARE
from ntgeo.services.validate import Validation
from ntgeo.sources.cell_text import clean_cell
from ntgeo.sources.clock import ClockError, parse_day
from ntgeo.sources.day_rows import DATE
from ntgeo.sources.delimited import Sheet
from ntgeo.sources.headings import heading_key, match_headings
from ntgeo.sources.local_file import check_local_file
from ntgeo.sources.noted import Noted
from ntgeo.sources.tables import read_sheet

__all__ = ["FILE_KINDS", "validate_file"]

_SHAPES: Final = {".geojson", ".json", ".gpkg", ".shp", ".zip"}
_ROADS: Final = {".pbf", ".osm", ".graphml", ".xml"}
_NO_DAY: Final = date(2001, 1, 1)
"""Any day will do to read clock times by; one without a change of the clocks."""
_DATED: Final = re.compile(r"(\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{4})(?:[T ].*)?")

_TELL_TALES: Final = (
    ("visits", {"visitid", "durationmin"}),
    ("shifts", {"shiftid", "staffid"}),
    ("depots", {"depotid"}),
    ("sites", {"siteid"}),
    ("lookup", {"lsoa11cd", "lsoa21cd"}),
    ("postcodes", {"pcds"}),
    ("postcodes", {"postcode", "easting", "northing"}),
    ("journeys", {"departure", "seconds"}),
    ("records", {"service"}),
    ("deprivation", {"imddecile"}),
    ("population", {"population"}),
    ("population", {"0", "1"}),
    ("population", {"f0", "m0"}),
    ("centroids", {"easting", "northing"}),
)
"""Kind of file and headings by which it is known, as ``heading_key`` writes them; first come."""


def validate_file(
    path: Path, *, kind: str | None = None, progress: Progress = SILENT
) -> Validation:
    """Read one file by itself and tell everything that is wrong with it.

    What lies in another file is taken to be right: the depots of shifts, the area of a record.

    Args:
        path: The file.
        kind: One of :data:`FILE_KINDS`; found by its ending or its headings without it.
        progress: Told where it is.
    """
    empty = Validation(inputs=())
    try:
        check_local_file(path)
        wanted = _kind_of(path) if kind is None else _known(kind)
        progress.stage(f"Reading {path.name} as {wanted}")
        empty = replace(empty, inputs=(_input_of(path, wanted),))
        found = _READERS[wanted](path)
    except InputError as error:
        return replace(empty, faults=error.faults)
    except DataUnavailableError as error:
        return replace(empty, refusals=(str(error),))
    is_records = isinstance(found, sources.RecordTable)
    noted = tuple(getattr(found, "notes", ()))
    rows = found.source_rows if is_records else _count(found)
    return replace(
        empty,
        inputs=(replace(empty.inputs[0], rows=rows, notes=noted),),
        set_aside=found.faults if is_records else getattr(found, "set_aside", ()),
    )


def _input_of(path: Path, kind: str) -> InputFile:
    return InputFile(role=kind, file=path.name, sha256=sha256_of(path))


def _known(kind: str) -> str:
    if kind in FILE_KINDS:
        return kind
    raise InputError(
        Fault(
            file="--as",
            value=kind,
            what="no file is read as this",
            fix=f"use one of {', '.join(FILE_KINDS)}",
            code="unknown-kind",
        )
    )


def _kind_of(path: Path) -> str:
    ending = path.suffix.lower()
    if ending in _SHAPES:
        return "areas"
    if ending in _ROADS:
        return "roads"
    headings = read_sheet(path).headings
    there = {heading_key(heading) for heading in headings}
    for kind, tell_tale in _TELL_TALES:
        if tell_tale <= there:
            return kind
    raise InputError(
        Fault(
            file=path.name,
            row=1,
            what=f"its headings ({first_five(headings)}) do not tell what it holds",
            fix=f"say so with --as: {', '.join(FILE_KINDS)}",
            code="unknown-kind",
        )
    )


def _count(found: Any) -> int:
    """Return how many rows, links or journeys were read."""
    if isinstance(found, roads.RoadNetwork):
        return found.link_count
    if isinstance(found, Noted):
        return len(found.read)
    parts = ("visits", "shifts", "depots", "sites", "time_s", "frame")
    return len(next((getattr(found, part) for part in parts if hasattr(found, part)), found))


def _day_of(sheet: Sheet) -> date:
    """Return the day that most of a sheet's dates are of, or any day."""
    told: Counter[date] = Counter()
    for record in sheet.records:
        for found in map(_DATED.fullmatch, map(clean_cell, record)):
            with suppress(ClockError):
                told.update([parse_day(found[1])] if found else [])
    return told.most_common(1)[0][0] if told else _NO_DAY


def _read_visits(path: Path) -> object:
    return _each_day(read_sheet(path), sources.read_visit_table)


def _read_shifts(path: Path) -> object:
    """Read shifts; every depot that they name is taken to be there."""
    sheet = read_sheet(path)
    named = [i for i, text in enumerate(sheet.headings) if heading_key(text).endswith("depot")]
    ids = {clean_cell(record[i]) for record in sheet.records for i in named}
    depots = [_somewhere(name) for name in sorted(ids - {""})]
    return _each_day(sheet, partial(sources.read_shift_table, depots=depots))


def _each_day(sheet: Sheet, read: Callable[..., Any]) -> _Days:
    """Read an export of several days day by day, as each would be planned."""
    found, faults = _Days(), dict[Fault, None]()
    for day, part in _days_of(sheet).items():
        try:
            found.tables.append(read(part, day=day))
        except InputError as error:
            faults.update(dict.fromkeys(error.faults))
    if faults:
        raise InputError(list(faults))
    return found


def _days_of(sheet: Sheet) -> dict[date, Sheet]:
    """Part a sheet by its dates; rows without one go with the first day."""
    column = match_headings(sheet.headings, (DATE,)).get(DATE)
    told: dict[date | None, list[int]] = {}
    for row, record in enumerate(sheet.records):
        day = None
        with suppress(ClockError):
            day = None if column is None else parse_day(clean_cell(record[column]))
        told.setdefault(day, []).append(row)
    undated = told.pop(None, [])
    days = {day: told[day] for day in sorted(day for day in told if day)} or {_day_of(sheet): []}
    first = next(iter(days))
    days[first] = sorted([*days[first], *undated])
    return {
        day: replace(
            sheet,
            records=[sheet.records[row] for row in rows],
            rows=[sheet.rows[row] for row in rows],
        )
        for day, rows in days.items()
    }


@dataclass(slots=True)
class _Days:
    """The tables of the days of a file, as one."""

    tables: list[Any] = field(default_factory=list)

    def __len__(self) -> int:
        return sum(map(_count, self.tables))

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(note for table in self.tables for note in table.notes))

    @property
    def set_aside(self) -> tuple[Fault, ...]:
        return tuple(f for table in self.tables for f in getattr(table, "set_aside", ()))


def _somewhere(name: str) -> Depot:
    return Depot(id=DepotId(name), name=name, location=Location(easting_m=0.0, northing_m=0.0))


_READERS: Final[Mapping[str, Callable[[Path], Any]]] = MappingProxyType(
    {
        "areas": sources.read_areas,
        "centroids": sources.read_centroids,
        "population": sources.read_population,
        "deprivation": sources.read_deprivation,
        "postcodes": sources.read_postcodes,
        "lookup": sources.read_lsoa_lookup,
        "records": lambda path: sources.read_records(
            path, set_aside_limit_share=MOST_SET_ASIDE_SHARE
        ),
        "sites": sources.read_site_table,
        "depots": sources.read_depot_table,
        "visits": _read_visits,
        "shifts": _read_shifts,
        "journeys": sources.read_observed_times,
        "roads": lambda path: roads.read_roads(path, mode=TravelMode.CAR),
    }
)

FILE_KINDS: Final = tuple(_READERS)
"""What a file may be read as."""
