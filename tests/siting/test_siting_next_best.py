"""Next-best plans, against trying every set of sites."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
import toytown
from siting.siting_cases import make_problem, worth

from ntgeo.domain.places import SiteStatus
from ntgeo.domain.siting import SitingObjective
from ntgeo.domain.solving import SolveLimits, SolveStatus
from ntgeo.siting import find_next_best, solve_here
from ntgeo.siting.answers import next_best

LIMITS = SolveLimits(time_limit_s=60)


def problem_of(objective):
    rng = np.random.default_rng(11)
    covers = objective in {SitingObjective.SET_COVER, SitingObjective.MAX_COVERAGE}
    return make_problem(
        rng.integers(60, 2000, (12, 7)).astype(float),
        rng.integers(1, 9, 12),
        [SiteStatus.CANDIDATE] * 5 + [SiteStatus.REQUIRED, SiteStatus.EXCLUDED],
        objective=objective,
        site_count=None if objective is SitingObjective.SET_COVER else 3,
        limit_s=1200 if covers else None,
    )


@pytest.fixture(
    params=[
        SitingObjective.P_MEDIAN,
        SitingObjective.KOLM_POLLAK,
        SitingObjective.P_CENTRE,
        SitingObjective.MAX_COVERAGE,
        SitingObjective.SET_COVER,
    ]
)
def problem(request):
    return problem_of(request.param)


def values_by_trying_all(problem):
    count = problem.rules.site_count
    usable = [c for c, site in enumerate(problem.sites) if site.may_open]
    required = {c for c, site in enumerate(problem.sites) if site.status is SiteStatus.REQUIRED}
    counts = range(1, len(usable) + 1) if count is None else [count]
    sets = itertools.chain.from_iterable(itertools.combinations(usable, n) for n in counts)
    values = [worth(problem, opened) for opened in sets if required <= set(opened)]
    return sorted(value for value in values if value is not None)


def value_of(problem, plan):
    column_of = {site.id: column for column, site in enumerate(problem.sites)}
    return worth(problem, [column_of[site] for site in plan.opened])


def test_plans_come_in_the_order_of_trying_every_set(problem):
    plan = solve_here(problem, LIMITS)
    others = find_next_best(problem, plan, LIMITS, count=4)
    found = [value_of(problem, other) for other in (plan, *others)]
    expected = values_by_trying_all(problem)[:5]
    assert len(found) == len(expected) == 5
    for mine, best in zip(found, expected, strict=True):
        assert mine == pytest.approx(best)
    assert len({plan.opened, *(other.opened for other in others)}) == 5
    assert {other.report.status for other in others} == {SolveStatus.OPTIMAL}


def test_it_ends_where_there_are_no_more():
    problem = toytown.siting_problem(site_count=3)
    plan = solve_here(problem, LIMITS)
    assert len(find_next_best(problem, plan, LIMITS, count=10)) == 3


def test_covers_with_more_sites_come_after_those_with_few():
    problem = toytown.siting_problem(objective="set-cover", site_count=None, limit_minutes=10)
    plan = solve_here(problem, LIMITS)
    # S1, S2 and S3, or S3 and S4, cover the street; so does whatever holds either
    assert plan.opened == ("S3", "S4")
    others = find_next_best(problem, plan, LIMITS, count=10)
    assert [other.opened for other in others] == [
        ("S2", "S3", "S4"),
        ("S1", "S2", "S3"),
        ("S1", "S3", "S4"),
        ("S1", "S2", "S3", "S4"),
    ]


def test_only_plans_within_the_share_are_told():
    problem = toytown.siting_problem(site_count=1)
    plan = solve_here(problem, LIMITS)
    # S2 alone 800, S4 alone 1100, S1 or S3 alone 1800
    for share, expected in ((0.3, 0), (0.375, 1), (1.2, 1), (1.25, 3)):
        told = find_next_best(problem, plan, LIMITS, count=10, within_share=share)
        assert len(told) == expected


@pytest.mark.parametrize("wrong", [{"count": 0}, {"within_share": -0.1}])
def test_what_cannot_be_asked_is_refused(wrong):
    problem = toytown.siting_problem(site_count=1)
    with pytest.raises(ValueError, match="must be at least 1"):
        find_next_best(problem, solve_here(problem, LIMITS), LIMITS, **wrong)


def test_a_plan_that_an_unproven_part_may_beat_is_not_told_as_proven(monkeypatch):
    solve = next_best.try_solving

    def hasty(*given, **named):
        trial = solve(*given, **named)
        if trial.plan is None or "S1" in trial.plan.opened:
            return trial
        stages = tuple(replace(stage, bound=0.0) for stage in trial.plan.report.stages)
        report = replace(trial.plan.report, bound=0.0, status=SolveStatus.FEASIBLE, stages=stages)
        return replace(trial, plan=replace(trial.plan, report=report))

    monkeypatch.setattr(next_best, "try_solving", hasty)
    problem = toytown.siting_problem(site_count=2)
    plan = solve_here(problem, LIMITS)
    told = find_next_best(problem, plan, LIMITS, count=1)[0]
    assert (told.report.status, told.report.bound) == (SolveStatus.FEASIBLE, 0)
