"""Codes of boundaries, and tables of another census."""

import json

import pytest
from area_files import SECOND, SECOND_PLACE, changed, frame, use, write_areas
from asking import refused, warned
from spoiling import add_row, set_cells
from tiny_borough import CODES, LOOKUP, features

from ntgeo import sources
from ntgeo.errors import InputError


def edit(path, old, new, count=1):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, count))


@pytest.mark.bad_input("B20")
def test_a_code_that_stands_twice(borough, ask):
    write_areas(borough, changed(4, LSOA21CD=SECOND))
    refused(ask(borough, "demand"), "stands on features 2, 4", **SECOND_PLACE)


@pytest.mark.bad_input("B21")
def test_no_column_of_codes(borough, ask):
    frame(headings=("FID_1", "NAME")).to_file(borough / "lsoa.shp")
    use(borough, "lsoa.shp")
    told = ask(borough, "demand")
    where = {"file": "lsoa.shp", "column": "LSOA21CD"}
    refused(told, "found FID_1, NAME", "name it by areas.code_column", **where)
    edit(borough / "scenario.toml", '"lsoa.shp"', '"lsoa.shp"\ncode_column = "FID_1"')
    assert ask(borough, "demand").code == 0
    edit(borough / "scenario.toml", '"FID_1"', '"CODE"')
    refused(ask(borough, "demand"), "found FID_1, NAME", file="lsoa.shp", column="CODE")


@pytest.mark.bad_input("B21")
@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("", "the LSOA code is missing"),
        ("E0100816", "has 8 characters, 9 are needed"),
        ("E02001740", "is a middle layer area (MSOA), not an LSOA"),
        ("E01099999", "that number was never issued"),
        ("S01006506", "Scottish data zone"),
    ],
)
def test_codes_that_are_none(borough, ask, code, says):
    write_areas(borough, changed(2, LSOA21CD=code))
    refused(ask(borough, "demand"), says, **{**SECOND_PLACE, "value": code})


def write_areas_of_2011(borough):
    """Write the southern row as it was in 2011, and the areas of then that lay to the north."""
    south = [
        {**feature, "properties": {"LSOA11CD": feature["properties"]["LSOA21CD"]}}
        for feature in features()[:4]
    ]
    old = ("E01008166", "E01008167", "E01008168", "E01008169")
    north = [
        {**feature, "properties": {"LSOA11CD": code}}
        for code, feature in zip(old, features()[4:], strict=True)
    ]
    write_areas(borough, [*south, *north])
    for table in ("centroids", "population", "deprivation", "postcodes"):
        path = borough / f"{table}.csv"
        text = path.read_text().replace("LSOA21CD", "LSOA11CD").replace("lsoa21", "lsoa11")
        for new, code in zip(CODES[4:], old, strict=True):
            text = text.replace(new, code)
        path.write_text(text)


@pytest.mark.bad_input("B22")
def test_boundaries_of_2011_with_demand_of_2021(borough, ask):
    write_areas_of_2011(borough)
    told = ask(borough, "demand")
    refused(
        told,
        "its LSOA codes are of 2021 but the areas are of 2011",
        "4 codes exist only in 2021: E01034001, E01034002, E01034003, E01034004",
        file="demand.csv",
        column="lsoa",
    )


@pytest.mark.bad_input("B22")
def test_boundaries_of_2011_with_residents_of_2021(borough, ask):
    write_areas_of_2011(borough)
    path = borough / "population.csv"
    text = path.read_text().replace("LSOA11CD", "LSOA21CD")
    for new, code in zip(
        CODES[4:], ("E01008166", "E01008167", "E01008168", "E01008169"), strict=True
    ):
        text = text.replace(code, new)
    path.write_text(text)
    told = ask(borough, "demand")
    refused(told, "are of 2021 but the areas are of 2011", file="population.csv", column="lsoa")


def deprivation_of_2011(borough, edition):
    codes = sorted({link[0] for link in LOOKUP} - {"E01008300"})
    heading = f"Index of Multiple Deprivation (IMD) {edition}"
    rows = [f"{code},{1 + 3000 * i},{1 + i}" for i, code in enumerate(codes)]
    text = "\n".join(
        [f"LSOA code (2011),{heading},Index of Multiple Deprivation (IMD) Decile", *rows]
    )
    (borough / "deprivation.csv").write_text(f"{text}\n")


@pytest.mark.bad_input("B53")
@pytest.mark.parametrize("has_lookup", [True, False])
def test_the_index_of_2019_on_areas_of_2021(borough, ask, has_lookup):
    deprivation_of_2011(borough, "Rank")
    if not has_lookup:
        edit(borough / "scenario.toml", 'lookup = "lookup.csv"\n', "")
    told = ask(borough, "demand")
    refused(
        told,
        "its LSOA codes are of 2011 but the areas are of 2021",
        "use the index of 2025 (IoD or WIMD)",
        file="deprivation.csv",
        column="lsoa",
    )


def test_a_hole_in_the_borough(borough, ask):
    """Seven of the eight areas of a district are there, so the eighth is missed."""
    document = {"type": "FeatureCollection", "features": features()[:3] + features()[4:]}
    (borough / "areas.geojson").write_text(json.dumps(document))
    told = ask(borough, "demand")
    says = "lacks 1 of the 8 areas of North Tyneside (E08000022): E01008165; nobody there is"
    warned(told, says, file="areas.geojson")


def test_a_part_of_a_borough_is_planned_without_a_word(borough, ask):
    document = {"type": "FeatureCollection", "features": features()[4:]}
    (borough / "areas.geojson").write_text(json.dumps(document))
    assert "lacks" not in ask(borough, "demand").words


def test_a_centroid_outside_its_own_area(borough, ask):
    set_cells(borough / "centroids.csv", "E01008163", easting="439999")
    says = "centroids outside their own area: E01008163 (9.0 km); check them"
    warned(ask(borough, "demand"), says, file="centroids.csv")


def test_a_postcode_in_two_places(borough):
    add_row(borough / "postcodes.csv", "NE29 1AA,430750,570250,E01008163")
    with pytest.raises(InputError) as told:
        sources.read_postcodes(borough / "postcodes.csv")
    says = 'postcodes.csv row 2, column postcode, value "NE29 1AA": stands on rows 2, 18, in'
    assert says in str(told.value)


def test_of_ranks_and_deciles_the_fewest_rows_are_blamed(borough, ask):
    set_cells(borough / "deprivation.csv", "E01008163", IMD_decile="9")
    told = ask(borough, "demand")
    place = {"file": "deprivation.csv", "row": 3, "column": "IMD_decile", "value": "9"}
    refused(told, "rank 4,001 cannot be in this decile: ranks near it are in decile 3", **place)
    assert told.err.count("cannot be in this decile") == 1
