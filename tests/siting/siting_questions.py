"""Small random siting questions: every objective with every rule, alone and together."""

import math

import numpy as np
from hypothesis import strategies as st

from ntgeo.domain.decay import Decay, DecayKind
from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.places import CandidateSite, Location, SiteId, SiteStatus
from ntgeo.domain.siting import (
    AreaRules,
    Assignment,
    CapacityRule,
    NextAim,
    SitingObjective,
    SitingProblem,
    SitingRules,
)

__all__ = ["RULES", "questions", "rules_of"]

RULES = (
    *(
        "area limits",
        "budget",
        "count",
        "decay",
        "existing",
        "fewer",
        "groups",
        "hard",
        "must serve",
    ),
    *(
        "nearest",
        "outreach",
        "required",
        "separation",
        "soft",
        "split",
        "stretch",
        "target",
        "then",
    ),
    *("throughput", "zones"),
)
_BAR_EACH_OTHER = (
    ("hard", "soft"),
    ("split", "groups"),
    ("split", "nearest"),
    ("outreach", "must serve"),
)
_SENDS = {"hard", "soft", "throughput", "groups", "split"}
_COUNTS_ITSELF = {
    SitingObjective.SET_COVER,
    SitingObjective.BACKUP_COVER,
    SitingObjective.LEAST_COST,
}
_OURS = [SiteStatus.CANDIDATE, SiteStatus.CANDIDATE, SiteStatus.EXISTING]
_NOT_OURS = {SiteStatus.EXCLUDED, SiteStatus.COMPETITOR}


def _fitting(wanted, aims):
    """The rules that fit the aims and each other."""
    kept = set(wanted)
    if SitingObjective.MARKET_SHARE in aims:
        kept -= _SENDS
    if SitingObjective.KOLM_POLLAK in aims:
        kept -= {"soft"}
    if SitingObjective.WORST_DECILE in aims and "split" in kept:
        kept -= {"soft"}  # not linear, so the oracle cannot tell
    if SitingObjective.SET_COVER not in aims:
        kept -= {"target"}
    if SitingObjective.LEAST_COST not in aims:
        kept -= {"outreach"}
    for one, other in _BAR_EACH_OTHER:
        if one in kept:
            kept -= {other}
    return kept


@st.composite
def questions(draw, objectives=tuple(SitingObjective), rules=RULES, most_rules=4, always=()):
    """A question with one of the objectives, some rules and those of ``always`` if they fit."""
    aims = [draw(st.sampled_from(objectives))]
    count = draw(st.integers(0, min(most_rules, len(rules))))
    wanted = {*always, *draw(st.permutations(sorted(rules)))[:count]}
    if "then" in wanted:
        others = st.sampled_from([aim for aim in objectives if aim not in aims] or aims)
        aims += [
            aim
            for aim in draw(st.lists(others, min_size=1, max_size=2, unique=True))
            if aim not in aims
        ]
    kept = _fitting(wanted, aims)
    is_small = bool(kept & _SENDS)
    area_count = draw(st.integers(1, 4 if "split" in kept else 5 if is_small else 6))
    sites = draw(_sites(kept, aims, 4 if is_small else 5))
    times = st.one_of(st.just(math.nan), st.integers(0, 12).map(lambda steps: 60.0 * steps))
    time_s = np.array(draw(_list(_list(times, len(sites)), area_count)))
    demand = draw(_list(st.integers(0, 5), area_count))
    demand[0] += sum(demand) == 0
    deciles = draw(_list(st.sampled_from([0, 1, 2, 10]), area_count))
    return SitingProblem.from_arrays(
        demand=demand,
        demand_unit="people",
        travel=TravelTimeMatrix.from_arrays(
            time_s,
            origins=[f"X01{row:06d}" for row in range(area_count)],
            destinations=[site.id for site in sites],
            distance_m=time_s * 10,
        ),
        sites=sites,
        objective=aims[0],
        rules=draw(_rules(kept, aims, sites)),
        then=[
            NextAim(objective=aim, slack_share=draw(st.sampled_from([0.0, 0.05, 0.25])))
            for aim in aims[1:]
        ],
        imd_decile=deciles if any(aim.needs_decile for aim in aims) else None,
        area_rules=draw(_area_rules(kept, area_count)),
    )


def _list(values, count):
    return st.lists(values, min_size=count, max_size=count)


def _any_of(*values):
    return st.sampled_from(values)


@st.composite
def _sites(draw, kept, aims, most):
    count = draw(st.integers(1, most))
    required = [SiteStatus.REQUIRED] * ("required" in kept)
    statuses = draw(
        _list(st.sampled_from([*_OURS, *required, *sorted(_NOT_OURS)]), count).filter(
            lambda drawn: not set(drawn) <= _NOT_OURS
        )
    )
    if SitingObjective.MARKET_SHARE in aims:
        statuses.append(SiteStatus.COMPETITOR)
    first_of_ours = next(j for j, status in enumerate(statuses) if status not in _NOT_OURS)
    return [
        CandidateSite(
            id=SiteId(f"S{j:02d}"),
            name=f"Site {j}",
            location=Location(
                easting_m=1000.0 * draw(st.integers(0, 2)), northing_m=0.0 if j else 1000.0
            ),
            status=status,
            is_open_today=draw(st.booleans()) or (j == first_of_ours and "existing" in kept),
            capacity=float(draw(st.integers(1, 9)))
            if j == first_of_ours or draw(st.booleans())
            else None,
            fixed_cost_gbp=float(draw(st.integers(0, 20))),
            zone=draw(_any_of("", "east", "west")) if j != first_of_ours else "east",
            attractiveness=float(draw(st.integers(0, 3))),
        )
        for j, status in enumerate(statuses)
    ]


@st.composite
def _rules(draw, kept, aims, sites):
    usable = [site for site in sites if site.may_open]
    required = sum(site.status is SiteStatus.REQUIRED for site in sites)
    given = _counts(draw, kept, aims, (len(usable), required))
    if "existing" in kept:
        for name in ("keep_existing_at_least", "close_at_most", "open_new_at_most"):
            given[name] = draw(st.one_of(st.none(), st.integers(0, 2)))
    if "zones" in kept:
        zones = sorted({site.zone for site in usable} - {""})
        given["zone_minimums"] = tuple((zone, draw(st.integers(0, 2))) for zone in zones)
    needs_limit = any(aim.needs_travel_limit for aim in aims)
    if needs_limit or draw(st.booleans()):
        given["travel_limit_s"] = 60.0 * draw(st.integers(1, 12))
    given |= _amounts(draw, kept, aims)
    return SitingRules(**given)


def _counts(draw, kept, aims, most_and_least):
    usable, required = most_and_least
    given = {"budget_gbp": float(draw(st.integers(5, 50)))} if "budget" in kept else {}
    may_count = aims[0] is not SitingObjective.SET_COVER
    must_count = aims[0] not in _COUNTS_ITSELF and "budget" not in kept
    if may_count and (must_count or kept & {"count", "fewer"}):
        given["site_count"] = draw(st.integers(max(1, required), usable))
        given["may_open_fewer"] = "fewer" in kept
    return given


def _amounts(draw, kept, aims):
    given = {}
    if {"hard", "soft"} & kept:
        given["capacity"] = CapacityRule.HARD if "hard" in kept else CapacityRule.SOFT
    if "soft" in kept:
        given["over_capacity_price"] = draw(_any_of(0.0, 0.5, 1.0, 60.0, 300.0))
    if "throughput" in kept:
        given["min_throughput"] = draw(_any_of(0.0, 1.0, 2.0, 4.0))
    if {"split", "nearest"} & kept:
        given["assignment"] = Assignment.SPLIT if "split" in kept else Assignment.NEAREST
    if "separation" in kept:
        given["min_separation_m"] = draw(_any_of(500.0, 1000.0, 1200.0, 2000.0))
    if "target" in kept:
        given["target_share"] = draw(_any_of(0.3, 0.5, 0.75))
    if "outreach" in kept:
        given["outreach_gbp"] = draw(_any_of(0.0, 0.5, 2.0, 8.0))
    if "decay" in kept or SitingObjective.MAX_ATTENDANCE in aims:
        given["decay"] = draw(_decays())
    if SitingObjective.LEAST_COST in aims:
        given["travel_gbp_per_hour"] = draw(_any_of(0.0, 6.0, 30.0))
    return given | {
        "must_serve_all": "must serve" in kept,
        "inequality_aversion": draw(_any_of(0.5, 1.0, 2.0)),
        "deprivation_weight": draw(_any_of(0.0, 1.0, 3.0)),
        "huff_exponent": draw(_any_of(1.0, 2.0)),
    }


@st.composite
def _decays(draw):
    kind = draw(st.sampled_from(DecayKind))
    full_s = draw(_any_of(60.0, 120.0))
    own = {
        DecayKind.LINEAR: {"zero_s": draw(_any_of(180.0, 600.0))},
        DecayKind.POWER: {"exponent": draw(_any_of(1.0, 2.0))},
        DecayKind.EXPONENTIAL: {"halving_s": draw(_any_of(60.0, 300.0))},
    }
    return Decay(kind=kind, full_s=full_s, **own[kind])


@st.composite
def _area_rules(draw, kept, count):
    limits = _list(st.one_of(st.just(math.nan), st.integers(1, 12).map(lambda k: 60.0 * k)), count)
    return AreaRules(
        travel_limit_s=np.array(draw(limits)) if "area limits" in kept else None,
        decay_stretch=np.array(draw(_list(_any_of(0.5, 1.0, 2.0), count)))
        if "stretch" in kept
        else None,
        group=tuple(draw(_list(_any_of("", "a", "b"), count))) if "groups" in kept else None,
    )


def rules_of(problem):
    """The rules that a question has, in the words of ``RULES``."""
    rules, areas = problem.rules, problem.area_rules
    existing = (rules.keep_existing_at_least, rules.close_at_most, rules.open_new_at_most)
    has = {
        "area limits": areas.travel_limit_s is not None,
        "budget": rules.budget_gbp is not None,
        "count": rules.site_count is not None and not rules.may_open_fewer,
        "decay": rules.decay is not None,
        "existing": any(value is not None for value in existing),
        "fewer": rules.may_open_fewer,
        "groups": areas.group is not None,
        "hard": rules.capacity is CapacityRule.HARD,
        "must serve": rules.must_serve_all,
        "nearest": rules.assignment is Assignment.NEAREST,
        "outreach": rules.outreach_gbp is not None,
        "required": any(site.status is SiteStatus.REQUIRED for site in problem.sites),
        "separation": rules.min_separation_m is not None,
        "soft": rules.capacity is CapacityRule.SOFT,
        "split": rules.assignment is Assignment.SPLIT,
        "stretch": areas.decay_stretch is not None,
        "target": rules.target_share < 1,
        "then": bool(problem.then),
        "throughput": rules.min_throughput is not None,
        "zones": bool(rules.zone_minimums),
    }
    return [rule for rule in RULES if has[rule]]
