"""The single steps: demand, matrix, map."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ntgeo.cli.door import print_json, say
from ntgeo.cli.options import AsJson, Folder, ScenarioFile, Scheduler, opened_workspace
from ntgeo.cli.tables import as_records, print_table

__all__ = ["add_to"]

OutFile = Annotated[Path | None, typer.Option("--out", help="Write to this CSV file instead.")]
OutFolder = Annotated[Path, typer.Option("--out", help="The maps are written here.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file to ``app``."""
    for command in (demand, matrix):
        app.command()(command)
    app.command("map")(draw_maps)


def demand(scenario: ScenarioFile, folder: Folder = Path(), *, as_json: AsJson = False) -> None:
    """Show who uses what, by deprivation; small counts are protected."""
    with opened_workspace(folder, is_quiet=as_json) as workspace:
        found, shown = workspace.demand_shown(scenario)
    tables = {"use_by_area": shown.by_area}
    if shown.by_decile is not None and found.inequality is not None:
        tables |= {"use_by_decile": shown.by_decile, "inequality": found.inequality}
    if as_json:
        records = {item.file: item.kept for item in found.records}
        notes = [*found.place_notes, *found.cautions, *found.reading_notes]
        print_json({"records_kept": records, "notes": notes, **as_records(tables)})
        return
    for name in ("use_by_decile", "inequality"):
        if name in tables:
            print_table(name.replace("_", " ").capitalize(), tables[name])
    if shown.rule_text:
        say(f"\n{shown.rule_text}")
    for note in found.reading_notes:
        say(f"Note: {note}")


def matrix(
    scenario: ScenarioFile,
    folder: Folder = Path(),
    out: OutFile = None,
    scheduler: Scheduler = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Reckon travel times from every area to every site, one row a pair."""
    from ntgeo.reports.exports import write_csv_table  # noqa: PLC0415 - loads table libraries
    from ntgeo.reports.travel_tables import travel_table  # noqa: PLC0415 - as above

    with opened_workspace(folder, is_quiet=as_json) as workspace:
        travel = workspace.matrix(scenario, scheduler=scheduler)
    table = travel_table(travel)
    if out is not None:
        write_csv_table(out, table)
    if as_json:
        facts = {
            "mode": travel.mode.value,
            "method": travel.method,
            "range": asdict(travel.time_range),
            "pairs": len(table),
        }
        print_json(facts if out is not None else {**facts, **as_records({"times": table})})
    elif out is not None:
        told = travel.time_range
        say(f"{len(table):,} pairs by {travel.mode} ({travel.method}): {out}")
        say(
            f"Times range from {told.low_share:g} to {told.high_share:g} times the central ones "
            f"({told.source})."
        )
    else:
        typer.echo(table.to_csv(index=False, lineterminator="\n"), nl=False)


def draw_maps(
    scenario: ScenarioFile,
    folder: Folder = Path(),
    out: OutFolder = Path("maps/drawn"),
    *,
    as_json: AsJson = False,
) -> None:
    """Answer a scenario and draw its maps only."""
    with opened_workspace(folder, is_quiet=as_json) as workspace:
        files = workspace.map(scenario, out)
    if as_json:
        print_json({"folder": str(out), "files": files})
        return
    for file, description in files.items():
        say(f"{description}: {out / file}")
