from datetime import date

import pytest

from ntgeo.errors import InputError
from ntgeo.sources import read_records


def ages(write, births, *, day="2026-04-01", **more):
    rows = "".join(f"E01008461,{day},{born}\n" for born in births)
    path = write("r.csv", f"lsoa,date,dob\n{rows}")
    return read_records(
        path, service="s", columns={"birth_date": "dob"}, set_aside_limit_share=1.0, **more
    )


def test_ages_are_completed_years_and_births_are_kept_nowhere(write):
    found = ages(write, ["2000-04-01", "2000-04-02", "2026-04-01", "1911-04-01", ""])
    assert found.table["age"].to_pylist() == [26, 25, 0, 115, None]
    assert found.table.column_names == ["lsoa", "service", "count", "age", "date"]


def test_a_birth_on_a_leap_day_counts_from_the_day_after(write):
    assert ages(write, ["2000-02-29"], day="2026-02-28").table["age"].to_pylist() == [25]
    assert ages(write, ["2000-02-29"], day="2026-03-01").table["age"].to_pylist() == [26]


@pytest.mark.parametrize("born", ["2026-04-02", "1900-01-01", "1910-03-31", "0206-01-01", "x"])
def test_a_birth_that_cannot_be_is_set_aside_and_hidden(write, born):
    found = ages(write, [born])
    (fault,) = found.faults
    assert (fault.column, fault.value) == ("dob", "(hidden)")


def test_births_without_a_day_of_use_are_refused(write):
    path = write("r.csv", "lsoa,dob\nE01008461,2000-01-01\n")
    with pytest.raises(InputError, match="no dates of use"):
        read_records(path, service="s", columns={"birth_date": "dob"})


def test_a_month_alone_is_its_first_day(write):
    path = write("r.csv", "lsoa,date\nE01008461,2026-04\nE01008461,3 May 2026\n")
    days = read_records(path, service="s").table["date"].to_pylist()
    assert days == [date(2026, 4, 1), date(2026, 5, 3)]


@pytest.mark.parametrize(
    ("days", "says"),
    [
        (["03/05/2026"], r"could be day first or month first \(rows 2\)"),
        (["03/05/2026", "03/25/2026"], r"look month first \(rows 3\)"),
        (["25/03/2026", "03/25/2026"], r"the day first \(row 2\), others the month \(row 3\)"),
    ],
)
def test_an_order_that_the_file_does_not_show_is_refused(write, days, says):
    path = write("r.csv", "lsoa,date\n" + "".join(f"E01008461,{day}\n" for day in days))
    with pytest.raises(InputError, match=says):
        read_records(path, service="s")
