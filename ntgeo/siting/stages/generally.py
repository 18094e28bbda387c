"""Any siting question, with every aim and rule, answered by the general programme."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from ntgeo.domain.siting import Assignment, SitingPlan, SitingProblem
from ntgeo.domain.solving import SolveLimits, SolveReport, SolveStage
from ntgeo.errors import InfeasibleError, TimeLimitError
from ntgeo.siting.clock import Clock
from ntgeo.siting.question import SitingQuestion, build_question
from ntgeo.siting.stages.aims_in_order import Taken, run_aims, settled_bound
from ntgeo.siting.stages.all_open import bound_of_all_open
from ntgeo.siting.stages.plan import build_plan_of_journeys, nearest_open
from ntgeo.siting.stages.take_capacitated import (
    CAPACITATED_METHOD,
    is_capacitated,
    take_capacitated,
)
from ntgeo.siting.stages.told_aims import name_of, unit_of
from ntgeo.siting.worth import Sending, value_of

__all__ = ["Asked", "answer_generally", "journeys_of", "no_plan", "refuse_what_cannot_be"]

_METHOD = (
    "mixed-integer programming (HiGHS in OR-Tools), one aim after another, each kept for the next"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """What is asked, and how.

    Args:
        problem: The question.
        limits: Gap and seed.
        clock: When to end.
        in_child: Whether OR-Tools runs in a process of its own.
        started: When, in seconds since the epoch.
        kappa_per_s: κ of Kolm-Pollak, where it is not the question's own.
    """

    problem: SitingProblem
    limits: SolveLimits
    clock: Clock
    in_child: bool
    started: float
    kappa_per_s: float | None = None


def answer_generally(asked: Asked) -> SitingPlan:
    """Answer any question.

    Args:
        asked: The question, and how.

    Raises:
        InfeasibleError: No plan keeps all the rules.
        TimeLimitError: None was found in the time.
    """
    question = build_question(asked.problem, kappa_per_s=asked.kappa_per_s)
    refuse_what_cannot_be(question)
    taken, method = _take(question, asked)
    if taken.plan is None:
        raise no_plan(asked.limits, is_impossible=taken.is_impossible)
    stages = _told_stages(asked.problem, question, taken)
    place = [aim for aim, _ in question.aims].index(asked.problem.objective)
    report = SolveReport.of_stages(
        stages,
        place,
        method=method,
        seed=asked.limits.seed,
        wall_time_s=time.time() - asked.started,
    )
    opened = question.columns[taken.plan.opened].tolist()
    journeys = journeys_of(asked.problem, question, taken.plan)
    return build_plan_of_journeys(asked.problem, opened, journeys, report)


def _take(question: SitingQuestion, asked: Asked) -> tuple[Taken, str]:
    """Ask the capacitated engine where it can answer, else (or if it finds no plan) the programme.

    Where capacities leave no room for all demand, the engine says so and the programme goes on.
    """
    if is_capacitated(question):
        taken = take_capacitated(question, asked.limits, asked.clock, in_child=asked.in_child)
        if taken is not None:
            return taken, CAPACITATED_METHOD
    return run_aims(question, asked.limits, asked.clock, in_child=asked.in_child), _METHOD


def _told_stages(
    problem: SitingProblem, question: SitingQuestion, taken: Taken
) -> tuple[SolveStage, ...]:
    plan = taken.plan
    assert plan is not None  # noqa: S101 - the caller looked
    aims = [aim for aim, _ in question.aims]
    unknown = (None,) * (len(aims) - len(taken.bounds))
    bounds = [
        bound_of_all_open(question, plan, aim) if bound is None else bound
        for aim, bound in zip(aims, (*taken.bounds, *unknown), strict=True)
    ]
    values = [value_of(question, plan, aim) for aim in aims]
    return tuple(
        SolveStage(
            name=name_of(problem, aim),
            objective=value,
            bound=settled_bound(question, aim, value, bound),
            unit=unit_of(problem, aim),
            is_maximised=question.is_maximised(aim),
        )
        for aim, value, bound in zip(aims, values, bounds, strict=True)
    )


def refuse_what_cannot_be(question: SitingQuestion) -> None:
    """Tell at once what no search is needed to see."""
    if question.rules.must_serve_all and question.out_of_reach > 0:
        msg = (
            f"No plan serves all demand: {question.out_of_reach:,g} of it has no site in reach "
            "that may open. Fix: add sites, raise the travel limit, or drop must_serve_all."
        )
        raise InfeasibleError(msg)


def no_plan(limits: SolveLimits, *, is_impossible: bool) -> InfeasibleError | TimeLimitError:
    """Return the error that says why there is no plan.

    Args:
        limits: The time that there was.
        is_impossible: Whether it is proven that none exists.
    """
    if is_impossible:
        return InfeasibleError(
            "No plan keeps all the rules together: that is proven. Fix: loosen one of them."
        )
    return TimeLimitError(
        f"No plan was found within {limits.time_limit_s:,g} s, and none was shown not to exist. "
        "Fix: give it more time, or loosen a rule."
    )


def journeys_of(
    problem: SitingProblem, question: SitingQuestion, plan: Sending
) -> list[list[tuple[int, float]]]:
    """Return of each area, that without demand too, the sites it goes to with its shares.

    Args:
        problem: The question.
        question: The same as arrays.
        plan: Who goes where.
    """
    going: list[list[tuple[int, float]]] = [[] for _ in problem.areas]
    rows, columns = question.areas.place[plan.area], question.columns[plan.site]
    for row, column, share in zip(
        rows.tolist(), columns.tolist(), plan.share.tolist(), strict=True
    ):
        going[row].append((column, min(1.0, share)))
    nearest = nearest_open(problem, question.columns[plan.opened])
    words = problem.area_rules.group or ("",) * len(problem.areas)
    site_of = {words[row]: columns[0][0] for row, columns in enumerate(going) if columns}
    for row in np.flatnonzero(problem.demand == 0).tolist():
        column = int(nearest[row])
        if words[row] and problem.rules.assignment is not Assignment.NEAREST:
            column = site_of.get(words[row], -1)
            if column >= 0 and not problem.travel.times_from(row)[column] <= problem.limit_s[row]:
                column = -1
        if column >= 0:
            going[row].append((column, 1.0))
    return going
