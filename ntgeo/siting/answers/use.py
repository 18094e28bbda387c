"""What each open site of a plan does: who goes there, and how far it is used."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ntgeo.domain.places import SiteId, SiteStatus
from ntgeo.domain.siting import Allocation, SitingObjective, SitingPlan, SitingProblem
from ntgeo.domain.units import SECONDS_PER_MINUTE

__all__ = ["SiteUse", "uses_of"]

FloatArray = npt.NDArray[np.float64]
Going = tuple[npt.NDArray[np.intp], FloatArray]
"""Areas that go to a site, and how much of their demand does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteUse:
    """What an open site does in the plan.

    Args:
        site: Which.
        areas: How many areas go there, wholly or in part.
        demand: How much demand goes there; for market share, how much it wins (Huff 1964).
        mean_s: Mean seconds of that demand; ``None`` where there is none.
        worst_s: Farthest area that goes there; ``None`` where there is none.
        used_share: Demand as a share of capacity; above 1 where it is over it; ``None`` where
            capacity is not known or 0.
        throughput_share: Demand as a share of the least throughput asked for; ``None`` where none
            is.
    """

    site: SiteId
    areas: int
    demand: float
    mean_s: float | None
    worst_s: float | None
    used_share: float | None
    throughput_share: float | None


def uses_of(problem: SitingProblem, plan: SitingPlan) -> tuple[SiteUse, ...]:
    """Return the use of each open site, by id.

    Args:
        problem: The question.
        plan: Its answer.
    """
    column_of = {site.id: column for column, site in enumerate(problem.sites)}
    columns = [column_of[identity] for identity in plan.opened]
    going = _won(problem, columns) if _is_market(problem) else _sent(problem, plan)
    return tuple(_use(problem, column, going[place]) for place, column in enumerate(columns))


def _is_market(problem: SitingProblem) -> bool:
    return problem.objective is SitingObjective.MARKET_SHARE


def _sent(problem: SitingProblem, plan: SitingPlan) -> list[Going]:
    row_of = {area: row for row, area in enumerate(problem.areas)}
    entries_of: dict[SiteId, list[Allocation]] = {site: [] for site in plan.opened}
    for entry in plan.allocations:
        entries_of[entry.site].append(entry)
    return [
        (
            np.array([row_of[entry.lsoa] for entry in entries], np.intp),
            np.array([entry.demand for entry in entries], np.float64),
        )
        for entries in entries_of.values()
    ]


def _won(problem: SitingProblem, columns: list[int]) -> list[Going]:
    """Who goes to each open site: ``w_i A_j t_ij^-β / (U_i + C_i)`` of area *i*."""
    rivals = [
        column for column, site in enumerate(problem.sites) if site.status is SiteStatus.COMPETITOR
    ]
    pull = _pull(problem, [*columns, *rivals])
    total = pull.sum(axis=1)
    rows = [np.flatnonzero(pull[:, place]) for place in range(len(columns))]
    return [
        (row, problem.demand[row] * pull[row, place] / total[row]) for place, row in enumerate(rows)
    ]


def _pull(problem: SitingProblem, columns: list[int]) -> FloatArray:
    """(areas, columns) ``A_j t_ij^-β``, a minute at least; 0 out of reach or beyond the limit."""
    time_s = problem.travel.times_to(np.array(columns, np.intp))
    draws = np.array([problem.sites[column].attractiveness for column in columns])
    with np.errstate(invalid="ignore"):
        in_reach = time_s <= problem.limit_s[:, None]
    far_s = np.where(in_reach, np.maximum(time_s, SECONDS_PER_MINUTE), np.inf)
    return draws * (far_s / SECONDS_PER_MINUTE) ** -problem.rules.huff_exponent


def _use(problem: SitingProblem, column: int, going: Going) -> SiteUse:
    site, (rows, demands) = problem.sites[column], going
    time_s, _ = problem.travel.of_pairs(rows, np.full(len(rows), column))
    demand = math.fsum(demands)
    least = problem.rules.min_throughput
    return SiteUse(
        site=site.id,
        areas=len(rows),
        demand=demand,
        mean_s=math.fsum(demands * time_s) / demand if demand > 0 else None,
        worst_s=float(time_s.max()) if len(rows) else None,
        used_share=demand / site.capacity if site.capacity else None,
        throughput_share=demand / least if least else None,
    )
