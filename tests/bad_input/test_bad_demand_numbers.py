"""Counts and days that are none, or not plausible."""

import pytest
from asking import HIDDEN, noted, refused, set_aside, warned
from demand_rows import HEADINGS, demand_table, say, write_demand, write_workbook
from tiny_borough import csv_text, records

COUNT = {"file": "demand.csv", "column": "count"}
DATE = {"file": "demand.csv", "column": "date"}


def kept(told):
    return told.json["records_kept"]["demand.csv"]


@pytest.mark.bad_input("D46")
@pytest.mark.parametrize("value", ["1e400", "inf", "-inf", "Infinity"])
def test_a_count_without_end(borough, ask, value):
    write_demand(borough, {2: {"count": value}})
    told = ask(borough, "demand")
    set_aside(told, "is not a finite number", **COUNT, row=2, value=value)


@pytest.mark.bad_input("D47", "D49")
def test_a_count_beyond_its_limits(borough, ask):
    write_demand(borough, {2: {"count": -2}, 7: {"count": "1e18"}})
    told = ask(borough, "demand")
    set_aside(told, "must be at least 0", **COUNT, row=2, value="-2")
    set_aside(told, "is above the limit 1,000,000", **COUNT, row=7, value="1e18")


@pytest.mark.bad_input("D48")
def test_no_demand_at_all(borough, ask):
    write_demand(borough, {row: {"count": 0} for row in range(2, 242)})
    refused(ask(borough, "demand"), "total demand is 0; nothing to plan", **COUNT)


@pytest.mark.bad_input("D50")
@pytest.mark.parametrize("value", ["1,234", "£1,234", "1 234", "1\xa0234", "£1,234.00"])
def test_a_count_with_separators(borough, ask, value):
    write_demand(borough, {2: {"count": value}})
    told = ask(borough, "demand", "--json")
    says = "column count has thousands separators or pound signs from row 2 on"
    noted(told, says, file="demand.csv")
    assert kept(told) == 480 - 1 + 1234


@pytest.mark.bad_input("D53")
def test_a_count_that_is_not_whole(borough, ask):
    write_demand(borough, {3: {"count": 3.7}})
    told = ask(borough, "demand")
    warned(told, "1 counts are not whole numbers (rows 3)", file="demand.csv")


@pytest.mark.bad_input("D73")
@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?"])
def test_an_error_of_excel(borough, ask, error):
    write_demand(borough, {4: {"count": error}})
    told = ask(borough, "demand")
    set_aside(told, "is an Excel error", "mend the formula", **COUNT, row=4, value=error)


@pytest.mark.bad_input("D74")
def test_a_formula_without_a_saved_value(borough, ask):
    rows = demand_table({4: {"count": "=1+1"}})
    write_workbook(borough, [HEADINGS.split(","), *rows])
    told = ask(borough, "demand")
    says = "is a formula with no saved value", "open it in Excel and save it"
    set_aside(told, *says, file="demand.xlsx", column="count", row=4, value="=1+1")


def with_births(borough, births):
    rows = [
        (*row, births.get(number, "1990-05-01")) for number, row in enumerate(records(), start=2)
    ]
    (borough / "demand.csv").write_text(csv_text(f"{HEADINGS},dob", rows))
    say(borough, 'columns = { birth_date = "dob" }')


@pytest.mark.bad_input("D58")
@pytest.mark.parametrize("born", ["2031-02-03", "01/01/1900", "1899-12-31", "1910-04-01"])
def test_a_birth_that_is_not_plausible(borough, ask, born):
    """Dates of birth are read only where the scenario maps them, and kept nowhere."""
    with_births(borough, {8: born})
    told = ask(borough, "demand", secrets=(born, "1990-05-01"))
    place = {"file": "demand.csv", "column": "dob", "value": HIDDEN}
    set_aside(told, "is not plausible", **place, row=8)


@pytest.mark.bad_input("D58")
def test_an_age_that_is_not_plausible(borough, ask):
    rows = [(*row, 140 if number == 8 else 40) for number, row in enumerate(records(), start=2)]
    (borough / "demand.csv").write_text(csv_text(f"{HEADINGS},age", rows))
    told = ask(borough, "demand")
    set_aside(told, "above the limit 115", file="demand.csv", row=8, column="age", value="140")


@pytest.mark.bad_input("D59")
def test_days_or_months_first(borough, ask):
    slashed = {row: {"date": "05/06/2026"} for row in (3, 9)}
    write_demand(borough, slashed)
    told = ask(borough, "demand")
    says = "dates could be day first or month first (rows 3, 9)", "yyyy-mm-dd", "day_first = true"
    refused(told, *says, **DATE)
    write_demand(borough, {**slashed, 12: {"date": "06/13/2026"}})
    refused(ask(borough, "demand"), "dates look month first (rows 12)", "day_first = false", **DATE)
    write_demand(borough, {**slashed, 12: {"date": "06/13/2026"}, 14: {"date": "13/06/2026"}})
    says = "some dates have the day first (row 14), others the month (row 12)"
    refused(ask(borough, "demand"), says, **DATE)
    write_demand(borough, {**slashed, 14: {"date": "13/06/2026"}})
    told = ask(borough, "demand")
    noted(told, "dates of column date are day first, as row 14 shows", file="demand.csv")
    write_demand(borough, slashed)
    say(borough, "day_first = true")
    assert ask(borough, "demand").code == 0


@pytest.mark.bad_input("D61")
def test_days_that_do_not_exist(borough, ask):
    write_demand(borough, {4: {"date": "2026-13-01"}, 5: {"date": "46000"}})
    told = ask(borough, "demand")
    set_aside(told, "does not exist", **DATE, row=4, value="2026-13-01")
    says = "looks like an Excel serial number", "format the column as yyyy-mm-dd"
    set_aside(told, *says, **DATE, row=5, value="46000")
