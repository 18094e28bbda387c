"""What is known of the areas and the sites besides travel times, as arrays."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ntgeo.domain.places import SiteStatus
from ntgeo.domain.siting import SitingProblem
from ntgeo.domain.units import SECONDS_PER_MINUTE

__all__ = ["ALONE", "AreaFacts", "SiteFacts", "build_area_facts", "build_site_facts"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.intp]
ALONE = -1
"""The group of an area that goes with no other."""
_LEAST_DEPRIVED = 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiteFacts:
    """What is known of the sites that may open.

    Args:
        fixed_gbp: (sites,) pounds a year; 0 where not known.
        capacity: (sites,) most demand; infinite where it has none, or capacities are ignored.
        is_today: (sites,) open today.
        gone_today: How many sites of ours that are open today may not open.
        zones: For each zone with a minimum: its sites, and how many must be open.
        too_near: (pairs, 2) sites that are nearer to each other than the least separation.
    """

    fixed_gbp: FloatArray
    capacity: FloatArray
    is_today: BoolArray
    gone_today: int
    zones: tuple[tuple[IndexArray, int], ...]
    too_near: IndexArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AreaFacts:
    """What is known of the areas; everything is in order of area.

    Args:
        place: (areas,) place among the areas of the problem.
        time_s: (areas, sites) seconds; infinite where the site is not in reach of the area itself;
            areas of a group may go only where all of them can.
        group: (areas,) number of the group; ``ALONE`` where it is in none.
        deprivation: (areas,) what a demand of 1 counts when weighted by deprivation.
        decile: (areas,) IMD decile; 0 where not known.
        decay: (areas, sites) share that comes; 1 within reach where there is no decay.
        draw: (areas, sites) attraction of the sites in reach, for market share; else 0.
        rival_draw: (areas,) attraction of the competitors in reach.
    """

    place: IndexArray
    time_s: FloatArray
    group: IndexArray
    deprivation: FloatArray
    decile: IndexArray
    decay: FloatArray
    draw: FloatArray
    rival_draw: FloatArray

    @property
    def reach(self) -> BoolArray:
        """(areas, sites) true where the site is in reach of the area itself."""
        return np.isfinite(self.time_s)


def build_site_facts(problem: SitingProblem, columns: IndexArray) -> SiteFacts:
    """Gather what is known of the sites that may open.

    Args:
        problem: The question.
        columns: (sites,) their places among the sites of the problem.
    """
    sites = [problem.sites[column] for column in columns]
    today = sum(
        site.is_open_today and site.status is not SiteStatus.COMPETITOR for site in problem.sites
    )
    is_today = np.array([site.is_open_today for site in sites], dtype=np.bool_)
    zones = tuple(
        (np.flatnonzero([site.zone == zone for site in sites]), least)
        for zone, least in problem.rules.zone_minimums
    )
    return SiteFacts(
        fixed_gbp=np.array([site.fixed_cost_gbp or 0.0 for site in sites]),
        capacity=np.array([np.inf if site.capacity is None else site.capacity for site in sites]),
        is_today=is_today,
        gone_today=today - int(is_today.sum()),
        zones=zones,
        too_near=_too_near(problem, columns),
    )


def _too_near(problem: SitingProblem, columns: IndexArray) -> IndexArray:
    least_m = problem.rules.min_separation_m
    if least_m is None:
        return np.zeros((0, 2), dtype=np.intp)
    places = [problem.sites[column].location for column in columns]
    east, north = (
        np.array([getattr(place, side) for place in places]) for side in ("easting_m", "northing_m")
    )
    apart_m = np.hypot(east[:, None] - east[None], north[:, None] - north[None])
    return np.argwhere(np.triu(apart_m < least_m, k=1))


def build_area_facts(
    problem: SitingProblem, place: IndexArray, columns: IndexArray, time_s: FloatArray
) -> AreaFacts:
    """Gather what is known of some areas.

    Args:
        problem: The question.
        place: (areas,) their places among the areas of the problem.
        columns: (sites,) places of the sites that may open.
        time_s: (areas, sites) seconds; infinite where the site is not in reach of the area.
    """
    decile = np.zeros(len(place), dtype=np.intp)
    if problem.imd_decile is not None:
        decile = problem.imd_decile[place]
    worse = np.where(decile > 0, _LEAST_DEPRIVED - decile, 0) / (_LEAST_DEPRIVED - 1)
    draw, rival_draw = _draws(problem, place, columns)
    return AreaFacts(
        place=place,
        time_s=time_s,
        group=_groups(problem)[place],
        deprivation=1.0 + problem.rules.deprivation_weight * worse,
        decile=decile,
        decay=_decay(problem, place, time_s),
        draw=draw,
        rival_draw=rival_draw,
    )


def _groups(problem: SitingProblem) -> IndexArray:
    """(areas of the problem,) number of each area's group; alone if no other of it has demand."""
    words = problem.area_rules.group or ("",) * len(problem.areas)
    with_demand = Counter(
        word for word, demand in zip(words, problem.demand.tolist(), strict=True) if demand > 0
    )
    number_of: dict[str, int] = {}
    return np.array(
        [
            number_of.setdefault(word, len(number_of)) if word and with_demand[word] > 1 else ALONE
            for word in words
        ],
        dtype=np.intp,
    )


def _decay(problem: SitingProblem, place: IndexArray, time_s: FloatArray) -> FloatArray:
    if problem.rules.decay is None:
        return np.isfinite(time_s).astype(np.float64)
    stretch = problem.area_rules.decay_stretch
    if stretch is None:
        return problem.rules.decay.share(time_s)
    return problem.rules.decay.share(time_s / stretch[place][:, None])


def _draws(
    problem: SitingProblem, place: IndexArray, columns: IndexArray
) -> tuple[FloatArray, FloatArray]:
    """``A_j t_ij^-β`` in reach, times in minutes of at least 1: our sites, and all competitors."""
    sites = problem.sites
    rivals = np.flatnonzero([site.status is SiteStatus.COMPETITOR for site in sites])
    ours, theirs = (
        _draw(problem, place, of_sites) if len(rivals) else np.zeros((len(place), len(of_sites)))
        for of_sites in (columns, rivals)
    )
    return ours, theirs.sum(axis=1)


def _draw(problem: SitingProblem, place: IndexArray, columns: IndexArray) -> FloatArray:
    time_s = problem.travel.times_to(columns)[place]
    with np.errstate(invalid="ignore"):
        within = time_s <= problem.limit_s[place][:, None]
    minutes = np.maximum(np.where(within, time_s, 1.0) / SECONDS_PER_MINUTE, 1.0)
    strength = np.array([problem.sites[column].attractiveness for column in columns])
    return np.where(within, strength * minutes**-problem.rules.huff_exponent, 0.0)
