"""Files that are no boundaries, or would have ntgeo do something else than read them."""

import json
import os
import zipfile

import pytest
from area_files import frame, use, write_areas, write_geopackage
from asking import noted, refused
from tiny_borough import features

VRT = '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource>'
BOMB = '<!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]><gml:x>&b;</gml:x>'
OUTSIDE = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><gml:x>&a;</gml:x>'
COMMAND = '{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read /etc/passwd"}'


def spoil(borough, content):
    (borough / "areas.geojson").write_bytes(content.encode())


@pytest.mark.bad_input("B31")
@pytest.mark.usefixtures("quickly")
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (VRT, 'is not GeoJSON (it starts "<")'),
        ("\ufeff \n" + VRT, 'is not GeoJSON (it starts "<")'),
        (BOMB, 'is not GeoJSON (it starts "<")'),
        (OUTSIDE, 'is not GeoJSON (it starts "<")'),
        (COMMAND, "is not a GeoJSON FeatureCollection"),
        ("[" * 200_000, "is not GeoJSON"),
        ('{"a":' * 200_000, "is not GeoJSON"),
        ('{"type": "FeatureCollection", "features": [{"type": "Feat', "is not GeoJSON"),
        ("/etc/passwd", 'is not GeoJSON (it starts "/")'),
        ("\x00\x00", "is not GeoJSON"),
    ],
    ids=[
        "vrt",
        "vrt after a mark",
        "bomb",
        "outside",
        "command",
        "deep",
        "deeper",
        "cut",
        "path",
        "0",
    ],
)
def test_what_only_claims_to_be_geojson_is_never_given_to_gdal(
    borough, ask, monkeypatch, content, says
):
    monkeypatch.setattr("pyogrio.raw.read", None)
    spoil(borough, content)
    told = ask(borough, "demand")
    refused(told, says, file="areas.geojson")
    assert "root:" not in told.words


@pytest.mark.bad_input("B31")
@pytest.mark.parametrize("ending", [".gpkg", ".shp", ".vrt", ".gml", ".kml", ".xml", ".csv", ""])
def test_nor_is_anything_else_that_is_not_what_its_name_says(borough, ask, monkeypatch, ending):
    monkeypatch.setattr("pyogrio.raw.read", None)
    (borough / f"upload{ending}").write_text(VRT)
    use(borough, f"upload{ending}")
    refused(ask(borough, "demand"), file=f"upload{ending}")


@pytest.mark.bad_input("B32")
@pytest.mark.usefixtures("quickly")
@pytest.mark.parametrize(
    "path",
    [
        "/vsicurl/http://127.0.0.1:9/areas.gpkg",
        "/vsizip/areas.zip/areas.shp",
        "http://127.0.0.1:9/areas.geojson",
        "https://127.0.0.1:9/areas.geojson",
        "zip://areas.zip!areas.shp",
        "s3://bucket/areas.gpkg",
        "file:///etc/passwd",
        "PG:host=127.0.0.1",
        "GPKG:areas.gpkg",
        "WFS:http://127.0.0.1:9",
    ],
)
def test_only_files_of_this_machine_are_read(borough, ask, path):
    use(borough, path)
    told = ask(borough, "demand")
    refused(told, "only files on this machine can be read", "download", file=path)


@pytest.mark.bad_input("B32")
def test_a_link_a_folder_and_a_pipe_are_no_files(borough, ask):
    (borough / "linked.geojson").symlink_to("/etc/passwd")
    (borough / "folder.geojson").mkdir()
    os.mkfifo(borough / "pipe.geojson")
    for file in ("linked.geojson", "folder.geojson", "pipe.geojson"):
        use(borough, file)
        refused(ask(borough, "demand"), "not a regular file", file=file)
        text = (borough / "scenario.toml").read_text()
        (borough / "scenario.toml").write_text(text.replace(file, "areas.geojson"))


def zipped(borough, *names, content=b"x"):
    with zipfile.ZipFile(borough / "areas.zip", "w") as archive:
        for name in names:
            archive.writestr(name, content)
    use(borough, "areas.zip")


@pytest.mark.bad_input("B33")
@pytest.mark.usefixtures("quickly")
@pytest.mark.parametrize(
    "name", ["../x.shp", "a/../../x.shp", "/etc/x.shp", "C:\\x.shp", "..\\x.shp"]
)
def test_an_archive_that_leaves_its_folder(borough, ask, name):
    zipped(borough, "areas.shp", name)
    told = ask(borough, "demand")
    refused(told, f'entry "{name}" leaves its folder', "do not unpack it", file="areas.zip")
    assert not (borough.parent / "x.shp").exists()


@pytest.mark.bad_input("B33")
def test_an_archive_is_not_unpacked_but_told_what_to_do(borough, ask):
    zipped(borough, "lsoa/areas.shp", "lsoa/areas.dbf")
    told = ask(borough, "demand")
    refused(told, "is an archive (with lsoa/areas.shp)", "unpack all of it", file="areas.zip")
    (borough / "areas.zip").write_bytes(b"PK\x03\x04 no archive")
    refused(ask(borough, "demand"), "is no ZIP archive", file="areas.zip")


@pytest.mark.bad_input("B33")
@pytest.mark.usefixtures("quickly")
def test_an_archive_that_swells_is_not_unpacked(borough, ask):
    with zipfile.ZipFile(borough / "areas.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("areas.geojson", b"0" * 50_000_000)
    use(borough, "areas.zip")
    refused(ask(borough, "demand"), "is an archive", file="areas.zip")


@pytest.mark.bad_input("B35")
@pytest.mark.parametrize("ending", [".shx", ".dbf"])
def test_a_shapefile_without_one_of_its_parts(borough, ask, ending):
    frame().to_file(borough / "lsoa.shp")
    (borough / f"lsoa{ending}").unlink()
    use(borough, "lsoa.shp")
    told = ask(borough, "demand")
    refused(told, f"lacks lsoa{ending}", "put all parts of the Shapefile in one", file="lsoa.shp")


@pytest.mark.bad_input("B35")
@pytest.mark.usefixtures("quickly")
@pytest.mark.parametrize("ending", [".dbf", ".prj"])
def test_a_part_that_is_no_file_is_never_opened(borough, ask, ending):
    frame().to_file(borough / "lsoa.shp")
    part = borough / f"lsoa{ending}"
    part.unlink()
    part.symlink_to("/etc/passwd")
    use(borough, "lsoa.shp")
    refused(ask(borough, "demand"), "is not a regular file (a link", file=part.name)
    part.unlink()
    os.mkfifo(part)
    refused(ask(borough, "demand"), "is not a regular file", file=part.name)


@pytest.mark.bad_input("B37")
@pytest.mark.parametrize("heading", ["LSOA21C", "lsoa21_c"])
def test_names_that_a_shapefile_cut_short(borough, ask, heading):
    frame(headings=(heading, "LSOA21N")).to_file(borough / "lsoa.shp")
    use(borough, "lsoa.shp")
    told = ask(borough, "demand")
    noted(told, f'column "{heading}" is read as the LSOA codes', file="lsoa.shp")


@pytest.mark.bad_input("B38")
def test_a_geopackage_with_several_layers(borough, ask):
    write_geopackage(borough, layers=("lsoa", "msoa"))
    told = ask(borough, "demand")
    refused(told, "has layers lsoa, msoa", "layer under [areas]", file="areas.gpkg")
    scenario = borough / "scenario.toml"
    text = scenario.read_text()
    named = text.replace('"areas.gpkg"', '"areas.gpkg"\nlayer = "lsoa"')
    scenario.write_text(named)
    for command in ("demand", "validate", "route"):
        assert ask(borough, command).code == 0
    scenario.write_text(named.replace('layer = "lsoa"', 'layer = "ward"'))
    refused(ask(borough, "demand"), 'has no layer "ward"; it has lsoa, msoa', file="areas.gpkg")


@pytest.mark.bad_input("B39")
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW spy AS SELECT * FROM lsoa",
        "CREATE TRIGGER spy AFTER INSERT ON lsoa BEGIN SELECT 1; END",
        "CREATE VIRTUAL TABLE spy USING fts5(x)",
    ],
)
def test_a_geopackage_that_does_something(borough, ask, monkeypatch, statement):
    write_geopackage(borough, statement)
    monkeypatch.setattr("pyogrio.raw.read", None)
    told = ask(borough, "demand")
    refused(told, "holds views, triggers or virtual tables", "(spy)", file="areas.gpkg")


@pytest.mark.bad_input("B40")
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_a_geopackage_cut_short(borough, ask, share):
    path = write_geopackage(borough)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    refused(ask(borough, "demand"), "cannot be read", "again", file="areas.gpkg")


@pytest.mark.bad_input("B40")
def test_a_geopackage_with_a_page_overwritten(borough, ask):
    path = write_geopackage(borough)
    content = bytearray(path.read_bytes())
    content[4096 : 4096 * 3] = b"\xff" * 8192
    path.write_bytes(bytes(content))
    refused(ask(borough, "demand"), "cannot be read", file="areas.gpkg")


@pytest.mark.bad_input("B41")
def test_topojson(borough, ask):
    spoil(borough, json.dumps({"type": "Topology", "objects": {}, "arcs": []}))
    told = ask(borough, "demand")
    refused(told, "is TopoJSON", "convert it to GeoJSON", file="areas.geojson")


@pytest.mark.bad_input("B41")
@pytest.mark.parametrize(
    "document", [features()[0], features()[0]["geometry"], {}, {"features": []}, {"type": 3}]
)
def test_json_that_is_no_collection_of_features(borough, ask, document):
    spoil(borough, json.dumps(document))
    told = ask(borough, "demand")
    refused(told, "is not a GeoJSON FeatureCollection", file="areas.geojson")


@pytest.mark.bad_input("B42")
def test_no_features(borough, ask):
    write_areas(borough, [])
    refused(ask(borough, "demand"), "has no features", "export it again", file="areas.geojson")


@pytest.mark.bad_input("B42")
def test_a_file_of_no_bytes(borough, ask):
    spoil(borough, "")
    refused(ask(borough, "demand"), "is empty (0 bytes)", file="areas.geojson")


@pytest.mark.parametrize("where", ["document", "properties"])
def test_a_layer_that_the_map_service_cut_short(borough, ask, where):
    document = {"type": "FeatureCollection", "features": features()[:5]}
    said = {"exceededTransferLimit": True}
    document |= said if where == "document" else {"properties": said}
    spoil(borough, json.dumps(document))
    says = "the map service stopped at its limit (exceededTransferLimit)"
    refused(ask(borough, "demand"), says, "page by page", file="areas.geojson")


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({"error": {"code": 498, "message": "Invalid token"}}, 'service ("Invalid token")'),
        ({"geometryType": "esriGeometryPolygon", "features": []}, "is Esri JSON"),
    ],
)
def test_what_a_map_service_answers_instead_of_geojson(borough, ask, document, says):
    spoil(borough, json.dumps(document))
    refused(ask(borough, "demand"), says, file="areas.geojson")


def test_a_ring_that_is_not_closed(borough, ask):
    areas = features()
    areas[2]["geometry"]["coordinates"][0].pop()
    spoil(borough, json.dumps({"type": "FeatureCollection", "features": areas}))
    says = "feature 3 has no readable shape (a ring is not closed)"
    refused(ask(borough, "demand"), says, file="areas.geojson")


@pytest.mark.parametrize("code", [["E01008162", "E01008163"], {"code": "E01008162"}, [], True])
def test_a_code_that_is_no_text(borough, ask, code):
    areas = features()
    areas[0]["properties"]["LSOA21CD"] = code
    spoil(borough, json.dumps({"type": "FeatureCollection", "features": areas}))
    place = {"feature": 1, "column": "LSOA21CD"}
    value = code if isinstance(code, bool) else json.dumps(code)
    says = "characters, 9 are needed"
    refused(ask(borough, "demand"), says, file="areas.geojson", **place, value=str(value))
