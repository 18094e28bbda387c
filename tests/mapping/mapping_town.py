"""A made-up town with enough of everything to draw: areas, wards, sites, roads, water, rounds."""

from datetime import date

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import LineString, Polygon, box

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.places import CandidateSite, Location, LsoaCode, SiteId, SiteStatus
from ntgeo.domain.siting import (
    Allocation,
    SitingObjective,
    SitingPlan,
    SitingProblem,
    SitingRules,
    UnservedArea,
)
from ntgeo.domain.solving import SolveReport, SolveStatus
from ntgeo.mapping.content import Backdrop, Measure, SitingMapContent

EASTING_M, NORTHING_M, CELL_M = 400_000.0, 565_000.0, 700.0
NAMES = ("Harbour", "Castle Green", "Marsh End", "Northgate", "St Oswin's", "Quayside", "The Links")


def hexagon_areas(columns: int = 10, rows: int = 8, seed: int = 5) -> gpd.GeoDataFrame:
    chance = np.random.default_rng(seed)
    centres = [
        (EASTING_M + CELL_M * 1.5 * c, NORTHING_M + CELL_M * 1.732 * (r + 0.5 * (c % 2)))
        for c in range(columns)
        for r in range(rows)
    ]
    corners = [
        (round(CELL_M * np.cos(a), 3), round(CELL_M * np.sin(a), 3))
        for a in np.deg2rad(np.arange(0, 360, 60))
    ]
    shapes = [Polygon([(round(x + dx), round(y + dy)) for dx, dy in corners]) for x, y in centres]
    xs, ys = np.array(centres).T
    count = len(centres)
    waves = np.sin(xs / 2100) + np.cos(ys / 1700) + chance.normal(0, 0.35, count)
    people = np.rint(1500 + 300 * chance.normal(size=count)).clip(600)
    observed = np.rint(people * (0.02 + 0.008 * waves).clip(0.002))
    expected = np.round(people * (0.024 + 0.004 * waves), 1)
    rank = np.argsort(np.argsort(-waves))
    return gpd.GeoDataFrame(
        {
            "lsoa": [f"X01{i:06d}" for i in range(1, count + 1)],
            "name": [f"Seahaven {i:03d}{'ABCDEF'[i % 6]}" for i in range(1, count + 1)],
            "ward": [f"{NAMES[i * len(NAMES) // count]} Ward" for i in range(count)],
            "population": people.astype(int),
            "imd_decile": rank * 10 // count + 1,
            "easting_m": xs,
            "northing_m": ys,
            "observed": np.where(observed < 5, np.nan, observed),
            "is_small": observed < 5,
            "rate": np.round(1000 * observed / people, 1),
            "unmet": np.round(expected - observed, 1),
        },
        geometry=shapes,
        crs=27700,
    )


def backdrop(areas: gpd.GeoDataFrame, seed: int = 5) -> Backdrop:
    chance = np.random.default_rng(seed)
    west, south, east, north = areas.total_bounds
    lines, kinds = [], []
    for x in np.arange(west, east, 350):
        wave = [(x + 60 * np.sin(y / 500), y) for y in np.arange(south, north, 200)]
        lines.append(LineString(wave))
        kinds.append("primary" if len(lines) % 9 == 4 else "residential")
    for y in np.arange(south, north, 350):
        wave = [(x, y + 60 * np.cos(x / 600)) for x in np.arange(west, east, 200)]
        lines.append(LineString(wave))
        kinds.append("secondary" if len(lines) % 7 == 2 else "residential")
    keep = [k != "residential" or chance.random() < 0.8 for k in kinds]
    roads = gpd.GeoDataFrame(
        {"highway": [k for k, kept in zip(kinds, keep, strict=True) if kept]},
        geometry=[line for line, kept in zip(lines, keep, strict=True) if kept],
        crs=27700,
    )
    middle = (south + north) / 2
    river = LineString(
        [(x, middle + 900 * np.sin(x / 1900)) for x in np.arange(west - 500, east + 500, 150)]
    )
    sea = box(east - 300, south - 2000, east + 4000, north + 2000)
    water = gpd.GeoDataFrame(geometry=[river.buffer(90), sea], crs=27700)
    return Backdrop(roads=roads, water=water)


def siting_sites(areas: gpd.GeoDataFrame, count: int = 18) -> tuple[CandidateSite, ...]:
    chosen = np.linspace(3, len(areas) - 4, count).astype(int)
    statuses = [SiteStatus.EXISTING] * 4 + [SiteStatus.REQUIRED] + [SiteStatus.CANDIDATE] * 10
    statuses += [SiteStatus.EXCLUDED] + [SiteStatus.COMPETITOR] * 2
    order = [(7 * i) % count if count % 7 else i for i in range(count)]
    return tuple(
        CandidateSite(
            id=SiteId(f"S{i + 1:02d}"),
            name=f"{NAMES[i % len(NAMES)]} {('Library', 'Hub', 'School', 'Centre')[i % 4]}",
            location=Location(
                easting_m=float(areas["easting_m"].iloc[row]) + 120,
                northing_m=float(areas["northing_m"].iloc[row]) - 90,
            ),
            status=statuses[order[i]],
            capacity=4000.0,
            fixed_cost_gbp=85_000.0 + 1000 * i,
        )
        for i, row in enumerate(chosen)
    )


def siting_content(
    *, columns: int = 10, rows: int = 8, limit_s: float | None = None, **changes
) -> SitingMapContent:
    areas = hexagon_areas(columns, rows)
    sites = siting_sites(areas)
    at = np.array([[s.location.easting_m, s.location.northing_m] for s in sites])
    homes = areas[["easting_m", "northing_m"]].to_numpy()
    distance = 1.25 * np.hypot(*(homes[:, None, :] - at[None]).transpose(2, 0, 1))
    problem = SitingProblem(
        areas=tuple(LsoaCode(code) for code in areas["lsoa"]),
        demand=areas["observed"].fillna(3).to_numpy(),
        demand_unit="visits a year",
        sites=sites,
        travel=TravelTimeMatrix.from_arrays(
            distance / 9.0,
            origins=areas["lsoa"].tolist(),
            destinations=[s.id for s in sites],
            distance_m=distance,
            method="road network, free-flow speeds",
        ),
        objective=SitingObjective.P_MEDIAN,
        rules=SitingRules(site_count=5, travel_limit_s=limit_s),
    )
    settings = {
        "title": "Family hubs in Seahaven",
        "is_synthetic": True,
        "areas": areas,
        "problem": problem,
        "plan": greedy_plan(problem),
        "made_on": date(2026, 11, 23),
        "measures": (
            Measure(column="observed", label="Visits recorded", decimals=0, unit="a year",
                    withheld_column="is_small"),
            Measure(column="rate", label="Use rate", unit="per 1,000 residents", palette="need"),
            Measure(column="unmet", label="Unmet need", unit="expected minus recorded visits",
                    scheme="difference"),
        ),
        "backdrop": backdrop(areas),
        "sources": ("Synthetic sample of ntgeo: no real place or person.",),
    }  # fmt: skip
    return SitingMapContent(**(settings | changes))


def greedy_plan(problem: SitingProblem) -> SitingPlan:
    usable = [j for j, s in enumerate(problem.sites) if s.may_open]
    opened = [j for j in usable if problem.sites[j].status is SiteStatus.REQUIRED]
    times = problem.travel.time_s
    while len(opened) < (problem.rules.site_count or 3):
        rest = [j for j in usable if j not in opened]
        cost = [(problem.demand @ times[:, [*opened, j]].min(axis=1), j) for j in rest]
        opened.append(min(cost)[1])
    opened = sorted(opened)
    nearest = [opened[k] for k in times[:, opened].argmin(axis=1)]
    limit_s = problem.rules.travel_limit_s or np.inf
    allocations, unserved = [], []
    for i, (area, j) in enumerate(zip(problem.areas, nearest, strict=True)):
        if times[i, j] > limit_s:
            unserved.append(
                UnservedArea(
                    lsoa=area,
                    demand=problem.demand[i],
                    reason=f"the nearest open site is {times[i, j] / 60:.1f} minutes away",
                    change=f"a travel limit of {times[i, j] / 60:.1f} minutes",
                )
            )
            continue
        allocations.append(
            Allocation(
                lsoa=area,
                site=problem.sites[j].id,
                demand=problem.demand[i],
                time_s=float(times[i, j]),
                distance_m=float(problem.travel.distance_m[i, j]),
            )
        )
    objective = float(sum(a.demand * a.time_s for a in allocations))
    return SitingPlan(
        opened=tuple(problem.sites[j].id for j in opened),
        closed=tuple(
            s.id for j, s in enumerate(problem.sites) if s.is_open_today and j not in opened
        ),
        allocations=tuple(allocations),
        unserved=tuple(unserved),
        report=SolveReport(
            status=SolveStatus.FEASIBLE,
            objective=objective,
            bound=objective * 0.987,
            unit="demand-weighted seconds",
            is_maximised=False,
            method="greedy, for a test",
            seed=1,
            wall_time_s=0.1,
        ),
    )


def shape_of_all(areas: gpd.GeoDataFrame):
    return shapely.union_all(areas.geometry.to_numpy())
