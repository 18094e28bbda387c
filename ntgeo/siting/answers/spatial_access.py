"""Supply per head by floating catchments: how much service is within reach, shared with whom.

Two steps (2SFCA; Luo and Wang 2003). First each open site's supply is divided by the people in its
catchment, ``R_j = S_j / Σ_k P_k W(t_kj)``; then each area adds up the ratios of the sites in its
own catchment, ``A_i = Σ_j R_j W(t_ij)``. The plain method has ``W = 1`` up to one time; the
enhanced one (E2SFCA; Luo and Qi 2009) has zones, each with a weight of its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.domain.matrix import frozen_floats
from ntgeo.domain.places import CandidateSite, LsoaCode
from ntgeo.domain.siting import SitingPlan, SitingProblem
from ntgeo.siting.answers.access import is_ours_today

__all__ = ["LUO_QI_ZONES", "LUO_WANG_ZONES", "CatchmentZone", "SpatialAccess", "spatial_access"]

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchmentZone:
    """A ring of a catchment, from where the zone before it ends.

    Args:
        until_s: The farthest that belongs to it, seconds.
        weight: How much people and supply in it count; the nearest zone has 1 as a rule.
    """

    until_s: float
    weight: float

    def __post_init__(self) -> None:
        """Refuse a zone that cannot be."""
        if not (0 < self.until_s < math.inf and 0 < self.weight < math.inf):
            msg = f"zone up to {self.until_s} s of weight {self.weight}: both must be above 0"
            raise ValueError(msg)


LUO_WANG_ZONES: Final = (CatchmentZone(until_s=1800.0, weight=1.0),)
"""2SFCA: thirty minutes (Luo and Wang 2003)."""

LUO_QI_ZONES: Final = (
    CatchmentZone(until_s=600.0, weight=1.0),
    CatchmentZone(until_s=1200.0, weight=0.68),
    CatchmentZone(until_s=1800.0, weight=0.22),
)
"""E2SFCA: ten, twenty and thirty minutes with the slow decay of Luo and Qi (2009)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpatialAccess:
    """Supply per head of each area, today and in the plan.

    Where somebody is in the catchment of every open site, the mean over all demand is the supply of
    all open sites over the demand.

    Args:
        areas: LSOA codes, ascending.
        before: (areas,) supply per unit of demand from the sites open today; 0 where none is in
            the catchment; ``None`` where no site is open today.
        after: (areas,) the same from the sites open in the plan.
        supply_unit: What supply is, in words: ``"capacity"``, or ``"sites"`` where each open site
            counts as 1 since not all of them have a known capacity.
        zones: The catchment, nearest zone first.
    """

    areas: tuple[LsoaCode, ...]
    before: FloatArray | None
    after: FloatArray
    supply_unit: str
    zones: tuple[CatchmentZone, ...]

    @property
    def change(self) -> FloatArray | None:
        """(areas,) supply per head more (+) or less (-) than today."""
        return None if self.before is None else self.after - self.before


def spatial_access(
    problem: SitingProblem,
    plan: SitingPlan,
    *,
    zones: Sequence[CatchmentZone] = LUO_QI_ZONES,
) -> SpatialAccess:
    """Tell how much supply there is per head of each area, before and after a plan.

    Supply is the capacity of a site where every site counted has one; otherwise each site is 1.

    Args:
        problem: The question; its demand is the people.
        plan: Its answer.
        zones: The catchment; one zone is 2SFCA, several are E2SFCA.

    Raises:
        ValueError: There is no zone, or two end at the same time.
    """
    ordered = tuple(sorted(zones, key=lambda zone: zone.until_s))
    if not ordered or len({zone.until_s for zone in ordered}) < len(ordered):
        msg = "a catchment needs at least one zone, and each must end at a time of its own"
        raise ValueError(msg)
    opened = set(plan.opened)
    today = np.array([is_ours_today(site) for site in problem.sites])
    in_plan = np.array([site.id in opened for site in problem.sites])
    counted = [site for site, is_in in zip(problem.sites, today | in_plan, strict=True) if is_in]
    is_known = all(site.capacity is not None for site in counted)
    supply = _supply(problem.sites, is_known=is_known)
    return SpatialAccess(
        areas=problem.areas,
        before=_per_head(problem, supply, today, ordered) if today.any() else None,
        after=_per_head(problem, supply, in_plan, ordered),
        supply_unit="capacity" if is_known else "sites",
        zones=ordered,
    )


def _supply(sites: Sequence[CandidateSite], *, is_known: bool) -> FloatArray:
    return np.array([site.capacity or 0.0 if is_known else 1.0 for site in sites])


def _per_head(
    problem: SitingProblem,
    supply: FloatArray,
    is_open: npt.NDArray[np.bool_],
    zones: tuple[CatchmentZone, ...],
) -> FloatArray:
    weight = _weight(problem.travel.times_to(np.flatnonzero(is_open)), zones)
    people = problem.demand @ weight
    ratio = np.divide(supply[is_open], people, out=np.zeros_like(people), where=people > 0)
    return frozen_floats(weight @ ratio)


def _weight(time_s: FloatArray, zones: tuple[CatchmentZone, ...]) -> FloatArray:
    """W of each pair: that of the first zone that ends no sooner; 0 beyond, or without a way."""
    ends = np.array([zone.until_s for zone in zones])
    weights = np.array([*(zone.weight for zone in zones), 0.0])
    place = np.searchsorted(ends, np.where(np.isnan(time_s), np.inf, time_s), side="left")
    weight: FloatArray = weights[place]
    return weight
