"""Questions that keep a plan: every visit of it made, and one more; the day or one round."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from ntgeo.domain.rounds_prices import RoundsPrices
from ntgeo.domain.routing import (
    Pin,
    Route,
    RoutePlan,
    RoutingProblem,
    Shift,
    ShiftCosts,
    ShiftId,
    StopKind,
    Visit,
    VisitId,
)

__all__ = [
    "all_made",
    "crew_of",
    "made_visits",
    "near_shifts",
    "of_visits",
    "one_of_crew",
    "round_alone",
    "without_costs",
]

_NEAR: Final = 8
"""How many rounds are tried for one visit more: those that pass nearest."""


def made_visits(plan: RoutePlan) -> frozenset[VisitId]:
    """Return the visits that a plan makes."""
    return frozenset(
        VisitId(stop.place)
        for route in plan.routes
        for stop in route.stops
        if stop.kind is StopKind.VISIT
    )


def crew_of(routes: Iterable[Route], visit: VisitId) -> tuple[ShiftId, ...]:
    """Return the shifts that make a visit, in order."""
    return tuple(
        route.shift
        for route in routes
        if any(stop.place == visit and stop.kind is StopKind.VISIT for stop in route.stops)
    )


def near_shifts(
    problem: RoutingProblem, routes: Mapping[ShiftId, Route], visit: VisitId
) -> tuple[Shift, ...]:
    """Return the shifts whose way to a visit, between two stops of theirs, is the shortest.

    Args:
        problem: The question.
        routes: Rounds by shift; a shift without one would go there and back.
        visit: The visit.
    """
    row_of = {place: row for row, place in enumerate(problem.place_ids)}
    detours: list[tuple[float, Shift]] = []
    for shift in problem.shifts:
        ends = (shift.start_place, shift.end_place or shift.start_place)
        route = routes.get(shift.id)
        places = ends if route is None else [stop.place for stop in route.stops]
        rows = np.array([row_of[place] for place in places])
        time_s, there = problem.travel_of(shift).time_s, row_of[visit]
        way_s = np.where(rows[:-1] == rows[1:], 0.0, time_s[rows[:-1], rows[1:]])
        more_s = time_s[rows[:-1], there] + time_s[there, rows[1:]] - way_s
        detours.append((float(np.nanmin(more_s, initial=np.inf)), shift))
    detours.sort(key=lambda detour: (detour[0], detour[1].id))
    return tuple(shift for detour_s, shift in detours[:_NEAR] if detour_s < np.inf)


def of_visits(
    problem: RoutingProblem, visits: Collection[Visit], shifts: Collection[Shift] | None = None
) -> RoutingProblem:
    """Return the question of some visits, and of some shifts, alone.

    Args:
        problem: The whole question.
        visits: Those asked about, perhaps with rules of their own.
        shifts: Those who could make them; ``None`` for all.
    """
    kept = {visit.id for visit in visits}
    return RoutingProblem.from_arrays(
        visits=tuple(visits),
        shifts=problem.shifts if shifts is None else tuple(shifts),
        depots=problem.depots,
        travel=problem.travel,
        more_travel=problem.more_travel,
        links=[link for link in problem.links if link.first in kept and link.second in kept],
        day=problem.day,
        prices=problem.prices,
        daylight=problem.daylight,
    )


def all_made(problem: RoutingProblem, wanted: Collection[VisitId]) -> RoutingProblem:
    """Return the question in which nothing counts before making all of some visits.

    Args:
        problem: The whole question.
        wanted: Those that are to be made.
    """
    visits = [replace(v, priority=1) for v in problem.visits if v.id in wanted]
    question = of_visits(problem, visits)
    return replace(question, prices=replace(question.prices, unmade_gbp=None))


def without_costs(problem: RoutingProblem) -> RoutingProblem:
    """Return the question whether it can be done at all, whatever it costs."""
    free = ShiftCosts(pay_gbp_per_hour=0.0, mileage_gbp_per_mile=0.0)
    return replace(
        problem,
        shifts=tuple(replace(shift, costs=free, overtime=None) for shift in problem.shifts),
        visits=tuple(replace(visit, soft_windows=()) for visit in problem.visits),
        prices=RoundsPrices(),
    )


def round_alone(
    problem: RoutingProblem, shift: Shift, route: Route | None, visit: Visit | None
) -> RoutingProblem:
    """Return the question of one round, with one visit more, all others staying as they are.

    Visits that other rounds have to do with keep their time.

    Args:
        problem: The whole question.
        shift: Whose round.
        route: As it is; ``None`` if there is none.
        visit: The one more; ``None`` for none.
    """
    begin_s = {
        VisitId(stop.place): stop.begin_s
        for stop in (route.stops if route is not None else ())
        if stop.kind is StopKind.VISIT
    }
    tied = {end for link in problem.links for end in (link.first, link.second)}
    visits = [
        one_of_crew(other, begin_s[other.id], tied)
        for other in problem.visits
        if other.id in begin_s
    ]
    more = [] if visit is None else [visit]
    wanted = [replace(one, priority=1) for one in (*visits, *more)]
    goes = replace(shift, may_go_alone=True)
    question = replace(of_visits(problem, wanted, [goes]), links=())
    return replace(question, prices=replace(question.prices, unmade_gbp=None))


def one_of_crew(visit: Visit, begin_s: float, tied: Collection[VisitId]) -> Visit:
    """Return a visit as one of those who come to it sees it, its time kept if others depend on it.

    Args:
        visit: A visit that is made.
        begin_s: When it begins.
        tied: Visits that are linked.
    """
    alone = replace(visit, crew=1, not_alone=None, pin=replace(visit.pin, shifts=frozenset()))
    if visit.greatest_crew == 1 and visit.id not in tied:
        return alone
    return replace(alone, pin=Pin(begin_s=begin_s, place=visit.pin.place))
