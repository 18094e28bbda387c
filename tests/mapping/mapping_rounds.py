"""A made-up day of rounds in the made-up town: visits, shifts, ways that turn corners."""

from datetime import date

import numpy as np
from mapping_town import CELL_M, EASTING_M, NORTHING_M, backdrop, hexagon_areas

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.places import Location
from ntgeo.domain.routing import (
    Break,
    ChangeKind,
    Depot,
    DepotId,
    RoundsCost,
    Route,
    RoutePlan,
    RoutingProblem,
    Shift,
    ShiftId,
    SmallestChange,
    StaffId,
    Stop,
    StopKind,
    TimeWindow,
    UnmadeVisit,
    Visit,
    VisitId,
)
from ntgeo.domain.solving import SolveReport, SolveStatus
from ntgeo.mapping.content import RoundsMapContent

DAY = date(2026, 11, 24)
HOUR_S = 3600
METRES_PER_SECOND = 9.0


def rounds_problem(visits: int = 60, shifts: int = 8, seed: int = 3) -> RoutingProblem:
    chance = np.random.default_rng(seed)
    spread = np.array([15.0, 13.8]) * CELL_M
    points = np.rint(np.array([EASTING_M, NORTHING_M]) + chance.random((visits, 2)) * spread)
    made = []
    for i, (x, y) in enumerate(points):
        start_s = round(float(chance.choice([8, 9, 10, 13])) * HOUR_S)
        made.append(
            Visit(
                id=VisitId(f"V{i + 1:03d}"),
                location=Location(easting_m=x, northing_m=y),
                service_s=int(chance.choice([900, 1800, 2700])),
                windows=(TimeWindow(start_s=start_s, end_s=start_s + 4 * HOUR_S),),
                skills=frozenset({"medication"}) if i % 5 == 0 else frozenset(),
                priority=1 + i % 5,
            )
        )
    centre = np.array([EASTING_M, NORTHING_M]) + spread / 2
    depots = (
        Depot(
            id=DepotId("D1"),
            name="Town Hall",
            location=Location(easting_m=float(centre[0]), northing_m=float(centre[1])),
        ),
    )
    lunch = Break(duration_s=1800, window=TimeWindow(start_s=41_400, end_s=48_600))
    staff = tuple(
        Shift(
            id=ShiftId(f"SH{i + 1:02d}"),
            staff=StaffId(f"ST-{400 + i}"),
            start_place=DepotId("D1"),
            end_place=DepotId("D1"),
            hours=TimeWindow(start_s=8 * HOUR_S, end_s=(16 + i % 3) * HOUR_S),
            skills=frozenset({"medication"}),
            breaks=(lunch,),
        )
        for i in range(shifts)
    )
    places = np.vstack([centre, points])
    distance = np.abs(places[:, None, :] - places[None]).sum(axis=2)
    ids = ["D1", *(visit.id for visit in made)]
    travel = TravelTimeMatrix.from_arrays(
        distance / METRES_PER_SECOND,
        origins=ids,
        destinations=ids,
        distance_m=distance,
        method="road network, free-flow speeds",
    )
    return RoutingProblem(day=DAY, visits=tuple(made), shifts=staff, depots=depots, travel=travel)


def sector_plan(problem: RoutingProblem, unmade: int = 3) -> RoutePlan:
    """Each shift takes a sector of the compass, nearest first."""
    centre = problem.depots[0].location
    left_out = {visit.id for visit in problem.visits[:unmade]}
    wanted = [visit for visit in problem.visits if visit.id not in left_out]
    angle = [
        np.arctan2(
            v.location.northing_m - centre.northing_m, v.location.easting_m - centre.easting_m
        )
        for v in wanted
    ]
    ordered = [wanted[i] for i in np.argsort(angle, kind="stable")]
    routes = tuple(
        route(problem, shift, [ordered[i] for i in part])
        for shift, part in zip(
            problem.shifts,
            np.array_split(np.arange(len(ordered)), len(problem.shifts)),
            strict=True,
        )
    )
    cost = RoundsCost(pay_gbp=1200.0, mileage_gbp=34.5)
    later = SmallestChange(
        kind=ChangeKind.LATER, shift=ShiftId("SH02"), minutes=25, cost_gbp=4.0, is_verified=True
    )
    return RoutePlan(
        cost=cost,
        routes=routes,
        unmade=tuple(
            UnmadeVisit(
                visit=v,
                code="no-room",
                reason="every shift is full at its window",
                change=later if number == 0 else None,
            )
            for number, v in enumerate(sorted(left_out))
        ),
        report=SolveReport(
            status=SolveStatus.FEASIBLE,
            objective=cost.total_gbp,
            bound=None,
            unit="pounds",
            is_maximised=False,
            method="sectors, for a test",
            seed=1,
            wall_time_s=0.5,
        ),
    )


def route(problem: RoutingProblem, shift: Shift, visits: list[Visit]) -> Route:
    travel = problem.travel
    row = {name: i for i, name in enumerate(travel.origins)}
    at, now_s = str(shift.start_place), float(shift.hours.start_s)
    stops = [stop(StopKind.START, at, (0, 0), (now_s, now_s, now_s))]
    rested = False
    for visit in visits:
        if not rested and now_s > 12 * HOUR_S:
            stops.append(stop(StopKind.BREAK, at, (0, 0), (now_s, now_s, now_s + 1800)))
            now_s, rested = now_s + 1800, True
        way = (travel.time_s[row[at], row[visit.id]], travel.distance_m[row[at], row[visit.id]])
        arrive_s = now_s + way[0]
        begin_s = max(arrive_s, visit.windows[0].start_s)
        now_s = begin_s + visit.service_s
        stops.append(stop(StopKind.VISIT, visit.id, way, (arrive_s, begin_s, now_s)))
        at = visit.id
    end = shift.end_place
    way = (travel.time_s[row[at], row[end]], travel.distance_m[row[at], row[end]])
    back_s = now_s + way[0]
    stops.append(stop(StopKind.END, str(end), way, (back_s, back_s, back_s)))
    return Route(shift=shift.id, staff=shift.staff, stops=tuple(stops))


def stop(kind: StopKind, place: str, way, times) -> Stop:
    arrive_s, begin_s, leave_s = (float(moment) for moment in times)
    return Stop(
        kind=kind,
        place=place,
        travel_s=float(way[0]),
        distance_m=float(way[1]),
        arrive_s=arrive_s,
        wait_s=begin_s - arrive_s,
        begin_s=begin_s,
        leave_s=leave_s,
    )


def corner_paths(problem: RoutingProblem, plan: RoutePlan) -> dict[str, list[np.ndarray]]:
    at = {
        str(place.id): (place.location.easting_m, place.location.northing_m)
        for place in (*problem.depots, *problem.visits)
    }
    paths = {}
    for one in plan.routes:
        legs = []
        for here, there in zip(one.stops, one.stops[1:], strict=False):
            start, end = at[here.place], at[there.place]
            corner = (end[0], start[1])
            legs.append(
                np.empty((0, 2)) if start == end else np.array([start, corner, end], dtype=float)
            )
        paths[one.shift] = legs
    return paths


def rounds_content(*, visits: int = 60, shifts: int = 8, **changes) -> RoundsMapContent:
    problem = changes.pop("problem", None) or rounds_problem(visits, shifts)
    plan = changes.pop("plan", None) or sector_plan(problem)
    settings = {
        "title": "Home visits in Seahaven",
        "is_synthetic": True,
        "problem": problem,
        "plan": plan,
        "paths": corner_paths(problem, plan),
        "backdrop": backdrop(hexagon_areas()),
        "sources": ("Synthetic sample of ntgeo: no real place or person.",),
    }
    return RoundsMapContent(**(settings | changes))
