"""The stages of a siting question, each proven before the next is begun.

Demand comes before travel: p-median and maximum coverage first leave as little demand unserved as
the number of sites allows, then travel as little as that allows. Where a first plan serves every
area that can be served, nothing needs proving and the first stage is free. Set cover first opens
as few sites as can be, then travels as little as that number allows. P-centre puts the worst time
between service and travel.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ntgeo.domain.siting import SitingObjective
from ntgeo.domain.solving import SolveLimits
from ntgeo.siting.choice import SiteChoice, Value
from ntgeo.siting.clock import Clock
from ntgeo.siting.median.known import Known
from ntgeo.siting.median.rows import FREE, IN, build_rows
from ntgeo.siting.median.solve_median import MedianQuestion, solve_median
from ntgeo.siting.median.swap_search import improve_by_swaps, open_greedily
from ntgeo.siting.models.programme import run_centre, run_programme

__all__ = ["Decision", "decide"]

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]

_SLACK_SHARE = 1e-9
_PROOF_SHARE = 1e-7
_FIRST_STAGE_SHARE = 0.7
_FIRST_PRICE = 4.0
_PRICE_GROWTH = 8.0
_MOST_PRICES = 6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decision:
    """Which sites are open, and how good that is known to be.

    Args:
        opened: Open sites as places in the choice, ascending.
        unserved_bound: No plan leaves less demand unserved.
        count_bound: No plan covers every area with fewer sites; ``None`` but for set cover.
        worst_bound_s: No plan as good in the first stage has a lesser worst time; ``None`` but for
            p-centre.
        burden_bound: No plan as good in the stages before has a lesser burden of travel; ``None``
            where not known.
    """

    opened: IndexArray
    unserved_bound: float | None = None
    count_bound: int | None = None
    worst_bound_s: float | None = None
    burden_bound: float | None = None


def decide(choice: SiteChoice, limits: SolveLimits, clock: Clock, *, in_child: bool) -> Decision:
    """Go through the stages.

    Args:
        choice: The question.
        limits: Gap and seed.
        clock: When to end.
        in_child: Whether OR-Tools runs in a process of its own.
    """
    if not len(choice.demand):
        return _decide_nothing_servable(choice)
    if choice.site_count is None:
        first = _open_fewest(choice, limits, clock, in_child=in_child)
    else:
        first = _serve_most(choice, limits, clock, in_child=in_child)
    if choice.objective is SitingObjective.P_CENTRE:
        pace = clock.part(_FIRST_STAGE_SHARE)
        opened, bound_s = run_centre(choice, first.opened, limits, pace, in_child=in_child)
        first = replace(first, opened=opened, worst_bound_s=bound_s)
        choice = choice.no_farther(choice.value(opened).worst_s)
    return _travel_least(first, choice, limits, clock, in_child=in_child)


def _decide_nothing_servable(choice: SiteChoice) -> Decision:
    wanted = choice.site_count or int(choice.is_required.sum())
    by_need = np.argsort(~choice.is_required, kind="stable")
    opened = np.sort(by_need[:wanted])
    if choice.site_count is None:
        return Decision(opened=opened, unserved_bound=0.0, count_bound=wanted, burden_bound=0.0)
    worst = 0.0 if choice.objective is SitingObjective.P_CENTRE else None
    return Decision(opened=opened, unserved_bound=0.0, worst_bound_s=worst, burden_bound=0.0)


def _state_of(choice: SiteChoice) -> npt.NDArray[np.int8]:
    return np.where(choice.is_required, IN, FREE).astype(np.int8)


def _serve_most(
    choice: SiteChoice, limits: SolveLimits, clock: Clock, *, in_child: bool
) -> Decision:
    """First stage of p-median and maximum coverage: as little demand unserved as can be."""
    count, state = choice.site_count or 0, _state_of(choice)
    priced = build_rows(_travel(choice), leave_cost=_leave_cost(choice, _FIRST_PRICE**5))
    start = improve_by_swaps(priced, state, open_greedily(priced, state, count)).opened
    if choice.value(start).unserved <= 0:
        return Decision(opened=start, unserved_bound=0.0)
    found, bound = run_programme(
        "max-coverage",
        choice,
        limits,
        clock.part(_FIRST_STAGE_SHARE),
        in_child=in_child,
    )
    opened = _better(choice, start, found)
    unserved, total = choice.value(opened).unserved, math.fsum(choice.demand)
    least = total - bound if math.isfinite(bound) else 0.0
    return Decision(opened=opened, unserved_bound=_proven_or_below(unserved, least, total))


def _open_fewest(
    choice: SiteChoice, limits: SolveLimits, clock: Clock, *, in_child: bool
) -> Decision:
    """First stage of set cover: as few sites as can be."""
    opened = _cover_greedily(choice)
    found, bound = run_programme(
        "set-cover", choice, limits, clock.part(_FIRST_STAGE_SHARE), in_child=in_child
    )
    if found is not None and len(found) < len(opened) and not choice.value(found).uncovered:
        opened = found
    fewest = math.ceil(bound - 1e-6) if math.isfinite(bound) else 1
    count_bound = min(len(opened), max(1, fewest))
    return Decision(opened=opened, unserved_bound=0.0, count_bound=count_bound)


def _cover_greedily(choice: SiteChoice) -> IndexArray:
    """Open sites until every area has one in reach, each covering most of what is left."""
    within = choice.within
    is_open = choice.is_required.copy()
    left = ~within[:, is_open].any(axis=1)
    while left.any():
        best = int(np.argmax(within[left].sum(axis=0)))
        is_open[best] = True
        left &= ~within[:, best]
    for site in np.flatnonzero(is_open & ~choice.is_required)[::-1]:
        is_open[site] = False
        if not within[:, is_open].any(axis=1).all():
            is_open[site] = True
    return np.flatnonzero(is_open)


def _travel(choice: SiteChoice) -> FloatArray:
    """(areas, sites) demand × burden; infinite where the site cannot serve the area."""
    cost = choice.demand[:, None] * choice.burden_of(np.where(choice.within, choice.time_s, 0.0))
    return np.where(choice.within, cost, np.inf)


def _leave_cost(choice: SiteChoice, price: float) -> FloatArray:
    """(areas,) cost of an area left unserved: ``price`` times the burden of the longest way."""
    return choice.demand * _price_of_one(choice, price)


def _price_of_one(choice: SiteChoice, price: float) -> float:
    longest_s = choice.time_s[choice.within].max(initial=1.0)
    return float(math.ceil(float(choice.burden_of(longest_s)) * price))


def _travel_least(
    first: Decision, choice: SiteChoice, limits: SolveLimits, clock: Clock, *, in_child: bool
) -> Decision:
    """Last stage: as little travel as the first stage allows."""
    value = choice.value(first.opened)
    if value.burden <= 0:
        return replace(first, burden_bound=0.0)
    if choice.site_count is None or value.unserved <= 0:
        known = _solve(choice, None, first.opened, (limits, clock), in_child=in_child)
        return _with_travel(first, choice, known.opened, known.bound)
    return _travel_least_among_served(first, choice, limits, clock, in_child=in_child)


def _travel_least_among_served(
    first: Decision, choice: SiteChoice, limits: SolveLimits, clock: Clock, *, in_child: bool
) -> Decision:
    """Put a price on leaving demand unserved, and raise it until it is never worth paying more.

    A plan that is best at a price, and leaves no more unserved than the first stage proved to be
    least, travels least of all plans that leave so little: any other pays as much for the unserved,
    so it cannot travel less.
    """
    opened, bound, price = first.opened, 0.0, _FIRST_PRICE
    for _ in range(_MOST_PRICES):
        leave = _leave_cost(choice, price)
        known = _solve(choice, leave, opened, (limits, clock), in_child=in_child)
        least = choice.value(opened)
        bound = max(bound, known.bound - _price_of_one(choice, price) * least.unserved)
        best = _better(choice, opened, known.opened)
        kept = choice.value(known.opened).unserved <= least.unserved * (1 + _SLACK_SHARE)
        opened = best
        if kept or clock.is_up():
            break
        price *= _PRICE_GROWTH
    return _with_travel(first, choice, opened, bound)


def _solve(
    choice: SiteChoice,
    leave: FloatArray | None,
    start: IndexArray,
    pace: tuple[SolveLimits, Clock],
    *,
    in_child: bool,
) -> Known:
    limits, clock = pace
    question = MedianQuestion(
        rows=build_rows(_travel(choice), leave_cost=leave),
        state=_state_of(choice),
        count=len(start),
        in_child=in_child,
    )
    return solve_median(question, limits, clock, start=start)


def _with_travel(first: Decision, choice: SiteChoice, found: IndexArray, bound: float) -> Decision:
    opened = _better(choice, first.opened, found)
    burden = choice.value(opened).burden
    return replace(first, opened=opened, burden_bound=_proven_or_below(burden, bound, burden))


def _better(choice: SiteChoice, known: IndexArray, found: IndexArray | None) -> IndexArray:
    """Return the better of two plans of as many sites: first by service, then by travel."""
    if found is None or len(found) != len(known):
        return known
    old, new = choice.value(known), choice.value(found)
    if choice.site_count is None and new.uncovered > old.uncovered:
        return known
    if not _as_well_served(choice, old, new):
        return found if new.unserved < old.unserved else known
    return found if new.burden < old.burden else known


def _as_well_served(choice: SiteChoice, one: Value, other: Value) -> bool:
    slack = _SLACK_SHARE * math.fsum(choice.demand)
    return abs(one.unserved - other.unserved) <= slack


def _proven_or_below(value: float, bound: float, scale: float) -> float:
    """Return the bound, or the value itself where the two agree to the solver's precision."""
    return value if value - bound <= _PROOF_SHARE * abs(scale) else max(0.0, bound)
