"""From open sites to a plan: who goes where, who is left out and why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ntgeo.domain.places import SiteId, SiteStatus
from ntgeo.domain.siting import Allocation, SitingPlan, SitingProblem
from ntgeo.domain.solving import SolveReport
from ntgeo.siting.stages.reasons import tell_unserved

__all__ = ["build_plan", "build_plan_of_journeys", "nearest_open"]

IndexArray = npt.NDArray[np.intp]


def build_plan(problem: SitingProblem, opened: Sequence[int], report: SolveReport) -> SitingPlan:
    """Send each area to its nearest open site, ties to the first id.

    Args:
        problem: The question.
        opened: Places of the open sites in ``problem.sites``, ascending.
        report: The proof.
    """
    nearest = nearest_open(problem, np.array(opened, dtype=np.intp))
    journeys = [[] if column < 0 else [(column, 1.0)] for column in nearest.tolist()]
    return build_plan_of_journeys(problem, opened, journeys, report)


def build_plan_of_journeys(
    problem: SitingProblem,
    opened: Sequence[int],
    journeys: Sequence[Sequence[tuple[int, float]]],
    report: SolveReport,
) -> SitingPlan:
    """Tell who goes where, and why those left are left.

    Args:
        problem: The question.
        opened: Places of the open sites in ``problem.sites``, ascending.
        journeys: Of each area: places of the sites it goes to, each with its share of the demand.
        report: The proof.
    """
    ids = tuple(problem.sites[column].id for column in opened)
    return SitingPlan(
        opened=ids,
        closed=_closed(problem, ids),
        allocations=_allocations(problem, journeys),
        unserved=tell_unserved(problem, np.array(opened, dtype=np.intp), journeys),
        report=report,
    )


def _allocations(
    problem: SitingProblem, journeys: Sequence[Sequence[tuple[int, float]]]
) -> tuple[Allocation, ...]:
    each = [
        (row, column, share)
        for row, going in enumerate(journeys)
        for column, share in sorted(going)
    ]
    rows, columns = (np.array([trip[k] for trip in each], dtype=np.intp) for k in (0, 1))
    time_s, distance_m = problem.travel.of_pairs(rows, columns)
    return tuple(
        Allocation(
            lsoa=problem.areas[row],
            site=problem.sites[column].id,
            demand=float(problem.demand[row]) * share,
            time_s=float(time_s[place]),
            distance_m=float(distance_m[place]),
            share=share,
        )
        for place, (row, column, share) in enumerate(each)
    )


def nearest_open(problem: SitingProblem, opened: IndexArray) -> IndexArray:
    """Return (areas,) the place of the nearest open site in reach and limit; -1 for none."""
    nearest = problem.travel.nearest_among(opened)
    reached = np.flatnonzero(nearest >= 0)
    time_s, _ = problem.travel.of_pairs(reached, nearest[reached])
    nearest[reached[time_s > problem.limit_s[reached]]] = -1
    return nearest


def _closed(problem: SitingProblem, opened: tuple[SiteId, ...]) -> tuple[SiteId, ...]:
    """Sites of ours that are open today and not in the plan; a competitor's are not ours."""
    return tuple(
        site.id
        for site in problem.sites
        if site.is_open_today and site.status is not SiteStatus.COMPETITOR and site.id not in opened
    )
