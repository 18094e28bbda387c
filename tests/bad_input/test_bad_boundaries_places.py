"""Boundaries that do not lie where they say."""

import json

import pytest
import shapely
from area_files import changed, frame, use, write_areas, write_geopackage
from asking import refused
from pyproj import CRS
from tiny_borough import features

NAME_SYSTEM = (
    "UPDATE gpkg_geometry_columns SET srs_id = ?",
    "UPDATE gpkg_contents SET srs_id = ?",
)
LOCAL = 'LOCAL_CS["Local grid 7",UNIT["metre",1],AXIS["X",EAST],AXIS["Y",NORTH]]'


def write_shapefile(borough, prj=None):
    """Write the areas as a Shapefile, with these words in its .prj or without one."""
    frame().to_file(borough / "areas.shp")
    if prj is None:
        (borough / "areas.prj").unlink()
    else:
        (borough / "areas.prj").write_text(prj)
    use(borough, "areas.shp")


def moved(change):
    """Return the borough's features with ``change`` done to their points."""
    found = features()
    for feature in found:
        ring = feature["geometry"]["coordinates"][0]
        feature["geometry"]["coordinates"] = [[change(x, y) for x, y in ring]]
    return found


def in_metres():
    return json.loads(frame().to_json(drop_id=True))["features"]


@pytest.mark.bad_input("B12")
def test_a_shapefile_without_prj(borough, ask):
    write_shapefile(borough)
    told = ask(borough, "demand")
    refused(told, "states no coordinate reference system", "add its .prj file", file="areas.shp")


@pytest.mark.bad_input("B12")
@pytest.mark.parametrize("number", [0, -1], ids=["globe", "plane"])
def test_a_geopackage_whose_system_is_undefined(borough, ask, number):
    write_geopackage(borough, *NAME_SYSTEM, values=[number])
    told = ask(borough, "demand")
    refused(told, "states no coordinate reference system", "EPSG:27700", file="areas.gpkg")


@pytest.mark.bad_input("B12")
def test_geojson_in_metres_that_does_not_say_so(borough, ask):
    write_areas(borough, in_metres())
    told = ask(borough, "demand")
    refused(told, "states no coordinate reference system", "EPSG:27700", file="areas.geojson")


@pytest.mark.bad_input("B14")
def test_latitude_before_longitude(borough, ask):
    write_areas(borough, moved(lambda x, y: [y, x]))
    told = ask(borough, "demand")
    refused(told, "near Somalia: longitude and latitude look swapped", file="areas.geojson")


@pytest.mark.bad_input("B14")
def test_northing_before_easting(borough, ask):
    turned = frame()
    turned.geometry = shapely.transform(turned.geometry.to_numpy(), lambda points: points[:, ::-1])
    found = json.loads(turned.to_json(drop_id=True))["features"]
    write_areas(borough, found, crs={"type": "name", "properties": {"name": "EPSG:27700"}})
    told = ask(borough, "demand")
    refused(
        told,
        "easting and northing look swapped",
        file="centroids.csv",
        column="lsoa",
        value="E01008162",
    )


@pytest.mark.bad_input("B16")
def test_a_shapefile_in_a_grid_of_its_own(borough, ask):
    write_shapefile(borough, LOCAL)
    refused(ask(borough, "demand"), 'coordinate reference system "Local grid 7"', file="areas.shp")


@pytest.mark.bad_input("B16")
@pytest.mark.parametrize(
    "name", ["Local grid 7", "EPSG:999999", "GEOGCS[", "/etc/passwd", {"a": 1}]
)
def test_geojson_in_an_unknown_system(borough, ask, name):
    write_areas(borough, features(), crs={"type": "name", "properties": {"name": name}})
    told = ask(borough, "demand")
    refused(told, "coordinate reference system", "EPSG:27700", file="areas.geojson")


@pytest.mark.bad_input("B16")
def test_a_grid_without_a_way_to_that_of_britain(borough, ask):
    own = CRS.from_epsg(27700).to_wkt("WKT1_ESRI").replace("British_National_Grid", "Ours")
    moon = own.replace("D_OSGB_1936", "D_Moon").replace("6377563.396", "1737400.0")
    write_shapefile(borough, moon.replace("299.3249646", "0.0"))
    refused(ask(borough, "demand"), "coordinate reference system", file="areas.shp")


@pytest.mark.bad_input("B50")
@pytest.mark.parametrize(
    "to", [(2.3, 48.8), (-6.2, 53.3), (0.0, 0.0)], ids=["Paris", "Dublin", "sea"]
)
def test_another_country(borough, ask, to):
    write_areas(borough, moved(lambda x, y: [x + to[0] + 1.53, y + to[1] - 55.02]))
    told = ask(borough, "demand")
    if to == (-6.2, 53.3):
        refused(told, "outside the areas", file="centroids.csv", column="lsoa", value="E01008162")
    else:
        refused(told, "lie outside Great Britain", file="areas.geojson")


@pytest.mark.bad_input("B50")
def test_coordinates_that_are_no_numbers(borough, ask):
    found = changed(2)
    found[1]["geometry"]["coordinates"][0][1] = [float("nan"), 55.0]
    write_areas(borough, found)
    told = ask(borough, "demand")
    refused(told, file="areas.geojson")
