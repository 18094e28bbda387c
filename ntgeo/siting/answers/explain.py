"""What a siting plan means for people: access before and after, who gains and who loses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from ntgeo.domain.places import LsoaCode
from ntgeo.domain.siting import SitingPlan, SitingProblem
from ntgeo.siting.answers.access import (
    AccessSummary,
    GroupAccess,
    Journeys,
    build_journeys,
    is_nearer,
    is_ours_today,
    nearest_s,
    tell_group,
)
from ntgeo.siting.answers.use import SiteUse, uses_of

__all__ = [
    "AccessSummary",
    "AreaAccess",
    "GroupAccess",
    "SiteUse",
    "SitingExplanation",
    "explain_siting",
]

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AreaAccess:
    """Per area: seconds to the nearest open site today, and in the plan; NaN where none.

    Args:
        areas: LSOA codes, ascending.
        demand: (areas,) weights.
        before_s: (areas,) to the nearest site open today.
        after_s: (areas,) to where the plan sends the area, the mean where it splits it; to the
            nearest site open in the plan where that lies beyond the travel limit.
    """

    areas: tuple[LsoaCode, ...]
    demand: FloatArray
    before_s: FloatArray
    after_s: FloatArray

    @property
    def change_s(self) -> FloatArray:
        """(areas,) seconds more (+) or fewer (-) than today; NaN where either is unknown."""
        change: FloatArray = self.after_s - self.before_s
        return change

    @property
    def gains(self) -> npt.NDArray[np.bool_]:
        """(areas,) true where the plan is nearer than today, or reaches where today does not."""
        return is_nearer(self.after_s, self.before_s)

    @property
    def loses(self) -> npt.NDArray[np.bool_]:
        """(areas,) true where the plan is farther than today, or no longer reaches."""
        return is_nearer(self.before_s, self.after_s)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SitingExplanation:
    """Before and after, area by area, site by site and group by group.

    Args:
        before: Access to the sites open today; ``None`` where none is open today.
        after: Access in the plan.
        by_area: Each area's time before and after.
        by_site: Each open site's use, by id.
        gaining_demand: Demand that gets nearer.
        losing_demand: Demand that gets farther.
        by_decile: IMD decile → access of the demand of its areas, the most deprived first; 0, last,
            is of the areas whose decile is not known. Empty where no decile is known.
        by_age_group: Name of the age group → access of its people, in the order given.
    """

    before: AccessSummary | None
    after: AccessSummary
    by_area: AreaAccess
    by_site: tuple[SiteUse, ...]
    gaining_demand: float
    losing_demand: float
    by_decile: Mapping[int, GroupAccess]
    by_age_group: Mapping[str, GroupAccess]


def explain_siting(
    problem: SitingProblem,
    plan: SitingPlan,
    *,
    age_groups: Mapping[str, FloatArray] | None = None,
) -> SitingExplanation:
    """Tell what a plan does to access, against the sites open today.

    Sites open today are those with ``is_open_today`` that are not a competitor's. People of an age
    group go where the demand of their area goes.

    Args:
        problem: The question.
        plan: Its answer.
        age_groups: Name of an age group → (areas,) people in it, in the order of the areas.

    Raises:
        ValueError: An age group does not have one number, 0 or more, for each area.
    """
    journeys = build_journeys(problem, plan)
    today = np.array([is_ours_today(site) for site in problem.sites])
    everyone = tell_group(journeys, problem.demand)
    return SitingExplanation(
        before=everyone.before,
        after=everyone.after,
        by_area=AreaAccess(
            areas=problem.areas,
            demand=problem.demand,
            before_s=nearest_s(problem, today),
            after_s=journeys.area_after_s(len(problem.areas)),
        ),
        by_site=uses_of(problem, plan),
        gaining_demand=everyone.gaining,
        losing_demand=everyone.losing,
        by_decile=_by_decile(problem, journeys),
        by_age_group=_by_age_group(problem, journeys, age_groups or {}),
    )


def _by_decile(problem: SitingProblem, journeys: Journeys) -> Mapping[int, GroupAccess]:
    decile = problem.imd_decile
    if decile is None or not decile.any():
        return MappingProxyType({})
    known = sorted(set(decile.tolist()), key=lambda number: (number == 0, number))
    return MappingProxyType(
        {
            number: tell_group(journeys, np.where(decile == number, problem.demand, 0.0))
            for number in known
        }
    )


def _by_age_group(
    problem: SitingProblem, journeys: Journeys, age_groups: Mapping[str, FloatArray]
) -> Mapping[str, GroupAccess]:
    told = {}
    for name, given in age_groups.items():
        people = np.asarray(given, dtype=np.float64)
        if people.shape != (len(problem.areas),):
            msg = f"age group {name} has shape {people.shape}; ({len(problem.areas)},) is needed"
            raise ValueError(msg)
        if not (np.isfinite(people) & (people >= 0)).all():
            msg = f"people of age group {name} must be finite and at least 0"
            raise ValueError(msg)
        told[name] = tell_group(journeys, people)
    return MappingProxyType(told)
