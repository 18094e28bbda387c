"""Deprivation and residents: what an area lacks is no data, and never 0."""

import csv

import pytest
from asking import refused, set_aside, warned
from tiny_borough import CODES, csv_text

FIFTH = CODES[4]


def rewrite(borough, file, change):
    """Write a table again, its rows changed by ``change(headings, rows)``."""
    path = borough / file
    with path.open(newline="") as stream:
        headings, *rows = csv.reader(stream)
    change(headings, rows)
    path.write_text(csv_text(",".join(headings), rows))


def with_cell(borough, file, row, column, value):
    def change(headings, rows):
        rows[row - 2][headings.index(column)] = value

    rewrite(borough, file, change)


def by_decile(told):
    """Return decile → areas; ``None`` is those without."""
    return {row["imd_decile"]: row["areas"] for row in told.json["use_by_decile"]}


def told_of_demand(borough, ask):
    """Return what is said as JSON, and what is counted by decile."""
    told = ask(borough, "demand", "--json")
    return told, by_decile(told)


@pytest.mark.bad_input("B54")
def test_an_area_without_decile_and_rank(borough, ask):
    with_cell(borough, "deprivation.csv", 6, "IMD_rank", "")
    with_cell(borough, "deprivation.csv", 6, "IMD_decile", "")
    told, counted = told_of_demand(borough, ask)
    cell = {"file": "deprivation.csv", "row": 6, "column": "IMD_decile", "value": ""}
    set_aside(told, 'shown as "no data", not as decile 0', **cell)
    assert 0 not in counted
    assert counted[None] == 1


@pytest.mark.bad_input("B54")
def test_an_area_that_the_index_does_not_have(borough, ask):
    rewrite(borough, "deprivation.csv", lambda _, rows: rows.pop(4))
    told, counted = told_of_demand(borough, ask)
    place = f'deprivation.csv, column lsoa, value "{FIFTH}": this area has no row'
    assert f'{place}; shown as "no data", not as decile 0. Fix: ' in told.words
    assert counted[None] == 1
    with_cell(borough, "deprivation.csv", 2, "IMD_decile", "n/a")
    cell = {"file": "deprivation.csv", "row": 2, "column": "IMD_decile", "value": "n/a"}
    set_aside(ask(borough, "demand"), "is not a number", **cell)


@pytest.mark.bad_input("B56")
@pytest.mark.parametrize("value", ["0", "11", "low"])
def test_a_decile_that_is_none(borough, ask, value):
    with_cell(borough, "deprivation.csv", 6, "IMD_decile", value)
    told = ask(borough, "demand")
    cell = {"file": "deprivation.csv", "row": 6, "column": "IMD_decile", "value": value}
    set_aside(told, 'shown as "no data", not as decile 0', **cell)


def test_deciles_from_0_to_9_are_no_deciles(borough, ask):
    """As a whole they are a fault of the file: each area would be told one decile too poor."""

    def change(headings, rows):
        for i, row in enumerate(rows):
            row[headings.index("IMD_decile")] = i // 2

    rewrite(borough, "deprivation.csv", change)
    where = {"file": "deprivation.csv", "row": 3, "column": "IMD_decile", "value": "0"}
    refused(ask(borough, "demand"), "must be at least 1", **where)


@pytest.mark.bad_input("B57")
def test_deciles_the_other_way_round_than_ranks(borough, ask):
    def change(headings, rows):
        for i, row in enumerate(rows):
            row[headings.index("IMD_decile")] = 10 - i

    rewrite(borough, "deprivation.csv", change)
    where = {"file": "deprivation.csv", "row": 2, "column": "IMD_decile", "value": "10"}
    told = ask(borough, "demand")
    refused(told, "decile 10 has rank 1", "1 must be the most deprived", **where)


@pytest.mark.bad_input("B57")
def test_one_decile_that_its_rank_denies(borough, ask):
    with_cell(borough, "deprivation.csv", 7, "IMD_decile", "3")
    where = {"file": "deprivation.csv", "row": 7, "column": "IMD_decile", "value": "3"}
    refused(ask(borough, "demand"), "rank 20,001 cannot be in this decile", **where)


@pytest.mark.bad_input("B58")
@pytest.mark.parametrize(("value", "says"), [("0", "no population"), ("", "an unknown population")])
def test_an_area_without_residents_has_no_rates(borough, ask, value, says):
    headings = "LSOA21CD,LSOA21NM,Total"
    rows = [(code, code, value if code == FIFTH else 141) for code in CODES]
    (borough / "population.csv").write_text(csv_text(headings, rows))
    told = ask(borough, "demand")
    cell = {"file": "population.csv", "row": 6, "column": "Total", "value": value}
    set_aside(told, f"{FIFTH} has {says}; its rates are not shown", **cell)
    rows = ask(borough, "demand", "--json").json["use_by_area"]
    rate = {row["lsoa"]: row["rate_per_1000"] for row in rows}
    assert rate[FIFTH] is None
    assert all(rate[code] is not None for code in CODES if code != FIFTH)


@pytest.mark.bad_input("B59")
def test_residents_of_long_ago(borough, ask):
    (borough / "population.csv").rename(borough / "population_mid2019.csv")
    path = borough / "scenario.toml"
    path.write_text(path.read_text().replace("population.csv", "population_mid2019.csv"))
    told = ask(borough, "demand")
    warned(told, "population of 2019 with demand of 2026", file="population_mid2019.csv")


def test_residents_of_three_years_ago_are_not_long_ago(borough, ask):
    path = borough / "population.csv"
    path.write_text(path.read_text().replace("Total", "Mid-2023 population", 1))
    assert "population of 2023" not in ask(borough, "demand").words
