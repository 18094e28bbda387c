import pytest
import toytown as toy

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.routing import (
    Break,
    Overtime,
    RoundsPrices,
    Route,
    ShiftCosts,
    SoftWindow,
    StaffId,
    Stop,
    StopKind,
    VisitId,
)
from ntgeo.routing.cost import cost_of

HOUR_S = 3600
COSTS = ShiftCosts(
    pay_gbp_per_hour=10.0, mileage_gbp_per_mile=0.5, travel_gbp_per_hour=2.0, round_gbp=7.0
)


def stop(kind: StopKind, place: str, times_h: tuple[float, float, float], **more) -> Stop:
    arrive_s, begin_s, leave_s = (hour * HOUR_S for hour in times_h)
    figures = {"travel_s": 0.0, "distance_m": 0.0, **more}
    wait_s = begin_s - arrive_s
    return Stop(
        kind=kind,
        place=place,
        arrive_s=arrive_s,
        wait_s=wait_s,
        begin_s=begin_s,
        leave_s=leave_s,
        **figures,
    )


def route(shift) -> Route:
    """9:00 drive, 10:00-11:00 V1, 11:00-12:00 break, drive, 13:00 end."""
    way = {"travel_s": 1800.0, "parking_s": 1800.0, "distance_m": 16093.44}
    stops = (
        stop(StopKind.START, "D", (9, 9, 9)),
        stop(StopKind.VISIT, "V1", (10, 10, 11), **way),
        stop(StopKind.BREAK, "V1", (11, 11, 12)),
        stop(StopKind.END, "D", (13, 13, 13), travel_s=3600.0, distance_m=16093.44),
    )
    return Route(shift=shift.id, staff=shift.staff, stops=stops)


def shift(*, is_paid: bool = True, **changes):
    rest = Break(duration_s=HOUR_S, window=toy.hours(9, 13), is_paid=is_paid)
    return toy.shift("B", **{"breaks": (rest,), "costs": COSTS, **changes})


def cost(worker, *, idle=(), visit=None, **more):
    visits = (visit or toy.visit("V1"), toy.visit("V3"))
    problem = toy.routing_problem(visits=visits, shifts=(*idle, worker), **more)
    return cost_of(problem, (route(worker),), {VisitId("V3")})


def test_pay_mileage_travel_and_the_round():
    told = cost(shift())
    assert (told.pay_gbp, told.mileage_gbp, told.travel_gbp, told.rounds_gbp) == (40, 10, 4, 7)
    assert told.total_gbp == 61


def test_an_unpaid_break_is_no_work():
    assert cost(shift(is_paid=False)).pay_gbp == 30


def test_overtime_leaves_out_the_unpaid_break_after_its_time():
    late = Overtime(after_s=round(11.5 * HOUR_S), gbp_per_hour=4.0)
    assert cost(shift(overtime=late)).overtime_gbp == 6
    assert cost(shift(overtime=late, is_paid=False)).overtime_gbp == 4


def test_nobody_is_paid_for_miles_on_foot():
    on_foot = shift(mode=TravelMode.FOOT)
    assert cost(on_foot, times_on_foot=1).mileage_gbp == 0


@pytest.mark.parametrize(("window", "untimely"), [((10.5, 11), 30), ((8, 9.5), 60), ((9, 11), 0)])
def test_each_minute_outside_a_soft_window_costs(window, untimely):
    soft = SoftWindow(window=toy.hours(*window), early_gbp_per_minute=1.0, late_gbp_per_minute=2.0)
    told = cost(shift(), visit=toy.visit("V1", soft_windows=(soft,)))
    assert told.untimely_gbp == untimely


def test_the_worst_lateness_has_a_price_of_its_own():
    soft = (SoftWindow(window=toy.hours(8, 9)), SoftWindow(window=toy.hours(9, 9.5)))
    prices = RoundsPrices(worst_lateness_gbp_per_minute=0.5)
    told = cost(shift(), visit=toy.visit("V1", soft_windows=soft), prices=prices)
    assert told.worst_lateness_gbp == 30


def test_new_faces_and_those_not_preferred_or_not_planned():
    known = frozenset({StaffId("someone")})
    prices = RoundsPrices(new_face_gbp=3.0, not_preferred_gbp=1.0, moved_gbp=7.0)
    for who, expected in (
        (known, (3, 1, 7)),
        (frozenset(), (0, 0, 0)),
        ({shift().staff}, (0, 0, 0)),
    ):
        names = ("usual_staff", "preferred_staff", "planned_staff")
        visit = toy.visit("V1", **dict.fromkeys(names, frozenset(who)))
        told = cost(shift(), visit=visit, prices=prices)
        assert (told.new_faces_gbp, told.not_preferred_gbp, told.moved_gbp) == expected


def test_spreads_count_shifts_without_a_round():
    prices = RoundsPrices(work_spread_gbp_per_hour=2.0, visits_spread_gbp=5.0)
    assert cost(shift(), idle=(toy.shift("A"),), prices=prices).unfairness_gbp == 13
    assert cost(shift(), prices=prices).unfairness_gbp == 0


def test_unmade_visits_have_their_own_price_or_that_of_their_priority():
    prices = RoundsPrices(unmade_gbp=(50.0, 40.0, 30.0, 20.0, 10.0))
    assert cost(shift(), prices=prices).unmade_gbp == 30
    assert cost(shift()).unmade_gbp == 0
