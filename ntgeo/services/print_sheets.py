"""Prints a run's route sheets with address lines and notes, which no run holds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ntgeo import reports
from ntgeo.domain.routing import RoutePlan, RoutingProblem
from ntgeo.errors import Fault, InputError
from ntgeo.services.plan_files import read_rounds
from ntgeo.services.scenario_of_run import scenario_of_run
from ntgeo.sources.sheet_lines import read_sheet_lines
from ntgeo.sources.tables import read_table

__all__ = ["PrintedSheets", "print_sheets"]

_STOPS: Final = "stops.csv"
_TITLE: Final = "Rounds"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedSheets:
    """What was printed.

    Args:
        files: The sheets, as a page and to print.
        without_address: Visits of the day that the file does not know.
    """

    files: tuple[Path, ...]
    without_address: tuple[str, ...]


def print_sheets(run: Path, lines: Path, out: Path) -> PrintedSheets:
    """Write route sheets with an address line and a note for each visit.

    Runs are handed on; these sheets are for the staff who go, so they are written elsewhere.

    Args:
        run: A run with rounds, or a day that was planned anew.
        lines: The file: :func:`~ntgeo.sources.sheet_lines.read_sheet_lines`.
        out: A folder outside the run; made where it is not there.

    Raises:
        InputError: The file is faulty, or the folder is within the run.
        DataUnavailableError: The run has no rounds, or there is no such file.
    """
    if out.resolve().is_relative_to(run.resolve()):
        raise InputError(
            Fault(
                file=out.name,
                what="this folder is within the run, which is handed on and holds no address",
                fix="give a folder that only the staff concerned can open",
                code="within-run",
            )
        )
    problem, plan = read_rounds(run)
    made = sorted({stop.place for route in plan.routes for stop in route.stops})
    asked = {str(visit.id) for visit in problem.visits}.intersection(made)
    told = read_sheet_lines(lines, visits=asked)
    out.mkdir(parents=True, exist_ok=True)
    scenario, _ = scenario_of_run(run)
    page = out / "route_sheets.html"
    reports.write_route_sheets(
        page,
        problem,
        plan,
        title=_TITLE if scenario is None else scenario.title,
        place_lines=told.address_of,
        place_notes=told.note_of,
        ways=_ways_of(run, problem, plan),
        is_synthetic=scenario is not None and scenario.is_synthetic,
    )
    reports.write_pdf(page.with_suffix(".pdf"), page)
    return PrintedSheets(
        files=(page, page.with_suffix(".pdf")),
        without_address=tuple(sorted(asked - set(told.address_of))),
    )


def _ways_of(run: Path, problem: RoutingProblem, plan: RoutePlan) -> dict[str, list[str]]:
    """Return how to go to each stop, as the run tells it; none where it does not fit the plan."""
    if not (run / _STOPS).exists():
        return {}
    table = read_table(run / _STOPS, required=("place_id",), optional=("way",))
    stops = reports.rounds_stops_table(problem, plan)
    places = [reports.safe_cell(str(place)).strip() for place in stops["place_id"]]
    if table.texts("place_id").tolist() != places:
        return {}
    ways: dict[str, list[str]] = {}
    for shift, way in zip(stops["shift_id"].tolist(), table.texts("way").tolist(), strict=True):
        ways.setdefault(str(shift), []).append(way)
    return ways
