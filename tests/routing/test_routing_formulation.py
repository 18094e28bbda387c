from collections import Counter

import pytest
from rounds_cases import rule_sets, seeded_day
from rounds_oracle import best_plan

from ntgeo.domain.solving import SolveLimits
from ntgeo.routing.cost import cost_of
from ntgeo.routing.exact import solve_exactly, time_orders

EVERY_SET = rule_sets()
SOME_PAIRS = range(100, len(EVERY_SET), 23)
SAME_GBP = 1e-5


def unmade_ids(problem, answer):
    return [problem.visits[visit].id for visit in answer.unmade]


def equals_trying_everything(problem) -> bool:
    answer, best = solve_exactly(problem, SolveLimits()), best_plan(problem)
    assert answer.is_optimal
    assert answer.bound_gbp == answer.cost.total_gbp
    left = Counter(problem.visits[visit].priority for visit in answer.unmade)
    unmade = tuple(left[priority] for priority in range(1, 6))
    if problem.prices.puts_priorities_first and unmade != best.unmade_by_priority:
        return False
    return abs(answer.cost.total_gbp - best.cost_gbp) < SAME_GBP


@pytest.mark.parametrize("rules", EVERY_SET[: len(EVERY_SET) // 20], ids="+".join)
def test_every_rule_equals_trying_everything(rules):
    assert equals_trying_everything(seeded_day(5, rules))


@pytest.mark.parametrize("number", SOME_PAIRS)
def test_pairs_of_rules_equal_trying_everything(number):
    assert equals_trying_everything(seeded_day(number, EVERY_SET[number]))


@pytest.mark.parametrize("number", range(0, len(EVERY_SET), 29))
def test_settled_orders_have_their_cheapest_times(number):
    problem = seeded_day(number, EVERY_SET[number])
    answer = solve_exactly(problem, SolveLimits())
    routes = time_orders(problem, answer.orders)
    assert routes is not None
    timed = cost_of(problem, routes, unmade_ids(problem, answer))
    assert timed.total_gbp == pytest.approx(answer.cost.total_gbp, abs=SAME_GBP)


@pytest.mark.parametrize("rules", EVERY_SET[: len(EVERY_SET) // 20 : 2], ids="+".join)
def test_a_proof_by_parts_equals_trying_everything(rules, monkeypatch):
    monkeypatch.setattr("ntgeo.routing.exact.solve._FIRST_EFFORT", 1e-9)
    assert equals_trying_everything(seeded_day(11, rules))


def test_a_larger_day_is_proven_too_and_an_unfinished_proof_claims_no_more():
    problem = seeded_day(3, ("crew", "unpaid_break", "soft_windows"), visits=(7, 7), shifts=3)
    answer = solve_exactly(problem, SolveLimits())
    assert answer.is_optimal
    hurried = [solve_exactly(problem, SolveLimits(), effort=0.02) for _ in range(2)]
    assert hurried[0] == hurried[1]
    assert len(hurried[0].unmade) >= len(answer.unmade)
    assert hurried[0].bound_gbp is None or hurried[0].bound_gbp <= hurried[0].cost.total_gbp
