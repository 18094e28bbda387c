"""``ntgeo check``: a run again, or rounds that somebody made by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ntgeo.cli.door import print_json, say
from ntgeo.cli.options import AsJson, Folder, opened_workspace
from ntgeo.domain.run import RunOutcome

if TYPE_CHECKING:
    from ntgeo.services.check_rounds import CheckedRounds
    from ntgeo.services.check_run import CheckedRun

__all__ = ["add_to"]

Asked = Annotated[
    Path,
    typer.Argument(help="A folder below maps/; with --plan, a scenario as well.", metavar="RUN"),
]
HandPlanFile = Annotated[
    Path | None,
    typer.Option(
        "--plan",
        help="Rounds made by hand: a table of shift_id, visit_id and, if known, arrive or begin.",
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command()(check)


def check(
    asked: Asked, folder: Folder = Path(), plan: HandPlanFile = None, *, as_json: AsJson = False
) -> None:
    """Check a run folder again, without any solver, or rounds that somebody made by hand."""
    if plan is not None:
        with opened_workspace(folder, is_quiet=as_json) as workspace:
            rounds = workspace.check_rounds(asked, plan)
        _tell_rounds(rounds, plan, as_json=as_json)
        raise typer.Exit(int(_outcome_of(rounds)))
    from ntgeo.services.check_run import check_run  # noqa: PLC0415 - loads table libraries

    found = check_run(asked)
    _tell_run(found, as_json=as_json)
    if found.altered:
        raise typer.Exit(int(RunOutcome.INPUT_REFUSED))
    raise typer.Exit(int(RunOutcome.OUR_BUG if found.faults else RunOutcome.DONE))


def _tell_run(found: CheckedRun, *, as_json: bool) -> None:
    name = found.folder.name
    if as_json:
        print_json(
            {
                "folder": str(found.folder),
                "is_sound": found.is_sound,
                "altered": list(found.altered),
                "faults": list(found.faults),
            }
        )
    elif found.is_sound:
        say(f"{name} is sound: no file was altered, and every plan keeps every rule.")
    else:
        say(f"{name} is refused:", err=True)
        for fault in (*found.altered, *found.faults):
            say(f"- {fault}", err=True)


def _outcome_of(rounds: CheckedRounds) -> RunOutcome:
    if rounds.breaches:
        return RunOutcome.INPUT_REFUSED
    return RunOutcome.DONE_WITH_UNSERVED if rounds.plan.unmade else RunOutcome.DONE


def _tell_rounds(rounds: CheckedRounds, plan: Path, *, as_json: bool) -> None:
    if as_json:
        print_json(_content(rounds))
        return
    if rounds.breaches:
        say(f"{plan.name} breaks rules ({len(rounds.breaches):,}):")
        for breach in rounds.breaches:
            say(f"- {breach}")
    else:
        say(f"{plan.name} keeps every rule.")
    if rounds.plan.unmade:
        left = ", ".join(visit.visit for visit in rounds.plan.unmade)
        say(f"\nVisits in no round ({len(rounds.plan.unmade):,}): {left}")
    say("\nWhat it costs" + ("" if rounds.ours is None else ", and what ntgeo's plan does"))
    ours = None if rounds.ours is None else rounds.ours.cost
    for term, gbp in rounds.plan.cost.terms.items():
        other = None if ours is None else ours.terms[term]
        if gbp or other:
            say(_line(term.removesuffix("_gbp").replace("_", " "), gbp, other))
    total = None if ours is None else ours.total_gbp
    say(_line("in all", rounds.plan.cost.total_gbp, total))
    if rounds.ours is not None:
        say(f"ntgeo's plan leaves {len(rounds.ours.unmade):,} visits.")


def _line(name: str, gbp: float, ours: float | None) -> str:
    beside = "" if ours is None else f"{f'£{ours:,.2f}':>14}"
    return f"  {name:<16}{f'£{gbp:,.2f}':>14}{beside}"


def _content(rounds: CheckedRounds) -> dict[str, Any]:
    ours = rounds.ours
    return {
        "keeps_every_rule": not rounds.breaches,
        "breaches": [
            {"rule": b.rule, "shift_id": b.shift, "visit_id": b.visit, "text": b.text}
            for b in rounds.breaches
        ],
        "unmade": [visit.visit for visit in rounds.plan.unmade],
        "cost": rounds.plan.cost.terms,
        "total_gbp": rounds.plan.cost.total_gbp,
        "ours": None
        if ours is None
        else {
            "unmade": [visit.visit for visit in ours.unmade],
            "cost": ours.cost.terms,
            "total_gbp": ours.cost.total_gbp,
        },
    }
