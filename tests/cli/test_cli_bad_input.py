"""Issue after issue, the first hour with ntgeo is spent on bad files: each is refused in words."""

import json
import os
import re
import shutil

import pytest
from plain_day import make_plain

from ntgeo.cli.app import app
from ntgeo.cli.door import guarded


@pytest.fixture
def borough(repository, tmp_path):
    folder = tmp_path / "borough"
    shutil.copytree(repository / "data" / "sample", folder)
    make_plain(folder)
    return folder


def edit(path, *changes):
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert re.search(old, text), f"{old} is not in {path.name}"
        text = re.sub(old, new, text, count=1)
    path.write_text(text, encoding="utf-8")


def run(borough, capsys, *command):
    arguments = command or ("run",)
    arguments = [*arguments, str(borough / "scenario.toml"), "--folder", str(borough.parent)]
    code = guarded(lambda: app(arguments, standalone_mode=False))
    shown = capsys.readouterr()
    assert "Traceback" not in shown.out + shown.err
    assert os.fspath(borough.parent.parent) not in shown.err
    left = [item for item in (borough.parent / "maps").rglob("*") if item.is_file()]
    if code not in {0, 1}:
        assert left == []
        assert "Fix:" in shown.err
    return code, shown.err


def test_a_missing_column_is_named(borough, capsys):
    edit(borough / "population.csv", ("LSOA21CD|lsoa21_code|lsoa", "area"))
    code, told = run(borough, capsys)
    assert code == 2
    assert "population.csv" in told
    assert "lsoa" in told


def test_a_file_with_too_many_unknown_lsoas_is_refused(borough, capsys):
    path = borough / "records.csv"
    path.write_text(path.read_text().replace("X0100000", "Z0100000"))
    code, told = run(borough, capsys)
    assert code == 2
    assert "records.csv" in told
    assert "may be set aside" in told


def test_2011_codes_with_2021_boundaries(shared_data, tmp_path, repository, capsys):
    scenario = (repository / "scripts/scenarios/north_tyneside.toml").read_text()
    scenario = scenario.replace("lsoa2011_E08000022.geojson", "lsoa2021_derived_E08000022.geojson")
    path = tmp_path / "scenario.toml"
    path.write_text(
        re.sub(r"data_folder = .*", f'data_folder = "{shared_data}/north_tyneside"', scenario)
    )
    code = guarded(lambda: app(["demand", str(path)], standalone_mode=False))
    told = capsys.readouterr().err
    assert code == 2
    assert "2011" in told
    assert "2021" in told


def test_longitude_and_latitude_swapped(borough, capsys):
    text = (borough / "sites.csv").read_text().splitlines()
    heading = text[0].split(",")
    east, north = heading.index("easting"), heading.index("northing")
    rows = [line.split(",") for line in text]
    for row in rows:
        row[east], row[north] = row[north], row[east]
    rows[0] = heading
    (borough / "sites.csv").write_text("\n".join(",".join(row) for row in rows) + "\n")
    code, told = run(borough, capsys, "site")
    assert code == 2
    assert "sites.csv" in told
    assert "swapped" in told


def test_a_file_that_is_not_there(borough, capsys):
    (borough / "roads.osm.pbf").unlink()
    code, told = run(borough, capsys, "matrix")
    assert code == 4
    assert "roads.osm.pbf: there is no such file" in told


def test_vroom_in_and_out(tmp_path, capsys):
    day = {
        "vehicles": [{"id": 1, "start_index": 0, "end_index": 0, "time_window": [0, 3600]}],
        "jobs": [
            {"id": 1, "location_index": 1, "service": 60},
            {"id": 2, "location_index": 1, "service": 60, "skills": [4]},
        ],
        "matrices": {"car": {"durations": [[0, 100], [100, 0]]}},
    }
    path, out = tmp_path / "day.json", tmp_path / "answer.json"

    def answered(*options):
        path.write_text(json.dumps(day))
        command = ["route", str(path), "--format", "vroom", "--folder", str(tmp_path), *options]
        code = guarded(lambda: app(command, standalone_mode=False))
        return code, capsys.readouterr()

    code, shown = answered()
    told = json.loads(shown.out)
    assert (code, told["code"], told["summary"]["cost"]) == (1, 0, 200)
    assert [task["id"] for task in told["unassigned"]] == [2]
    assert answered("--out", str(out))[1].out == ""
    assert json.loads(out.read_text())["routes"] == told["routes"]
    del day["jobs"][1]
    assert answered()[0] == 0
    day["matrices"]["car"]["costs"] = [[0, 1], [1, 0]]
    code, shown = answered()
    assert (code, json.loads(shown.out)["code"]) == (2, 2)
    assert "costs of your own are not taken over" in shown.err
