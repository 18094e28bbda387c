"""ntgeo roads path, called as a user calls it."""

import csv
import json
from xml.etree import ElementTree as ET

import pytest

from ntgeo.cli.app import app
from ntgeo.cli.door import guarded


@pytest.fixture
def path(capsys, repository):
    """Return a function that asks for a way in the sample borough."""
    sample = repository / "data" / "sample"

    def call(*arguments, network=sample / "roads.osm.pbf"):
        command = ["roads", "path", network, *arguments]
        code = guarded(lambda: app([str(part) for part in command], standalone_mode=False))
        shown = capsys.readouterr()
        assert "Traceback" not in shown.out + shown.err
        return code, shown.out, shown.err

    return call


@pytest.fixture
def ends(repository):
    with (repository / "data" / "sample" / "sites.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    return [f"{row['easting']},{row['northing']}" for row in (rows[0], rows[5])]


def test_a_way_is_told_street_by_street(path, ends, tmp_path):
    gpx = tmp_path / "way.gpx"
    code, out, _ = path("--from", ends[0], "--to", ends[1], "--gpx", gpx)
    assert code == 0
    lines = out.splitlines()
    assert lines[0].startswith("  1. ")
    assert "minutes by car" in lines[-1]
    code, out, _ = path("--from", ends[0], "--to", ends[1], "--json")
    told = json.loads(out)
    assert code == 0
    assert len(told["steps"]) == len(lines) - 2
    assert sum(step["time_s"] for step in told["steps"]) == pytest.approx(told["time_s"], abs=0.1)
    root = ET.parse(gpx).getroot()  # noqa: S314 - our own file
    space = {"gpx": "http://www.topografix.com/GPX/1/1"}
    assert len(root.findall("gpx:rte/gpx:rtept", space)) == len(told["steps"])
    assert len(root.findall("gpx:trk/gpx:trkseg/gpx:trkpt", space)) == len(told["xy_m"])


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("here", "this is no pair of coordinates"),
        ("1,2,3", "this is no pair of coordinates"),
        ("nan,5", "this is no pair of coordinates"),
        ("-1.5,55.0", "this looks like degrees, not metres"),
    ],
)
def test_coordinates_that_are_none(path, ends, text, what):
    code, out, told = path(f"--from={text}", "--to", ends[1])
    assert (code, out) == (2, "")
    assert told == (
        f'--from, value "{text}": {what}. '
        "Fix: give easting,northing in metres, such as 545000,258000.\n"
    )


def test_a_place_without_a_road_is_refused_with_how_far(path, ends):
    code, _, told = path("--from", ends[0], "--to", "400000,500000")
    assert code == 2
    assert "to: no usable road lies within 1,000 m (to lies 1" in told
    assert "km from the nearest)" in told
