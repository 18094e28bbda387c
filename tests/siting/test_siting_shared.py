"""Services that share sites, against trying every pair of sets of sites."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from siting.siting_oracle import Oracle
from siting.siting_questions import questions
from siting.test_siting_oracle import COSTS, street

from ntgeo.domain.places import SiteStatus
from ntgeo.domain.shared_siting import SharedSitingProblem
from ntgeo.domain.siting import SitingObjective
from ntgeo.domain.solving import SolveLimits, SolveStatus
from ntgeo.errors import InfeasibleError
from ntgeo.siting import solve_shared_siting
from ntgeo.siting.verify import find_shared_faults

LIMITS = SolveLimits(time_limit_s=60)
ADDS_UP = (
    SitingObjective.P_MEDIAN,
    SitingObjective.DEPRIVATION_P_MEDIAN,
    SitingObjective.MAX_COVERAGE,
    SitingObjective.LEAST_COST,
)
RULES = ("count", "fewer", "required", "area limits", "zones", "existing", "decay")
CASES = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def test_a_shared_site_is_paid_once():
    services = {"advice": street(sites=COSTS), "library": street(count=2, sites=COSTS)}
    problem = SharedSitingProblem(
        services=services, running_cost_gbp={"advice": 10.0}, site_count=2, budget_gbp=610.0
    )
    plan = solve_shared_siting(problem, LIMITS)
    assert find_shared_faults(problem, plan) == ()
    assert plan.opened == ("S2", "S4")
    assert plan.report.objective == (800 + 500) * 60
    assert plan.report.status is SolveStatus.OPTIMAL
    assert plan.fixed_cost_gbp == 610
    cheaper = solve_shared_siting(replace(problem, budget_gbp=410.0), LIMITS)
    assert cheaper.opened == ("S1", "S2")


def test_no_plan_is_told():
    services = {"advice": street(sites=COSTS), "library": street(count=2, sites=COSTS)}
    with pytest.raises(InfeasibleError):
        solve_shared_siting(SharedSitingProblem(services=services, site_count=1), LIMITS)


def best_by_trying_all(problem):
    """The least of the stages of both services together; each set of sites has one plan."""
    rows, names = [], []
    for question in problem.services.values():
        oracle, table = Oracle(question), []
        names.append([str(name) for name in oracle.stages])
        for opened in oracle.site_sets():
            trips = oracle.trips_of(opened)
            if trips is not None and oracle.keeps_rules(trips).all():
                table.append((opened, oracle.worth(trips)[0]))
        rows.append(table)
    values = [
        [one + other for one, other in zip(a, b, strict=True)][: len(a)]
        for (first, a), (second, b) in itertools.product(*rows)
        if is_affordable(problem, (first, second))
    ]
    return min(values, default=None)


def is_affordable(problem, sets):
    running = set(sets[0]) | set(sets[1])
    sites = next(iter(problem.services.values())).sites
    cost = sum(sites[c].fixed_cost_gbp for c in running)
    cost += sum(
        problem.running_cost_gbp.get(name, 0.0) * len(opened)
        for name, opened in zip(problem.services, sets, strict=True)
    )
    return len(running) <= problem.site_count and cost <= problem.budget_gbp + 1e-9


@CASES
@given(
    questions(objectives=(SitingObjective.P_MEDIAN, SitingObjective.MAX_COVERAGE), rules=RULES),
    st.data(),
)
def test_shared_plans_equal_trying_every_pair_of_sets(question, data):
    other = replace(
        question,
        demand=question.demand[::-1] + 1.0,
        sites=tuple(
            replace(site, status=SiteStatus.CANDIDATE)
            if site.status is SiteStatus.EXCLUDED and data.draw(st.booleans())
            else site
            for site in question.sites
        ),
    )
    problem = SharedSitingProblem(
        services={"a": question, "b": other},
        running_cost_gbp={"b": float(data.draw(st.integers(0, 5)))},
        site_count=data.draw(st.integers(1, 4)),
        budget_gbp=float(data.draw(st.integers(5, 80))),
    )
    best = best_by_trying_all(problem)
    if best is None:
        with pytest.raises(InfeasibleError):
            solve_shared_siting(problem, LIMITS)
        return
    plan = solve_shared_siting(problem, LIMITS)
    assert find_shared_faults(problem, plan) == ()
    told = [-s.objective if s.is_maximised else s.objective for s in plan.report.stages]
    assert told == pytest.approx(best, rel=1e-6, abs=1e-6)
    assert all(stage.is_proven for stage in plan.report.stages)
