from datetime import date

import pytest

from ntgeo.errors import InputError
from ntgeo.sources import read_absences

HEAD = "staff_id,first_day,last_day,reason\n"


def read(write, *rows):
    path = write("absences.csv", HEAD + "".join(f"{row}\n" for row in rows))
    return read_absences(path, day=date(2026, 11, 24)).read


def test_who_is_absent_on_the_day(write):
    rows = ("A,23/11/2026,24/11/2026,ill", "B,2026-11-24,,", "C,2026-11-25,2026-11-30,")
    assert read(write, *rows) == {"a": "absences.csv row 2", "b": "absences.csv row 3"}


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (",2026-11-24,,", "the id is missing"),
        ("A,24 Nov,,", "the year is missing"),
        ("A,2026-11-24,2026-11-20,", "is before the first day, 24/11/2026"),
        ("A,,,", "is not a date"),
    ],
)
def test_faults(write, row, says):
    with pytest.raises(InputError, match=says) as caught:
        read(write, "B,2026-11-24,,", row)
    assert "absences.csv row 3" in str(caught.value)
