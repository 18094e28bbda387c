from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntgeo.sources.clock import ClockError, parse_clock, parse_day, read_clock, read_time

SPRING = date(2026, 3, 29)
AUTUMN = date(2026, 10, 25)


@pytest.mark.parametrize(
    ("text", "is_"), [("09:30", time(9, 30)), ("9:30", time(9, 30)), ("23:59:00", time(23, 59))]
)
def test_times_are_read(text, is_):
    assert read_time(text) == is_


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("9.30", "use 09:30"),
        ("0930", "use 09:30"),
        ("9am", "use 09:00"),
        ("12 am", "use 00:00"),
        ("5.45 p.m.", "use 17:45"),
        ("0.395833", "use 09:30"),
        ("9:3", "give it as HH:MM, such as 09:30"),
        ("25:00", "use 01:00 of the next day"),
        ("48:00", "give it as HH:MM, such as 09:30"),
        ("", "give it as HH:MM, such as 09:30"),
        ("13pm", "give it as HH:MM, such as 09:30"),
    ],
)
def test_other_writings_offer_what_was_meant(text, fix):
    with pytest.raises(ClockError) as caught:
        read_time(text)
    assert caught.value.fix == fix


@pytest.mark.parametrize("text", ["09:00Z", "09:00+01:00", "09:00 GMT", "09:00 BST"])
def test_zones_are_refused(text):
    with pytest.raises(ClockError, match="has a time zone"):
        read_time(text)


def test_time_that_the_clocks_skip_is_told():
    with pytest.raises(ClockError, match="01:30 does not exist on 29/03/2026") as caught:
        parse_clock("01:30", SPRING)
    assert caught.value.fix == "use 02:30"


def test_seconds_are_elapsed_across_clock_changes():
    assert parse_clock("03:00", SPRING) == 2 * 3600
    assert parse_clock("24:00", SPRING) == 23 * 3600
    assert parse_clock("03:00", AUTUMN) == 4 * 3600
    assert parse_clock("06:00", date(2026, 3, 28), next_day=True) == 29 * 3600


@pytest.mark.parametrize(
    ("text", "at_s"),
    [
        ("2026-10-25 02:30", 3.5 * 3600),
        ("25/10/2026 09:00", 10 * 3600),
        ("2026-10-26T01:00", 26 * 3600),
        ("01:30", 1.5 * 3600),
        ("01:30 GMT", 2.5 * 3600),
        ("24:00", 25 * 3600),
    ],
)
def test_dates_and_gmt_tell_which_hour_is_meant(text, at_s):
    assert parse_clock(text, AUTUMN) == at_s


def test_gmt_of_a_summer_s_day_is_turned_into_uk_time_and_noted():
    found = read_clock("09:00 GMT", date(2026, 7, 1))
    assert (found.at_s, found.note) == (10 * 3600, "is read as 10:00 by the UK clock")
    assert read_clock("09:00 GMT", date(2026, 1, 5)).note == ""
    assert read_clock("05:00 gmt", date(2026, 7, 1), next_day=True).at_s == 30 * 3600


@pytest.mark.parametrize(
    ("text", "code", "fix"),
    [
        ("09:00Z", "zoned-time", "use 10:00"),
        ("09:00+01:00", "zoned-time", "use 09:00"),
        ("09:00+05:30", "zoned-time", "use 09:00 if it is by the UK clock, 04:30 if the offset"),
        ("09:00 BST", "zoned-time", "use 09:00 if it is by the UK clock"),
        ("2026-07-03 09:00", "other-day", "correct the date, or take the row out"),
        ("1/7 09:00", "no-year", "write 2026-07-01 and the time, or HH:MM"),
        ("1764000000", "epoch", "give the UK clock time as HH:MM"),
        ("46350.5", "excel-time", "format the column as hh:mm"),
    ],
)
def test_what_is_no_plain_time_says_what_was_probably_meant(text, code, fix):
    with pytest.raises(ClockError) as caught:
        read_clock(text, date(2026, 7, 1))
    assert caught.value.code == code
    assert fix in caught.value.fix


@given(st.times())
def test_a_written_time_is_read_back(clock):
    clock = clock.replace(second=0, microsecond=0)
    assert read_time(f"{clock:%H:%M}") == clock


@pytest.mark.parametrize(
    "text",
    [
        *("2026-05-03", "03/05/2026", "3.5.2026", "2026-05-03T10:00", "2026-05-03 10:00"),
        *("3 May 2026", "03-May-2026", "3rd may 2026"),
    ],
)
def test_dates_are_read_day_first(text):
    assert parse_day(text) == date(2026, 5, 3)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("46000", "looks like an Excel serial number"),
        ("2025-26", "is a financial year, which ends on 31 March or on 5 April"),
        ("2025/2026", "is a financial year"),
        ("2025-30", "is not a date"),
        ("29/02/2027", "does not exist"),
        ("2026-13-01", "does not exist"),
        ("3 May", "the year is missing"),
        ("1764000000000", "looks like milliseconds since 1970"),
        ("12/05", "the year is missing"),
        ("3 Floreal 2026", "is not a date"),
        *((text, "has a year of two digits") for text in ("01/04/26", "1-Apr-26", "26-04-01")),
        *((text, "is more than a day") for text in ("2026-W15", "Q1 2026", "Apr-26", "2026")),
    ],
)
def test_other_dates_say_why(text, says):
    with pytest.raises(ClockError, match=says):
        parse_day(text)
