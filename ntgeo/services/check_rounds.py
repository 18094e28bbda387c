"""Checks rounds that somebody made by hand against a scenario, or beside a run's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ntgeo.domain.routing import RoutePlan, RoutingProblem
from ntgeo.errors import Fault, ScenarioError
from ntgeo.progress import SILENT, Progress
from ntgeo.routing.verify import Breach, check_hand_plan
from ntgeo.services.plan_files import read_rounds
from ntgeo.settings import Settings
from ntgeo.sources.hand_plan import read_hand_plan

__all__ = ["CheckedRounds", "check_rounds"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CheckedRounds:
    """What the check found.

    Args:
        problem: The day.
        plan: The rounds made by hand, with every time, what they cost, and the visits that are
            in none of them.
        breaches: Each rule that they break.
        ours: The run's own plan; ``None`` where a scenario was given.
    """

    problem: RoutingProblem
    plan: RoutePlan
    breaches: tuple[Breach, ...]
    ours: RoutePlan | None = None


def check_rounds(
    asked: Path, plan: Path, settings: Settings, *, progress: Progress = SILENT
) -> CheckedRounds:
    """Check a plan made by hand by every rule, and reckon what it costs.

    Args:
        asked: A scenario, or a run folder; a run's own plan is told beside.
        plan: The file: :func:`~ntgeo.sources.read_hand_plan`.
        settings: Of this machine.
        progress: Told where it is.

    Raises:
        InputError: A file is faulty; every fault of it is told.
        DataUnavailableError: A file is not there.
    """
    problem, ours = _day(asked, settings, progress)
    progress.stage("Checking the plan made by hand")
    checked = check_hand_plan(problem, read_hand_plan(plan, day=problem.day))
    return CheckedRounds(problem=problem, plan=checked.plan, breaches=checked.breaches, ours=ours)


def _day(
    asked: Path, settings: Settings, progress: Progress
) -> tuple[RoutingProblem, RoutePlan | None]:
    if asked.is_dir():
        return read_rounds(asked)
    # Roads are not needed where a run has the travel times.
    from ntgeo.services.answer_rounds import open_day  # noqa: PLC0415
    from ntgeo.services.known_roads import open_roads  # noqa: PLC0415
    from ntgeo.services.plan_routes import build_routing_problem  # noqa: PLC0415
    from ntgeo.services.question import open_question  # noqa: PLC0415
    from ntgeo.services.rounds_travel import rounds_travel  # noqa: PLC0415

    question = open_question(asked)
    if question.scenario.rounds is None:
        raise ScenarioError(
            Fault(
                file=asked.name,
                column="rounds",
                column_word="key",
                what="this scenario has no such table",
                fix="add a [rounds] table",
                code="no-table",
            )
        )
    known = open_roads(question, settings)
    day = open_day(question, known, progress=progress)
    travel = rounds_travel(known, day, progress=progress)
    return build_routing_problem(question, day, travel), None
