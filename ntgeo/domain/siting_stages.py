"""What the aims of a siting are called where a plan tells of them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ntgeo.domain.siting_rules import SitingObjective

if TYPE_CHECKING:
    from ntgeo.domain.siting import SitingProblem

__all__ = ["TRAVEL_STAGE", "UNSERVED_STAGE", "is_made_most", "stage_name"]

UNSERVED_STAGE: Final = "demand left unserved"
"""Made least before the first aim that counts travel, or after all that are named."""
TRAVEL_STAGE: Final = "travel of those served"
"""Made least last of all; the value of the p-median."""
_SITES_OPEN = "sites open"
_NAMES: Final = MappingProxyType(
    {
        SitingObjective.P_MEDIAN: TRAVEL_STAGE,
        SitingObjective.DEPRIVATION_P_MEDIAN: "travel weighted by deprivation",
        SitingObjective.KOLM_POLLAK: "equally distributed equivalent of travel time",
        SitingObjective.P_CENTRE: "worst travel time",
        SitingObjective.WORST_TENTH: "mean travel time of the tenth that travels longest",
        SitingObjective.WORST_DECILE: "mean travel time of the worst decile",
        SitingObjective.MAX_COVERAGE: "demand covered",
        SitingObjective.MAX_ATTENDANCE: "demand that attends",
        SitingObjective.SET_COVER: _SITES_OPEN,
        SitingObjective.BACKUP_COVER: "demand with two sites in reach",
        SitingObjective.LEAST_COST: "cost a year",
        SitingObjective.MARKET_SHARE: "demand won",
    }
)


def is_made_most(problem: SitingProblem, aim: SitingObjective) -> bool:
    """Return whether more of an aim is better; of backup cover, where the sites are counted."""
    if aim is SitingObjective.BACKUP_COVER:
        return problem.rules.site_count is not None
    return aim.is_maximised


def stage_name(problem: SitingProblem, aim: SitingObjective) -> str:
    """Return what the value of an aim is called in a report."""
    if aim is SitingObjective.BACKUP_COVER and not is_made_most(problem, aim):
        return _SITES_OPEN
    return _NAMES[aim]
