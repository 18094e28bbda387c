"""``ntgeo roads calibrate``, from a file of journeys to a scenario that uses the speeds."""

import json
import shutil

import numpy as np
import pytest

from ntgeo import Workspace
from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.roads import read_roads, travel_times

HEADINGS = "origin_easting,origin_northing,destination_easting,destination_northing"


@pytest.fixture
def journeys(sample, tmp_path):
    """Return a function that writes journeys which take 1.4 times what ntgeo's own table says."""
    network = read_roads(sample / "roads.osm.pbf", mode=TravelMode.CAR)

    def write(count):
        rng = np.random.default_rng(8)
        ends = [rng.choice(network.junctions.xy_m, count).tolist() for _ in range(2)]
        one, other = (
            {str(at): Location(easting_m=x, northing_m=y) for at, (x, y) in enumerate(xy_m)}
            for xy_m in ends
        )
        took_s = np.diag(travel_times(network, one, other).time_s) * 1.4
        took_s = took_s * np.exp(rng.normal(0, 0.08, count))
        rows = [
            f"{a[0]},{a[1]},{b[0]},{b[1]},2026-11-24 12:{at % 60:02d},{max(s, 1):.0f},Sian"
            for at, (a, b, s) in enumerate(zip(*ends, took_s.tolist(), strict=True))
        ]
        path = tmp_path / "observed.csv"
        path.write_text("\n".join([f"{HEADINGS},departure,seconds,driver", *rows]) + "\n")
        return path

    return write


def test_from_journeys_to_a_scenario(ntgeo, sample, journeys, tmp_path):
    borough = tmp_path / "borough"
    shutil.copytree(sample, borough)
    out = borough / "my_speeds.toml"
    code, told, _ = ntgeo(
        "roads", "calibrate", sample / "roads.osm.pbf", journeys(150), "--out", out
    )
    assert code == 0
    assert "Journeys: " in told
    assert "On journeys left out of the fit" in told
    assert "Eight in ten of them took" in told
    assert "Sian" not in told + out.read_text(encoding="utf-8")
    scenario = borough / "scenario.toml"
    before = Workspace(tmp_path).matrix(scenario)
    text = scenario.read_text(encoding="utf-8")
    scenario.write_text(text.replace("[roads]", '[roads]\nspeeds = "my_speeds.toml"'))
    after = Workspace(tmp_path).matrix(scenario)
    slower = after.time_s[before.time_s > 120] / before.time_s[before.time_s > 120]
    assert np.median(slower) == pytest.approx(1.4, abs=0.12)
    assert after.time_range.source.startswith("calibrated on ")
    assert after.time_range.high_share < before.time_range.high_share


def test_as_json(ntgeo, sample, journeys):
    code, told, _ = ntgeo("roads", "calibrate", sample / "roads.osm.pbf", journeys(80), "--json")
    assert code == 0
    found = json.loads(told)
    assert found["file"] is None
    assert found["used"] + sum(found["refused"].values()) == 80
    before, after = found["held_out"]["before"], found["held_out"]["after"]
    assert after["median_share"] < 0.5 * before["median_share"]
    assert before["bias_share"] < -0.2
    assert found["range"]["source"].startswith("calibrated on ")
    assert {factor["name"] for factor in found["parts"]} >= {"main roads", "stops", "turns"}


def test_what_cannot_be_calibrated_is_refused(ntgeo, sample, journeys, tmp_path):
    roads, few = sample / "roads.osm.pbf", journeys(12)
    out = tmp_path / "my_speeds.toml"
    code, _, told = ntgeo("roads", "calibrate", roads, few, "--out", out)
    assert code == 2
    assert "of 12 journeys can be used" in told
    assert "give at least 30 usable journeys" in told
    assert not out.exists()
    code, _, told = ntgeo("roads", "calibrate", roads, tmp_path / "none.csv")
    assert code == 4
    assert "none.csv" in told
    code, _, told = ntgeo("roads", "calibrate", roads, few, "--speeds", tmp_path / "none.toml")
    assert code == 4
    assert "none.toml: there is no such file" in told
