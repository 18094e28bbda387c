"""What else could be done, in tables and words; Toytown's answers are known by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import toytown

from ntgeo.domain.scenario import ExplainTable
from ntgeo.domain.solving import SolveLimits
from ntgeo.services.explain_sites import explain_sites
from ntgeo.services.load_places import AGE_COLUMNS, Places
from ntgeo.services.other_choices import Coarse, changes_table, flips_table, plans_table
from ntgeo.siting import find_flips, find_next_best, solve_here, weigh_changes

LIMITS = SolveLimits(time_limit_s=20)


@pytest.fixture(scope="module")
def asked():
    problem = toytown.siting_problem(site_count=1)
    return problem, solve_here(problem, LIMITS)


def test_the_dearest_closing_and_the_cheapest_opening_come_first(asked):
    problem, plan = asked
    table = changes_table(
        plan, weigh_changes(problem, plan, LIMITS), Coarse(problem=problem, uses=0)
    )
    assert table["what_if"].tolist() == ["closed", *["forced open"] * 3]
    # S2 alone: 800 person-minutes; S4 alone 100+0+300+400+300 = 1100; S1 or S3 alone 1800
    assert table["site_id"].tolist() == ["S2", "S4", "S1", "S3"]
    assert (table["cost"] / 60).tolist() == [300, 300, 1000, 1000]
    assert table["cost_bound"].tolist() == pytest.approx(table["cost"].tolist())
    assert table["outcome"].iloc[0] == "300 minutes more travel in all"
    assert table["opened_instead"].tolist() == ["Site S4", "", "", ""]
    assert table["closed_instead"].tolist() == ["", *["Site S2"] * 3]


def test_the_next_best_plans_are_ranked_from_two(asked):
    problem, plan = asked
    found = find_next_best(problem, plan, LIMITS, count=2)
    table = plans_table(plan, found, Coarse(problem=problem, uses=0))
    assert table["rank"].tolist() == [2, 3]
    assert table["worse_share"].tolist() == [300 / 800, 1000 / 800]
    assert table["is_proven"].all()


def test_what_may_grow_is_told_by_name(asked):
    problem, plan = asked
    table = flips_table(find_flips(problem, plan, LIMITS), problem).set_index("grows")
    assert table.loc["all demand", "outcome"] == "holds up to 4 times, as far as was looked"
    assert np.isnan(table.loc["all demand", "changes_at"])
    times = table.loc["travel times to Site S2"]
    assert times["opened_instead"] == "Site S4"
    assert 1100 / 800 <= times["changes_at"] <= 1.02 * 1100 / 800


@pytest.mark.parametrize(
    ("unit", "step"),
    [
        ("people × seconds", 5 * 2400 * 2),
        ("seconds", 5 * 2400 / 90),
        ("people", 5),
    ],
)
def test_small_counts_drown_in_what_is_rounded(asked, unit, step):
    coarse = Coarse(problem=asked[0], uses=5)
    assert coarse.value(1.3 * step, unit) == pytest.approx(step)
    assert coarse.value(7, "sites") == 7
    assert np.isnan(coarse.value(None, unit))


def test_all_that_is_asked_is_answered_and_what_is_not_asked_is_not(asked):
    problem, plan = asked
    ages = {"lsoa": list(problem.areas), **{name: [1] * 5 for name in AGE_COLUMNS}}
    places = Places(areas=None, ages=pd.DataFrame(ages), vintage="sample", edition=None, notes=())
    told = explain_sites(problem, plan, places, ExplainTable(next_best_count=1), LIMITS)
    assert len(told.changes) == 4
    assert len(told.next_best) == 1
    assert told.flips
    assert told.notes == ()
    assert told.age_groups["80 and over"].tolist() == [11] * 5
    assert told.access.by_age_group["0 to 15"].total == 80
    nothing = ExplainTable(changes=False, next_best_count=0, flips=False)
    told = explain_sites(problem, plan, replace(places, ages=None), nothing, LIMITS)
    assert (told.changes, told.next_best, told.flips, told.age_groups) == (None, None, None, {})
