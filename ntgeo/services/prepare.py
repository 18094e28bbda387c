"""Compiles the engines once on a machine, so that no first run waits for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ntgeo import roads
from ntgeo.domain.places import Location
from ntgeo.progress import SILENT, Progress
from ntgeo.routing.general.prepare import prepare_general
from ntgeo.services.known_roads import open_roads
from ntgeo.services.question import open_question
from ntgeo.services.steps import rounds_of, siting_shown_of
from ntgeo.settings import Settings
from ntgeo.siting.capacitated.prepare import prepare_capacitated

__all__ = ["prepare"]


def prepare(scenario: Path, settings: Settings, *, progress: Progress = SILENT) -> None:
    """Answer a scenario's questions once, and keep nothing but the compiled code.

    Numba writes what it compiles beside the source (or below ``NUMBA_CACHE_DIR``); later processes
    load it in a second.

    Args:
        scenario: One with roads, sites and rounds, such as the sample's.
        settings: Of this machine; its cache is not touched.
        progress: Told where it is.

    Raises:
        NtgeoError: Any of the tree in :mod:`ntgeo.errors`.
    """
    with TemporaryDirectory() as folder:
        apart = replace(settings, cache_folder=Path(folder))
        siting_shown_of(scenario, apart, explain=False, progress=progress)
        rounds_of(scenario, apart, explain=False, progress=progress)
        prepare_capacitated()
        prepare_general()
        _search_roads(scenario, apart, progress)


def _search_roads(scenario: Path, settings: Settings, progress: Progress) -> None:
    """Ask the scenario's roads what only larger questions, or other ones, would ask."""
    question = open_question(scenario)
    known = open_roads(question, settings)
    if known.is_straight_line:
        return
    network = known.network(question.scenario.roads.mode, progress=progress)
    roads.prepare(network)
    x, y = network.junctions.xy_m[0].tolist()
    here = {"here": Location(easting_m=x, northing_m=y)}
    roads.travel_times(network, here, here, progress=progress)
    roads.nearest_destinations(network, here, here, k=1, progress=progress)
    roads.reach_areas(network, here, [60.0], progress=progress)
