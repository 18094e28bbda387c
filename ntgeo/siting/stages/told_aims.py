"""Each aim in words, with the unit of its value."""

from __future__ import annotations

from ntgeo.domain.siting import SitingObjective, SitingProblem
from ntgeo.domain.siting_stages import stage_name
from ntgeo.siting.question import Aim, ImpliedAim

__all__ = ["name_of", "unit_of"]

_SECONDS = {
    SitingObjective.P_CENTRE,
    SitingObjective.WORST_TENTH,
    SitingObjective.WORST_DECILE,
}


def name_of(problem: SitingProblem, aim: Aim) -> str:
    """Return what was made best, in words."""
    return stage_name(problem, aim) if isinstance(aim, SitingObjective) else aim.value


def unit_of(problem: SitingProblem, aim: Aim) -> str:
    """Return the unit of an aim's value, in words."""
    unit = problem.demand_unit
    if aim in {ImpliedAim.TRAVEL, SitingObjective.P_MEDIAN}:
        unit = f"{unit} × seconds"
    elif aim is SitingObjective.DEPRIVATION_P_MEDIAN:
        unit = f"{unit} × seconds, weighted by deprivation"
    elif aim is SitingObjective.KOLM_POLLAK:
        unit = "seconds, as if everyone served travelled as long"
    elif aim in _SECONDS:
        unit = "seconds"
    elif aim is SitingObjective.LEAST_COST:
        unit = "pounds a year"
    elif aim is SitingObjective.SET_COVER or (
        aim is SitingObjective.BACKUP_COVER and problem.rules.site_count is None
    ):
        unit = "sites"
    return unit
