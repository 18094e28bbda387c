"""What a manager asks of a day that is planned: who can come when, and how it goes on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ntgeo import routing
from ntgeo.domain.replan import DayState, NewPlan
from ntgeo.domain.rounds_answers import SlotOffer
from ntgeo.domain.routing import RoutePlan, RoutingProblem, TimeWindow, VisitId
from ntgeo.domain.scenario import ReplanTable, Scenario
from ntgeo.domain.solving import SolveLimits
from ntgeo.domain.units import clock_text
from ntgeo.errors import Fault, InputError, UnknownIdError
from ntgeo.progress import SILENT, Progress
from ntgeo.services.more_visits import with_more_visits
from ntgeo.services.plan_files import read_rounds
from ntgeo.services.scenario_of_run import scenario_of_run
from ntgeo.services.write_day import write_day
from ntgeo.settings import Settings
from ntgeo.sources.clock import ClockError, parse_clock
from ntgeo.sources.day_events import DayEvents, parse_events
from ntgeo.sources.tables import TextTable

__all__ = [
    "DayOffers",
    "NewVisits",
    "OfferAsked",
    "ReplanAsked",
    "ReplannedDay",
    "accept_slot",
    "new_visits",
    "offer_visit",
    "replan_day",
    "write_replanned",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVisits:
    """Visits that the day does not know yet.

    Args:
        file: In the columns of the scenario's own visits.
        scenario: Whose roads they are reached by.
    """

    file: Path
    scenario: Path


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OfferAsked:
    """When can somebody come to a visit, and at what cost?

    Args:
        run: A run folder, or one of :func:`write_replanned`.
        visit: A visit of the day, or of ``new``.
        slots: Clock times as ``09:00-11:00,13:00-15:00``.
        new: Visits that the day does not know yet.
        moves_others: Whether visits of the plan may begin at other times than planned.
        time_limit_s: The solver's time limit.
    """

    run: Path
    visit: str
    slots: str
    new: NewVisits | None = None
    moves_others: bool = False
    time_limit_s: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReplanAsked:
    """How does a day go on that no longer goes as planned?

    Args:
        run: A run folder, or one of :func:`write_replanned`.
        now: The time, ``HH:MM``.
        events: What happened: :func:`~ntgeo.sources.day_events.events_told`.
        new: Urgent visits that the plan does not know yet.
        rules: What changes are worth; those of the run's scenario unless given.
        time_limit_s: The solver's time limit.
    """

    run: Path
    now: str
    events: TextTable | None = None
    new: NewVisits | None = None
    rules: ReplanTable | None = None
    time_limit_s: float = 4.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DayOffers:
    """When a visit could be, and at what cost.

    Args:
        problem: The day, which holds the visit.
        before: The plan that people have in their hands.
        visit: Whose slots they are.
        offers: In the order asked.
        scenario: As it was asked; ``None`` where the folder has none that can be read.
        scenario_toml: Its text.
    """

    problem: RoutingProblem
    before: RoutePlan
    visit: VisitId
    offers: tuple[SlotOffer, ...]
    scenario: Scenario | None = None
    scenario_toml: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReplannedDay:
    """A day that goes on otherwise than planned.

    Args:
        before: The plan that people have in their hands.
        state: Where the day stood.
        new: How it goes on.
        scenario: As it was asked; ``None`` where the folder has none that can be read.
        scenario_toml: Its text.
    """

    before: RoutePlan
    state: DayState
    new: NewPlan
    scenario: Scenario | None
    scenario_toml: str

    @property
    def clock(self) -> str:
        """The time at which it was planned anew."""
        return clock_text(self.new.day.day, self.state.now_s)


def new_visits(file: Path | None, scenario: Path | None) -> NewVisits | None:
    """Return new visits and the scenario that places them; ``None`` where there is no file.

    Raises:
        InputError: There is a file, but no scenario.
    """
    if file is None:
        return None
    if scenario is None:
        raise InputError(
            Fault(
                file=file.name,
                what="new visits are placed and reached as a scenario says, and none is named",
                fix="name it with --scenario",
                code="no-scenario",
            )
        )
    return NewVisits(file=file, scenario=scenario)


def offer_visit(asked: OfferAsked, settings: Settings, *, progress: Progress = SILENT) -> DayOffers:
    """Tell which slots a visit can be offered in, and what each would cost.

    Raises:
        InputError: The visit is not known, or a slot is no time.
        DataUnavailableError: There is no such run or file.
        CancelledError: The user stopped.
    """
    problem, plan = read_rounds(asked.run)
    problem = _extended(problem, asked.new, settings, progress)
    visit = _known_visit(problem, asked.visit)
    windows = tuple(_slot(text.strip(), problem) for text in asked.slots.split(","))
    limits = SolveLimits(time_limit_s=asked.time_limit_s, workers=settings.workers)
    offers = routing.offer_slots(
        problem,
        plan,
        visit,
        windows,
        limits,
        keeps_times=not asked.moves_others,
        progress=progress,
    )
    scenario, text = scenario_of_run(asked.run)
    return DayOffers(
        problem=problem,
        before=plan,
        visit=visit,
        offers=offers,
        scenario=scenario,
        scenario_toml=text,
    )


def replan_day(
    asked: ReplanAsked, settings: Settings, *, progress: Progress = SILENT
) -> ReplannedDay:
    """Plan the rest of a day that no longer goes as planned, with the fewest changes.

    Raises:
        InputError: An event is wrong, or ``now`` is no time.
        DataUnavailableError: There is no such run or file.
        NoPlanError: No plan was found in the time.
        PlanRejectedError: The check found a fault: our bug.
        CancelledError: The user stopped before any plan was found.
    """
    problem, before = read_rounds(asked.run)
    problem = _extended(problem, asked.new, settings, progress)
    scenario, text = scenario_of_run(asked.run)
    rounds = None if scenario is None else scenario.rounds
    rules = asked.rules or (ReplanTable() if rounds is None else rounds.replan)
    now_s = _clock(asked.now, problem, "--now")
    told = DayEvents()
    if asked.events is not None:
        told = parse_events(asked.events, problem, before, now_s=now_s)
    state = DayState(
        now_s=now_s,
        begun=told.begun,
        ill=told.ill,
        promised=told.promised,
        freedom=rules.freedom_at(now_s),
    )
    limits = SolveLimits(
        time_limit_s=asked.time_limit_s,
        seed=1 if scenario is None else scenario.seed,
        workers=settings.workers,
    )
    anew = routing.plan_anew(
        problem, before, state, limits, prices=rules.to_prices(), progress=progress
    )
    return ReplannedDay(before=before, state=state, new=anew, scenario=scenario, scenario_toml=text)


def write_replanned(folder: Path, day: ReplannedDay) -> dict[str, str]:
    """Write how a day goes on; the folder can be asked, and planned anew, like a run's.

    Returns:
        File name → what it is, for each file written.
    """
    title = f"Rounds as planned anew at {day.clock}"
    return write_day(folder, day.new, title=title, asked=(day.scenario, day.scenario_toml))


def accept_slot(folder: Path, found: DayOffers, slot: str) -> dict[str, str]:
    """Write the day in which a visit has the slot that its family took.

    Args:
        folder: To write to; it can be asked, and planned anew, like a run's.
        found: The offers.
        slot: The one that was taken, as it was asked for.

    Raises:
        InputError: It was not among those asked for, or nobody can come then.
    """
    wanted = _slot(slot, found.problem)
    offer = next((offer for offer in found.offers if offer.slot == wanted), None)
    if offer is None or offer.plan is None:
        what = "was not among the slots asked for" if offer is None else offer.reason
        raise InputError(
            Fault(
                file="--accept",
                value=slot,
                what=what,
                fix="take a slot that is offered at a price",
                code="no-offer",
            )
        )
    new = routing.accept_offer(found.problem, found.before, found.visit, offer)
    title = f"Rounds with visit {found.visit} promised for {slot}"
    return write_day(folder, new, title=title, asked=(found.scenario, found.scenario_toml))


def _extended(
    problem: RoutingProblem, new: NewVisits | None, settings: Settings, progress: Progress
) -> RoutingProblem:
    if new is None:
        return problem
    return with_more_visits(problem, new.file, new.scenario, settings, progress=progress)


def _known_visit(problem: RoutingProblem, visit: str) -> VisitId:
    if visit in {one.id for one in problem.visits}:
        return VisitId(visit)
    raise UnknownIdError(
        Fault(
            file="rounds.json",
            column="visit_id",
            value=visit,
            what="is not among the visits of the day",
            fix="name one of them, or give the new visit's file with --new",
            code="unknown-visit",
        )
    )


def _slot(text: str, problem: RoutingProblem) -> TimeWindow:
    start, dash, end = text.partition("-")
    begins_s, ends_s = (_clock(part.strip(), problem, "--slots") for part in (start, end or start))
    if not dash or ends_s < begins_s:
        raise InputError(
            Fault(
                file="the command",
                column="--slots",
                column_word="option",
                value=text,
                what="is no slot" if not dash else "ends before it starts",
                fix="write slots as 09:00-11:00,13:00-15:00",
                code="bad-slot",
            )
        )
    return TimeWindow(start_s=begins_s, end_s=ends_s)


def _clock(text: str, problem: RoutingProblem, option: str) -> int:
    try:
        return parse_clock(text, problem.day)
    except ClockError as error:
        raise InputError(
            Fault(
                file="the command",
                column=option,
                column_word="option",
                value=text,
                what=error.what,
                fix=error.fix,
                code=error.code,
            )
        ) from None
