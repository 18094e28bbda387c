"""The road commands that answer questions about places, called as a user calls them."""

import csv
import io
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


@pytest.fixture
def sample(repository):
    return repository / "data" / "sample"


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
