import pytest

from ntgeo.sources.headings import (
    column_letter,
    heading_key,
    match_headings,
    missing_column,
    misspelt_notes,
    repeated_headings,
    unread_note,
)


def test_headings_match_whatever_their_case_blanks_and_underscores():
    assert heading_key("\ufeff Site\u00a0ID ") == heading_key("site_id")
    assert match_headings(["Site ID", "NAME"], ["site_id", "name"]) == {"site_id": 0, "name": 1}


@pytest.mark.parametrize(
    "heading",
    ["LSOA11CD", "lsoa21_code", "LSOA code (2021)", "lsoacd", "LSOA21C", "LSOA 2021 Code", "lsoa"],
)
def test_usual_names_of_the_area_code_are_known(heading):
    assert match_headings(["x", heading], ["lsoa"]) == {"lsoa": 1}


@pytest.mark.parametrize("heading", ["LSOA11NM", "lsoa21_name", "msoa11cd", "lsoa11_count"])
def test_other_columns_are_not_area_codes(heading):
    assert match_headings([heading], ["lsoa"]) == {}


def test_a_mapped_column_is_looked_for_under_its_heading_only():
    headings = ["lsoa", "home"]
    assert match_headings(headings, ["lsoa"], {"lsoa": "Home"}) == {"lsoa": 1}
    assert match_headings(headings, ["lsoa"], {"lsoa": "work"}) == {}


def test_missing_column_offers_the_nearest_heading():
    fault = missing_column("demand.csv", "lsoa21cd", ["lsoa_code", "n"], name="lsoa")
    assert str(fault) == (
        "demand.csv row 1, column lsoa21cd: there is no such column; found lsoa_code, n; did you "
        'mean "lsoa_code". Fix: add it, or map the column "lsoa" to its heading in the scenario.'
    )


def test_repeated_heading_tells_the_columns():
    (fault,) = repeated_headings("a.csv", ["id", "w", "W "])
    assert "appears in columns B, C" in str(fault)
    assert repeated_headings("a.csv", ["id", "", ""]) == []


def test_column_letters_go_on_after_z():
    assert [column_letter(i) for i in (0, 25, 26, 51, 52, 16_383)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "XFD",
    ]


def test_columns_that_are_not_read_are_told_by_letter():
    headings = ["visit_id", "Windw Start", "Ermintrude"]
    read = {"visit_id": "visit_id"}
    note = unread_note("v.csv", headings, read)
    assert note == "v.csv: not read, and shown nowhere: columns B, C."
    assert unread_note("v.csv", ["Visit ID", ""], read) is None


def test_a_column_that_is_nearly_known_is_told():
    headings = ["visit_id", "Windw Start", "Ermintrude"]
    known = ("visit_id", "window_start", "window_end")
    assert misspelt_notes("v.csv", headings, {"visit_id": 0}, known) == (
        "v.csv: column B looks like window_start, and is not read; correct its heading if it is.",
    )
    read = {"visit_id": 0, "window_start": 1}
    assert misspelt_notes("v.csv", headings, read, known) == ()
