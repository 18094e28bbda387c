"""From a routing problem to a plan, within the time allowed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from ntgeo.child import best_from_child
from ntgeo.domain.routing import RoundsCost, Route, RoutePlan, RoutingProblem, VisitId
from ntgeo.domain.solving import SolveLimits, SolveReport, SolveStatus
from ntgeo.domain.units import METRES_PER_MILE, SECONDS_PER_HOUR
from ntgeo.errors import TimeLimitError
from ntgeo.progress import SILENT, Progress, raise_if_cancelled
from ntgeo.routing.plain.anneal import Effort, Orders, search_orders
from ntgeo.routing.plain.exact import MOST_KINDS, MOST_VISITS, best_orders
from ntgeo.routing.plain.figures import DayFigures, day_figures
from ntgeo.routing.plain.sheets import build_routes
from ntgeo.routing.unmade.explain import explain_unmade

__all__ = ["solve_in_process", "solve_routing"]

_TELLING_S = 1.0
_WARM_UP_S = 120.0
_PROOF = "every order of every set of visits (proof by enumeration)"
_METHOD = "ruin and recreate, routes recombined by OR-Tools CP-SAT"
_CUT_SHORT = ", cut short by the time limit"

Offer = Callable[[RoutePlan], None]


def solve_routing(
    problem: RoutingProblem,
    limits: SolveLimits,
    *,
    uses_all_time: bool = False,
    progress: Progress = SILENT,
) -> RoutePlan:
    """Decide who makes which visit, in which order and when.

    Visits made count first, those of priority 1 before those of 2 and so on; then the cost by the
    problem's prices: travel, work (from leaving the start to reaching the end, breaks included)
    and distance. Small days
    are solved to proven optimality; larger ones by ruin and recreate, whose routes CP-SAT
    recombines. The work is counted in steps, not in seconds, so that a problem and a seed give
    the same plan again unless the time limit cut it short, which the report's method says.

    Args:
        problem: The question.
        limits: ``time_limit_s`` is kept from outside, in a process of its own; it counts from
            the first plan, since a machine's first search is compiled before it.
        uses_all_time: Search until the time limit, at the price of repeatability.
        progress: Told the stages; may cancel.

    Raises:
        TimeLimitError: The limit passed before any plan was found.
        CancelledError: The user stopped before any plan was found.
    """
    started = time.monotonic()
    raise_if_cancelled(progress)
    progress.stage("Planning rounds")
    if not problem.visits or not problem.shifts:
        plan: RoutePlan | None = solve_in_process(problem, limits)
    else:
        plan = best_from_child(
            partial(_solve_for_parent, uses_all_time=uses_all_time),
            problem,
            limits,
            time_limit_s=limits.time_limit_s,
            warm_up_s=_WARM_UP_S,
            progress=progress,
        )
    if plan is None:
        msg = (
            f"No rounds were found within {limits.time_limit_s:g} s. "
            "Fix: allow more time (time_limit_s)."
        )
        raise TimeLimitError(msg)
    report = replace(plan.report, wall_time_s=round(time.monotonic() - started, 3))
    return replace(plan, report=report)


def _solve_for_parent(
    offer: Offer, problem: RoutingProblem, limits: SolveLimits, *, uses_all_time: bool
) -> RoutePlan:
    return solve_in_process(problem, limits, uses_all_time=uses_all_time, offer=offer)


def solve_in_process(
    problem: RoutingProblem,
    limits: SolveLimits,
    *,
    uses_all_time: bool = False,
    offer: Offer | None = None,
) -> RoutePlan:
    """Solve in this process, which keeps the time limit only roughly.

    Args:
        problem: The question.
        limits: Seed and time limit.
        uses_all_time: As for :func:`solve_routing`.
        offer: Called with each better plan.
    """
    effort = Effort(limits, _searching_s(limits), uses_all_time)
    day = day_figures(problem)
    if len(day.service_s) <= MOST_VISITS and len(np.unique(day.kind)) <= MOST_KINDS:
        return _plan(problem, day, best_orders(day), limits, proof=_PROOF)

    def tell(orders: Orders) -> None:
        if offer is not None:
            offer(_plan(problem, day, orders, limits, method=_METHOD + _CUT_SHORT))

    priorities = np.array([visit.priority for visit in problem.visits], dtype=np.int64)
    orders, is_cut_short = search_orders(day, priorities, effort, tell)
    return _plan(problem, day, orders, limits, method=_METHOD + _CUT_SHORT * is_cut_short)


def _searching_s(limits: SolveLimits) -> float:
    """Return how long to search, so that there is time to tell the plan."""
    return max(0.5 * limits.time_limit_s, limits.time_limit_s - _TELLING_S)


def _plan(
    problem: RoutingProblem,
    day: DayFigures,
    orders: Orders,
    limits: SolveLimits,
    *,
    method: str = "",
    proof: str = "",
) -> RoutePlan:
    routes = build_routes(problem, day, orders)
    terms = _cost(problem, routes)
    cost = terms.total_gbp
    return RoutePlan(
        routes=routes,
        unmade=explain_unmade(problem, _unmade(problem, orders)),
        report=SolveReport(
            status=SolveStatus.OPTIMAL if proof else SolveStatus.FEASIBLE,
            objective=cost,
            bound=cost if proof else None,
            unit=f"{problem.prices.unit} (visits made count first, by priority)",
            is_maximised=False,
            method=proof or method,
            seed=limits.seed,
            wall_time_s=0.0,
        ),
        cost=terms,
    )


def _unmade(problem: RoutingProblem, orders: Orders) -> list[VisitId]:
    made = {visit for order in orders for visit in order}
    return [visit.id for index, visit in enumerate(problem.visits) if index not in made]


def _cost(problem: RoutingProblem, routes: tuple[Route, ...]) -> RoundsCost:
    costs_of = {shift.id: shift.costs for shift in problem.shifts}
    pay_gbp = mileage_gbp = travel_gbp = 0.0
    for route in routes:
        costs, stops = costs_of[route.shift], route.stops
        travel_s = sum(stop.travel_s for stop in stops)
        distance_m = sum(stop.distance_m for stop in stops)
        work_s = stops[-1].arrive_s - stops[0].leave_s
        pay_gbp += costs.pay_gbp_per_hour / SECONDS_PER_HOUR * work_s
        mileage_gbp += costs.mileage_gbp_per_mile / METRES_PER_MILE * distance_m
        travel_gbp += costs.travel_gbp_per_hour / SECONDS_PER_HOUR * travel_s
    return RoundsCost(
        pay_gbp=round(pay_gbp, 6),
        mileage_gbp=round(mileage_gbp, 6),
        travel_gbp=round(travel_gbp, 6),
    )
