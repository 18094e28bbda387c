"""``ntgeo validate``: all that is wrong with files, at once, and nothing planned."""

import csv
import json

import pytest

from ntgeo import Workspace
from ntgeo.cli.app import app
from ntgeo.cli.door import guarded
from ntgeo.services.validate_file import FILE_KINDS, validate_file


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def validate(borough, capsys, *files, options=()):
    paths = [str(borough / file) for file in files]
    code = guarded(
        lambda: app(["validate", *paths, "--folder", str(borough), *options], standalone_mode=False)
    )
    shown = capsys.readouterr()
    assert "Traceback" not in shown.err
    assert not (borough / "maps").exists()
    return code, shown.out, shown.err


def test_a_sound_scenario_is_told_file_by_file(borough, capsys):
    code, out, _ = validate(borough, capsys, "scenario.toml")
    assert code == 0
    assert "480 uses = 480 here + 0 in other areas + 0 set aside" in out
    assert "Nothing stands in the way of a plan." in out
    for line in ("areas.geojson                          8 rows", "depots.csv"):
        assert line in out


def test_faults_of_many_files_are_told_at_once_with_all_their_rows(borough, capsys, tmp_path):
    edit(borough / "visits.csv", "V2,30,", "V1,thirty,")
    edit(borough / "shifts.csv", "B,A2,08:00", "B,A2,8 o'clock")
    edit(borough / "sites.csv", "S2,School", "S1,School")
    edit(borough / "population.csv", "E01008163", "E01008162")
    rejects = tmp_path / "rejects.csv"
    code, _, err = validate(borough, capsys, "scenario.toml", options=("--rejects", str(rejects)))
    assert code == 2
    for file in ("visits.csv", "shifts.csv", "sites.csv", "population.csv"):
        assert f"Refused: {file} row" in err
    assert "mend these, and validate again" in err
    with rejects.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["file"] for row in rows} == {
        "visits.csv", "shifts.csv", "sites.csv", "population.csv"
    }  # fmt: skip
    assert all(row["what"] and row["fix"] and row["code"] for row in rows)


def test_files_that_are_sound_alone_are_judged_together(borough, capsys):
    edit(borough / "scenario.toml", "site_count = 2", "site_count = 12")
    code, _, err = validate(borough, capsys, "scenario.toml")
    assert code == 2
    assert "siting.site_count" in err
    assert "validate again" not in err


def test_rows_set_aside_are_told_and_a_run_would_go_on(borough, capsys):
    edit(borough / "demand.csv", "E01008163,housing", "E0100816,housing")
    code, out, _ = validate(borough, capsys, "scenario.toml")
    assert code == 0
    assert 'Set aside: demand.csv row 3, column lsoa21cd, value "E0100816"' in out
    assert "2 set aside" in out


def test_a_file_that_is_not_there_hides_no_fault_of_another(borough, capsys):
    (borough / "sites.csv").unlink()
    edit(borough / "visits.csv", "V2,30,", "V2,thirty,")
    code, _, err = validate(borough, capsys, "scenario.toml")
    assert code == 2
    assert "sites.csv: there is no such file" in err
    assert 'value "thirty"' in err
    edit(borough / "visits.csv", "V2,thirty,", "V2,30,")
    assert validate(borough, capsys, "scenario.toml")[0] == 4


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("visits.csv", "visits"),
        ("shifts.csv", "shifts"),
        ("depots.csv", "depots"),
        ("sites.csv", "sites"),
        ("demand.csv", "records"),
        ("lookup.csv", "lookup"),
        ("postcodes.csv", "postcodes"),
        ("population.csv", "population"),
        ("deprivation.csv", "deprivation"),
        ("centroids.csv", "centroids"),
        ("areas.geojson", "areas"),
        ("roads.osm", "roads"),
    ],
)
def test_a_single_file_is_known_by_its_headings_or_its_ending(borough, file, kind):
    found = validate_file(borough / file)
    assert found.is_sound
    assert (found.inputs[0].role, found.inputs[0].file) == (kind, file)
    assert found.inputs[0].rows > 0
    assert kind in FILE_KINDS


@pytest.mark.parametrize(("file", "old"), [("visits.csv", "09:00"), ("shifts.csv", "08:00")])
def test_a_single_file_with_dates_is_judged_by_its_own_day(borough, capsys, file, old):
    text = (borough / file).read_text(encoding="utf-8")
    (borough / file).write_text(text.replace(old, f"2026-11-24 {old}"), encoding="utf-8")
    code, out, err = validate(borough, capsys, file)
    assert code == 0, err
    if file == "visits.csv":
        edit(borough / file, f"2026-11-24 {old}", f"2026-11-21 {old}")
        _, out, _ = validate(borough, capsys, file)
        assert "is on 21/11/2026, but the plan is of 24/11/2026" in out


def test_single_files_are_told_one_after_the_other(borough, capsys):
    edit(borough / "visits.csv", "V2,30,", "V2,thirty,")
    (borough / "odd.csv").write_text("a,b\n1,2\n")
    code, out, err = validate(borough, capsys, "odd.csv", "visits.csv", "depots.csv", "gone.csv")
    assert code == 2
    assert "do not tell what it holds" in err
    assert 'value "thirty"' in err
    assert "gone.csv: there is no such file" in err
    assert "depots.csv" in out
    assert validate(borough, capsys, "gone.csv")[0] == 4
    assert validate(borough, capsys, "odd.csv", options=("--as", "sights"))[0] == 2
    assert "no file is read as this" in validate(
        borough, capsys, "odd.csv", options=("--as", "sights")
    )[2]  # fmt: skip


def test_json_and_python_tell_the_same(borough, capsys):
    edit(borough / "demand.csv", "E01008163,housing", "E0100816,housing")
    _, out, _ = validate(borough, capsys, "scenario.toml", options=("--json",))
    told = json.loads(out)["files"][0]
    found = Workspace(borough).validate(borough / "scenario.toml")
    assert told["is_sound"] is found.is_sound is True
    assert [item["file"] for item in told["inputs"]] == [item.file for item in found.inputs]
    assert [item["row"] for item in told["set_aside"]] == [3]
    counts = told["records"][0]
    assert counts["total"] == counts["kept"] + counts["outside"] + counts["set_aside"]


def test_a_scenario_that_cannot_be_asked_is_refused_beside_sound_files(borough, capsys):
    edit(borough / "scenario.toml", "site_count", "site_coun")
    code, out, err = validate(borough, capsys, "scenario.toml", "depots.csv")
    assert code == 2
    assert "site_coun" in err
    assert "Nothing stands in the way" in out


WEEK = """visit_id,duration_min,easting,northing,date
V1,30,430250,570250,2026-11-24
V1,30,430250,570250,2026-11-25
V2,{},430250,570250,2026-11-26
"""


def test_every_day_of_a_week_is_looked_at(borough, capsys):
    (borough / "visits.csv").write_text(WEEK.format(45))
    code, out, _ = validate(borough, capsys, "visits.csv")
    assert code == 0
    assert "3 rows" in out
    assert "of other days" not in out
    with (borough / "visits.csv").open("a") as visits:
        visits.write("V3,30,430250,570250,\n")
    assert "4 rows" in validate(borough, capsys, "visits.csv")[1]
    (borough / "visits.csv").write_text(WEEK.format("long"))
    code, _, err = validate(borough, capsys, "visits.csv")
    assert code == 2
    assert 'visits.csv row 4, column duration_min, value "long"' in err
