"""Service use, need and inequality by area, and what each area weighs when sites are chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ntgeo import demand
from ntgeo.domain.scenario import DemandTable
from ntgeo.errors import Fault, InputError, ScenarioError, first_five
from ntgeo.progress import SILENT, Progress
from ntgeo.services.load_places import Places
from ntgeo.services.load_records import RecordCount, Records, load_records
from ntgeo.services.question import Question

__all__ = [
    "Demand",
    "bands_of",
    "build_demand",
    "demand_for",
    "expect_demand",
    "weigh_demand",
]

_SHOWN: Final = 5
_MOST_YEARS_APART: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Demand:
    """What is known of demand.

    Args:
        service: The one that sites are chosen for.
        use: ``lsoa, service, count, people, population, rate_per_1000``.
        ages: ``service, age, count``; ``None`` where no record tells an age.
        by_decile: Use by national IMD decile; ``None`` without deprivation.
        inequality: Slope and relative index; ``None`` without deprivation.
        expected: Observed, expected and their difference by area and service.
        models: How the expectation was reckoned, one a service.
        weight: (areas,) what each area weighs, in order of code.
        weight_unit: Of the weight, in words.
        records: Where each file's records went.
        set_aside: Why rows were set aside, a fault each.
        cautions: What does not quite fit together, in words.
        place_notes: What was noted of the areas, their residents and their deprivation.
    """

    service: str
    use: pd.DataFrame
    ages: pd.DataFrame | None
    by_decile: pd.DataFrame | None
    inequality: pd.DataFrame | None
    expected: pd.DataFrame
    models: tuple[demand.DemandModel, ...]
    weight: npt.NDArray[np.float64]
    weight_unit: str
    records: tuple[RecordCount, ...]
    set_aside: tuple[Fault, ...]
    cautions: tuple[str, ...] = ()
    place_notes: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know."""
        return (
            *self.cautions,
            *(note for count in self.records for note in count.notes),
            *self._set_aside_notes,
        )

    @property
    def reading_notes(self) -> tuple[str, ...]:
        """What was cleaned, counted apart and set aside when the records were read."""
        return (
            *(note for count in self.records for note in (*count.reading, *count.stray_notes)),
            *self._set_aside_notes,
        )

    @property
    def _set_aside_notes(self) -> tuple[str, ...]:
        return tuple(f"Set aside: {fault}" for fault in self.set_aside[:_SHOWN])

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
    records = load_records(question, places, progress=progress)
    cautions = _year_cautions(question, places, records)
    for caution in cautions:
        progress.note(caution)
    progress.stage("Adding up service use by area")
    use = demand.aggregate_use(records.table, places.codes)
    service = _service(asked, use)
    bands = bands_of(asked)
    population = _population(places)
    rates = demand.use_rates(use, population, bands)
    deprivation = _deprivation(places)
    progress.stage("Reckoning expected demand")
    has_ages = records.table.column("age").null_count < records.table.num_rows
    ages = demand.aggregate_ages(records.table) if has_ages else None
    expectation = expect_demand(asked, places, use, ages)
    by_decile = inequality = None
    if deprivation is not None:
        by_decile = demand.use_by_decile(use, deprivation, population, bands=bands)
        inequality = demand.inequality_indices(by_decile)
    weight, unit = weigh_demand(asked, places, service, rates, expectation.frame, progress=progress)
    return Demand(
        service=service,
        use=rates,
        ages=ages,
        by_decile=by_decile,
        inequality=inequality,
        expected=expectation.frame,
        models=expectation.models,
        weight=weight,
        weight_unit=unit,
        records=records.counts,
        set_aside=records.set_aside,
        cautions=cautions,
        place_notes=places.notes,
    )


def demand_for(
    asked: DemandTable,
    places: Places,
    found: Demand,
    service: str,
    *,
    progress: Progress = SILENT,
) -> tuple[npt.NDArray[np.float64], str]:
    """Return what each area weighs for another service of the same records, and the unit.

    Args:
        asked: What the scenario says of demand.
        places: The areas.
        found: Demand as it was reckoned.
        service: Which service.
        progress: Told what was done.

    Raises:
        ScenarioError: No record has the service.
        InputError: There is no demand for it.
    """
    known = _service(asked.model_copy(update={"service": service}), found.use)
    return weigh_demand(asked, places, known, found.use, found.expected, progress=progress)


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


def _year_cautions(question: Question, places: Places, records: Records) -> tuple[str, ...]:
    """Say that residents were counted long before or after the use, since rates are then off."""
    counted, used = places.population_year, records.last_year
    if counted is None or used is None or abs(used - counted) <= _MOST_YEARS_APART:
        return ()
    file = question.scenario.areas.population
    what = f"{file}: population of {counted} with demand of {used}"
    return (f"{what}; rates are off by what changed in between. Fix: use a newer ONS estimate.",)


def expect_demand(
    asked: DemandTable, places: Places, use: pd.DataFrame, ages: pd.DataFrame | None
) -> demand.ExpectedDemand:
    """Reckon the use that people like those of each area would make.

    Args:
        asked: What the scenario says of demand.
        places: The areas.
        use: ``lsoa, service, count``.
        ages: ``service, age, count``, where known.
    """
    return demand.expected_demand(
        use, _population(places), _deprivation(places), bands=bands_of(asked), use_by_age=ages
    )


def bands_of(asked: DemandTable) -> dict[str, tuple[int, int]]:
    """Return the youngest and oldest age of each service that is for some ages only."""
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


def weigh_demand(
    asked: DemandTable,
    places: Places,
    service: str,
    rates: pd.DataFrame,
    expected: pd.DataFrame,
    *,
    progress: Progress = SILENT,
) -> tuple[npt.NDArray[np.float64], str]:
    """Return what each area weighs when sites are chosen, in order of code, and the unit.

    Args:
        asked: What the scenario says of demand.
        places: The areas.
        service: Which service.
        rates: ``lsoa, service, count, population``.
        expected: ``lsoa, service, expected``.
        progress: Told what was done.

    Raises:
        InputError: There is no demand for it.
    """
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
