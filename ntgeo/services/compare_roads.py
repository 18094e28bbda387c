"""What a scenario's changes of roads do to journeys to the nearest site."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ntgeo import reports, roads
from ntgeo.domain.matrix import TravelMode, TravelTimeMatrix
from ntgeo.domain.places import CandidateSite, SiteStatus
from ntgeo.errors import Fault, ScenarioError
from ntgeo.progress import SILENT, Progress
from ntgeo.reports import RoadsEffect
from ntgeo.services.known_roads import Roads, open_roads
from ntgeo.services.load_places import load_places
from ntgeo.services.load_sites import load_sites
from ntgeo.services.question import Question, open_question
from ntgeo.services.travel_times import travel_times
from ntgeo.settings import Settings

__all__ = ["RoadsComparison", "compare_roads"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoadsComparison:
    """Journeys with and without the changes of roads; areas and totals only.

    Args:
        assumptions: What was changed, in sentences.
        sentences: What it does, most important first.
        effect: The same in figures.
        areas: A row an area, hit worst first; the columns of ``roads_effect_table``.
        before: Times from areas to sites, as the roads are.
        after: The same with the changes.
        prepare_s: Seconds to prepare the roads as they are for large matrices.
        change_s: Seconds to make the changes and prepare the roads again.
    """

    assumptions: tuple[str, ...]
    sentences: tuple[str, ...]
    effect: RoadsEffect
    areas: pd.DataFrame
    before: TravelTimeMatrix
    after: TravelTimeMatrix
    prepare_s: float
    change_s: float


def compare_roads(
    path: Path, settings: Settings, *, progress: Progress = SILENT
) -> RoadsComparison:
    """Compare journeys from every area to the nearest site, with and without the changes of roads.

    The sites are those open today; where none is, all that may open.

    Raises:
        NtgeoError: Any of the tree in :mod:`ntgeo.errors`.
    """
    question = open_question(path)
    _need_changes_and_sites(question)
    places = load_places(question, progress=progress)
    sites, told = _sites_compared(load_sites(question, places, progress=progress))
    known = open_roads(question, settings)
    mode = question.scenario.roads.mode
    prepare_s, change_s = _timed_changes(known, mode, progress)
    before, after = (
        travel_times(
            which,
            places.centroids,
            {str(site.id): site.location for site in sites},
            mode,
            departs_at=question.scenario.roads.departs_at,
            progress=progress,
        )
        for which in (known.as_today(), known)
    )
    question.check_unchanged()
    table = reports.roads_effect_table(places.areas.drop(columns="geometry"), before, after)
    effect = reports.roads_effect(table, before, after)
    return RoadsComparison(
        assumptions=known.assumptions,
        sentences=tuple(reports.roads_effect_sentences(effect, table, mode=mode, sites=told)),
        effect=effect,
        areas=table,
        before=before,
        after=after,
        prepare_s=prepare_s,
        change_s=change_s,
    )


def _need_changes_and_sites(question: Question) -> None:
    asked = question.scenario
    missing = [
        ("roads.changes", "add a [[roads.changes]] table", not asked.roads.changes),
        (
            "sites",
            "add [[sites.files]], to which journeys lead",
            not asked.sites,
        ),
    ]
    faults = [
        Fault(
            file="scenario",
            column=key,
            column_word="key",
            what="this scenario has no such table",
            fix=fix,
            code="no-table",
        )
        for key, fix, is_missing in missing
        if is_missing
    ]
    if faults:
        raise ScenarioError(faults)


def _sites_compared(sites: tuple[CandidateSite, ...]) -> tuple[list[CandidateSite], str]:
    """Return the sites to travel to, and what they are in words."""
    open_today = [
        site for site in sites if site.is_open_today and site.status is not SiteStatus.COMPETITOR
    ]
    chosen = open_today or [site for site in sites if site.may_open]
    kind = "open today" if open_today else "that may open"
    if len(chosen) == 1:
        return chosen, f"the one site {kind}"
    return chosen, f"the nearest of {len(chosen):,} sites {kind}"


def _timed_changes(known: Roads, mode: TravelMode, progress: Progress) -> tuple[float, float]:
    """Prepare the roads as they are, then as changed; return the seconds that each took."""
    today = known.network_today(mode, progress=progress)
    progress.stage("Preparing the roads")
    started_s = time.perf_counter()
    roads.prepare(today)
    prepared_s = time.perf_counter()
    roads.prepare(known.network(mode, progress=progress))
    return prepared_s - started_s, time.perf_counter() - prepared_s
