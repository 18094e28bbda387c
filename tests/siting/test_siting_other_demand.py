"""A plan told by other demand: the same sites and journeys, other figures."""

from dataclasses import replace

import numpy as np
import pytest
import toytown
from hypothesis import given, settings
from siting.siting_questions import questions

from ntgeo.domain.siting import CapacityRule
from ntgeo.domain.solving import SolveLimits, SolveStatus
from ntgeo.errors import InfeasibleError
from ntgeo.siting import find_faults, solve_here, told_by_demand

LIMITS = SolveLimits(time_limit_s=20)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(questions())
def test_told_by_its_own_demand_a_plan_is_as_it_was(problem):
    try:
        plan = solve_here(problem, LIMITS)
    except InfeasibleError:
        return
    _, told = told_by_demand(problem, plan, problem.demand)
    assert (told.opened, told.closed) == (plan.opened, plan.closed)
    assert told.allocations == plan.allocations
    assert told.unserved == plan.unserved
    assert told.report.objective == pytest.approx(plan.report.objective, rel=1e-6, abs=1e-6)
    assert told.report.status is plan.report.status


def test_every_figure_is_of_the_other_demand():
    problem = toytown.siting_problem(site_count=1)
    plan = solve_here(problem, LIMITS)
    anew, told = told_by_demand(problem, plan, np.array([1.0, 2.0, 3.0, 2.0, 1.0]))
    assert told.opened == plan.opened
    assert told.report.objective == told.report.bound == 80 * 60  # person-seconds: a tenth
    assert sum(part.demand for part in told.allocations) == 9
    assert find_faults(anew, told) == ()


def test_reasons_tell_nothing_of_the_true_demand():
    problem = toytown.siting_problem(site_count=1)
    problem = replace(
        problem,
        sites=tuple(replace(site, capacity=31.5) for site in problem.sites),
        rules=replace(problem.rules, capacity=CapacityRule.HARD),
    )
    plan = solve_here(problem, LIMITS)
    assert any("room for 1.5" in area.reason for area in plan.unserved)
    _, told = told_by_demand(problem, plan, np.full(5, 10.0))
    assert [area.lsoa for area in told.unserved] == [area.lsoa for area in plan.unserved]
    words = " ".join(f"{area.reason} {area.change}" for area in told.unserved)
    assert "room for 1.5" not in words
    assert all(area.demand == 10 for area in told.unserved)


def test_the_gap_of_an_unproven_plan_is_told_to_the_per_cent_above():
    problem = toytown.siting_problem(site_count=1)
    plan = solve_here(problem, LIMITS)
    report = replace(plan.report, status=SolveStatus.FEASIBLE, bound=plan.report.objective * 0.9876)
    _, told = told_by_demand(problem, replace(plan, report=report), problem.demand)
    assert told.report.gap_share == pytest.approx(0.02)
    unknown = replace(report, bound=None)
    _, told = told_by_demand(problem, replace(plan, report=unknown), problem.demand)
    assert told.report.bound is None
