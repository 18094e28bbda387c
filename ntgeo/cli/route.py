"""``ntgeo route``: the rounds answer, of a scenario or of a file in VROOM's JSON."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ntgeo.cli.door import print_json, say
from ntgeo.cli.options import AsJson, Folder, opened_workspace
from ntgeo.cli.proof import print_proof, report_content
from ntgeo.cli.tables import as_records, print_table
from ntgeo.domain.rounds_words import change_cost_text, change_text
from ntgeo.domain.run import RunOutcome
from ntgeo.errors import InputError

if TYPE_CHECKING:
    from ntgeo.domain.routing import RoutePlan
    from ntgeo.services.answer_rounds import Rounds

__all__ = ["add_to"]


class DayFormat(StrEnum):
    """What a day is read from."""

    NTGEO = "ntgeo"
    """A scenario."""
    VROOM = "vroom"
    """VROOM's JSON; the answer is as VROOM writes it."""


DayFile = Annotated[
    Path, typer.Argument(help="The scenario, a .toml file, or VROOM's .json.", metavar="FILE")
]
Format = Annotated[DayFormat, typer.Option("--format", help="What FILE is.")]
OutFile = Annotated[Path | None, typer.Option("--out", help="With vroom: write to this file.")]
Roads = Annotated[
    Path | None,
    typer.Option("--network", help="With vroom: roads, where the file has no matrices."),
]
Explain = Annotated[
    bool,
    typer.Option(
        "--explain/--no-explain",
        help="Solve again for what would mend the plan, as [rounds.explain] of the scenario asks.",
    ),
]
NextBest = Annotated[
    bool, typer.Option("--next-best", help="Solve again for who would make each visit instead.")
]
TimeLimit = Annotated[
    float, typer.Option("--time-limit", help="With vroom: seconds to plan in.", min=0.1, max=900)
]
Seed = Annotated[int, typer.Option("--seed", help="With vroom: of every random choice.", min=0)]


def add_to(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command()(route)


def route(  # noqa: PLR0913 - each is an option of the command
    file: DayFile,
    folder: Folder = Path(),
    *,
    explain: Explain = True,
    next_best: NextBest = False,
    day_format: Format = DayFormat.NTGEO,
    out: OutFile = None,
    network: Roads = None,
    time_limit_s: TimeLimit = 60.0,
    seed: Seed = 1,
    as_json: AsJson = False,
) -> None:
    """Answer the rounds question only: who visits whom when, at what cost, and what is not made."""
    if day_format is DayFormat.VROOM:
        plan = _answer_vroom(file, folder, out, network, (time_limit_s, seed))
        is_short = bool(plan.unmade)
    else:
        with opened_workspace(folder, is_quiet=as_json) as workspace:
            rounds = workspace.route(file, explain=explain, next_best=next_best)
        is_short = rounds.is_short
        if as_json:
            print_json(_content(rounds))
        else:
            _print_rounds(rounds)
    raise typer.Exit(int(RunOutcome.DONE_WITH_UNSERVED if is_short else RunOutcome.DONE))


def _answer_vroom(
    file: Path, folder: Path, out: Path | None, network: Path | None, effort: tuple[float, int]
) -> RoutePlan:
    """Write the answer as VROOM would: a refusal, too, is JSON, besides its sentence."""
    from ntgeo.files import write_text  # noqa: PLC0415 - keeps --help quick

    time_limit_s, seed = effort
    try:
        with opened_workspace(folder, is_quiet=False) as workspace:
            found = workspace.route_vroom(
                file, network=network, time_limit_s=time_limit_s, seed=seed
            )
    except InputError as error:
        print_json({"code": 2, "error": str(error)})
        raise
    if out is None:
        print_json(found.content)
    else:
        write_text(out, json.dumps(found.content, ensure_ascii=False) + "\n")
    return found.plan


def _content(rounds: Rounds) -> dict[str, Any]:
    from ntgeo import reports  # noqa: PLC0415 - loads table libraries

    plan = rounds.plan
    tables = {
        "stops": reports.rounds_stops_table(rounds.problem, plan),
        "unmade": reports.unmade_table(rounds.problem, plan),
        "next_best": reports.next_best_table(rounds.next_best),
    }
    return {
        **as_records(tables),
        "set_aside": [str(fault) for fault in rounds.set_aside],
        "cost": plan.cost.terms,
        "report": report_content(plan.report),
    }


def _print_rounds(rounds: Rounds) -> None:
    from ntgeo import reports  # noqa: PLC0415 - loads table libraries

    plan = rounds.plan
    stops = reports.rounds_stops_table(rounds.problem, plan)
    columns = ["shift_id", "stop_number", "kind", "place_id", "arrive", "begin", "leave"]
    print_table("Rounds", stops, columns)
    if rounds.next_best:
        print_table("Who else could come", reports.next_best_table(rounds.next_best))
    print_proof(plan.report)
    for term, cost_gbp in plan.cost.terms.items():
        if cost_gbp:
            say(f"  {term.removesuffix('_gbp').replace('_', ' ')}: £{cost_gbp:,.2f}")
    for visit in plan.unmade:
        say(f"Not made: {visit.reason}")
        if visit.change is not None:
            what, cost = change_text(visit.change), change_cost_text(visit.change)
            say(f"  It could be made {what}: {cost}.")
