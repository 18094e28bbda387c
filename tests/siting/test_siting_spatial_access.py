"""Supply per head: by hand, by its laws, and as PySAL's access has it on a symmetric case."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import toytown
from access import fca, weights
from hypothesis import given, settings
from hypothesis import strategies as st
from siting.siting_cases import make_problem

from ntgeo.domain.places import SiteStatus
from ntgeo.domain.solving import SolveLimits
from ntgeo.siting import LUO_QI_ZONES, LUO_WANG_ZONES, CatchmentZone, solve_here, spatial_access

LIMITS = SolveLimits(time_limit_s=10)


def zones(*ends_and_weights):
    return [CatchmentZone(until_s=end, weight=weight) for end, weight in ends_and_weights]


@pytest.fixture
def street():
    problem = toytown.siting_problem(site_count=2)
    return problem, solve_here(problem, LIMITS)


def test_two_steps_on_the_street(street):
    problem, plan = street
    told = spatial_access(problem, plan, zones=zones((600, 1.0)))
    # in the plan S2 (20 min) has 20 + 30 + 20 people, S4 (10 min) 10 + 20 + 30
    south, north = 1 / 70, 1 / 60
    assert plan.opened == ("S2", "S4")
    assert told.after == pytest.approx([north, north + south, north + south, south, 0])
    # today S1 (0 min) has 10 + 20, S3 (40 min) 20 + 10
    assert told.before == pytest.approx([1 / 30, 1 / 30, 0, 1 / 30, 1 / 30])
    assert told.change == pytest.approx(told.after - told.before)
    assert told.supply_unit == "sites"


def test_zones_weigh_people_and_supply(street):
    problem, plan = street
    told = spatial_access(problem, plan, zones=zones((1200, 0.5), (600, 1.0)))
    # S2 has half of 10, 20, 30, 20 and half of 10; S4 has 10, 20, 30 and half of 20
    south, north = 1 / 80, 1 / 70
    expected = [north + south / 2, north + south, north + south, north / 2 + south, south / 2]
    assert told.after == pytest.approx(expected)
    assert [zone.until_s for zone in told.zones] == [600, 1200]


def test_supply_is_capacity_where_every_site_counted_has_one(street):
    problem, plan = street
    sizes = {"S1": 5.0, "S2": 70.0, "S3": 5.0, "S4": 120.0}
    sized = replace(problem, sites=tuple(toytown.site(s, capacity=c) for s, c in sizes.items()))
    told = spatial_access(sized, plan, zones=zones((600, 1.0)))
    assert told.after == pytest.approx([2, 3, 3, 1, 0])
    assert told.supply_unit == "capacity"
    unknown = replace(sized, sites=(toytown.site("S1"), *sized.sites[1:]))
    assert spatial_access(unknown, plan).supply_unit == "sites"


def test_nothing_open_today_has_no_before():
    statuses = dict.fromkeys(toytown.OPEN_TODAY, SiteStatus.CANDIDATE)
    problem = toytown.siting_problem(statuses=statuses)
    told = spatial_access(problem, solve_here(problem, LIMITS))
    assert told.before is None
    assert told.change is None


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def test_supply_is_shared_out_among_the_people_and_none_is_lost(seed):
    rng = np.random.default_rng(seed)
    time_s = rng.integers(1, 1800, (8, 5)).astype(float)
    demand = rng.integers(1, 9, 8)
    statuses = [SiteStatus.CANDIDATE] * 5
    problem = make_problem(time_s, demand, statuses, objective="p-median", site_count=3)
    plan = solve_here(problem, LIMITS)
    for catchment in (LUO_WANG_ZONES, LUO_QI_ZONES):
        told = spatial_access(problem, plan, zones=catchment)
        assert problem.demand @ told.after == pytest.approx(3)


@pytest.mark.parametrize("catchment", [LUO_WANG_ZONES, LUO_QI_ZONES])
def test_pysal_access_says_the_same_on_a_symmetric_case(catchment):
    rng = np.random.default_rng(5)
    place = rng.uniform(0, 2400, (12, 2))
    time_s = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1)).round()
    demand = rng.integers(1, 50, 12).astype(float)
    statuses = [SiteStatus.REQUIRED] * 12
    problem = make_problem(time_s, demand, statuses, objective="p-median", site_count=12)
    capacity = rng.integers(1, 9, 12).astype(float)
    sized = [
        replace(site, capacity=size) for site, size in zip(problem.sites, capacity, strict=True)
    ]
    problem = replace(problem, sites=tuple(sized))
    ours = spatial_access(problem, solve_here(problem, LIMITS), zones=catchment).after
    number = pd.RangeIndex(12, name="geoid")
    pairs = np.indices(time_s.shape).reshape(2, -1)
    cost = pd.DataFrame({"origin": pairs[0], "dest": pairs[1], "cost": time_s.ravel()})
    theirs = fca.two_stage_fca(
        pd.DataFrame({"demand": demand}, index=number),
        pd.DataFrame({"supply": capacity}, index=number),
        cost,
        max_cost=catchment[-1].until_s,
        demand_index=True,
        weight_fn=weights.step_fn({zone.until_s: zone.weight for zone in catchment}),
    )
    assert (time_s > catchment[-1].until_s).any()
    assert ours == pytest.approx(theirs.sort_index().to_numpy(), rel=1e-12)


@pytest.mark.parametrize("wrong", [[], [(600, 1.0), (600, 0.5)]])
def test_a_catchment_without_a_zone_or_with_two_alike_is_refused(street, wrong):
    with pytest.raises(ValueError, match="at least one zone"):
        spatial_access(*street, zones=zones(*wrong))


def test_a_zone_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="both must be above 0"):
        CatchmentZone(until_s=0, weight=1)
