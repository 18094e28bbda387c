"""Asks the engines the same day again, changed, within a time that several questions share."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import Final

from ntgeo.domain.routing import Route, RoutePlan, RoutingProblem
from ntgeo.domain.solving import SolveLimits, SolveStatus

__all__ = ["MOST_EXACT_VISITS", "Asking", "Solved"]

MOST_EXACT_VISITS: Final = 14
"""Days up to this size are asked as a whole of the exact engine; larger ones of the search."""
_LEAST_S: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """What an engine says of a question in which every visit is to be made.

    Args:
        routes: Rounds that make every visit, in order of shift; ``None`` if none were found.
        cost_gbp: What they cost, unmade visits left out.
        is_proven: Whether it is proven that it cannot be done or, if it was done, that it cannot
            be done at less.
    """

    routes: tuple[Route, ...] | None = None
    cost_gbp: float = 0.0
    is_proven: bool = False


class Asking:
    """Engines, and the time that is left to ask them."""

    def __init__(self, limits: SolveLimits, ends_at: float) -> None:
        self.limits, self.ends_at = limits, ends_at

    @property
    def left_s(self) -> float:
        """How much time is left."""
        return self.ends_at - time.monotonic()

    def solve(
        self, question: RoutingProblem, *, start: RoutePlan | None = None, most_s: float = math.inf
    ) -> Solved:
        """Return rounds that make every visit, if there are any to be found.

        Args:
            question: In which making all visits comes before everything.
            start: A plan to begin a search from.
            most_s: Longest time for this question.
        """
        time_s = min(most_s, self.left_s)
        if time_s < _LEAST_S:
            return Solved()
        limits = replace(self.limits, time_limit_s=time_s)
        if len(question.visits) <= MOST_EXACT_VISITS:
            return _exactly(question, limits)
        from ntgeo.routing.solve import solve_in_process  # noqa: PLC0415 - engines load when asked

        plan = solve_in_process(question, limits, start=start)
        is_proven = plan.report.status is SolveStatus.OPTIMAL
        if plan.unmade:
            return Solved(is_proven=is_proven)
        cost_gbp = plan.cost.total_gbp
        return Solved(routes=plan.routes, cost_gbp=cost_gbp, is_proven=is_proven)


def _exactly(question: RoutingProblem, limits: SolveLimits) -> Solved:
    from ntgeo.routing.exact import solve_exactly  # noqa: PLC0415 - as above

    answer = solve_exactly(question, limits)
    if answer is None:
        return Solved()
    if answer.unmade:
        return Solved(is_proven=(answer.stages[0].bound or 0.0) > 0)
    return Solved(routes=answer.routes, cost_gbp=answer.cost.total_gbp, is_proven=answer.is_optimal)
