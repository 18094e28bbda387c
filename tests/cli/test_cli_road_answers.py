"""The road commands that answer questions about places, called as a user calls them."""

import csv
import io
import json

import pytest

from ntgeo.roads import open_times


def access(ntgeo, sample, *more, origins="visits.csv"):
    return ntgeo(
        "roads",
        "access",
        sample / origins,
        sample / "sites.csv",
        "--network",
        sample / "roads.osm.pbf",
        *more,
    )


def test_access_prints_a_table_or_writes_it(ntgeo, sample, tmp_path):
    code, out, _ = access(ntgeo, sample, "--minutes", "10,2")
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [float(row["limit_s"]) for row in rows[:2]] == [120, 600]
    assert all(int(row["reached"]) >= 0 and row["nearest_id"] for row in rows)
    assert int(rows[1]["reached"]) >= int(rows[0]["reached"])
    path = tmp_path / "access.csv"
    code, out, _ = access(ntgeo, sample, "--minutes", "2,10", "--out", path)
    assert code == 0
    assert "Within 2 minutes" in out
    assert "The nearest is" in out
    assert len(path.read_text().splitlines()) == len(rows) + 1
    code, out, _ = access(ntgeo, sample, "--minutes", "2", "--weight", "capacity", "--json")
    told = json.loads(out)
    assert (code, told["origins"], told["mode"]) == (0, len(rows) / 2, "car")
    assert max(row["reached_weight"] for row in told["access"]) > 300


@pytest.mark.parametrize("minutes", ["0", "-5", "ten", "nan", "5,,10", "9999"])
def test_minutes_that_cannot_be(ntgeo, sample, minutes):
    code, out, told = access(ntgeo, sample, f"--minutes={minutes}")
    assert (code, out) == (2, "")
    assert told.startswith("--minutes, value")
    assert "Fix: give minutes such as 10 or 5,10,20." in told


def test_access_refuses_places_that_are_nowhere_near(ntgeo, sample, tmp_path):
    path = tmp_path / "far.csv"
    path.write_text("id,easting,northing\nV18,100000,20000\nV19,100000,30000\n")
    code, out, told = access(ntgeo, sample, origins=path)
    assert (code, out) == (2, "")
    assert "far.csv: 2 places lie more than 1 km from every road: V18 (" in told
    path.write_text("id,easting,northing\n")
    code, _, told = access(ntgeo, sample, origins=path)
    assert code == 2
    assert "far.csv" in told
    assert access(ntgeo, sample, origins=tmp_path / "none.csv")[0] == 4


def matrix(ntgeo, sample, out, *more):
    files = (sample / "visits.csv", sample / "sites.csv", "--network", sample / "roads.osm.pbf")
    return ntgeo("roads", "matrix", *files, "--out", out, *more)


def test_matrix_as_a_table_and_as_a_folder_are_the_same(ntgeo, sample, tmp_path):
    code, out, _ = matrix(ntgeo, sample, tmp_path / "times.csv")
    assert code == 0
    assert "travel times by car" in out
    text = (tmp_path / "times.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    code, out, _ = matrix(ntgeo, sample, tmp_path / "times", "--json")
    told = json.loads(out)
    assert (code, told["origins"] * told["destinations"]) == (0, len(rows))
    on_disk = open_times(tmp_path / "times")
    row = rows[100]
    part = on_disk.select([row["origin_id"]], [row["destination_id"]])
    assert part.time_s[0, 0] == pytest.approx(float(row["time_s"]))
    assert part.distance_m[0, 0] == pytest.approx(float(row["distance_m"]))
    code, _, told = matrix(ntgeo, sample, tmp_path / "times")
    assert code == 2
    assert "times: it is already there. Fix: name a new folder" in told


def test_matrix_at_a_time_of_day(ntgeo, sample, tmp_path):
    times = {}
    for clock in ("08:15", "12:00"):
        out = tmp_path / clock.replace(":", "")
        assert matrix(ntgeo, sample, out, "--departs-at", clock)[0] == 0
        times[clock] = open_times(out).time_ms.astype(float)
    assert (times["08:15"] > times["12:00"]).mean() > 0.9


def test_a_scheduler_that_is_none_is_told(ntgeo, sample, tmp_path):
    code, _, told = matrix(ntgeo, sample, tmp_path / "times", "--scheduler", "nowhere")
    assert code == 2
    assert '"nowhere" is no address of a Dask scheduler. Fix: give one like tcp://' in told
    assert not (tmp_path / "times").exists()
    scenario = sample / "scenario.toml"
    code, _, told = ntgeo("matrix", scenario, "--folder", tmp_path, "--scheduler", "nowhere")
    assert code == 2
    assert "no address of a Dask scheduler" in told
