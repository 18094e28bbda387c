"""From a scenario to its answer: demand, sites and rounds, each checked before anyone sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ntgeo.domain.matrix import TravelMode, TravelTimeMatrix
from ntgeo.domain.places import CandidateSite
from ntgeo.domain.scenario import SitingTable
from ntgeo.domain.siting import SitingPlan, SitingProblem
from ntgeo.errors import Fault, PlanRejectedError, ScenarioError
from ntgeo.progress import SILENT, Progress
from ntgeo.services.answer_rounds import Rounds, find_rounds, open_day
from ntgeo.services.build_demand import Demand, build_demand
from ntgeo.services.explain_sites import ExplainedSiting, explain_sites
from ntgeo.services.known_roads import Roads, open_roads
from ntgeo.services.load_places import Places, load_places
from ntgeo.services.load_sites import load_sites
from ntgeo.services.plan_services import SharedSiting, build_shared_problem, plan_services
from ntgeo.services.plan_sites import plan_sites
from ntgeo.services.question import Question
from ntgeo.services.site_notes import idle_notes
from ntgeo.services.siting_question import build_siting_problem
from ntgeo.services.travel_times import travel_times
from ntgeo.services.unreached import unreached_sites
from ntgeo.settings import Settings

__all__ = [
    "Answer",
    "Siting",
    "answer_scenario",
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
        elif self.rounds is not None:
            driving = {
                "between the peaks" if shift.traffic_at is None else f"{shift.traffic_at:%H:%M}"
                for shift in self.rounds.problem.shifts
                if shift.mode is TravelMode.CAR
            }
            if driving:
                notes.append(
                    "Staff are taken to meet the traffic of one time of day all day long: "
                    f"{' or '.join(sorted(driving))}."
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
    siting = rounds = day = None
    if question.scenario.rounds is not None:
        day = open_day(question, known, areas=places.areas, progress=progress)
    if question.scenario.siting is not None:
        siting = find_siting(question, settings, places, demand, known, progress=progress)
    if day is not None:
        rounds = find_rounds(question, settings, known, day, progress=progress)
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
    limits = question.limits(settings, asked.time_limit_s)
    plan = plan_sites(problem, limits, progress=progress)
    told = explain_sites(problem, plan, places, asked.explain, limits, progress=progress)
    _note((*told.notes, *idle_notes(problem, plan)), progress)
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
    limits = question.limits(settings, asked.time_limit_s)
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


def _note(sentences: Sequence[str], progress: Progress) -> None:
    for sentence in sentences:
        progress.note(sentence)
