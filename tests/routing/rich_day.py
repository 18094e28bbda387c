"""A day that asks for every rule, and a plan by hand that keeps them all.

Everything lies on toytown's street, a minute of driving apart: by bicycle a minute is three, on
foot two. Ann drives in the morning (A) and in the afternoon (F), Bob drives (B) and ends where his
last visit is, Cy cycles (C) and may not go alone. Ann may leave her car and walk for ten minutes.

======= ====== ==================================================================================
V1      5      lift; set-up; 1 High St; begins 09:00 to 10:00
V2      5      1 High St too: no parking, no set-up; over by 11:00; had better begin by 09:20
V3      6      entered 10:00 to 10:30; Ann walks there
V4      20     two people, Ann and Bob; Bob takes 20 minutes for it
V5      20     30 minutes to four hours after V1, by another person; not Cy; had better be Ann
V6      -5     nobody alone; pinned to C; the first visit of each round
V7      10     pinned to 15:00; nobody alone after dark, which falls at 16:00
V8      12     by the same person as V1; made only if V7 is
V9      15     needs someone who signs, and nobody does
======= ====== ==================================================================================
"""

from dataclasses import replace

import toytown

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.routing import (
    Break,
    Depot,
    DepotId,
    NotAlone,
    Overtime,
    Pin,
    PlaceInRound,
    RoundsCost,
    RoundsPrices,
    Route,
    RoutePlan,
    RoutingProblem,
    Shift,
    ShiftCosts,
    ShiftId,
    SoftWindow,
    StaffId,
    StaffLink,
    Stop,
    StopKind,
    TimeWindow,
    UnmadeCode,
    UnmadeVisit,
    Visit,
    VisitId,
    VisitLink,
    WindowSense,
)
from ntgeo.domain.solving import SolveReport, SolveStage, SolveStatus

MINUTE = 60
NINE = 9 * 3600
PLACES = {
    "D": 0.0,
    "V1": 5.0,
    "V2": 5.0,
    "V3": 6.0,
    "V4": 20.0,
    "V5": 20.0,
    "V6": -5.0,
    "V7": 10.0,
    "V8": 12.0,
    "V9": 15.0,
}
ANN, BOB, CY = StaffId("ann"), StaffId("bob"), StaffId("cy")


def staff(*who: StaffId) -> frozenset[StaffId]:
    return frozenset(who)


def span(first: int, last: int) -> TimeWindow:
    """In minutes after 09:00."""
    return TimeWindow(start_s=NINE + first * MINUTE, end_s=NINE + last * MINUTE)


def a_visit(name: str, **changes) -> Visit:
    usual = Visit(
        id=VisitId(name),
        location=toytown.location(PLACES[name]),
        service_s=30 * MINUTE,
        windows=(span(0, 480),),
    )
    return replace(usual, **changes)


VISITS = (
    a_visit(
        "V1",
        skills=frozenset({"lift"}),
        address="1 High St",
        set_up_s=5 * MINUTE,
        windows=(span(0, 60),),
        load=2.0,
    ),
    a_visit(
        "V2",
        address="1 High St",
        set_up_s=5 * MINUTE,
        windows=(span(0, 120),),
        window_sense=WindowSense.FINISH,
        soft_windows=(SoftWindow(window=span(0, 20), late_gbp_per_minute=0.1),),
        usual_staff=staff(BOB),
        load=1.0,
    ),
    a_visit(
        "V3",
        set_up_s=5 * MINUTE,
        windows=(span(60, 90),),
        window_sense=WindowSense.ARRIVE,
        planned_staff=staff(BOB),
    ),
    a_visit("V4", crew=2, required_staff=staff(ANN, BOB), service_s_by_staff={BOB: 20 * MINUTE}),
    a_visit("V5", forbidden_staff=staff(CY), preferred_staff=staff(ANN)),
    a_visit(
        "V6",
        not_alone=NotAlone.ALWAYS,
        pin=Pin(shifts=frozenset({ShiftId("C")}), place=PlaceInRound.FIRST),
    ),
    a_visit("V7", not_alone=NotAlone.AFTER_DARK, pin=Pin(begin_s=NINE + 360 * MINUTE)),
    a_visit("V8", pin=Pin(place=PlaceInRound.LAST)),
    a_visit("V9", skills=frozenset({"sign"}), priority=2),
)
COSTS = ShiftCosts(
    pay_gbp_per_hour=12.0, mileage_gbp_per_mile=0.5, travel_gbp_per_hour=6.0, round_gbp=5.0
)
LUNCH = Break(duration_s=15 * MINUTE, window=span(90, 150), is_paid=False)
TEA = Break(duration_s=10 * MINUTE, after_work_s=90 * MINUTE)


def a_shift(name: str, who: StaffId, hours: TimeWindow, **changes) -> Shift:
    usual = Shift(
        id=ShiftId(name),
        staff=who,
        start_place=DepotId("D"),
        end_place=DepotId("D"),
        hours=hours,
        costs=COSTS,
    )
    return replace(usual, **changes)


SHIFTS = (
    a_shift(
        "A",
        ANN,
        span(0, 240),
        skills=frozenset({"lift"}),
        breaks=(LUNCH, TEA),
        capacity=3.5,
        walks_up_to_s=10 * MINUTE,
        parking_s=MINUTE,
        overtime=Overtime(after_s=NINE + 180 * MINUTE, gbp_per_hour=6.0),
        most_work_s=220 * MINUTE,
        most_travel_s=60 * MINUTE,
        most_distance_m=30_000.0,
    ),
    a_shift("B", BOB, span(0, 300), end_place=None),
    a_shift("C", CY, span(0, 240), mode=TravelMode.BICYCLE, may_go_alone=False),
    a_shift("F", ANN, span(300, 480)),
)
LINKS = (
    VisitLink(
        first=VisitId("V1"),
        second=VisitId("V5"),
        least_gap_s=30 * MINUTE,
        greatest_gap_s=240 * MINUTE,
        staff=StaffLink.DIFFERENT,
    ),
    VisitLink(first=VisitId("V1"), second=VisitId("V8"), staff=StaffLink.SAME),
    VisitLink(first=VisitId("V7"), second=VisitId("V8"), least_gap_s=0, both_or_neither=True),
)
PRICES = RoundsPrices(
    unmade_gbp=(50.0, 40.0, 30.0, 20.0, 10.0),
    new_face_gbp=3.0,
    not_preferred_gbp=2.0,
    moved_gbp=1.0,
    worst_lateness_gbp_per_minute=0.2,
    work_spread_gbp_per_hour=1.0,
    visits_spread_gbp=0.5,
)


def matrix(mode: TravelMode, slower: float):
    by_car = toytown.matrix(PLACES, PLACES)
    return replace(by_car, time_s=by_car.time_s * slower, mode=mode)


PROBLEM = RoutingProblem(
    day=toytown.DAY,
    visits=VISITS,
    shifts=SHIFTS,
    depots=(Depot(id=DepotId("D"), name="Depot", location=toytown.location(0)),),
    travel=matrix(TravelMode.CAR, 1.0),
    more_travel=(matrix(TravelMode.BICYCLE, 3.0), matrix(TravelMode.FOOT, 2.0)),
    links=LINKS,
    prices=PRICES,
    daylight=TimeWindow(start_s=8 * 3600, end_s=16 * 3600),
)


def row(kind: str, place: str, arrive: float, **minutes: float) -> Stop:
    """Return a stop, all in minutes, the arrival after 09:00; driven unless ``metres`` says."""
    told = {"ride": 0.0, "walk": 0.0, "park": 0.0, "wait": 0.0, "set_up": 0.0, "stay": 0.0}
    unknown = minutes.keys() - told.keys() - {"metres"}
    assert not unknown, unknown
    told |= {name: float(value) for name, value in minutes.items()}
    begin = arrive + told["wait"] + told["set_up"]
    driven_m = (told["ride"] - told["walk"]) * toytown.METRES_PER_MINUTE
    return Stop(
        kind=StopKind(kind),
        place=place,
        travel_s=told["ride"] * MINUTE,
        distance_m=told.get("metres", driven_m),
        arrive_s=NINE + arrive * MINUTE,
        wait_s=told["wait"] * MINUTE,
        begin_s=NINE + begin * MINUTE,
        leave_s=NINE + (begin + told["stay"]) * MINUTE,
        parking_s=told["park"] * MINUTE,
        set_up_s=told["set_up"] * MINUTE,
        walk_s=told["walk"] * MINUTE,
    )


A = Route(
    shift=ShiftId("A"),
    staff=ANN,
    stops=(
        row("start", "D", 0),
        row("visit", "V1", 6, ride=5, park=1, set_up=5, stay=30),
        row("visit", "V2", 41, stay=30),
        row("visit", "V3", 73, ride=2, walk=2, set_up=5, stay=30),
        row("break", "V3", 108, stay=15),
        row("visit", "V4", 141, ride=17, walk=2, park=1, stay=30),
        row("end", "D", 191, ride=20),
    ),
)
B = Route(
    shift=ShiftId("B"),
    staff=BOB,
    stops=(
        row("start", "D", 10),
        row("visit", "V6", 15, ride=5, stay=30),
        row("visit", "V4", 70, ride=25, wait=71, stay=20),
        row("visit", "V5", 161, stay=30),
        row("end", "V5", 191),
    ),
)
C = Route(
    shift=ShiftId("C"),
    staff=CY,
    stops=(
        row("start", "D", 0),
        row("visit", "V6", 15, ride=15, metres=2500, stay=30),
        row("end", "D", 60, ride=15, metres=2500),
    ),
)
F = Route(
    shift=ShiftId("F"),
    staff=ANN,
    stops=(
        row("start", "D", 350),
        row("visit", "V7", 360, ride=10, stay=30),
        row("visit", "V8", 392, ride=2, stay=30),
        row("end", "D", 434, ride=12),
    ),
)
COST = RoundsCost(
    # 176, 181, 60 and 84 minutes of work, Ann's lunch left out.
    pay_gbp=501 * 0.2,
    # Ann is back eleven minutes after noon.
    overtime_gbp=11 * 0.1,
    mileage_gbp=0.5 * 52_000 / 1609.344,
    # 46, 30, 30 and 24 minutes of travel and parking.
    travel_gbp=130 * 0.1,
    rounds_gbp=4 * 5.0,
    # V2 begins 21 minutes late.
    untimely_gbp=21 * 0.1,
    worst_lateness_gbp=21 * 0.2,
    new_faces_gbp=3.0,
    not_preferred_gbp=2.0,
    moved_gbp=1.0,
    # Bob works 121 minutes more than Cy, and Ann makes three visits more.
    unfairness_gbp=121 / 60 + 3 * 0.5,
    unmade_gbp=40.0,
)
NOBODY_SIGNS = UnmadeVisit(
    visit=VisitId("V9"),
    code=UnmadeCode.NO_SKILL,
    reason="V9 is not made: nobody on shift has sign",
)
PLAN = RoutePlan(
    routes=(A, B, C, F),
    unmade=(NOBODY_SIGNS,),
    report=SolveReport(
        status=SolveStatus.FEASIBLE,
        objective=COST.total_gbp,
        bound=COST.total_gbp - 50.0,
        unit="pounds",
        is_maximised=False,
        method="by hand",
        seed=1,
        wall_time_s=0.0,
        stages=(SolveStage(name="cost", objective=COST.total_gbp, bound=None, unit="pounds"),),
    ),
    cost=COST,
)
