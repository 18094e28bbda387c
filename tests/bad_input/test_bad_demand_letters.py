"""Letters that are not what they seem: encodings, marks that nobody sees, text that would run."""

import pytest
from asking import noted, refused, set_aside, warned
from demand_rows import HEADINGS, write_demand

NAMED = f"{HEADINGS},lsoa21nm"


@pytest.mark.bad_input("D03")
def test_windows_1252(borough, ask):
    write_demand(borough, {2: {"lsoa21nm": "Siân"}}, headings=NAMED, encoding="cp1252")
    told = ask(borough, "demand")
    says = "read as Windows-1252, because byte 0xE2 in row 2", 'check that "Siân"', "CSV UTF-8"
    warned(told, *says, file="demand.csv")


@pytest.mark.bad_input("D05")
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark(borough, ask, encoding):
    write_demand(borough, {2: {"lsoa21nm": "Siân"}}, headings=NAMED, encoding=encoding)
    told = ask(borough, "demand")
    noted(told, *(["read as UTF-16"] if encoding == "utf-16" else []), file="demand.csv")


@pytest.mark.bad_input("D06")
def test_two_encodings_pasted_together(borough, ask):
    write_demand(borough, {2: {"lsoa21nm": "Zoë"}}, headings=NAMED)
    with (borough / "demand.csv").open("ab") as stream:
        stream.write("E01008162,housing,2026-05-30,2,Siân\n".encode("cp1252"))
    told = ask(borough, "demand")
    says = "bytes E2 6E are not UTF-8, though the rest of the file is", "export the whole file"
    refused(told, *says, file="demand.csv", row=242, column="lsoa21nm")


@pytest.mark.bad_input("D07")
def test_a_hidden_character_inside_a_code(borough, ask):
    write_demand(borough, {3: {"lsoa21cd": "E01\x0008162"}, 9: {"lsoa21cd": "E010081\u200b62"}})
    told = ask(borough, "demand")
    says = "holds a hidden character", "type the code afresh"
    shown = "E01\\x0008162", "E010081\\u200b62"
    for row, value in zip((3, 9), shown, strict=True):
        set_aside(told, *says, file="demand.csv", row=row, column="lsoa21cd", value=value)


@pytest.mark.bad_input("D34")
@pytest.mark.parametrize("blank", ["\xa0", "\u200b", "\ufeff", "\u2009"])
def test_blanks_that_do_not_show(borough, ask, blank):
    write_demand(borough, {5: {"lsoa21cd": f"E01008165{blank}"}, 7: {"count": f"{blank}4"}})
    told = ask(borough, "demand")
    says = "blanks that do not show", "are taken off 2 cells, first in row 5, column lsoa21cd"
    noted(told, *says, file="demand.csv")


@pytest.mark.bad_input("D45")
def test_words_that_some_programs_take_for_nothing(borough, ask):
    """A name "NA" is kept as text; only as a code is such a word set aside, and as it stands."""
    changes = {2: {"lsoa21nm": "NA"}, 10: {"lsoa21nm": "None"}, 3: {"lsoa21cd": "None"}}
    write_demand(borough, changes, headings=NAMED)
    told = ask(borough, "demand")
    place = {"file": "demand.csv", "row": 3, "column": "lsoa21cd"}
    set_aside(told, "has 4 characters, 9 are needed", **place, value="None")
    warned(told, "gives two names to E01008162 (rows 2, 10)", file="demand.csv")


@pytest.mark.bad_input("D71")
def test_text_that_a_spreadsheet_would_run(borough, ask):
    runs = {2: "=HYPERLINK(1)", 3: "+cmd|x", 4: "@SUM(A1)", 5: "-1+cmd|x", 6: "-5"}
    write_demand(borough, {r: {"lsoa21nm": text} for r, text in runs.items()}, headings=NAMED)
    told = ask(borough, "demand")
    says = "starts like a formula (rows 2, 3, 4, 5); it is kept as text", "Excel cannot run it"
    warned(told, *says, file="demand.csv")


@pytest.mark.bad_input("D72")
@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "${alert(1)}", "`x`", "{{ x }}"])
def test_text_that_a_browser_would_run(borough, ask, text):
    write_demand(borough, {7: {"service": text}})
    told = ask(borough, "demand")
    says = "looks like a script (rows 7); it is kept as text", "letter by letter on maps"
    warned(told, *says, file="demand.csv")
