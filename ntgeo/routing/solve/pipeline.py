"""Which engine solves a day, and what is told of its plans."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from ntgeo.domain.routing import Route, RoutePlan, RoutingProblem
from ntgeo.domain.solving import SolveLimits
from ntgeo.routing.figures import day_arrays
from ntgeo.routing.plain.figures import unplain_rules
from ntgeo.routing.pyvrp_routes.knows import unknown_rules
from ntgeo.routing.solve.clock import CUT_SHORT, Clock
from ntgeo.routing.solve.sheets import Departure, latest_start, write_sheets
from ntgeo.routing.solve.telling import Orders, build_plan, orders_of, plan_value

if TYPE_CHECKING:
    from ntgeo.routing.solve.mixed import MixedSearch

__all__ = ["solve_in_process"]

_MOST_VISITS_PROVEN, _MOST_SHIFTS_PROVEN = 9, 12
_PROOF_SHARE: Final = 0.4
_EFFORT_PER_S: Final = 0.5
_PROOF: Final = "every rule in one model, proven by OR-Tools CP-SAT"
_PLAIN: Final = "ruin and recreate"
_LOCAL: Final = "PyVRP's local search"
_RECOMBINED: Final = ", routes recombined by OR-Tools CP-SAT"
_SEARCHED: Final = f"{_PLAIN}, {_LOCAL}{_RECOMBINED}"
_EXACT: Final = "every rule in one model by OR-Tools CP-SAT"
_GENERAL: Final = "ruin and recreate with every rule, timed by OR-Tools CP-SAT"
_TIMING_SHARE, _TIMING_S = 0.3, 0.15
_TIMING_EFFORT_PER_S, _APART_EFFORT, _LEAST_TIMING_S = 0.015, 0.5, 0.05
_SAME_GBP: Final = 1e-6
_BOUND_SHARE, _LEAST_BOUND_S, _BOUND_WORK_PER_S = 0.3, 0.5, 20_000_000
_BEGUN: Final = "the plan to begin from"
_NOTHING_FOUND: Final = "no visits, since none could be planned in time"
_NOTHING_TO_DO: Final = "nobody to visit, or nobody on shift"

Offer = Callable[[RoutePlan], None]


def solve_in_process(
    problem: RoutingProblem,
    limits: SolveLimits,
    *,
    start: RoutePlan | None = None,
    clock: Clock | None = None,
    offer: Offer | None = None,
) -> RoutePlan:
    """Solve in this process, which keeps the time limit only roughly.

    Args:
        problem: The question.
        limits: Seed, time limit and cores.
        start: As for :func:`~ntgeo.routing.solve.solve_routing`.
        clock: When the question was asked; ``None`` for now.
        offer: Called with each better plan.
    """
    if not problem.visits or not problem.shifts:
        return build_plan(
            problem,
            (),
            method=_NOTHING_TO_DO,
            seed=limits.seed,
            bound_gbp=0.0,
            is_unmade_proven=True,
        )
    run = _Run(problem, clock or Clock(limits), offer)
    if start is not None:
        run.begin(orders_of(problem, start))
    if not run.prove():
        run.search()
        run.bound()
    return run.best or build_plan(problem, (), method=_NOTHING_FOUND, seed=limits.seed)


class _Run:
    """One search, and the best plan so far."""

    def __init__(self, problem: RoutingProblem, clock: Clock, offer: Offer | None) -> None:
        self.problem, self.clock, self._offer = problem, clock, offer
        self.day = day_arrays(problem)
        self.best: RoutePlan | None = None
        self.start: Orders | None = None
        self._has_offered = False
        self._departure: Departure = partial(latest_start, self.day)

    def begin(self, start: Orders) -> None:
        """Set out from a plan: the best so far, if it keeps every rule of this day."""
        self.start = start
        with self._unoffered():
            self._time(start, _BEGUN)

    @contextmanager
    def _unoffered(self) -> Iterator[None]:
        """Keep plans without offering them: a visit may be left out that fits, until a search."""
        offer, self._offer = self._offer, None
        yield
        self._offer = offer

    def prove(self) -> bool:
        """Solve a small day to proven optimality; tell whether that was done."""
        shifts, visits = self.day.visits.may_make.shape
        if visits > _MOST_VISITS_PROVEN or shifts > _MOST_SHIFTS_PROVEN:
            return False
        from ntgeo.routing.exact import solve_exactly  # noqa: PLC0415 - slow to load

        limits = self.clock.limits
        allowed_s = max(0.05, _PROOF_SHARE * self.clock.left_s)
        answer = solve_exactly(
            self.problem,
            replace(limits, time_limit_s=allowed_s),
            self.start,
            effort=_EFFORT_PER_S * limits.time_limit_s,
        )
        if answer is None:
            return False
        if not answer.is_optimal:
            self.start = answer.orders
            with self._unoffered():
                self._take(answer.routes, _EXACT)
            return False
        self.best = build_plan(
            self.problem,
            answer.routes,
            method=_PROOF,
            seed=limits.seed,
            bound_gbp=answer.bound_gbp,
            is_unmade_proven=True,
        )
        return True

    def search(self) -> None:
        """Search with the engines that know every rule of the day."""
        is_plain, is_local = not unplain_rules(self.day), not unknown_rules(self.day)
        if not is_plain and not is_local:
            self._search_generally()
            return
        from ntgeo.routing.solve.mixed import MixedSearch  # noqa: PLC0415 - slow to load

        mixed = MixedSearch(self.day, self.clock, self._tell_mixed, plain=is_plain, local=is_local)
        self._departure = mixed.plain.times if mixed.plain else partial(latest_start, self.day)
        orders = mixed.run(self.start)
        self._take(
            write_sheets(self.problem, self.day, orders, self._departure), self._method(mixed)
        )

    def _method(self, mixed: MixedSearch) -> str:
        searches = [_PLAIN] * (mixed.plain is not None) + [_LOCAL] * (mixed.local is not None)
        return f"{' and '.join(searches)}{_RECOMBINED}{self.clock.cut_short}"

    def _tell_mixed(self, orders: Orders) -> None:
        routes = write_sheets(self.problem, self.day, orders, self._departure)
        self._take(routes, _SEARCHED)

    def _search_generally(self) -> None:
        """Search with the engine that knows every rule; the last plan has the cheapest times."""
        from ntgeo.routing.general import (  # noqa: PLC0415 - slow to load
            Effort,
            search_orders,
            write_soonest,
        )

        clock = self.clock

        def told(orders: Orders) -> None:
            if not clock.has_started:
                clock.start()
            self._take(write_soonest(self.problem, orders), _GENERAL)

        searching_s = max(0.05, clock.searching_s - self._timing_s())
        effort = Effort(clock.limits, searching_s, clock.uses_all_time)
        orders, is_cut_short = search_orders(self.problem, effort, told, self.start)
        is_timed = self._time(orders, _GENERAL)
        if self.best is not None and (is_cut_short or not is_timed):
            self.best = _cut_short(self.best)

    def _time(self, orders: Orders, method: str) -> bool:
        """Take orders at their cheapest times, as far as time allows; tell whether it did.

        What ties all rounds to each other, the spread of work and the worst lateness, makes that
        hard on a large day: rounds are timed without it, then with it.
        """
        from ntgeo.routing.exact import time_orders  # noqa: PLC0415 - slow to load

        prices = self.problem.prices
        apart = replace(prices, work_spread_gbp_per_hour=0.0, worst_lateness_gbp_per_minute=0.0)
        effort = _TIMING_EFFORT_PER_S * self.clock.limits.time_limit_s
        least, is_timed = {prices: 0.0, apart: _APART_EFFORT}, True
        for part in dict.fromkeys((apart, prices)):
            problem = replace(self.problem, prices=part)
            left_s = max(_LEAST_TIMING_S, self.clock.left_s)
            work = max(least[part], effort)
            routes = time_orders(problem, orders, effort=work, time_limit_s=left_s)
            is_timed = is_timed and routes is not None
            if routes is not None:
                self._take(routes, method)
        return is_timed

    def _timing_s(self) -> float:
        """Return what to keep of the time for the cheapest times of the last plan."""
        shifts = len(self.problem.shifts)
        return min(_TIMING_SHARE * self.clock.searching_s, _TIMING_S * (1 + shifts))

    def bound(self) -> None:
        """Say what any plan costs at least.

        A bound that the clock cut short would differ between runs, so it is told only of a search
        that may differ too: work is counted, as much as a share of the limit stands for.
        """
        from ntgeo.routing.bounds import lower_bound  # noqa: PLC0415 - slow to load

        limits, left_s = self.clock.limits, self.clock.left_s
        most_work = math.inf
        if not self.clock.uses_all_time:
            most_work = _BOUND_WORK_PER_S * _BOUND_SHARE * limits.time_limit_s
        if self.best is None or left_s < _LEAST_BOUND_S:
            return
        if self._offer is not None:
            self._offer(self.best)  # the search is over, even if the bound is not in time
        allowed = replace(limits, time_limit_s=left_s)
        found = lower_bound(self.problem, allowed, self.best, most_work=most_work)
        if found is not None and (self.clock.uses_all_time or not found.is_late):
            report = self.best.report
            self.best = build_plan(
                self.problem,
                self.best.routes,
                method=f"{report.method}; bound by {found.method}",
                seed=limits.seed,
                bound_gbp=found.against(report.objective),
            )

    def _take(self, routes: Sequence[Route], method: str) -> None:
        """Keep and offer a plan if it is the best so far; its method is the last that was told."""
        seed = self.clock.limits.seed
        plan = build_plan(self.problem, routes, method=method, seed=seed)
        if self.best is not None and not _is_better(self.problem, plan, self.best):
            self.best = replace(self.best, report=replace(self.best.report, method=method))
            if self._has_offered:
                return
        else:
            self.best = plan
        if self._offer is not None:
            self._offer(_cut_short(self.best))
            self._has_offered = True


def _is_better(problem: RoutingProblem, plan: RoutePlan, other: RoutePlan) -> bool:
    unmade, gbp = plan_value(problem, plan)
    other_unmade, other_gbp = plan_value(problem, other)
    return unmade < other_unmade or (unmade == other_unmade and gbp < other_gbp - _SAME_GBP)


def _cut_short(plan: RoutePlan) -> RoutePlan:
    """Return a plan as it is told should it be the last: the search was not over."""
    method = f"{plan.report.method}{CUT_SHORT}"
    return replace(plan, report=replace(plan.report, method=method))
