"""What a plan is worth by each objective, worked out from who goes where."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.domain.siting import CapacityRule, SitingObjective, SitingProblem
from ntgeo.domain.siting_stages import is_made_most
from ntgeo.domain.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE
from ntgeo.siting.verify.facts import (
    PlanFacts,
    count_in_reach,
    may_open_of,
    nearest_in_reach,
    reach_of,
    rivals_of,
)

__all__ = ["priced_value_of", "travel_of", "value_of"]

FloatArray = npt.NDArray[np.float64]
_LEAST_DEPRIVED = 10
_TAIL_SHARE = 0.1
_TWICE = 2


def priced_value_of(facts: PlanFacts) -> float:
    """Return the value of the objective named first, the price of soft capacities included."""
    problem = facts.problem
    value = value_of(facts, problem.objective)
    if problem.rules.capacity is not CapacityRule.SOFT:
        return value
    load = np.bincount(facts.column, weights=facts.demand, minlength=len(problem.sites))
    room = [math.inf if site.capacity is None else site.capacity for site in problem.sites]
    price = (problem.rules.over_capacity_price or 0.0) * math.fsum(np.maximum(0.0, load - room))
    return value - price if is_made_most(problem, problem.objective) else value + price


def value_of(facts: PlanFacts, aim: SitingObjective) -> float:
    """Return what the plan is worth by an objective, in its unit."""
    return _VALUES[aim](facts)


def travel_of(facts: PlanFacts) -> float:
    """Return ``Σ w t`` of those served, demand × seconds."""
    demand, time_s, _ = _served(facts)
    return math.fsum(demand * time_s)


def _served(facts: PlanFacts) -> tuple[FloatArray, FloatArray, npt.NDArray[np.intp]]:
    """(journeys,) demand, seconds and area of each allocation that has demand and a way."""
    counted = (facts.demand > 0) & np.isfinite(facts.time_s)
    return facts.demand[counted], facts.time_s[counted], facts.row[counted]


def _deciles(facts: PlanFacts) -> npt.NDArray[np.intp]:
    decile = facts.problem.imd_decile
    return np.zeros(len(facts.problem.areas), np.intp) if decile is None else decile


def _deprived_travel(facts: PlanFacts) -> float:
    demand, time_s, row = _served(facts)
    decile = _deciles(facts)[row]
    worse = np.where(decile > 0, _LEAST_DEPRIVED - decile, 0) / (_LEAST_DEPRIVED - 1)
    return math.fsum(demand * (1 + facts.problem.rules.deprivation_weight * worse) * time_s)


def _equivalent_s(facts: PlanFacts) -> float:
    demand, time_s, _ = _served(facts)
    total = math.fsum(demand)
    if total <= 0:
        return 0.0
    kappa = _kappa_per_s(facts.problem)
    highest = kappa * float(time_s.max())
    mean = math.fsum(demand * np.exp(kappa * time_s - highest)) / total
    return (math.log(mean) + highest) / kappa


def _kappa_per_s(problem: SitingProblem) -> float:
    usable, counted = may_open_of(problem), problem.demand > 0
    _, nearest_s = nearest_in_reach(problem, usable)
    near = counted & np.isfinite(nearest_s)
    demand, nearest_s = problem.demand[near], nearest_s[near]
    square = math.fsum(demand * nearest_s**2)
    if square > 0:
        return problem.rules.inequality_aversion * math.fsum(demand * nearest_s) / square
    longest_s = 1.0
    for _, time_s in reach_of(problem, usable):
        reached = np.isfinite(time_s) & counted[:, None]
        longest_s = max(longest_s, float(time_s[reached].max(initial=0.0)))
    return problem.rules.inequality_aversion / longest_s


def _worst_s(facts: PlanFacts) -> float:
    return float(_served(facts)[1].max(initial=0.0))


def _worst_tenth_s(facts: PlanFacts) -> float:
    demand, time_s, _ = _served(facts)
    tail = _TAIL_SHARE * math.fsum(demand)
    if tail <= 0:
        return 0.0
    longest_first = np.argsort(-time_s)
    demand, time_s = demand[longest_first], time_s[longest_first]
    before = np.cumsum(demand) - demand
    return math.fsum(np.clip(tail - before, 0.0, demand) * time_s) / tail


def _worst_decile_s(facts: PlanFacts) -> float:
    demand, time_s, row = _served(facts)
    decile = _deciles(facts)[row]
    means = [
        math.fsum((demand * time_s)[decile == each]) / math.fsum(demand[decile == each])
        for each in np.unique(decile[decile > 0])
    ]
    return max(means, default=0.0)


def _covered(facts: PlanFacts) -> float:
    demand, time_s, row = _served(facts)
    decay = facts.problem.rules.decay
    if decay is None:
        return math.fsum(demand)
    stretch = facts.problem.area_rules.decay_stretch
    slowed_s = time_s if stretch is None else time_s / stretch[row]
    return math.fsum(demand * decay.share(slowed_s))


def _sites_open(facts: PlanFacts) -> float:
    return float(len(facts.plan.opened))


def _backed_up(facts: PlanFacts) -> float:
    if not is_made_most(facts.problem, SitingObjective.BACKUP_COVER):
        return _sites_open(facts)
    twice = count_in_reach(facts.problem, facts.opened) >= _TWICE
    return math.fsum(facts.problem.demand[twice])


def _cost_gbp(facts: PlanFacts) -> float:
    rules = facts.problem.rules
    fixed = math.fsum(facts.problem.sites[c].fixed_cost_gbp or 0.0 for c in facts.opened)
    travel = travel_of(facts) / SECONDS_PER_HOUR * (rules.travel_gbp_per_hour or 0.0)
    return fixed + travel + facts.unserved * (rules.outreach_gbp or 0.0)


def _won(facts: PlanFacts) -> float:
    problem = facts.problem
    ours = _draw(problem, facts.opened)
    both = ours + _draw(problem, rivals_of(problem))
    share = np.divide(ours, both, out=np.zeros_like(ours), where=both > 0)
    return math.fsum(problem.demand * share)


def _draw(problem: SitingProblem, columns: npt.NDArray[np.intp]) -> FloatArray:
    """(areas,) ``Σ A t^-β`` of some sites in reach, times in minutes of at least 1."""
    draw = np.zeros(len(problem.areas))
    for some, time_s in reach_of(problem, columns):
        minutes = np.maximum(time_s / SECONDS_PER_MINUTE, 1.0)
        strength = np.array([problem.sites[c].attractiveness for c in some], dtype=np.float64)
        draw += minutes**-problem.rules.huff_exponent @ strength
    return draw


_VALUES: Final = MappingProxyType[SitingObjective, Callable[[PlanFacts], float]](
    {
        SitingObjective.P_MEDIAN: travel_of,
        SitingObjective.DEPRIVATION_P_MEDIAN: _deprived_travel,
        SitingObjective.KOLM_POLLAK: _equivalent_s,
        SitingObjective.P_CENTRE: _worst_s,
        SitingObjective.WORST_TENTH: _worst_tenth_s,
        SitingObjective.WORST_DECILE: _worst_decile_s,
        SitingObjective.MAX_COVERAGE: _covered,
        SitingObjective.MAX_ATTENDANCE: _covered,
        SitingObjective.SET_COVER: _sites_open,
        SitingObjective.BACKUP_COVER: _backed_up,
        SitingObjective.LEAST_COST: _cost_gbp,
        SitingObjective.MARKET_SHARE: _won,
    }
)
