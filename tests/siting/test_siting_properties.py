"""What must never change the answer, or never worsen it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from siting.siting_cases import problems

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.places import CandidateSite, Location, SiteId, SiteStatus
from ntgeo.domain.siting import SitingObjective, SitingProblem
from ntgeo.domain.solving import SolveLimits
from ntgeo.siting import solve_here

LIMITS = SolveLimits(time_limit_s=30)
EXAMPLES = settings(max_examples=30, deadline=None, derandomize=True)
COUNTED = (SitingObjective.P_MEDIAN, SitingObjective.MAX_COVERAGE, SitingObjective.P_CENTRE)


def aims(problem):
    return [stage.objective for stage in solve_here(problem, LIMITS).report.stages]


def rebuilt(problem, time_s, *, demand=None, sites=None):
    known = list(problem.sites if sites is None else sites)
    rows = [*problem.areas, *(f"X01{900_000 + extra}" for extra in range(5))][: len(time_s)]
    travel = TravelTimeMatrix.from_arrays(
        time_s, origins=rows, destinations=[site.id for site in known]
    )
    return SitingProblem.from_arrays(
        demand=problem.demand if demand is None else demand,
        travel=travel,
        sites=known,
        objective=problem.objective,
        rules=problem.rules,
        demand_unit=problem.demand_unit,
    )


@EXAMPLES
@given(problems())
def test_the_order_of_rows_and_columns_never_matters(problem):
    rows, columns = slice(None, None, -1), slice(None, None, -1)
    travel = problem.travel.select(problem.areas[rows], [s.id for s in problem.sites[columns]])
    turned = SitingProblem.from_arrays(
        demand=problem.demand[rows],
        travel=travel,
        sites=problem.sites[columns],
        objective=problem.objective,
        rules=problem.rules,
        demand_unit=problem.demand_unit,
    )
    one, other = solve_here(problem, LIMITS), solve_here(turned, LIMITS)
    assert replace(one.report, wall_time_s=0) == replace(other.report, wall_time_s=0)
    assert replace(one, report=other.report) == other


@EXAMPLES
@given(problems(COUNTED))
def test_an_area_that_needs_nothing_changes_nothing(problem):
    empty = np.full((1, len(problem.sites)), 3.0)
    time_s = np.vstack([problem.travel.time_s, empty])
    more = rebuilt(problem, time_s, demand=[*problem.demand, 0.0])
    assert aims(more) == pytest.approx(aims(problem))


@EXAMPLES
@given(problems())
def test_a_site_no_nearer_to_anyone_than_another_never_changes_the_aims(problem):
    usable = [c for c, site in enumerate(problem.sites) if site.may_open]
    twin = problem.travel.time_s[:, usable[0]] + 1
    extra = CandidateSite(
        id=SiteId("Z99"),
        name="worse",
        location=Location(easting_m=0, northing_m=0),
        status=SiteStatus.CANDIDATE,
    )
    time_s = np.column_stack([problem.travel.time_s, twin])
    more = rebuilt(problem, time_s, sites=[*problem.sites, extra])
    if problem.rules.site_count == len(usable) or problem.objective == "kolm-pollak":
        return
    assert aims(more) == pytest.approx(aims(problem))


@EXAMPLES
@given(problems(COUNTED))
def test_one_more_site_never_worsens_the_first_aim(problem):
    usable = sum(site.may_open for site in problem.sites)
    if problem.rules.site_count == usable:
        return
    rules = replace(problem.rules, site_count=problem.rules.site_count + 1)
    before, after = aims(problem)[0], aims(replace(problem, rules=rules))[0]
    better = after - before if problem.objective == "max-coverage" else before - after
    assert better >= -1e-9
