"""Areas, postcodes and coordinates that are wrong, elsewhere, or of another census."""

import pytest
from asking import HIDDEN, noted, refused, set_aside, warned
from demand_rows import HEADINGS, demand_table, edit_scenario, say, write_demand
from tiny_borough import CODES, csv_text, in_degrees, middle_of, records

PLACE = {"file": "demand.csv", "column": "lsoa21cd"}


def kept(told):
    return told.json["records_kept"]["demand.csv"]


@pytest.mark.bad_input("D30")
def test_a_blank_code(borough, ask):
    write_demand(borough, {12: {"lsoa21cd": "", "count": 3}})
    told = ask(borough, "demand")
    set_aside(told, "the LSOA code is missing", **PLACE, row=12, value="")
    assert "1 rows (3 in all) cannot be used and are set aside" in told.words


@pytest.mark.bad_input("D31")
@pytest.mark.parametrize("code", ["e01008163 ", "E 01008163", " e01 008163"])
def test_a_code_in_another_spelling(borough, ask, code):
    sound = kept(ask(borough, "demand", "--json"))
    write_demand(borough, {3: {"lsoa21cd": code}})
    told = ask(borough, "demand", "--json")
    noted(told, "1 codes of column lsoa21cd are read in capitals", "row 3", file="demand.csv")
    assert kept(told) == sound


@pytest.mark.bad_input("D32")
def test_a_code_of_another_length(borough, ask):
    write_demand(borough, {9: {"lsoa21cd": "E0100816"}, 20: {"lsoa21cd": "E010081623"}})
    told = ask(borough, "demand")
    set_aside(told, "has 8 characters, 9 are needed", **PLACE, row=9, value="E0100816")
    set_aside(told, "has 10 characters, 9 are needed", **PLACE, row=20, value="E010081623")


@pytest.mark.bad_input("D36")
def test_a_code_of_another_authority(borough, ask):
    """The row is no fault of the file: it is counted apart from the plan, and told where it is."""
    sound = kept(ask(borough, "demand", "--json"))
    write_demand(borough, {5: {"lsoa21cd": "E01008300", "count": 3}})
    told = ask(borough, "demand", "--json")
    says = "lies in Newcastle upon Tyne (E08000021), outside the plan's areas, and is counted apart"
    set_aside(told, says, **PLACE, row=5, value="E01008300")
    assert kept(told) == sound - 1


@pytest.mark.bad_input("D38")
@pytest.mark.parametrize(
    ("code", "says"),
    [("E00041234", "is an output area"), ("E02001678", "MSOA"), ("E05001085", "is a ward")],
)
def test_codes_of_another_kind_of_area(borough, ask, code, says):
    rows = [(f"{code[:-1]}{i % 10}", *row[1:]) for i, row in enumerate(records())]
    (borough / "demand.csv").write_text(csv_text(HEADINGS, rows))
    told = ask(borough, "demand")
    many = "and so are 240 of 240 rows", "add it up by LSOA with the ONS lookup"
    refused(told, says, *many, **PLACE, row=2, value=f"{code[:-1]}0")
    assert told.err.count("value") == 1


def of_2011():
    """Return the usual rows, by the codes that the areas had in 2011."""
    old = {
        **dict.fromkeys(("E01034001", "E01034002"), "E01008166"),
        "E01034003": "E01008167",
        "E01034004": "E01008169",
    }
    return [(old.get(row[0], row[0]), "housing", f"{row[2]}T{i % 8}", row[3])
            for i, row in enumerate(records())]  # fmt: skip


@pytest.mark.bad_input("D39")
def test_codes_of_2011(borough, ask):
    """Refused until the scenario says which census they are of; then converted, and noted."""
    (borough / "demand.csv").write_text(csv_text(HEADINGS, of_2011()))
    told = ask(borough, "demand")
    says = (
        "its LSOA codes are of 2011 but the areas are of 2021 (3 codes exist only in 2011: ",
        "E01008166, E01008167, E01008169; 1 split, 1 merged, 1 redrawn since)",
        "lsoa_year = 2011",
    )
    refused(told, *says, file="demand.csv", column="lsoa")
    sound = 480
    say(borough, "lsoa_year = 2011")
    told = ask(borough, "demand", "--json")
    assert (told.code, kept(told)) == (0, sound)
    for says in ("1 areas of 2011 were split; shared by the residents", "1 areas of 2011 were mer"):
        assert says in told.words
    edit_scenario(borough, 'lookup = "lookup.csv"\n', "")
    told = ask(borough, "demand")
    refused(told, "no look-up to those of 2021 is named", file="scenario, key areas.lookup")


@pytest.mark.bad_input("D40")
@pytest.mark.parametrize("year", ["", "lsoa_year = 2011"])
def test_codes_of_both_censuses(borough, ask, year):
    write_demand(borough, {8: {"lsoa21cd": "E01008166"}, 16: {"lsoa21cd": "E01008167"}})
    say(borough, year)
    told = ask(borough, "demand")
    says = (
        "mixes censuses: 2 codes exist only in 2011 (E01008166, E01008167)",
        "and 4 only in 2021 (E01034001,",
        "use one census throughout",
    )
    refused(told, *says, file="demand.csv", column="lsoa")


@pytest.mark.bad_input("D41")
def test_a_row_that_stands_twice(borough, ask):
    twice = ("e01008162 ", "housing", "2026-04-01", 7)
    write_demand(borough, add=[twice])
    told = ask(borough, "demand")
    place = {"file": "demand.csv", "column": "lsoa21cd, service, date", "row": 2}
    says = "stands on rows 2, 242", "keep one of them", 'repeats = "add"'
    refused(told, *says, **place, value="E01008162, housing, 2026-04-01")
    say(borough, 'repeats = "drop"')
    refused(ask(borough, "demand"), *says, **place, value="E01008162, housing, 2026-04-01")
    edit_scenario(borough, '"drop"', '"add"')
    told = ask(borough, "demand", "--json")
    assert (told.code, kept(told)) == (0, 480 + 7)
    assert "1 rows repeat another but for their count; both count" in told.words


def test_a_row_that_is_the_same_altogether_may_be_dropped(borough, ask):
    write_demand(borough, add=[demand_table()[3]])
    say(borough, 'repeats = "drop"')
    told = ask(borough, "demand", "--json")
    assert (told.code, kept(told)) == (0, 480)
    assert "1 rows are the same as an earlier one and are left out (rows 242)" in told.words


@pytest.mark.bad_input("D42")
def test_one_code_with_two_names(borough, ask):
    names = {row: {"lsoa21nm": f"Tiny {(row - 2) % 8 + 1:03}A"} for row in range(2, 100)}
    write_demand(borough, {**names, 34: {"lsoa21nm": "Tyne"}}, headings=f"{HEADINGS},lsoa21nm")
    told = ask(borough, "demand")
    warned(told, "gives two names to E01008162 (rows 2, 34)", file="demand.csv")


def by_points(borough, points, headings="lon,lat,service"):
    rows = [(*point, "housing") for point in points]
    (borough / "demand.csv").write_text(csv_text(headings, rows))


@pytest.mark.bad_input("D64")
def test_metres_called_degrees(borough, ask):
    by_points(borough, [middle_of(CODES[i % 8]) for i in range(200)])
    told = ask(borough, "demand")
    says = "looks like metres of the British National Grid, not degrees", "map the columns as east"
    refused(told, *says, file="demand.csv", row=2, column="lon", value=HIDDEN)
    by_points(borough, [in_degrees(*middle_of(CODES[i % 8])) for i in range(200)],
              "easting,northing,service")  # fmt: skip
    told = ask(borough, "demand")
    says = "looks like degrees, not metres of the British National Grid", "map the columns as lon"
    refused(told, *says, file="demand.csv", row=2, column="easting", value=HIDDEN)


@pytest.mark.bad_input("D68")
def test_coordinates_of_one_decimal(borough, ask):
    exact = [in_degrees(*middle_of(CODES[i % 8])) for i in range(200)]
    by_points(borough, [*exact, (-1.5, 55.0), (-1.5, 55.0), (-1.6, 55.1)])
    told = ask(borough, "demand")
    says = "3 points have coordinates of one decimal (about 11 km); where they are put is unreli"
    warned(told, says, file="demand.csv")


@pytest.mark.bad_input("D69", "D70")
def test_postcodes(borough, ask):
    units = [f"NE29 {i % 8 + 1}AA" for i in range(200)]
    units[0], units[3], units[8] = "ne291aa", "NE99 9ZZ", "NE29"
    rows = [(unit, "housing") for unit in units]
    (borough / "demand.csv").write_text(csv_text("postcode,service", rows))
    told = ask(borough, "demand", secrets=("NE99 9ZZ",))
    place = {"file": "demand.csv", "column": "postcode", "value": HIDDEN}
    set_aside(told, "is not in the postcode look-up", **place, row=5)
    set_aside(told, "is not a postcode", "write it as NE29 7PG", **place, row=10)
    says = "1 postcodes of column postcode are read in capitals and with one blank"
    noted(told, says, file="demand.csv")
