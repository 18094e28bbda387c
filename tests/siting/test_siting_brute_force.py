"""Every objective and every rule, alone and together: the engine's answer is the oracle's.

Continuous integration runs the same few hundred questions each time. ``NTGEO_SITING_CASES=2000``
runs so many of each test instead; ``scripts/benchmarks/siting_brute_force.py`` runs any number,
from any seed, and counts them by objective and rule.
"""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from siting.siting_comparison import differences
from siting.siting_questions import RULES, questions

from ntgeo.domain.siting import SitingObjective
from ntgeo.siting.stages import aims_in_order, take_capacitated

SENDING = {"groups", "hard", "soft", "split", "throughput"}
SUMS = (
    SitingObjective.P_MEDIAN,
    SitingObjective.DEPRIVATION_P_MEDIAN,
    SitingObjective.LEAST_COST,
)
CASES = int(os.environ.get("NTGEO_SITING_CASES", "0"))


def compare_all(questions_asked, fewest):
    @settings(
        max_examples=CASES or fewest,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(questions_asked)
    def compare(problem):
        assert differences(problem) == []

    compare()


@pytest.mark.parametrize("objective", SitingObjective)
def test_every_objective_alone(objective):
    compare_all(questions([objective], rules=()), 8)


@pytest.mark.parametrize("objective", SitingObjective)
def test_every_objective_with_any_rules(objective):
    compare_all(questions([objective], most_rules=5), 15)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_with_any_objective(rule):
    compare_all(questions(rules=(), always=(rule,)), 8)


def test_several_objectives_in_order_with_any_rules():
    compare_all(questions(most_rules=3, always=("then",)), 20)


def test_what_large_questions_are_asked_by_cuts_and_exchanges(monkeypatch):
    monkeypatch.setattr(aims_in_order, "_LINKED_PAIRS", 0)
    compare_all(questions(rules=sorted(set(RULES) - SENDING), most_rules=3), 60)


@pytest.mark.parametrize("capacity", ["hard", "soft"])
def test_what_large_questions_of_capacities_are_asked_of_their_engine(monkeypatch, capacity):
    monkeypatch.setattr(take_capacitated, "_FEWEST_PAIRS", 0)
    compare_all(questions(SUMS, rules=("area limits", "required"), always=(capacity,)), 40)
