"""Toytown: one straight street, solvable by hand, used everywhere.

Everything lies on an east-west street where a minute takes you 500 metres (30 km/h).

Siting. Five areas at 0, 10, 20, 30 and 40 minutes along the street, with 10, 20, 30, 20 and 10
people; sites S1 at 0, S2 at 20, S3 at 40 and S4 at 10 minutes; S1 and S3 are open today.

============== ============================ ================
sites open     person-minutes of travel     best for
============== ============================ ================
S2             200+200+0+200+200 = 800      one site
S2 and S4      100+0+0+200+200   = 500      two sites
S1 and S3      0+200+600+200+0   = 1000     today
============== ============================ ================

Within 10 minutes, S2 covers 70 people, S2 with any other site 80, S2, S1 and S3 all 90.

Rounds. The depot D is at 0; visits V1, V2 and V3 of 30 minutes at 5, 10 and -5 minutes; the day is
Tuesday 24 November 2026. A (skills "lift", 09:00-12:00) and B (no skills, 09:00-17:00) start and
end at D; B takes a 30-minute break that starts between 11:30 and 13:30. V2 needs "lift".
Made by A alone, D-V1-V2-D-V3-D takes 30 minutes of travel and 90 of visits.
"""

from dataclasses import replace
from datetime import date

import numpy as np

from ntgeo.domain.matrix import TravelMode, TravelTimeMatrix
from ntgeo.domain.places import CandidateSite, Location, LsoaCode, SiteId, SiteStatus
from ntgeo.domain.routing import (
    Break,
    Depot,
    DepotId,
    RoutingProblem,
    Shift,
    ShiftCosts,
    ShiftId,
    StaffId,
    TimeWindow,
    Visit,
    VisitId,
)
from ntgeo.domain.siting import SitingObjective, SitingProblem, SitingRules

DAY = date(2026, 11, 24)
MINUTE_S = 60
METRES_PER_MINUTE = 500.0

AREA_MINUTES = {f"X0100000{i + 1}": 10.0 * i for i in range(5)}
AREA_PEOPLE = [10.0, 20.0, 30.0, 20.0, 10.0]
SITE_MINUTES = {"S1": 0.0, "S2": 20.0, "S3": 40.0, "S4": 10.0}
OPEN_TODAY = ("S1", "S3")
PLACE_MINUTES = {"D": 0.0, "V1": 5.0, "V2": 10.0, "V3": -5.0}


def location(minutes: float) -> Location:
    return Location(easting_m=400_000.0 + METRES_PER_MINUTE * minutes, northing_m=550_000.0)


def matrix(origins: dict[str, float], destinations: dict[str, float]) -> TravelTimeMatrix:
    rows = np.array(list(origins.values()))[:, None]
    columns = np.array(list(destinations.values()))[None, :]
    minutes = np.abs(rows - columns)
    return TravelTimeMatrix.from_arrays(
        minutes * MINUTE_S,
        origins=list(origins),
        destinations=list(destinations),
        distance_m=minutes * METRES_PER_MINUTE,
        method="along the street",
    )


def site(site_id: str, status: SiteStatus | None = None, **changes) -> CandidateSite:
    default = SiteStatus.EXISTING if site_id in OPEN_TODAY else SiteStatus.CANDIDATE
    return CandidateSite(
        id=SiteId(site_id),
        name=f"Site {site_id}",
        location=location(SITE_MINUTES[site_id]),
        status=status or default,
        **changes,
    )


def siting_problem(
    *,
    objective: SitingObjective | str = SitingObjective.P_MEDIAN,
    site_count: int | None = 2,
    limit_minutes: float | None = None,
    statuses: dict[str, SiteStatus] | None = None,
) -> SitingProblem:
    limit_s = None if limit_minutes is None else limit_minutes * MINUTE_S
    return SitingProblem(
        areas=tuple(LsoaCode(area) for area in AREA_MINUTES),
        demand=np.array(AREA_PEOPLE),
        demand_unit="people",
        sites=tuple(site(name, (statuses or {}).get(name)) for name in SITE_MINUTES),
        travel=matrix(AREA_MINUTES, SITE_MINUTES),
        objective=SitingObjective(objective),
        rules=SitingRules(site_count=site_count, travel_limit_s=limit_s),
    )


def hours(start: float, end: float) -> TimeWindow:
    return TimeWindow(start_s=round(start * 3600), end_s=round(end * 3600))


def visit(visit_id: str, **changes) -> Visit:
    whole_day = Visit(
        id=VisitId(visit_id),
        location=location(PLACE_MINUTES[visit_id]),
        service_s=30 * MINUTE_S,
        windows=(hours(9, 17),),
        skills=frozenset({"lift"}) if visit_id == "V2" else frozenset(),
    )
    return replace(whole_day, **changes)


BY_SECONDS = ShiftCosts(
    pay_gbp_per_hour=3600.0, travel_gbp_per_hour=3600.0, mileage_gbp_per_mile=0.0
)
"""A second of work and a second of travel cost a pound each, so that sums are easy by hand."""


def shift(shift_id: str, **changes) -> Shift:
    lunch = Break(duration_s=30 * MINUTE_S, window=hours(11.5, 13.5))
    usual = Shift(
        id=ShiftId(shift_id),
        staff=StaffId(f"staff-{shift_id}"),
        start_place=DepotId("D"),
        end_place=DepotId("D"),
        hours=hours(9, 12) if shift_id == "A" else hours(9, 17),
        skills=frozenset({"lift"}) if shift_id == "A" else frozenset(),
        breaks=() if shift_id == "A" else (lunch,),
        costs=BY_SECONDS,
    )
    return replace(usual, **changes)


def routing_problem(
    *,
    visits: tuple[Visit, ...] | None = None,
    shifts: tuple[Shift, ...] | None = None,
    times_on_foot: float | None = None,
    **more,
) -> RoutingProblem:
    """Walking takes so many times as long; what else a problem has goes by its name."""
    wanted = visits if visits is not None else tuple(visit(v) for v in ("V1", "V2", "V3"))
    places = {"D": PLACE_MINUTES["D"], **{v.id: PLACE_MINUTES[v.id] for v in wanted}}
    travel = matrix(places, places)
    if times_on_foot is not None:
        time_s = times_on_foot * travel.time_s
        more["more_travel"] = (replace(travel, mode=TravelMode.FOOT, time_s=time_s),)
    return RoutingProblem(
        day=DAY,
        visits=wanted,
        shifts=shifts if shifts is not None else (shift("A"), shift("B")),
        depots=(Depot(id=DepotId("D"), name="Depot", location=location(0)),),
        travel=travel,
        **more,
    )
