"""Personal data in columns that nobody asked for, in every input, is in no byte of a run."""

import csv
import io
import json
import re
import shutil
import tempfile
import zipfile
import zlib
from pathlib import Path

import pantab
import pypdf
import pytest
from round_files import (
    TIMES,
    in_calendars,
    in_page,
    in_print,
    in_table,
    in_tracks,
    planned,
    tables,
)

from ntgeo import Workspace

pytestmark = pytest.mark.slow

PLANTED = {
    "ref_a": "9434765919",  # an NHS number
    "ref_b": "1931-04-17",
    "ref_c": "Ermintrude Quigglesby",
    "ref_d": "100023336956",  # a UPRN
    "ref_e": "e.quigglesby@example.org",
}
ALL_OF_A_STOP = {"kind", "place", *TIMES, *(f"{time}_s" for time in TIMES)}
READERS = {"html": in_page, "pdf": in_print, "ics": in_calendars, "gpx": in_tracks}
TOLD = {
    **{key: {"kind", "place", *TIMES} for key in ("html", "pdf")},
    "ics": {"kind", "place", "begin_s", "leave_s"},
    "gpx": {"kind", "place", "begin_s"},
    **dict.fromkeys(("gpkg", "parquet", "csv", "xlsx", "hyper", "qvd"), ALL_OF_A_STOP),
}
"""What each kind of file tells of a stop; those for people leave out what needs no word."""
LEFT_OUT = {
    **{key: {"place"} for key in [("html", "break"), ("pdf", "break"), ("ics", "break")]},
    **{key: {"leave"} for key in [("html", "end"), ("pdf", "end")]},
}
QUICK = """
[siting.explain]
changes = false
flips = false
next_best_count = 0

[rounds.explain]
changes = false
"""


def planted_csv(path):
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*rows[0], *PLANTED])
        writer.writerows([*row, *PLANTED.values()] for row in rows[1:])


def planted_areas(path):
    areas = json.loads(path.read_text(encoding="utf-8"))
    for feature in areas["features"]:
        feature["properties"] |= PLANTED
    path.write_text(json.dumps(areas), encoding="utf-8")


@pytest.fixture(scope="module")
def planted_run(repository, tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted")
    data = folder / "data"
    shutil.copytree(repository / "data" / "sample", data)
    tables = sorted(data.glob("*.csv"))
    assert len(tables) == 10
    for path in tables:
        planted_csv(path)
    planted_areas(data / "areas.geojson")
    scenario = data / "scenario.toml"
    text = scenario.read_text(encoding="utf-8")
    text = text.replace("time_limit_s = 40", "time_limit_s = 10")
    text = text.replace("is_synthetic = true", 'exports = ["parquet", "hyper", "qvd"]')
    scenario.write_text(text + QUICK, encoding="utf-8")
    run = Workspace(folder).run(scenario)
    assert run.record.rounds is not None
    return run.folder, folder / "data" / "cache"


def contents(path: Path) -> bytes:
    """What a file holds, taken out of whatever it is packed in."""
    found = path.read_bytes()
    if path.suffix in {".xlsx", ".npz"}:
        with zipfile.ZipFile(path) as archive:
            found += b"".join(archive.read(name) for name in archive.namelist())
    elif path.suffix == ".pdf":
        pages = pypdf.PdfReader(io.BytesIO(found)).pages
        found += " ".join(page.extract_text() for page in pages).encode()
    elif path.suffix == ".png":
        chunks = re.findall(rb"(?:tEXt|iTXt|zTXt)(.{0,2000})", found, re.DOTALL)
        found += b"".join(zlib.decompressobj().decompress(c) for c in chunks if c[:1] == b"\x78")
    elif path.suffix == ".hyper":
        with tempfile.TemporaryDirectory() as logs:
            frames = pantab.frames_from_hyper(path, process_params={"log_dir": logs})
        found += " ".join(frame.to_csv() for frame in frames.values()).encode()
        found += " ".join(map(str, frames)).encode()
    return found


def test_no_byte_of_a_run_or_of_its_cache_holds_what_was_planted(planted_run):
    run, cache = planted_run
    files = [path for folder in (run, cache) for path in folder.rglob("*") if path.is_file()]
    kinds = {path.suffix for path in files}
    assert {".html", ".png", ".svg", ".pdf", ".gpkg", ".csv", ".xlsx", ".json"} <= kinds
    assert {".parquet", ".hyper", ".qvd", ".ics", ".gpx", ".npz"} <= kinds
    words = [*PLANTED.values(), "Ermintrude", "Quigglesby", "quigglesby"]
    for path in files:
        found = contents(path)
        for word in words:
            for kind in ("utf-8", "utf-16-le"):
                assert word.encode(kind) not in found, (path.name, word)
        assert not any(name.encode() in found for name in PLANTED), path.name


def test_layers_of_every_kind_are_those_of_the_run(planted_run):
    import geopandas as gpd  # noqa: PLC0415 - slow to load

    run, _ = planted_run
    for path in run.glob("*.parquet"):
        layer = gpd.read_file(run / "plan.gpkg", layer=path.stem)
        assert len(gpd.read_parquet(path)) == len(layer)


@pytest.mark.parametrize("file", TOLD)
def test_every_stop_of_every_round_is_told_alike_by_every_file(planted_run, file):
    run, _ = planted_run
    plan = planned(run)
    found = READERS[file](run) if file in READERS else in_table(tables(run, file))
    assert list(found) == sorted(plan)
    assert sum(stop["kind"] == "visit" for stops in found.values() for stop in stops) > 50
    for shift, stops in found.items():
        kinds = {"visit", "break"} if file == "ics" else {"start", "visit", "break", "end"}
        meant = [stop for stop in plan[shift] if stop["kind"] in kinds]
        assert len(stops) == len(meant), shift
        for stop, planned_stop in zip(stops, meant, strict=True):
            assert stop.keys() == TOLD[file] - LEFT_OUT.get((file, stop["kind"]), set())
            assert is_same(stop, planned_stop, 0.5 if file in READERS else 1e-6), (shift, stop)


def is_same(stop, planned_stop, tolerance_s):
    """Whether what is told of a stop is what was planned; files for people tell whole seconds."""
    return all(
        abs(value - planned_stop[name]) <= tolerance_s
        if name.endswith("_s")
        else value == planned_stop[name]
        for name, value in stop.items()
    )
