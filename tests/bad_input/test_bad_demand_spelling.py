"""Codes, numbers and names that people and spreadsheets write otherwise than they are meant."""

import pytest
from asking import noted, refused, set_aside
from demand_rows import edit_scenario, write_demand

CODE = {"file": "demand.csv", "column": "lsoa21cd"}
COUNT = {"file": "demand.csv", "column": "count"}


def kept(told):
    return told.json["records_kept"]["demand.csv"]


@pytest.mark.parametrize(
    "code", ["'E01008163", '="E01008163"', "\u201cE01008163\u201d", "\uff25\uff101008163"]
)
def test_a_code_in_quotes_or_wide_letters(borough, ask, code):
    sound = kept(ask(borough, "demand", "--json"))
    write_demand(borough, {3: {"lsoa21cd": code}})
    told = ask(borough, "demand", "--json")
    says = "1 codes of column lsoa21cd are read in capitals, without blanks and quotes"
    noted(told, says, "row 3", file="demand.csv")
    assert kept(told) == sound


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("1.01E+08", "is a code that a spreadsheet turned into a number"),
        ("EO1008163", "has a letter O, I or L where a digit belongs"),
        ("\u041501008163", "another alphabet (cyrillic capital letter ie)"),
        ("E08000022", "is a local authority, not an LSOA"),
        ("Total", "looks like a line of totals, not an area"),
        ("Grand total", "looks like a line of totals, not an area"),
    ],
)
def test_what_stands_where_a_code_belongs(borough, ask, code, says):
    write_demand(borough, {3: {"lsoa21cd": code}})
    set_aside(ask(borough, "demand"), says, **CODE, row=3, value=code)


@pytest.mark.parametrize(
    ("count", "says"),
    [
        *((text, "stands for a number that is withheld") for text in ("<5", "*", "[c]", "..")),
        ("5%", "is a percentage"),
        ("1.234,5", "has a comma before its decimals"),
        ("12,5", "has a comma before its decimals"),
        ("(3)", "write it as -3"),
        ("3-", "write it as -3"),
        ("\u22123", "write it as -3"),
        ("0:30", "is a time, not a number"),
        ("3 visits", "has a unit beside it"),
        ("three", "is not a number"),
    ],
)
def test_what_stands_where_a_number_belongs(borough, ask, count, says):
    write_demand(borough, {2: {"count": count}})
    set_aside(ask(borough, "demand"), says, **COUNT, row=2, value=count)


def test_a_service_in_several_spellings_is_one(borough, ask):
    sound = kept(ask(borough, "demand", "--json"))
    write_demand(borough, {5: {"service": "Housing"}, 9: {"service": " HOUSING"}})
    told = ask(borough, "demand", "--json")
    says = 'is read as one name in any capitals and blanks: "Housing" as "housing"', "row 5"
    noted(told, *says, file="demand.csv")
    assert kept(told) == sound
    assert {row["service"] for row in told.json["inequality"]} == {"housing"}


def test_the_scenario_decides_how_a_service_is_written(borough, ask):
    edit_scenario(borough, 'service = "housing"', 'service = "Housing"')
    told = ask(borough, "demand", "--json")
    noted(told, '"housing" as "Housing"', file="demand.csv")
    assert {row["service"] for row in told.json["inequality"]} == {"Housing"}


def test_the_line_by_which_excel_is_told_the_separator(borough, ask):
    sound = kept(ask(borough, "demand", "--json"))
    path = borough / "demand.csv"
    path.write_text("sep=;\n" + path.read_text().replace(",", ";"))
    told = ask(borough, "demand", "--json")
    noted(told, "the headings are taken from row 2", file="demand.csv")
    assert kept(told) == sound


def test_utf_32(borough, ask):
    path = borough / "demand.csv"
    path.write_bytes(path.read_text().encode("utf-32"))
    refused(ask(borough, "demand"), "is UTF-32", 'save it as "CSV UTF-8"', file="demand.csv")
