"""What every file of a run is written from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

import pandas as pd

from ntgeo.demand import DISCLOSURE_RULES
from ntgeo.domain.scenario import Scenario
from ntgeo.services.answer_scenario import Answer
from ntgeo.services.protected import ShownDemand
from ntgeo.services.question import Question

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
    """

    folder: Path
    question: Question
    answer: Answer
    shown: ShownDemand
    made_on: date

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
        columns = ["file", "row", "column", "value", "what", "fix", "code"]
        faults = self.answer.demand.set_aside
        return pd.DataFrame(
            [[getattr(fault, column) for column in columns] for fault in faults], columns=columns
        )

    def as_shown(self, table: Table) -> Table:
        """Return a table whose ``demand`` tells no small count.

        Where areas weigh their observed use, the demand of an area that is withheld is missing, and
        all other demand is rounded as the rule rounds counts, sums apart from their parts.
        """
        rule = self.scenario.disclosure_rule
        if "demand" not in table or rule is None or not self.shown.is_observed:
            return table
        step = DISCLOSURE_RULES[rule].rounded_to
        demand = (table["demand"] / step).round() * step
        if "lsoa" in table:
            demand = demand.mask(table["lsoa"].isin(self.shown.withheld_areas))
        return table.assign(demand=demand)
