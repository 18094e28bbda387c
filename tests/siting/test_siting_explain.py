"""Access before and after, on the street of Toytown."""

import numpy as np
import pytest
import toytown

from ntgeo.domain.places import SiteStatus
from ntgeo.domain.solving import SolveLimits
from ntgeo.siting import explain_siting, solve_here
from ntgeo.siting.answers.access import weighted_quantile

LIMITS = SolveLimits(time_limit_s=10)


@pytest.fixture
def told():
    problem = toytown.siting_problem(site_count=2)
    return explain_siting(problem, solve_here(problem, LIMITS))


def test_mean_ninetieth_and_worst_before_and_after(told):
    assert told.before.mean_s == pytest.approx(1000 * 60 / 90)
    assert told.after.mean_s == pytest.approx(500 * 60 / 90)
    assert (told.before.p90_s, told.before.worst_s) == (1200, 1200)
    assert (told.after.p90_s, told.after.worst_s) == (1200, 1200)
    assert (told.after.served, told.after.unreached) == (90, 0)


def test_share_within_fifteen_minutes_where_the_problem_has_no_limit(told):
    assert told.before.within_limit == pytest.approx(60 / 90)
    assert told.after.within_limit == pytest.approx(80 / 90)
    assert told.after.limit_s == 900


def test_winners_and_losers_by_area(told):
    assert told.by_area.change_s.tolist() == [600, -600, -1200, 0, 1200]
    assert told.by_area.gains.tolist() == [False, True, True, False, False]
    assert told.by_area.loses.tolist() == [True, False, False, False, True]
    assert (told.gaining_demand, told.losing_demand) == (50, 20)


def test_use_of_each_site(told):
    south, north = told.by_site
    assert (south.site, south.areas, south.demand) == ("S2", 3, 60)
    assert south.mean_s == pytest.approx(400 * 60 / 60)
    assert (north.site, north.areas, north.demand, north.worst_s) == ("S4", 2, 30, 600)


def test_capacity_used_is_a_share_of_demand():
    problem = toytown.siting_problem(site_count=1)
    sized = [toytown.site(name, capacity=180.0) for name in toytown.SITE_MINUTES]
    problem = type(problem)(
        areas=problem.areas,
        demand=problem.demand,
        demand_unit="people",
        sites=tuple(sized),
        travel=problem.travel,
        objective=problem.objective,
        rules=problem.rules,
    )
    told = explain_siting(problem, solve_here(problem, LIMITS))
    assert told.by_site[0].used_share == pytest.approx(0.5)


def test_nothing_open_today_has_no_before():
    statuses = dict.fromkeys(toytown.OPEN_TODAY, SiteStatus.CANDIDATE)
    problem = toytown.siting_problem(statuses=statuses)
    told = explain_siting(problem, solve_here(problem, LIMITS))
    assert told.before is None
    assert (told.gaining_demand, told.losing_demand) == (0, 0)
    assert np.isnan(told.by_area.before_s).all()


def test_weighted_quantile_counts_weight_not_areas():
    values, weights = np.array([5.0, 1.0, 9.0]), np.array([1.0, 8.0, 1.0])
    assert weighted_quantile(values, weights, 0.8) == 1
    assert weighted_quantile(values, weights, 0.9) == 5
    assert weighted_quantile(values, weights, 0.91) == 9
    assert weighted_quantile(values, weights, 1.0) == 9
