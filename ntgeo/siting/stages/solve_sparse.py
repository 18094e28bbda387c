"""From a question with sparse travel times to a plan with its proof, aim by aim."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from functools import partial

from ntgeo.domain.siting import SitingObjective, SitingPlan, SitingProblem
from ntgeo.domain.solving import SolveLimits, SolveReport
from ntgeo.domain.sparse_times import SparseTravelTimes
from ntgeo.siting.clock import Clock
from ntgeo.siting.question import Aim, ImpliedAim
from ntgeo.siting.stages.plan import build_plan
from ntgeo.siting.stages.sparse import SparseDecision, decide_sparse
from ntgeo.siting.stages.sparse_choice import SparseChoice, build_sparse_choice
from ntgeo.siting.stages.tell import build_stages, reported_stage
from ntgeo.siting.worth import equivalent_s

__all__ = ["solve_sparse"]

_SOLVED_HERE_PAIRS = 1_000
_TELLING_TIMES, _MOST_TELLING_SHARE = 10.0, 0.1
"""To tell a plan of all England takes ten times as long as to read its question."""
_METHOD = (
    "swap search, Lagrangian bound, reduced-cost fixing, and branch and bound or mixed-integer "
    "programming (HiGHS in OR-Tools) on what is left"
)
_EXACT = "pairs without travel times are beyond the limit, so the proof is of the whole question"
_BOUNDED = (
    "the plan uses only pairs with travel times; the bound counts a pair without one as no farther "
    "than it can be, so it is one of the whole question"
)


def solve_sparse(
    problem: SitingProblem,
    travel: SparseTravelTimes,
    pace: tuple[SolveLimits, Clock],
    *,
    in_child: bool | None = None,
    measured_by: SitingProblem | None = None,
) -> SitingPlan:
    """Solve a question with sparse travel times until a clock is up.

    Args:
        problem: The question.
        travel: Its travel times.
        pace: Gap and seed, and when to end.
        in_child: Whether OR-Tools runs in a process of its own; by default where there are more
            than a thousand pairs.
        measured_by: The question whose Kolm-Pollak κ counts; this one's own by default.
    """
    started, (limits, clock) = time.time(), pace
    choice = build_sparse_choice(problem, travel)
    if measured_by is not None:
        choice = replace(choice, kappa_per_s=build_sparse_choice(measured_by, travel).kappa_per_s)
    told_s = min(_TELLING_TIMES * (time.time() - started), clock.left_s(_MOST_TELLING_SHARE))
    clock = replace(clock, ends_at=clock.ends_at - told_s)
    apart = len(choice.site) > _SOLVED_HERE_PAIRS if in_child is None else in_child
    count = problem.rules.site_count or 0
    decision = decide_sparse(choice, count, limits, clock, in_child=apart)
    report = _report(problem, choice, decision, limits, time.time() - started)
    return build_plan(problem, choice.columns[decision.opened].tolist(), report)


def _report(
    problem: SitingProblem,
    choice: SparseChoice,
    decision: SparseDecision,
    limits: SolveLimits,
    wall_time_s: float,
) -> SolveReport:
    stages = build_stages(problem, partial(_weighed, problem, choice, decision))
    return SolveReport.of_stages(
        stages,
        reported_stage(problem),
        method=f"{_METHOD}; {_EXACT if choice.is_whole.all() else _BOUNDED}",
        seed=limits.seed,
        wall_time_s=wall_time_s,
    )


def _weighed(
    problem: SitingProblem, choice: SparseChoice, decision: SparseDecision, aim: Aim
) -> tuple[float, float | None]:
    """The value of an aim, and its bound."""
    total, known = math.fsum(problem.demand), math.fsum(choice.demand)
    unserved, least = choice.unserved(decision.opened), decision.unserved_bound
    if aim is SitingObjective.MAX_COVERAGE:
        return known - unserved, known - least
    if aim is ImpliedAim.UNSERVED:
        return total - known + unserved, total - known + least
    burden, bound = choice.burden(decision.opened), decision.burden_bound
    if aim is not SitingObjective.KOLM_POLLAK:
        return burden, bound
    served, kappa = known - unserved, choice.kappa_per_s
    told = None if bound is None else equivalent_s(bound, served, kappa)
    return equivalent_s(burden, served, kappa), told
