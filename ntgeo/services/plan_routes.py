"""Who visits whom: from a scenario to a checked plan."""

from __future__ import annotations

from collections.abc import Sequence

from ntgeo import routing
from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.routing import RoutePlan, RoutingProblem, VisitDay
from ntgeo.domain.solving import SolveLimits
from ntgeo.errors import Fault, InputError, PlanRejectedError
from ntgeo.progress import SILENT, Progress
from ntgeo.services.daylight import daylight_of
from ntgeo.services.question import Question

__all__ = ["build_routing_problem", "plan_routes"]


def build_routing_problem(
    question: Question, day: VisitDay, travel: Sequence[TravelTimeMatrix]
) -> RoutingProblem:
    """Put the question to be solved together.

    Args:
        question: Whose ``[rounds]`` table.
        day: Its visits, shifts, depots and links.
        travel: A matrix for each way of travelling among the shifts.

    Raises:
        InputError: The tables contradict each other.
    """
    asked = question.scenario.rounds
    assert asked is not None  # noqa: S101 - the caller was asked for rounds
    try:
        return RoutingProblem.from_arrays(
            day=asked.day,
            visits=day.visits,
            shifts=day.shifts,
            depots=day.depots,
            travel=travel[0],
            more_travel=travel[1:],
            links=day.links,
            prices=asked.prices.to_prices(),
            daylight=daylight_of(asked.day, asked.daylight, day),
        )
    except ValueError as error:
        raise InputError(
            Fault(file="rounds", what=str(error), fix="correct the tables", code="rounds")
        ) from None


def plan_routes(
    problem: RoutingProblem, limits: SolveLimits, *, progress: Progress = SILENT
) -> RoutePlan:
    """Solve, and have the plan checked by code that never saw the solver.

    Raises:
        PlanRejectedError: The check found a fault: our bug.
    """
    progress.stage(f"Planning rounds for {len(problem.visits)} visits")
    plan = routing.solve_routing(problem, limits, progress=progress)
    faults = routing.find_faults(problem, plan)
    if faults:
        raise PlanRejectedError(faults)
    return plan
