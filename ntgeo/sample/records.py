"""Service records: twelve thousand for the committed sample, two million at full scale."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from ntgeo.files import replaced
from ntgeo.progress import Progress, raise_if_cancelled
from ntgeo.sample.areas import AREAS
from ntgeo.sample.ground import Floats
from ntgeo.sample.people import AGES
from ntgeo.sample.use import SERVICES

__all__ = ["RECORDS", "RECORDS_AT_FULL_SCALE", "build_records", "write_records"]

RECORDS: Final = 12_000
RECORDS_AT_FULL_SCALE: Final = 2_000_000
_FIRST_DAY: Final = date(2025, 4, 1)
_DAYS: Final = 365
_WEEKDAY_WEIGHT: Final = (1.0, 1.05, 1.0, 1.0, 0.95, 0.75, 0.08)
_HEAVY_USE: Final = 2.2
_FIRST_PERSON: Final = 100_000


def build_records(
    use: Floats,
    population: npt.NDArray[np.int64],
    codes: list[str],
    rng: np.random.Generator,
    *,
    total: int,
) -> Any:
    """Return ``total`` records as an arrow table, in order of date.

    A person has one age and lives in one area; some use a service much more than others.

    Args:
        use: Share of records by service, area and age.
        population: Residents by area and age.
        codes: Area codes.
        rng: Chance.
        total: How many records.
    """
    cell = np.repeat(np.arange(use.size), rng.multinomial(total, use.ravel()))
    day = _days(rng, total)
    order = np.lexsort((rng.random(total), day))
    cell, day = cell[order], day[order]
    service, place = np.divmod(cell, AREAS * AGES)
    area, age = np.divmod(place, AGES)
    residents = population.ravel()
    first = np.cumsum(residents) - residents
    one = np.floor(residents[place] * rng.random(total) ** _HEAVY_USE).astype(np.int64)
    person = rng.permutation(int(residents.sum()))[first[place] + one] + _FIRST_PERSON
    return pa.table(
        {
            "record_id": _lettered("R", np.arange(1, total + 1), 7),
            "person_id": _lettered("P", person, 6),
            "service": pa.array([s.name for s in SERVICES]).take(pa.array(service)),
            "date": pa.array(day.astype("datetime64[D]")),
            "lsoa": pa.array(codes).take(pa.array(area)),
            "age": pa.array(age),
        }
    )


def _days(rng: np.random.Generator, total: int) -> npt.NDArray[Any]:
    days = np.datetime64(_FIRST_DAY) + np.arange(_DAYS)
    weekday = (np.arange(_DAYS) + _FIRST_DAY.weekday()) % 7
    weight = np.array(_WEEKDAY_WEIGHT)[weekday]
    return days[rng.choice(_DAYS, total, p=weight / weight.sum())]


def _lettered(letter: str, numbers: npt.NDArray[np.int64], digits: int) -> Any:
    padded = pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), digits, "0")
    return pc.binary_join_element_wise(letter, padded, "")


def write_records(table: Any, path: Path, progress: Progress) -> None:
    """Write the records as CSV, a batch at a time, without quotation marks."""
    options = pcsv.WriteOptions(include_header=False, quoting_style="none")
    progress.stage("writing service records", table.num_rows)
    written = 0
    with replaced(path) as temporary, temporary.open("wb") as stream:
        stream.write((",".join(table.column_names) + "\n").encode())
        for batch in table.to_batches(max_chunksize=200_000):
            raise_if_cancelled(progress)
            pcsv.write_csv(batch, stream, options)
            written += batch.num_rows
            progress.advance(written)
