"""Rows, columns and sheets that are not where they should be."""

import pytest
from asking import noted, refused, warned
from demand_rows import demand_table, edit_scenario, say, write_demand, write_workbook
from tiny_borough import csv_text, records

TABLE = [["lsoa21cd", "service", "date", "count"], *records()]


def with_mark(mark: str) -> str:
    return csv_text("lsoa21cd,service,date,count", records()).replace(",", mark)


@pytest.mark.bad_input("D15")
def test_semicolons(borough, ask):
    """Read with a note where every row agrees on them, as the table allows; refused where not."""
    (borough / "demand.csv").write_text(with_mark(";"))
    warned(ask(borough, "demand"), "columns are separated by semicolons", file="demand.csv")
    text = with_mark(";").replace("E01008165;housing;2026-04-01;1", "E01008165;housing;2026-04-01")
    (borough / "demand.csv").write_text(text)
    told = ask(borough, "demand")
    says = "has 3 fields where the headings have 4", "export the file again"
    refused(told, *says, file="demand.csv", row=5)


@pytest.mark.bad_input("D16")
def test_tabs(borough, ask):
    (borough / "demand.csv").write_text(with_mark("\t"))
    noted(ask(borough, "demand"), "columns are separated by tabs", file="demand.csv")


@pytest.mark.bad_input("D18")
def test_a_field_more_than_there_are_headings(borough, ask):
    rows = [(code, count, "x") for code, _, _, count in records()]
    (borough / "demand.csv").write_text(csv_text("lsoa,count", rows))
    told = ask(borough, "demand")
    says = "all rows have 3 fields but there are 2 headings; columns would shift", "add the missing"
    refused(told, *says, file="demand.csv")


@pytest.mark.bad_input("D19")
def test_a_quote_that_is_never_closed(borough, ask):
    text = csv_text("lsoa21cd,service,date,count", records()).replace("housing", '"housing', 1)
    (borough / "demand.csv").write_text(text)
    told = ask(borough, "demand")
    refused(told, "a quote opened on line 2 is never closed", "close", file="demand.csv", row=2)


@pytest.mark.bad_input("D20")
def test_a_line_break_inside_quotes(borough, ask):
    write_demand(borough, {3: {"service": "housing\nadvice"}, 5: {"count": "x"}})
    told = ask(borough, "demand")
    noted(told, "a cell of row 3 holds a line break", "line numbers are greater", file="demand.csv")
    assert 'demand.csv row 5, column count, value "x"' in told.words


@pytest.mark.bad_input("D21")
@pytest.mark.parametrize("second", ["count", " Count "])
def test_a_heading_that_stands_twice(borough, ask, second):
    write_demand(borough, headings=f"lsoa21cd,service,date,count,{second}")
    told = ask(borough, "demand")
    says = "this heading appears in columns D, E", "rename or delete one"
    refused(told, *says, file="demand.csv", row=1, column="count")


@pytest.mark.bad_input("D22")
def test_headings_in_another_spelling(borough, ask):
    (borough / "demand.csv").write_text(csv_text("\xa0LSOA21CD ,Service,DATE, Count", records()))
    told = ask(borough, "demand")
    says = "headings are read as follows", '"Service" as service', "as lsoa"
    noted(told, *says, file="demand.csv")


@pytest.mark.bad_input("D23")
def test_merged_headings(borough, ask):
    """Refused only where they could mean several things; else read, and noted."""
    book = write_workbook(borough, [["lsoa21cd", "Need", None, None], *records()])
    book.active.merge_cells("B1:D1")
    book.save(borough / "demand.xlsx")
    told = ask(borough, "demand")
    says = "Need B1:D1 is merged; headings must be one row", "unmerge the cells"
    refused(told, *says, file="demand.xlsx")
    groups = [["lsoa21cd", "Need", None, None], [None, "service", "date", "count"], *records()]
    book = write_workbook(borough, [["Need in 2026"], *groups])
    for block in ("A1:D1", "A2:A3", "B2:D2"):
        book.active.merge_cells(block)
    book.save(borough / "demand.xlsx")
    told = ask(borough, "demand")
    noted(
        told,
        'row 1 holds a title ("Need in 2026"); the headings are taken from row 2',
        "Need A2:A3, B2:D2 is merged; the headings are taken from row 3",
        file="demand.xlsx",
    )


def test_a_title_above_the_headings(borough, ask):
    text = csv_text("lsoa21cd,service,date,count", records())
    (borough / "demand.csv").write_text(f"Housing need, 2026,,\nas of May,,,\n,,,\n{text}")
    told = ask(borough, "demand")
    says = 'rows 1 to 3 hold a title ("Housing need")', "taken from row 4"
    noted(told, *says, file="demand.csv")


@pytest.mark.bad_input("D25")
def test_several_sheets(borough, ask):
    more = {"Notes": [["Source: us"]], "Empty": []}
    write_workbook(borough, TABLE, **{"2024": [["lsoa", "count"], ["E01008162", 3]]}, **more)
    told = ask(borough, "demand")
    says = "has sheets Need, 2024, Notes", 'sheet = "Need"'
    refused(told, *says, file="demand.xlsx")
    say(borough, 'sheet = "2023"')
    told = ask(borough, "demand")
    refused(told, 'has no sheet "2023"; it has Need, 2024, Notes', file="demand.xlsx")
    edit_scenario(borough, 'sheet = "2023"', 'sheet = "Need"')
    assert ask(borough, "demand").code == 0


@pytest.mark.bad_input("D28")
def test_a_column_that_is_not_there(borough, ask):
    rows = [(code, count) for code, _, _, count in records()]
    (borough / "demand.csv").write_text(csv_text("lsoa_cod,n", rows))
    told = ask(borough, "demand")
    says = "found lsoa_cod, n", 'did you mean "lsoa_cod"', "map "
    refused(told, *says, file="demand.csv", row=1)
    say(borough, 'columns = { lsoa = "lsoa_cods" }')
    told = ask(borough, "demand")
    says = "there is no such column; found lsoa_cod, n", 'did you mean "lsoa_cod"'
    refused(told, *says, file="demand.csv", row=1, column="lsoa_cods")
    edit_scenario(borough, "lsoa_cods", "lsoa_cod")
    told = ask(borough, "demand")
    says = "looks like a count, but is not said to be one", 'columns = { count = "n" }'
    refused(told, *says, file="demand.csv", column="n")


@pytest.mark.bad_input("D29")
def test_personal_columns(borough, ask):
    secrets = "943 476 5919", "Siân Pryce", "1950-03-02"
    rows = [[*row, *secrets] for row in demand_table()]
    headings = "lsoa21cd,service,date,count,NHS_number,name,dob"
    (borough / "demand.csv").write_text(csv_text(headings, rows))
    told = ask(borough, "demand", secrets=secrets)
    for column in ("NHS_number", "name", "dob"):
        says = "is personal data that is not needed here", "remove the column"
        refused(told, *says, file="demand.csv", row=1, column=column)
    assert "nothing of the file was kept" in told.err
