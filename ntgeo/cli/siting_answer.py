"""``ntgeo site``: the siting answer, as the report tells it."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from ntgeo.cli.door import print_json, say
from ntgeo.cli.options import AsJson, Folder, ScenarioFile, opened_workspace
from ntgeo.cli.proof import report_content
from ntgeo.domain.run import RunOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from ntgeo.reports.views import TableView
    from ntgeo.services.answer_scenario import Siting
    from ntgeo.services.plan_services import SharedSiting
    from ntgeo.services.shown_siting import ShownSiting

__all__ = ["add_to"]

_WIDEST: Final = 34
"""A cell longer than this is broken into lines."""

Explain = Annotated[
    bool,
    typer.Option(
        "--explain/--no-explain",
        help="Weigh every other choice too, as [siting.explain] of the scenario asks.",
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command()(site)


def site(
    scenario: ScenarioFile,
    folder: Folder = Path(),
    *,
    explain: Explain = True,
    as_json: AsJson = False,
) -> None:
    """Answer the siting question only: the plan, its proof, whom it moves, what else could be done.

    Small counts are protected, as in the tables of a run.
    """
    from ntgeo.reports import siting_answer  # noqa: PLC0415 - loads table libraries
    from ntgeo.services.siting_section import siting_section  # noqa: PLC0415 - as above

    with opened_workspace(folder, is_quiet=as_json) as workspace:
        shared = workspace.site_services(scenario)
        if shared is not None:
            _show_services(shared, as_json=as_json)
            return
        siting, shown = workspace.site_shown(scenario, explain=explain)
    sentences, views = siting_answer(siting_section(siting, shown))
    if as_json:
        print_json(_content(siting, shown, sentences))
    else:
        _print_answer([*sentences, *siting.explained.notes], views)
    _exit_with(is_short=bool(siting.plan.unserved))


def _show_services(shared: SharedSiting, *, as_json: bool) -> None:
    from ntgeo import reports  # noqa: PLC0415 - loads table libraries

    problem, plan = shared.problem, shared.plan
    sentences, views = reports.shared_answer(problem, plan)
    if as_json:
        content: dict[str, Any] = {
            "opened": list(plan.opened),
            "fixed_cost_gbp": plan.fixed_cost_gbp,
            "report": report_content(plan.report),
            "sentences": sentences,
            "sites": _records(reports.shared_sites_table(problem, plan)),
            "services": _records(reports.shared_services_table(plan)),
        }
        print_json(content)
    else:
        _print_answer(sentences, views)
    _exit_with(is_short=any(part.unserved for part in plan.plans.values()))


def _print_answer(sentences: Sequence[str], views: Sequence[TableView]) -> None:
    say("")
    for sentence in sentences:
        say(f"• {sentence}")
    for view in views:
        say(_view_text(view))


def _exit_with(*, is_short: bool) -> None:
    raise typer.Exit(int(RunOutcome.DONE_WITH_UNSERVED if is_short else RunOutcome.DONE))


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(table.to_json(orient="records"))
    return found


def _content(siting: Siting, shown: ShownSiting, sentences: Sequence[str]) -> dict[str, Any]:
    plan = siting.plan
    tables = {
        name: None if table is None else _records(table) for name, table in shown.tables().items()
    }
    return {
        "opened": list(plan.opened),
        "closed": list(plan.closed),
        "unserved": [
            {"lsoa": area.lsoa, "reason": area.reason, "change": area.change}
            for area in plan.unserved
        ],
        "report": report_content(plan.report),
        "sentences": list(sentences),
        "notes": list(siting.explained.notes),
        **tables,
    }


def _view_text(view: TableView) -> str:
    """Return a table as text: a caption, headings, rows of lines, a note."""
    cells = [[heading.label for heading in view.headings], *view.rows]
    lines = [[textwrap.wrap(cell, _WIDEST) or [""] for cell in row] for row in cells]
    widths = [max(len(line) for row in lines for line in row[c]) for c in range(len(cells[0]))]
    text = ["", view.caption]
    for row in lines:
        for at in range(max(len(cell) for cell in row)):
            parts = [
                (cell[at] if at < len(cell) else "").rjust(width)
                if heading.is_figure
                else (cell[at] if at < len(cell) else "").ljust(width)
                for cell, width, heading in zip(row, widths, view.headings, strict=True)
            ]
            text.append("  ".join(parts).rstrip())
    return "\n".join([*text, *textwrap.wrap(view.note, 100)])
