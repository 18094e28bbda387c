"""The single steps of a scenario, for those who want only one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.units import LONDON
from ntgeo.errors import Fault, ScenarioError
from ntgeo.progress import SILENT, Progress
from ntgeo.services.answer_rounds import Rounds, find_rounds, open_day
from ntgeo.services.answer_scenario import (
    Siting,
    answer_scenario,
    find_shared_siting,
    find_siting,
)
from ntgeo.services.build_demand import Demand, build_demand
from ntgeo.services.desk import Desk
from ntgeo.services.explain_rounds import explaining_rounds
from ntgeo.services.explain_sites import without_explanation
from ntgeo.services.known_roads import open_roads
from ntgeo.services.load_places import load_places, read_boundaries
from ntgeo.services.load_sites import load_sites
from ntgeo.services.plan_services import SharedSiting
from ntgeo.services.protected import ShownDemand, shown_demand
from ntgeo.services.question import Question, open_question
from ntgeo.services.shown_siting import ShownSiting, shown_siting
from ntgeo.services.travel_times import travel_times
from ntgeo.services.write_maps import map_backdrop, write_maps
from ntgeo.settings import Settings

__all__ = [
    "draw_maps_of",
    "matrix_of",
    "rounds_of",
    "shared_siting_of",
    "shown_demand_of",
    "siting_shown_of",
]


_QUICKLY_READ_BYTES: Final = 20_000_000


def shown_demand_of(path: Path, *, progress: Progress = SILENT) -> tuple[Demand, ShownDemand]:
    """Reckon a scenario's demand, and how it may be shown.

    Raises:
        NtgeoError: Any of the tree in :mod:`ntgeo.errors`.
    """
    question = open_question(path)
    places = load_places(question, progress=progress)
    demand = build_demand(question, places, progress=progress)
    asked = question.scenario
    return demand, shown_demand(demand, places.areas, asked.demand, asked.disclosure_rule)


def matrix_of(path: Path, settings: Settings, *, progress: Progress = SILENT) -> TravelTimeMatrix:
    """Return the travel times from a scenario's areas to its sites.

    Raises:
        NtgeoError: Any of the tree in :mod:`ntgeo.errors`.
    """
    question = open_question(path)
    _need(question, "sites")
    places = load_places(question, progress=progress)
    sites = load_sites(question, places, progress=progress)
    how = question.scenario.roads
    return travel_times(
        open_roads(question, settings),
        places.centroids,
        {str(site.id): site.location for site in sites},
        how.mode,
        departs_at=how.departs_at,
        progress=progress,
    )


def siting_shown_of(
    path: Path, settings: Settings, *, explain: bool = True, progress: Progress = SILENT
) -> tuple[Siting, ShownSiting]:
    """Answer a scenario's siting question, with its tables as they may be shown.

    Args:
        path: The scenario.
        settings: Of this machine.
        explain: Whether to do what ``[siting.explain]`` asks.
        progress: Told where it is.

    Raises:
        NtgeoError: Any of the tree in :mod:`ntgeo.errors`.
    """
    question = open_question(path)
    _need(question, "siting")
    if not explain:
        question.scenario = without_explanation(question.scenario)
    places = load_places(question, progress=progress)
    demand = build_demand(question, places, progress=progress)
    known = open_roads(question, settings)
    siting = find_siting(question, settings, places, demand, known, progress=progress)
    asked = question.scenario
    shown = shown_demand(demand, places.areas, asked.demand, asked.disclosure_rule)
    areas = pd.DataFrame(places.areas.drop(columns="geometry"))
    return siting, shown_siting(siting, areas, shown, asked.disclosure_rule)


def shared_siting_of(
    path: Path, settings: Settings, *, progress: Progress = SILENT
) -> SharedSiting | None:
    """Answer which services should run where; ``None`` where a scenario asks of one service.

    Raises:
        NtgeoError: Any of the tree in :mod:`ntgeo.errors`.
    """
    question = open_question(path)
    if question.scenario.siting is None or not question.scenario.siting.services:
        return None
    places = load_places(question, progress=progress)
    demand = build_demand(question, places, progress=progress)
    known = open_roads(question, settings)
    return find_shared_siting(question, settings, places, demand, known, progress=progress)


def rounds_of(
    path: Path,
    settings: Settings,
    *,
    explain: bool = True,
    next_best: bool = False,
    progress: Progress = SILENT,
) -> Rounds:
    """Answer a scenario's rounds question.

    Args:
        path: The scenario.
        settings: Of this machine.
        explain: Whether to do what ``[rounds.explain]`` asks.
        next_best: Whether to tell who would make each visit instead, in any case.
        progress: Told where it is.

    Raises:
        NtgeoError: Any of the tree in :mod:`ntgeo.errors`.
    """
    question = open_question(path)
    _need(question, "rounds")
    question.scenario = explaining_rounds(question.scenario, explain=explain, next_best=next_best)
    known = open_roads(question, settings)
    day = open_day(question, known, areas=_areas_at_hand(question), progress=progress)
    return find_rounds(question, settings, known, day, progress=progress)


def _areas_at_hand(question: Question) -> gpd.GeoDataFrame | None:
    """Return the areas of a scenario whose rounds are asked, where they are there and not large."""
    path = question.folder / question.scenario.areas.boundaries
    if not path.is_file() or path.stat().st_size > _QUICKLY_READ_BYTES:
        return None
    return read_boundaries(question).frame


def draw_maps_of(
    path: Path, out: Path, settings: Settings, *, progress: Progress = SILENT
) -> dict[str, str]:
    """Answer a scenario and draw its maps into ``out``; return file name → what it is.

    Raises:
        NtgeoError: Any of the tree in :mod:`ntgeo.errors`.
    """
    question = open_question(path)
    answer = answer_scenario(question, settings, progress=progress)
    made_on = datetime.now(LONDON).date()
    desk = Desk.of(out, question, answer, made_on, settings.basemap_key)
    return dict(write_maps(desk, map_backdrop(desk)))


def _need(question: Question, table: str) -> None:
    if getattr(question.scenario, table) is None:
        raise ScenarioError(
            Fault(
                file="scenario",
                column=table,
                column_word="key",
                what="this scenario has no such table",
                fix=f"add a [{table}] table",
                code="no-table",
            )
        )
