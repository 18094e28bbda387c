"""Compiles the engines once on a machine, so that no first run waits for it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from ntgeo import roads
from ntgeo.child import Offer, best_from_child
from ntgeo.domain.places import Location
from ntgeo.progress import SILENT, Progress
from ntgeo.routing.general.prepare import prepare_general
from ntgeo.services.known_roads import open_roads
from ntgeo.services.question import open_question
from ntgeo.services.steps import rounds_of, siting_shown_of
from ntgeo.settings import Settings
from ntgeo.siting.capacitated.prepare import prepare_capacitated

__all__ = ["prepare"]

_LONGEST_S: Final = 3600.0


def prepare(scenario: Path, settings: Settings, *, progress: Progress = SILENT) -> None:
    """Answer a scenario's questions once, and keep nothing but the compiled code.

    Numba writes what it compiles beside the source (or below ``NUMBA_CACHE_DIR``); later processes
    load it in a second. One process compiles roads and siting, another rounds.

    Args:
        scenario: One with roads, sites and rounds, such as the sample's.
        settings: Of this machine; its cache is not touched.
        progress: Told where it is.

    Raises:
        NtgeoError: Any of the tree in :mod:`ntgeo.errors`.
    """
    progress.stage("Compiling the engines")
    with TemporaryDirectory() as folder, ThreadPoolExecutor() as threads:

        def compiled(work: Callable[[Offer, Path, Settings], bool]) -> object:
            apart = replace(settings, cache_folder=Path(folder) / work.__name__)
            return best_from_child(
                work, scenario, apart, time_limit_s=_LONGEST_S, progress=progress
            )

        list(threads.map(compiled, (prepare_sites, prepare_rounds)))


def prepare_sites(offer: Offer, scenario: Path, settings: Settings) -> bool:
    """Compile the engines of roads and siting; in a process of its own."""
    del offer
    siting_shown_of(scenario, settings, explain=False)
    _search_roads(scenario, settings)
    prepare_capacitated()
    return True


def prepare_rounds(offer: Offer, scenario: Path, settings: Settings) -> bool:
    """Compile the engines of rounds; in a process of its own."""
    del offer
    prepare_general()
    rounds_of(scenario, settings, explain=False)
    return True


def _search_roads(scenario: Path, settings: Settings) -> None:
    """Ask the scenario's roads what only larger questions, or other ones, would ask."""
    question = open_question(scenario)
    known = open_roads(question, settings)
    if known.is_straight_line:
        return
    network = known.network(question.scenario.roads.mode)
    roads.prepare(network)
    x, y = network.junctions.xy_m[0].tolist()
    place = Location(easting_m=x, northing_m=y)
    here = {"here": place}
    roads.travel_times(network, here, here)
    roads.nearest_destinations(network, here, here, k=1)
    roads.reach_areas(network, here, [60.0])
    roads.fastest_paths(network, [(place, place)])
