import json
import subprocess
import sys
from itertools import pairwise

import pytest

from ntgeo.errors import CancelledError
from ntgeo.files import sha256_of
from ntgeo.sample import write_sample
from ntgeo.sample.__main__ import main

NAMES = {
    "areas.geojson", "centroids.csv", "depots.csv", "deprivation.csv", "links.csv",
    "population.csv", "postcodes.csv", "records.csv", "roads.osm.pbf", "shifts.csv", "sites.csv",
    "visits.csv",
}  # fmt: skip


class _Recorder:
    def __init__(self, *, stop_at=None):
        self.stages, self.stop_at = [], stop_at

    def stage(self, name, total=None):  # noqa: ARG002 - as the protocol has it
        self.stages.append(name)

    def advance(self, done):
        pass

    def note(self, message):
        pass

    def is_cancelled(self):
        return self.stop_at is not None and self.stop_at in self.stages


def test_the_committed_sample_is_what_the_seed_gives(written, repository):
    committed = repository / "data" / "sample"
    for name in sorted(NAMES):
        assert sha256_of(committed / name) == sha256_of(written / name), name


def test_the_committed_sample_is_small(repository):
    sizes = [(repository / "data" / "sample" / name).stat().st_size for name in NAMES]
    assert sum(sizes) < 3_000_000


def test_another_seed_is_another_borough(written, tmp_path):
    paths = write_sample(tmp_path, seed=23)
    assert {path.name for path in paths} == NAMES
    same = [path.name for path in paths if sha256_of(path) == sha256_of(written / path.name)]
    assert same == ["shifts.csv"]


def test_areas_are_rfc_7946_and_say_that_they_are_synthetic(written):
    content = json.loads((written / "areas.geojson").read_text(encoding="utf-8"))
    assert "synthetic" in content["name"].lower()
    assert "Synthetic" in content["note"]
    assert "crs" not in content
    first = content["features"][0]
    assert first["properties"]["LSOA21CD"] == "X01000001"
    assert first["properties"]["synthetic"] is True
    ring = first["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
    assert area > 0
    assert -0.9 < ring[0][0] < -0.6


def test_stages_are_told_and_a_stop_leaves_no_half_written_file(tmp_path, borough, monkeypatch):
    monkeypatch.setattr("ntgeo.sample.borough.build_borough", lambda _seed: borough)
    recorder = _Recorder(stop_at="writing service records")
    with pytest.raises(CancelledError):
        write_sample(tmp_path, progress=recorder)
    assert recorder.stages[0] == "building the synthetic borough"
    assert {path.name for path in tmp_path.iterdir()} == NAMES - {"records.csv"}


def test_the_command_writes_and_says_what(tmp_path, capsys, monkeypatch):
    asked = {}

    def _write(folder, **options):
        asked.update(options, folder=folder)
        path = tmp_path / "x.csv"
        path.write_text("four", encoding="utf-8")
        return (path,)

    monkeypatch.setattr("ntgeo.sample.__main__.write_sample", _write)
    assert main([str(tmp_path), "--seed", "7", "--full"]) == 0
    assert asked == {"folder": tmp_path, "seed": 7, "full_scale": True}
    assert capsys.readouterr().out == "x.csv: 4 bytes\n"


def test_importing_the_room_is_light():
    code = (
        "import sys, ntgeo.sample; "
        "print(any(m in sys.modules for m in ('shapely', 'osmium', 'scipy')))"
    )
    run = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "False"
