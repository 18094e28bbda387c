"""Closing and forcing sites, against trying every set of sites."""

import itertools

import numpy as np
import pytest
import toytown
from siting.siting_cases import make_problem, worth

from ntgeo.domain.places import SiteStatus
from ntgeo.domain.siting import SitingObjective
from ntgeo.domain.solving import SolveLimits
from ntgeo.siting import solve_here, weigh_changes

LIMITS = SolveLimits(time_limit_s=60)


def sets_of(problem):
    count = problem.rules.site_count
    usable = [c for c, site in enumerate(problem.sites) if site.may_open]
    required = {c for c, site in enumerate(problem.sites) if site.status is SiteStatus.REQUIRED}
    return [s for s in itertools.combinations(usable, count) if required <= set(s)]


@pytest.fixture(
    params=[SitingObjective.P_MEDIAN, SitingObjective.KOLM_POLLAK, SitingObjective.P_CENTRE]
)
def problem(request):
    rng = np.random.default_rng(11)
    statuses = [SiteStatus.CANDIDATE] * 5 + [SiteStatus.REQUIRED, SiteStatus.EXCLUDED]
    return make_problem(
        rng.integers(60, 2000, (12, 7)).astype(float),
        rng.integers(1, 9, 12),
        statuses,
        objective=request.param,
        site_count=3,
    )


def value_of(problem, opened):
    return worth(problem, opened)[1]


def test_closing_on_the_street_costs_what_the_best_other_plan_does():
    problem = toytown.siting_problem(site_count=1)
    plan = solve_here(problem, LIMITS)
    costs = {(c.site, str(c.kind)): c.cost / 60 for c in weigh_changes(problem, plan, LIMITS)}
    # S4 alone: 10x10 + 0 + 30x10 + 20x20 + 10x30 = 1100; S1 alone 1800, S3 alone 1800
    assert costs == {
        ("S1", "force"): 1000,
        ("S2", "close"): 300,
        ("S3", "force"): 1000,
        ("S4", "force"): 300,
    }


def test_each_change_costs_what_trying_every_set_says(problem):
    plan = solve_here(problem, LIMITS)
    column_of = {site.id: column for column, site in enumerate(problem.sites)}
    changes = weigh_changes(problem, plan, LIMITS)
    assert len(changes) == 5
    for change in changes:
        column = column_of[change.site]
        wanted = str(change.kind) == "force"
        left = [value_of(problem, s) for s in sets_of(problem) if (column in s) is wanted]
        assert change.is_proven
        assert change.cost == pytest.approx(min(left) - plan.report.objective)


def test_closing_the_only_site_in_reach_of_an_area_to_be_covered_is_impossible():
    problem = toytown.siting_problem(objective="set-cover", site_count=None, limit_minutes=10)
    changes = weigh_changes(problem, solve_here(problem, LIMITS), LIMITS)
    told = {(change.site, str(change.kind)): change for change in changes}
    # S1 or S4 covers the start of the street, S3 alone its end, S1 and S3 leave the middle out
    assert told["S3", "close"].is_impossible
    assert told["S3", "close"].cost is None
    forced = [change for change in changes if str(change.kind) == "force"]
    assert [(change.cost, change.cost_bound, change.is_proven) for change in forced] == [
        (1, 1, True),
        (1, 1, True),
    ]


def test_a_required_site_is_not_closed_and_a_barred_one_not_forced():
    statuses = {"S2": SiteStatus.REQUIRED, "S1": SiteStatus.EXCLUDED}
    problem = toytown.siting_problem(site_count=1, statuses=statuses)
    assert weigh_changes(problem, solve_here(problem, LIMITS), LIMITS) == ()
