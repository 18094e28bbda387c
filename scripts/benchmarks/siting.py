"""Measure siting on published instances: a JSON line each.

    python scripts/benchmarks/siting.py --format orlib pmed1.txt pmed2.txt --time-limit 60
    python scripts/benchmarks/siting.py --format tsplib rl1304.tsp --p 5 10 20
    python scripts/benchmarks/siting.py --format pmedcap pmedcap1_1.txt
    python scripts/benchmarks/siting.py --format orlib pmed1.txt --peer spopt
    python scripts/benchmarks/siting.py --format random 800x200 --p 10 --peer spopt
    python scripts/benchmarks/siting.py --format scenario scripts/scenarios/cambridge.toml

Formats: ``orlib`` (OR-Library p-median: ``n m p``, then edges, the last of a repeated edge counts),
``tsplib`` (EUC_2D, distances rounded down), ``pmedcap`` (Osman and Christofides 1994: number and
best known; ``n p capacity``; ``id x y demand``; distances rounded down, each point whole),
``random`` (areas x sites, instead of a file: seeded points, straight lines, demand 1 to 100),
``scenario`` (the question of a scenario). Files are read, never kept. Compiling is not measured.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import floyd_warshall

from ntgeo import Workspace
from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.places import CandidateSite, Location, SiteId
from ntgeo.domain.siting import CapacityRule, SitingObjective, SitingProblem, SitingRules
from ntgeo.domain.solving import SolveLimits, SolveStatus
from ntgeo.siting import find_faults, solve_siting
from ntgeo.siting.capacitated.prepare import prepare_capacitated
from ntgeo.siting.median.prepare import prepare_median

FloatArray = npt.NDArray[np.float64]
FORMATS = ["orlib", "tsplib", "pmedcap", "random", "scenario"]
_FAR = 10.0
OBJECTIVES = {"median": "p-median", "centre": "p-centre"}


def read_orlib(path: Path) -> tuple[FloatArray, int]:
    """Return (n, n) all-pairs shortest distances and p."""
    numbers = np.array(path.read_text().split(), dtype=np.int64)
    count, edges, open_count = (int(number) for number in numbers[:3])
    listed = numbers[3 : 3 + 3 * edges].reshape(-1, 3)
    direct = np.full((count, count), np.inf)
    np.fill_diagonal(direct, 0.0)
    for first, second, length in listed:
        direct[first - 1, second - 1] = direct[second - 1, first - 1] = length
    return floyd_warshall(direct), open_count


def read_tsplib(path: Path) -> FloatArray:
    """Return (n, n) Euclidean distances rounded down."""
    section = path.read_text().split("NODE_COORD_SECTION")[1].split("EOF")[0]
    points = np.array(section.split(), dtype=np.float64).reshape(-1, 3)[:, 1:]
    apart = points[:, None, :] - points[None, :, :]
    return np.floor(np.hypot(apart[:, :, 0], apart[:, :, 1]))


def read_pmedcap(path: Path) -> SitingProblem:
    """Return the capacitated problem: travel counts points alike, capacities count their demand.

    A problem weighs travel by demand, so the time of a pair is its distance for a unit of demand.
    """
    numbers = np.array(path.read_text().split(), dtype=np.float64)
    count, open_count, capacity = int(numbers[2]), int(numbers[3]), float(numbers[4])
    _, *place, demand = numbers[5 : 5 + 4 * count].reshape(count, 4).T
    apart = [axis[:, None] - axis[None, :] for axis in place]
    sites = [f"S{column:06d}" for column in range(count)]
    travel = TravelTimeMatrix.from_arrays(
        np.floor(np.hypot(*apart)) / demand[:, None],
        origins=[f"X01{row:06d}" for row in range(count)],
        destinations=sites,
        method="published instance",
    )
    nowhere = Location(easting_m=0.0, northing_m=0.0)
    return SitingProblem.from_arrays(
        demand=demand,
        travel=travel,
        sites=[
            CandidateSite(id=SiteId(site), name=site, location=nowhere, capacity=capacity)
            for site in sites
        ],
        rules=SitingRules(site_count=open_count, capacity=CapacityRule.HARD),
        demand_unit="points",
    )


def build_problem(distance: FloatArray, open_count: int, objective: str) -> SitingProblem:
    """Every point is both an area of demand 1 and a candidate site."""
    count = len(distance)
    travel = TravelTimeMatrix.from_arrays(
        distance,
        origins=[f"X01{row:06d}" for row in range(count)],
        destinations=[f"S{column:06d}" for column in range(count)],
        method="published instance",
    )
    return SitingProblem.from_arrays(
        demand=np.ones(count),
        travel=travel,
        objective=SitingObjective(OBJECTIVES[objective]),
        rules=SitingRules(site_count=open_count),
        demand_unit="points",
    )


def draw_problem(size: str, open_count: int, objective: str) -> SitingProblem:
    """Return a problem of seeded points, such as ``800x200``: areas x sites."""
    areas, sites = (int(number) for number in size.split("x"))
    chance = np.random.default_rng(areas * sites)
    homes, places = chance.random((areas, 2)) * 10_000, chance.random((sites, 2)) * 10_000
    travel = TravelTimeMatrix.from_arrays(
        np.hypot(*(homes[:, None, :] - places[None, :, :]).transpose(2, 0, 1)),
        origins=[f"X01{row:06d}" for row in range(areas)],
        destinations=[f"S{column:06d}" for column in range(sites)],
        method="straight line between random points",
    )
    return SitingProblem.from_arrays(
        demand=chance.integers(1, 101, areas),
        travel=travel,
        objective=SitingObjective(OBJECTIVES[objective]),
        rules=SitingRules(site_count=open_count),
    )


def read_scenario(path: Path) -> SitingProblem:
    """Return the question of a scenario, answered once already on the way."""
    return Workspace().site(path, explain=False).problem


def measure(name: str, problem: SitingProblem, limits: SolveLimits) -> dict[str, Any]:
    """Solve, check, and tell."""
    started = time.perf_counter()
    plan = solve_siting(problem, limits)
    wall_s = time.perf_counter() - started
    faults = find_faults(problem, plan)
    peak_kib = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    told = {
        "instance": name,
        "n": len(problem.areas),
        "p": problem.rules.site_count,
        "objective": plan.report.objective,
        "bound": plan.report.bound,
        "gap_share": plan.report.gap_share,
        "status": str(plan.report.status),
        "wall_s": round(wall_s, 3),
        "peak_mib": round(peak_kib / 1024, 1),
    }
    return told | ({"faults": list(faults)} if faults else {})


def measure_peer(
    problem: SitingProblem, told: dict[str, Any], time_limit_s: float
) -> dict[str, Any]:
    """Run spopt's p-median with HiGHS on the same matrix and tell the ratio of times.

    HiGHS keeps the same time limit; spopt then tells its answer as solved. It has no absent pairs:
    they take ten times the longest.
    """
    try:
        import pulp  # noqa: PLC0415 - the peer is not a dependency
        from spopt.locate import PMedian  # noqa: PLC0415 - as above
    except ImportError:
        return {"peer": "spopt is not installed: pip install spopt highspy"}
    time_s = problem.travel.times_to(np.arange(len(problem.sites)))
    time_s = np.where(np.isnan(time_s), _FAR * np.nanmax(time_s), time_s)
    started = time.perf_counter()
    model = PMedian.from_cost_matrix(time_s, problem.demand, p_facilities=problem.rules.site_count)
    model.solve(pulp.HiGHS(msg=False, timeLimit=time_limit_s))
    peer_s = time.perf_counter() - started
    return {
        "peer": "spopt",
        "peer_objective": float(pulp.value(model.problem.objective)),
        "peer_wall_s": round(peer_s, 3),
        "times_faster": round(peer_s / max(told["wall_s"], 1e-3), 1),
    }


def parsed() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--format", required=True, choices=FORMATS)
    parser.add_argument("--p", nargs="+", type=int, default=None)
    parser.add_argument("--objective", choices=sorted(OBJECTIVES), default="median")
    parser.add_argument("--time-limit", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--peer", choices=["spopt"], default=None)
    return parser.parse_args()


def problems_of(path: Path, asked: argparse.Namespace) -> list[SitingProblem]:
    """Return the problem of a file with each number of sites asked for."""
    if asked.format == "pmedcap":
        return [read_pmedcap(path)]
    if asked.format == "scenario":
        return [read_scenario(path)]
    if asked.format == "random":
        counts = asked.p or [10]
        return [draw_problem(path.name, count, asked.objective) for count in counts]
    if asked.format == "orlib":
        distance, open_count = read_orlib(path)
    else:
        distance, open_count = read_tsplib(path), 10
    return [build_problem(distance, count, asked.objective) for count in asked.p or [open_count]]


def main() -> int:
    """Measure each file; 0 if every plan was sound and proven best, else 1."""
    asked = parsed()
    if asked.format == "pmedcap":
        prepare_capacitated()
    prepare_median()
    limits = SolveLimits(time_limit_s=asked.time_limit, workers=asked.workers)
    all_proven = True
    for path in asked.files:
        for problem in problems_of(path, asked):
            told = measure(path.stem, problem, limits)
            if asked.peer:
                told |= measure_peer(problem, told, asked.time_limit)
            print(json.dumps(told), flush=True)
            all_proven &= told["status"] == SolveStatus.OPTIMAL and "faults" not in told
    return 0 if all_proven else 1


if __name__ == "__main__":
    sys.exit(main())
