import json
import shutil

import numpy as np
import pandas as pd
import pytest
import shapely

from ntgeo import Workspace
from ntgeo.cli.app import app
from ntgeo.cli.door import guarded
from ntgeo.errors import ScenarioError

CLOSED = '\n[[roads.changes]]\ntitle = "Market Bridge closed"\nkind = "close"\nways = [47]\n'


@pytest.fixture
def scenario(repository, tmp_path):
    folder = tmp_path / "borough"
    shutil.copytree(repository / "data" / "sample", folder)
    path = folder / "scenario.toml"
    path.write_text(path.read_text() + CLOSED)
    return path


def test_journeys_over_a_closed_bridge_lengthen(scenario, tmp_path):
    found = Workspace(tmp_path).whatif(scenario)
    assert found.assumptions == ("This plan assumes: Market Bridge closed (1 link, 0.1 km).",)
    assert (found.areas["change_s"] >= 0).all()
    assert found.areas["change_s"].is_monotonic_decreasing
    people, longer = found.areas["population"], found.areas["change_s"] > 60
    assert found.effect.longer[1] == people[longer].sum()
    mean_s = np.average(found.areas["time_after_s"], weights=people)
    assert found.effect.mean_after_s == pytest.approx(mean_s)
    assert (found.after.time_s >= found.before.time_s).all()
    assert (found.after.time_s > found.before.time_s + 60).any()
    assert "sites open today" in found.sentences[0]
    assert found.change_s > 0


def run(capsys, *arguments):
    command = ["roads", "whatif", *map(str, arguments)]
    code = guarded(lambda: app(command, standalone_mode=False))
    return code, capsys.readouterr()


def test_the_door_tells_the_same(scenario, tmp_path, capsys):
    table = tmp_path / "areas.csv"
    code, shown = run(capsys, scenario, "--folder", tmp_path, "--out", table)
    assert code == 0
    assert "• This plan assumes: Market Bridge closed (1 link, 0.1 km)." in shown.out
    assert "The roads were changed and prepared again in 0." in shown.out
    assert "Every area: " in shown.out
    areas = pd.read_csv(table)
    code, shown = run(capsys, scenario, "--folder", tmp_path, "--json")
    content = json.loads(shown.out)
    assert [row["lsoa"] for row in content["areas"]] == areas["lsoa"].tolist()
    assert content["pairs_cut_off"] == 0
    assert content["longer"].keys() == {"1", "5", "10"}


def test_an_area_cut_off_gives_exit_code_1(scenario, tmp_path, capsys):
    """Every road around one area is under water, so nobody leaves it."""
    centroids = pd.read_csv(scenario.parent / "centroids.csv")
    ring = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}},
        "features": [ring_around(centroids.iloc[0])],
    }
    (scenario.parent / "flood.geojson").write_text(json.dumps(ring))
    text = scenario.read_text().replace("ways = [47]", 'within = "flood.geojson"')
    scenario.write_text(text)
    code, shown = run(capsys, scenario, "--folder", tmp_path)
    assert code == 1
    assert "can reach no site at all" in shown.out


def ring_around(row):
    """All within 600 m of a centroid, but for the middle."""
    centre = shapely.Point(row["easting"], row["northing"])
    ring = centre.buffer(600).difference(centre.buffer(250))
    return {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(ring))}


def test_what_is_missing_is_told_at_once(scenario, repository, tmp_path):
    text = (repository / "data" / "sample" / "scenario.toml").read_text()
    scenario.write_text(text.split("[[sites.files]]")[0])
    with pytest.raises(ScenarioError) as refusal:
        Workspace(tmp_path).whatif(scenario)
    assert {fault.column for fault in refusal.value.faults} == {"roads.changes", "sites"}


@pytest.mark.shared_data
@pytest.mark.slow
def test_the_example_of_two_closed_bridges_in_cambridge(
    repository, shared_data, tmp_path, monkeypatch
):
    monkeypatch.setenv("NTGEO_SHARED_DATA", str(shared_data.resolve()))
    example = repository / "scripts" / "scenarios" / "cambridge_bridges_closed.toml"
    found = Workspace(tmp_path).whatif(example)
    (assumed,) = found.assumptions
    assert "Elizabeth Way and Victoria Avenue bridges closed (" in assumed
    assert 5_000 < found.effect.longer[1] < 20_000
    assert found.effect.longer[5] == found.effect.pairs_cut_off == 0
    assert found.areas["lsoa"].iloc[0] == "E01017958"  # in Chesterton, by the river
    assert found.effect.residents == 125_063
    assert (found.after.time_s >= found.before.time_s).all()
    assert found.change_s < 1.0
