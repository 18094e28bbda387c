"""Bounds never pass the best plan, and meet it where the pricing knows every rule."""

import importlib
import sys
from dataclasses import replace

import numpy as np
import pytest
import toytown
from rounds_cases import seeded_days
from rounds_oracle import best_plan

from ntgeo.domain.routing import Break, RoundsCost, RoutePlan, UnmadeVisit
from ntgeo.domain.solving import SolveLimits, SolveReport, SolveStatus
from ntgeo.routing import lower_bound
from ntgeo.routing.bounds.generation import least_arrival_gbp
from ntgeo.routing.bounds.master import UnmadeTerms, lagrangian_gbp
from ntgeo.routing.bounds.ways import least_crews, round_ways
from ntgeo.routing.figures import day_arrays

MINUTE = 60
LIMITS = SolveLimits(time_limit_s=20.0)
ROUNDING_GBP = 1e-6


def plan_of(problem, best, routes=None):
    """Put the oracle's answer into a plan."""
    made = {visit for order in best.orders for visit in order}
    report = SolveReport(
        status=SolveStatus.FEASIBLE,
        objective=best.cost_gbp,
        bound=None,
        unit="pounds",
        is_maximised=False,
        method="",
        seed=1,
        wall_time_s=0.0,
    )
    return RoutePlan(
        routes=best.routes if routes is None else routes,
        unmade=tuple(
            UnmadeVisit(visit=visit.id, code="no-room", reason="")
            for number, visit in enumerate(problem.visits)
            if number not in made
        ),
        report=report,
        cost=RoundsCost(),
    )


def bound_and_best(problem):
    best = best_plan(problem, with_routes=True)
    return lower_bound(problem, LIMITS, plan_of(problem, best)), best


def test_no_bound_of_an_empty_day():
    assert lower_bound(toytown.routing_problem(visits=()), LIMITS) is None
    assert lower_bound(toytown.routing_problem(shifts=()), LIMITS) is None


def test_toytown_by_hand():
    # A alone: 30 minutes of travel and 120 of work, each second a pound.
    bound = lower_bound(toytown.routing_problem(), LIMITS)
    assert bound.value_gbp == pytest.approx((30 + 120) * MINUTE)
    assert bound.unmade_at_most == (0, 0, 0, 0, 0)
    assert (0, (0, 1, 2)) in {(shift, tuple(sorted(order))) for shift, order in bound.rounds}


def test_waiting_is_paid_only_where_the_start_cannot_be_later():
    # Out 5, visit 30, on 10, visit 30, back 10: the second opens an hour after the first closes.
    first = toytown.visit("V1", windows=(toytown.hours(9, 9.5),))
    second = toytown.visit("V3", windows=(toytown.hours(10.5, 11),))
    problem = toytown.routing_problem(visits=(first, second), shifts=(toytown.shift("A"),))
    best = best_plan(problem, grid_s=300)
    bound = lower_bound(problem, LIMITS)
    assert bound.value_gbp == pytest.approx(best.cost_gbp)
    free = replace(first, windows=(toytown.hours(9, 11),))
    easier = toytown.routing_problem(visits=(free, second), shifts=(toytown.shift("A"),))
    assert lower_bound(easier, LIMITS).value_gbp < bound.value_gbp


def test_a_break_in_a_forced_wait_costs_nothing_more_and_an_unpaid_one_less():
    first = toytown.visit("V1", windows=(toytown.hours(9, 9.5),))
    second = toytown.visit("V3", windows=(toytown.hours(10.5, 11),))

    def value(*breaks):
        shift = toytown.shift("A", breaks=breaks)
        problem = toytown.routing_problem(visits=(first, second), shifts=(shift,))
        return lower_bound(problem, LIMITS).value_gbp

    window, length_s = toytown.hours(9, 12), 15 * MINUTE
    assert value(Break(duration_s=length_s, window=window)) == pytest.approx(value())
    unpaid = Break(duration_s=length_s, window=window, is_paid=False)
    assert value(unpaid) == pytest.approx(value() - length_s)


def test_unmade_visits_are_counted_by_priority_whichever_they_are():
    # Only A may lift; the cheaper of V1 and V3 to leave is V1 or V3, not named by the plan.
    problem = toytown.routing_problem()
    best = best_plan(problem, grid_s=300)
    leaves_v1 = plan_of(problem, best, routes=())
    leaves_v1 = replace(leaves_v1, unmade=(UnmadeVisit(visit="V1", code="no-room", reason=""),))
    leaves_v3 = replace(leaves_v1, unmade=(UnmadeVisit(visit="V3", code="no-room", reason=""),))
    values = {lower_bound(problem, LIMITS, plan).value_gbp for plan in (leaves_v1, leaves_v3)}
    assert len(values) == 1
    assert values.pop() < best.cost_gbp


def test_every_rule_alone_and_in_pairs_never_passes_the_best_plan():
    tight = 0
    days = list(seeded_days(150))
    for name, problem in days:
        bound, best = bound_and_best(problem)
        assert bound.value_gbp <= best.cost_gbp + ROUNDING_GBP, name
        tight += bound.against(best.cost_gbp) == best.cost_gbp
    assert tight >= 0.6 * len(days)


def test_a_bound_cut_short_is_a_bound():
    for _, problem in seeded_days(40):
        best = best_plan(problem, with_routes=True)
        hasty = lower_bound(problem, SolveLimits(time_limit_s=1e-3), plan_of(problem, best))
        assert hasty.value_gbp <= best.cost_gbp + ROUNDING_GBP


def test_cheapest_arrivals_are_duals_without_a_look():
    for _, problem in seeded_days(40):
        best = best_plan(problem)
        day = day_arrays(problem)
        ways = round_ways(day)
        if best.unmade_by_priority != (0,) * 5:
            continue
        group = day.visits.priority - 1
        unmade = UnmadeTerms(
            least_crews(day), day.visits.unmade_gbp, group, np.zeros(5, dtype=np.int64)
        )
        least_gbp = np.zeros(len(ways.counts))
        arrival_gbp = least_arrival_gbp(ways.ways)
        assert lagrangian_gbp(unmade, ways.counts, arrival_gbp, least_gbp) <= best.cost_gbp + 1e-6


def readers(repository):
    folder = repository / "scripts" / "benchmarks"
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module("rounds_readers")
    finally:
        sys.path.remove(str(folder))


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "value"), [("R101", 1631.15), ("C101", 827.3), ("RC101", 1584.094)]
)
def test_linear_relaxations_known_from_the_literature(shared_data, repository, name, value):
    """Kohl et al., Transportation Science 33 (1999), give these but for RC101's rounding."""
    path = shared_data / "benchmarks" / "vrptw" / "solomon" / f"{name}.txt"
    instance = readers(repository).read_solomon(path)
    bound = lower_bound(instance.problem, SolveLimits(time_limit_s=120.0))
    assert bound.value_gbp == pytest.approx(value, abs=1e-3)
    assert bound.value_gbp <= instance.best_known
