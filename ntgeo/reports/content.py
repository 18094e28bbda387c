"""What a report is made of: plans, frames and facts, and no text that is already HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ntgeo.domain.routing import RoutePlan, RoutingProblem
from ntgeo.domain.run import InputFile
from ntgeo.domain.siting import SitingPlan, SitingProblem

__all__ = ["DemandSection", "ReportContent", "RoundsSection", "SitingSection"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SitingSection:
    """Which sites, with the proof and who gains.

    Args:
        problem: The question.
        plan: Its answer.
        areas: ``lsoa, name`` and, where known, ``ward, population, imd_decile``.
        map_file: The map, relative to the report; ``None`` where there is none.
        map_picture: The map as a PNG file, to stand in the report; ``None`` for none.
        sites: Every site, as from ``siting_sites_table`` and as it may be shown; reckoned from the
            plan without it.
        by_age: Journeys by age, as from ``access_by_age_table``; ``None`` where not known.
        supply: Supply per head, as from ``supply_by_decile_table``; ``None`` where not known.
        changes: ``what_if, site_id, name, cost, is_proven, outcome, opened_instead,
            closed_instead, mean_time_s`` of closing each open site and opening each rejected one;
            ``None`` where not asked for.
        next_best: ``rank, opened_instead, closed_instead, outcome, worse_share, mean_time_s,
            is_proven`` of the next-best plans; ``None`` where not asked for.
        flips: ``grows, unchanged_until, changes_at, opened_instead, closed_instead, outcome`` of
            demand and travel times that may grow; ``None`` where not asked for.
        choice_notes: What else could be done but was not told in the time, in sentences.
        rounded_to: Demand in sentences is rounded to so much, to protect small counts; 0 for none.
    """

    problem: SitingProblem
    plan: SitingPlan
    areas: pd.DataFrame
    map_file: str | None = "map.html"
    map_picture: Path | None = None
    sites: pd.DataFrame | None = None
    by_age: pd.DataFrame | None = None
    supply: pd.DataFrame | None = None
    changes: pd.DataFrame | None = None
    next_best: pd.DataFrame | None = None
    flips: pd.DataFrame | None = None
    choice_notes: tuple[str, ...] = ()
    rounded_to: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoundsSection:
    """Who visits whom, with the proof and what is unmade.

    Args:
        problem: The question.
        plan: Its answer.
        map_file: The map, relative to the report; ``None`` where there is none.
        map_picture: The map as a PNG file, to stand in the report; ``None`` for none.
        sheets_file: The route sheets, relative to the report; ``None`` where there are none.
        next_best: Who could make each visit instead, as from ``next_best_table``; ``None`` where
            not asked for.
        changes: What families must be told, as from ``changes_table``, of a day that was planned
            anew; ``None`` of any other.
    """

    problem: RoutingProblem
    plan: RoutePlan
    map_file: str | None = "rounds.html"
    map_picture: Path | None = None
    sheets_file: str | None = None
    next_best: pd.DataFrame | None = None
    changes: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DemandSection:
    """Who uses the services, and who might be expected to.

    Counts that could point to a person are protected before they come here: a protected cell is
    missing, or text such as ``fewer than 5``.

    Args:
        by_decile: ``service, imd_decile, areas, population, count, rate_per_1000, ci_low,
            ci_high``.
        indices: ``service, sii, sii_low, sii_high, rii, rii_low, rii_high``; ``None`` for none.
        expected_by_decile: ``service, imd_decile, expected``, as from
            ``expected_by_decile_table``; what was observed is always taken from ``by_decile``, so
            that no count withheld there is told. ``None`` for none.
        unmet_areas: The areas furthest below what is expected: ``lsoa, name, service, observed,
            expected, difference``; ``None`` for none.
        service: The one to be told in full; without it, that of ``unmet_areas`` or the first.
        notes: How expected use was worked out, and what was protected, in sentences.
    """

    by_decile: pd.DataFrame
    indices: pd.DataFrame | None = None
    expected_by_decile: pd.DataFrame | None = None
    unmet_areas: pd.DataFrame | None = None
    service: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReportContent:
    """Everything a report says.

    Args:
        title: Of the scenario.
        question: Why it is asked and what is asked, a paragraph each.
        siting: ``None`` where no sites were asked for.
        rounds: ``None`` where no rounds were asked for.
        demand: ``None`` where there is none to show.
        inputs: Every file read.
        set_aside: Rows that were not used, and why; any columns but personal ones.
        notes: What a reader must know of this run, in sentences.
        limits: What the method cannot tell, in sentences, beside those ntgeo always gives.
        sources: Where the data came from and under which licence.
        facts: Of the run, such as its seed and version: name → text.
        files: Written beside the report: file name → what it is.
        is_synthetic: Whether the place is made up.
    """

    title: str
    question: tuple[str, ...] = ()
    siting: SitingSection | None = None
    rounds: RoundsSection | None = None
    demand: DemandSection | None = None
    inputs: tuple[InputFile, ...] = ()
    set_aside: pd.DataFrame | None = None
    notes: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    is_synthetic: bool = False

    @property
    def is_straight_line(self) -> bool:
        """Whether any journey in it was measured in straight lines."""
        methods = [
            section.problem.travel.method
            for section in (self.siting, self.rounds)
            if section is not None
        ]
        return any(method.startswith("straight") for method in methods)
