"""From a scenario to its answer: demand, sites and rounds, each checked before anyone sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ntgeo import roads
from ntgeo.domain.matrix import TravelMode, TravelTimeMatrix
from ntgeo.domain.path_steps import PathStep
from ntgeo.domain.places import CandidateSite
from ntgeo.domain.routing import RoutePlan, RoutingProblem
from ntgeo.domain.scenario import SitingTable
from ntgeo.domain.siting import SitingPlan, SitingProblem
from ntgeo.domain.solving import SolveLimits
from ntgeo.errors import Fault, PlanRejectedError, ScenarioError
from ntgeo.progress import SILENT, Progress
from ntgeo.services.build_demand import Demand, build_demand
from ntgeo.services.explain_sites import ExplainedSiting, explain_sites
from ntgeo.services.known_roads import Roads, open_roads
from ntgeo.services.load_places import Places, load_places
from ntgeo.services.load_sites import load_sites
from ntgeo.services.plan_routes import build_routing_problem, load_day, plan_routes
from ntgeo.services.plan_services import SharedSiting, build_shared_problem, plan_services
from ntgeo.services.plan_sites import plan_sites
from ntgeo.services.question import Question
from ntgeo.services.siting_question import build_siting_problem
from ntgeo.services.travel_times import travel_times
from ntgeo.services.unreached import unreached_sites, unreached_visits
from ntgeo.settings import Settings

__all__ = [
    "Answer",
    "Rounds",
    "Siting",
    "answer_scenario",
    "find_rounds",
    "find_shared_siting",
    "find_siting",
]

_TO_THE_UNIT = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Siting:
    """A siting question and its checked answer.

    Args:
        problem: The question.
        plan: The answer.
        explained: Whom it moves, what else could be done, and when the answer changes.
    """

    problem: SitingProblem
    plan: SitingPlan
    explained: ExplainedSiting

    @property
    def demand_out(self) -> float:
        """Demand served and unserved; equal to the demand that came in."""
        served = sum(allocation.demand for allocation in self.plan.allocations)
        return float(served + sum(area.demand for area in self.plan.unserved))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rounds:
    """A rounds question and its checked answer.

    Args:
        problem: The question.
        plan: The answer.
        paths: By shift, the way to each stop after the first: (k, 2) easting and northing in
            metres; empty for a break.
        steps: By shift, how to go to each stop after the first; none for a break.
    """

    problem: RoutingProblem
    plan: RoutePlan
    paths: Mapping[str, Sequence[npt.NDArray[np.float64]]]
    steps: Mapping[str, Sequence[Sequence[PathStep]]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    """All that a scenario asked for."""

    places: Places
    demand: Demand
    siting: Siting | None
    rounds: Rounds | None
    roads: Roads

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of the areas, the demand and the travel times."""
        notes = [*self.places.notes, *self.demand.notes]
        how = self.roads.question.scenario.roads
        if self.roads.is_straight_line:
            notes.append(
                f"No roads were used: travel times are straight lines × {how.detour_factor:g}, "
                "which hide rivers, railways and motorways."
            )
        elif self.rounds is not None and how.staff_mode is TravelMode.CAR:
            when = how.staff_departs_at
            notes.append(
                "Staff are taken to meet the traffic of one time of day all day long: "
                f"{'between the peaks' if when is None else f'{when:%H:%M}'}."
            )
        return (*notes, *self.roads.assumptions)


def answer_scenario(
    question: Question, settings: Settings, *, progress: Progress = SILENT
) -> Answer:
    """Answer every part of a scenario.

    Raises:
        NtgeoError: Any of the tree in :mod:`ntgeo.errors`.
    """
    known = open_roads(question, settings)
    places = load_places(question, progress=progress)
    demand = build_demand(question, places, progress=progress)
    siting = rounds = None
    if question.scenario.siting is not None:
        siting = find_siting(question, settings, places, demand, known, progress=progress)
    if question.scenario.rounds is not None:
        rounds = find_rounds(question, settings, known, progress=progress)
    question.check_unchanged()
    return Answer(places=places, demand=demand, siting=siting, rounds=rounds, roads=known)


def find_siting(
    question: Question,
    settings: Settings,
    places: Places,
    demand: Demand,
    known: Roads,
    *,
    progress: Progress = SILENT,
) -> Siting:
    """Answer the ``[siting]`` table of a scenario."""
    asked = question.scenario.siting
    assert asked is not None  # noqa: S101 - the caller looked
    _refuse_services(asked)
    sites, travel = sites_and_travel(question, places, known, progress=progress)
    problem = build_siting_problem(question, places, demand, sites, travel)
    limits = _limits(question, settings, asked.time_limit_s)
    plan = plan_sites(problem, limits, progress=progress)
    told = explain_sites(problem, plan, places, asked.explain, limits, progress=progress)
    _note(told.notes, progress)
    siting = Siting(problem=problem, plan=plan, explained=told)
    demand_in = float(demand.weight.sum())
    if abs(siting.demand_out - demand_in) > _TO_THE_UNIT * max(1.0, demand_in):
        fault = f"input {demand_in:,.3f} is not served + unserved {siting.demand_out:,.3f}"
        raise PlanRejectedError([fault])
    return siting


def sites_and_travel(
    question: Question, places: Places, known: Roads, *, progress: Progress = SILENT
) -> tuple[tuple[CandidateSite, ...], TravelTimeMatrix]:
    """Return the sites of a scenario, and the travel times from its areas to them."""
    sites = load_sites(question, places, progress=progress)
    locations = {str(site.id): site.location for site in sites}
    how = question.scenario.roads
    travel = travel_times(
        known, places.centroids, locations, how.mode, departs_at=how.departs_at, progress=progress
    )
    _note(unreached_sites(travel, off_road=known.off_road), progress)
    return sites, travel


def find_shared_siting(
    question: Question,
    settings: Settings,
    places: Places,
    demand: Demand,
    known: Roads,
    *,
    progress: Progress = SILENT,
) -> SharedSiting:
    """Answer the ``[[siting.services]]`` of a scenario."""
    asked = question.scenario.siting
    assert asked is not None  # noqa: S101 - the caller looked
    sites, travel = sites_and_travel(question, places, known, progress=progress)
    problem = build_shared_problem(question, places, demand, sites, travel)
    limits = _limits(question, settings, asked.time_limit_s)
    return plan_services(problem, limits, progress=progress)


def _refuse_services(asked: SitingTable) -> None:
    if not asked.services:
        return
    raise ScenarioError(
        Fault(
            file="scenario",
            column="siting.services",
            column_word="key",
            what="several services that share sites have no map and no report yet",
            fix="ask with `ntgeo site`, or of one service at a time",
            code="shared-services",
        )
    )


def find_rounds(
    question: Question, settings: Settings, known: Roads, *, progress: Progress = SILENT
) -> Rounds:
    """Answer the ``[rounds]`` table of a scenario."""
    asked = question.scenario.rounds
    assert asked is not None  # noqa: S101 - the caller looked
    day = load_day(question, progress=progress)
    how, locations = question.scenario.roads, day.locations
    travel = travel_times(
        known,
        locations,
        locations,
        how.staff_mode,
        departs_at=how.staff_departs_at,
        progress=progress,
    )
    _note(unreached_visits(travel, day, off_road=known.off_road), progress)
    problem = build_routing_problem(question, day, travel)
    limits = _limits(question, settings, asked.time_limit_s)
    plan = plan_routes(problem, limits, progress=progress)
    progress.stage("Drawing the ways between visits")
    ways = _ways(question, known, problem, plan)
    return Rounds(
        problem=problem,
        plan=plan,
        paths={shift: [way.xy_m for way in own] for shift, own in ways.items()},
        steps={shift: [way.steps for way in own] for shift, own in ways.items()},
    )


def _note(sentences: Sequence[str], progress: Progress) -> None:
    for sentence in sentences:
        progress.note(sentence)


def _limits(question: Question, settings: Settings, time_limit_s: float) -> SolveLimits:
    return SolveLimits(
        time_limit_s=time_limit_s, seed=question.scenario.seed, workers=settings.workers
    )


def _ways(
    question: Question, known: Roads, problem: RoutingProblem, plan: RoutePlan
) -> dict[str, list[roads.RoadPath]]:
    """Return, by shift, the way to each stop after the first; none of any length for a break."""
    if known.is_straight_line:
        return {}
    places = {str(depot.id): depot.location for depot in problem.depots}
    places |= {str(visit.id): visit.location for visit in problem.visits}
    legs = [
        (route.shift, places[before.place], places[after.place])
        for route in plan.routes
        for before, after in zip(route.stops, route.stops[1:], strict=False)
    ]
    how = question.scenario.roads
    network = known.network(how.staff_mode, departs_at=how.staff_departs_at)
    pairs = [(start, end) for _, start, end in legs]
    traced = roads.trace_paths(network, pairs, snap_limit_m=how.snap_limit_m)
    ways: dict[str, list[roads.RoadPath]] = {}
    for (shift, start, end), way in zip(legs, traced, strict=True):
        own = replace(way, xy_m=np.empty((0, 2)), steps=()) if start == end else way
        ways.setdefault(shift, []).append(own)
    return ways
