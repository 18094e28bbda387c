"""Flip points by hand on the street, and by trying every set of sites at many factors."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
import toytown
from siting.siting_cases import make_problem, worth

from ntgeo.domain.places import SiteStatus
from ntgeo.domain.siting import SitingObjective
from ntgeo.domain.solving import SolveLimits, SolveStatus
from ntgeo.siting import FlipEnd, GrowthKind, find_flips, solve_here

LIMITS = SolveLimits(time_limit_s=60)
PEOPLE, TIMES = GrowthKind.CATCHMENT_DEMAND, GrowthKind.SITE_TIMES


def flips_of(problem, **asked):
    plan = solve_here(problem, LIMITS)
    return {(f.growth.kind, f.growth.site): f for f in find_flips(problem, plan, LIMITS, **asked)}


def test_one_site_on_the_street_holds_until_the_way_there_is_as_long_as_to_the_next():
    told = flips_of(toytown.siting_problem(site_count=1))
    # S2 alone 800 f, S4 alone 1100: as good at 1.375
    flip = told[TIMES, "S2"]
    assert flip.unchanged_until <= 1.375 < flip.factor < flip.unchanged_until * 1.01
    assert (flip.opens, flip.closes, flip.is_proven) == (("S4",), ("S2",), True)
    assert (flip.end, flip.plan.opened) == (FlipEnd.OTHER_PLAN, ("S4",))
    assert flip.in_words == (
        f"With the travel times to S2 multiplied by {flip.factor:.4g}, it is better to open S4 and "
        f"close S2; up to {flip.unchanged_until:.4g} the answer does not change."
    )


def test_each_turn_of_an_area_to_another_site_is_looked_at():
    told = flips_of(toytown.siting_problem(site_count=2), precision_share=0.001)
    # S2 and S4 100 + 400 f, until an area turns to S4 at 1.5; S3 and S4 600
    flip = told[TIMES, "S2"]
    assert flip.unchanged_until <= 1.25 < flip.factor
    assert (flip.opens, flip.closes, flip.is_proven) == (("S3",), ("S2",), True)
    assert told[TIMES, "S4"].is_proven


def test_demand_of_a_catchment_on_the_street():
    told = flips_of(toytown.siting_problem(site_count=2), precision_share=0.001)
    # S2 and S4 100 + 400 f where those of S2 grow; S2 and S3 400 + 200 f
    flip = told[PEOPLE, "S2"]
    assert flip.unchanged_until <= 1.5 < flip.factor < flip.unchanged_until * 1.001
    assert (flip.opens, flip.closes, flip.is_proven) == (("S3",), ("S4",), True)
    assert told[PEOPLE, "S4"].factor is None


@pytest.mark.parametrize("kind", [GrowthKind.DEMAND, GrowthKind.TIMES])
def test_all_alike_changes_nothing(kind):
    flip = flips_of(toytown.siting_problem(site_count=2), most=3)[kind, None]
    assert (flip.factor, flip.unchanged_until, flip.is_proven) == (None, 3, True)
    assert flip.in_words == f"With {kind} multiplied by up to 3 the answer does not change."


def test_each_decile_that_is_known():
    decile = np.array([1, 0, 10, 10, 1])
    problem = replace(toytown.siting_problem(site_count=1), imd_decile=decile)
    plan = solve_here(problem, LIMITS)
    told = [f.growth.decile for f in find_flips(problem, plan, LIMITS)]
    assert [number for number in told if number] == [1, 10]


def test_a_flip_that_may_have_another_before_it_is_not_told_as_proven():
    problem = toytown.siting_problem(objective="set-cover", site_count=None, limit_minutes=10)
    flip = flips_of(problem)[TIMES, "S3"]
    assert flip.end is FlipEnd.OTHER_PLAN
    assert not flip.is_proven
    assert "that is not proven" in flip.in_words


def test_a_plan_not_proven_best_proves_no_flip():
    problem = toytown.siting_problem(site_count=1)
    plan = solve_here(problem, LIMITS)
    hasty = replace(plan, report=replace(plan.report, status=SolveStatus.FEASIBLE, bound=None))
    assert not any(flip.is_proven for flip in find_flips(problem, hasty, LIMITS))


@pytest.mark.parametrize("wrong", [{"most": 1.0}, {"precision_share": 0.0}])
def test_what_cannot_be_asked_is_refused(wrong):
    with pytest.raises(ValueError, match="are needed"):
        flips_of(toytown.siting_problem(site_count=1), **wrong)


def grown_by_hand(problem, growth, plan, factor):
    demand, time_s = problem.demand.copy(), problem.travel.time_s.copy()
    site_of = {entry.lsoa: entry.site for entry in plan.allocations}
    for row, area in enumerate(problem.areas):
        goes = site_of.get(area) == growth.site
        mine = growth.kind is PEOPLE and goes
        of_decile = growth.decile is not None and problem.imd_decile[row] == growth.decile
        if mine or of_decile or growth.kind is GrowthKind.DEMAND:
            demand[row] *= factor
    for column, site in enumerate(problem.sites):
        if growth.kind is GrowthKind.TIMES or (growth.kind is TIMES and site.id == growth.site):
            time_s[:, column] *= factor
    return replace(problem, demand=demand, travel=replace(problem.travel, time_s=time_s))


def is_best(problem, opened):
    count, own = problem.rules.site_count, [s.id in opened for s in problem.sites]
    usable = [c for c, site in enumerate(problem.sites) if site.may_open]
    counts = range(1, len(usable) + 1) if count is None else [count]
    sets = itertools.chain.from_iterable(itertools.combinations(usable, n) for n in counts)
    mine = worth(problem, np.flatnonzero(own))
    values = [value for s in sets if (value := worth(problem, s)) is not None]
    return mine is not None and next(
        (one < other for one, other in zip(mine, min(values), strict=True) if differ(one, other)),
        True,
    )


def differ(one, other):
    return abs(one - other) > 1e-6 * max(1, abs(other))


@pytest.mark.parametrize(
    ("objective", "limit_s", "seed"),
    [
        (SitingObjective.P_MEDIAN, None, 1),
        (SitingObjective.P_MEDIAN, None, 2),
        (SitingObjective.P_MEDIAN, 1500, 1),
        (SitingObjective.P_CENTRE, None, 2),
        (SitingObjective.KOLM_POLLAK, None, 1),
        (SitingObjective.MAX_COVERAGE, 900, 2),
        (SitingObjective.SET_COVER, 1500, 1),
    ],
)
def test_both_ends_of_every_flip_are_what_trying_every_set_says(objective, limit_s, seed):
    rng = np.random.default_rng(seed)
    problem = make_problem(
        rng.integers(60, 2000, (9, 6)).astype(float),
        rng.integers(1, 9, 9),
        [SiteStatus.CANDIDATE] * 6,
        objective=objective,
        site_count=None if objective is SitingObjective.SET_COVER else 2,
        limit_s=limit_s,
    )
    problem = replace(problem, imd_decile=rng.integers(0, 3, 9))
    plan = solve_here(problem, LIMITS)
    told = find_flips(problem, plan, LIMITS, precision_share=0.03)
    assert len(told) == 2 + 2 * len(plan.opened) + 2
    for flip in told:
        at = [grown_by_hand(problem, flip.growth, plan, f) for f in (flip.unchanged_until, 4.0)]
        assert is_best(at[0], plan.opened)
        if flip.factor is None:
            assert flip.unchanged_until == 4
        else:
            beyond = grown_by_hand(problem, flip.growth, plan, flip.factor)
            assert not is_best(beyond, plan.opened)
            assert flip.factor <= flip.unchanged_until * 1.03
        if flip.is_proven:
            for factor in np.linspace(1, flip.unchanged_until, 7):
                between = grown_by_hand(problem, flip.growth, plan, factor)
                assert is_best(between, plan.opened)
