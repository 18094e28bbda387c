"""The oracle itself, against hand answers: a wrong oracle would let a wrong engine pass."""

from dataclasses import replace

import numpy as np
import pytest
import toytown
from hypothesis import given, settings
from siting.siting_oracle import best_by_trying_all
from siting.siting_questions import RULES, questions

from ntgeo.domain.decay import Decay, DecayKind
from ntgeo.domain.places import SiteStatus
from ntgeo.domain.siting import (
    AreaRules,
    Assignment,
    CapacityRule,
    NextAim,
    SitingObjective,
    SitingRules,
)

EXAMPLES = settings(max_examples=60, deadline=None, derandomize=True)
MINUTE = 60.0
PARTS = {"then", "imd_decile", "area_rules"}


def street(objective="p-median", count=1, *, limit=None, sites=None, **changes):
    """The street: people 10, 20, 30, 20, 10 at minutes 0 to 40, sites S1 to S4 at 0, 20, 40, 10."""
    plain = toytown.siting_problem(site_count=1)
    parts = {name: changes.pop(name) for name in PARTS & set(changes)}
    limit_s = None if limit is None else limit * MINUTE
    return replace(
        plain,
        objective=SitingObjective(objective),
        sites=tuple(replace(site, **(sites or {}).get(site.id, {})) for site in plain.sites),
        rules=SitingRules(site_count=count, travel_limit_s=limit_s, **changes),
        **parts,
    )


RIVAL = {"S1": {"status": SiteStatus.COMPETITOR}}
COSTS = {f"S{n}": {"fixed_cost_gbp": 100.0 * n} for n in range(1, 5)}
ROOM = {"S2": {"capacity": 50.0}, "S1": {"capacity": 60.0}}
HALVES = Decay(kind=DecayKind.EXPONENTIAL, halving_s=600.0)
ONLY_S2 = {f"S{n}": {"status": SiteStatus.EXCLUDED} for n in (1, 3, 4)}
WORST_NEXT = SitingObjective.P_CENTRE
HAND = {
    "p-median goes to the middle": (street(), [0, 800 * MINUTE]),
    "the most deprived count twice": (
        street("deprivation-p-median", imd_decile=np.array([1, 10, 10, 10, 10])),
        [0, 1000 * MINUTE],
    ),
    "p-centre": (street("p-centre"), [0, 20 * MINUTE, 800 * MINUTE]),
    "the worst tenth are nine people": (street("worst-tenth"), [0, 20 * MINUTE, 800 * MINUTE]),
    "the worst decile": (
        street("worst-decile", imd_decile=np.array([1, 1, 5, 5, 5])),
        [0, 40 / 3 * MINUTE, 800 * MINUTE],
    ),
    "coverage": (street("max-coverage", limit=10), [-70, 20, 400 * MINUTE]),
    "gradual coverage": (
        street("max-coverage", limit=10, decay=HALVES),
        [-(30 + 10 + 10), 20, 400 * MINUTE],
    ),
    "attendance halves each ten minutes": (
        street("max-attendance", decay=HALVES),
        [-(30 + 20 + 5), 0, 800 * MINUTE],
    ),
    "but where it is stretched": (
        street(
            "max-attendance",
            decay=HALVES,
            area_rules=AreaRules(decay_stretch=np.array([2.0, 1, 1, 1, 1])),
        ),
        [-(30 + 20 + 5 + 2.5), 0, 800 * MINUTE],
    ),
    "cover": (street("set-cover", None, limit=10), [2, 0, 600 * MINUTE]),
    "cover of seven in nine": (
        street("set-cover", None, limit=10, target_share=0.77),
        [1, 20, 400 * MINUTE],
    ),
    "backup by two": (street("backup-cover", 2, limit=10), [-50, 10, 300 * MINUTE]),
    "backup for all who can have it": (
        street("backup-cover", None, limit=20),
        [3, 0, 300 * MINUTE],
    ),
    "least cost": (
        street("least-cost", None, sites=COSTS, travel_gbp_per_hour=15.0),
        [0, 200 + 200],
    ),
    "outreach is cheaper than twenty minutes": (
        street("least-cost", 1, sites=COSTS, travel_gbp_per_hour=60.0, outreach_gbp=11.0),
        [200 + 400 + 220, 20, 400 * MINUTE],
    ),
    "a rival at the start of the street": (
        street("market-share", 1, sites=RIVAL, huff_exponent=1.0),
        [-(10 / 21 + 10 + 600 / 21 + 15 + 20 / 3), 0, 800 * MINUTE],
    ),
    "a site that holds too few is not opened": (
        street(sites=ROOM, capacity=CapacityRule.HARD),
        [0, 1100 * MINUTE],
    ),
    "or takes them at a price": (
        street(sites=ROOM, capacity=CapacityRule.SOFT, over_capacity_price=MINUTE),
        [0, 840 * MINUTE],
    ),
    "nobody is turned away from the nearest": (
        street(sites=ONLY_S2 | ROOM, capacity=CapacityRule.HARD, assignment=Assignment.NEAREST),
        None,
    ),
    "an area goes whole": (
        street(sites=ONLY_S2 | {"S2": {"capacity": 45.0}}, capacity=CapacityRule.HARD),
        [50, 200 * MINUTE],
    ),
    "or in parts": (
        street(
            sites=ONLY_S2 | {"S2": {"capacity": 45.0}},
            capacity=CapacityRule.HARD,
            assignment=Assignment.SPLIT,
        ),
        [45, 150 * MINUTE],
    ),
    "a group goes to one site": (
        street(count=2, area_rules=AreaRules(group=("end", "", "", "", "end"))),
        [0, (200 + 0 + 0 + 200 + 200) * MINUTE],
    ),
    "each site has its least": (
        street("p-centre", 2, min_throughput=40.0),
        [0, 20 * MINUTE, 700 * MINUTE],
    ),
    "an area of its own limit": (
        street(area_rules=AreaRules(travel_limit_s=np.array([60.0, *[np.nan] * 4]))),
        [0, 1800 * MINUTE],
    ),
    "all must be served": (street("max-coverage", limit=10, must_serve_all=True), None),
    "no slack": (
        street(count=2, then=(NextAim(objective=WORST_NEXT, slack_share=0.19),)),
        [0, 500 * MINUTE, 20 * MINUTE, 500 * MINUTE],
    ),
    "slack enough": (
        street(count=2, then=(NextAim(objective=WORST_NEXT, slack_share=0.2),)),
        [0, 500 * MINUTE, 10 * MINUTE, 600 * MINUTE],
    ),
}


@pytest.mark.parametrize("name", HAND)
def test_the_oracle_answers_as_by_hand(name):
    problem, expected = HAND[name]
    assert best_by_trying_all(problem) == (
        expected if expected is None else pytest.approx(expected)
    )


@EXAMPLES
@given(questions(rules=sorted(set(RULES) - {"groups", "hard", "nearest", "soft", "throughput"})))
def test_splitting_gains_nothing_where_there_is_room(problem):
    whole = replace(problem, rules=replace(problem.rules, assignment=Assignment.WHOLE))
    if SitingObjective.MARKET_SHARE in problem.aims or (
        problem.then and problem.rules.outreach_gbp
    ):
        return
    split = replace(problem, rules=replace(problem.rules, assignment=Assignment.SPLIT))
    expected = best_by_trying_all(whole)
    assert best_by_trying_all(split) == (
        expected if expected is None else pytest.approx(expected, rel=1e-5, abs=1e-4)
    )
