"""Which sites should be open: from a question to a checked plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ntgeo import siting
from ntgeo.domain.siting import SitingPlan, SitingProblem
from ntgeo.domain.solving import SolveLimits
from ntgeo.errors import InfeasibleError, PlanRejectedError, TimeLimitError
from ntgeo.progress import SILENT, Progress

__all__ = ["plan_sites"]

_CONFLICT_S: Final = 60.0
"""Longest search for the rules that conflict, whatever the time limit of the plan."""


def plan_sites(
    problem: SitingProblem, limits: SolveLimits, *, progress: Progress = SILENT
) -> SitingPlan:
    """Solve, and have the plan checked by code that never saw the solver.

    Raises:
        InfeasibleError: No plan keeps the rules; it tells the fewest that conflict.
        TimeLimitError: No plan was found in the time.
        PlanRejectedError: The check found a fault: our bug.
    """
    progress.stage(f"Choosing sites ({problem.objective})")
    try:
        plan = siting.solve_siting(problem, limits, progress=progress)
    except InfeasibleError as error:
        why = _conflict_text(problem, limits, progress) or (
            f"{error} Fix: leave out rules of [siting], one after another."
        )
        raise InfeasibleError(f"scenario, key siting: {why}") from None
    faults = siting.find_faults(problem, plan)
    if faults:
        raise PlanRejectedError(faults)
    return plan


def _conflict_text(problem: SitingProblem, limits: SolveLimits, progress: Progress) -> str:
    """Return which rules conflict and what would mend that; empty where it was not found."""
    own = replace(limits, time_limit_s=min(_CONFLICT_S, limits.time_limit_s))
    try:
        conflict = siting.find_conflict(problem, own, progress=progress)
    except TimeLimitError:
        return ""
    return "" if conflict is None else conflict.in_words
