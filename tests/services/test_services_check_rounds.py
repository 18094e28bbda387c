"""A manager's own rounds, beside ntgeo's."""

import json
import shutil

import pytest

from ntgeo import Workspace
from ntgeo.cli.app import app
from ntgeo.cli.door import guarded
from ntgeo.errors import DataUnavailableError, InputError
from ntgeo.services.check_rounds import check_rounds


@pytest.fixture
def scenario(repository, tmp_path):
    """The sample without its roads: straight lines are enough to check by."""
    folder = tmp_path / "borough"
    shutil.copytree(repository / "data" / "sample", folder)
    path = folder / "scenario.toml"
    path.write_text(path.read_text().replace('network = "roads.osm.pbf"\n', ""))
    return path


@pytest.fixture
def settings(tmp_path):
    return Workspace(tmp_path).settings


def write(folder, *rows):
    path = folder / "mine.csv"
    path.write_text("\n".join(["shift_id,visit_id,begin", *rows]) + "\n")
    return path


def ntgeo(*arguments):
    return guarded(lambda: app([str(a) for a in arguments], standalone_mode=False))


def test_a_plan_is_checked_against_a_scenario(scenario, settings, tmp_path):
    mine = write(tmp_path, "SH01,V002,07:30", "SH01,V999,", "SH01,V001,06:00")
    found = check_rounds(scenario, mine, settings)
    assert {breach.rule for breach in found.breaches} >= {"known-visits", "begins"}
    assert found.plan.cost.total_gbp > 0
    assert found.ours is None


def test_faulty_files_are_refused(scenario, settings, tmp_path):
    with pytest.raises(InputError, match="is not a time of day"):
        check_rounds(scenario, write(tmp_path, "SH01,V002,soon"), settings)
    with pytest.raises(DataUnavailableError):
        check_rounds(scenario, tmp_path / "nowhere.csv", settings)
    without = scenario.with_name("siting.toml")
    text = scenario.read_text()
    without.write_text(text[: text.index("[rounds]")])
    with pytest.raises(InputError, match="no such table"):
        check_rounds(without, write(tmp_path, "SH01,V002,"), settings)


def test_the_command_tells_breaches_and_costs(scenario, tmp_path, capsys):
    mine = write(tmp_path, "SH01,V002,07:30", "SH01,V002,", "SH77,V001,")
    assert ntgeo("check", scenario, "--plan", mine, "--folder", tmp_path) == 2
    told = capsys.readouterr().out
    assert "mine.csv breaks rules" in told
    assert "- mine.csv row 3: V002 is in SH01 already (row 2)" in told
    assert "- mine.csv row 4: SH77 is no shift of the day" in told
    assert "Visits in no round" in told
    assert "  in all" in told


def test_a_run_tells_its_own_plan_beside(sample_run, tmp_path, capsys):
    stops = (sample_run.folder / "stops.csv").read_text().splitlines()
    head = stops[0].split(",")
    kind, shift, place, begin = map(head.index, ("kind", "shift_id", "place_id", "begin"))
    cells = [line.split(",") for line in stops[1:]]
    visits = [row for row in cells if row[kind] == "visit"]
    mine = write(tmp_path, *(f"{row[shift]},{row[place]}," for row in visits))
    code = ntgeo("check", sample_run.folder, "--plan", mine, "--json")
    told = json.loads(capsys.readouterr().out)
    assert begin
    assert code in {0, 1}, told["breaches"]
    assert told["keeps_every_rule"]
    assert told["unmade"] == told["ours"]["unmade"]
    assert told["total_gbp"] >= told["ours"]["total_gbp"] - 0.01
