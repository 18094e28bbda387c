"""A visit goes into another round, all other rounds staying as they are: the price of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from ntgeo.domain.routing import (
    Route,
    RoutePlan,
    RoutingProblem,
    Shift,
    ShiftId,
    StopKind,
    Visit,
    VisitId,
)
from ntgeo.routing.answers.asking import Asking
from ntgeo.routing.answers.kept_plan import (
    crew_of,
    made_visits,
    near_shifts,
    one_of_crew,
    round_alone,
)
from ntgeo.routing.cost import cost_of

__all__ = ["ByRound", "Priced"]

_ROUND_S: Final = 2.0

Priced = tuple[float, tuple[ShiftId, ...], tuple[Route, ...]]
"""Cost in pounds, unmade visits left out; who makes the visit; all rounds, in order of shift."""


class ByRound:
    """Rounds of a plan, of which one or two are planned again for a visit's sake."""

    def __init__(self, problem: RoutingProblem, plan: RoutePlan, asking: Asking) -> None:
        self.problem, self.asking = problem, asking
        self.routes = {route.shift: route for route in plan.routes}
        self.shifts = {shift.id: shift for shift in problem.shifts}
        self.tied = {end for link in problem.links for end in (link.first, link.second)}
        made = made_visits(plan)
        self.unmade = {visit.id for visit in problem.visits if visit.id not in made}

    def crew(self, visit: VisitId) -> tuple[ShiftId, ...]:
        """Return who makes a visit."""
        return crew_of(self.routes.values(), visit)

    def begin_s(self, visit: VisitId) -> float:
        """Return when a visit that is made begins."""
        return next(
            stop.begin_s
            for route in self.routes.values()
            for stop in route.stops
            if stop.place == visit and stop.kind is StopKind.VISIT
        )

    def moved(self, visit: Visit, gives: ShiftId | None) -> Iterator[Priced]:
        """Yield what it costs if a visit goes to each of the near shifts that can take it.

        Args:
            visit: The visit, perhaps at other times than the problem says.
            gives: Who gives it away, and may have it back; ``None`` if nobody makes it yet.
        """
        crew = self.crew(visit.id) if gives is not None else ()
        wanted = one_of_crew(visit, self.begin_s(visit.id), self.tied) if crew else visit
        if not crew and visit.greatest_crew > 1:
            return
        left = dict(self.routes) if gives is None else self._without(visit.id, gives)
        if left is None:
            return
        taken = {self.shifts[shift].staff for shift in crew if shift != gives}
        for shift in near_shifts(self.problem, left, visit.id):
            goes = shift.may_go_alone or visit.greatest_crew > 1
            is_free = goes and shift.staff not in taken
            keeps_pin = visit.pin.shifts <= {*crew} - {gives} | {shift.id}
            if not is_free or not keeps_pin or not _may_make(shift, visit):
                continue
            question = round_alone(self.problem, shift, left.get(shift.id), wanted)
            asked = self.asking.solve(question, most_s=_ROUND_S)
            if asked.routes is None:
                continue
            routes = {**left, **{route.shift: route for route in asked.routes}}
            who = tuple(sorted({*crew, shift.id} - {gives}))
            yield self._cost_gbp(routes, visit.id), who, _in_order(routes)

    def _without(self, visit: VisitId, gives: ShiftId) -> dict[ShiftId, Route] | None:
        """Return the rounds without a visit in one of them, which is planned again, if it can."""
        route = self.routes[gives]
        stops = tuple(s for s in route.stops if s.place != visit or s.kind is not StopKind.VISIT)
        left = {shift: other for shift, other in self.routes.items() if shift != gives}
        if not any(stop.kind is StopKind.VISIT for stop in stops):
            return left
        question = round_alone(self.problem, self.shifts[gives], replace(route, stops=stops), None)
        asked = self.asking.solve(question, most_s=_ROUND_S)
        if asked.routes is None:
            return None
        return left | {one.shift: one for one in asked.routes}

    def _cost_gbp(self, routes: Mapping[ShiftId, Route], visit: VisitId) -> float:
        cost = cost_of(self.problem, _in_order(routes), self.unmade - {visit})
        return cost.total_gbp - cost.unmade_gbp


def _may_make(shift: Shift, visit: Visit) -> bool:
    is_required = not visit.required_staff or shift.staff in visit.required_staff
    return visit.skills <= shift.skills and is_required and shift.staff not in visit.forbidden_staff


def _in_order(routes: Mapping[ShiftId, Route]) -> tuple[Route, ...]:
    return tuple(routes[shift] for shift in sorted(routes))
