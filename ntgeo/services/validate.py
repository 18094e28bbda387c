"""Reads everything that a scenario names, tells all that is wrong with it, and plans nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import geopandas as gpd

from ntgeo import sources
from ntgeo.domain.run import InputFile
from ntgeo.domain.scenario import RoundsTable
from ntgeo.errors import (
    CancelledError,
    Fault,
    InputError,
    NtgeoError,
    PlanRejectedError,
)
from ntgeo.progress import SILENT, Progress
from ntgeo.services.answer_rounds import open_day
from ntgeo.services.answer_scenario import sites_and_travel
from ntgeo.services.build_demand import Demand, build_demand
from ntgeo.services.known_roads import Roads, open_roads
from ntgeo.services.load_day import (
    read_day_depots,
    read_day_links,
    read_day_shifts,
    read_day_visits,
)
from ntgeo.services.load_places import Places, load_places, read_boundaries
from ntgeo.services.load_records import RecordCount, read_records_file
from ntgeo.services.load_sites import read_site_file
from ntgeo.services.look_ups import load_lsoa_lookup, load_postcodes
from ntgeo.services.plan_routes import build_routing_problem
from ntgeo.services.plan_services import build_shared_problem
from ntgeo.services.question import Question, open_question
from ntgeo.services.rounds_travel import rounds_travel
from ntgeo.services.siting_question import build_siting_problem
from ntgeo.services.stage_times import StageTimes
from ntgeo.settings import Settings

__all__ = ["Validation", "validate"]

Read = TypeVar("Read")

_REST: Final = (
    "How the files fit together is looked at once each of them can be read: mend these, and "
    "validate again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """What a scenario and its files are like.

    Args:
        inputs: Every file that was read, by role and name, with its rows and what was done to them.
        faults: Why files are refused, all that were found.
        refusals: Whatever else stops a run, such as a file that is not there, as sentences.
        records: Where the uses of each file of records went.
        set_aside: Rows that a run would do without, each with its reason.
        notes: What a reader must know, in sentences.
        unchecked: What could not be looked at yet; ``None`` where all was.
    """

    inputs: tuple[InputFile, ...]
    faults: tuple[Fault, ...] = ()
    refusals: tuple[str, ...] = ()
    records: tuple[RecordCount, ...] = ()
    set_aside: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    unchecked: str | None = None

    @property
    def is_sound(self) -> bool:
        """Whether a run would begin to plan."""
        return not self.faults and not self.refusals


@dataclass(slots=True, kw_only=True)
class _Found:
    """What was refused, or set aside, so far; ``unplaced`` are visits that cannot be planned."""

    faults: dict[Fault, None] = field(default_factory=dict)
    refusals: dict[str, None] = field(default_factory=dict)
    set_aside: list[Fault] = field(default_factory=list)
    unplaced: list[Fault] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.faults and not self.refusals

    def validation(self, inputs: tuple[InputFile, ...]) -> Validation:
        """Return what was found, with the files that were read."""
        return Validation(
            inputs=inputs,
            faults=tuple(self.faults),
            refusals=tuple(self.refusals),
            set_aside=(*self.set_aside, *self.unplaced),
        )

    def reading(self, work: Callable[[], Read]) -> Read | None:
        """Return what ``work`` reads; ``None``, and the reasons kept, where it is refused."""
        try:
            return work()
        except InputError as error:
            self.faults.update(dict.fromkeys(error.faults))
        except (CancelledError, PlanRejectedError):
            raise
        except NtgeoError as error:
            self.refusals[str(error)] = None
        return None


def validate(path: Path, settings: Settings, *, progress: Progress = SILENT) -> Validation:
    """Read a scenario and all that it names, and tell everything that is wrong at once.

    Each file is read by itself first, so that a fault in one does not hide those of another. Where
    all can be read, they are put together as a run would, up to the questions themselves.

    Args:
        path: The scenario.
        settings: Of this machine. Road networks and travel times that were read are kept in its
            cache, so that the run that follows does not wait for them.
        progress: Told where it is.
    """
    heard, found = StageTimes(progress), _Found()
    question = found.reading(partial(open_question, path))
    if question is None:
        return found.validation(())
    _read_all(question, found, heard)
    can_be_read = found.is_clean
    places = demand = None
    if can_be_read:
        places, demand = _put_together(question, settings, found, heard)
    noted = (*heard.notes, *(() if demand is None else demand.notes))
    of_areas = () if places is None else places.set_aside
    of_records = found.set_aside if demand is None else demand.set_aside
    return replace(
        found.validation(question.inputs),
        records=() if demand is None else demand.records,
        set_aside=(*of_areas, *of_records, *found.unplaced),
        notes=tuple(dict.fromkeys(noted)),
        unchecked=None if can_be_read else _REST,
    )


def _read_all(question: Question, found: _Found, progress: Progress) -> None:
    """Read each file by itself, in the order that they need each other."""
    progress.stage("Reading each file")
    for read in _area_files(question):
        found.reading(read)
    for item in question.scenario.demand.records:
        table = found.reading(partial(read_records_file, question, item))
        found.set_aside.extend(() if table is None else table.faults)
    for site_file in () if question.scenario.sites is None else question.scenario.sites.files:
        found.reading(partial(read_site_file, question, site_file))
    if question.scenario.rounds is not None and not question.scenario.rounds.seeded:
        _read_day(question, question.scenario.rounds, found)


def _area_files(question: Question) -> Iterator[Callable[[], object]]:
    table = question.scenario.areas
    readers: tuple[tuple[str, str | None, Callable[[Path], object]], ...] = (
        ("centroids", table.centroids, sources.read_centroids),
        ("population", table.population, sources.read_population),
        ("deprivation", table.deprivation, sources.read_deprivation),
    )
    yield partial(_read_boundaries, question)
    for role, file, read in readers:
        if file is not None:
            yield partial(_read_file, question, f"areas.{role}", file, read)
    yield partial(load_postcodes, question)
    yield partial(load_lsoa_lookup, question)


def _read_boundaries(question: Question) -> object:
    """Read the areas; the look-ups are read for their census, as in a run."""
    table = read_boundaries(question)
    question.vintage = table.vintage
    return table


def _read_file(question: Question, role: str, file: str, read: Callable[[Path], object]) -> object:
    return read(question.path_of(role, file))


def _read_day(question: Question, asked: RoundsTable, found: _Found) -> None:
    depots = found.reading(partial(read_day_depots, question, asked))
    visits = found.reading(partial(read_day_visits, question, asked))
    if depots is not None:
        found.reading(partial(read_day_shifts, question, asked, depots.depots))
    if visits is not None:
        found.unplaced.extend(visits.set_aside)
        found.reading(partial(read_day_links, question, asked, visits))


def _put_together(
    question: Question, settings: Settings, found: _Found, progress: Progress
) -> tuple[Places | None, Demand | None]:
    """Ask of all files what a run would ask; return the areas and the demand, where they are."""
    known = found.reading(partial(open_roads, question, settings))
    places = found.reading(partial(load_places, question, progress=progress))
    demand = None
    if places is not None:
        demand = found.reading(partial(build_demand, question, places, progress=progress))
    if known is None:
        return places, demand
    if question.scenario.rounds is not None:
        areas = None if places is None else places.areas
        found.reading(partial(_ask_rounds, question, known, areas, progress))
    if question.scenario.siting is not None and places is not None and demand is not None:
        found.reading(partial(_ask_siting, question, places, demand, known, progress))
    return places, demand


def _ask_rounds(
    question: Question, known: Roads, areas: gpd.GeoDataFrame | None, progress: Progress
) -> object:
    day = open_day(question, known, areas=areas, progress=progress)
    return build_routing_problem(question, day, rounds_travel(known, day, progress=progress))


def _ask_siting(
    question: Question, places: Places, demand: Demand, known: Roads, progress: Progress
) -> object:
    asked = question.scenario.siting
    assert asked is not None  # noqa: S101 - the caller looked
    sites, travel = sites_and_travel(question, places, known, progress=progress)
    build = build_shared_problem if asked.services else build_siting_problem
    return build(question, places, demand, sites, travel)
