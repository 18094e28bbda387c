from dataclasses import replace

import pandas as pd
import pytest
import report_plans

from ntgeo.domain.routing import RoundsCost
from ntgeo.reports.columns import COLUMNS
from ntgeo.reports.rounds_effects import rounds_continuity_table, rounds_costs_table
from ntgeo.routing.cost import cost_of


def test_the_terms_add_up_to_the_objective(rich_rounds):
    _, plan = rich_rounds
    table = rounds_costs_table(plan)
    assert table["term"].tolist() == list(RoundsCost().terms)
    assert table["cost_gbp"].sum() == pytest.approx(plan.report.objective)
    assert table["cost_share"].sum() == pytest.approx(1)


def test_the_plan_worked_out_by_hand_costs_what_the_formula_says(rich_rounds):
    problem, plan = rich_rounds
    cost = cost_of(problem, plan.routes, {unmade.visit for unmade in plan.unmade})
    assert cost.terms == pytest.approx(plan.cost.terms, abs=1e-5)


def test_a_plan_that_costs_nothing_has_no_shares(rounds):
    _, plan = rounds
    table = rounds_costs_table(replace(plan, cost=RoundsCost()))
    assert table["cost_share"].isna().all()


def test_continuity_is_told_visit_by_visit(rich_rounds):
    first, second = rounds_continuity_table(*rich_rounds).to_dict("records")
    assert (first["came"], first["usual_staff"]) == ("staff-A, staff-B", "staff-A")
    assert (first["new_faces"], first["is_seen_by_usual"]) == (1, True)
    assert pd.isna(first["not_preferred"])
    assert (second["new_faces"], second["is_seen_by_usual"]) == (1, False)
    assert (second["begin"], second["not_preferred"]) == ("09:52", 1)


def test_visits_that_know_nobody_are_not_in_the_table(rounds):
    assert rounds_continuity_table(*rounds).empty


def test_every_column_is_in_the_schema(rich_rounds):
    problem, plan = rich_rounds
    tables = (rounds_costs_table(plan), rounds_continuity_table(problem, plan))
    for table in tables:
        assert set(table.columns) <= set(COLUMNS)
    nothing = rounds_continuity_table(problem, report_plans.route_plan([]))
    assert nothing.dtypes.to_dict() == tables[1].dtypes.to_dict()
