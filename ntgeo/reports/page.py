"""``report.html``: the question, the answer, the proof and the tables, in one file of its own.

The page asks nothing of any other host, needs no script, and says every figure of a chart again in
a table. Every text is escaped; only the charts, which this room draws, are let through as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import jinja2
from markupsafe import Markup

from ntgeo.files import write_text
from ntgeo.reports.clean_text import clean_text
from ntgeo.reports.content import ReportContent
from ntgeo.reports.demand_page import demand_part
from ntgeo.reports.rounds_page import rounds_part
from ntgeo.reports.rounds_sentences import rounds_sentences
from ntgeo.reports.siting_page import siting_part
from ntgeo.reports.views import TableView, facts_view, table_view

__all__ = ["page_environment", "write_report"]

_SHOWN_SHA: Final = 16
_LIMITS: Final = (
    (
        "A plan is only as good as its figures: demand is what was counted or expected, not what "
        "each person would choose."
    ),
    (
        "People are taken to set out from the middle of their area and to go to the site the plan "
        "gives them."
    ),
)
_STRAIGHT_LIMIT: Final = (
    "Journeys were measured in straight lines with a detour factor, so rivers, railways and slow "
    "roads are not seen."
)


def write_report(path: Path, content: ReportContent) -> None:
    """Write the report, whole or not at all.

    Args:
        path: Ends in ``.html``.
        content: What it says.
    """
    environment = page_environment()
    template = environment.get_template("report.html.j2")
    write_text(path, template.render(page=_page(content)))


def page_environment() -> jinja2.Environment:
    """Return the templates of this room; everything that they print is cleaned and escaped."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("ntgeo.reports", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_clean,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _clean(value: Any) -> Any:
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return clean_text(value)


def _page(content: ReportContent) -> dict[str, Any]:
    siting = siting_part(content.siting) if content.siting is not None else None
    rounds = rounds_part(content.rounds) if content.rounds is not None else None
    demand = demand_part(content.demand) if content.demand is not None else None
    parts = [part for part in (siting, rounds) if part is not None]
    return {
        "title": content.title,
        "is_synthetic": content.is_synthetic,
        "is_straight_line": content.is_straight_line,
        "question": content.question,
        "siting_answer": [] if siting is None else siting["sentences"],
        "rounds_answer": _rounds_answer(content),
        "figures": [figure for part in parts for figure in part["figures"]],
        "proofs": [part["proof"] for part in parts],
        "maps": [part["map"] for part in parts if part["map"] is not None],
        "siting": siting,
        "rounds": rounds,
        "demand": demand,
        "inputs": _inputs_view(content),
        "input_notes": [(item.file, note) for item in content.inputs for note in item.notes],
        "set_aside": _set_aside_view(content),
        "notes": content.notes,
        "limits": [
            *_LIMITS,
            *([_STRAIGHT_LIMIT] if content.is_straight_line else []),
            *content.limits,
        ],
        "sources": content.sources,
        "facts": facts_view(list(content.facts.items()), slug="run", caption="This run")
        if content.facts
        else None,
        "files": list(content.files.items()),
    }


def _rounds_answer(content: ReportContent) -> Sequence[str]:
    if content.rounds is None:
        return []
    return rounds_sentences(content.rounds.problem, content.rounds.plan)


def _inputs_view(content: ReportContent) -> TableView | None:
    if not content.inputs:
        return None
    rows = [
        (
            item.file,
            item.role,
            "–" if item.rows is None else f"{item.rows:,}",
            item.sha256[:_SHOWN_SHA],
        )
        for item in content.inputs
    ]
    plain = facts_view([], slug="inputs", caption="Files that were read")
    heading = type(plain.headings[0])
    return TableView(
        slug="inputs",
        caption="Files that were read",
        headings=(
            heading(label="File", is_figure=False),
            heading(label="Read as", is_figure=False),
            heading(label="Rows", is_figure=True),
            heading(label="SHA-256 (first 16 digits)", is_figure=False),
        ),
        rows=tuple(rows),
        note="The whole of each fingerprint is in run.json.",
    )


def _set_aside_view(content: ReportContent) -> TableView | None:
    if content.set_aside is None or content.set_aside.empty:
        return None
    return table_view(
        content.set_aside, slug="set-aside", caption="Rows that were set aside", most=50
    )
