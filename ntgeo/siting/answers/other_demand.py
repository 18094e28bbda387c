"""The same sites and the same journeys, told by other demand."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.domain.siting import SitingPlan, SitingProblem
from ntgeo.domain.solving import SolveReport, SolveStatus
from ntgeo.siting.stages.plan import build_plan_of_journeys
from ntgeo.siting.verify.facts import build_facts
from ntgeo.siting.verify.values import priced_value_of

__all__ = ["told_by_demand"]

_PER_CENT: Final = 100


def told_by_demand(
    problem: SitingProblem, plan: SitingPlan, demand: npt.NDArray[np.float64]
) -> tuple[SitingProblem, SitingPlan]:
    """Return a question and its plan with every figure reckoned from other demand.

    Which sites are open, who goes where and whether that is proven stay as they are; loads, values
    and reasons are those of the other demand. The plan need not be the best one for it, nor keep
    every rule of capacity.

    Args:
        problem: The question.
        plan: Its checked answer.
        demand: (areas,) at least 0, total above 0.

    Returns:
        Both. The gap of a plan that is not proven is told to the whole per cent above it, and
        values of single stages are left out.
    """
    anew = replace(problem, demand=demand)
    row_of = {lsoa: row for row, lsoa in enumerate(anew.areas)}
    column_of = {site.id: column for column, site in enumerate(anew.sites)}
    journeys: list[list[tuple[int, float]]] = [[] for _ in anew.areas]
    for part in plan.allocations:
        journeys[row_of[part.lsoa]].append((column_of[part.site], part.share))
    opened = sorted(column_of[site] for site in plan.opened)
    told = build_plan_of_journeys(anew, opened, journeys, plan.report)
    value = priced_value_of(build_facts(anew, told))
    return anew, replace(told, report=_report_of(plan.report, value))


def _report_of(report: SolveReport, value: float) -> SolveReport:
    """Return the proof of a plan that is worth ``value`` by other demand."""
    gap, bound = report.gap_share, None
    if report.status is SolveStatus.OPTIMAL:
        bound = value
    elif gap is not None:
        away = math.ceil(_PER_CENT * gap) / _PER_CENT * abs(value)
        bound = value + away if report.is_maximised else value - away
    return replace(report, objective=value, bound=bound, stages=())
