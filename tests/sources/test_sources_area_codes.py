import pandas as pd
import pytest

from ntgeo.sources import (
    find_missing_area_faults,
    find_vintage,
    find_vintage_faults,
    read_lsoa_lookup,
    read_table,
)
from ntgeo.sources.area_codes import clean_codes, explain_code, parse_lsoa_codes


def test_codes_are_cleaned():
    assert clean_codes(["e01008162 ", "E01 008 162", "w01001958\u00a0"]).tolist() == [
        "E01008162",
        "E01008162",
        "W01001958",
    ]


@pytest.mark.parametrize("code", ["E01008162", "E01035762", "W01002040", "X01000001"])
def test_issued_codes_are_codes(code):
    assert explain_code(code) is None


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("", "the LSOA code is missing"),
        ("E0100816", "has 8 characters, 9 are needed"),
        ("E0100816200", "has 11 characters, 9 are needed"),
        ("E01999999", "is not an LSOA: that number was never issued"),
        ("E01000000", "is not an LSOA: that number was never issued"),
        ("W01002041", "is not an LSOA: that number was never issued"),
        ("E00139875", "is an output area, not an LSOA"),
        ("E02000001", "is a middle layer area (MSOA), not an LSOA"),
        ("S01006514", "is a Scottish data zone; England and Wales only"),
        ("E05013050", "is a ward, not an LSOA"),
        ("E01\x0008162", "holds a hidden character"),
        ("TOTAL-ALL", "looks like a line of totals, not an area"),
    ],
)
def test_other_texts_say_what_they_are(code, says):
    assert explain_code(code)[0] == says


def test_faults_name_row_column_and_value(write):
    table = read_table(
        write("a.csv", "LSOA11CD,n\nE01008162,1\nE0100816,2\nE01008162,3\n"), required=("lsoa",)
    )
    _, faults = parse_lsoa_codes(table, is_unique=True)
    assert str(faults[0]).startswith(
        'a.csv row 3, column LSOA11CD, value "E0100816": has 8 characters, 9 are needed.'
    )
    assert 'value "E01008162": stands on rows 2, 4' in str(faults[1])


def test_vintage_is_told_by_codes_then_by_heading():
    assert find_vintage(["E01008162", "E01033769"], "LSOA11CD") == "2021"
    assert find_vintage(["E01008162", "W01001959"]) == "2021"
    assert find_vintage(["E01033768"]) == "2011"
    assert find_vintage(["E01008162"], "lsoa21_code") == "2021"
    assert find_vintage(["E01008162"], "LSOA code (2021)") == "2021"
    assert find_vintage(["E01008162"], "LSOA11CD") == "2011"
    assert find_vintage(["X01000001"]) == "sample"


LOOKUP = pd.DataFrame(
    {
        "lsoa11": ["E01000001", "E01000002", "E01000002"],
        "change": ["U", "S", "S"],
        "lsoa21": ["E01000001", "E01034001", "E01034002"],
    }
)
AREAS_11 = ["E01000001", "E01000002"]
AREAS_21 = ["E01000001", "E01034001", "E01034002"]


@pytest.mark.parametrize("lookup", [None, LOOKUP])
def test_same_census_is_no_fault(lookup):
    assert find_vintage_faults(AREAS_11, AREAS_11, lookup) == ()
    assert find_vintage_faults(AREAS_21, AREAS_21, lookup) == ()
    assert find_vintage_faults(["X01000001"], ["X01000001", "X01000002"], lookup) == ()


@pytest.mark.parametrize("lookup", [None, LOOKUP])
def test_other_census_is_told(lookup):
    (fault,) = find_vintage_faults(AREAS_11, AREAS_21, lookup, file="imd2019.csv")
    assert "imd2019.csv, column lsoa: its LSOA codes are of 2011 but the areas are of 2021" in str(
        fault
    )
    assert "convert it by the ONS 2011 to 2021 lookup" in fault.fix
    (fault,) = find_vintage_faults(AREAS_21, AREAS_11, lookup)
    assert "of 2021 but the areas are of 2011" in str(fault)


def test_mixed_census_is_told_where_the_lookup_shows_it():
    (fault,) = find_vintage_faults([*AREAS_11, "E01034001"], AREAS_21, LOOKUP)
    assert "mixes censuses: 1 codes exist only in 2011 (E01000002)" in fault.what


def test_a_few_records_of_old_areas_are_not_taken_for_the_other_census():
    areas = [f"E010000{i:02d}" for i in range(10, 30)] + ["E01034001"]
    assert find_vintage_faults(areas[:3], areas) == ()


def test_areas_without_a_row_are_told():
    (fault,) = find_missing_area_faults(AREAS_11, AREAS_21, file="people.csv")
    assert "has no row for 2 of the areas (E01034001, E01034002)" in str(fault)
    assert find_missing_area_faults(AREAS_21, AREAS_11[:1]) == ()


@pytest.mark.shared_data
@pytest.mark.parametrize("place", ["cambridge", "north_tyneside", "newport_wales"])
def test_open_data_of_the_two_censuses(shared_data, place):
    lookup = read_lsoa_lookup(shared_data / place / "lookup_lsoa11_lsoa21.csv").read
    old, new = sorted(set(lookup["lsoa11"])), sorted(set(lookup["lsoa21"]))
    for known in (None, lookup):
        assert find_vintage_faults(old, old, known, vintage="2011") == ()
        assert find_vintage_faults(new, new, known, vintage="2021") == ()
        assert find_vintage_faults(old, new, known, vintage="2021")
        assert find_vintage_faults(new, old, known, vintage="2011")
