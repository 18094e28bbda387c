"""The siting question and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from ntgeo.domain.matrix import frozen_floats
from ntgeo.domain.places import CandidateSite, Location, LsoaCode, SiteId
from ntgeo.domain.siting_rules import (
    NO_AREA_RULES,
    AreaRules,
    Assignment,
    CapacityRule,
    NextAim,
    SitingObjective,
    SitingRules,
)
from ntgeo.domain.siting_sense import MisfitsError, misfits_of_rules
from ntgeo.domain.solving import SolveReport
from ntgeo.domain.sparse_times import TravelTimes

__all__ = [
    "Allocation",
    "AreaRules",
    "Assignment",
    "CapacityRule",
    "NextAim",
    "SitingObjective",
    "SitingPlan",
    "SitingProblem",
    "SitingRules",
    "UnservedArea",
]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SitingProblem:
    """Which sites should be open, and who should go where.

    Args:
        areas: LSOA codes in ascending order; row *i* of ``travel`` is ``areas[i]``.
        demand: (areas,) weight of each area, at least 0, total above 0.
        demand_unit: What the weights count, in words: ``"residents aged 65 and over"``.
        sites: In ascending order of id; column *j* of ``travel`` is ``sites[j]``.
        travel: Areas × sites: of every pair; or of the nearest or those within a limit, for few
            objectives and rules. A pair that sparse times leave out serves nobody in the plan, and
            in the proof takes as long as they say it does at least.
        objective: What to make best.
        rules: What to keep.
        then: What to make best after that, in order.
        imd_decile: (areas,) national IMD decile, 1 = most deprived; 0 where not known.
        area_rules: What differs from area to area.
    """

    areas: tuple[LsoaCode, ...]
    demand: npt.NDArray[np.float64]
    demand_unit: str
    sites: tuple[CandidateSite, ...]
    travel: TravelTimes
    objective: SitingObjective
    rules: SitingRules
    then: tuple[NextAim, ...] = ()
    imd_decile: npt.NDArray[np.intp] | None = None
    area_rules: AreaRules = NO_AREA_RULES

    def __post_init__(self) -> None:
        """Check that the parts fit together, and that the rules fit the objective."""
        demand = frozen_floats(self.demand)
        object.__setattr__(self, "demand", demand)
        for problem in self._misfits(demand):
            raise ValueError(problem)
        misfits = misfits_of_rules(self)
        if misfits:
            raise MisfitsError(misfits)

    def _misfits(self, demand: npt.NDArray[np.float64]) -> list[str]:
        site_ids = tuple(site.id for site in self.sites)
        checks = [
            (not self.areas, "there are no demand areas"),
            (not self.sites, "0 candidate sites"),
            (list(self.areas) != sorted(set(self.areas)), "areas are not in order, or repeat"),
            (list(site_ids) != sorted(set(site_ids)), "sites are not in order of id, or repeat"),
            (self.travel.origins != self.areas, "the matrix rows are not the areas"),
            (self.travel.destinations != site_ids, "the matrix columns are not the sites"),
            (demand.shape != (len(self.areas),), f"demand has shape {demand.shape}"),
        ]
        found = [message for is_wrong, message in checks if is_wrong]
        if not found and not (np.isfinite(demand).all() and (demand >= 0).all()):
            found.append("demand must be finite and at least 0")
        if not found and demand.sum() <= 0:
            found.append("Total demand is 0; nothing to plan")
        return found

    @property
    def aims(self) -> tuple[SitingObjective, ...]:
        """Every objective, in the order they are taken."""
        return (self.objective, *(aim.objective for aim in self.then))

    @property
    def limit_s(self) -> npt.NDArray[np.float64]:
        """(areas,) seconds beyond which no site serves the area; infinite without a limit."""
        common = np.inf if self.rules.travel_limit_s is None else self.rules.travel_limit_s
        own = self.area_rules.travel_limit_s
        if own is None:
            return np.full(len(self.areas), common)
        return np.where(np.isnan(own), common, own)

    @classmethod
    def from_arrays(  # noqa: PLR0913 - the parts of a question
        cls,
        *,
        demand: npt.ArrayLike,
        travel: TravelTimes,
        objective: SitingObjective | str = SitingObjective.P_MEDIAN,
        rules: SitingRules,
        sites: Sequence[CandidateSite] | None = None,
        demand_unit: str = "demand",
        then: Sequence[NextAim] = (),
        imd_decile: npt.ArrayLike | None = None,
        area_rules: AreaRules | None = None,
    ) -> Self:
        """Build a problem from your own matrix.

        Rows and columns may come in any order; the problem sorts them by id, so that the order of
        the input never changes the answer.

        Args:
            demand: (origins,) weights, in the order of ``travel.origins``.
            travel: Origins are LSOA codes, destinations site ids.
            objective: What to make best.
            rules: What to keep.
            sites: What is known of the sites; without it every destination is a candidate.
            demand_unit: What the weights count, in words.
            then: What to make best after that, in order.
            imd_decile: (origins,) as ``demand``; 0 where not known.
            area_rules: In the order of ``travel.origins`` too.

        Raises:
            ValueError: The parts do not fit together.
        """
        weights = np.asarray(demand, dtype=np.float64)
        if weights.shape != (len(travel.origins),):
            msg = f"demand has shape {weights.shape}; ({len(travel.origins)},) is needed"
            raise ValueError(msg)
        nowhere = Location(easting_m=0.0, northing_m=0.0)
        known = sites or [
            CandidateSite(id=SiteId(name), name=name, location=nowhere)
            for name in travel.destinations
        ]
        order = np.argsort(np.array(travel.origins, dtype=object), kind="stable")
        areas = tuple(travel.origins[i] for i in order)
        ordered = tuple(sorted(known, key=lambda site: site.id))
        return cls(
            areas=tuple(LsoaCode(area) for area in areas),
            demand=weights[order],
            demand_unit=demand_unit,
            sites=ordered,
            travel=travel.select(areas, [site.id for site in ordered]),
            objective=SitingObjective(objective),
            rules=rules,
            then=tuple(then),
            imd_decile=None if imd_decile is None else np.asarray(imd_decile, np.intp)[order],
            area_rules=NO_AREA_RULES if area_rules is None else area_rules.in_order(order),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """An area, or a part of one, served by a site.

    Args:
        lsoa: The area.
        site: Where it goes.
        demand: That goes there.
        time_s: From the area to the site.
        distance_m: Along the fastest way.
        share: Of the area's demand; below 1 only where a plan may split areas.
    """

    lsoa: LsoaCode
    site: SiteId
    demand: float
    time_s: float
    distance_m: float
    share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class UnservedArea:
    """An area that no open site serves, and why.

    Args:
        lsoa: The area.
        demand: What goes unserved.
        reason: In words.
        change: The smallest change that would serve it, in words.
    """

    lsoa: LsoaCode
    demand: float
    reason: str
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SitingPlan:
    """The answer: each area is in ``allocations`` or in ``unserved``, once.

    Where a plan may split areas, an area may stand in several allocations, and what is left of its
    demand in ``unserved``; the demands add up to the area's.

    Args:
        opened: Every site open in the plan, by id.
        closed: Sites open today and not in the plan, by id.
        allocations: By LSOA code, then by site.
        unserved: By LSOA code.
        report: The proof.
    """

    opened: tuple[SiteId, ...]
    closed: tuple[SiteId, ...]
    allocations: tuple[Allocation, ...]
    unserved: tuple[UnservedArea, ...]
    report: SolveReport
