"""Solves the whole question with CP-SAT: visits made first, or everything in pounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from ntgeo.domain.routing import PRIORITIES, RoundsCost, Route, RoutingProblem
from ntgeo.domain.solving import SolveLimits, SolveStage
from ntgeo.routing.cost import cost_of
from ntgeo.routing.exact.formulation import build_model
from ntgeo.routing.exact.hints import hint_plan
from ntgeo.routing.exact.objective import total_cost, unmade_weight
from ntgeo.routing.exact.retime import time_orders
from ntgeo.routing.exact.rounds import Orders
from ntgeo.routing.exact.search import Search
from ntgeo.routing.exact.set_choice import SetChoice
from ntgeo.routing.exact.sheets import orders_of, routes_of
from ntgeo.routing.figures import day_arrays

__all__ = ["ExactAnswer", "solve_exactly"]

_FIRST_EFFORT: Final = 0.1
"""Of CP-SAT, by its own count, on the cheapest plan, before sets of visits are left out."""
_GROWTH: Final = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactAnswer:
    """A plan by the whole formulation, and its proof.

    Args:
        orders: For each shift, the numbers of its visits in order.
        routes: With their times, in order of shift.
        unmade: Numbers of the visits that are not made, in order.
        cost: What the plan costs, term by term.
        stages: Unmade visits of each priority, where priorities come first; then the cost. The
            bound of the cost is proven to the millionth of a pound.
        is_optimal: Whether every stage is proven.
    """

    orders: Orders
    routes: tuple[Route, ...]
    unmade: tuple[int, ...]
    cost: RoundsCost
    stages: tuple[SolveStage, ...]
    is_optimal: bool

    @property
    def bound_gbp(self) -> float | None:
        """No plan that leaves no more visits unmade costs less."""
        return self.stages[-1].bound


def solve_exactly(
    problem: RoutingProblem,
    limits: SolveLimits,
    start: Orders | None = None,
    *,
    effort: float | None = None,
) -> ExactAnswer | None:
    """Return the best plan that could be found, with its proof; every rule is in the model.

    Args:
        problem: The question.
        limits: Time, gap, seed, and processor cores.
        start: A plan to begin from: for each shift, the numbers of its visits in order.
        effort: Most work of each stage, by CP-SAT's own deterministic count, so that the same
            question stops at the same plan; ``None`` for no limit but time.

    Returns:
        The best plan so far when the time was up; ``None`` if there was none yet.
    """
    variables = build_model(day_arrays(problem))
    if variables is None:
        return None
    timed = None if start is None else time_orders(problem, start)
    if start is not None and timed is not None:
        hint_plan(variables, problem, start, timed)
    search = Search(variables, limits)
    unmade = unmade_weight(variables) if problem.prices.puts_priorities_first else None
    first = (True, 0.0) if unmade is None else _make_most(search, unmade, effort)
    if first is None:
        return None
    last = _make_cheap(search, None if unmade is None else round(search.least), effort)
    return None if not search.values else _answer(problem, search, first, last)


def _make_most(search: Search, unmade: Any, effort: float | None) -> tuple[bool, float] | None:
    """Make as many visits as can be, by priority; then hold on to that."""
    found = search.minimise(unmade, effort)
    if found is not None:
        search.variables.model.add(unmade <= round(search.least))
    return found


def _make_cheap(
    search: Search, unmade: int | None, effort: float | None
) -> tuple[bool, float] | None:
    """Find the cheapest plan; the better one is known, the fewer sets of visits are left to try."""
    cost = total_cost(search.variables)
    choice = SetChoice.of(search.variables)
    if choice is None:
        return search.minimise(cost, effort)
    bound, spent, part, is_found = 0.0, 0.0, _FIRST_EFFORT, False
    while search.left_s > 0 and (effort is None or spent < effort):
        found = search.minimise(cost, part if effort is None else min(part, effort - spent))
        spent, part, is_found = spent + part, _GROWTH * part, is_found or found is not None
        if not is_found:
            continue
        is_proven, told = found or (False, 0.0)
        if is_proven:
            return found
        bound = max(bound, told, choice.keep(search, cost, unmade))
        if bound >= round(search.least):
            return True, search.least
    return (False, bound) if is_found else None


def _answer(
    problem: RoutingProblem,
    search: Search,
    first: tuple[bool, float],
    last: tuple[bool, float] | None,
) -> ExactAnswer:
    variables = search.variables
    orders = orders_of(variables, search.value)
    routes = time_orders(problem, orders) or routes_of(problem, variables, search.value)
    unmade = tuple(v for v, made in enumerate(variables.made) if not search.value(made))
    cost = cost_of(problem, routes, [problem.visits[visit].id for visit in unmade])
    stages = _unmade_stages(problem, unmade, is_proven=first[0])
    bound = None
    if last is not None:
        is_proven, units = last
        bound = cost.total_gbp if is_proven else min(variables.scale.gbp(units), cost.total_gbp)
    priced = SolveStage(
        name="cost", objective=cost.total_gbp, bound=bound, unit=problem.prices.unit
    )
    stages = (*stages, priced) if problem.prices.puts_priorities_first else (priced,)
    return ExactAnswer(
        orders=orders,
        routes=routes,
        unmade=unmade,
        cost=cost,
        stages=stages,
        is_optimal=all(stage.is_proven for stage in stages),
    )


def _unmade_stages(
    problem: RoutingProblem, unmade: tuple[int, ...], *, is_proven: bool
) -> tuple[SolveStage, ...]:
    stages: list[SolveStage] = []
    for priority in PRIORITIES:
        count = float(sum(problem.visits[visit].priority == priority for visit in unmade))
        stages.append(
            SolveStage(
                name=f"unmade visits of priority {priority}",
                objective=count,
                bound=count if is_proven else None,
                unit="visits",
            )
        )
    return tuple(stages)
