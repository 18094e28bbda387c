"""From orders of visits to a plan with its times, its cost and its proof."""

from __future__ import annotations

from collections.abc import Sequence

from ntgeo.domain.routing import (
    PRIORITIES,
    RoundsCost,
    Route,
    RoutePlan,
    RoutingProblem,
    StopKind,
    VisitId,
)
from ntgeo.domain.solving import SolveReport, SolveStage
from ntgeo.routing.cost import cost_of
from ntgeo.routing.unmade.explain import explain_unmade

__all__ = ["build_plan", "orders_of", "plan_value"]

Orders = tuple[tuple[int, ...], ...]


def build_plan(
    problem: RoutingProblem,
    routes: Sequence[Route],
    *,
    method: str,
    seed: int,
    bound_gbp: float | None = None,
    is_unmade_proven: bool = False,
) -> RoutePlan:
    """Return the plan of timed routes.

    Args:
        problem: The question.
        routes: In order of shift.
        method: How they were found, in words.
        seed: Of every random choice.
        bound_gbp: No plan that leaves no more visits costs less; ``None`` if that is unknown.
        is_unmade_proven: Whether no plan leaves fewer visits, priority by priority.
    """
    made = {stop.place for r in routes for stop in r.stops if stop.kind is StopKind.VISIT}
    unmade = [visit.id for visit in problem.visits if visit.id not in made]
    cost = cost_of(problem, routes, unmade)
    stages = _stages(problem, unmade, cost, bound_gbp, is_proven=is_unmade_proven)
    return RoutePlan(
        routes=tuple(routes),
        unmade=explain_unmade(problem, unmade),
        report=SolveReport.of_stages(
            stages, len(stages) - 1, method=method, seed=seed, wall_time_s=0.0
        ),
        cost=cost,
    )


def _stages(
    problem: RoutingProblem,
    unmade: Sequence[VisitId],
    cost: RoundsCost,
    bound_gbp: float | None,
    *,
    is_proven: bool,
) -> tuple[SolveStage, ...]:
    """Return a stage for each priority, where they come first; then the cost."""
    stages: list[SolveStage] = []
    if problem.prices.puts_priorities_first:
        for priority, count in zip(PRIORITIES, _unmade_counts(problem, unmade), strict=True):
            name = f"unmade visits of priority {priority}"
            bound = float(count) if is_proven or count == 0 else None
            stages.append(SolveStage(name=name, objective=count, bound=bound, unit="visits"))
    total_gbp = cost.total_gbp
    bound = None if bound_gbp is None else min(bound_gbp, total_gbp)
    unit = problem.prices.unit
    return (*stages, SolveStage(name="cost", objective=total_gbp, bound=bound, unit=unit))


def _unmade_counts(problem: RoutingProblem, unmade: Sequence[VisitId]) -> tuple[int, ...]:
    left = set(unmade)
    priorities = [visit.priority for visit in problem.visits if visit.id in left]
    return tuple(priorities.count(priority) for priority in PRIORITIES)


def plan_value(problem: RoutingProblem, plan: RoutePlan) -> tuple[tuple[int, ...], float]:
    """Return what plans are compared by: unmade visits, where priorities come first; then cost."""
    unmade = [visit.visit for visit in plan.unmade]
    is_first = problem.prices.puts_priorities_first
    return (_unmade_counts(problem, unmade) if is_first else ()), plan.cost.total_gbp


def orders_of(problem: RoutingProblem, plan: RoutePlan) -> Orders:
    """Return the visits of each shift, in order, of a plan of this or a similar question."""
    number_of = {str(visit.id): number for number, visit in enumerate(problem.visits)}
    order_of = {
        route.shift: tuple(
            number_of[stop.place]
            for stop in route.stops
            if stop.kind is StopKind.VISIT and stop.place in number_of
        )
        for route in plan.routes
    }
    return tuple(order_of.get(shift.id, ()) for shift in problem.shifts)
