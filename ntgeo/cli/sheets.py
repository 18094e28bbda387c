"""``ntgeo sheets``: today's sheets for the staff who go, with addresses that no run holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ntgeo.cli.door import print_json, say
from ntgeo.cli.options import AsJson, Folder, RunFolder, opened_workspace
from ntgeo.errors import first_five

__all__ = ["add_to"]

Lines = Annotated[
    Path, typer.Option("--lines", help="A table of visit_id, address_line and, if wished, note.")
]
OutFolder = Annotated[
    Path, typer.Option("--out", help="A folder outside the run that only those staff can open.")
]


def add_to(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command()(sheets)


def sheets(
    run: RunFolder,
    folder: Folder = Path(),
    *,
    lines: Lines,
    out: OutFolder,
    as_json: AsJson = False,
) -> None:
    """Print a run's route sheets with an address line and a note for each visit."""
    with opened_workspace(folder, is_quiet=as_json) as workspace:
        done = workspace.print_sheets(run, lines, out)
    if as_json:
        files = [str(file) for file in done.files]
        print_json({"files": files, "without_address": list(done.without_address)})
        return
    for file in done.files:
        say(f"Route sheets: {file}")
    if done.without_address:
        left = first_five(done.without_address)
        say(f"Without an address line, since {lines.name} has none: {left}.")
    say("They hold addresses: keep them as you keep case files.")
