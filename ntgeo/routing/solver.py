"""From a routing problem to a plan, within the time allowed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ntgeo.child import best_from_child
from ntgeo.domain.routing import RoutePlan, RoutingProblem
from ntgeo.domain.solving import SolveLimits, SolveReport, SolveStatus
from ntgeo.errors import TimeLimitError
from ntgeo.progress import SILENT, Progress, raise_if_cancelled
from ntgeo.routing.exact import MOST_KINDS, MOST_VISITS, best_orders
from ntgeo.routing.explain import explain_unmade
from ntgeo.routing.figures import DayFigures, day_figures
from ntgeo.routing.pool import new_pool
from ntgeo.routing.recombine import best_choice
from ntgeo.routing.search import (
    Bench,
    copy_rounds,
    improve,
    is_better,
    load_rounds,
    new_bench,
    recreate_all,
)
from ntgeo.routing.sheets import build_routes

__all__ = ["UNIT", "solve_in_process", "solve_routing"]

UNIT = "seconds of travel and of work (visits made count first, by priority)"
_GRACE_S = 1.0
_ROUNDS = 3
_CHUNKS = 10
_STEPS_PER_VISIT = 1_000
_FEWEST_STEPS = 6_000
_HOT, _COLD = 0.3, 0.003
_CHOICE_LIMIT = 0.5

Orders = tuple[tuple[int, ...], ...]
Offer = Callable[[RoutePlan], None]


def solve_routing(
    problem: RoutingProblem, limits: SolveLimits, *, progress: Progress = SILENT
) -> RoutePlan:
    """Decide who makes which visit, in which order and when.

    Visits made count first, those of priority 1 before those of 2 and so on; then the seconds of
    travel and of work (from leaving the start to reaching the end, breaks included). Small days
    are solved to proven optimality; larger ones by ruin and recreate, whose routes CP-SAT
    recombines. The work is counted in steps, not in seconds, so that a problem and a seed give
    the same plan again unless the time limit cut it short, which the report's method says.

    Args:
        problem: The question.
        limits: ``time_limit_s`` is kept from outside, in a process of its own.
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
            _solve_for_parent, problem, limits, time_limit_s=limits.time_limit_s, progress=progress
        )
    if plan is None:
        msg = (
            f"No rounds were found within {limits.time_limit_s:g} s. "
            "Fix: allow more time (time_limit_s)."
        )
        raise TimeLimitError(msg)
    report = replace(plan.report, wall_time_s=round(time.monotonic() - started, 3))
    return replace(plan, report=report)


def _solve_for_parent(offer: Offer, problem: RoutingProblem, limits: SolveLimits) -> RoutePlan:
    return solve_in_process(problem, limits, offer=offer)


def solve_in_process(
    problem: RoutingProblem, limits: SolveLimits, *, offer: Offer | None = None
) -> RoutePlan:
    """Solve in this process; only steps bound the work, and ``limits.time_limit_s`` roughly."""
    day = day_figures(problem)
    if len(day.service_s) <= MOST_VISITS and len(np.unique(day.kind)) <= MOST_KINDS:
        return _plan(problem, day, best_orders(day), limits, is_proven=True)
    search = _Search(problem, day, limits, offer)
    return _plan(problem, day, search.run(), limits, is_proven=False, cut_short=search.is_late)


class _Search:
    """Ruin and recreate in rounds, each followed by a choice among all routes met."""

    def __init__(
        self, problem: RoutingProblem, day: DayFigures, limits: SolveLimits, offer: Offer | None
    ) -> None:
        self.problem, self.day, self.limits, self.offer = problem, day, limits, offer
        self.deadline = time.monotonic() + limits.time_limit_s - _GRACE_S
        self.is_late = False
        self.pool = new_pool(day.depot_count + len(day.service_s), len(day.kind))

    def run(self) -> Orders:
        day, visits = self.day, len(self.day.service_s)
        bench = new_bench(day, np.zeros(visits), self.limits.seed)
        recreate_all(day, bench)
        self._offer(bench)
        scale = float(np.sum(bench.best.cost)) / max(1, int(np.sum(bench.best.size)))
        bench.unmade_cost[:] = self._unmade_cost(scale)
        steps = max(_FEWEST_STEPS, _STEPS_PER_VISIT * visits) // (_ROUNDS * _CHUNKS)
        for number in range(_ROUNDS):
            hot = scale * _HOT / (number + 1)
            temperatures = np.geomspace(hot, scale * _COLD, _CHUNKS + 1)
            for warmer, cooler in pairwise(temperatures):
                improve(day, bench, self.pool, steps, (float(warmer), float(cooler)))
                self.is_late = time.monotonic() > self.deadline
                if self.is_late:
                    return self._filled(bench)
            self._recombine(bench)
            self._offer(bench)
        return self._filled(bench)

    def _filled(self, bench: Bench) -> Orders:
        """Return the best rounds, with every unmade visit that still fits put in."""
        copy_rounds(bench.best, bench.rounds)
        recreate_all(self.day, bench)
        return _orders(self.day, bench)

    def _unmade_cost(self, scale: float) -> npt.NDArray[np.float64]:
        priorities = np.array([visit.priority for visit in self.problem.visits])
        return 3.0 * scale * 2.0 ** (5 - priorities)

    def _recombine(self, bench: Bench) -> None:
        before = _orders(self.day, bench)
        chosen = best_choice(
            self.day, self.pool, before, limit=_CHOICE_LIMIT, seed=self.limits.seed
        )
        load_rounds(self.day, bench.rounds, chosen)
        if is_better(self.day, bench.rounds, bench.best):
            copy_rounds(bench.rounds, bench.best)
        else:
            copy_rounds(bench.best, bench.rounds)

    def _offer(self, bench: Bench) -> None:
        if self.offer is not None:
            orders = _orders(self.day, bench)
            plan = _plan(
                self.problem, self.day, orders, self.limits, is_proven=False, cut_short=True
            )
            self.offer(plan)


def _orders(day: DayFigures, bench: Bench) -> Orders:
    best = bench.best
    return tuple(
        tuple(int(place) - day.depot_count for place in best.stops[shift, 1 : count + 1])
        for shift, count in enumerate(best.size)
    )


def _plan(
    problem: RoutingProblem,
    day: DayFigures,
    orders: Sequence[Sequence[int]],
    limits: SolveLimits,
    *,
    is_proven: bool,
    cut_short: bool = False,
) -> RoutePlan:
    routes = build_routes(problem, day, orders)
    objective = sum(
        sum(stop.travel_s for stop in route.stops)
        + route.stops[-1].arrive_s
        - route.stops[0].leave_s
        for route in routes
    )
    method = "every order of every set of visits (proof by enumeration)"
    if not is_proven:
        method = "ruin and recreate, routes recombined by OR-Tools CP-SAT"
        method += ", cut short by the time limit" if cut_short else ""
    return RoutePlan(
        routes=routes,
        unmade=explain_unmade(problem, day, orders),
        report=SolveReport(
            status=SolveStatus.OPTIMAL if is_proven else SolveStatus.FEASIBLE,
            objective=round(objective, 6),
            bound=round(objective, 6) if is_proven else None,
            unit=UNIT,
            is_maximised=False,
            method=method,
            seed=limits.seed,
            wall_time_s=0.0,
        ),
    )
