"""The ``ntgeo`` command."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ntgeo import __version__
from ntgeo.cli import ask_day, check, route, sheets, siting_answer, steps, validate
from ntgeo.cli.door import guarded, print_json, say
from ntgeo.cli.options import AsJson, Folder, ScenarioFile, opened_workspace
from ntgeo.cli.progress import TerminalProgress, cancelled_by_ctrl_c
from ntgeo.cli.roads import roads_app

if TYPE_CHECKING:
    from ntgeo.services.run_scenario import Run

__all__ = ["app", "main"]

app = typer.Typer(
    help="Where services should sit, and who visits whom, with the proof beside the answer.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
steps.add_to(app)
siting_answer.add_to(app)
route.add_to(app)
ask_day.add_to(app)
check.add_to(app)
sheets.add_to(app)
validate.add_to(app)
app.add_typer(roads_app)


@app.command()
def run(scenario: ScenarioFile, folder: Folder = Path(), *, as_json: AsJson = False) -> None:
    """Answer a scenario: demand, sites and rounds, with maps, tables and a report."""
    with opened_workspace(folder, is_quiet=as_json) as workspace:
        done = workspace.run(scenario)
    if as_json:
        print_json(
            {
                "folder": str(done.folder),
                "outcome": done.record.outcome.name.lower().replace("_", "-"),
                "sentences": list(done.sentences),
                "notes": _all_notes(done),
                "demand_in": done.record.demand_in,
                "demand_out": done.record.demand_out,
                "wall_time_s": done.record.wall_time_s,
            }
        )
    else:
        _show_run(done)
    raise typer.Exit(int(done.record.outcome))


def _all_notes(done: Run) -> list[str]:
    """Return what was noted of the files, and of the run, each once."""
    of_files = [note for item in done.record.inputs for note in item.notes]
    return list(dict.fromkeys((*of_files, *done.record.notes)))


def _show_run(done: Run) -> None:
    say("")
    for sentence in done.sentences:
        say(f"• {sentence}")
    for note in _all_notes(done):
        say(f"Note: {note}")
    say("")
    files = {item.file for item in done.record.outputs}
    labels = {"report.html": "Report", "map.html": "Siting map", "rounds.html": "Rounds map"}
    for file, label in labels.items():
        if file in files:
            say(f"{label + ':':<12}{done.folder / file}")
    say(f"{'All files:':<12}{done.folder}")


@app.command()
def demo(folder: Folder = Path(), *, as_json: AsJson = False) -> None:
    """Run the sample borough, which is made up from end to end."""
    run(_sample_scenario(), folder, as_json=as_json)


def _sample_scenario() -> Path:
    checkout = Path(__file__).resolve().parents[2] / "data" / "sample" / "scenario.toml"
    return checkout if checkout.is_file() else Path("data") / "sample" / "scenario.toml"


@app.command()
def prepare() -> None:
    """Compile the road, siting and rounds engines, once on a machine."""
    from ntgeo.services.prepare import prepare as compile_engines  # noqa: PLC0415 - loads solvers
    from ntgeo.settings import Settings  # noqa: PLC0415 - as above

    progress = TerminalProgress()
    with cancelled_by_ctrl_c(progress):
        settings = Settings.from_environment(Path())
        compile_engines(_sample_scenario(), settings, progress=progress)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a scenario, for editors that complete and check as you type."""
    from ntgeo.domain.scenario import Scenario  # noqa: PLC0415 - keeps --help quick

    print_json(Scenario.model_json_schema())


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def main() -> None:
    """Run the command line; the exit code tells how it ended."""
    code = guarded(lambda: app(standalone_mode=False))
    gc.freeze()  # or collecting what a large day left holds the end up for seconds
    sys.exit(code)
