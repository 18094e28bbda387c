"""Measure rounds on published instances: a JSON line each.

    python scripts/benchmarks/rounds.py --format solomon R101.txt R102.txt --time-limit 10
    python scripts/benchmarks/rounds.py --format vrplib R1_10_3.vrp --time-limit 120

Formats: ``solomon`` (Solomon, Gehring and Homberger: text with a VEHICLE and a CUSTOMER table) and
``vrplib`` (VRPTW). Travel time is the Euclidean distance cut to one decimal, and so is its cost
(DIMACS convention); ``best_known_distance.json`` in the folder above, or the ``.sol`` beside an
instance, says the best known cost. Files are read, never kept.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.places import Location
from ntgeo.domain.routing import (
    Depot,
    DepotId,
    RoundsPrices,
    RoutePlan,
    RoutingProblem,
    Shift,
    ShiftCosts,
    ShiftId,
    StaffId,
    StopKind,
    TimeWindow,
    Visit,
    VisitId,
)
from ntgeo.domain.solving import SolveLimits
from ntgeo.domain.units import METRES_PER_MILE
from ntgeo.routing import find_faults, solve_routing

DAY = date(2026, 11, 24)
DEPOT = DepotId("D")
BY_DISTANCE = ShiftCosts(pay_gbp_per_hour=0.0, mileage_gbp_per_mile=METRES_PER_MILE)
"""A metre costs a pound: the cost is the distance."""


class Published(NamedTuple):
    """An instance as published.

    Attributes:
        table: (places, 6) x, y, load, earliest, latest, service; the depot first.
        fleet: How many may be used.
        capacity: Of each.
    """

    table: npt.NDArray[np.float64]
    fleet: int
    capacity: float


def read_solomon(path: Path) -> Published:
    """Read the format of Solomon, and of Gehring and Homberger."""
    lines = [line.split() for line in path.read_text().splitlines()]
    rows = [list(map(float, line)) for line in lines if line and _is_number(line[0])]
    fleet, capacity = rows[0]
    return Published(np.array([row[1:7] for row in rows[1:]]), int(fleet), capacity)


def read_vrplib(path: Path) -> Published:
    """Read VRPLIB's sections of a VRPTW."""
    text = path.read_text()
    field = dict(re.findall(r"^(\w+)\s*:\s*(\S+)", text, re.MULTILINE))
    section = {
        name: np.array(body.split(), dtype=np.float64)
        for name, body in re.findall(r"^(\w+)_SECTION\s*\n([-\d\s.]+)", text, re.MULTILINE)
    }
    places = section["NODE_COORD"].reshape(-1, 3)
    windows = section["TIME_WINDOW"].reshape(-1, 3)
    if "SERVICE_TIME" in section:
        service = section["SERVICE_TIME"].reshape(-1, 2)[:, 1]
    else:
        service = np.full(len(places), float(field["SERVICE_TIME"]))
        service[0] = 0.0
    load = section["DEMAND"].reshape(-1, 2)[:, 1]
    table = np.column_stack([places[:, 1:], load, windows[:, 1:], service])
    return Published(table, int(field["VEHICLES"]), float(field["CAPACITY"]))


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None


def build_problem(published: Published) -> RoutingProblem:
    """Put an instance into ntgeo's nouns: a unit of time is a second, one of length a metre."""
    table = published.table
    apart = np.hypot(*(table[:, None, :2] - table[None, :, :2]).transpose(2, 0, 1))
    cut = np.floor(apart * 10.0 + 1e-9) / 10.0
    ids = [f"C{row:05d}" for row in range(1, len(table))]
    hours = TimeWindow(start_s=int(table[0, 3]), end_s=int(table[0, 4]))
    visits = [
        Visit(
            id=VisitId(name),
            location=Location(easting_m=float(row[0]), northing_m=float(row[1])),
            service_s=int(row[5]),
            windows=(TimeWindow(start_s=int(row[3]), end_s=int(row[4])),),
            load=float(row[2]),
        )
        for name, row in zip(ids, table[1:], strict=True)
    ]
    shifts = [
        Shift(
            id=ShiftId(f"K{number:04d}"),
            staff=StaffId(f"P{number:04d}"),
            start_place=DEPOT,
            end_place=DEPOT,
            hours=hours,
            capacity=published.capacity,
            costs=BY_DISTANCE,
        )
        for number in range(published.fleet)
    ]
    here = Location(easting_m=float(table[0, 0]), northing_m=float(table[0, 1]))
    return RoutingProblem.from_arrays(
        day=DAY,
        visits=visits,
        shifts=shifts,
        depots=[Depot(id=DEPOT, name="Depot", location=here)],
        travel=TravelTimeMatrix.from_arrays(
            cut, origins=[DEPOT, *ids], destinations=[DEPOT, *ids], distance_m=cut
        ),
        prices=RoundsPrices(unit="distance"),
    )


def best_known(path: Path) -> float | None:
    """Return the best known cost from the files beside the instance."""
    solution = path.with_suffix(".sol")
    if solution.is_file():
        return float(solution.read_text().split("Cost")[1].split()[0])
    listed = path.parent.parent / "best_known_distance.json"
    if not listed.is_file():
        return None
    values = json.loads(listed.read_text())
    for name, value in values.items():
        if name.upper().split("/")[-1] == path.stem.upper():
            return float(value["bks"] if isinstance(value, dict) else value)
    return None


def cost_of(plan: RoutePlan) -> float:
    """Return the distance of all rounds."""
    return sum(stop.distance_m for route in plan.routes for stop in route.stops)


def measure(path: Path, published: Published, limits: SolveLimits) -> dict[str, Any]:
    """Solve one instance with ntgeo."""
    problem = build_problem(published)
    started = time.monotonic()
    plan = solve_routing(problem, limits, uses_all_time=True)
    wall_s = time.monotonic() - started
    return _line(path, cost_of(plan), wall_s) | {
        "bound": plan.report.bound,
        "unmade": len(plan.unmade),
        "violations": len(find_faults(problem, plan)),
        "rounds": len(plan.routes),
        "visits": sum(s.kind is StopKind.VISIT for r in plan.routes for s in r.stops),
        "seed": limits.seed,
    }


def _line(path: Path, cost: float, wall_s: float) -> dict[str, Any]:
    known = best_known(path)
    gap_share = None if known is None else round(cost / known - 1.0, 6)
    return {
        "instance": path.stem,
        "cost": round(cost, 1),
        "best_known": known,
        "gap_share": gap_share,
        "wall_s": round(wall_s, 2),
    }


def main(arguments: list[str] | None = None) -> int:
    """Print a JSON line for each instance, and one with the mean gap."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--format", choices=["solomon", "vrplib"], required=True)
    parser.add_argument("--time-limit", type=float, default=10.0, help="seconds for each instance")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    limits = SolveLimits(time_limit_s=chosen.time_limit, seed=chosen.seed)
    reader = read_solomon if chosen.format == "solomon" else read_vrplib
    gaps = []
    for path in chosen.files:
        found = measure(path, reader(path), limits)
        print(json.dumps(found), flush=True)
        if found["gap_share"] is not None and not found["unmade"]:
            gaps.append(found["gap_share"])
    if gaps:
        print(
            json.dumps({"instances": len(gaps), "mean_gap_share": round(float(np.mean(gaps)), 6)})
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
