"""Plans of toytown, worked out by hand, as a solver would hand them to the reports."""

from dataclasses import replace

import geopandas as gpd
import shapely
import toytown

from ntgeo.domain.routing import (
    Break,
    ChangeKind,
    Overtime,
    RoundsCost,
    RoundsPrices,
    Route,
    RoutePlan,
    ShiftCosts,
    SmallestChange,
    SoftWindow,
    Stop,
    StopKind,
    UnmadeVisit,
    VisitLink,
)
from ntgeo.domain.siting import Allocation, SitingPlan, UnservedArea
from ntgeo.domain.solving import SolveReport, SolveStatus

SERVED_BY = {
    "X01000001": "S4",
    "X01000002": "S4",
    "X01000003": "S2",
    "X01000004": "S2",
    "X01000005": "S2",
}
NAMES = ("West End", "Mill Lane", "Market", "Station", "East End")


def proof(objective=500.0, bound=500.0, status=SolveStatus.OPTIMAL, **changes):
    facts = {
        "status": status,
        "objective": objective,
        "bound": bound,
        "unit": "person-minutes",
        "is_maximised": False,
        "method": "worked out by hand",
        "seed": 1,
        "wall_time_s": 0.1,
    }
    return SolveReport(**(facts | changes))


def siting_plan(problem, *, unserved=(), served_by=SERVED_BY, report=None):
    """S2 and S4 open; the areas in ``unserved`` are not allocated."""
    row = {area: number for number, area in enumerate(problem.areas)}
    column = {site.id: number for number, site in enumerate(problem.sites)}
    allocations = tuple(
        Allocation(
            lsoa=area,
            site=served_by[area],
            demand=float(problem.demand[row[area]]),
            time_s=float(problem.travel.time_s[row[area], column[served_by[area]]]),
            distance_m=float(problem.travel.distance_m[row[area], column[served_by[area]]]),
        )
        for area in problem.areas
        if area not in unserved
    )
    left = tuple(
        UnservedArea(
            lsoa=area,
            demand=float(problem.demand[row[area]]),
            reason="no open site is within 10 minutes",
            change="a limit of 20 minutes would serve it",
        )
        for area in problem.areas
        if area in unserved
    )
    opened = tuple(sorted(set(served_by.values())))
    closed = tuple(s.id for s in problem.sites if s.is_open_today and s.id not in opened)
    return SitingPlan(
        opened=opened,
        closed=closed,
        allocations=allocations,
        unserved=left,
        report=report or proof(),
    )


def areas(**changes):
    """Five squares along the street, 100 residents each; deciles 1, 1, 5, 6 and 10."""
    columns = {
        "lsoa": list(toytown.AREA_MINUTES),
        "name": list(NAMES),
        "ward": ["West", "West", "Middle", "East", "East"],
        "population": [100] * 5,
        "imd_decile": [1, 1, 5, 6, 10],
    }
    middles = [toytown.location(minutes) for minutes in toytown.AREA_MINUTES.values()]
    squares = [
        shapely.box(
            m.easting_m - 2500, m.northing_m - 2500, m.easting_m + 2500, m.northing_m + 2500
        )
        for m in middles
    ]
    return gpd.GeoDataFrame(columns | changes, geometry=squares, crs=27700)


def clock(hours, minutes=0):
    return hours * 3600 + minutes * 60


def stop(kind, place, *, travel=0, arrive, begin=None, leave=None):
    """Times in seconds of the day, ``travel`` in minutes along the street."""
    begin = arrive if begin is None else begin
    return Stop(
        kind=kind,
        place=place,
        travel_s=travel * 60,
        distance_m=travel * toytown.METRES_PER_MINUTE,
        arrive_s=arrive,
        wait_s=begin - arrive,
        begin_s=begin,
        leave_s=begin if leave is None else leave,
    )


ROUTE_A = Route(
    shift="A",
    staff="staff-A",
    stops=(
        stop(StopKind.START, "D", arrive=clock(9)),
        stop(StopKind.VISIT, "V1", travel=5, arrive=clock(9, 5), leave=clock(9, 35)),
        stop(StopKind.VISIT, "V2", travel=5, arrive=clock(9, 40), leave=clock(10, 10)),
        stop(StopKind.END, "D", travel=10, arrive=clock(10, 20)),
    ),
)
ROUTE_B = Route(
    shift="B",
    staff="staff-B",
    stops=(
        stop(StopKind.START, "D", arrive=clock(9)),
        stop(StopKind.VISIT, "V3", travel=5, arrive=clock(9, 5), leave=clock(9, 35)),
        stop(StopKind.BREAK, "V3", arrive=clock(9, 35), begin=clock(11, 30), leave=clock(12)),
        stop(StopKind.END, "D", travel=5, arrive=clock(12, 5)),
    ),
)


def rich_problem():
    """V1 takes two and begins late, V2 follows it by somebody new, V3 is left; B rests unpaid."""
    problem = toytown.routing_problem()
    soft = SoftWindow(window=toytown.hours(9, 9 + 1 / 6), late_gbp_per_minute=1.0)
    v1, v2, v3 = problem.visits
    a, b = problem.shifts
    costs = ShiftCosts(pay_gbp_per_hour=12.0, mileage_gbp_per_mile=0.45)
    tea = Break(duration_s=1800, window=toytown.hours(9.5, 10), is_paid=False)
    return replace(
        problem,
        visits=(
            replace(
                v1, crew=2, usual_staff=frozenset({"staff-A"}), set_up_s=300, soft_windows=(soft,)
            ),
            replace(v2, usual_staff=frozenset({"staff-B"}), preferred_staff=frozenset({"staff-B"})),
            v3,
        ),
        shifts=(
            replace(
                a,
                costs=costs,
                parking_s=120,
                overtime=Overtime(after_s=clock(10), gbp_per_hour=6.0),
            ),
            replace(b, costs=costs, breaks=(tea,)),
        ),
        links=(VisitLink(first="V1", second="V2", least_gap_s=300),),
        prices=RoundsPrices(
            unmade_gbp=(50, 40, 30, 20, 10), new_face_gbp=4.0, not_preferred_gbp=2.0
        ),
    )


RICH_A = Route(
    shift="A",
    staff="staff-A",
    stops=(
        stop(StopKind.START, "D", arrive=clock(9)),
        replace(
            stop(StopKind.VISIT, "V1", travel=5, arrive=clock(9, 7), leave=clock(9, 45)),
            parking_s=120,
            wait_s=180,
            set_up_s=300,
            begin_s=clock(9, 15),
        ),
        replace(
            stop(StopKind.VISIT, "V2", travel=5, arrive=clock(9, 52), leave=clock(10, 22)),
            parking_s=120,
        ),
        stop(StopKind.END, "D", travel=10, arrive=clock(10, 32)),
    ),
)
RICH_B = Route(
    shift="B",
    staff="staff-B",
    stops=(
        stop(StopKind.START, "D", arrive=clock(9)),
        replace(
            stop(StopKind.VISIT, "V1", travel=5, arrive=clock(9, 5), leave=clock(9, 45)),
            wait_s=300,
            set_up_s=300,
            begin_s=clock(9, 15),
        ),
        stop(StopKind.BREAK, "V1", arrive=clock(9, 45), leave=clock(10, 15)),
        stop(StopKind.END, "D", travel=5, arrive=clock(10, 20)),
    ),
)


def rich_plan():
    """The plan of ``rich_problem``: 92 minutes of work for A and 50 for B, at 12 pounds an hour."""
    miles = 15_000 / 1609.344
    cost = RoundsCost(
        pay_gbp=18.4 + 10.0,
        overtime_gbp=3.2,
        mileage_gbp=0.45 * miles,
        untimely_gbp=5.0,
        new_faces_gbp=8.0,
        not_preferred_gbp=2.0,
        unmade_gbp=30.0,
    )
    change = SmallestChange(
        kind=ChangeKind.LATER, shift="B", minutes=25, cost_gbp=3.2, is_verified=True
    )
    unmade = UnmadeVisit(visit="V3", code="no-room", reason="every shift is full", change=change)
    total = cost.total_gbp
    return RoutePlan(
        routes=(RICH_A, RICH_B),
        unmade=(unmade,),
        report=proof(total, 0.9 * total, SolveStatus.FEASIBLE, unit="pounds"),
        cost=cost,
    )


def route_plan(routes=(ROUTE_A, ROUTE_B), unmade=()):
    return RoutePlan(
        cost=RoundsCost(),
        routes=tuple(routes),
        unmade=tuple(
            UnmadeVisit(visit=visit, code=code, reason=reason) for visit, code, reason in unmade
        ),
        report=proof(30.0, 30.0, unit="minutes of travel"),
    )
