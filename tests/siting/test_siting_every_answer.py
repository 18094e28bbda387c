"""Other choices, next-best plans, flips and conflicts for every objective and rule, by brute force.

Each is worked out again by trying every plan of every set of sites.
"""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from siting.siting_oracle import Oracle, best_by_trying_all
from siting.siting_questions import RULES, questions

from ntgeo.domain.solving import SolveLimits
from ntgeo.errors import InfeasibleError
from ntgeo.siting import find_conflict, find_flips, find_next_best, solve_here, weigh_changes
from ntgeo.siting.answers.trial import rank_of

LIMITS = SolveLimits(time_limit_s=60)
EXAMPLES = settings(max_examples=25, deadline=None, derandomize=True)


RULES_TRIED = sorted(set(RULES) - {"split", "then"})


def answered(problem):
    try:
        return solve_here(problem, LIMITS)
    except InfeasibleError:
        return None


def worth_of_each_set(problem):
    """Open sites → the least that each stage can come to with just those open."""
    oracle, found = Oracle(problem), {}
    for opened in oracle.site_sets():
        trips = oracle.trips_of(opened)
        if trips is not None and (kept := oracle.keeps_rules(trips)).any():
            names = tuple(problem.sites[column].id for column in opened)
            found[names] = min(map(tuple, oracle.worth(trips)[kept].tolist()))
    return found


def same(one, other):
    return all(a == pytest.approx(b, rel=1e-5, abs=1e-4) for a, b in zip(one, other, strict=True))


@EXAMPLES
@given(questions(rules=RULES_TRIED))
def test_each_change_costs_what_trying_every_plan_says(problem):
    plan = answered(problem)
    if plan is None:
        return
    worth = worth_of_each_set(problem)
    for change in weigh_changes(problem, plan, LIMITS):
        wanted = str(change.kind) == "force"
        left = [value for names, value in worth.items() if (change.site in names) is wanted]
        assert change.is_proven
        assert change.is_impossible == (not left)
        if left:
            assert same(rank_of(change.plan), min(left))


@EXAMPLES
@given(questions(rules=RULES_TRIED))
def test_the_next_best_are_those_of_trying_every_plan(problem):
    plan = answered(problem)
    if plan is None:
        return
    worth = worth_of_each_set(problem)
    if () in worth:  # no site at all is a plan that nobody asks for, and may be left out
        return
    others = find_next_best(problem, plan, LIMITS, count=3)
    assert len({plan.opened, *(other.opened for other in others)}) == 1 + len(others)
    assert len(others) == min(3, len(worth) - 1)
    for other, best in zip((plan, *others), sorted(worth.values()), strict=False):
        assert same(rank_of(other), best)


def is_best(problem, opened):
    worth = worth_of_each_set(problem)
    if opened not in worth:
        return False
    mine, best = worth[opened], min(worth.values())
    return next((a < b for a, b in zip(mine, best, strict=True) if not same([a], [b])), True)


def grown_by_hand(problem, growth, factor):
    demand, time_s = problem.demand.copy(), problem.travel.time_s.copy()
    if growth.share is not None:
        demand = demand * (1 + (factor - 1) * growth.share)
    for column, site in enumerate(problem.sites):
        if growth.share is None and growth.site in {None, site.id}:
            time_s[:, column] *= factor
    return replace(problem, demand=demand, travel=replace(problem.travel, time_s=time_s))


@settings(max_examples=12, deadline=None, derandomize=True)
@given(questions(rules=RULES_TRIED))
def test_both_ends_of_a_flip_are_those_of_trying_every_plan(problem):
    plan = answered(problem)
    if plan is None:
        return
    for flip in find_flips(problem, plan, LIMITS, precision_share=0.2):
        low, high = flip.unchanged_until, flip.factor
        assert is_best(grown_by_hand(problem, flip.growth, low), plan.opened)
        if high is not None:
            assert not is_best(grown_by_hand(problem, flip.growth, high), plan.opened)
        if flip.is_proven:
            for factor in (1 + (low - 1) / 3, 1 + (low - 1) * 2 / 3):
                between = grown_by_hand(problem, flip.growth, factor)
                assert is_best(between, plan.opened)


@EXAMPLES
@given(questions(most_rules=6))
def test_a_conflict_is_told_where_there_is_no_plan(problem):
    found = find_conflict(problem, LIMITS)
    assert (found is None) == (best_by_trying_all(problem) is not None)
    if found is not None:
        assert found.is_minimal
        assert found.is_smallest
        assert found.rules
