"""Tells CP-SAT a plan to begin from."""

from __future__ import annotations

from typing import Final

from ntgeo.domain.routing import Route, RoutingProblem, StopKind
from ntgeo.routing.exact.rounds import Orders, arcs_of_order
from ntgeo.routing.exact.variables import Variables

__all__ = ["hint_plan"]

_MS_PER_S: Final = 1000


def hint_plan(
    variables: Variables, problem: RoutingProblem, orders: Orders, routes: tuple[Route, ...]
) -> None:
    """Tell the model which ways a plan takes, and when its rounds and visits begin.

    Args:
        variables: The model's decisions.
        problem: The question.
        orders: For each shift, the numbers of its visits in order.
        routes: The same with their times.
    """
    model, made = variables.model, {visit for order in orders for visit in order}
    for visit, is_made in enumerate(variables.made):
        model.add_hint(is_made, visit in made)
    for number, order in enumerate(orders):
        rounds = variables.rounds[number]
        ways = arcs_of_order(variables.day, number, order) or []
        taken = {(arc.before, arc.after) for arc in ways}
        for arc, is_taken in rounds.arcs:
            model.add_hint(is_taken, (arc.before, arc.after) in taken)
        for visit, takes in rounds.takes.items():
            model.add_hint(takes, visit in order)
        model.add_hint(rounds.is_idle, not order)
    _hint_times(variables, problem, routes)


def _hint_times(variables: Variables, problem: RoutingProblem, routes: tuple[Route, ...]) -> None:
    number_of_visit = {str(visit.id): number for number, visit in enumerate(problem.visits)}
    number_of_shift = {shift.id: number for number, shift in enumerate(problem.shifts)}
    begins: dict[int, float] = {}
    for route in routes:
        rounds, stops = variables.rounds[number_of_shift[route.shift]], route.stops
        variables.model.add_hint(rounds.start, _steps(variables, stops[0].leave_s))
        variables.model.add_hint(rounds.end, _steps(variables, stops[-1].arrive_s))
        for stop in stops:
            if stop.kind is StopKind.VISIT:
                begins[number_of_visit[stop.place]] = stop.begin_s
    for visit, begin_s in begins.items():
        variables.model.add_hint(variables.begin[visit], _steps(variables, begin_s))


def _steps(variables: Variables, moment_s: float) -> int:
    return variables.scale.steps(round(moment_s * _MS_PER_S))
