"""Which sites should be open: from a question to a checked plan."""

from __future__ import annotations

from ntgeo import siting
from ntgeo.domain.siting import SitingPlan, SitingProblem
from ntgeo.domain.solving import SolveLimits
from ntgeo.errors import PlanRejectedError
from ntgeo.progress import SILENT, Progress

__all__ = ["plan_sites"]


def plan_sites(
    problem: SitingProblem, limits: SolveLimits, *, progress: Progress = SILENT
) -> SitingPlan:
    """Solve, and have the plan checked by code that never saw the solver.

    Raises:
        NoPlanError: No plan keeps the rules, or none was found in the time.
        PlanRejectedError: The check found a fault: our bug.
    """
    progress.stage(f"Choosing sites ({problem.objective})")
    plan = siting.solve_siting(problem, limits, progress=progress)
    faults = siting.find_faults(problem, plan)
    if faults:
        raise PlanRejectedError(faults)
    return plan
