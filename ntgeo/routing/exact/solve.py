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
from ntgeo.routing.exact.search import Outcome, Search
from ntgeo.routing.exact.set_choice import SetChoice
from ntgeo.routing.exact.sheets import orders_of, routes_of
from ntgeo.routing.figures import day_arrays

__all__ = ["ExactAnswer", "solve_exactly"]

_NOTHING_UNMADE: Final = Outcome(is_found=True, is_proven=True, bound=0.0)
_FIRST_EFFORT: Final = 0.1
"""Of CP-SAT, by its own count, on the whole day."""
_PART_EFFORT: Final = 0.5
"""On a part of it, to begin with; twice as much each time that it does not do."""
_MORE_SHARE: Final = 0.08
"""Of the bound, by which plans of a part may cost more."""
_GROWTH: Final = 2.0


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
    first = _NOTHING_UNMADE if unmade is None else _make_most(search, unmade, effort)
    if not first.is_found:
        return None
    last = _make_cheap(search, None if unmade is None else round(search.least), effort)
    return _answer(problem, search, first, last) if search.values else None


def _make_most(search: Search, unmade: Any, effort: float | None) -> Outcome:
    """Make as many visits as can be, by priority; then hold on to that."""
    found = search.minimise(unmade, effort)
    if found.is_found:
        search.variables.model.add(unmade <= round(search.least))
    return found


def _make_cheap(search: Search, weight: int | None, effort: float | None) -> Outcome:
    """Find the cheapest plan: at once on a small day, or by proving ever larger parts of it."""
    cost = total_cost(search.variables)
    first = search.minimise(cost, _FIRST_EFFORT if effort is None else min(_FIRST_EFFORT, effort))
    if first.is_proven:
        return first
    choice = SetChoice.of(search.variables)
    if choice is not None:
        return _Proof(search, cost, choice, weight).go_on(first, effort)
    whole = search.minimise(cost, effort, gap_share=search.limits.gap_share)
    bound = max(first.bound, whole.bound)
    return whole._replace(is_found=first.is_found or whole.is_found, bound=bound)


class _Proof:
    """Looks for the cheapest plan among those that cost little more than a bound.

    A part that has a plan holds the best of all; one that has none raises the bound.
    """

    def __init__(self, search: Search, cost: Any, choice: SetChoice, weight: int | None) -> None:
        self.search, self.cost, self.choice, self.weight = search, cost, choice, weight

    def go_on(self, known: Outcome, effort: float | None) -> Outcome:
        """Return what came of it.

        Args:
            known: What is known of the whole.
            effort: Most work of all parts together.
        """
        least = self.choice.least(self.weight)
        bound, more, work = max(float(least), known.bound), _MORE_SHARE * least, _PART_EFFORT
        is_found, spent = known.is_found, 0.0
        while self.search.left_s > 0 and (effort is None or spent < effort):
            most = round(bound + more)
            if is_found and self.search.least <= most:
                most = round(self.search.least)
            part = self.choice.within(self.search, self.cost, most, self.weight)
            found = self.search.minimise(
                self.cost, work if effort is None else min(work, effort - spent), part
            )
            spent, is_found = spent + work, is_found or found.is_found
            if found.is_found and found.is_proven:
                return found
            if found.is_proven:
                bound = most + 1.0
            else:
                bound, work = max(bound, min(found.bound, float(most))), _GROWTH * work
            if is_found and self._is_near(bound):
                break
        is_proven = is_found and bound >= self.search.least
        return Outcome(is_found=is_found, is_proven=is_proven, bound=bound)

    def _is_near(self, bound: float) -> bool:
        """Tell whether the best plan is near enough to a bound."""
        least = self.search.least
        return least - bound <= self.search.limits.gap_share * abs(least)


def _answer(
    problem: RoutingProblem,
    search: Search,
    first: Outcome,
    last: Outcome,
) -> ExactAnswer:
    variables = search.variables
    orders = orders_of(variables, search.value)
    routes = time_orders(problem, orders) or routes_of(problem, variables, search.value)
    unmade = tuple(v for v, made in enumerate(variables.made) if not search.value(made))
    cost = cost_of(problem, routes, [problem.visits[visit].id for visit in unmade])
    stages = _unmade_stages(problem, unmade, is_proven=first.is_proven)
    bound: float | None = None
    if last.is_found:
        told_gbp = variables.scale.gbp(last.bound)
        bound = cost.total_gbp if last.is_proven else min(told_gbp, cost.total_gbp)
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
