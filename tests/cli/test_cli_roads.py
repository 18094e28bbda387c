"""The road commands, called as a user calls them."""

import json

import pytest

from ntgeo.cli.app import app
from ntgeo.cli.door import guarded


@pytest.fixture
def ntgeo(capsys):
    """Return a function that runs a command and gives its exit code, output and errors."""

    def call(*arguments):
        code = guarded(lambda: app([str(part) for part in arguments], standalone_mode=False))
        shown = capsys.readouterr()
        assert "Traceback" not in shown.out + shown.err
        return code, shown.out, shown.err

    return call


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
