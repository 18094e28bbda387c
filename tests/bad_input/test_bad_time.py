"""Times of day that are none, clocks that change, and zones."""

import re
import time
from datetime import date
from datetime import time as time_of_day

import pytest
from asking import noted, refused, set_aside, warned
from spoiling import edit, line_of, set_cells

from ntgeo.domain import units
from ntgeo.domain.units import comes_twice

SPRING, AUTUMN = "2026-03-29", "2026-10-25"


def _route(borough, ask, *options):
    return ask(borough, "route", "--no-explain", *options)


def _on(borough, day):
    edit(borough / "scenario.toml", ("day = 2026-11-24", f"day = {day}"))


def _begins(told):
    return {
        stop["place_id"]: stop["begin"] for stop in told.json["stops"] if stop["kind"] == "visit"
    }


@pytest.mark.bad_input("T01", "T12", "T15")
def test_times_that_cannot_be_read_are_set_aside_and_the_rest_is_made(borough, ask):
    _on(borough, SPRING)
    visits = borough / "visits.csv"
    set_cells(visits, "V1", window_start="29/03/2026 01:30")
    set_cells(visits, "V2", window_start="29/03 09:00")
    set_cells(visits, "V3", window_start="9.30")
    told = _route(borough, ask)
    for row, value, says in (
        (2, "29/03/2026 01:30", "on 29/03/2026: the clocks go forward. Fix: use 02:30"),
        (3, "29/03 09:00", "is a date without its year. Fix: write 2026-03-29 and the time"),
        (4, "9.30", "is not a time of day. Fix: use 09:30"),
    ):
        place = {"file": "visits.csv", "row": row, "column": "window_start", "value": value}
        set_aside(told, says, **place, code=1)
    assert "nobody comes to V1, V2, V3, set aside" in told.err
    assert {line.split()[3] for line in told.out.splitlines() if " visit " in line} == {
        "V4", "V5", "V6"
    }  # fmt: skip


@pytest.mark.bad_input("T12")
@pytest.mark.parametrize(
    ("typed", "fix"),
    [
        ("0930", "use 09:30"),
        ("9:3", "give it as HH:MM"),
        ("9am", "use 09:00"),
        ("5.45 p.m.", "use 17:45"),
        ("25:00", "use 01:00 of the next day"),
        ("noon", "give it as HH:MM"),
    ],
)
def test_times_as_people_type_them(borough, ask, typed, fix):
    set_cells(borough / "visits.csv", "V3", window_start=typed)
    told = ask(borough, "validate")
    place = {"file": "visits.csv", "row": 4, "column": "window_start", "value": typed}
    set_aside(told, f"Fix: {fix}", **place)


@pytest.mark.bad_input("T15")
def test_a_record_dated_without_a_year_is_set_aside(borough, ask):
    edit(borough / "demand.csv", ("housing,2026-04-01", "housing,1 Apr"))
    told = ask(borough, "validate")
    place = {"file": "demand.csv", "row": 2, "column": "date", "value": "1 Apr"}
    set_aside(told, "the year is missing", **place)


@pytest.mark.bad_input("T06", "T07", "T08", "T10")
@pytest.mark.parametrize(
    ("day", "typed", "says"),
    [
        ("2026-07-01", "09:00Z", "times here are by the clock in the UK. Fix: use 10:00"),
        ("2026-07-01", "2026-07-01T09:00:00Z", "has a time zone"),
        ("2026-01-05", "09:00+01:00", "London is at +00:00 then. Fix: use 09:00 if it is by"),
        ("2026-07-01", "09:00 BST", "BST is British, or Bangladesh's, time"),
    ],
)
def test_times_with_a_zone(borough, ask, day, typed, says):
    _on(borough, day)
    for visit in ("V2", "V4"):
        set_cells(borough / "visits.csv", visit, window_start=typed)
    told = _route(borough, ask)
    for row in (3, 5):
        place = {"file": "visits.csv", "row": row, "column": "window_start", "value": typed}
        refused(told, says, **place)


@pytest.mark.bad_input("T09")
def test_gmt_typed_in_july_is_converted(borough, ask):
    _on(borough, "2026-07-01")
    set_cells(borough / "visits.csv", "V1", window_start="10:30 GMT", window_end="10:45 GMT")
    told = _route(borough, ask, "--json")
    noted(told)
    assert "11:30" <= _begins(told)["V1"] <= "11:45"
    told = ask(borough, "validate")
    noted(told, 'value "10:30 GMT": is read as 11:30 by the UK clock', file="visits.csv row 2")


@pytest.mark.bad_input("T13", "T34")
@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("0.395833", "is an Excel fraction of a day. Fix: use 09:30"),
        ("46350.395833", "looks like an Excel serial number. Fix: format the column as hh:mm"),
        ("1764000000", "looks like seconds since 1970 (24/11/2025 16:00 in the UK)"),
        ("1764000000000", "looks like milliseconds since 1970 (24/11/2025 16:00 in the UK)"),
    ],
)
def test_times_as_computers_count_them(borough, ask, typed, says):
    set_cells(borough / "visits.csv", "V3", window_start=typed)
    told = _route(borough, ask)
    refused(told, says, file="visits.csv", row=4, column="window_start", value=typed)


@pytest.mark.bad_input("T34")
def test_a_column_of_records_that_counts_from_1970(borough, ask):
    text = (borough / "demand.csv").read_text()
    for day in range(1, 31):
        text = text.replace(f"2026-04-{day:02}", f"{1_775_000_000_000 + day * 86_400_000}")
    (borough / "demand.csv").write_text(text)
    told = ask(borough, "demand")
    place = {"file": "demand.csv", "row": 2, "column": "date", "value": "1775086400000"}
    refused(told, "looks like milliseconds since 1970 (02/04/2026", **place)


@pytest.mark.bad_input("T16")
@pytest.mark.parametrize("day", ["2027-02-29", "2026-13-01"])
def test_a_day_that_no_year_has(borough, ask, day):
    _on(borough, day)
    line = next(
        number
        for number, text in enumerate((borough / "scenario.toml").read_text().splitlines(), 1)
        if text.startswith("day =")
    )
    told = _route(borough, ask)
    refused(told, "no such day exists", file=f"scenario.toml line {line}, key day", value=day)


@pytest.mark.bad_input("T23")
def test_a_machine_that_does_not_know_the_clocks(borough, ask, monkeypatch):
    monkeypatch.setattr(units, "LONDON", units.UTC)
    told = _route(borough, ask)
    refused(told, "when the clocks change in the UK", "tzdata", file="time zones")


@pytest.mark.bad_input("T26", "T31")
@pytest.mark.parametrize(("day", "is_made"), [(SPRING, False), (AUTUMN, True)])
def test_a_night_over_a_change_of_the_clocks(borough, ask, monkeypatch, day, is_made):
    """Eight hours by the clock are seven or nine, on a machine wherever it stands."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    evening = {SPRING: "2026-03-28", AUTUMN: "2026-10-24"}[day]
    _on(borough, evening)
    edit(
        borough / "scenario.toml",
        ('"shifts.csv"\ntime_limit_s = 2', '"shifts.csv"\ntime_limit_s = 10'),
    )
    text = (borough / "shifts.csv").read_text()
    (borough / "shifts.csv").write_text(text.split("B,A2")[0])
    set_cells(borough / "shifts.csv", "A", start_time="22:00", end_time="06:00")
    for number in range(1, 7):
        window = {"window_start": "22:00", "window_end": f"{day} 05:00"}
        set_cells(borough / "visits.csv", f"V{number}", duration_min="70", **window)
    told = _route(borough, ask, "--json")
    monkeypatch.undo()
    time.tzset()
    noted(told, code=0 if is_made else 1)
    begins = _begins(told).values()
    assert len(begins) == (6 if is_made else 5)
    assert day == AUTUMN or not any(begin.startswith("01:") for begin in begins)


@pytest.mark.bad_input("T29")
def test_the_zone_is_told_where_a_clock_changes(borough, ask):
    _on(borough, AUTUMN)
    told = ask(borough, "validate")
    warned(told, "The clocks go back on 25/10/2026: it has 25 hours, by UK time", file="")


@pytest.mark.bad_input("T33")
def test_a_year_that_could_end_on_two_days(borough, ask):
    edit(borough / "scenario.toml", ('"demand.csv"\n', '"demand.csv"\nperiod = "2025-26"\n'))
    told = ask(borough, "demand")
    line = line_of(borough / "scenario.toml", "period")
    place = f"scenario.toml line {line}, key demand.records.1.period"
    refused(told, "unknown key", file=place, value="2025-26")
    edit(borough / "scenario.toml", ('period = "2025-26"\n', ""))
    text = (borough / "demand.csv").read_text()
    (borough / "demand.csv").write_text(re.sub(r"2026-04-\d\d", "2025-26", text))
    told = ask(borough, "demand")
    says = "is a financial year, which ends on 31 March or on 5 April"
    refused(told, says, file="demand.csv", row=2, column="date", value="2025-26")


def test_a_bank_holiday_is_told(borough, ask):
    _on(borough, "2026-12-28")
    told = ask(borough, "validate")
    warned(told, "28/12/2026 is a bank holiday (Boxing Day): check who works", file="")


def test_an_hour_that_the_clock_shows_twice_is_settled_by_gmt(borough, ask):
    _on(borough, AUTUMN)
    set_cells(borough / "visits.csv", "V1", window_start="01:30 GMT", window_end="01:45 GMT")
    for shift in ("A", "B"):
        set_cells(borough / "shifts.csv", shift, start_time="01:00")
    told = _route(borough, ask, "--json")
    noted(told)
    assert "01:30" <= _begins(told)["V1"] <= "01:45"


def test_an_hour_that_the_clock_shows_twice_is_told(borough, ask):
    _on(borough, AUTUMN)
    set_cells(borough / "visits.csv", "V2", window_start="01:30")
    set_cells(borough / "shifts.csv", "A", start_time="01:00")
    told = ask(borough, "validate")
    says = 'value "01:30": comes twice on 25/10/2026, when the clocks go back; the first is taken'
    warned(told, says, 'write "01:30 GMT" for the second', file="visits.csv row 3")
    warned(told, 'value "01:00": comes twice on 25/10/2026', file="shifts.csv row 2")
    _on_again(borough, AUTUMN, "2026-10-24")
    assert "comes twice" not in ask(borough, "validate").words


def _on_again(borough, day, other):
    edit(borough / "scenario.toml", (f"day = {day}", f"day = {other}"))


def test_the_hour_that_is_lost_is_not_called_twofold():
    night = date(2026, 10, 25)
    assert [hour for hour in range(24) if comes_twice(night, time_of_day(hour))] == [1]
    assert not any(comes_twice(date(2026, 3, 29), time_of_day(hour)) for hour in range(24))
