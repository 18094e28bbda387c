import numpy as np
import pandas as pd
import pytest

from ntgeo.sources import read_table
from ntgeo.sources.locate import LOCATION_COLUMNS, Gazetteer, locate_rows, to_national_grid

POSTCODES = pd.DataFrame(
    {
        "postcode": ["NE29 7PG"],
        "easting_m": [433909.0],
        "northing_m": [569012.0],
        "lsoa": ["E01008486"],
    }
)
CENTROIDS = pd.DataFrame({"lsoa": ["E01008461"], "easting_m": [431292.0], "northing_m": [568530.0]})


def _located(write, text, gazetteer=None, **options):
    table = read_table(write("places.csv", text), optional=LOCATION_COLUMNS)
    return locate_rows(table, gazetteer or Gazetteer(), **options)


def test_degrees_agree_with_the_grid_reference_of_the_same_place():
    # North Tyneside, Battle Hill Library: both pairs are published in the open data.
    easting, northing = to_national_grid(np.array([-1.532999]), np.array([55.002964]))
    assert abs(easting[0] - 429970) < 5
    assert abs(northing[0] - 567699) < 5


def test_each_way_of_placing_a_row(write):
    gazetteer = Gazetteer(postcodes=POSTCODES, centroids=CENTROIDS)
    text = (
        "Easting,Northing,Longitude,Latitude,Postcode,LSOA21CD\n"
        "430000,570000,,,,\n"
        ",,-1.532999,55.002964,,\n"
        ",,,,ne297pg,\n"
        ",,,,,e01008461\n"
    )
    points = _located(write, text, gazetteer)
    assert points.faults == ()
    assert points.easting_m.round(-1).tolist() == [430000, 429970, 433910, 431290]


def test_a_mapped_way_comes_first(write):
    text = "easting,northing,postcode\n430000,570000,NE29 7PG\n"
    gazetteer = Gazetteer(postcodes=POSTCODES)
    assert _located(write, text, gazetteer).easting_m.tolist() == [430000]
    mapped = _located(write, text, gazetteer, mapped={"postcode": "postcode"})
    assert mapped.easting_m.tolist() == [433909]


@pytest.mark.parametrize(
    ("heads", "cells", "says"),
    [
        ("lon,lat", "55.0,-1.5", "lon and lat look swapped"),
        ("lon,lat", "430000,570000", "looks like metres of the British National Grid"),
        ("lon,lat", "2.35,48.85", "lies outside Great Britain"),
        ("lon,lat", "0,0", "0, 0 stands for no place"),
        ("easting,northing", "-1.5,55.0", "looks like degrees"),
        ("easting,northing", "900000,570000", "lies outside the British National Grid"),
        ("easting,northing", "abc,570000", "is not a number"),
        ("easting,northing", "430000,", "is missing"),
        ("easting,northing", ",", "no location is given"),
        ("postcode", "NE99 9ZZ", "is not in the postcode look-up"),
        ("lsoa", "E01008462", "is not among the areas"),
        ("lsoa", "E01999999", "that number was never issued"),
    ],
)
def test_places_that_cannot_be_say_why(write, heads, cells, says):
    gazetteer = Gazetteer(postcodes=POSTCODES, centroids=CENTROIDS)
    points = _located(write, f"{heads},x\n{cells},x\n", gazetteer)
    (fault,) = points.faults
    assert says in str(fault)
    assert "places.csv row 2" in str(fault)
    assert np.isnan(points.easting_m[0])


def test_personal_places_are_hidden(write):
    points = _located(write, "lon,lat\n55.0123,-1.5\n", is_hidden=True)
    assert "55.0123" not in str(points.faults[0])
    assert "value (hidden)" in str(points.faults[0])


def test_missing_lookups_are_told_once(write):
    points = _located(write, "postcode\nNE29 7PG\nNE29 7PH\n")
    (fault,) = points.faults
    assert "no postcode look-up is given" in fault.what
    points = _located(write, "lsoa\nE01008461\n")
    assert "no centroids are given" in points.faults[0].what


def test_no_location_column_at_all(write):
    table = read_table(write("a.csv", "id\n1\n2\n"), required=("id",), optional=LOCATION_COLUMNS)
    (fault,) = locate_rows(table, Gazetteer()).faults
    assert fault.what == "no column says where the rows are"


def test_coarse_coordinates_are_noted(write):
    points = _located(write, "lon,lat\n-1.5,55.0\n-1.532999,55.002964\n")
    assert "1 points have coordinates of one decimal" in points.notes[0]
