"""What every file of a run is written from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final, Self, TypeVar

import pandas as pd

from ntgeo import reports
from ntgeo.domain.run import InputFile
from ntgeo.domain.scenario import Scenario
from ntgeo.services.answer_scenario import Answer
from ntgeo.services.protected import ShownDemand, as_shown, shown_demand
from ntgeo.services.public_view import public_view
from ntgeo.services.question import Question
from ntgeo.services.shown_siting import ShownSiting, shown_siting

__all__ = ["Desk"]

Table = TypeVar("Table", bound=pd.DataFrame)
_USUAL_RULE: Final = "local-5"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Desk:
    """A question, its answer, and the demand as it may be shown.

    Args:
        folder: Where files are written.
        question: The scenario and what was read.
        answer: Checked.
        shown: Demand with small counts withheld.
        rule: Name of the rule that withheld them; ``None`` for none.
        made_on: Date of the run in London.
        siting: The tables of the siting answer; ``None`` where no sites were asked for.
        basemap_key: Of the map tiles asked for, where they need one.
        is_public: Whether anyone may see what is written: areas and totals only.
    """

    folder: Path
    question: Question
    answer: Answer
    shown: ShownDemand
    rule: str | None
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
            rule=rule,
            made_on=made_on,
            siting=None if siting is None else shown_siting(siting, facts, shown, rule),
            basemap_key=basemap_key,
        )

    def for_public(self, folder: Path) -> Self:
        """Lay out what anyone may see: nothing of staff, and every figure from protected counts.

        A scenario that asks for no rule is protected by the usual one here.
        """
        asked, areas = self.scenario.demand, self.answer.places.areas
        rule = self.scenario.disclosure_rule or _USUAL_RULE
        shown = shown_demand(self.answer.demand, areas, asked, rule)
        answer, shown = public_view(self.answer, shown, asked, rule)
        siting = answer.siting
        return replace(
            self,
            folder=folder,
            answer=answer,
            shown=shown,
            rule=rule,
            siting=None if siting is None else shown_siting(siting, self.area_facts, shown, rule),
            is_public=True,
        )

    @property
    def inputs(self) -> tuple[InputFile, ...]:
        """The files that were read; for the public without those of single records.

        How many rows they have, and their hash, would tell a record more or less.
        """
        read = self.question.inputs
        return tuple(f for f in read if f.role != "demand.records") if self.is_public else read

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
        answer = self.answer
        lost = () if answer.rounds is None else answer.rounds.set_aside
        return reports.rejects_table([*answer.places.set_aside, *answer.demand.set_aside, *lost])

    def as_shown(self, table: Table) -> Table:
        """Return a table whose ``demand`` tells no small count."""
        return as_shown(table, self.shown, self.rule)
