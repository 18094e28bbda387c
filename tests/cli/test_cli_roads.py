"""The road commands, called as a user calls them."""

import json

import pytest
from roads.overpass_server import overpass_server


def test_check_tells_of_a_road_file(ntgeo, repository):
    sample = repository / "data" / "sample"
    code, out, _ = ntgeo(
        "roads", "check", sample / "roads.osm.pbf", "--area", sample / "areas.geojson"
    )
    assert code == 0
    assert "roads.osm.pbf, by car" in out
    assert "Area covered: 100.0% within 1 km of a road" in out
    assert out.rstrip().endswith("Nothing needs a look.")


def test_check_as_json_and_an_area_elsewhere(ntgeo, repository, tmp_path):
    box = [[[-1.6, 55.0], [-1.5, 55.0], [-1.5, 55.1], [-1.6, 55.1], [-1.6, 55.0]]]
    area = {"type": "Polygon", "coordinates": box}
    feature = {"type": "Feature", "properties": {}, "geometry": area}
    path = tmp_path / "elsewhere.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    roads = repository / "data" / "sample" / "roads.osm.pbf"
    code, out, _ = ntgeo("roads", "check", roads, "--mode", "foot", "--area", path, "--json")
    told = json.loads(out)
    assert code == 1
    assert told["needs_look"]
    assert told["far_share"] == 1
    assert {gap["tag"] for gap in told["tag_gaps"]} == {"maxspeed", "name", "surface"}
    texts = [finding["text"] for finding in told["findings"] if finding["needs_look"]]
    assert texts == ["The roads and the area do not overlap."]


def test_check_refuses_what_is_no_road_file(ntgeo, tmp_path):
    path = tmp_path / "roads.osm.pbf"
    code, _, told = ntgeo("roads", "check", path)
    assert code == 4
    assert "roads.osm.pbf: there is no such file" in told
    path.write_bytes(b"")
    code, _, told = ntgeo("roads", "check", path)
    assert code == 2
    assert "roads.osm.pbf: it is empty (0 bytes). Fix:" in told


@pytest.fixture
def overpass():
    with overpass_server() as fake:
        yield fake


def test_download_writes_a_file_that_every_mode_can_read(ntgeo, overpass, repository, tmp_path):
    points = [
        {"type": "node", "id": n, "lat": 54.97 + n / 1e4, "lon": -1.58 + n / 1e3} for n in (1, 2)
    ]
    way = {"type": "way", "id": 9, "nodes": [1, 2], "tags": {"highway": "residential"}}
    dated = {"timestamp_osm_base": "2026-10-01T00:00:00Z"}
    overpass.replies = [(200, json.dumps({"osm3s": dated, "elements": [*points, way]}))]
    boundary = repository / "data" / "sample" / "areas.geojson"
    out = tmp_path / "roads.json"
    arguments = ["-o", out, "--folder", tmp_path, "--overpass", overpass.url]
    code, told, _ = ntgeo("roads", "download", boundary, *arguments)
    assert code == 0
    assert told.startswith("1 roads and ferries and 0 turn restrictions, dated 2026-10-01: ")
    assert "© OpenStreetMap contributors" in told
    assert ntgeo("roads", "check", out, "--mode", "foot")[0] in {0, 1}
    assert max(map(len, overpass.asked)) < 10_000  # a few corners, not every vertex of the areas
    code, told, _ = ntgeo("roads", "download", boundary, *arguments, "--json")
    assert json.loads(told) == {
        "file": str(out),
        "ways": 1,
        "restrictions": 0,
        "dated": "2026-10-01T00:00:00Z",
    }
    assert len(overpass.asked) == 3
    code, told, _ = ntgeo("roads", "download", "-1.6,54.97,-1.5,55", *arguments)
    assert (code, len(overpass.asked)) == (0, 6)


@pytest.mark.parametrize(
    ("command", "code", "sentence"),
    [
        (["Cambridge, UK"], 2, "places and addresses are not looked up"),
        (["1 High Street"], 2, "places and addresses are not looked up"),
        (["-1.5,55,-1.6,54"], 2, "not west, south, east and north"),
        (["nan,54,-1,55"], 2, "not west, south, east and north"),
        (["no.geojson"], 4, "no.geojson"),
        (["-3,53,0,55"], 2, "more than the 5,000 km² that Overpass is for"),
        (["-1.6,54.9,-1.5,55", "--buffer-m", "-5"], 2, "a buffer of -5 m is not from 0"),
        (["-1.6,54.9,-1.5,55", "-o", "roads.pbf"], 2, "roads are downloaded as .json"),
        (["-1.6,54.9,-1.5,55", "--overpass", "ftp://x"], 2, "not the address of a server"),
        (["-1.6,54.9,-1.5,55", "--agian"], 2, "--agian"),
        (["-1.6,54.9,-1.5,55"], 4, "it answered 500 with no data (broken)"),
    ],
)
def test_what_cannot_be_downloaded(ntgeo, overpass, tmp_path, command, code, sentence):
    overpass.replies = [(500, "broken")]
    out = tmp_path / "roads.json"
    usual = ["-o", out, "--folder", tmp_path, "--overpass", overpass.url]
    found, _, told = ntgeo("roads", "download", *usual, *command)
    assert found == code, told
    assert sentence in told
    assert "Fix:" in told
    assert not out.exists()


def test_links_go_out_to_qgis_and_come_back(ntgeo, repository, tmp_path):
    out = tmp_path / "links.gpkg"
    sample = repository / "data" / "sample" / "roads.osm.pbf"
    code, told, _ = ntgeo("roads", "links", sample, "-o", out, "--mode", "bicycle")
    assert code == 0
    assert told.endswith(f"links by bicycle, layer links: {out}\n")
    assert ntgeo("roads", "check", out, "--mode", "bicycle")[0] == 0
    code, _, told = ntgeo("roads", "check", out)
    assert code == 2
    assert "links.gpkg, column mode: its times are for bicycle, not for car. Fix:" in told
    code, _, told = ntgeo("roads", "links", sample, "-o", tmp_path / "links.shp")
    assert code == 2
    assert "a layer of links is written as GeoPackage" in told
