"""Service use, need and inequality by area, and what each area weighs when sites are chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from ntgeo import demand, sources
from ntgeo.domain.scenario import DemandTable, RecordsFile
from ntgeo.errors import Fault, InputError, ScenarioError, UnknownIdError, first_five
from ntgeo.progress import SILENT, Progress
from ntgeo.services.load_places import Places
from ntgeo.services.load_postcodes import load_postcodes
from ntgeo.services.question import Question

__all__ = ["Demand", "RecordCount", "build_demand"]

_LARGEST_LOSS_SHARE: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCount:
    """Where the records of a file went: ``total = kept + outside + set_aside``.

    Args:
        file: As the scenario names it.
        total: Sum of the file's counts.
        kept: In the scenario's areas.
        outside: In other areas.
        set_aside: Without a usable place, or otherwise not usable.
    """

    file: str
    total: float
    kept: float
    outside: float
    set_aside: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Demand:
    """What is known of demand.

    Args:
        service: The one that sites are chosen for.
        use: ``lsoa, service, count, people, population, rate_per_1000``.
        by_decile: Use by national IMD decile; ``None`` without deprivation.
        inequality: Slope and relative index; ``None`` without deprivation.
        expected: Observed, expected and their difference by area and service.
        models: How the expectation was reckoned, one a service.
        weight: (areas,) what each area weighs, in order of code.
        weight_unit: Of the weight, in words.
        records: Where each file's records went.
        notes: What a reader must know.
    """

    service: str
    use: pd.DataFrame
    by_decile: pd.DataFrame | None
    inequality: pd.DataFrame | None
    expected: pd.DataFrame
    models: tuple[demand.DemandModel, ...]
    weight: npt.NDArray[np.float64]
    weight_unit: str
    records: tuple[RecordCount, ...]
    notes: tuple[str, ...]

    def of_service(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of the sited service, by code."""
        return frame[frame["service"] == self.service].sort_values("lsoa", ignore_index=True)


def build_demand(question: Question, places: Places, *, progress: Progress = SILENT) -> Demand:
    """Read the ``[demand]`` table of a scenario and reckon demand.

    Raises:
        InputError: A file is faulty, or its records lie in none of the areas.
        DataUnavailableError: A file is not there.
    """
    asked = question.scenario.demand
    read = [_read(question, places, item, progress) for item in asked.records]
    is_whole = all(pa.types.is_integer(item.schema.field("count").type) for item, _, _ in read)
    records = pa.concat_tables([_shared_columns(item, is_whole) for item, _, _ in read])
    progress.stage("Adding up service use by area")
    use = demand.aggregate_use(records, places.codes)
    service = _service(asked, use)
    bands = _bands(asked)
    population = _population(places)
    rates = demand.use_rates(use, population, bands)
    deprivation = _deprivation(places)
    progress.stage("Reckoning expected demand")
    ages = demand.aggregate_ages(records) if "age" in records.column_names else None
    expectation = demand.expected_demand(use, population, deprivation, bands=bands, use_by_age=ages)
    by_decile = inequality = None
    if deprivation is not None:
        by_decile = demand.use_by_decile(use, deprivation, population, bands=bands)
        inequality = demand.inequality_indices(by_decile)
    weight, unit = _weight(asked, places, service, rates, expectation.frame, progress)
    return Demand(
        service=service,
        use=rates,
        by_decile=by_decile,
        inequality=inequality,
        expected=expectation.frame,
        models=expectation.models,
        weight=weight,
        weight_unit=unit,
        records=tuple(count for _, count, _ in read),
        notes=tuple(note for _, _, notes in read for note in notes),
    )


def _read(
    question: Question, places: Places, item: RecordsFile, progress: Progress
) -> tuple[pa.Table, RecordCount, list[str]]:
    progress.stage(f"Reading {item.file}")
    path = question.path_of("demand.records", item.file)
    found = sources.read_records(
        path,
        columns=item.columns,
        service=item.service,
        postcodes=load_postcodes(question),
        areas=places.areas,
    )
    question.log("demand.records", item.file, rows=found.source_rows, notes=found.notes)
    kept = float(np.sum(found.table.column("count").to_numpy(zero_copy_only=False)))
    count = RecordCount(
        file=item.file,
        total=found.source_total,
        kept=kept,
        outside=found.outside,
        set_aside=found.source_total - kept - found.outside,
    )
    if kept <= 0:
        raise UnknownIdError(
            Fault(
                file=item.file,
                column="lsoa",
                what="none of its records lies in the scenario's areas",
                fix="use records of this place, coded to the same LSOAs as the boundaries",
                code="no-records-here",
            )
        )
    notes = []
    if found.outside > 0:
        notes.append(
            f"{item.file}: {found.outside:,.0f} of {found.source_total:,.0f} uses are by people of "
            "other areas; they are counted, and not planned for."
        )
    return found.table, count, notes


def _shared_columns(table: pa.Table, is_whole: bool) -> pa.Table:  # noqa: FBT001 - one private call
    """Return the columns that demand is reckoned from, in one order and with plain types."""
    wanted = {
        "lsoa": pa.string(),
        "service": pa.string(),
        "person_id": pa.string(),
        "age": pa.int16(),
        "count": pa.int64() if is_whole else pa.float64(),
    }
    columns = {
        name: table.column(name).cast(kind)
        if name in table.column_names
        else pa.nulls(table.num_rows, kind)
        for name, kind in wanted.items()
    }
    return pa.table(columns)


def _service(asked: DemandTable, use: pd.DataFrame) -> str:
    services = sorted(use["service"].unique())
    if asked.service is None and len(services) == 1:
        return str(services[0])
    if asked.service in services:
        return str(asked.service)
    what = (
        f"the records hold {len(services)} services and none is chosen"
        if asked.service is None
        else "no record has this service"
    )
    raise ScenarioError(
        Fault(
            file="scenario",
            column="demand.service",
            value=asked.service,
            column_word="key",
            what=what,
            fix=f"choose one of {first_five(services)}",
            code="unknown-service",
        )
    )


def _bands(asked: DemandTable) -> dict[str, tuple[int, int]]:
    constant = {
        item.service: item.age_band for item in asked.records if item.service and item.age_band
    }
    return {**constant, **asked.age_bands}


def _population(places: Places) -> pd.DataFrame:
    totals = pd.DataFrame(places.areas[["lsoa", "population"]])
    return totals if places.ages is None else totals.merge(places.ages, on="lsoa", validate="1:1")


def _deprivation(places: Places) -> pd.DataFrame | None:
    if places.edition is None:
        return None
    columns = [c for c in ("lsoa", "imd_score", "imd_rank", "imd_decile") if c in places.areas]
    return pd.DataFrame(places.areas[columns])


def _weight(
    asked: DemandTable,
    places: Places,
    service: str,
    rates: pd.DataFrame,
    expected: pd.DataFrame,
    progress: Progress,
) -> tuple[npt.NDArray[np.float64], str]:
    codes = list(places.codes)
    used = rates[rates["service"] == service].set_index("lsoa").loc[codes]
    wanted = expected[expected["service"] == service].set_index("lsoa").loc[codes]
    deciles = places.areas.get("imd_decile")
    weight = demand.demand_weights(
        observed=used["count"],
        expected=wanted["expected"],
        population=used["population"],
        kind=asked.weight,
        mix=asked.mix,
        deprivation_weight=asked.deprivation_weight,
        imd_decile=deciles,
        progress=progress,
    )
    if weight.sum() <= 0:
        raise InputError(
            Fault(
                file="demand",
                column=service,
                what="total demand is 0; nothing to plan",
                fix="choose another service or weight",
                code="no-demand",
            )
        )
    return weight, _unit(asked, service)


def _unit(asked: DemandTable, service: str) -> str:
    names = {
        "observed": f"observed {service}",
        "expected": f"expected {service}",
        "population": "residents",
    }
    if asked.mix is not None:
        parts = [f"{share:.0%} {names[kind]}" for kind, share in asked.mix.items()]
        unit = " + ".join(parts)
    else:
        unit = names[asked.weight]
    if asked.deprivation_weight:
        unit += f", decile 1 counted {1 + asked.deprivation_weight:g} times decile 10"
    return unit
