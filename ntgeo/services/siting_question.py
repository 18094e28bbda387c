"""Puts a siting question together from a scenario and what its files say."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo import sources
from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.places import CandidateSite, LsoaCode, SiteId
from ntgeo.domain.siting import SitingProblem
from ntgeo.domain.siting_rules import NO_AREA_RULES, AreaRules
from ntgeo.domain.siting_sense import Misfit, MisfitsError
from ntgeo.errors import Fault, ScenarioError
from ntgeo.services.build_demand import Demand
from ntgeo.services.load_places import Places
from ntgeo.services.question import Question

__all__ = ["build_siting_problem"]

_KEYS: Final = {
    "travel_limit_s": "siting.travel_limit_min",
    "imd_decile": "areas.deprivation",
    "sites": "sites.files",
}
"""Where a rule stands in the scenario, if not below its own name in ``[siting]``."""


def build_siting_problem(
    question: Question,
    places: Places,
    demand: Demand,
    sites: tuple[CandidateSite, ...],
    travel: TravelTimeMatrix,
) -> SitingProblem:
    """Put the question to be solved together.

    Raises:
        ScenarioError: The rules of ``[siting]`` fit neither each other nor the sites and areas; all
            misfits are told.
        InputError: The file of area rules is faulty.
    """
    asked = question.scenario.siting
    assert asked is not None  # noqa: S101 - the caller was asked for a siting
    area_rules = _area_rules(question, places)
    try:
        return SitingProblem(
            areas=tuple(LsoaCode(code) for code in places.codes),
            demand=demand.weight,
            demand_unit=demand.weight_unit,
            sites=sites,
            travel=travel.select(places.codes, [SiteId(candidate.id) for candidate in sites]),
            objective=asked.objective,
            rules=asked.to_rules(),
            then=asked.next_aims(),
            imd_decile=_deciles(places),
            area_rules=area_rules,
        )
    except MisfitsError as error:
        raise ScenarioError([_fault_of(misfit) for misfit in error.misfits]) from None
    except ValueError as error:
        unnamed = Misfit(rule="", what=str(error), fix="change [siting] or [sites]")
        raise ScenarioError(_fault_of(unnamed)) from None


def _fault_of(misfit: Misfit) -> Fault:
    own = f"siting.{misfit.rule}" if misfit.rule else "siting"
    return Fault(
        file="scenario",
        column=_KEYS.get(misfit.rule, own),
        column_word="key",
        what=misfit.what,
        fix=misfit.fix,
        code="siting-rules",
    )


def _area_rules(question: Question, places: Places) -> AreaRules:
    asked = question.scenario.siting
    if asked is None or asked.area_rules is None:
        return NO_AREA_RULES
    path = question.path_of("siting.area_rules", asked.area_rules)
    found = sources.read_area_rules(path, places.codes)
    question.log("siting.area_rules", asked.area_rules, rows=len(places.codes), notes=found.notes)
    return found.read


def _deciles(places: Places) -> npt.NDArray[np.intp] | None:
    """Return the IMD decile of each area, 0 where not known."""
    if "imd_decile" not in places.areas:
        return None
    return places.areas["imd_decile"].fillna(0).to_numpy(dtype=np.intp)
