"""From the ``[rounds]`` of a scenario to a checked plan, with the ways between its stops."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from ntgeo import roads
from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.path_steps import PathStep
from ntgeo.domain.places import Location
from ntgeo.domain.rounds_answers import NextBest
from ntgeo.domain.routing import Route, RoutePlan, RoutingProblem, VisitDay
from ntgeo.errors import Fault
from ntgeo.progress import SILENT, Progress
from ntgeo.services.explain_rounds import explain_rounds
from ntgeo.services.far_places import outside_note
from ntgeo.services.known_roads import Roads
from ntgeo.services.load_day import load_day
from ntgeo.services.plan_routes import build_routing_problem, plan_routes
from ntgeo.services.question import Question
from ntgeo.services.rounds_travel import Way, rounds_travel
from ntgeo.settings import Settings

__all__ = ["Rounds", "find_rounds", "open_day"]

_FAR_OUTSIDE_KM: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rounds:
    """A rounds question and its checked answer.

    Args:
        problem: The question.
        plan: The answer.
        next_best: Who would make each visit instead; empty where not asked for.
        paths: By shift, the way to each stop after the first: (k, 2) easting and northing in
            metres; empty for a break.
        steps: By shift, how to go to each stop after the first; none for a break.
        set_aside: Why rows of visits could not be planned; each names its row.
    """

    problem: RoutingProblem
    plan: RoutePlan
    next_best: tuple[NextBest, ...]
    paths: Mapping[str, Sequence[npt.NDArray[np.float64]]]
    steps: Mapping[str, Sequence[Sequence[PathStep]]]
    set_aside: tuple[Fault, ...] = ()

    @property
    def is_short(self) -> bool:
        """Whether somebody is not visited."""
        return bool(self.plan.unmade or self.set_aside)


def open_day(
    question: Question,
    known: Roads,
    *,
    areas: gpd.GeoDataFrame | None = None,
    progress: Progress = SILENT,
) -> VisitDay:
    """Read the day of a scenario, and tell its roads how staff travel.

    Args:
        question: The scenario.
        known: Its roads.
        areas: Its areas, where they are read: visits outside are told.
        progress: Told where it is.

    Raises:
        InputError: A file is faulty; every fault of it is told.
        DataUnavailableError: A file is not there.
    """
    day = load_day(question, progress=progress)
    asked = question.scenario.rounds
    if areas is not None and asked is not None:
        note = outside_note(
            {visit.id: visit.location for visit in day.visits},
            areas,
            file=asked.visits or "rounds.seeded",
            over_km=_FAR_OUTSIDE_KM,
            why="a placement, or a slip of the keyboard",
        )
        if note is not None:
            progress.note(note)
    modes = {shift.mode for shift in day.shifts} or {question.scenario.roads.staff_mode}
    if any(shift.walks_up_to_s is not None for shift in day.shifts):
        modes.add(TravelMode.FOOT)
    known.staff_modes = tuple(sorted(modes))
    return day


def find_rounds(
    question: Question,
    settings: Settings,
    known: Roads,
    day: VisitDay,
    *,
    progress: Progress = SILENT,
) -> Rounds:
    """Answer the ``[rounds]`` table of a scenario.

    Args:
        question: The scenario.
        settings: Of this machine.
        known: Its roads.
        day: Of :func:`open_day`.
        progress: Told where it is.
    """
    asked = question.scenario.rounds
    assert asked is not None  # noqa: S101 - the caller looked
    travel = rounds_travel(known, day, progress=progress)
    problem = build_routing_problem(question, day, travel)
    limits = question.limits(settings, asked.time_limit_s)
    plan = plan_routes(problem, limits, progress=progress)
    told = explain_rounds(problem, plan, asked.explain, limits, progress=progress)
    progress.stage("Drawing the ways between visits")
    ways = _ways(known, problem, told.plan)
    return Rounds(
        problem=problem,
        plan=told.plan,
        next_best=told.next_best,
        paths={shift: [way.xy_m for way in own] for shift, own in ways.items()},
        steps={shift: [way.steps for way in own] for shift, own in ways.items()},
        set_aside=day.set_aside,
    )


def _ways(
    known: Roads, problem: RoutingProblem, plan: RoutePlan
) -> dict[str, list[roads.RoadPath]]:
    """Return, by shift, the way to each stop after the first; none of any length for a break."""
    if known.is_straight_line:
        return {}
    places = {str(depot.id): depot.location for depot in problem.depots}
    places |= {str(visit.id): visit.location for visit in problem.visits}
    shift_of = {shift.id: shift for shift in problem.shifts}
    legs: dict[Way, list[tuple[Location, Location]]] = {}
    parts_of: dict[str, list[list[tuple[Way, int]]]] = {}
    for route in plan.routes:
        shift = shift_of[route.shift]
        walk = (
            (TravelMode.FOOT, problem.foot_travel.departs_at)
            if shift.walks_up_to_s is not None
            else None
        )
        for parts in _parts(route, (shift.mode, shift.traffic_at), walk):
            found = []
            for way, start, end in parts:
                own = legs.setdefault(way, [])
                own.append((places[start], places[end]))
                found.append((way, len(own) - 1))
            parts_of.setdefault(route.shift, []).append(found)
    traced = {way: _traced(known, way, pairs) for way, pairs in legs.items()}
    return {
        shift: [_joined([traced[way][at] for way, at in parts]) for parts in stops]
        for shift, stops in parts_of.items()
    }


def _parts(route: Route, ride: Way, walk: Way | None) -> Iterator[list[tuple[Way, str, str]]]:
    """Yield, for each stop after the first, its legs: walked, driven, or walked then driven."""
    car = route.stops[0].place
    for before, after in zip(route.stops, route.stops[1:], strict=False):
        here, there = before.place, after.place
        if walk is None:
            yield [(ride, here, there)]
        elif after.travel_s == after.walk_s:
            yield [(walk, here, there)]
        else:
            back = [] if here == car else [(walk, here, car)]
            yield [*back, (ride, car, there)]
            car = there


def _traced(
    known: Roads, way: Way, pairs: Sequence[tuple[Location, Location]]
) -> list[roads.RoadPath]:
    mode, departs_at = way
    network = known.network(mode, departs_at=departs_at)
    limit_m = known.question.scenario.roads.snap_limit_m
    found = roads.trace_paths(network, pairs, snap_limit_m=limit_m)
    return [
        replace(path, xy_m=np.empty((0, 2)), steps=()) if start == end else path
        for (start, end), path in zip(pairs, found, strict=True)
    ]


def _joined(parts: Sequence[roads.RoadPath]) -> roads.RoadPath:
    """Return the ways of a leg as one."""
    if len(parts) == 1:
        return parts[0]
    return replace(
        parts[-1],
        time_s=sum(part.time_s for part in parts),
        distance_m=sum(part.distance_m for part in parts),
        xy_m=np.concatenate([part.xy_m for part in parts]),
        steps=tuple(step for part in parts for step in part.steps),
    )
