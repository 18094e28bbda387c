"""Frames as the tables a page shows: labels, units, and cells in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import pandas as pd

from ntgeo.domain.siting_words import value_text
from ntgeo.domain.solving import SolveReport
from ntgeo.reports.columns import ColumnKind, column_of
from ntgeo.reports.plain import MISSING, cell_text

__all__ = ["Heading", "TableView", "facts_view", "proof_view", "table_view"]

_LEFT: Final = {ColumnKind.TEXT, ColumnKind.FLAG}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A column heading: its label, and whether figures stand under it."""

    label: str
    is_figure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """A table on a page; the first cell of each row names the row.

    Args:
        slug: Unique on the page.
        caption: What it shows.
        headings: One a column.
        rows: Cells as text.
        note: Under the table; empty for none.
    """

    slug: str
    caption: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def table_view(  # noqa: PLR0913 - each says one thing of the table
    frame: pd.DataFrame,
    *,
    slug: str,
    caption: str,
    columns: Sequence[str] | None = None,
    note: str = "",
    most: int | None = None,
    labels: Mapping[str, str] = MappingProxyType({}),
) -> TableView:
    """Return the view of a frame.

    Args:
        frame: Columns of the schema; others are shown as text.
        slug: Unique on the page.
        caption: What it shows.
        columns: Which to show, in this order; those that hold nothing at all are left out.
        note: Under the table.
        most: Rows at most; the note then says how many more there are.
        labels: Column name → label, where the schema's does not fit.
    """
    names = [name for name in columns or frame.columns if _has_content(frame[name])]
    shown = frame if most is None else frame.head(most)
    known = [column_of(name) for name in names]
    cells = [
        [cell_text(value, column.kind) for value in shown[column.name].tolist()] for column in known
    ]
    more = len(frame) - len(shown)
    notes = [note] if note else []
    if more > 0:
        notes.append(f"And {more:,} more, in the tables of the run.")
    return TableView(
        slug=slug,
        caption=caption,
        headings=tuple(
            Heading(label=labels.get(c.name, c.label), is_figure=c.kind not in _LEFT) for c in known
        ),
        rows=tuple(zip(*cells, strict=True)) if cells else (),
        note=" ".join(notes),
    )


def _has_content(column: pd.Series) -> bool:
    return column.empty or bool((column.notna() & (column.astype("str") != "")).any())


def proof_view(report: SolveReport, *, slug: str, caption: str) -> TableView:
    """Return the proof of a plan, a fact a row."""
    gap = report.gap_share
    rows = [
        ("How good it is", report.status_text),
        ("Value of the plan", value_text(report.objective, report.unit)),
        (
            "No plan can be better than",
            "not known" if report.bound is None else value_text(report.bound, report.unit),
        ),
        ("Gap between the two", "not known" if gap is None else f"{100 * gap:.2f}%"),
        *(
            (
                f"Aim {number}: {stage.name}",
                value_text(stage.objective, stage.unit)
                + (", proven best" if stage.is_proven else ""),
            )
            for number, stage in enumerate(report.stages, start=1)
        ),
        ("Aim", "as much as possible" if report.is_maximised else "as little as possible"),
        ("Method", report.method),
        ("Seed that repeats it", str(report.seed)),
    ]
    return facts_view(rows, slug=slug, caption=caption)


def facts_view(rows: Sequence[tuple[str, str]], *, slug: str, caption: str) -> TableView:
    """Return facts as a table of two columns."""
    return TableView(
        slug=slug,
        caption=caption,
        headings=(
            Heading(label="Fact", is_figure=False),
            Heading(label="Value", is_figure=False),
        ),
        rows=tuple((name, value or MISSING) for name, value in rows),
    )
