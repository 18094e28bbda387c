"""A day that goes on otherwise than planned, as files: the plan, tables, sheets and a report."""

from __future__ import annotations

from pathlib import Path

from ntgeo import reports
from ntgeo.domain.replan import NewPlan
from ntgeo.domain.scenario import Scenario
from ntgeo.files import write_text
from ntgeo.services.plan_files import ROUNDS_FILE, write_rounds
from ntgeo.services.scenario_of_run import SCENARIO_FILE

__all__ = ["write_day"]


def write_day(
    folder: Path, new: NewPlan, *, title: str, asked: tuple[Scenario | None, str]
) -> dict[str, str]:
    """Write how a day goes on; the folder can be asked, and planned anew, like a run's.

    Args:
        folder: Made where it is not there.
        new: The day, its plan, and what is otherwise than before.
        title: Of its pages.
        asked: The scenario, ``None`` where it cannot be read, and its text.

    Returns:
        File name → what it is, for each file written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (scenario, text), problem, plan = asked, new.day, new.plan
    write_rounds(folder, problem, plan)
    if text:
        write_text(folder / SCENARIO_FILE, text)
    tables = {
        "changes.csv": (reports.changes_table(problem, new.changes), "What families are told"),
        "stops.csv": (reports.rounds_stops_table(problem, plan), "Every stop of every round"),
        "unmade.csv": (reports.unmade_table(problem, plan), "Visits not made, and why"),
    }
    for file, (table, _) in tables.items():
        reports.write_csv_table(folder / file, table)
    sheets = "route_sheets.html"
    is_synthetic = scenario is not None and scenario.is_synthetic
    reports.write_route_sheets(
        folder / sheets, problem, plan, title=title, is_synthetic=is_synthetic
    )
    reports.write_pdf(folder / "route_sheets.pdf", folder / sheets)
    described = {file: what for file, (_, what) in tables.items()}
    described |= {
        sheets: "A sheet to print for each round",
        "route_sheets.pdf": "The route sheets, ready to print",
        ROUNDS_FILE: "The plan",
    }
    section = reports.RoundsSection(
        problem=problem,
        plan=plan,
        map_file=None,
        sheets_file=sheets,
        changes=tables["changes.csv"][0],
    )
    content = reports.ReportContent(
        title=title,
        rounds=section,
        sources=() if scenario is None else scenario.sources,
        files=described,
        is_synthetic=is_synthetic,
    )
    reports.write_report(folder / "report.html", content)
    return described | {"report.html": "What changes, on one page"}
