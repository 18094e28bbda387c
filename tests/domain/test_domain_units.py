from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntgeo.domain.units import clock_text, day_length_s, duration_text, moment, seconds_of_day

SPRING = date(2026, 3, 29)
AUTUMN = date(2026, 10, 25)
TUESDAY = date(2026, 11, 24)


def test_days_at_clock_changes_are_an_hour_short_or_long():
    assert day_length_s(TUESDAY) == 86_400
    assert day_length_s(SPRING) == 82_800
    assert day_length_s(AUTUMN) == 90_000


def test_elapsed_seconds_do_not_jump():
    assert seconds_of_day(TUESDAY, time(9)) == 9 * 3600
    assert seconds_of_day(SPRING, time(9)) == 8 * 3600
    assert seconds_of_day(AUTUMN, time(9)) == 10 * 3600
    assert seconds_of_day(AUTUMN, time(1, 30)) == 5_400
    assert clock_text(AUTUMN, 5_400) == clock_text(AUTUMN, 9_000) == "01:30"


def test_the_hour_that_is_lost_in_march_does_not_exist():
    with pytest.raises(ValueError, match=r"01:30 does not exist on 29/03/2026"):
        seconds_of_day(SPRING, time(1, 30))


def test_the_next_day_is_said():
    assert seconds_of_day(TUESDAY, time(6), next_day=True) == 30 * 3600
    assert clock_text(TUESDAY, 30 * 3600) == "06:00 (+1)"


@given(
    st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    st.times().map(lambda clock: clock.replace(microsecond=0)),
)
def test_clock_and_elapsed_agree(day, clock):
    try:
        elapsed = seconds_of_day(day, clock)
    except ValueError:
        assert day_length_s(day) == 82_800
        return
    assert moment(day, elapsed).time() == clock
    assert moment(day, elapsed).date() == day


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (45, "45 s"), (60, "1 min"), (3599, "1 h 00 min"), (11_100, "3 h 05 min")],
)
def test_durations_read_well(seconds, text):
    assert duration_text(seconds) == text
