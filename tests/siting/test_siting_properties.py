"""What must never change the answer, or never worsen it: every objective, every rule."""

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, given, settings
from siting.siting_comparison import best_told
from siting.siting_questions import RULES, questions, rules_of

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.places import CandidateSite, SiteId, SiteStatus
from ntgeo.domain.siting import AreaRules, SitingObjective, SitingProblem
from ntgeo.domain.solving import SolveLimits
from ntgeo.errors import InfeasibleError
from ntgeo.siting import solve_here

LIMITS = SolveLimits(time_limit_s=30)
EXAMPLES = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
_TOLERANCE = 1e-5
_NEVER_DEARER = set(SitingObjective) - {
    SitingObjective.SET_COVER,
    SitingObjective.LEAST_COST,
}
_FREE_RULES = {"area limits", "count", "decay", "required", "stretch"}


def rebuilt(problem, time_s, **parts):
    """The same question with other times, and with other areas and sites where they are given."""
    sites = parts.pop("sites", problem.sites)
    rows = parts.pop("areas", problem.areas)
    kept = {
        "demand": problem.demand,
        "imd_decile": problem.imd_decile,
        "area_rules": problem.area_rules,
    }
    travel = TravelTimeMatrix.from_arrays(
        time_s, origins=rows, destinations=[site.id for site in sites]
    )
    return SitingProblem.from_arrays(
        travel=travel,
        sites=sites,
        objective=problem.objective,
        rules=problem.rules,
        demand_unit=problem.demand_unit,
        then=problem.then,
        **(kept | parts),
    )


def answer(problem):
    """The plan, its wall time aside; ``None`` where there is none."""
    try:
        plan = solve_here(problem, LIMITS)
    except InfeasibleError:
        return None
    return replace(plan, report=replace(plan.report, wall_time_s=0.0))


def first_change(before, after):
    """How the first aim that changed did so: above 0 is worse; 0 where none did."""
    for old, new in zip(before, after, strict=True):
        if abs(new - old) > _TOLERANCE * max(1.0, abs(old)):
            return new - old
    return 0.0


def is_never_worse(before, after):
    return before is None or (after is not None and first_change(before, after) <= 0)


@EXAMPLES
@given(questions())
def test_the_order_of_rows_and_columns_never_matters(problem):
    back = np.arange(len(problem.areas))[::-1]
    decile = problem.imd_decile
    turned = rebuilt(
        problem,
        problem.travel.time_s[::-1, ::-1],
        areas=problem.areas[::-1],
        sites=problem.sites[::-1],
        demand=problem.demand[::-1],
        imd_decile=None if decile is None else decile[::-1],
        area_rules=problem.area_rules.in_order(back),
    )
    assert answer(rebuilt(problem, problem.travel.time_s)) == answer(turned)


def with_one_more(area_rules):
    """The rules of areas, and a last area that has none."""
    limit_s, stretch, group = (
        area_rules.travel_limit_s,
        area_rules.decay_stretch,
        area_rules.group,
    )
    return AreaRules(
        travel_limit_s=None if limit_s is None else np.append(limit_s, np.nan),
        decay_stretch=None if stretch is None else np.append(stretch, 1.0),
        group=None if group is None else (*group, "a"),
    )


@EXAMPLES
@given(questions())
def test_an_area_that_needs_nothing_changes_nothing(problem):
    decile = problem.imd_decile
    more = rebuilt(
        problem,
        np.vstack([problem.travel.time_s, np.full((1, len(problem.sites)), 180.0)]),
        areas=(*problem.areas, "X01900000"),
        demand=[*problem.demand, 0.0],
        imd_decile=None if decile is None else [*decile, 1],
        area_rules=with_one_more(problem.area_rules),
    )
    before, after = best_told(problem), best_told(more)
    assert (before is None) == (after is None)
    assert before is None or first_change(before, after) == 0


def worse_than(site):
    """A site beside another, dearer, smaller, less attractive, and in no zone."""
    return CandidateSite(
        id=SiteId("Z99"),
        name="worse",
        location=site.location,
        status=SiteStatus.CANDIDATE,
        capacity=0.0 if site.capacity is None else site.capacity,
        fixed_cost_gbp=(site.fixed_cost_gbp or 0.0) + 1,
        attractiveness=site.attractiveness,
    )


def asks_for_backup(problem):
    """Whether a second site in reach makes more be asked: each area must have two if it could."""
    is_aim = SitingObjective.BACKUP_COVER in problem.aims
    return is_aim and problem.rules.site_count is None


def has_no_mean_time(problem):
    """Whether everybody could be 0 s from a site, so that κ hangs on the farthest site there is."""
    usable = np.flatnonzero([site.may_open for site in problem.sites])
    time_s = problem.travel.time_s[:, usable]
    nearest = np.where(np.isnan(time_s), np.inf, time_s).min(axis=1)
    near = (nearest <= problem.limit_s) & np.isfinite(nearest)
    return not (problem.demand * np.where(near, nearest, 0.0)).any()


@EXAMPLES
@given(questions())
def test_a_site_worse_than_another_never_worsens_the_answer(problem):
    if asks_for_backup(problem):
        return
    if SitingObjective.KOLM_POLLAK in problem.aims and has_no_mean_time(problem):
        return
    usable = [c for c, site in enumerate(problem.sites) if site.may_open]
    farther = problem.travel.time_s[:, usable[0]] + 60
    more = rebuilt(
        problem,
        np.column_stack([problem.travel.time_s, farther]),
        sites=[*problem.sites, worse_than(problem.sites[usable[0]])],
    )
    before, after = best_told(problem), best_told(more)
    assert is_never_worse(before, after)
    if before is not None and set(rules_of(problem)) <= _FREE_RULES:
        assert first_change(before, after) == 0


@EXAMPLES
@given(questions(rules=sorted(set(RULES) - {"count"}), always=("fewer",)))
def test_a_higher_most_never_worsens_the_answer(problem):
    if problem.rules.site_count is None:
        return
    rules = replace(problem.rules, site_count=problem.rules.site_count + 1)
    assert is_never_worse(best_told(problem), best_told(replace(problem, rules=rules)))


@EXAMPLES
@given(questions(sorted(_NEVER_DEARER), rules=sorted(_FREE_RULES)))
def test_one_more_site_never_worsens_an_aim_that_counts_no_cost(problem):
    count = problem.rules.site_count
    if count is None or count == sum(site.may_open for site in problem.sites):
        return
    rules = replace(problem.rules, site_count=count + 1)
    assert is_never_worse(best_told(problem), best_told(replace(problem, rules=rules)))
