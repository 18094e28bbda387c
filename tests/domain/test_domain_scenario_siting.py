from dataclasses import fields

import pytest
from pydantic import ValidationError

from ntgeo.domain.decay import Decay, DecayKind
from ntgeo.domain.scenario import DecayTable, Scenario, SitingTable
from ntgeo.domain.siting_rules import CapacityRule, NextAim, SitingObjective, SitingRules

ALL_RULES = {
    "site_count": 5,
    "may_open_fewer": True,
    "budget_gbp": 1e6,
    "travel_limit_min": 15,
    "must_serve_all": True,
    "inequality_aversion": 0.5,
    "deprivation_weight": 2.0,
    "decay": {"kind": "linear", "full_min": 5, "zero_min": 20},
    "target_share": 0.9,
    "keep_existing_at_least": 1,
    "close_at_most": 2,
    "open_new_at_most": 3,
    "capacity": "soft",
    "over_capacity_price": 60.0,
    "min_throughput": 10.0,
    "assignment": "nearest",
    "min_separation_m": 500.0,
    "zone_minimums": {"south": 2, "north": 1},
    "travel_gbp_per_hour": 12.0,
    "huff_exponent": 1.5,
}


def test_every_rule_is_a_key_and_every_key_becomes_its_rule():
    table = SitingTable.model_validate(ALL_RULES)
    rules = table.to_rules()
    assert rules.travel_limit_s == 900
    assert rules.decay == Decay(kind=DecayKind.LINEAR, full_s=300, zero_s=1200)
    assert rules.capacity is CapacityRule.SOFT
    assert rules.zone_minimums == (("north", 1), ("south", 2))
    usual = SitingRules(site_count=5)
    unchanged = [f.name for f in fields(rules) if getattr(rules, f.name) == getattr(usual, f.name)]
    assert sorted(unchanged) == ["outreach_gbp", "site_count"]


def test_without_keys_the_rules_are_the_usual_ones():
    assert SitingTable().to_rules() == SitingRules()


def test_aims_follow_in_order():
    asked = {"then": [{"objective": "p-centre", "slack_share": 0.05}, {"objective": "kolm-pollak"}]}
    assert SitingTable.model_validate(asked).next_aims() == (
        NextAim(objective=SitingObjective.P_CENTRE, slack_share=0.05),
        NextAim(objective=SitingObjective.KOLM_POLLAK),
    )


@pytest.mark.parametrize(
    ("decay", "told"),
    [
        ({"kind": "linear", "full_min": 5}, "needs zero_min"),
        ({"kind": "power", "full_min": 5, "exponent": 2, "zero_min": 9}, "none of the other two"),
        ({"kind": "power", "exponent": 2}, "needs full_min, above 0"),
        ({"kind": "linear", "full_min": 9, "zero_min": 9}, "must be above full_min, 9"),
        ({"kind": "sudden", "zero_min": 9}, "'linear', 'power' or 'exponential'"),
        ({"kind": "exponential", "halving_min": 0}, "greater than 0"),
    ],
)
def test_a_decay_that_cannot_be_is_refused(decay, told):
    with pytest.raises(ValidationError, match=told):
        DecayTable.model_validate(decay)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"site_count": 0}, "site_count"),
        ({"capacity": "soft"}, "over_capacity_price goes with soft capacities"),
        ({"may_open_fewer": True}, "may_open_fewer needs a site_count"),
        ({"must_serve_all": True, "outreach_gbp": 3}, "leaves nobody for outreach"),
        ({"zone_minimums": {"north": -1}}, "zone_minimums"),
        ({"services": [{"service": "a"}, {"service": "a"}]}, 'service "a" stands twice'),
        ({"explain": {"next_best_count": 101}}, "next_best_count"),
    ],
)
def test_a_table_that_cannot_be_is_refused(asked, told):
    with pytest.raises(ValidationError, match=told):
        SitingTable.model_validate(asked)


def test_every_key_of_the_schema_says_what_it_is():
    schema = Scenario.model_json_schema()
    tables = ("SitingTable", "NextAimTable", "DecayTable", "ServiceTable", "ExplainTable")
    for table in tables:
        for key, facts in schema["$defs"][table]["properties"].items():
            assert len(facts.get("description", "")) > 4, (table, key)
