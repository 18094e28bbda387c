"""What may grow in a siting question: demand and travel times, of all or of some."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.places import SiteId
from ntgeo.domain.siting import SitingPlan, SitingProblem
from ntgeo.domain.sparse_times import TravelTimes

__all__ = ["Growth", "GrowthKind", "grow", "growths_of"]

FloatArray = npt.NDArray[np.float64]


class GrowthKind(StrEnum):
    """What is multiplied."""

    DEMAND = "all demand"
    TIMES = "all travel times"
    CATCHMENT_DEMAND = "demand of the areas that go to a site"
    SITE_TIMES = "travel times to a site"
    DECILE_DEMAND = "demand of an IMD decile"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Growth:
    """One thing that may grow.

    Args:
        kind: What is multiplied.
        site: Whose catchment, or the travel times to which; ``None`` for the other kinds.
        decile: Whose demand, 1 = most deprived; ``None`` for the other kinds.
        share: (areas,) how much of an area's demand grows, 0 to 1; ``None`` where times do.
    """

    kind: GrowthKind
    site: SiteId | None = None
    decile: int | None = None
    share: FloatArray | None = None

    @property
    def in_words(self) -> str:
        """What grows, as a planner would say it."""
        return {
            GrowthKind.DEMAND: "all demand",
            GrowthKind.TIMES: "all travel times",
            GrowthKind.CATCHMENT_DEMAND: f"the demand of those who go to {self.site}",
            GrowthKind.SITE_TIMES: f"the travel times to {self.site}",
            GrowthKind.DECILE_DEMAND: f"the demand of IMD decile {self.decile}",
        }[self.kind]


def growths_of(problem: SitingProblem, plan: SitingPlan) -> tuple[Growth, ...]:
    """Return everything whose growth is looked at.

    Travel times to one site are left out where only those of some pairs are known.

    Args:
        problem: The question.
        plan: Its answer, whose sites have catchments.
    """
    everyone = np.ones(len(problem.areas))
    growths = [
        Growth(kind=GrowthKind.DEMAND, share=everyone),
        Growth(kind=GrowthKind.TIMES),
    ]
    for site, share in _catchments(problem, plan).items():
        growths.append(Growth(kind=GrowthKind.CATCHMENT_DEMAND, site=site, share=share))
    if isinstance(problem.travel, TravelTimeMatrix):
        growths += [Growth(kind=GrowthKind.SITE_TIMES, site=site) for site in plan.opened]
    decile = np.zeros(0, np.intp) if problem.imd_decile is None else problem.imd_decile
    for number in sorted(set(decile.tolist()) - {0}):
        share = (decile == number).astype(np.float64)
        growths.append(Growth(kind=GrowthKind.DECILE_DEMAND, decile=number, share=share))
    return tuple(growths)


def _catchments(problem: SitingProblem, plan: SitingPlan) -> dict[SiteId, FloatArray]:
    row_of = {area: row for row, area in enumerate(problem.areas)}
    shares = {site: np.zeros(len(problem.areas)) for site in plan.opened}
    for entry in plan.allocations:
        shares[entry.site][row_of[entry.lsoa]] = entry.share
    return shares


def grow(problem: SitingProblem, growth: Growth, factor: float) -> SitingProblem:
    """Return the question with one thing multiplied."""
    if growth.share is not None:
        return replace(problem, demand=problem.demand * (1.0 + (factor - 1.0) * growth.share))
    factors = [factor if growth.site in {None, site.id} else 1.0 for site in problem.sites]
    return replace(problem, travel=_slower(problem.travel, np.array(factors)))


def _slower(travel: TravelTimes, factors: FloatArray) -> TravelTimes:
    """Return the travel times to each destination multiplied; all alike where they are sparse."""
    if isinstance(travel, TravelTimeMatrix):
        return replace(travel, time_s=travel.time_s * factors)
    return replace(travel, time_s=travel.time_s * factors[0], beyond_s=travel.beyond_s * factors[0])
