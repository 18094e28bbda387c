"""What any plan of a day costs at least, whatever its rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ntgeo.domain.routing import PRIORITIES, RoutePlan, RoutingProblem, StopKind
from ntgeo.domain.solving import SolveLimits
from ntgeo.routing.bounds.along import round_gbp
from ntgeo.routing.bounds.generation import Generated, KnownRound, generate_rounds
from ntgeo.routing.bounds.master import UnmadeTerms
from ntgeo.routing.bounds.ways import RoundWays, least_crews, round_ways
from ntgeo.routing.figures import DayArrays, day_arrays

__all__ = ["LowerBound", "lower_bound"]

_METHOD: Final = "column generation over rounds (ng-routes) with OR-Tools GLOP"
_CUT_SHORT: Final = ", cut short by the time limit"
_BROKEN_OFF: Final = ", broken off after as much work as the time limit stands for"
_COST_STEP_GBP: Final = 1e-5
"""A plan's cost is told to the millionth, term by term: less than this is no difference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LowerBound:
    """What plans cost at least.

    Args:
        value_gbp: In the prices' unit. Rules that tie rounds to one another and greatest work,
            travel and distance are left out, so the best plan may cost more; never less.
        unmade_at_most: Of which plans: those that leave at most so many visits of priority 1 to 5
            unmade. ``None`` where unmade visits have a price: then of every plan.
        method: How it was found, in words.
        is_late: Whether the clock cut it short, so that another run may come further.
        rounds: What the rounds looked at were: a shift and its visits in order, as indices of the
            problem. Each may keep fewer rules than a plan must.
    """

    value_gbp: float
    unmade_at_most: tuple[int, ...] | None
    method: str
    is_late: bool
    rounds: tuple[tuple[int, tuple[int, ...]], ...]

    def against(self, objective_gbp: float) -> float:
        """Return the bound to tell of a plan: its own cost where they differ by rounding alone."""
        is_met = self.value_gbp >= objective_gbp - _COST_STEP_GBP
        return objective_gbp if is_met else self.value_gbp


def lower_bound(
    problem: RoutingProblem,
    limits: SolveLimits,
    plan: RoutePlan | None = None,
    *,
    most_work: float = np.inf,
) -> LowerBound | None:
    """Return what any plan costs at least.

    Where priorities come first, the bound is on the cost of every plan that leaves at most as many
    visits of each priority unmade as the given plan does, whichever they are: a plan that is as
    good in every stage before cost. In the master programme, the visits of a priority that are
    unmade add up to at most that number.

    The bound is there from the first second on, and grows; work is done in this process.

    Args:
        problem: The question.
        limits: ``time_limit_s`` is kept to within a look for rounds, a second or two; it counts
            once the kernels are compiled.
        plan: What to compare with, and to start from; without one, of plans that make every visit.
        most_work: How much is done at most, as counted by comparisons: the same in every run. A
            second does some 20 million.

    Returns:
        ``None`` if there are no shifts or no visits.
    """
    if not problem.shifts or not problem.visits:
        return None
    day = day_arrays(problem)
    ways = round_ways(day)
    unmade = _unmade_terms(problem, day, plan)
    start = _rounds_of(ways, _orders_of(problem, plan)) if plan else []
    generated = generate_rounds(ways, unmade, start, limits.time_limit_s, most_work)
    is_first = problem.prices.puts_priorities_first
    return LowerBound(
        value_gbp=generated.bound_gbp,
        unmade_at_most=tuple(int(most) for most in unmade.most) if is_first else None,
        method=_METHOD + _ended(generated),
        is_late=generated.is_late,
        rounds=_told(ways, generated),
    )


def _ended(generated: Generated) -> str:
    if generated.is_converged:
        return ""
    return _CUT_SHORT if generated.is_late else _BROKEN_OFF


def _unmade_terms(problem: RoutingProblem, day: DayArrays, plan: RoutePlan | None) -> UnmadeTerms:
    group = day.visits.priority - 1
    if problem.prices.puts_priorities_first:
        priority_of = {visit.id: visit.priority for visit in problem.visits}
        unmade = Counter(priority_of[one.visit] for one in plan.unmade) if plan else Counter()
        most = [unmade[priority] for priority in PRIORITIES]
    else:
        most = [int((group == priority - 1).sum()) for priority in PRIORITIES]
    return UnmadeTerms(
        crews=least_crews(day),
        price_gbp=day.visits.unmade_gbp,
        group=group,
        most=np.array(most, dtype=np.int64),
    )


def _orders_of(problem: RoutingProblem, plan: RoutePlan) -> list[tuple[int, tuple[int, ...]]]:
    shift_of = {shift.id: number for number, shift in enumerate(problem.shifts)}
    visit_of = {str(visit.id): number for number, visit in enumerate(problem.visits)}
    return [
        (
            shift_of[route.shift],
            tuple(visit_of[s.place] for s in route.stops if s.kind is StopKind.VISIT),
        )
        for route in plan.routes
    ]


def _rounds_of(ways: RoundWays, orders: Sequence[tuple[int, tuple[int, ...]]]) -> list[KnownRound]:
    rounds = []
    for shift, visits in orders:
        kind = int(ways.kind_of_shift[shift])
        of_kind = [way for way, of in zip(ways.ways, ways.kinds, strict=True) if of == kind]
        rounds.append(KnownRound(kind, visits, round_gbp(of_kind, visits)))
    return rounds


def _told(ways: RoundWays, generated: Generated) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Return rounds that make no visit twice, each by the first shift of its kind."""
    first = {int(kind): shift for shift, kind in reversed(list(enumerate(ways.kind_of_shift)))}
    return tuple(
        (first[one.kind], one.visits)
        for one in generated.rounds
        if len(set(one.visits)) == len(one.visits)
    )
