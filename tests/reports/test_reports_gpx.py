from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import toytown
from mapping.hostile import HOSTILE

from ntgeo.reports.gpx import write_gpx
from ntgeo.reports.layers import rounds_layers

TO_GRID = pyproj.Transformer.from_crs(4326, 27700, always_xy=True)


def test_stops_read_back_where_and_when_they_are(tmp_path, rounds):
    path, _ = write_gpx(tmp_path, *rounds)
    stops = gpd.read_file(path, layer="waypoints").to_crs(27700)
    planned = rounds_layers(*rounds)["stops"].iloc[:4]
    assert stops.geometry.distance(planned.geometry).max() < 0.2
    assert stops["name"].tolist() == ["Start D", "1. V1", "2. V2", "End D"]
    assert [f"{at:%H:%M}" for at in stops["time"]] == planned["begin"].tolist()
    assert stops["cmt"].tolist()[1] == "begin 09:05; may begin 09:00–17:00"


def test_the_track_follows_the_paths(tmp_path, rounds):
    here, there = toytown.location(0), toytown.location(5)
    bend = np.array(
        [[here.easting_m, here.northing_m], [401_000, 551_000], [there.easting_m, there.northing_m]]
    )
    known = {"A": [bend, np.empty((0, 2)), np.empty((0, 2))]}
    path, _ = write_gpx(tmp_path, *rounds, known)
    (track,) = gpd.read_file(path, layer="tracks").to_crs(27700).geometry
    points = np.array([point.coords[0] for point in gpd.points_from_xy(*track.geoms[0].xy)])
    assert points[:3] == pytest.approx(bend, abs=0.2)


def test_one_file_a_round_the_same_bytes_each_time(tmp_path, rounds):
    first, second = (write_gpx(tmp_path / name, *rounds) for name in ("one", "two"))
    assert [path.name for path in first] == ["round-A.gpx", "round-B.gpx"]
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]


def test_hostile_texts_stay_text(tmp_path, rounds):
    path, _ = write_gpx(tmp_path, *rounds, place_lines={"V1": " ".join(HOSTILE)})
    root = ET.fromstring(path.read_bytes())  # noqa: S314 - it is ours
    tags = {element.tag.rsplit("}", 1)[-1] for element in root.iter()}
    assert tags == {"gpx", "wpt", "time", "name", "cmt", "type", "trk", "trkseg", "trkpt"}
    assert any("<img src=x onerror=alert(1)>" in (cmt.text or "") for cmt in root.iter())
