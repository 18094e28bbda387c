"""Published instances of rounds, as files say them and as ntgeo's nouns."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from rounds_home_care import read_home_care
from rounds_instance import DAY, Fleet, Instance, Published

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
    TimeWindow,
    Visit,
    VisitId,
)
from ntgeo.domain.units import METRES_PER_MILE

__all__ = ["READERS"]

_BY_DISTANCE: Final = ShiftCosts(pay_gbp_per_hour=0.0, mileage_gbp_per_mile=METRES_PER_MILE)
"""A metre costs a pound: the cost is the distance."""
_TENTHS, _THOUSANDTHS = 10, 1000
_MULTI_DEPOT_WITH_WINDOWS: Final = 6


def read_solomon(path: Path) -> Instance:
    """Read the format of Solomon, and of Gehring and Homberger."""
    lines = [line.split() for line in path.read_text().splitlines()]
    rows = [list(map(float, line)) for line in lines if line and _is_number(line[0])]
    count, capacity = rows[0]
    table = np.array([row[1:7] for row in rows[1:]])
    return _one_depot(path, table, Fleet(0, int(count), capacity))


def read_vrplib(path: Path) -> Instance:
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
    return _one_depot(path, table, Fleet(0, int(field["VEHICLES"]), float(field["CAPACITY"])))


def _one_depot(path: Path, table: npt.NDArray[np.float64], fleet: Fleet) -> Instance:
    """Return an instance whose distances are cut to one decimal (DIMACS convention)."""
    cut = np.floor(_apart(table) * _TENTHS + 1e-9) / _TENTHS
    published = Published(table, 1, (fleet,), cut, _TENTHS)
    return _instance(path, published, cut, decimals=1)


def read_cordeau(path: Path) -> Instance:
    """Read Cordeau's type 6: several depots and time windows, in double precision.

    Travel times are rounded up to the millisecond, so that what keeps the rules in ntgeo's
    numbers keeps them in the instance's; the cost is told in the instance's.

    Raises:
        ValueError: The file is of another type.
    """
    lines = [list(map(float, line.split())) for line in path.read_text().splitlines() if line]
    kind, vehicles, visits, depots = map(int, lines[0])
    if kind != _MULTI_DEPOT_WITH_WINDOWS:
        msg = f"{path.name} is of type {kind}; type 6 is known"
        raise ValueError(msg)
    limits = lines[1 : depots + 1]
    rows = lines[depots + 1 : depots + 1 + visits + depots]
    # i x y service load ... earliest latest; customers first, depots last.
    ordered = rows[visits:] + rows[:visits]
    table = np.array([[row[1], row[2], row[4], row[-2], row[-1], row[3]] for row in ordered])
    fleets = tuple(
        Fleet(depot, vehicles, load or np.inf, int(duration) or None)
        for depot, (duration, load) in enumerate(limits)
    )
    apart = _apart(table)
    published = Published(table, depots, fleets, apart, _THOUSANDTHS)
    time_s = np.ceil(apart * _THOUSANDTHS - 1e-6) / _THOUSANDTHS
    return _instance(path, published, time_s, decimals=2)


def _apart(table: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.hypot(*(table[:, None, :2] - table[None, :, :2]).transpose(2, 0, 1))


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None


def _instance(
    path: Path, published: Published, time_s: npt.NDArray[np.float64], *, decimals: int
) -> Instance:
    problem = build_problem(published, time_s)
    return Instance(path.stem, problem, distance_of, best_known(path), decimals, published)


def build_problem(published: Published, time_s: npt.NDArray[np.float64]) -> RoutingProblem:
    """Put an instance into ntgeo's nouns: a unit of time is a second, one of length a metre."""
    table, count = published.table, published.depots
    depot_ids = [DepotId(f"D{row:03d}") for row in range(count)]
    visit_ids = [VisitId(f"V{row:05d}") for row in range(count, len(table))]
    places = [*depot_ids, *visit_ids]
    return RoutingProblem.from_arrays(
        day=DAY,
        visits=[_visit(name, row) for name, row in zip(visit_ids, table[count:], strict=True)],
        shifts=_shifts(published, depot_ids),
        depots=[
            Depot(id=name, name=name, location=_location(row))
            for name, row in zip(depot_ids, table[:count], strict=True)
        ],
        travel=TravelTimeMatrix.from_arrays(
            time_s, origins=places, destinations=places, distance_m=published.apart
        ),
        prices=RoundsPrices(unit="distance"),
    )


def _visit(name: VisitId, row: npt.NDArray[np.float64]) -> Visit:
    return Visit(
        id=name,
        location=_location(row),
        service_s=max(1, math.ceil(row[5])),  # ntgeo knows no visit of no length
        windows=(TimeWindow(start_s=math.ceil(row[3]), end_s=math.floor(row[4])),),
        load=float(row[2]),
    )


def _shifts(published: Published, depot_ids: list[DepotId]) -> list[Shift]:
    shifts = []
    for fleet in published.fleets:
        start_s, end_s = map(int, published.table[fleet.depot, 3:5])
        for number in range(fleet.count):
            name = f"{fleet.depot:03d}-{number:04d}"
            shifts.append(
                Shift(
                    id=ShiftId(f"K{name}"),
                    staff=StaffId(f"P{name}"),
                    start_place=depot_ids[fleet.depot],
                    end_place=depot_ids[fleet.depot],
                    hours=TimeWindow(start_s=start_s, end_s=end_s),
                    capacity=None if np.isinf(fleet.capacity) else fleet.capacity,
                    most_work_s=fleet.most_work,
                    costs=_BY_DISTANCE,
                )
            )
    return shifts


def _location(row: npt.NDArray[np.float64]) -> Location:
    return Location(easting_m=float(row[0]), northing_m=float(row[1]))


def best_known(path: Path) -> float | None:
    """Return the best known cost from the files beside the instance."""
    solution = path.with_suffix(".sol")
    if solution.is_file():
        return float(solution.read_text().split("Cost")[1].split()[0])
    for listed in ("best_known_distance.json", "best_known.json"):
        if not (path.parent.parent / listed).is_file():
            continue
        values = json.loads((path.parent.parent / listed).read_text())
        for name, value in values.items():
            if name.upper().split("/")[-1] == path.stem.upper():
                return float(value["bks"] if isinstance(value, dict) else value)
    return None


def distance_of(plan: RoutePlan) -> float:
    """Return the distance of all rounds."""
    return sum(stop.distance_m for route in plan.routes for stop in route.stops)


READERS: Final[dict[str, Callable[[Path], Instance]]] = {
    "solomon": read_solomon,
    "vrplib": read_vrplib,
    "cordeau": read_cordeau,
    "hhcrsp": read_home_care,
}
