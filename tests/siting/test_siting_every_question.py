"""The engine against trying every plan: every objective, with every rule, alone and together."""

import pytest
from hypothesis import HealthCheck, given, settings
from siting.siting_oracle import Oracle, best_by_trying_all, is_plan, worth_of_plan
from siting.siting_questions import RULES, questions

from ntgeo.domain.siting import SitingObjective
from ntgeo.domain.solving import SolveLimits
from ntgeo.errors import InfeasibleError
from ntgeo.siting import find_faults, solve_here

LIMITS = SolveLimits(time_limit_s=60)
CASES = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TOLERANCE = {"rel": 1e-5, "abs": 1e-4}


def least_first(stage, value):
    return -value if stage.is_maximised else value


def check_against_all(problem):
    best = best_by_trying_all(problem)
    if best is None:
        with pytest.raises(InfeasibleError):
            solve_here(problem, LIMITS)
        return
    plan = solve_here(problem, LIMITS)
    assert find_faults(problem, plan) == ()
    assert is_plan(problem, plan)
    stages = plan.report.stages
    told = [least_first(stage, stage.objective) for stage in stages]
    assert told == pytest.approx(worth_of_plan(problem, plan), **TOLERANCE)
    assert [least_first(stage, stage.bound) for stage in stages] == pytest.approx(best, **TOLERANCE)
    caps = Oracle(problem).caps(best, Oracle(problem).stages[-1])
    assert all(value <= cap + 1e-4 + 1e-5 * abs(cap) for value, cap in zip(told, caps, strict=True))


def asked(objective, rules, examples):
    @settings(CASES, max_examples=examples)
    @given(questions(objectives=(objective,), rules=rules))
    def check(problem):
        check_against_all(problem)

    check()


@pytest.mark.parametrize("objective", SitingObjective)
def test_every_objective_with_any_rules(objective):
    asked(objective, RULES, 25)


@CASES
@given(questions(rules=("then",)))
def test_several_objectives_in_order(problem):
    check_against_all(problem)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "then"])
def test_every_rule_with_any_objective(rule):
    @settings(CASES, max_examples=8)
    @given(questions(rules=(rule,), most_rules=1))
    def check(problem):
        check_against_all(problem)

    check()
