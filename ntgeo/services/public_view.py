"""An answer as anyone may see it: every figure reckoned again from the counts that are shown.

What is published of an area, a service or a decile is a function of the protected counts, of where
people live, and of the plan. No figure is made of a true count, however it is rounded: an
expectation, a mean journey or a sum that was would tell, from one release to the next, whose count
changed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ntgeo import demand as demands
from ntgeo import siting as siting_room
from ntgeo.demand.denominators import ALL_AGES
from ntgeo.domain.scenario import DemandTable
from ntgeo.services.answer_scenario import Answer, Siting
from ntgeo.services.build_demand import bands_of, expect_demand, weigh_demand
from ntgeo.services.explain_sites import ExplainedSiting
from ntgeo.services.protected import ShownDemand, compared, figures

__all__ = ["public_view"]

_GROUP_YEARS: Final = 5
_LEFT_OUT: Final = (
    "What closing and opening other sites would mean, the next-best plans and how far demand may "
    "grow are left out of what is published: they are reckoned from exact demand."
)


def public_view(
    answer: Answer, shown: ShownDemand, asked: DemandTable, rule: str
) -> tuple[Answer, ShownDemand]:
    """Return an answer and its demand with every figure reckoned from what is shown.

    Args:
        answer: As it is.
        shown: Its demand, protected by the rule.
        asked: What the scenario says of demand.
        rule: Name of the rule.

    Returns:
        The answer without rounds, without the notes on single records and without the rows that
        were set aside. Expected use, indices of inequality and weights are reckoned from the counts
        shown, a withheld one counting as the middle of what the rule hides. The sites and who goes
        to them are those of the answer; all that is told of them is reckoned by the new weights.
    """
    found, places = answer.demand, answer.places
    stand_in = demands.DISCLOSURE_RULES[rule].stand_in
    use = _filled(shown.by_area[list(found.use.columns)], stand_in)
    ages = (
        None if found.ages is None else _filled(_protected_ages(found.ages, asked, rule), stand_in)
    )
    expectation = expect_demand(asked, places, use, ages)
    inequality = None
    if shown.by_decile is not None:
        inequality = demands.inequality_indices(_filled(shown.by_decile, stand_in))
    weight, unit = weigh_demand(asked, places, found.service, use, expectation.frame)
    public = replace(
        found,
        use=use,
        ages=ages,
        inequality=inequality,
        expected=expectation.frame,
        models=expectation.models,
        weight=weight,
        weight_unit=unit,
        records=(),
        set_aside=(),
    )
    siting = answer.siting
    if siting is not None and _is_of_use(asked):
        siting = _told_by(siting, weight)
    note = (
        f" Expected use and all that is told of sites is reckoned from the counts shown here, each "
        f"withheld one counting as {stand_in:g}."
    )
    told = replace(
        shown,
        by_area=compared(shown.by_area[list(found.use.columns)], expectation.frame),
        rule_text=shown.rule_text + note,
    )
    return replace(answer, demand=public, siting=siting, rounds=None), told


def _filled(table: pd.DataFrame, stand_in: float) -> pd.DataFrame:
    """Return a table in which each withheld count counts as the middle of what is hidden."""
    return table.assign(count=figures(table["count"]).fillna(stand_in))


def _protected_ages(ages: pd.DataFrame, asked: DemandTable, rule: str) -> pd.DataFrame:
    """Protect use by five-year age group, those in which nobody is counted among them."""
    parts = []
    for service, uses in ages.groupby("service", sort=True):
        youngest, oldest = bands_of(asked).get(str(service), ALL_AGES)
        group = np.maximum(uses["age"] // _GROUP_YEARS * _GROUP_YEARS, youngest)
        summed = uses["count"][uses["age"].between(youngest, oldest)].groupby(group).sum()
        years = np.arange(youngest, oldest + 1)
        starts = np.unique(np.maximum(years // _GROUP_YEARS * _GROUP_YEARS, youngest))
        dense = summed.reindex(starts, fill_value=0).rename_axis("age").reset_index()
        parts.append(dense.assign(service=service))
    grouped = pd.concat(parts, ignore_index=True)
    return demands.protect_counts(grouped, ["count"], rule=rule, lines=["service"])


def _is_of_use(asked: DemandTable) -> bool:
    """Whether areas weigh anything that is reckoned from records of use."""
    if asked.mix is not None:
        return any(share > 0 for kind, share in asked.mix.items() if kind != "population")
    return asked.weight != "population"


def _told_by(siting: Siting, weight: npt.NDArray[np.float64]) -> Siting:
    """Return a siting answer told by other weights, without what was solved by the true ones."""
    problem, plan = siting_room.told_by_demand(siting.problem, siting.plan, weight)
    ages = siting.explained.age_groups
    explained = ExplainedSiting(
        access=siting_room.explain_siting(problem, plan, age_groups=ages),
        changes=None,
        next_best=None,
        flips=None,
        age_groups=ages,
        notes=(_LEFT_OUT,),
    )
    return Siting(problem=problem, plan=plan, explained=explained)
