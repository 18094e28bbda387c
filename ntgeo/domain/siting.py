"""The siting question and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import numpy as np
import numpy.typing as npt

from ntgeo.domain.matrix import TravelTimeMatrix, frozen_floats
from ntgeo.domain.places import CandidateSite, Location, LsoaCode, SiteId, SiteStatus
from ntgeo.domain.solving import SolveReport

__all__ = [
    "Allocation",
    "SitingObjective",
    "SitingPlan",
    "SitingProblem",
    "SitingRules",
    "UnservedArea",
]

_STRONGEST_AVERSION = 10.0


class SitingObjective(StrEnum):
    """What the planner wants most."""

    P_MEDIAN = "p-median"
    """Least demand-weighted travel time (Hakimi 1964)."""
    MAX_COVERAGE = "max-coverage"
    """Most demand within the travel limit (Church and ReVelle 1974)."""
    SET_COVER = "set-cover"
    """Fewest sites with every reachable area within the limit (Toregas et al. 1971)."""
    P_CENTRE = "p-centre"
    """Least worst travel time of any area with demand (Hakimi 1964)."""
    KOLM_POLLAK = "kolm-pollak"
    """Least Kolm-Pollak equally distributed equivalent of travel time: the time that, if everyone
    had it, would be as bad as the times as they are, where long times weigh more than in a mean.
    ``ln(Σ w_i e^(κ t_i) / Σ w_i) / κ`` over the areas served, with κ the inequality aversion times
    ``Σ w_i t_i / Σ w_i t_i²`` of the times to the nearest site that may open (arXiv 2401.15452)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitingRules:
    """What every plan must keep.

    Args:
        site_count: How many sites are open in the plan, required ones included; refused by
            set cover, needed by every other objective.
        travel_limit_s: An area farther than this from every open site is unserved; needed by
            maximum coverage and set cover, optional otherwise.
        inequality_aversion: How much more a long time weighs, for Kolm-Pollak only; 0.5 is mild, 1
            usual, 2 strong.
    """

    site_count: int | None = None
    travel_limit_s: float | None = None
    inequality_aversion: float = 1.0

    def __post_init__(self) -> None:
        """Refuse rules that cannot be."""
        if self.site_count is not None and self.site_count < 1:
            msg = f"site count {self.site_count}: it must be 1 or more"
            raise ValueError(msg)
        if self.travel_limit_s is not None and not 0 < self.travel_limit_s < float("inf"):
            msg = f"travel limit {self.travel_limit_s} s: it must be above 0 and finite"
            raise ValueError(msg)
        if not 0 < self.inequality_aversion <= _STRONGEST_AVERSION:
            msg = f"inequality aversion {self.inequality_aversion}: it must be above 0, at most 10"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SitingProblem:
    """Which sites should be open, and who should go where.

    Args:
        areas: LSOA codes in ascending order; row *i* of ``travel`` is ``areas[i]``.
        demand: (areas,) weight of each area, at least 0, total above 0.
        demand_unit: What the weights count, in words: ``"residents aged 65 and over"``.
        sites: In ascending order of id; column *j* of ``travel`` is ``sites[j]``.
        travel: Areas × sites.
        objective: What to make best.
        rules: What to keep.
    """

    areas: tuple[LsoaCode, ...]
    demand: npt.NDArray[np.float64]
    demand_unit: str
    sites: tuple[CandidateSite, ...]
    travel: TravelTimeMatrix
    objective: SitingObjective
    rules: SitingRules

    def __post_init__(self) -> None:
        """Check that the parts fit together, and that the rules fit the objective."""
        demand = frozen_floats(self.demand)
        object.__setattr__(self, "demand", demand)
        for problem in (*self._misfits(demand), *self._rule_misfits()):
            raise ValueError(problem)

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

    def _rule_misfits(self) -> list[str]:
        count, limit = self.rules.site_count, self.rules.travel_limit_s
        usable = sum(site.may_open for site in self.sites)
        required = sum(site.status is SiteStatus.REQUIRED for site in self.sites)
        checks = [
            (usable == 0, "every site is excluded; none is left to open"),
            (
                self.objective is not SitingObjective.SET_COVER and count is None,
                f"{self.objective} needs a number of sites (site_count)",
            ),
            (
                self.objective is SitingObjective.SET_COVER and count is not None,
                "set-cover finds the number of sites itself; remove site_count",
            ),
            (
                self.objective in {SitingObjective.MAX_COVERAGE, SitingObjective.SET_COVER}
                and limit is None,
                f"{self.objective} needs a travel limit",
            ),
            (
                count is not None and count > usable,
                f"site_count is {count} but only {usable} sites may open",
            ),
            (
                count is not None and required > count,
                f"{required} sites are required, but site_count is {count}",
            ),
        ]
        return [message for is_wrong, message in checks if is_wrong]

    @classmethod
    def from_arrays(
        cls,
        *,
        demand: npt.ArrayLike,
        travel: TravelTimeMatrix,
        objective: SitingObjective | str = SitingObjective.P_MEDIAN,
        rules: SitingRules,
        sites: Sequence[CandidateSite] | None = None,
        demand_unit: str = "demand",
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
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """An area served by a site."""

    lsoa: LsoaCode
    site: SiteId
    demand: float
    time_s: float
    distance_m: float


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

    Args:
        opened: Every site open in the plan, by id.
        closed: Sites open today and not in the plan, by id.
        allocations: By LSOA code.
        unserved: By LSOA code.
        report: The proof.
    """

    opened: tuple[SiteId, ...]
    closed: tuple[SiteId, ...]
    allocations: tuple[Allocation, ...]
    unserved: tuple[UnservedArea, ...]
    report: SolveReport
