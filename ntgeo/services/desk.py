"""What every file of a run is written from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Self, TypeVar

import pandas as pd

from ntgeo import reports
from ntgeo.domain.scenario import Scenario
from ntgeo.services.answer_scenario import Answer
from ntgeo.services.protected import ShownDemand, as_shown, shown_demand
from ntgeo.services.question import Question
from ntgeo.services.shown_siting import ShownSiting, shown_siting

__all__ = ["Desk"]

Table = TypeVar("Table", bound=pd.DataFrame)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Desk:
    """A question, its answer, and the demand as it may be shown.

    Args:
        folder: Where files are written.
        question: The scenario and what was read.
        answer: Checked.
        shown: Demand with small counts withheld.
        made_on: Date of the run in London.
        siting: The tables of the siting answer; ``None`` where no sites were asked for.
        basemap_key: Of the map tiles asked for, where they need one.
        is_public: Whether anyone may see what is written: areas and totals only.
    """

    folder: Path
    question: Question
    answer: Answer
    shown: ShownDemand
    made_on: date
    siting: ShownSiting | None
    basemap_key: str | None = field(default=None, repr=False)
    is_public: bool = False

    @classmethod
    def of(
        cls,
        folder: Path,
        question: Question,
        answer: Answer,
        made_on: date,
        basemap_key: str | None = None,
    ) -> Self:
        """Lay out what is written, with small counts protected."""
        rule, areas = question.scenario.disclosure_rule, answer.places.areas
        shown = shown_demand(answer.demand, areas, question.scenario.demand, rule)
        facts = pd.DataFrame(areas.drop(columns="geometry"))
        siting = answer.siting
        return cls(
            folder=folder,
            question=question,
            answer=answer,
            shown=shown,
            made_on=made_on,
            siting=None if siting is None else shown_siting(siting, facts, shown, rule),
            basemap_key=basemap_key,
        )

    def for_public(self, folder: Path) -> Self:
        """Lay out the same without what is for staff: rounds, and rows that were set aside."""
        demand = replace(self.answer.demand, set_aside=())
        answer = replace(self.answer, demand=demand, rounds=None)
        return replace(self, folder=folder, answer=answer, is_public=True)

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.question.scenario

    @property
    def area_facts(self) -> pd.DataFrame:
        """The areas without their shapes."""
        return pd.DataFrame(self.answer.places.areas.drop(columns="geometry"))

    @property
    def rejects(self) -> pd.DataFrame:
        """``file, row, column, value, what, fix, code`` of each row set aside."""
        return reports.rejects_table(self.answer.demand.set_aside)

    def as_shown(self, table: Table) -> Table:
        """Return a table whose ``demand`` tells no small count."""
        return as_shown(table, self.shown, self.scenario.disclosure_rule)
