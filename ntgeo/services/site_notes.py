"""What is odd about sites, but may be meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import shapely

from ntgeo import sources
from ntgeo.domain.places import CandidateSite
from ntgeo.domain.scenario import Scenario
from ntgeo.domain.siting import SitingPlan, SitingProblem
from ntgeo.domain.siting_rules import CapacityRule
from ntgeo.domain.units import BRITISH_NATIONAL_GRID
from ntgeo.errors import first_five
from ntgeo.services.boundary import read_boundary
from ntgeo.services.far_places import outside_note
from ntgeo.services.load_places import Places
from ntgeo.services.question import Question

__all__ = ["caution_notes", "idle_notes", "site_notes"]

_OUTSIDE_KM: Final = 0.05
"""Coasts and borders are drawn no finer."""


def site_notes(
    scenario: Scenario, sites: Sequence[CandidateSite], places: Places, *, file: str
) -> Iterator[str]:
    """Tell what is odd about the sites of a file, a sentence each."""
    usable = [site for site in sites if site.may_open]
    if shared := sources.find_shared_places(usable):
        told = first_five(text.removesuffix(".") for text in shared)
        yield f"{file}: two at one place? {told}."
    asked = scenario.siting
    if asked is not None and asked.capacity is not CapacityRule.IGNORED:
        unlimited = [site.id for site in usable if site.capacity is None]
        if unlimited:
            yield f"{file}: no capacity is given, so there is no limit: {first_five(unlimited)}."
    note = outside_note(
        {site.id: site.location for site in usable},
        places.areas,
        file=file,
        over_km=_OUTSIDE_KM,
        why="in the sea, or in another district",
    )
    if note is not None:
        yield note


def caution_notes(question: Question, sites: Sequence[CandidateSite]) -> Iterator[str]:
    """Tell which sites lie on ground that the scenario names to be looked at.

    Raises:
        InputError: A file is faulty.
        DataUnavailableError: A file is not there.
    """
    asked = question.scenario.sites
    usable = [site for site in sites if site.may_open]
    if asked is None or not usable:
        return
    doors = shapely.points([(s.location.easting_m, s.location.northing_m) for s in usable])
    for caution in asked.cautions:
        path = question.path_of("sites.cautions", caution.file)
        ground = read_boundary(path, epsg=BRITISH_NATIONAL_GRID)
        question.log("sites.cautions", caution.file, rows=len(shapely.get_parts(ground)))
        inside = shapely.covers(ground, doors)
        if named := [site.id for site, is_in in zip(usable, inside, strict=True) if is_in]:
            yield f"{caution.file}: in {caution.name}: {first_five(named)}."


def idle_notes(problem: SitingProblem, plan: SitingPlan) -> tuple[str, ...]:
    """Tell which open sites serve nobody, or why none is open."""
    budget = problem.rules.budget_gbp
    if not plan.opened:
        costs = [site.fixed_cost_gbp or 0.0 for site in problem.sites if site.may_open]
        if budget is None or min(costs) <= budget:
            return ()
        told = f"no site is open: the cheapest costs £{min(costs):,.0f} a year"
        key, fix = f'key siting.budget_gbp, value "{budget:g}"', "raise the budget"
        return (f"scenario, {key}: {told}. Fix: {fix}.",)
    busy = {share.site for share in plan.allocations if share.demand > 0}
    idle = [site for site in plan.opened if site not in busy]
    if not idle:
        return ()
    told = f"scenario, key siting.site_count: open, but serving nobody: {first_five(idle)}"
    return (f"{told}. Fix: ask for fewer sites, or set may_open_fewer.",)
