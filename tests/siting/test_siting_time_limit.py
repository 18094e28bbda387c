"""A large question stopped after a second still tells a gap that is true."""

import numpy as np
import pytest

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.siting import SitingProblem, SitingRules
from ntgeo.domain.solving import SolveLimits
from ntgeo.siting import find_faults, solve_siting

TOWNS, AREAS_A_TOWN, SITES_A_TOWN = 25, 40, 12
AREAS, SITES = TOWNS * AREAS_A_TOWN, TOWNS * SITES_A_TOWN
FAR_S = 1e6


def question(time_s, demand, objective):
    travel = TravelTimeMatrix.from_arrays(
        time_s,
        origins=[f"X01{row:06d}" for row in range(AREAS)],
        destinations=[f"S{column:03d}" for column in range(SITES)],
    )
    rules = SitingRules(site_count=TOWNS)
    return SitingProblem.from_arrays(
        demand=demand, travel=travel, objective=objective, rules=rules, demand_unit="people"
    )


def apart():
    """Towns so far apart that each needs a site of its own; demand, and seconds within each."""
    chance = np.random.default_rng(5)
    demand = chance.integers(1, 100, AREAS).astype(float)
    within_s = chance.integers(1, 3600, (TOWNS, AREAS_A_TOWN, SITES_A_TOWN)).astype(float)
    time_s = np.full((AREAS, SITES), FAR_S)
    for town, times in enumerate(within_s):
        rows = slice(town * AREAS_A_TOWN, (town + 1) * AREAS_A_TOWN)
        columns = slice(town * SITES_A_TOWN, (town + 1) * SITES_A_TOWN)
        time_s[rows, columns] = times
    return time_s, demand, within_s


def stopped_after(problem, seconds):
    plan = solve_siting(problem, SolveLimits(time_limit_s=seconds))
    assert find_faults(problem, plan) == ()
    return plan.report


def test_towns_apart_are_each_their_own_median():
    time_s, demand, within_s = apart()
    burden = (within_s * demand.reshape(TOWNS, AREAS_A_TOWN, 1)).sum(axis=1)
    best = burden.min(axis=1).sum()
    report = stopped_after(question(time_s, demand, "p-median"), 1)
    assert report.bound <= best * (1 + 1e-9)
    assert best <= report.objective * (1 + 1e-9)


def test_towns_apart_are_each_their_own_centre():
    time_s, demand, within_s = apart()
    best = within_s.max(axis=1).min(axis=1).max()
    report = stopped_after(question(time_s, demand, "p-centre"), 1)
    assert report.bound <= best <= report.objective


@pytest.mark.parametrize("objective", ["p-median", "p-centre", "worst-tenth"])
def test_a_bound_of_a_second_holds_for_every_plan_found_later(objective):
    chance = np.random.default_rng(6)
    areas, sites = chance.random((AREAS, 1, 2)), chance.random((1, SITES, 2))
    time_s = np.floor(np.hypot(*np.moveaxis(areas - sites, 2, 0)) * 3600)
    problem = question(time_s, chance.integers(1, 100, AREAS), objective)
    early, late = stopped_after(problem, 1), stopped_after(problem, 2.5)
    assert early.bound <= late.objective * (1 + 1e-9)
    assert late.bound <= early.objective * (1 + 1e-9)
