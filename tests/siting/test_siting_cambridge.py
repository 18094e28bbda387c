"""Cambridge: 69 LSOAs, libraries open today, schools as candidates; every objective."""

import csv
import math
import time
from dataclasses import replace

import numpy as np
import pytest
from pyproj import Transformer

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.places import CandidateSite, Location, SiteId, SiteStatus
from ntgeo.domain.siting import SitingProblem, SitingRules
from ntgeo.domain.solving import SolveLimits
from ntgeo.siting import (
    explain_siting,
    find_faults,
    find_flips,
    solve_here,
    solve_siting,
    weigh_changes,
)

pytestmark = pytest.mark.shared_data
METRES_PER_SECOND = 30 / 3.6
CASES = {
    "p-median": SitingRules(site_count=5),
    "kolm-pollak": SitingRules(site_count=5),
    "p-centre": SitingRules(site_count=5),
    "max-coverage": SitingRules(site_count=3, travel_limit_s=180),
    "set-cover": SitingRules(travel_limit_s=240),
}


def table(folder, name):
    with (folder / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def site(number, name, place, status):
    location = Location(easting_m=place[0], northing_m=place[1])
    return CandidateSite(id=SiteId(number), name=name, location=location, status=status)


@pytest.fixture(scope="module")
def cambridge(shared_data):
    folder = shared_data / "cambridge"
    population = {
        row["lsoa11_code"]: float(row["total_population"])
        for row in table(folder, "population_mid2020_single_year_of_age.csv")
    }
    areas = {
        row["LSOA11CD"]: (float(row["easting"]), float(row["northing"]))
        for row in table(folder, "lsoa2011_population_weighted_centroids.csv")
    }
    project = Transformer.from_crs(4326, 27700, always_xy=True).transform
    candidate, existing = SiteStatus.CANDIDATE, SiteStatus.EXISTING
    sites = [
        site(
            f"school-{row['school']}",
            row["name"],
            project(float(row["longitude"]), float(row["latitude"])),
            candidate,
        )
        for row in table(folder, "schools_register_2015.csv")
        if row["longitude"]
    ]
    for place, row in enumerate(table(folder, "libraries_2023.csv")):
        values = list(row.values())
        where = (float(values[-5]), float(values[-4]))
        sites.append(site(f"library-{place}", row["name"], where, existing))
    start = np.array(list(areas.values()))
    end = np.array([[s.location.easting_m, s.location.northing_m] for s in sites])
    apart = np.hypot(*(start[:, None] - end[None]).transpose(2, 0, 1)) * 1.3
    travel = TravelTimeMatrix.from_arrays(
        apart / METRES_PER_SECOND,
        origins=list(areas),
        destinations=[s.id for s in sites],
        distance_m=apart,
        method="straight line × 1.3 at 30 km/h (no roads were used)",
    )
    return [population[area] for area in areas], travel, sites


@pytest.mark.parametrize("objective", CASES)
def test_every_objective_is_proven_and_sound(cambridge, objective):
    people, travel, sites = cambridge
    problem = SitingProblem.from_arrays(
        demand=people,
        travel=travel,
        sites=sites,
        objective=objective,
        rules=CASES[objective],
        demand_unit="residents",
    )
    started = time.monotonic()
    plan = solve_siting(problem, SolveLimits(time_limit_s=60))
    assert time.monotonic() - started < 30
    assert find_faults(problem, plan) == ()
    assert plan.report.status_text == "proven best: no plan that keeps the rules is better"
    told = [entry.demand for entry in (*plan.allocations, *plan.unserved)]
    assert (len(told), sum(told)) == (69, sum(people))
    access = explain_siting(problem, plan)
    if objective == "p-median":
        assert access.after.mean_s < access.before.mean_s
    if objective == "p-centre":
        assert access.after.worst_s == plan.report.objective < access.before.worst_s
    if objective == "kolm-pollak":
        assert access.after.mean_s < plan.report.objective < access.after.worst_s


@pytest.fixture(scope="module")
def five_hubs(cambridge):
    people, travel, sites = cambridge
    problem = SitingProblem.from_arrays(
        demand=people, travel=travel, sites=sites, rules=SitingRules(site_count=5)
    )
    return problem, solve_here(problem, SolveLimits(time_limit_s=60))


def least_travel(problem, opened=None):
    """Demand × seconds of the best plan, or of one with just those open; solved from scratch."""
    if opened is None:
        plan = solve_here(problem, SolveLimits(time_limit_s=60))
        assert plan.report.bound == plan.report.objective
        opened = plan.opened
    columns = [c for c, site in enumerate(problem.sites) if site.id in opened]
    return math.fsum(problem.demand * problem.travel.time_s[:, columns].min(axis=1))


def test_the_cost_of_each_change_is_that_of_solving_again(five_hubs):
    problem, plan = five_hubs
    changes = weigh_changes(problem, plan, SolveLimits(time_limit_s=60))
    assert len(changes) == len(problem.sites)
    assert all(change.is_proven and change.cost >= 0 for change in changes)
    closed = [change for change in changes if str(change.kind) == "close"]
    forced = [change for change in changes if str(change.kind) == "force"]
    for change in (*closed, *forced[::12]):
        status = SiteStatus.EXCLUDED if change in closed else SiteStatus.REQUIRED
        sites = tuple(
            replace(site, status=status) if site.id == change.site else site
            for site in problem.sites
        )
        again = least_travel(replace(problem, sites=sites))
        assert change.cost == pytest.approx(again - plan.report.objective)


def test_each_flip_point_is_that_of_solving_again(five_hubs):
    problem, plan = five_hubs
    catchment = {entry.lsoa: entry.site for entry in plan.allocations}
    flips = find_flips(problem, plan, SolveLimits(time_limit_s=60))
    assert len(flips) == 12
    for flip in flips:
        assert flip.is_proven
        for factor in {flip.unchanged_until, flip.factor} - {None}:
            grows = [flip.growth.site in {None, catchment[area]} for area in problem.areas]
            slower = [flip.growth.site in {None, site.id} for site in problem.sites]
            demand, time_s = problem.demand, problem.travel.time_s
            if flip.growth.share is not None:
                demand = np.where(grows, demand * factor, demand)
            else:
                time_s = np.where(slower, time_s * factor, time_s)
            grown = replace(problem, demand=demand, travel=replace(problem.travel, time_s=time_s))
            worse = least_travel(grown, plan.opened) - least_travel(grown)
            assert (worse > 1e-6 * plan.report.objective) == (factor == flip.factor)
