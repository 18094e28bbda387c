"""From a question with sparse travel times to a plan with its proof, aim by aim."""

from __future__ import annotations

import math
import time
from dataclasses import replace

from ntgeo.domain.siting import SitingObjective, SitingPlan, SitingProblem
from ntgeo.domain.solving import SolveLimits, SolveReport, SolveStage, SolveStatus
from ntgeo.domain.sparse_times import SparseTravelTimes
from ntgeo.siting.clock import Clock
from ntgeo.siting.stages.plan import build_plan
from ntgeo.siting.stages.sparse import SparseDecision, decide_sparse
from ntgeo.siting.stages.sparse_choice import SparseChoice, build_sparse_choice

__all__ = ["solve_sparse"]

_SOLVED_HERE_PAIRS = 1_000
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
    service = _service_stage(problem, choice, decision)
    stages = service, _burden_stage(problem, choice, decision)
    place = 0 if problem.objective is SitingObjective.MAX_COVERAGE else 1
    proven = all(stage.is_proven for stage in stages[: place + 1])
    return SolveReport(
        status=SolveStatus.OPTIMAL if proven else SolveStatus.FEASIBLE,
        objective=stages[place].objective,
        bound=stages[place].bound,
        unit=stages[place].unit,
        is_maximised=stages[place].is_maximised,
        method=f"{_METHOD}; {_EXACT if choice.is_whole.all() else _BOUNDED}",
        seed=limits.seed,
        wall_time_s=wall_time_s,
        stages=stages,
    )


def _service_stage(
    problem: SitingProblem, choice: SparseChoice, decision: SparseDecision
) -> SolveStage:
    total, known = math.fsum(problem.demand), math.fsum(choice.demand)
    unserved, least = choice.unserved(decision.opened), decision.unserved_bound
    if problem.objective is SitingObjective.MAX_COVERAGE:
        return SolveStage(
            name="demand covered",
            objective=known - unserved,
            bound=known - unserved + (unserved - least),
            unit=problem.demand_unit,
            is_maximised=True,
        )
    return SolveStage(
        name="demand left unserved",
        objective=total - known + unserved,
        bound=total - known + least,
        unit=problem.demand_unit,
    )


def _burden_stage(
    problem: SitingProblem, choice: SparseChoice, decision: SparseDecision
) -> SolveStage:
    burden, bound = choice.burden(decision.opened), decision.burden_bound
    if problem.objective is not SitingObjective.KOLM_POLLAK:
        is_weighted = problem.objective is SitingObjective.DEPRIVATION_P_MEDIAN
        weighted = ", weighted by deprivation" if is_weighted else ""
        return SolveStage(
            name=f"travel of those served{weighted}",
            objective=burden,
            bound=bound,
            unit=f"{problem.demand_unit} × seconds{weighted}",
        )
    served = math.fsum(choice.demand) - choice.unserved(decision.opened)
    return SolveStage(
        name="equally distributed equivalent of travel time",
        objective=_equivalent_s(burden, served, choice.kappa_per_s),
        bound=None if bound is None else _equivalent_s(bound, served, choice.kappa_per_s),
        unit="seconds, as if everyone served travelled as long",
    )


def _equivalent_s(burden: float, served: float, kappa_per_s: float) -> float:
    """``ln(Σ w e^(κ t) / Σ w) / κ``; never below 0, since no time is."""
    if served <= 0 or burden <= served:
        return 0.0
    return math.log(burden / served) / kappa_per_s
