"""``ntgeo offer`` and ``ntgeo replan``: what a manager asks of a day that is planned."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ntgeo.cli.door import print_json, say
from ntgeo.cli.options import AsJson, Folder, RunFolder, opened_workspace
from ntgeo.cli.tables import as_records, print_table
from ntgeo.domain.run import RunOutcome

if TYPE_CHECKING:
    from ntgeo.services.ask_day import ReplannedDay

__all__ = ["add_to"]

VisitName = Annotated[str, typer.Option("--visit", help="A visit of the day, or of --new.")]
Slots = Annotated[str, typer.Option(help="Clock times: 09:00-11:00,13:00-15:00.")]
NewFile = Annotated[
    Path | None, typer.Option("--new", help="Visits that the plan does not know: CSV or XLSX.")
]
Scenario = Annotated[
    Path | None, typer.Option(help="With --new: the scenario by whose roads they are reached.")
]
Accept = Annotated[
    str | None,
    typer.Option(help="With --out: the slot the family took; the day is written with it."),
]
MovesOthers = Annotated[
    bool, typer.Option("--move-others/--keep-others", help="Whether other visits' times may move.")
]
Now = Annotated[str, typer.Option(help="The time: 10:40.")]
Events = Annotated[
    Path | None,
    typer.Option(help="What happened: CSV or XLSX with event, visit_id, staff_id, at, until."),
]
Ill = Annotated[list[str] | None, typer.Option(help="STAFF, or STAFF=10:15 for from when.")]
Overruns = Annotated[
    list[str] | None, typer.Option(help="VISIT=11:20 for a visit that is over only then.")
]
Promised = Annotated[list[str] | None, typer.Option(help="A visit whose time was promised.")]
TimeLimit = Annotated[
    float, typer.Option("--time-limit", help="Seconds to plan in.", min=0.1, max=900)
]
OutFolder = Annotated[
    Path | None, typer.Option("--out", help="Write the new plan and its sheets to this folder.")
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file to ``app``."""
    for command in (offer, replan):
        app.command()(command)


def offer(  # noqa: PLR0913 - each is an option of the command
    run: RunFolder,
    folder: Folder = Path(),
    *,
    visit: VisitName,
    slots: Slots,
    new: NewFile = None,
    scenario: Scenario = None,
    moves_others: MovesOthers = False,
    time_limit_s: TimeLimit = 60.0,
    accept: Accept = None,
    out: OutFolder = None,
    as_json: AsJson = False,
) -> None:
    """Tell which slots a family can be offered, who would come, and what each would cost."""
    from ntgeo.reports import offers_table  # noqa: PLC0415 - loads table libraries
    from ntgeo.services.ask_day import (  # noqa: PLC0415 - as above
        OfferAsked,
        accept_slot,
        new_visits,
    )

    asked = OfferAsked(
        run=run,
        visit=visit,
        slots=slots,
        new=new_visits(new, scenario),
        moves_others=moves_others,
        time_limit_s=time_limit_s,
    )
    if (accept is None) != (out is None):
        msg = "--accept and --out go together: the slot, and the folder for the day with it"
        raise typer.BadParameter(msg)
    with opened_workspace(folder, is_quiet=as_json) as workspace:
        found = workspace.offer(asked)
    table = offers_table(found.problem, found.offers)
    files = {} if accept is None or out is None else accept_slot(out, found, accept)
    if as_json:
        told = {"visit_id": found.visit, **as_records({"offers": table})}
        print_json(told | ({"files": files} if files else {}))
    else:
        print_table(f"Offers for {found.visit}", table)
        for file, what in files.items():
            say(f"{what}: {out}/{file}")
    can = any(offered.plan is not None for offered in found.offers)
    raise typer.Exit(int(RunOutcome.DONE if can else RunOutcome.DONE_WITH_UNSERVED))


def replan(  # noqa: PLR0913 - each is an option of the command
    run: RunFolder,
    folder: Folder = Path(),
    *,
    now: Now,
    events: Events = None,
    ill: Ill = None,
    overruns: Overruns = None,
    promised: Promised = None,
    new: NewFile = None,
    scenario: Scenario = None,
    time_limit_s: TimeLimit = 4.0,
    out: OutFolder = None,
    as_json: AsJson = False,
) -> None:
    """Plan the rest of a day that no longer goes as planned, with the fewest changes."""
    from ntgeo.services.ask_day import (  # noqa: PLC0415 - loads table libraries
        ReplanAsked,
        new_visits,
        write_replanned,
    )
    from ntgeo.sources.day_events import events_told  # noqa: PLC0415 - as above

    asked = ReplanAsked(
        run=run,
        now=now,
        events=events_told(events, ill=ill or (), overruns=overruns or (), promised=promised or ()),
        new=new_visits(new, scenario),
        time_limit_s=time_limit_s,
    )
    with opened_workspace(folder, is_quiet=as_json) as workspace:
        day = workspace.replan(asked)
    files = {} if out is None else write_replanned(out, day)
    if as_json:
        print_json({**_content(day), "files": files})
    else:
        _print_day(day)
        for file, what in files.items():
            say(f"{what}: {out}/{file}")
    unmade = day.new.plan.unmade
    raise typer.Exit(int(RunOutcome.DONE_WITH_UNSERVED if unmade else RunOutcome.DONE))


def _content(day: ReplannedDay) -> dict[str, Any]:
    from ntgeo import reports  # noqa: PLC0415 - loads table libraries

    problem, new = day.new.day, day.new
    tables = {
        "changes": reports.changes_table(problem, new.changes),
        "stops": reports.rounds_stops_table(problem, new.plan),
        "unmade": reports.unmade_table(problem, new.plan),
    }
    return {
        "moved": new.moved,
        "is_moved_least": new.is_moved_least,
        "cost": new.plan.cost.terms,
        **as_records(tables),
    }


def _print_day(day: ReplannedDay) -> None:
    from ntgeo import reports  # noqa: PLC0415 - loads table libraries

    new = day.new
    table = reports.changes_table(new.day, new.changes)
    if len(table):
        print_table(f"Changes from {day.clock} on", table)
    proof = "proven least" if new.is_moved_least else "not proven least"
    say(f"\n{new.moved:,} visits get other staff ({proof}); cost £{new.plan.cost.total_gbp:,.2f}.")
    for visit in new.plan.unmade:
        say(f"Not made: {visit.reason}")
