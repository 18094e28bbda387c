import json
import shutil

import pytest

from ntgeo import Workspace
from ntgeo.cli.app import app
from ntgeo.cli.door import exit_code_of, guarded
from ntgeo.errors import (
    CancelledError,
    DataUnavailableError,
    Fault,
    InfeasibleError,
    InputError,
    PlanRejectedError,
    ScenarioError,
    SettingsError,
)


def ntgeo(*arguments):
    return guarded(lambda: app([str(a) for a in arguments], standalone_mode=False))


@pytest.fixture
def scenario(repository):
    return repository / "data" / "sample" / "scenario.toml"


FAULT = Fault(file="a.csv", what="odd", fix="mend it", code="odd")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InputError(FAULT), 2),
        (ScenarioError(FAULT), 2),
        (SettingsError("odd"), 2),
        (InfeasibleError("none"), 3),
        (DataUnavailableError("a", "b", "c"), 4),
        (PlanRejectedError(["odd"]), 70),
        (CancelledError("stopped"), 130),
    ],
)
def test_each_error_has_its_exit_code(error, code):
    assert exit_code_of(error) == code


def test_a_bug_shows_neither_traceback_nor_data(capsys):
    def fail():
        raise ValueError("Sian Jones, born 1950-02-03")

    assert guarded(fail) == 70
    told = capsys.readouterr().err
    assert "bug in ntgeo" in told
    assert "ValueError in test_cli_app.py line" in told
    assert "Sian" not in told
    assert "Traceback" not in told


def test_ctrl_c_and_a_full_disk_end_in_words(capsys):
    def interrupt():
        raise KeyboardInterrupt

    def fill():
        raise OSError(28, "No space left on device", "/somewhere/plan.gpkg")

    assert guarded(interrupt) == 130
    assert guarded(fill) == 4
    told = capsys.readouterr().err
    assert "nothing was published" in told
    assert "plan.gpkg: the system refused it (No space left on device)" in told
    assert "/somewhere" not in told


@pytest.mark.parametrize("arguments", [["--bogus"], ["run"], ["run", "a", "b"], ["fly"]])
def test_a_misused_command_says_how_to_see_what_there_is(arguments, capsys):
    assert ntgeo(*arguments) == 2
    told = capsys.readouterr().err
    assert "ntgeo --help" in told


def test_the_schema_is_that_of_the_scenario(capsys):
    assert ntgeo("schema") == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["properties"]["siting"]
    assert schema["additionalProperties"] is False
    described = json.dumps(schema)
    assert "Names the folder of its runs" in described


def test_check_tells_a_sound_run_from_an_altered_one(sample_run, tmp_path, capsys):
    assert ntgeo("check", sample_run.folder) == 0
    assert "is sound" in capsys.readouterr().out
    copy = tmp_path / "run"
    shutil.copytree(sample_run.folder, copy)
    (copy / "sites.csv").write_text("site_id\n")
    assert ntgeo("check", copy, "--json") == 2
    told = json.loads(capsys.readouterr().out)
    assert told["is_sound"] is False
    assert told["altered"] == ["sites.csv was altered after the run"]
    assert ntgeo("check", tmp_path) == 4


def test_demand_as_json_keeps_every_use_and_withholds_small_counts(scenario, tmp_path, capsys):
    assert ntgeo("demand", scenario, "--folder", tmp_path, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["records_kept"] == {"records.csv": 12_000}
    counts = [row["count"] for row in told["use_by_area"]]
    assert None in counts
    assert all(count is None or count % 5 == 0 for count in counts)


def test_matrix_writes_every_pair(scenario, tmp_path, capsys):
    out = tmp_path / "times.csv"
    assert ntgeo("matrix", scenario, "--folder", tmp_path, "--out", out) == 0
    told = capsys.readouterr().out
    assert "pairs by car" in told
    assert "from 0.8 to 1.4 times the central ones" in told
    lines = out.read_text().splitlines()
    assert lines[0] == "origin_id,destination_id,time_s,time_low_s,time_high_s,distance_m"
    assert (len(lines) - 1) % 130 == 0
    central, low, high = (float(cell) for cell in lines[1].split(",")[2:5])
    assert (low, high) == (pytest.approx(0.8 * central), pytest.approx(1.4 * central))
    assert ntgeo("matrix", scenario, "--folder", tmp_path, "--out", out, "--json") == 0
    told = json.loads(capsys.readouterr().out)["range"]
    assert (told["low_share"], told["high_share"]) == (0.8, 1.4)


def test_the_command_line_and_python_give_the_same_answer(scenario, tmp_path, capsys):
    assert ntgeo("site", scenario, "--folder", tmp_path, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    siting = Workspace(tmp_path).site(scenario)
    assert told["opened"] == list(siting.plan.opened)
    assert told["report"]["objective"] == siting.plan.report.objective
    assert told["report"]["gap_share"] == 0
    explained = siting.explained
    assert len(told["siting_changes"]) == len(explained.changes)
    assert [plan["objective"] for plan in told["siting_next_best"]] == [
        plan.report.objective for plan in explained.next_best
    ]
    assert len(told["siting_flips"]) == len(explained.flips)
    means = {row["imd_decile"]: row["mean_after_s"] for row in told["access_by_decile"]}
    for decile, access in explained.access.by_decile.items():
        assert means[decile] == pytest.approx(access.after.mean_s)
    ages = {row["age_group"]: row["mean_before_s"] for row in told["access_by_age"]}
    for name, access in explained.access.by_age_group.items():
        assert ages[name] == pytest.approx(access.before.mean_s)


def test_the_plan_is_told_in_words_without_what_else_could_be_done(scenario, tmp_path, capsys):
    assert ntgeo("site", scenario, "--folder", tmp_path, "--no-explain") == 0
    told = capsys.readouterr().out
    assert "This is proven best: no other choice of 8 sites gives a shorter average" in told
    for caption in ("Sites open today or in the plan", "Journeys by age, today and in the plan"):
        assert caption in told
    assert "What closing each open site would mean" not in told


def test_a_torn_cache_is_built_again(scenario, tmp_path):
    first = Workspace(tmp_path).matrix(scenario)
    kept = list((tmp_path / "data" / "cache").rglob("*.npz"))
    assert kept
    for path in kept:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    again = Workspace(tmp_path).matrix(scenario)
    assert (first.time_s == again.time_s).all()
