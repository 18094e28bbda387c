from datetime import date, time

import numpy as np
import pytest

from ntgeo.errors import InputError, MissingColumnError
from ntgeo.sources import read_observed_times

GRID = "origin_easting,origin_northing,destination_easting,destination_northing"
HEADINGS = f"{GRID},departure,seconds"
ROW = "545000,258000,546000,259000,2026-11-24 08:15,600"


def test_journeys_by_grid_and_by_degrees_in_any_order_of_columns(write):
    text = (
        "Seconds,Driver name,Departure,Origin Lon,origin lat,destination_easting,"
        "destination_northing\n480.5,Sian,24/11/2026 17:05,0.1218,52.2053,546000,259000\n"
    )
    found = read_observed_times(write("o.csv", text))
    assert len(found) == 1
    assert found.time_s.tolist() == [480.5]
    assert (found.day, found.departs_at) == ((date(2026, 11, 24),), (time(17, 5),))
    np.testing.assert_allclose(found.origin_xy_m, [[545_045, 258_430]], atol=60)
    assert found.destination_xy_m.tolist() == [[546_000, 259_000]]
    assert not found.time_s.flags.writeable


@pytest.mark.parametrize(
    ("text", "day", "clock"),
    [
        ("2026-11-24 08:15", date(2026, 11, 24), time(8, 15)),
        ("2026-11-24T08:15:37", date(2026, 11, 24), time(8, 15)),
        ("2026-11-24T08:15:37.25", date(2026, 11, 24), time(8, 15)),
        ("24/11/2026 8:15", date(2026, 11, 24), time(8, 15)),
        ("08:15", None, time(8, 15)),
        ("8:15:59", None, time(8, 15)),
    ],
)
def test_departures_with_and_without_a_day(write, text, day, clock):
    row = ROW.replace("2026-11-24 08:15", text)
    found = read_observed_times(write("o.csv", f"{HEADINGS}\n{row}\n"))
    assert (found.day, found.departs_at) == ((day,), (clock,))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("2026-11-24 08:15", "2026-11-24T08:15Z", "has a time zone"),
        ("2026-11-24 08:15", "2026-11-24", "is not a time of day"),
        ("2026-11-24 08:15", "2026-11-31 08:15", "does not exist"),
        ("2026-11-24 08:15", "25:15", "is past the end of the day"),
        ("2026-11-24 08:15", "8.15am", "use 08:15"),
        (",600", ",0", "must be at least 1"),
        (",600", ",99999", "is above the limit 21,600"),
        (",600", ",ten", "is not a number"),
        ("545000,", "-545000,", "lies outside the British National Grid"),
        ("545000,", ",", "is missing"),
    ],
)
def test_faults_are_told_by_row_and_without_the_place(write, old, new, told):
    assert old in ROW
    path = write("o.csv", f"{HEADINGS}\n{ROW}\n{ROW.replace(old, new, 1)}\n")
    with pytest.raises(InputError, match=told) as refusal:
        read_observed_times(path)
    assert "o.csv row 3" in str(refusal.value)
    assert "258000" not in str(refusal.value)


def test_all_faults_are_told_at_once(write):
    rows = [ROW.replace(",600", ",-1"), ROW.replace("08:15", "8h"), ROW.replace("258000", "x")]
    with pytest.raises(InputError) as refusal:
        read_observed_times(write("o.csv", "\n".join([HEADINGS, *rows]) + "\n"))
    assert {fault.row for fault in refusal.value.faults} == {2, 3, 4}


def test_a_column_that_is_not_there(write):
    with pytest.raises(MissingColumnError, match="seconds"):
        read_observed_times(write("o.csv", f"{GRID},departure\n{ROW[:-4]}\n"))
    text = "origin_lon,origin_lat,departure,seconds\n0.1,52.2,08:00,600\n"
    with pytest.raises(InputError, match=r"no columns say where the destinations are"):
        read_observed_times(write("o.csv", text))
