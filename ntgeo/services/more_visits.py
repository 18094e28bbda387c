"""Visits that come in during the day: read, placed, and joined to a day's question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ntgeo import sources
from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.places import Location
from ntgeo.domain.routing import RoutingProblem, Visit
from ntgeo.errors import DuplicateIdError, Fault, InputError, first_five
from ntgeo.progress import SILENT, Progress
from ntgeo.services.known_roads import Roads, open_roads
from ntgeo.services.look_ups import load_postcodes
from ntgeo.services.question import open_question
from ntgeo.services.travel_times import travel_times
from ntgeo.settings import Settings

__all__ = ["with_more_visits"]


def with_more_visits(
    problem: RoutingProblem,
    file: Path,
    scenario: Path,
    settings: Settings,
    *,
    progress: Progress = SILENT,
) -> RoutingProblem:
    """Return a day's question with the visits of a file besides.

    Args:
        problem: The day's question.
        file: The new visits, in the columns of the scenario's own.
        scenario: Whose roads they are reached by.
        settings: Of this machine.
        progress: Told where it is.

    Raises:
        InputError: The file is faulty, or a visit of it is known already.
        DataUnavailableError: A file is not there.
    """
    progress.stage("Reading new visits")
    question = open_question(scenario)
    asked = question.scenario.rounds
    new = sources.read_visits(
        file,
        day=problem.day,
        columns={} if asked is None else asked.visit_columns,
        postcodes=load_postcodes(question),
    )
    _refuse_known(problem, new, file.name)
    known = open_roads(question, settings)
    known.staff_modes = tuple(
        sorted({matrix.mode for matrix in (problem.travel, *problem.more_travel)})
    )
    travel = [
        _extended(matrix, problem, new, known, progress)
        for matrix in (problem.travel, *problem.more_travel)
    ]
    return RoutingProblem.from_arrays(
        day=problem.day,
        visits=(*problem.visits, *new),
        shifts=problem.shifts,
        depots=problem.depots,
        travel=travel[0],
        more_travel=travel[1:],
        links=problem.links,
        prices=problem.prices,
        daylight=problem.daylight,
    )


def _refuse_known(problem: RoutingProblem, new: Sequence[Visit], file: str) -> None:
    twice = sorted({*problem.place_ids} & {str(visit.id) for visit in new})
    if twice:
        raise DuplicateIdError(
            Fault(
                file=file,
                column="visit_id",
                what=f"the day has these already: {first_five(twice)}",
                fix="give new visits ids of their own",
                code="known-visit",
            )
        )
    pinned = {shift for visit in new for shift in visit.pin.shifts}
    unknown = sorted(pinned - {shift.id for shift in problem.shifts})
    if unknown:
        raise InputError(
            Fault(
                file=file,
                column="pinned_shifts",
                what=f"not among the shifts: {first_five(unknown)}",
                fix="correct it",
                code="unknown-shift",
            )
        )


def _extended(
    matrix: TravelTimeMatrix,
    problem: RoutingProblem,
    new: Sequence[Visit],
    known: Roads,
    progress: Progress,
) -> TravelTimeMatrix:
    """Return a matrix with the times to and from new visits; those that it has stay as they are."""
    there: dict[str, Location] = {str(depot.id): depot.location for depot in problem.depots}
    there |= {str(visit.id): visit.location for visit in problem.visits}
    added = {str(visit.id): visit.location for visit in new}
    out, back = (
        travel_times(
            known, starts, ends, matrix.mode, departs_at=matrix.departs_at, progress=progress
        )
        for starts, ends in ((added, there | added), (there, added))
    )
    old = list(there)
    kept = matrix.select(old, old)
    names = (*old, *added)
    return replace(
        kept,
        origins=names,
        destinations=names,
        time_s=np.block([[kept.time_s, back.time_s], [out.time_s]]),
        distance_m=np.block([[kept.distance_m, back.distance_m], [out.distance_m]]),
    )
