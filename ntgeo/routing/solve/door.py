"""The door: a question in, a plan out, the time limit kept from outside."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from ntgeo.child import best_from_child
from ntgeo.domain.routing import RoutePlan, RoutingProblem
from ntgeo.domain.solving import SolveLimits
from ntgeo.errors import TimeLimitError
from ntgeo.progress import SILENT, Progress, raise_if_cancelled
from ntgeo.routing.solve.clock import LONGEST_LOADING_S, Clock

__all__ = ["solve_routing"]

_WARM_UP_S = 300.0


def solve_routing(
    problem: RoutingProblem,
    limits: SolveLimits,
    *,
    start: RoutePlan | None = None,
    uses_all_time: bool = False,
    progress: Progress = SILENT,
) -> RoutePlan:
    """Decide who makes which visit, in which order and when.

    Where priorities come first, visits made count first, those of priority 1 before those of 2 and
    so on; then the cost by the problem's prices. Otherwise the cost, unmade visits with it. Small
    days are solved to proven optimality by OR-Tools CP-SAT; larger ones by ruin and recreate and,
    where its model knows every rule, by PyVRP, whose routes CP-SAT recombines. The work is counted
    in steps, not in seconds, so that a problem, a limit and a seed give the same plan again unless
    the time limit cut it short, which the report's method says.

    Args:
        problem: The question.
        limits: ``time_limit_s`` is kept from outside, in a process of its own. It counts from the
            call, but for a machine's first search, which is compiled before the first plan.
        start: A plan to begin from; what of it this question still allows is never made worse.
        uses_all_time: Search until the time limit, at the price of repeatability.
        progress: Told the stages; may cancel.

    Raises:
        TimeLimitError: The limit passed before any plan was found.
        CancelledError: The user stopped before any plan was found.
    """
    asked_at = time.monotonic()
    raise_if_cancelled(progress)
    progress.stage("Planning rounds")
    plan = best_from_child(
        _solve_for_parent,
        problem,
        limits,
        start,
        (asked_at, uses_all_time),
        time_limit_s=limits.time_limit_s,
        warm_up_s=_WARM_UP_S,
        loading_s=LONGEST_LOADING_S,
        progress=progress,
    )
    if plan is None:
        msg = (
            f"No rounds were found within {limits.time_limit_s:g} s. "
            "Fix: allow more time (time_limit_s)."
        )
        raise TimeLimitError(msg)
    report = replace(plan.report, wall_time_s=round(time.monotonic() - asked_at, 3))
    return replace(plan, report=report)


def _solve_for_parent(
    offer: Callable[[RoutePlan], None],
    problem: RoutingProblem,
    limits: SolveLimits,
    start: RoutePlan | None,
    asked: tuple[float, bool],
) -> RoutePlan:
    # Loaded here, in the child: the parent needs none of the engines.
    from ntgeo.routing.solve.pipeline import solve_in_process  # noqa: PLC0415

    # The clock of time.monotonic() is the machine's, the same in a child.
    clock = Clock(limits, asked[0], uses_all_time=asked[1])
    return solve_in_process(problem, limits, start=start, clock=clock, offer=offer)
