"""The capacitated engine asked, where capacities and fixed costs are the only special rules."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.domain.siting import Assignment, CapacityRule, SitingObjective
from ntgeo.domain.solving import SolveLimits
from ntgeo.domain.units import SECONDS_PER_HOUR
from ntgeo.siting.capacitated.question import CapacitatedPlan, CapacitatedQuestion
from ntgeo.siting.capacitated.solve_capacitated import solve_capacitated
from ntgeo.siting.clock import Clock
from ntgeo.siting.median.rows import FREE, IN
from ntgeo.siting.question import ImpliedAim, SitingQuestion
from ntgeo.siting.stages.aims_in_order import Taken, settled_bound
from ntgeo.siting.worth import Sending, value_of

__all__ = ["CAPACITATED_METHOD", "is_capacitated", "take_capacitated"]

FloatArray = npt.NDArray[np.float64]

CAPACITATED_METHOD: Final = (
    "ruin-and-rebuild search, Lagrangian bound with a knapsack a site, reduced-cost fixing, and "
    "branch and bound or mixed-integer programming (HiGHS in OR-Tools) on what is left"
)
_FEWEST_PAIRS = 1_000
_WHOLE_SHARE = 1e-9
_AIMS = {
    SitingObjective.P_MEDIAN,
    SitingObjective.DEPRIVATION_P_MEDIAN,
    SitingObjective.LEAST_COST,
}


def is_capacitated(question: SitingQuestion) -> bool:
    """Whether the capacitated engine can answer, and is worth loading."""
    aims = tuple(aim for aim, _ in question.aims)
    return (
        question.time_s.size > _FEWEST_PAIRS
        and aims in {(ImpliedAim.UNSERVED, aim) for aim in _AIMS}
        and _has_capacities_alone(question)
    )


def _has_capacities_alone(question: SitingQuestion) -> bool:
    rules, sites = question.rules, question.sites
    limits = (
        *(rules.budget_gbp, rules.keep_existing_at_least, rules.close_at_most),
        *(rules.open_new_at_most, rules.min_throughput),
    )
    return (
        question.capacities_count
        and rules.assignment is not Assignment.NEAREST
        and not any(limit is not None for limit in limits)
        and not (rules.may_open_fewer or question.has_groups or sites.zones)
        and not len(sites.too_near)
        and bool(question.is_servable.all())
    )


def take_capacitated(
    question: SitingQuestion, limits: SolveLimits, clock: Clock, *, in_child: bool
) -> Taken | None:
    """Return the best plan that serves every area in reach; ``None`` where none was found.

    Such a plan leaves as little unserved as can be, so the first aim needs no proof.

    Args:
        question: What is asked.
        limits: Gap and seed.
        clock: When to end.
        in_child: Whether OR-Tools runs in a process of its own.
    """
    aim = question.aims[1][0]
    known = solve_capacitated(_arrays_of(question), limits, clock, in_child=in_child)
    if known.plan is None:
        return None
    plan = _sending(known.plan)
    bound = settled_bound(question, aim, value_of(question, plan, aim), known.bound)
    return Taken(plan=plan, bounds=(question.out_of_reach, bound))


def _arrays_of(question: SitingQuestion) -> CapacitatedQuestion:
    rules, areas = question.rules, len(question.demand)
    counts_cost = question.aims[1][0] is SitingObjective.LEAST_COST
    fixed = question.sites.fixed_gbp
    return CapacitatedQuestion(
        cost=_cost_of(question),
        demand=question.demand,
        capacity=question.sites.capacity,
        state=np.where(question.is_required, IN, FREE).astype(np.int8),
        count=rules.site_count,
        open_cost=fixed if counts_cost else np.zeros(len(fixed)),
        leave_cost=np.full(areas, np.inf),
        is_whole=not question.splits,
        over_price=rules.over_capacity_price if rules.capacity is CapacityRule.SOFT else None,
    )


def _cost_of(question: SitingQuestion) -> FloatArray:
    """(areas, sites) what serving the whole area counts; whole numbers where it nearly is one."""
    aim, weight = question.aims[1][0], question.demand
    if aim is SitingObjective.DEPRIVATION_P_MEDIAN:
        weight = weight * question.areas.deprivation
    if aim is SitingObjective.LEAST_COST:
        weight = weight * (question.rules.travel_gbp_per_hour or 0.0) / SECONDS_PER_HOUR
    finite = np.where(question.within, question.time_s, 0.0) * weight[:, None]
    whole = np.round(finite)
    is_near = np.abs(finite - whole) <= _WHOLE_SHARE * np.maximum(1.0, finite)
    return np.where(question.within, np.where(is_near, whole, finite), np.inf)


def _sending(plan: CapacitatedPlan) -> Sending:
    return Sending(
        opened=plan.opened,
        area=plan.links.areas,
        site=plan.links.sites,
        share=plan.links.shares,
    )
