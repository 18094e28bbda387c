"""Plans a day that VROOM's JSON asks, and answers as VROOM would."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ntgeo import roads
from ntgeo.domain.matrix import TravelMode, TravelTimeMatrix
from ntgeo.domain.places import Location
from ntgeo.domain.routing import RoundsPrices, RoutePlan, RoutingProblem, VisitId
from ntgeo.domain.solving import SolveLimits
from ntgeo.domain.units import METRES_PER_MILE, SECONDS_PER_HOUR
from ntgeo.progress import SILENT, Progress
from ntgeo.services.plan_routes import plan_routes
from ntgeo.services.road_places import read_british_roads, snap_some
from ntgeo.services.vroom_answer import vroom_answer
from ntgeo.sources import PointTable
from ntgeo.sources.vroom import ANYWHERE, VroomDay, read_vroom

__all__ = ["VroomPlan", "plan_vroom", "vroom_problem"]

_UNIT = "VROOM's cost"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VroomPlan:
    """A day that VROOM's JSON asks, and its checked answer.

    Args:
        problem: The question.
        plan: The answer.
        content: The answer as VROOM writes it.
        notes: What was not taken over as it stands.
    """

    problem: RoutingProblem
    plan: RoutePlan
    content: Mapping[str, Any]
    notes: tuple[str, ...]


def plan_vroom(
    path: Path, limits: SolveLimits, *, network: Path | None = None, progress: Progress = SILENT
) -> VroomPlan:
    """Read a day from VROOM's JSON, plan it and write the answer as VROOM would.

    Args:
        path: The file.
        limits: Of the solver.
        network: Roads, where the file has coordinates and no matrices; straight lines without.
        progress: Told where it is.

    Raises:
        InputError: The file is faulty, or asks what ntgeo cannot do.
        DataUnavailableError: A file is not there.
        NoPlanError: No plan was found in the time.
        PlanRejectedError: The check found a fault: our bug.
    """
    started = time.perf_counter()
    progress.stage("Reading the day")
    day = read_vroom(path)
    notes = list(day.notes)
    if not day.travel and network is None:
        notes.append("No roads were used: travel times are straight lines × 1.3; name a --network.")
    for note in notes:
        progress.note(note)
    problem = vroom_problem(day, network=network, progress=progress)
    loading_ms = round(1000 * (time.perf_counter() - started))
    plan = plan_routes(problem, limits, progress=progress)
    content = vroom_answer(day, problem, plan, loading_ms=loading_ms)
    return VroomPlan(problem=problem, plan=plan, content=content, notes=tuple(notes))


def vroom_problem(
    day: VroomDay, *, network: Path | None = None, progress: Progress = SILENT
) -> RoutingProblem:
    """Return the question of a day, with its travel times."""
    travel = day.travel or _travel_between(day, network, progress)
    faster = [replace(one, time_s=one.time_s / day.speed_factors[one.mode]) for one in travel]
    whole = [_with_anywhere(one) for one in faster]
    return _with_priorities(
        RoutingProblem.from_arrays(
            day=day.day,
            visits=day.places.visits,
            shifts=day.places.shifts,
            depots=day.places.depots,
            links=day.places.links,
            travel=whole[0],
            more_travel=whole[1:],
            prices=RoundsPrices(unit=_UNIT),
        ),
        day.priorities,
    )


def _travel_between(
    day: VroomDay, network: Path | None, progress: Progress
) -> tuple[TravelTimeMatrix, ...]:
    places = {name: at for name, at in day.places.locations.items() if name != ANYWHERE}
    return tuple(_travel_by(mode, places, network, progress) for mode in sorted(day.speed_factors))


def _travel_by(
    mode: TravelMode, places: Mapping[str, Location], network: Path | None, progress: Progress
) -> TravelTimeMatrix:
    if network is None:
        return roads.straight_line_times(places, places, mode=mode)
    known = read_british_roads(network, mode=mode, progress=progress)
    table = PointTable(locations=places, weights=None)
    snapped = snap_some(known, table, file="the day's places", progress=progress)
    progress.stage(f"Travel times by {mode}")
    return roads.travel_times(known, snapped, snapped, progress=progress)


def _with_anywhere(travel: TravelTimeMatrix) -> TravelTimeMatrix:
    """Add the place of those who start where their first task is: no way from it to any other."""
    names = (*travel.origins, str(ANYWHERE))
    if ANYWHERE in travel.origins:
        return travel
    time_s, distance_m = (np.pad(table, (0, 1)) for table in (travel.time_s, travel.distance_m))
    return replace(travel, origins=names, destinations=names, time_s=time_s, distance_m=distance_m)


def _with_priorities(problem: RoutingProblem, priorities: Mapping[VisitId, int]) -> RoutingProblem:
    """Price unmade visits so that the sum of priorities counts first, then the number, then cost.

    ``M (p (n + 1) + 1)`` for priority p, of n visits, where M is more than any plan can cost.
    Where all are alike their number counts first, as it does without prices.
    """
    if len(set(priorities.values())) == 1:
        return problem
    count = len(problem.visits)
    dearest = 1.0 + sum(shift.costs.round_gbp for shift in problem.shifts)
    legs = 0.0
    for shift in problem.shifts:
        travel = problem.travel_of(shift)
        hours = float(np.nanmax(travel.time_s, initial=0.0)) / SECONDS_PER_HOUR
        miles = float(np.nanmax(travel.distance_m, initial=0.0)) / METRES_PER_MILE
        costs = shift.costs
        legs = max(legs, costs.travel_gbp_per_hour * hours + costs.mileage_gbp_per_mile * miles)
    dearest += legs * (count + len(problem.shifts))
    visits = tuple(
        replace(visit, unmade_gbp=dearest * (priorities[visit.id] * (count + 1) + 1))
        for visit in problem.visits
    )
    prices = replace(problem.prices, unmade_gbp=(0.0, 0.0, 0.0, 0.0, 0.0))
    return replace(problem, visits=visits, prices=prices)
