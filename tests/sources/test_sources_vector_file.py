import json
import sqlite3

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from ntgeo.errors import CrsError, InputError
from ntgeo.sources.vector_file import read_features

SQUARE = shapely.box(430_000, 570_000, 431_000, 571_000)


def _frame(count=2):
    shapes = [shapely.affinity.translate(SQUARE, 2_000 * i) for i in range(count)]
    codes = [f"E0100846{i}" for i in range(count)]
    return gpd.GeoDataFrame({"LSOA21CD": codes}, geometry=shapes, crs=27700)


def test_geojson_is_read_with_its_stated_or_usual_reference_system(write_geojson):
    point = {"type": "Point", "coordinates": [-1.5, 55.0]}
    features = read_features(write_geojson("a.geojson", [({"name": "A"}, point)]))
    assert features.crs.to_epsg() == 4326
    assert features.properties["name"].tolist() == ["A"]
    stated = write_geojson("b.geojson", [({}, point)], crs="urn:ogc:def:crs:EPSG::27700")
    assert read_features(stated).crs.to_epsg() == 27700


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("<OGRVRTDataSource><OGRVRTLayer/></OGRVRTDataSource>", 'is not GeoJSON (it starts "<")'),
        ('{"type": "Topology", "objects": {}}', "is TopoJSON"),
        ('{"type": "gdal_streamed_alg", "command_line": "gdal vector"}', "FeatureCollection"),
        ('{"type": "FeatureCollection", "features": []}', "has no features"),
        ('{"type": "FeatureCollection", "features": [', "is not GeoJSON"),
        ('{"type": "FeatureCollection", "features": 3}', "FeatureCollection"),
        ("[" * 100_000, "is not GeoJSON"),
        ('{"a":' * 100_000, "is not GeoJSON"),
    ],
)
def test_what_is_not_geojson_is_told(write, content, says):
    with pytest.raises(InputError) as caught:
        read_features(write("upload.geojson", content))
    assert says in str(caught.value)


@pytest.mark.parametrize(
    "feature",
    [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [1]}},
        {"type": "Feature", "properties": {}, "geometry": {"type": "Curve"}},
    ],
)
def test_unreadable_shapes_name_the_feature(write, feature):
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    with pytest.raises(InputError, match="feature 1 has no readable shape"):
        read_features(write("a.geojson", text))


def test_features_that_are_no_objects_are_refused(write):
    text = json.dumps({"type": "FeatureCollection", "features": [3, {"properties": 4}]})
    with pytest.raises(InputError, match="feature 1 is not a GeoJSON feature"):
        read_features(write("a.geojson", text))


def test_unknown_reference_system_is_told(write_geojson):
    point = {"type": "Point", "coordinates": [0, 0]}
    with pytest.raises(CrsError, match='reference system "Local grid 7" is not known'):
        read_features(write_geojson("a.geojson", [({}, point)], crs="Local grid 7"))


def test_geopackage_with_one_layer(tmp_path):
    _frame().to_file(tmp_path / "a.gpkg", layer="lsoa")
    features = read_features(tmp_path / "a.gpkg")
    assert features.properties["LSOA21CD"].tolist() == ["E01008460", "E01008461"]
    assert shapely.area(features.shapes).tolist() == [1e6, 1e6]


def test_geopackage_with_several_layers_needs_a_name(tmp_path):
    path = tmp_path / "a.gpkg"
    _frame().to_file(path, layer="lsoa")
    _frame(1).to_file(path, layer="msoa")
    with pytest.raises(InputError, match="has layers lsoa, msoa"):
        read_features(path)
    assert len(read_features(path, layer="msoa").shapes) == 1
    with pytest.raises(InputError, match='has no layer "ward"'):
        read_features(path, layer="ward")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW spy AS SELECT * FROM lsoa",
        "CREATE TRIGGER spy AFTER INSERT ON lsoa BEGIN SELECT 1; END",
        "CREATE VIRTUAL TABLE spy USING fts5(x)",
    ],
)
def test_geopackage_that_does_things_is_refused(tmp_path, statement):
    path = tmp_path / "a.gpkg"
    _frame().to_file(path, layer="lsoa")
    database = sqlite3.connect(path)
    database.execute(statement)
    database.commit()
    database.close()
    with pytest.raises(InputError, match="views, triggers or virtual tables, not accepted"):
        read_features(path)


def test_broken_geopackages_are_refused(tmp_path, write):
    path = tmp_path / "a.gpkg"
    _frame(50).to_file(path, layer="lsoa")
    cut = write("cut.gpkg", path.read_bytes()[:6000])
    with pytest.raises(InputError, match=r"cut\.gpkg: "):
        read_features(cut)
    with pytest.raises(InputError, match="no SQLite database"):
        read_features(write("text.gpkg", "a,b\n"))
    plain = tmp_path / "plain.gpkg"
    database = sqlite3.connect(plain)
    database.execute("CREATE TABLE t (x)")
    database.commit()
    database.close()
    with pytest.raises(InputError, match="no such table: gpkg_contents"):
        read_features(plain)


def test_shapefile_needs_its_parts(tmp_path):
    path = tmp_path / "lsoa.shp"
    _frame().to_file(path)
    assert read_features(path).properties["LSOA21CD"].tolist() == ["E01008460", "E01008461"]
    (tmp_path / "lsoa.prj").unlink()
    with pytest.raises(CrsError, match=r"states no coordinate reference system\. Fix: add its"):
        read_features(path)
    (tmp_path / "lsoa.dbf").unlink()
    (tmp_path / "lsoa.shx").unlink()
    with pytest.raises(InputError) as caught:
        read_features(path)
    assert [f.what for f in caught.value.faults] == ["lacks lsoa.shx", "lacks lsoa.dbf"]


def test_other_kinds_of_file_are_refused(write):
    with pytest.raises(InputError, match=r'shapes cannot be read from a "\.kml" file'):
        read_features(write("a.kml", "<kml/>"))
    with pytest.raises(InputError, match="is not a Shapefile"):
        read_features(write("a.shp", "<VRT/>"))


def test_attributes_of_geojson_may_differ_between_features(write_geojson):
    point = {"type": "Point", "coordinates": [-1.5, 55.0]}
    features = read_features(write_geojson("a.geojson", [({"a": 1}, point), ({"b": 2}, point)]))
    assert pd.isna(features.properties["b"][0])
