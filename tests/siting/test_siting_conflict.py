"""Rules that conflict: hand-made cases, and random ones against trying every plan and every set."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
import toytown
from hypothesis import given, settings
from siting.siting_oracle import best_by_trying_all
from siting.siting_questions import questions

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.places import SiteStatus
from ntgeo.domain.siting import Assignment, CapacityRule, SitingObjective, SitingRules
from ntgeo.domain.solving import SolveLimits
from ntgeo.errors import TimeLimitError
from ntgeo.siting import find_conflict, find_faults
from ntgeo.siting.answers import conflict
from ntgeo.siting.answers.rule_list import list_rules, possibility_of
from ntgeo.siting.answers.trial import Trial

LIMITS = SolveLimits(time_limit_s=60)


def street(objective="p-median", sites=None, **rules):
    plain = toytown.siting_problem(site_count=1)
    changed = [replace(site, **(sites or {}).get(site.id, {})) for site in plain.sites]
    return replace(
        plain,
        objective=SitingObjective(objective),
        sites=tuple(changed),
        rules=SitingRules(**rules),
    )


def names(found):
    return {rule.name for rule in found.rules}


def mends(found):
    return {mend.rule: mend.text for mend in found.mends}


def test_a_question_with_a_plan_has_no_conflict():
    assert find_conflict(toytown.siting_problem(), LIMITS) is None


def test_one_site_cannot_serve_the_street_within_ten_minutes():
    found = find_conflict(street(site_count=1, travel_limit_s=600, must_serve_all=True), LIMITS)
    assert names(found) == {"must_serve_all", "travel_limit_s", "site_count"}
    assert found.is_minimal
    assert found.is_smallest
    assert found.in_words == (
        "No plan exists: all 90 people must be served, no site serves areas over 10 min away, "
        "and exactly 1 site may be open. Fix: raise the travel limit to 20 min, or "
        "open 2 sites, or let some go unserved."
    )


def test_areas_over_the_limit_from_every_site_are_named():
    barred = {name: {"status": SiteStatus.COMPETITOR} for name in ("S1", "S4")}
    found = find_conflict(
        street(site_count=2, travel_limit_s=900, must_serve_all=True, sites=barred), LIMITS
    )
    assert names(found) == {"must_serve_all", "travel_limit_s"}
    assert "area X01000001 is over 15 min from every site that may open" in found.in_words
    assert mends(found)["travel_limit_s"] == "raise the travel limit to 20 min"


def test_an_area_without_a_way_conflicts_with_serving_all_by_itself():
    problem = street(site_count=2, must_serve_all=True)
    time_s = problem.travel.time_s.copy()
    time_s[0] = np.nan
    cut = TravelTimeMatrix.from_arrays(
        time_s, origins=problem.areas, destinations=problem.travel.destinations
    )
    found = find_conflict(replace(problem, travel=cut), LIMITS)
    assert [rule.text for rule in found.rules] == [
        "all 90 people must be served, but no site that may open can be reached from X01000001"
    ]
    assert mends(found) == {"must_serve_all": "let some go unserved"}


def test_too_little_room_is_told_with_its_figures():
    room = {f"S{n}": {"capacity": 20.0} for n in range(1, 5)}
    found = find_conflict(
        street(
            site_count=4,
            must_serve_all=True,
            capacity=CapacityRule.HARD,
            assignment=Assignment.SPLIT,
            sites=room,
        ),
        LIMITS,
    )
    assert names(found) == {"must_serve_all", "capacity"}
    assert "the sites that may open hold 80 in all, and demand is 90" in found.in_words
    least = next(mend for mend in found.mends if mend.rule == "capacity")
    assert 1.125 <= least.value < 1.125 * 1.005
    assert least.is_least


def test_required_sites_too_near_to_each_other():
    near = {name: {"status": SiteStatus.REQUIRED} for name in ("S2", "S4")}
    found = find_conflict(street(site_count=2, min_separation_m=6000, sites=near), LIMITS)
    assert names(found) == {"required sites", "min_separation_m"}
    assert "2 sites (S2, S4) are required" in found.in_words
    assert mends(found) == {
        "min_separation_m": "let sites be 5,000 m apart",
        "required sites": "require fewer sites",
    }


def test_a_zone_that_asks_for_more_than_it_has():
    zoned = {"S1": {"zone": "west"}}
    found = find_conflict(street(site_count=2, zone_minimums=(("west", 2),), sites=zoned), LIMITS)
    assert [rule.text for rule in found.rules] == ["at least 2 sites must be open in zone west"]
    assert mends(found) == {"zone_minimums west": "ask for 1 in zone west"}


def test_a_budget_below_what_must_be_open():
    costs = {f"S{n}": {"fixed_cost_gbp": 1000.0 * n} for n in range(1, 5)}
    found = find_conflict(street(site_count=3, budget_gbp=5000.0, sites=costs), LIMITS)
    assert names(found) == {"site_count", "budget_gbp"}
    # the three cheapest sites cost 6,000
    budget = next(mend for mend in found.mends if mend.rule == "budget_gbp")
    assert 6000 <= budget.value <= 6051
    assert mends(found)["site_count"] == "open 2 sites"


def test_existing_sites_that_cannot_all_stay():
    found = find_conflict(street(site_count=1, keep_existing_at_least=2), LIMITS)
    assert names(found) == {"site_count", "keep_existing_at_least"}
    assert mends(found) == {
        "site_count": "open 2 sites",
        "keep_existing_at_least": "keep 1 of the sites open today",
    }
    kept = found.mends[1]
    mended = street(site_count=1, keep_existing_at_least=int(kept.value))
    assert find_faults(mended, kept.plan) == ()


def test_the_smallest_set_is_told_where_the_filter_finds_a_greater():
    costs = {f"S{n}": {"fixed_cost_gbp": 1000.0} for n in range(1, 5)}
    costs["S1"]["status"] = costs["S3"]["status"] = SiteStatus.REQUIRED
    problem = street(
        site_count=2, open_new_at_most=0, close_at_most=0, budget_gbp=1500.0, sites=costs
    )
    found = find_conflict(problem, LIMITS)
    assert len(found.rules) == 2
    assert "budget_gbp" in names(found)


def test_what_is_not_known_in_the_time_is_said(monkeypatch):
    monkeypatch.setattr(conflict, "try_solving", lambda *_: Trial(plan=None))
    with pytest.raises(TimeLimitError, match="give it more time"):
        find_conflict(toytown.siting_problem(), LIMITS)


def has_plan(problem, rules, kept):
    question = problem
    for place in reversed(range(len(rules))):
        if place not in kept:
            question = rules[place].lift(question)
    return best_by_trying_all(question) is not None


@settings(max_examples=60, deadline=None, derandomize=True)
@given(questions(most_rules=6))
def test_a_conflict_conflicts_is_minimal_and_is_smallest(problem):
    asked = possibility_of(problem)
    assert (best_by_trying_all(asked) is None) == (best_by_trying_all(problem) is None)
    found = find_conflict(problem, LIMITS)
    if found is None:
        assert best_by_trying_all(problem) is not None
        return
    rules = list_rules(asked)
    held = {place for place, rule in enumerate(rules) if rule.name in names(found)}
    assert not has_plan(asked, rules, held)
    for place in held:
        assert has_plan(asked, rules, held - {place})
    for smaller in itertools.combinations(range(len(rules)), len(held) - 1):
        assert has_plan(asked, rules, set(smaller))
