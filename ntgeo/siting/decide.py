"""The stages of a siting question, each proven before the next is begun.

Demand comes before travel: p-median and maximum coverage first leave as little demand unserved as
the number of sites allows, then travel as little as that allows. Where a first plan serves every
area that can be served, nothing needs proving and the first stage is free. Set cover first opens
as few sites as can be, then travels as little as that number allows.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ntgeo.domain.siting import SitingObjective
from ntgeo.domain.solving import SolveLimits
from ntgeo.siting.choice import SiteChoice, Value
from ntgeo.siting.formulation import Outcome, solve_formulation
from ntgeo.siting.max_coverage import build_max_coverage
from ntgeo.siting.p_median import Service, build_p_median
from ntgeo.siting.search import cover_greedily, improve_by_swaps, open_greedily, penalised_cost
from ntgeo.siting.set_cover import build_set_cover

__all__ = ["Clock", "Decision", "decide", "first_decision"]

IndexArray = npt.NDArray[np.intp]
Offer = Callable[["Decision"], None]

_SLACK_SHARE = 1e-9
_PROOF_SHARE = 1e-7
_FIRST_STAGE_SHARE = 0.7


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decision:
    """Which sites are open, and how good that is known to be.

    Args:
        opened: Open sites as places in the choice, ascending.
        unserved_bound: No plan leaves less demand unserved; ``None`` for set cover.
        count_bound: No plan covers every area with fewer sites; ``None`` but for set cover.
        travel_bound: No plan as good in the first stage travels less; ``None`` where not known.
    """

    opened: IndexArray
    unserved_bound: float | None = None
    count_bound: int | None = None
    travel_bound: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """When the work must end, in seconds since the epoch, which all processes share."""

    ends_at: float

    def left_s(self, share: float = 1.0) -> float:
        """Return a share of the seconds left; never below 0."""
        return max(0.0, self.ends_at - time.time()) * share


def first_decision(choice: SiteChoice) -> Decision:
    """Return a plan without proof beyond the obvious, in little time."""
    if choice.site_count is None:
        return Decision(opened=cover_greedily(choice), count_bound=1)
    cost = penalised_cost(choice)
    start = open_greedily(cost, choice.is_required, choice.site_count)
    return Decision(opened=improve_by_swaps(cost, start, choice.is_required), unserved_bound=0.0)


def decide(offer: Offer, choice: SiteChoice, limits: SolveLimits, clock: Clock) -> Decision:
    """Go through the stages, offering each better decision.

    Args:
        offer: Told each better decision.
        choice: The question.
        limits: Gap and seed.
        clock: When to end.
    """
    if not len(choice.demand):
        return _decide_nothing_servable(choice)
    start = first_decision(choice)
    offer(start)
    if choice.objective is SitingObjective.SET_COVER:
        first = _open_fewest(start, choice, limits, clock)
    else:
        first = _serve_most(start, choice, limits, clock)
    offer(first)
    return _travel_least(first, choice, limits, clock)


def _decide_nothing_servable(choice: SiteChoice) -> Decision:
    wanted = choice.site_count or int(choice.is_required.sum())
    by_need = np.argsort(~choice.is_required, kind="stable")
    opened = np.sort(by_need[:wanted])
    if choice.site_count is None:
        return Decision(opened=opened, count_bound=wanted, travel_bound=0.0)
    return Decision(opened=opened, unserved_bound=0.0, travel_bound=0.0)


def _serve_most(start: Decision, choice: SiteChoice, limits: SolveLimits, clock: Clock) -> Decision:
    """First stage of p-median and maximum coverage: as little demand unserved as can be."""
    value = choice.value(start.opened)
    if value.unserved <= 0:
        return start
    total = math.fsum(choice.demand)
    model, sites = build_max_coverage(choice, len(start.opened), unit_of_demand=total / 1e3)
    outcome = solve_formulation(model, limits, time_left_s=clock.left_s(_FIRST_STAGE_SHARE))
    opened = _better(choice, start.opened, _opened_of(outcome, sites))
    unserved = choice.value(opened).unserved
    bound = total - outcome.bound * total / 1e3 if math.isfinite(outcome.bound) else 0.0
    return Decision(opened=opened, unserved_bound=_proven_or_below(unserved, bound, total))


def _open_fewest(
    start: Decision, choice: SiteChoice, limits: SolveLimits, clock: Clock
) -> Decision:
    """First stage of set cover: as few sites as can be."""
    outcome = solve_formulation(
        build_set_cover(choice)[0], limits, time_left_s=clock.left_s(_FIRST_STAGE_SHARE)
    )
    sites = np.arange(len(choice.is_required))
    found = _opened_of(outcome, sites)
    opened = start.opened
    if found is not None and len(found) < len(opened) and not choice.value(found).uncovered:
        opened = found
    bound = math.ceil(outcome.bound - 1e-6) if math.isfinite(outcome.bound) else 1
    return Decision(opened=opened, count_bound=min(len(opened), max(1, bound)))


def _travel_least(
    first: Decision, choice: SiteChoice, limits: SolveLimits, clock: Clock
) -> Decision:
    """Last stage: as little travel as the first stage allows."""
    value = choice.value(first.opened)
    if value.travel <= 0:
        return replace(first, travel_bound=0.0)
    service = _service_to_keep(first, choice, value)
    unit = value.travel / 1e3
    model, sites = build_p_median(choice, service, unit_of_travel=unit)
    outcome = solve_formulation(model, limits, time_left_s=clock.left_s())
    opened = _better(choice, first.opened, _opened_of(outcome, sites))
    travel = choice.value(opened).travel
    bound = outcome.bound * unit if math.isfinite(outcome.bound) else 0.0
    return replace(first, opened=opened, travel_bound=_proven_or_below(travel, bound, travel))


def _service_to_keep(first: Decision, choice: SiteChoice, value: Value) -> Service:
    count = len(first.opened)
    everyone = choice.objective is SitingObjective.SET_COVER or value.unserved <= 0
    if everyone:
        must = np.ones(len(choice.demand), dtype=np.bool_)
        if choice.objective is not SitingObjective.SET_COVER:
            must &= choice.demand > 0
        return Service(site_count=count, must_serve=must)
    served = choice.demand[np.isfinite(choice.nearest_s(first.opened))]
    nobody = np.zeros(len(choice.demand), dtype=np.bool_)
    return Service(site_count=count, must_serve=nobody, served_at_least=math.fsum(served))


def _opened_of(outcome: Outcome, sites: IndexArray) -> IndexArray | None:
    if outcome.values is None:
        return None
    return np.flatnonzero(outcome.values[sites] > 1 / 2)


def _better(choice: SiteChoice, known: IndexArray, found: IndexArray | None) -> IndexArray:
    """Return the better of two plans of as many sites: first by service, then by travel."""
    if found is None or len(found) != len(known):
        return known
    old, new = choice.value(known), choice.value(found)
    slack = _SLACK_SHARE * math.fsum(choice.demand)
    if choice.objective is SitingObjective.SET_COVER and new.uncovered > old.uncovered:
        return known
    if abs(new.unserved - old.unserved) > slack:
        return found if new.unserved < old.unserved else known
    return found if new.travel < old.travel else known


def _proven_or_below(value: float, bound: float, scale: float) -> float:
    """Return the bound, or the value itself where the two agree to the solver's precision."""
    return value if value - bound <= _PROOF_SHARE * abs(scale) else max(0.0, bound)
