"""Solve several services that share sites, with proof for all of them together."""

from __future__ import annotations

import time
from dataclasses import replace

from ntgeo.domain.shared_siting import SharedSitingPlan, SharedSitingProblem
from ntgeo.domain.siting import SitingPlan
from ntgeo.domain.solving import SolveLimits, SolveReport, SolveStage, SolveStatus
from ntgeo.progress import SILENT, Progress, raise_if_cancelled
from ntgeo.siting.models.shared_programme import Sendings, SharedQuestion, shared_value
from ntgeo.siting.solve import clock_for
from ntgeo.siting.stages.generally import journeys_of, no_plan, refuse_what_cannot_be
from ntgeo.siting.stages.plan import build_plan_of_journeys
from ntgeo.siting.stages.shared import (
    SharedTaken,
    build_shared_question,
    order_of_shared_aims,
    run_shared_aims,
)
from ntgeo.siting.stages.told_aims import name_of, unit_of
from ntgeo.siting.worth import value_of

__all__ = ["solve_shared_siting"]

_METHOD = (
    "mixed-integer programming (HiGHS in OR-Tools) of all services together, one aim after another"
)
_SOLVED_HERE_PAIRS = 1_000


def solve_shared_siting(
    problem: SharedSitingProblem, limits: SolveLimits, *, progress: Progress = SILENT
) -> SharedSitingPlan:
    """Choose which services run at which sites, and prove how good the choice is.

    The values of the services are added up; for least cost a site is paid once, whatever runs
    there.

    Args:
        problem: The question.
        limits: Time, gap and seed; the time limit is kept from outside the solver.
        progress: Told the stage; asked several times a second whether to stop.

    Returns:
        The best plan found, with its bound.

    Raises:
        CancelledError: Stopped before any plan was found.
        InfeasibleError: It is proven that no plan keeps all the rules.
        TimeLimitError: No plan was found in the time.
    """
    raise_if_cancelled(progress)
    progress.stage("choosing sites")
    started, clock = time.time(), clock_for(limits, progress)
    shared = build_shared_question(problem)
    for question in shared.services:
        refuse_what_cannot_be(question)
    pairs = sum(question.time_s.size for question in shared.services)
    taken = run_shared_aims(shared, limits, clock, in_child=pairs > _SOLVED_HERE_PAIRS)
    if taken.plans is None:
        raise no_plan(limits, is_impossible=taken.is_impossible)
    plans = taken.plans
    report = _report(problem, shared, taken, limits, time.time() - started)
    sites = next(iter(problem.services.values())).sites
    opened = tuple(sites[column].id for column in shared.opened(plans))
    unknown = {site.id for site in sites if site.fixed_cost_gbp is None}
    return SharedSitingPlan(
        plans=_plans(problem, shared, plans, report),
        opened=opened,
        fixed_cost_gbp=None if unknown & set(opened) else shared.cost_gbp(plans),
        report=report,
    )


def _report(
    problem: SharedSitingProblem,
    shared: SharedQuestion,
    taken: SharedTaken,
    limits: SolveLimits,
    wall_time_s: float,
) -> SolveReport:
    assert taken.plans is not None  # noqa: S101 - the caller looked
    aims = order_of_shared_aims(shared)
    first = next(iter(problem.services.values()))
    unknown = (None,) * (len(aims) - len(taken.bounds))
    stages = tuple(
        SolveStage(
            name=name_of(first, aim),
            objective=shared_value(shared, taken.plans, aim, members),
            bound=bound,
            unit=unit_of(first, aim),
            is_maximised=shared.services[0].is_maximised(aim),
        )
        for (aim, members), bound in zip(aims, (*taken.bounds, *unknown), strict=True)
    )
    place = [aim for aim, _ in aims].index(first.objective)
    return SolveReport.of_stages(
        stages, place, method=_METHOD, seed=limits.seed, wall_time_s=wall_time_s
    )


def _plans(
    problem: SharedSitingProblem, shared: SharedQuestion, plans: Sendings, whole: SolveReport
) -> dict[str, SitingPlan]:
    """Return each service's part of the plan."""
    told = {}
    for (name, own), question, plan in zip(
        problem.services.items(), shared.services, plans, strict=True
    ):
        report = replace(
            whole,
            status=SolveStatus.FEASIBLE,
            objective=value_of(question, plan, own.objective),
            bound=None,
            unit=unit_of(own, own.objective),
            stages=(),
        )
        opened = question.columns[plan.opened].tolist()
        told[name] = build_plan_of_journeys(own, opened, journeys_of(own, question, plan), report)
    return told
