from datetime import date

import pytest

from ntgeo.services.day_notes import bank_holiday


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 6), "Easter Monday"),
        (date(2026, 5, 25), "Spring bank holiday"),
        (date(2026, 8, 31), "Summer bank holiday"),
        (date(2026, 12, 26), ""),
        (date(2026, 12, 28), "Boxing Day"),
        (date(2027, 1, 1), "New Year's Day"),
        (date(2026, 11, 24), ""),
    ],
)
def test_bank_holidays_of_england_and_wales(day, name):
    assert bank_holiday(day) == name
