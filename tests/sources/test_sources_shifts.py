from datetime import date

import pytest

from ntgeo.domain.places import Location
from ntgeo.domain.routing import Break, Depot, TimeWindow
from ntgeo.errors import DuplicateIdError, InputError, UnknownIdError
from ntgeo.sources import read_shifts

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
