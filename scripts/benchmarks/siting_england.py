"""Siting on the whole of England from sparse travel times: a JSON line a question.

    NTGEO_SHARED_DATA=… python scripts/benchmarks/siting_england.py few every growth

Areas are the 33,755 LSOAs of 2021 at a point inside each (EPSG:27700), demand is their population,
travel a straight line × 1.3 at 40 km/h. ``few``: 2,000 seeded candidates, 200 open. ``every``:
every LSOA a candidate, 1,000 open. ``growth``: n seeded LSOAs, each a candidate, as large a share
open as in ``every``. ``rows_s`` is the time to find the nearest sites, ``wall_s`` that of the
solve; ``peak_mib`` adds the highest of this process to that of its largest child.

Measured with the 100 nearest sites of each area, on two cores that seven or more other processes
shared, so that a quarter of the time or less was ours:

======== ====== ====== ===== ======= ======== ======= ========
question n      sites  p     limit_s gap      wall_s  peak_mib
======== ====== ====== ===== ======= ======== ======= ========
few      33,755 2,000  200   300     0.020 %  302.2   692
every    33,755 33,755 1,000 600     0.069 %  612.7   719
growth   1,000  1,000  30    30      proven   5.7     350
growth   2,000  2,000  59    30      0.015 %  31.0    756
growth   5,000  5,000  148   30      0.068 %  31.0    799
growth   10,000 10,000 296   30      0.248 %  32.2    873
growth   20,000 20,000 593   30      0.455 %  34.6    999
growth   33,755 33,755 1,000 30      0.785 %  29.1    681
======== ====== ====== ===== ======= ======== ======= ========

The last line was measured after time was kept back to tell the plan.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyogrio
from clocks import peak_mib, reset_peak

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.domain.siting import SitingProblem, SitingRules
from ntgeo.domain.solving import SolveLimits
from ntgeo.roads import straight_line_nearest
from ntgeo.siting import find_faults, solve_siting

SEED = 1
SIZES = (1_000, 2_000, 5_000, 10_000, 20_000, 33_755)
SPEED_KPH = 40.0


@dataclass(frozen=True)
class Question:
    """So many areas and candidates at random, and how many sites are open."""

    name: str
    areas: int
    candidates: int
    site_count: int
    time_limit_s: float


def england_shapes() -> tuple[gpd.GeoDataFrame, npt.NDArray[np.float64]]:
    """Return the LSOAs of England by code, ascending, and the population of each."""
    folder = Path(os.environ["NTGEO_SHARED_DATA"]) / "england"
    shapes = pyogrio.read_dataframe(folder / "lsoa2021_boundaries_simplified_EW.gpkg")
    shapes = shapes[shapes["lsoa21_code"].str.startswith("E01")].sort_values("lsoa21_code")
    people = pd.read_csv(folder / "lsoa21_population_totals.csv").set_index("lsoacd")["population"]
    return shapes, people.loc[shapes["lsoa21_code"]].to_numpy(np.float64)


def read_england() -> tuple[dict[str, Location], npt.NDArray[np.float64]]:
    """Return a point inside each LSOA of England by code, ascending, and the population of each."""
    shapes, people = england_shapes()
    points = shapes.geometry.to_crs("EPSG:27700").representative_point()
    codes = shapes["lsoa21_code"].tolist()
    places = {
        code: Location(easting_m=x, northing_m=y)
        for code, x, y in zip(codes, points.x.tolist(), points.y.tolist(), strict=True)
    }
    return places, people


def questions(kinds: list[str], count: int) -> Iterator[Question]:
    """Yield what the command line asks for."""
    if "few" in kinds:
        yield Question("few", count, 2_000, 200, 300.0)
    if "every" in kinds:
        yield Question("every", count, count, 1_000, 600.0)
    if "growth" in kinds:
        for size in SIZES:
            yield Question("growth", size, size, round(size * 1_000 / count), 60.0)


def build_problem(
    asked: Question, england: tuple[dict[str, Location], npt.NDArray[np.float64]], k: int
) -> tuple[SitingProblem, float]:
    """Return the question, and how long the nearest sites took to find."""
    places, people = england
    codes, chance = np.array(list(places)), np.random.default_rng(SEED)
    rows = np.sort(chance.choice(len(codes), asked.areas, replace=False))
    few = asked.candidates < asked.areas
    columns = np.sort(chance.choice(rows, asked.candidates, replace=False)) if few else rows
    started = time.perf_counter()
    travel = straight_line_nearest(
        {code: places[code] for code in codes[rows].tolist()},
        {code: places[code] for code in codes[columns].tolist()},
        mode=TravelMode.CAR,
        k=k,
        speed_kph=SPEED_KPH,
        workers=2,
    )
    rows_s = time.perf_counter() - started
    problem = SitingProblem.from_arrays(
        demand=people[rows],
        travel=travel,
        rules=SitingRules(site_count=asked.site_count),
        demand_unit="residents",
    )
    return problem, rows_s


def measure(asked: Question, problem: SitingProblem, time_limit_s: float) -> dict[str, Any]:
    """Solve, check, and tell."""
    started = time.perf_counter()
    plan = solve_siting(problem, SolveLimits(time_limit_s=time_limit_s))
    wall_s = time.perf_counter() - started
    child_kib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    told = {
        "question": asked.name,
        "n": len(problem.areas),
        "sites": len(problem.sites),
        "p": asked.site_count,
        "objective": plan.report.objective,
        "bound": plan.report.bound,
        "gap_share": plan.report.gap_share,
        "status": str(plan.report.status),
        "unserved": len(plan.unserved),
        "time_limit_s": time_limit_s,
        "wall_s": round(wall_s, 2),
        "peak_mib": round(peak_mib() + child_kib / 1024, 1),
    }
    faults = find_faults(problem, plan)
    return told | ({"faults": list(faults)} if faults else {})


def parsed() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="+", choices=["few", "every", "growth"])
    parser.add_argument("--k", type=int, default=100, help="nearest sites kept of each area")
    parser.add_argument("--time-limit", type=float, help="instead of the question's own")
    return parser.parse_args()


def main() -> int:
    """Measure each question; 0 if every plan was sound, else 1."""
    asked = parsed()
    england, sound = read_england(), True
    for question in questions(asked.kinds, len(england[0])):
        reset_peak()
        problem, rows_s = build_problem(question, england, asked.k)
        told = measure(question, problem, asked.time_limit or question.time_limit_s)
        print(json.dumps(told | {"k": asked.k, "rows_s": round(rows_s, 2)}), flush=True)
        sound &= "faults" not in told
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
