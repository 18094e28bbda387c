from datetime import date, time

import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.domain.routing import Break, Depot, Overtime, ShiftCosts, TimeWindow
from ntgeo.errors import DuplicateIdError, InputError, UnknownIdError
from ntgeo.sources import UsualShift, read_shifts

DAY = date(2026, 3, 3)
HERE = Location(easting_m=430000, northing_m=570000)
DEPOTS = tuple(Depot(id=name, name=name, location=HERE) for name in ("D1", "D2"))
HEAD = (
    "shift_id,staff_id,start_time,end_time,start_depot,end_depot,skills,break_min,break_earliest,"
    "break_latest\n"
)


def _read(write, *rows, day=DAY):
    path = write("shifts.csv", HEAD + "".join(row + "\n" for row in rows))
    return read_shifts(path, day=day, depots=DEPOTS)


def test_a_shift_with_a_break(write):
    second, first = "S2,B,09:00,13:00,D2,,,,,", "S1,A,07:00,15:00,D1,D2,Care;Lifting,30,11:00,13:00"
    one, two = _read(write, second, first)
    assert (one.id, one.staff, one.start_place, one.end_place) == ("S1", "A", "D1", "D2")
    assert one.hours == TimeWindow(start_s=7 * 3600, end_s=15 * 3600)
    assert one.skills == {"care", "lifting"}
    assert one.breaks == (Break(duration_s=1800, window=TimeWindow(start_s=39_600, end_s=46_800)),)
    assert (two.end_place, two.breaks) == ("D2", ())


def test_a_break_without_times_may_be_taken_at_any_time(write):
    (shift,) = _read(write, "S1,A,07:00,15:00,D1,D1,,30,,")
    assert shift.breaks[0].window == TimeWindow(start_s=7 * 3600, end_s=15 * 3600 - 1800)


def test_a_night_shift_ends_the_next_day(write):
    (shift,) = _read(write, "S1,A,22:00,06:00,D1,D1,,30,01:00,03:00")
    assert shift.hours == TimeWindow(start_s=22 * 3600, end_s=30 * 3600)
    assert shift.breaks[0].window == TimeWindow(start_s=25 * 3600, end_s=27 * 3600)


def test_a_night_when_the_clocks_change_is_an_hour_shorter(write):
    (shift,) = _read(write, "S1,A,22:00,06:00,D1,D1,,,,", day=date(2026, 3, 28))
    assert shift.hours.end_s - shift.hours.start_s == 7 * 3600


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("S1,A,09:00,09:00,D1,,,,,", "the shift has no length"),
        ("S1,A,07:00,21:00,D1,,,,,", "the shift lasts 14 h 00 min, over the limit of 13 h"),
        (
            "S1,A,07:00,7pm,D1,,,,,",
            'column end_time, value "7pm": is not a time of day. Fix: use 19:00',
        ),
        ("S1,A,07:00,15:00,D9,,,,,", 'value "D9": is not among the depots. Fix: use one of D1, D2'),
        ("S1,A,07:00,15:00,D1,D9,,,,", 'column end_depot, value "D9"'),
        ("S1,A,07:00,15:00,,,,,,", "the depot is missing"),
        ("S1,,07:00,15:00,D1,,,,,", "column staff_id"),
        ("S1,A,07:00,07:45,D1,,,60,,", "a break of 60 min does not fit"),
        ("S1,A,07:00,15:00,D1,,,30,13:00,11:00", "does not fit"),
        ("S1,A,07:00,15:00,D1,,,30,14:45,14:50", "does not fit"),
        ("S1,A,07:00,15:00,D1,,,-5,,", 'value "-5": must be at least 0'),
    ],
)
def test_wrong_rows_are_told(write, row, says):
    with pytest.raises(InputError) as caught:
        _read(write, row)
    assert says in str(caught.value)
    assert "shifts.csv row 2" in str(caught.value)


def test_unknown_depot_alone_is_an_unknown_id(write):
    with pytest.raises(UnknownIdError):
        _read(write, "S1,A,07:00,15:00,D9,,,,,")


def test_repeated_shift_is_a_duplicate(write):
    with pytest.raises(DuplicateIdError, match="stands on rows 2, 3"):
        _read(write, "S1,A,07:00,10:00,D1,,,,,", "S1,A,11:00,15:00,D1,,,,,")


def test_one_person_cannot_work_twice_at_once(write):
    rows = ["S1,A,07:00,15:00,D1,,,,,", "S2,A,14:59,18:00,D1,,,,,", "S3,B,07:00,15:00,D1,,,,,"]
    with pytest.raises(InputError, match=r"row 3.*overlaps the shift of the same person on row 2"):
        _read(write, *rows)
    assert len(_read(write, rows[0], "S2,A,15:00,18:00,D1,,,,,", rows[2])) == 3


USUAL = UsualShift()


def _rules(write, usual=USUAL, day=DAY, **cells):
    head = "shift_id,staff_id,start_time,end_time,start_depot," + ",".join(cells)
    path = write("shifts.csv", f"{head}\nS1,A,07:00,15:00,D1,{','.join(cells.values())}\n")
    (shift,) = read_shifts(path, day=day, depots=DEPOTS, usual=usual)
    return shift


def test_every_rule_of_a_shift_has_a_column(write):
    shift = _rules(
        write,
        end_depot="Last visit",
        mode="car",
        traffic_at="08:30",
        walks_up_to_min="10",
        parking_min="2.5",
        overtime_after="14:30",
        overtime_gbp_per_hour="6",
        pay_gbp_per_hour="15",
        mileage_gbp_per_mile="0.3",
        travel_gbp_per_hour="1",
        round_gbp="20",
        most_work_min="450",
        most_travel_min="90",
        most_distance_miles="10",
        may_go_alone="No",
        capacity="40",
    )
    assert (shift.end_place, shift.mode, shift.traffic_at) == (None, "car", time(8, 30))
    assert (shift.walks_up_to_s, shift.parking_s) == (600, 150)
    assert shift.overtime == Overtime(after_s=52_200, gbp_per_hour=6)
    assert shift.costs == ShiftCosts(
        pay_gbp_per_hour=15, mileage_gbp_per_mile=0.3, travel_gbp_per_hour=1, round_gbp=20
    )
    assert (shift.most_work_s, shift.most_travel_s) == (27_000, 5400)
    assert shift.most_distance_m == pytest.approx(16_093.44)
    assert (shift.may_go_alone, shift.capacity) == (False, 40)


@pytest.mark.parametrize(
    ("day", "mode", "mileage"),
    [
        (date(2026, 3, 3), "car", 0.45),
        (date(2026, 4, 6), "car", 0.55),
        (date(2026, 4, 6), "bicycle", 0.20),
        (date(2026, 4, 6), "foot", 0.0),
        (date(2010, 1, 1), "car", 0.45),
        (date(2010, 1, 1), "bicycle", 0.0),
    ],
)
def test_a_mile_costs_the_rate_of_the_day_by_mode(write, day, mode, mileage):
    assert _rules(write, day=day, mode=mode).costs.mileage_gbp_per_mile == mileage


def test_what_a_row_does_not_say_is_as_usual(write):
    usual = UsualShift(
        mode=TravelMode.BICYCLE, traffic_at=time(8, 0), pay_gbp_per_hour=14.0, parking_s=60
    )
    shift = _rules(write, usual=usual, skills="care")
    assert (shift.mode, shift.traffic_at, shift.parking_s) == ("bicycle", time(8, 0), 60)
    assert shift.costs.pay_gbp_per_hour == 14.0
    own = _rules(write, usual=usual, mode="foot", parking_min="0", pay_gbp_per_hour="13")
    assert (own.mode, own.parking_s, own.costs.pay_gbp_per_hour) == ("foot", 0, 13)


def test_several_breaks(write):
    shift = _rules(
        write,
        break_min="15",
        break_earliest="09:00",
        break_latest="09:00",
        break2_min="20",
        break2_after_work_min="240",
        break3_min="30",
        break3_paid="no",
        break3_after_work_min="360",
        break3_latest="14:00",
    )
    fixed, working, both = shift.breaks
    assert fixed.window == TimeWindow(start_s=32_400, end_s=32_400)
    assert working == Break(duration_s=1200, after_work_s=14_400)
    assert (both.is_paid, both.after_work_s) == (False, 21_600)
    assert both.window == TimeWindow(start_s=25_200, end_s=50_400)


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"mode": "tram"}, "write one of car, bicycle, foot"),
        ({"traffic_at": "8.30"}, "Fix: use 08:30"),
        ({"mode": "foot", "walks_up_to_min": "5"}, "only those who drive walk"),
        ({"overtime_after": "14:00"}, "overtime needs both a time and a price"),
        ({"overtime_gbp_per_hour": "5"}, "overtime needs both a time and a price"),
        ({"break_min": "30", "break_paid": "maybe"}, "is neither yes nor no"),
        ({"break_min": "300", "break2_min": "240"}, "a break of 240 min does not fit"),
        ({"pay_gbp_per_hour": "-1"}, "must be at least 0"),
        ({"may_go_alone": "sometimes"}, "is neither yes nor no"),
    ],
)
def test_wrong_rules_are_told(write, cells, says):
    with pytest.raises(InputError) as caught:
        _rules(write, **cells)
    assert says in str(caught.value)
    assert "shifts.csv row 2" in str(caught.value)
