"""Who would make each visit if the one who does could not, and what that would cost more."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from ntgeo.child import best_from_child
from ntgeo.domain.rounds_answers import NextBest
from ntgeo.domain.routing import (
    Pin,
    RoutePlan,
    RoutingProblem,
    ShiftId,
    StaffId,
    StopKind,
    Visit,
    VisitId,
)
from ntgeo.domain.solving import SolveLimits, SolveStatus
from ntgeo.progress import SILENT, Progress, raise_if_cancelled
from ntgeo.routing.answers.asking import MOST_EXACT_VISITS, Asking
from ntgeo.routing.answers.by_round import ByRound
from ntgeo.routing.answers.kept_plan import all_made, crew_of, made_visits

__all__ = ["next_best_in_process", "next_best_staff"]

_WARM_UP_S: Final = 120.0
_TELLING_S: Final = 0.5

Answers = tuple[NextBest, ...]


def next_best_staff(
    problem: RoutingProblem,
    plan: RoutePlan,
    limits: SolveLimits,
    *,
    progress: Progress = SILENT,
) -> Answers:
    """Return, for each visit and who makes it, who would make it instead at least cost.

    Every visit of the plan is still made. On small days the whole day is planned again, by the
    exact engine, and the answer proven; on larger ones the visit goes into another of the rounds
    that pass nearest, the other rounds staying as they are. Assignments for which there was no
    time are left out.

    Args:
        problem: The question.
        plan: Its answer.
        limits: Time for all together, in a process of its own; seed and cores.
        progress: Told the stages; may cancel, and what was found by then is told.
    """
    raise_if_cancelled(progress)
    if not plan.routes:
        return ()
    progress.stage("Asking who could make each visit instead")
    found = best_from_child(
        _next_best_for_parent,
        problem,
        plan,
        limits,
        time_limit_s=limits.time_limit_s,
        warm_up_s=_WARM_UP_S,
        progress=progress,
    )
    return found or ()


def _next_best_for_parent(
    offer: Callable[[Answers], None], problem: RoutingProblem, plan: RoutePlan, limits: SolveLimits
) -> Answers:
    return next_best_in_process(problem, plan, limits, offer=offer)


def next_best_in_process(
    problem: RoutingProblem,
    plan: RoutePlan,
    limits: SolveLimits,
    *,
    offer: Callable[[Answers], None] | None = None,
) -> Answers:
    """Answer in this process, which keeps the time limit only roughly.

    Args:
        problem: The question.
        plan: Its answer.
        limits: Time for all together, seed and cores.
        offer: Called with the answers so far.
    """
    ends_at = time.monotonic() + max(0.5 * limits.time_limit_s, limits.time_limit_s - _TELLING_S)
    asking = Asking(limits, ends_at)
    visits = {visit.id: visit for visit in problem.visits}
    found: list[NextBest] = []
    for route in plan.routes:
        for stop in route.stops:
            if stop.kind is not StopKind.VISIT or asking.left_s <= 0:
                continue
            visit = visits[VisitId(stop.place)]
            assignment = (visit, route.shift, route.staff)
            if len(made_visits(plan)) <= MOST_EXACT_VISITS:
                found.append(_of_day(problem, plan, assignment, asking))
            else:
                found.append(_of_rounds(problem, plan, assignment, asking))
            if offer is not None:
                offer(tuple(found))
    return tuple(found)


def _of_day(
    problem: RoutingProblem,
    plan: RoutePlan,
    assignment: tuple[Visit, ShiftId, StaffId],
    asking: Asking,
) -> NextBest:
    """Return the next best by planning the whole day again."""
    visit, shift, staff = assignment
    barred = replace(
        visit,
        forbidden_staff=visit.forbidden_staff | {staff},
        pin=Pin(
            shifts=visit.pin.shifts - {shift}, begin_s=visit.pin.begin_s, place=visit.pin.place
        ),
    )
    visits = tuple(barred if other.id == visit.id else other for other in problem.visits)
    asked = asking.solve(all_made(replace(problem, visits=visits), made_visits(plan)))
    then = () if asked.routes is None else crew_of(asked.routes, visit.id)
    cost_gbp = plan.cost.total_gbp - plan.cost.unmade_gbp
    is_plan_best = asked.routes is None or plan.report.status is SolveStatus.OPTIMAL
    return NextBest(
        visit=visit.id,
        shift=shift,
        staff=staff,
        then=then,
        extra_gbp=None if asked.routes is None else round(asked.cost_gbp - cost_gbp, 2),
        is_proven=asked.is_proven and is_plan_best,
    )


def _of_rounds(
    problem: RoutingProblem,
    plan: RoutePlan,
    assignment: tuple[Visit, ShiftId, StaffId],
    asking: Asking,
) -> NextBest:
    """Return the next best with all rounds but two as they are."""
    visit, shift, staff = assignment
    barred = replace(visit, forbidden_staff=visit.forbidden_staff | {staff})
    best = min(ByRound(problem, plan, asking).moved(barred, shift), default=None)
    cost_gbp = plan.cost.total_gbp - plan.cost.unmade_gbp
    return NextBest(
        visit=visit.id,
        shift=shift,
        staff=staff,
        then=() if best is None else best[1],
        extra_gbp=None if best is None else round(best[0] - cost_gbp, 2),
        is_proven=False,
    )
