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
from ntgeo.services.protected import (
    ShownDemand,
    compared,
    decile_keys,
    figures,
    in_whole_uses,
    with_deciles,
)

__all__ = ["public_view"]

_GROUP_YEARS: Final = 5
_RECKONED: Final = (
    "Expected use and all that is told of sites are reckoned from the counts shown here: those "
    "withheld share what the total of their decile leaves, or, where that is withheld too, count "
    "as {stand_in:g} each."
)
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
        shown: withheld counts share evenly what the total of their decile leaves, or, where that is
        withheld too, count as the middle of what the rule hides. The sites and who goes to them are
        those of the answer; all that is told of them is reckoned by the new weights.
    """
    found, places = answer.demand, answer.places
    stand_in = demands.DISCLOSURE_RULES[rule].stand_in
    told = shown.by_area[list(found.use.columns)]
    use, by_decile = _filled_in(told, shown.by_decile, places.areas, stand_in)
    ages = None
    if found.ages is not None:
        ages = _protected_ages(found.ages, asked, rule)
        ages = ages.assign(count=figures(ages["count"]).fillna(stand_in))
    expectation = expect_demand(asked, places, use, ages)
    weight, unit = weigh_demand(asked, places, found.service, use, expectation.frame)
    demand = replace(
        found,
        use=use,
        ages=ages,
        inequality=None if by_decile is None else demands.inequality_indices(by_decile),
        expected=expectation.frame,
        models=expectation.models,
        weight=weight,
        weight_unit=unit,
        records=(),
        set_aside=(),
        cautions=(),
    )
    siting = answer.siting
    if siting is not None and _is_of_use(asked):
        siting = _told_by(siting, weight)
    public = replace(
        shown,
        by_area=compared(told, expectation.frame),
        rule_text=f"{shown.rule_text} {_RECKONED.format(stand_in=stand_in)}",
    )
    places = replace(places, set_aside=())
    return replace(answer, places=places, demand=demand, siting=siting, rounds=None), public


def _filled_in(
    use: pd.DataFrame, by_decile: pd.DataFrame | None, areas: pd.DataFrame, stand_in: float
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Return use by area and by decile with a figure in the place of each withheld count."""
    count = figures(use["count"])
    if by_decile is None:
        return use.assign(count=count.fillna(stand_in)), None
    keys = decile_keys(with_deciles(use, areas))
    totals = figures(by_decile["count"]).set_axis(decile_keys(by_decile))
    by_key = count.set_axis(keys).groupby(level=[0, 1])
    left = (totals - by_key.sum()).clip(lower=0) / (by_key.size() - by_key.count())
    filled = count.fillna(left.reindex(keys).set_axis(count.index)).fillna(stand_in)
    sums = filled.set_axis(keys).groupby(level=[0, 1]).sum()
    deciles = totals.fillna(sums).fillna(0)
    return (
        use.assign(count=filled),
        by_decile.assign(count=deciles.loc[decile_keys(by_decile)].to_numpy()),
    )


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
    grouped = in_whole_uses(pd.concat(parts, ignore_index=True))
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
