"""Home health care routing and scheduling: instances of Mankowska, Meisel and Bierwirth (2014).

A patient's services are visits of their own. Two at once begin together, by different people; two
in sequence begin at a gap. A window opens hard and closes soft: beginning later is tardiness. The
cost is a third each of distance, total tardiness and greatest tardiness.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from rounds_instance import DAY, Instance

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.places import Location
from ntgeo.domain.routing import (
    LONGEST_SHIFT_S,
    Depot,
    DepotId,
    GapFrom,
    RoundsPrices,
    RoutePlan,
    RoutingProblem,
    Shift,
    ShiftCosts,
    ShiftId,
    SoftWindow,
    StaffId,
    StopKind,
    TimeWindow,
    Visit,
    VisitId,
    VisitLink,
)
from ntgeo.domain.units import METRES_PER_MILE, SECONDS_PER_MINUTE

_PARTS: Final = 3
_DECIMALS: Final = 3
_TOGETHER: Final = "simultaneous"
_OFFICE: Final = DepotId("D")


def read_home_care(path: Path) -> Instance:
    """Read an instance in the JSON of iolab-uniud/hhcrsp; a unit of time is a second."""
    asked = json.loads(path.read_text())
    known = _best_known(path, asked)
    return Instance(path.stem, _build(asked), partial(_cost_of, asked), known, _DECIMALS)


def _names(asked: dict[str, Any]) -> Iterator[tuple[VisitId, int, dict[str, Any]]]:
    """Yield each visit's name, its row among the distances, and the service asked for."""
    for row, patient in enumerate(asked["patients"], start=1):
        for number, service in enumerate(patient["required_caregivers"]):
            yield _name(row, number), row, service


def _name(row: int, number: int) -> VisitId:
    return VisitId(f"V{row:04d}{'ab'[number]}")


def _build(asked: dict[str, Any]) -> RoutingProblem:
    names = list(_names(asked))
    rows = [0, *(row for _, row, _ in names)]
    apart = np.array(asked["distances"], dtype=np.float64)[np.ix_(rows, rows)]
    places = [_OFFICE, *(name for name, _, _ in names)]
    shifts = [_shift(number, one) for number, one in enumerate(asked["caregivers"])]
    return RoutingProblem.from_arrays(
        day=DAY,
        visits=[_visit(asked, name, row, service) for name, row, service in names],
        shifts=shifts,
        depots=[Depot(id=_OFFICE, name="Office", location=_location(asked["central_offices"][0]))],
        travel=TravelTimeMatrix.from_arrays(
            apart, origins=places, destinations=places, distance_m=apart
        ),
        links=[
            _link(row, patient["synchronization"])
            for row, patient in enumerate(asked["patients"], start=1)
            if "synchronization" in patient
        ],
        prices=RoundsPrices(
            worst_lateness_gbp_per_minute=SECONDS_PER_MINUTE / _PARTS, unit="a third of each"
        ),
    )


def _shift(number: int, caregiver: dict[str, Any]) -> Shift:
    return Shift(
        id=ShiftId(f"K{number:04d}"),
        staff=StaffId(f"P{number:04d}"),
        start_place=_OFFICE,
        end_place=_OFFICE,
        hours=TimeWindow(start_s=0, end_s=LONGEST_SHIFT_S),
        skills=frozenset(caregiver["abilities"]),
        costs=ShiftCosts(pay_gbp_per_hour=0.0, mileage_gbp_per_mile=METRES_PER_MILE / _PARTS),
    )


def _visit(asked: dict[str, Any], name: VisitId, row: int, service: dict[str, Any]) -> Visit:
    patient = asked["patients"][row - 1]
    opens_s, closes_s = map(int, patient["time_window"])
    return Visit(
        id=name,
        location=_location(patient),
        service_s=int(service["duration"]),
        windows=(TimeWindow(start_s=opens_s, end_s=LONGEST_SHIFT_S),),
        soft_windows=(
            SoftWindow(
                window=TimeWindow(start_s=opens_s, end_s=closes_s),
                late_gbp_per_minute=SECONDS_PER_MINUTE / _PARTS,
            ),
        ),
        skills=frozenset({service["service"]}),
    )


def _link(row: int, timed: dict[str, Any]) -> VisitLink:
    first, second = _name(row, 0), _name(row, 1)
    if timed["type"] == _TOGETHER:
        return VisitLink.together(first, second)
    least_s, greatest_s = map(int, timed["distance"])
    return VisitLink(
        first=first,
        second=second,
        least_gap_s=least_s,
        greatest_gap_s=greatest_s,
        gap_from=GapFrom.BEGIN,
        both_or_neither=True,
    )


def _location(place: dict[str, Any]) -> Location:
    easting_m, northing_m = place.get("location", (0.0, 0.0))
    return Location(easting_m=float(easting_m), northing_m=float(northing_m))


def _cost_of(asked: dict[str, Any], plan: RoutePlan) -> float:
    """Return the cost of a plan; its times are whole milliseconds, as published travel is."""
    closes_s = {
        name: asked["patients"][row - 1]["time_window"][1] for name, row, _ in _names(asked)
    }
    stops = [stop for route in plan.routes for stop in route.stops]
    late_s = [
        max(0.0, stop.begin_s - closes_s[VisitId(stop.place)])
        for stop in stops
        if stop.kind is StopKind.VISIT
    ]
    return _third(sum(stop.distance_m for stop in stops), late_s)


def _third(distance: float, late_s: list[float]) -> float:
    return (distance + sum(late_s) + max(late_s, default=0.0)) / _PARTS


def _best_known(path: Path, asked: dict[str, Any]) -> float | None:
    """Return the best known cost: from a table, or of a solution beside the instance."""
    solution = path.parent / f"sol_{path.stem}_optimal.json"
    if solution.is_file():
        return round(_solution_cost(asked, json.loads(solution.read_text())), _DECIMALS)
    table = path.parent.parent / "best_known.md"
    if not table.is_file():
        return None
    for line in table.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] == path.name:
            return float(cells[-1])
    return None


def _solution_cost(asked: dict[str, Any], solution: dict[str, Any]) -> float:
    row_of = {patient["id"]: row for row, patient in enumerate(asked["patients"], start=1)}
    distance, late_s = 0.0, []
    for route in solution["routes"]:
        rows = [0, *(row_of[stop["patient_id"]] for stop in route["locations"]), 0]
        distance += sum(asked["distances"][a][b] for a, b in pairwise(rows))
        for row, stop in zip(rows[1:-1], route["locations"], strict=True):
            closes_s = asked["patients"][row - 1]["time_window"][1]
            late_s.append(max(0.0, stop["arrival_time"] - closes_s))
    return _third(distance, late_s)
