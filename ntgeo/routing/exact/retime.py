"""The cheapest times, and places of breaks, of rounds whose visits are in order."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import replace
from typing import Any

from ntgeo.domain.routing import (
    Route,
    RoutingProblem,
    StaffId,
    StaffLink,
    VisitId,
    VisitLink,
)
from ntgeo.domain.solving import SolveLimits
from ntgeo.routing.exact.formulation import build_model
from ntgeo.routing.exact.objective import total_cost
from ntgeo.routing.exact.rounds import Orders
from ntgeo.routing.exact.search import Search
from ntgeo.routing.exact.sheets import routes_of
from ntgeo.routing.exact.variables import Variables
from ntgeo.routing.figures import day_arrays

__all__ = ["time_orders"]

_TIME_LIMIT_S = 60.0
_EFFORT = 10.0
_LEAST_S = 0.05


def time_orders(
    problem: RoutingProblem,
    orders: Orders,
    *,
    effort: float = _EFFORT,
    time_limit_s: float = _TIME_LIMIT_S,
) -> tuple[Route, ...] | None:
    """Return the rounds of settled orders at their cheapest times, each visit then at its soonest.

    Shifts are timed apart from each other unless a crew, a gap, the worst lateness or the spread
    of work ties them. What is tied is timed together: exactly, but for very large groups, which
    are cut off. Breaks stay where the cheapest times have them.

    Args:
        problem: The question.
        orders: For each shift, the numbers of its visits in order; a crew's stands in several.
        effort: On each group, by CP-SAT's own count.
        time_limit_s: Wall-clock seconds for all.

    Returns:
        The rounds in order of shift; ``None`` if no times keep the rules, or none were found.
    """
    ends_at = time.monotonic() + time_limit_s
    made_by: dict[VisitId, list[int]] = defaultdict(list)
    for shift, order in enumerate(orders):
        for visit in order:
            made_by[problem.visits[visit].id].append(shift)
    if not _keeps_pins(problem, made_by) or not _keeps_links(problem, made_by):
        return None
    routes: list[Route] = []
    for group in _groups(problem, orders, made_by):
        limits = SolveLimits(time_limit_s=max(_LEAST_S, ends_at - time.monotonic()))
        timed = _timed(*_part(problem, orders, group), limits, effort)
        if timed is None:
            return None
        routes += timed
    return tuple(sorted(routes, key=lambda route: route.shift))


def _keeps_pins(problem: RoutingProblem, made_by: dict[VisitId, list[int]]) -> bool:
    come = {visit: {problem.shifts[s].id for s in made_by[visit]} for visit in made_by}
    return all(v.pin.shifts <= come[v.id] for v in problem.visits if v.id in come)


def _keeps_links(problem: RoutingProblem, made_by: dict[VisitId, list[int]]) -> bool:
    staff = {v: {problem.shifts[s].staff for s in shifts} for v, shifts in made_by.items()}
    return all(
        _keeps(link, staff.get(link.first), staff.get(link.second)) for link in problem.links
    )


def _keeps(link: VisitLink, came: set[StaffId] | None, come: set[StaffId] | None) -> bool:
    """Tell whether who comes (``None`` for an unmade visit) keeps a link, but for its gap."""
    if came is None or come is None:
        is_lone_second = link.is_ordered and come is not None
        return came is come or not (link.both_or_neither or is_lone_second)
    if link.staff is StaffLink.SAME:
        return came == come
    return link.staff is not StaffLink.DIFFERENT or not came & come


def _groups(
    problem: RoutingProblem, orders: Orders, made_by: dict[VisitId, list[int]]
) -> list[list[int]]:
    """Return the shifts that must be timed together; idle ones only where their work counts."""
    prices = problem.prices
    if prices.work_spread_gbp_per_hour > 0:
        return [list(range(len(orders)))]
    ties = list(made_by.values())
    ties += [
        made_by[link.first] + made_by[link.second]
        for link in problem.links
        if link.is_ordered and link.first in made_by and link.second in made_by
    ]
    if prices.worst_lateness_gbp_per_minute > 0:
        late = [made_by[v.id] for v in problem.visits if v.soft_windows and v.id in made_by]
        ties.append(sorted({shift for shifts in late for shift in shifts}))
    return _joined([shift for shift, order in enumerate(orders) if order], ties)


def _joined(shifts: list[int], ties: list[list[int]]) -> list[list[int]]:
    """Return the shifts in groups, such that those tied to each other are together."""
    group_of = {shift: [shift] for shift in shifts}
    for tie in ties:
        for other in tie[1:]:
            one, two = group_of[tie[0]], group_of[other]
            if one is not two:
                one += two
                group_of.update(dict.fromkeys(two, one))
    return [sorted(group) for shift, group in group_of.items() if shift == min(group)]


def _timed(
    part: RoutingProblem, own: Orders, limits: SolveLimits, effort: float
) -> tuple[Route, ...] | None:
    variables = build_model(day_arrays(part), own)
    if variables is None:
        return None
    cost = total_cost(variables)
    search = Search(variables, limits)
    if not search.minimise(cost, effort).is_found:
        return None
    variables.model.add(cost <= round(search.least))
    search.settle_choices()
    search.minimise(_soonest(variables), effort)
    return routes_of(part, variables, search.value)


def _soonest(variables: Variables) -> Any:
    """Return an aim by which all begins as soon as it can; then staff leave as late as they can."""
    rests = [begin for rounds in variables.rounds for begin in rounds.break_begin]
    starts = [rounds.start for rounds in variables.rounds]
    return (len(starts) + 1) * (sum(variables.begin) + sum(rests)) - sum(starts)


def _part(
    problem: RoutingProblem, orders: Orders, group: list[int]
) -> tuple[RoutingProblem, Orders]:
    """Return the question of some shifts and what they make, and their orders in it."""
    made = sorted({visit for shift in group for visit in orders[shift]})
    ids = {problem.visits[visit].id for visit in made}
    shifts = tuple(problem.shifts[shift] for shift in group)
    ends = {place for s in shifts for place in (s.start_place, s.end_place)}
    depots = tuple(depot for depot in problem.depots if depot.id in ends)
    places = [*(depot.id for depot in depots), *(problem.visits[visit].id for visit in made)]
    part = replace(
        problem,
        visits=tuple(problem.visits[visit] for visit in made),
        shifts=shifts,
        depots=depots,
        travel=problem.travel.select(places, places),
        more_travel=tuple(matrix.select(places, places) for matrix in problem.more_travel),
        links=tuple(link for link in problem.links if {link.first, link.second} <= ids),
    )
    number_of = {visit: number for number, visit in enumerate(made)}
    own = tuple(tuple(number_of[visit] for visit in orders[shift]) for shift in group)
    return part, own
