import hashlib
import json
import re
import shutil
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace

import geopandas as gpd
import pandas as pd
import pytest
from tiny_borough import write_borough

from ntgeo import Workspace
from ntgeo.domain.run import RunOutcome
from ntgeo.domain.units import LONDON
from ntgeo.files import sha256_of
from ntgeo.services.check_run import check_run
from ntgeo.services.run_files import RUN_FILE, SEAL_FILE, read_run, write_run_record
from ntgeo.services.run_folder import new_run_folder

PLAN_FILES = (
    *("siting.json", "siting_travel.npz", "rounds.json", "rounds_travel.npz", "plan.gpkg"),
    *("sites.csv", "areas.csv", "stops.csv", "shifts.csv", "unmade.csv", "demand.csv"),
    *("tables.xlsx", "columns.csv", "calendars/round-SH01.ics", "gpx/round-SH01.gpx"),
    *("map.html", "rounds.html", "map.svg", "rounds.svg", "route_sheets.html"),
)


@pytest.fixture
def run_copy(sample_run, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(sample_run.folder, folder)
    return folder


def test_a_run_folder_holds_what_its_record_lists(sample_run):
    files = [path for path in sample_run.folder.rglob("*") if path.is_file()]
    there = {path.relative_to(sample_run.folder).as_posix() for path in files}
    listed = {item.file for item in sample_run.record.outputs}
    assert there == listed | {RUN_FILE, SEAL_FILE}
    assert {"report.html", *PLAN_FILES} <= listed
    assert all(item.description for item in sample_run.record.outputs)
    assert [item for item in sample_run.folder.parent.iterdir() if item.name.startswith(".")] == []


def test_the_sample_is_answered_but_for_the_visit_nobody_has_the_skill_for(sample_run):
    record = sample_run.record
    assert record.outcome is RunOutcome.DONE_WITH_UNSERVED
    assert record.siting.status == "optimal"
    assert record.demand_in == pytest.approx(record.demand_out, abs=1e-6)
    assert len(sample_run.sentences) == 5
    unmade = pd.read_csv(sample_run.folder / "unmade.csv")
    assert unmade["code"].tolist() == ["no-skill"]


def test_a_record_tells_every_input_by_its_hash(sample_run, repository):
    for item in sample_run.record.inputs:
        assert item.sha256 == sha256_of(repository / "data" / "sample" / item.file)
        assert item.rows
    assert not any("/" in item.file for item in sample_run.record.inputs)


def test_every_area_is_allocated_once_and_sums_to_the_unit(sample_run):
    areas = pd.read_csv(sample_run.folder / "areas.csv")
    siting = json.loads((sample_run.folder / "siting.json").read_text())
    assert areas["lsoa"].is_unique
    assert areas["lsoa"].tolist() == siting["problem"]["areas"]
    assert areas["demand"].sum() == pytest.approx(sum(siting["problem"]["demand"]))
    layer = gpd.read_file(sample_run.folder / "plan.gpkg", layer="areas")
    assert layer["site_id"].tolist() == areas["site_id"].tolist()
    assert layer.crs.to_epsg() == 27700


def test_small_counts_are_withheld_from_every_table(sample_run, repository):
    shown = pd.read_csv(sample_run.folder / "demand.csv")
    counts = shown["count"].dropna()
    assert (counts % 5 == 0).all()
    assert shown["count"].isna().any()
    records = pd.read_csv(repository / "data" / "sample" / "records.csv")
    true = records.groupby(["lsoa", "service"]).size().rename("true").reset_index()
    both = shown.merge(true, on=["lsoa", "service"])
    assert both.loc[both["true"].between(1, 4), "count"].isna().all()


def test_no_person_and_no_path_of_this_machine_is_in_any_text(sample_run, repository):
    people = pd.read_csv(repository / "data" / "sample" / "records.csv", dtype=str)["person_id"]
    sought = {*people.head(200), str(repository), str(sample_run.folder.parents[2])}
    for path in sample_run.folder.rglob("*"):
        if path.suffix in {".html", ".json", ".csv", ".toml", ".svg", ".ics", ".gpx"}:
            text = path.read_text(encoding="utf-8")
            assert not [word for word in sought if word in text], path.name


def test_the_check_finds_a_sound_run_sound(sample_run):
    assert check_run(sample_run.folder).is_sound


@pytest.mark.parametrize("file", [*PLAN_FILES, "report.html", "scenario.toml"])
def test_the_check_refuses_any_altered_file(run_copy, file):
    path = run_copy / file
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    found = check_run(run_copy)
    assert any(file in fault and "altered" in fault for fault in found.altered)


def test_the_check_refuses_missing_and_foreign_files_and_a_broken_seal(run_copy):
    (run_copy / "map.html").unlink()
    (run_copy / "notes.txt").write_text("mine")
    (run_copy / SEAL_FILE).write_text("0" * 64)
    altered = " ".join(check_run(run_copy).altered)
    assert "map.html is missing" in altered
    assert "notes.txt was not written by the run" in altered
    assert "seal" in altered


def reseal(folder, **changes):
    """Write the record anew, with every hash made to fit: a forger who thought of the seal."""
    record = read_run(folder)
    outputs = tuple(replace(item, sha256=sha256_of(folder / item.file)) for item in record.outputs)
    write_run_record(folder, replace(record, outputs=outputs, **changes))


def forge(folder, name, change):
    path = folder / name
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))
    reseal(folder)
    found = check_run(folder)
    assert found.altered == ()
    return " ".join(found.faults)


def test_the_check_knows_the_rules_even_where_every_hash_fits(run_copy):
    def cheapen(content):
        content["plan"]["report"]["objective"] /= 2
        content["plan"]["report"]["bound"] /= 2

    assert "objective" in forge(run_copy, "siting.json", cheapen)


def test_the_check_counts_demand_itself(run_copy):
    reseal(run_copy, demand_out=1.0)
    assert any("demand out" in fault for fault in check_run(run_copy).faults)


def test_the_check_sees_a_visit_taken_out_of_its_round(run_copy):
    def forget(content):
        stops = content["plan"]["routes"][0]["stops"]
        del stops[next(i for i, stop in enumerate(stops) if stop["kind"] == "visit")]

    assert forge(run_copy, "rounds.json", forget)


def digests(folder):
    names = [name.replace("SH01", "A") for name in PLAN_FILES]
    return {name: sha256_of(folder / name) for name in names}


def shuffled(borough, seed):
    for path in sorted(borough.glob("*.csv")):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        table.sample(frac=1, random_state=seed).to_csv(path, index=False, lineterminator="\n")
    areas = json.loads((borough / "areas.geojson").read_text())
    areas["features"].reverse()
    (borough / "areas.geojson").write_text(json.dumps(areas))


def test_the_same_question_gives_the_same_files_whatever_the_order_of_rows(tmp_path):
    borough = tmp_path / "borough"
    write_borough(borough)
    scenario = borough / "scenario.toml"  # with time enough for its proof on a busy machine
    scenario.write_text(scenario.read_text().replace("time_limit_s = 2", "time_limit_s = 120"))
    first = Workspace(tmp_path).run(borough / "scenario.toml")
    shuffled(borough, 5)
    again = Workspace(tmp_path).run(borough / "scenario.toml")
    assert first.folder != again.folder
    assert digests(again.folder) == digests(first.folder)


def test_two_runs_in_one_second_do_not_mix(tmp_path):
    started = datetime(2026, 11, 24, 7, 30, tzinfo=LONDON)
    published = []
    for text in ("one", "two"):
        with new_run_folder(tmp_path) as folder:
            (folder.partial / "a.txt").write_text(text)
            published.append(folder.publish(started))
    assert [path.name for path in published] == ["2026-11-24T073000", "2026-11-24T073000-2"]
    assert [(path / "a.txt").read_text() for path in published] == ["one", "two"]


def test_a_failed_run_leaves_nothing_and_a_killed_one_is_swept(tmp_path):
    killed = tmp_path / ".partial-999999999-abc"
    killed.mkdir()

    def fail():
        with new_run_folder(tmp_path) as folder:
            (folder.partial / "a.txt").write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("free", "raised"), [(1000, OSError), (10**10, RuntimeError)])
def test_a_full_disk_is_told_whatever_a_library_calls_it(tmp_path, monkeypatch, free, raised):
    left = SimpleNamespace(free=free)
    monkeypatch.setattr("ntgeo.services.run_folder.shutil.disk_usage", lambda _: left)
    with pytest.raises(raised), new_run_folder(tmp_path):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_the_seal_is_as_sha256sum_writes_it(sample_run):
    digest, name = (sample_run.folder / SEAL_FILE).read_text().split()
    assert name == RUN_FILE
    assert digest == hashlib.sha256((sample_run.folder / RUN_FILE).read_bytes()).hexdigest()


def test_what_may_be_published_lies_apart_and_tells_of_areas_only(sample_run):
    public = sample_run.folder / "public"
    files = {path.name: path for path in public.iterdir()}
    assert {"map.html", "map.png", "report.html", "report.pdf", "tables.xlsx"} <= set(files)
    assert {"areas.csv", "sites.csv", "access_by_decile.csv", "plan.gpkg"} <= set(files)
    of_staff = {"stops.csv", "shifts.csv", "rounds.html", "route_sheets.html", "siting.json"}
    assert not of_staff & set(files)
    staff = pd.read_csv(sample_run.folder / "stops.csv")
    known = {*staff["visit_id"].dropna(), *staff["shift_id"], *staff["staff_id"]}
    for name in ("map.html", "report.html", "areas.csv", "sites.csv", "map.svg"):
        text = files[name].read_text(encoding="utf-8")
        words = set(re.findall(r"[A-Za-z]+\d+", text))
        assert not known & words, name
    page = files["map.html"].read_text(encoding="utf-8")
    assert '<option value="0" selected>Demand</option>' not in page
    assert "selected>Demand</option>" in (sample_run.folder / "map.html").read_text(
        encoding="utf-8"
    )
    assert check_run(sample_run.folder).is_sound
