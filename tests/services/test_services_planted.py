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

import numpy as np
import pantab
import pypdf
import pytest

from ntgeo import Workspace

PLANTED = {
    "ref_a": "9434765919",  # an NHS number
    "ref_b": "1931-04-17",
    "ref_c": "Ermintrude Quigglesby",
    "ref_d": "100023336956",  # a UPRN
    "ref_e": "e.quigglesby@example.org",
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


def test_layers_and_tables_of_every_kind_are_those_of_the_run(planted_run, tmp_path):
    import geopandas as gpd  # noqa: PLC0415 - slow to load
    import pandas as pd  # noqa: PLC0415 - slow to load
    from pyqvd import QvdTable  # noqa: PLC0415 - an extra

    run, _ = planted_run
    for path in run.glob("*.parquet"):
        layer = gpd.read_file(run / "plan.gpkg", layer=path.stem)
        assert len(gpd.read_parquet(path)) == len(layer)
    stops = pd.read_csv(run / "stops.csv")
    logs = {"log_dir": str(tmp_path)}
    extract = pantab.frame_from_hyper(run / "tables.hyper", table="stops", process_params=logs)
    qlik = QvdTable.from_qvd(str(run / "stops.qvd")).to_pandas()
    for other in (extract, qlik):
        assert other["place_id"].tolist() == stops["place_id"].tolist()
        assert np.allclose(other["arrive_s"].astype(float), stops["arrive_s"])
        assert other["arrive"].tolist() == stops["arrive"].tolist()
    layer = gpd.read_file(run / "plan.gpkg", layer="stops")
    assert layer["place_id"].tolist() == stops["place_id"].tolist()
    assert np.allclose(layer["arrive_s"], stops["arrive_s"])
    sheets = (run / "route_sheets.html").read_text(encoding="utf-8")
    visits = stops[stops["kind"] == "visit"]
    told = re.findall(r"Visit (V\d+)", sheets)
    assert told == visits["visit_id"].tolist()
