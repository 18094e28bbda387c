"""Solve a siting problem, with proof, in a process of its own."""

from __future__ import annotations

import time
from dataclasses import replace

from ntgeo.domain.siting import CapacityRule, SitingPlan, SitingProblem
from ntgeo.domain.solving import SolveLimits, SolveReport
from ntgeo.domain.sparse_times import SparseTravelTimes
from ntgeo.progress import SILENT, Progress, raise_if_cancelled
from ntgeo.siting.capacitated.prepare import prepare_capacitated
from ntgeo.siting.choice import SiteChoice, build_choice
from ntgeo.siting.clock import Clock
from ntgeo.siting.median.prepare import prepare_median
from ntgeo.siting.stages.decide import Decision, decide
from ntgeo.siting.stages.engines import is_plain
from ntgeo.siting.stages.generally import Asked, answer_generally
from ntgeo.siting.stages.plan import build_plan
from ntgeo.siting.stages.solve_sparse import solve_sparse
from ntgeo.siting.stages.tell import reported_stage, tell_stages

__all__ = ["clock_for", "solve_here", "solve_siting", "solve_within"]

_SOLVED_HERE_PAIRS = 1_000
_METHOD = (
    "swap search, Lagrangian bound, reduced-cost fixing, and branch and bound or mixed-integer "
    "programming (HiGHS in OR-Tools) on what is left"
)


def solve_siting(
    problem: SitingProblem, limits: SolveLimits, *, progress: Progress = SILENT
) -> SitingPlan:
    """Choose the sites to open, and prove how good the choice is.

    Every objective is answered under every rule; :mod:`ntgeo.domain.siting_rules` tells what each
    means, and in which order the aims are taken. ``report.objective`` is what the plan is worth by
    the problem's own objective; ``report.stages`` holds each aim's own proof.
    Unless a rule sends areas elsewhere, each goes to its nearest open site, ties to the first id;
    an area without demand too.

    Args:
        problem: The question.
        limits: Time, gap and seed; the time limit is kept from outside the solver. It counts from
            when the kernels are compiled, which the first question on a machine waits for.
        progress: Told the stage; asked several times a second whether to stop.

    Returns:
        The best plan found, with its bound; areas that no open site serves say why.

    Raises:
        CancelledError: Stopped before any plan was found.
        InfeasibleError: It is proven that no plan keeps all the rules.
        TimeLimitError: No plan was found in the time.
    """
    raise_if_cancelled(progress)
    progress.stage("choosing sites")
    _prepare(problem)
    return solve_within(problem, limits, clock_for(limits, progress))


def _prepare(problem: SitingProblem) -> None:
    prepare_median()
    if problem.rules.capacity is not CapacityRule.IGNORED:
        prepare_capacitated()


def solve_here(problem: SitingProblem, limits: SolveLimits) -> SitingPlan:
    """Solve as :func:`solve_siting` does, but in this process; the limit is the solver's to keep.

    Args:
        problem: The question.
        limits: Time, gap and seed.
    """
    return solve_within(problem, limits, clock_for(limits, SILENT), in_child=False)


def clock_for(limits: SolveLimits, progress: Progress) -> Clock:
    """Return a clock that starts now."""
    return Clock(ends_at=time.time() + limits.time_limit_s, progress=progress)


def solve_within(
    problem: SitingProblem,
    limits: SolveLimits,
    clock: Clock,
    *,
    in_child: bool | None = None,
    measured_by: SitingProblem | None = None,
) -> SitingPlan:
    """Solve until a clock is up.

    Args:
        problem: The question.
        limits: Gap and seed; its time limit is not used.
        clock: When to end.
        in_child: Whether OR-Tools runs in a process of its own; by default where there are more
            than a thousand pairs, since a process takes a second to start.
        measured_by: The question whose Kolm-Pollak κ counts, where plans of several questions are
            compared; this one's own by default.
    """
    if isinstance(problem.travel, SparseTravelTimes):
        pace = limits, clock
        return solve_sparse(
            problem, problem.travel, pace, in_child=in_child, measured_by=measured_by
        )
    started = time.time()
    choice = build_choice(problem)
    if measured_by is not None:
        choice = replace(choice, kappa_per_s=build_choice(measured_by).kappa_per_s)
    apart = choice.time_s.size > _SOLVED_HERE_PAIRS if in_child is None else in_child
    if not is_plain(problem):
        asked = Asked(
            problem=problem,
            limits=limits,
            clock=clock,
            in_child=apart,
            started=started,
            kappa_per_s=choice.kappa_per_s if measured_by is not None else None,
        )
        return answer_generally(asked)
    decision = decide(choice, limits, clock, in_child=apart)
    return _told_as_plan(problem, choice, decision, limits, time.time() - started)


def _told_as_plan(
    problem: SitingProblem,
    choice: SiteChoice,
    decision: Decision,
    limits: SolveLimits,
    wall_time_s: float,
) -> SitingPlan:
    stages = tell_stages(problem, choice, decision)
    report = SolveReport.of_stages(
        stages,
        reported_stage(problem),
        method=_METHOD,
        seed=limits.seed,
        wall_time_s=wall_time_s,
    )
    return build_plan(problem, choice.columns[decision.opened].tolist(), report)
