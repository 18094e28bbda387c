"""Who visits whom: from a scenario to a checked plan."""

from __future__ import annotations

from ntgeo import routing, sources
from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.places import Location
from ntgeo.domain.routing import RoutePlan, RoutingProblem, VisitDay
from ntgeo.domain.scenario import RoundsTable
from ntgeo.domain.solving import SolveLimits
from ntgeo.errors import Fault, InputError, PlanRejectedError
from ntgeo.progress import SILENT, Progress
from ntgeo.sample.seeded_day import draw_day
from ntgeo.services.look_ups import load_postcodes
from ntgeo.services.question import Question

__all__ = ["build_routing_problem", "load_day", "plan_routes"]


def load_day(question: Question, *, progress: Progress = SILENT) -> VisitDay:
    """Read, or draw, the visits, shifts and depots of the ``[rounds]`` table.

    Raises:
        InputError: A file is faulty; every fault of it is told.
        DataUnavailableError: A file is not there.
    """
    progress.stage("Reading visits and shifts")
    asked = question.scenario.rounds
    assert asked is not None  # noqa: S101 - the caller was asked for rounds
    return _drawn(question, asked) if asked.seeded else _read(question, asked)


def _read(question: Question, asked: RoundsTable) -> VisitDay:
    assert asked.depots and asked.visits and asked.shifts  # noqa: S101, PT018 - the scenario says
    depots = sources.read_depots(
        question.path_of("rounds.depots", asked.depots), postcodes=load_postcodes(question)
    )
    visits = sources.read_visits(
        question.path_of("rounds.visits", asked.visits),
        day=asked.day,
        columns=asked.visit_columns,
        postcodes=load_postcodes(question),
    )
    shifts = sources.read_shifts(
        question.path_of("rounds.shifts", asked.shifts),
        day=asked.day,
        depots=depots,
        columns=asked.shift_columns,
    )
    for role, file, found in (
        ("rounds.depots", asked.depots, depots),
        ("rounds.visits", asked.visits, visits),
        ("rounds.shifts", asked.shifts, shifts),
    ):
        question.log(role, file, rows=len(found))
    return VisitDay(visits=visits, shifts=shifts, depots=depots)


def _drawn(question: Question, asked: RoundsTable) -> VisitDay:
    assert asked.seeded is not None  # noqa: S101 - the caller looked
    postcodes = load_postcodes(question)
    assert postcodes is not None  # noqa: S101 - the scenario refuses a seeded day without
    ordered = postcodes.sort_values("postcode")
    addresses = [
        Location(easting_m=x, northing_m=y)
        for x, y in zip(ordered["easting_m"].tolist(), ordered["northing_m"].tolist(), strict=True)
    ]
    try:
        return draw_day(
            addresses,
            day=asked.day,
            visits=asked.seeded.visits,
            staff=asked.seeded.staff,
            seed=question.scenario.seed,
        )
    except ValueError as error:
        raise InputError(
            Fault(
                file=str(question.scenario.areas.postcodes),
                what=str(error),
                fix="ask for fewer visits",
                code="few-addresses",
            )
        ) from None


def build_routing_problem(
    question: Question, day: VisitDay, travel: TravelTimeMatrix
) -> RoutingProblem:
    """Put the question to be solved together.

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
            travel=travel,
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
