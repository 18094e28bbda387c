from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.mileage import mileage_gbp, rate_on

CAR, BICYCLE, FOOT = TravelMode.CAR, TravelMode.BICYCLE, TravelMode.FOOT


@pytest.mark.parametrize(
    ("day", "mode", "pounds"),
    [
        (date(2011, 4, 5), CAR, None),
        (date(2011, 4, 6), CAR, 45),
        (date(2026, 4, 5), CAR, 45),
        (date(2026, 4, 6), CAR, 55),
        (date(2026, 11, 24), BICYCLE, 20),
        (date(2026, 11, 24), FOOT, 0),
    ],
)
def test_a_hundred_miles_cost_what_the_tax_year_says(day, mode, pounds):
    paid = mileage_gbp(100, day=day, mode=mode)
    assert paid == (None if pounds is None else pytest.approx(pounds))


def test_the_lower_rate_begins_after_ten_thousand_miles():
    day = date(2025, 6, 1)
    assert mileage_gbp(100, day=day, mode=CAR, miles_before=9_950) == pytest.approx(
        50 * 0.45 + 50 * 0.25
    )
    assert mileage_gbp(100, day=day, mode=CAR, miles_before=20_000) == pytest.approx(25)
    assert mileage_gbp(100, day=day, mode=BICYCLE, miles_before=20_000) == pytest.approx(20)


@given(st.floats(0, 20_000), st.floats(0, 20_000))
def test_two_journeys_cost_what_one_of_their_length_does(first, second):
    day = date(2026, 11, 24)
    together = mileage_gbp(first + second, day=day, mode=CAR)
    apart = mileage_gbp(first, day=day, mode=CAR) + mileage_gbp(
        second, day=day, mode=CAR, miles_before=first
    )
    assert together == pytest.approx(apart)


def test_no_miles_below_nought():
    with pytest.raises(ValueError, match="below 0"):
        mileage_gbp(-1, day=date(2026, 11, 24), mode=CAR)


def test_rates_begin_on_the_first_day_of_a_tax_year():
    rate = rate_on(date(2030, 1, 1))
    assert (rate.from_day.month, rate.from_day.day) == (4, 6)
    assert rate_on(date(1999, 1, 1)) is None
