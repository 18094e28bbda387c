"""What is done to files so that they can be read: noted beside the file, and switched off."""

import json
from pathlib import Path

import pytest
from tiny_borough import CODES

from ntgeo.cli.app import app
from ntgeo.cli.door import guarded
from ntgeo.domain.scenario import CleansingTable


def change(path: Path, old: str, new: str, *, count: int = 1) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def validate(borough, capsys):
    """Return the exit code, and what ``ntgeo validate --json`` tells of the scenario."""
    asked = ["validate", str(borough / "scenario.toml"), "--folder", str(borough), "--json"]
    capsys.readouterr()
    code = guarded(lambda: app(asked, standalone_mode=False))
    (told,) = json.loads(capsys.readouterr().out)["files"]
    return code, told


def in_utf_16(path):
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))


def in_windows_1252(path):
    path.write_bytes(path.read_bytes().replace(b"Chapel", b"Caf\xe9"))


def under_a_title(path):
    path.write_text("Made for the planners\n\n" + path.read_text(encoding="utf-8"))


def by_semicolons(path):
    path.write_text(path.read_text(encoding="utf-8").replace(",", ";"))


def with_a_blank_that_does_not_show(path):
    change(path, CODES[3], f"{CODES[3]}\u00a0")


def with_pounds(path):
    change(path, ",300,", ',"£1,300",')


def day_first(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines[1:]]
    turned = [[a, b, "/".join(reversed(day.split("-"))), n] for a, b, day, n in rows]
    path.write_text("\n".join([lines[0], *map(",".join, turned)]) + "\n")


def by_postcode(path):
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    placed = [[f"ne29{1 + CODES.index(code)}aa", *rest] for code, *rest in rows]
    path.write_text("\n".join(["postcode,service,date,count", *map(",".join, placed)]) + "\n")


def one_site_by_postcode(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[1] = ",".join([*lines[1].split(",")[:-2], "", "", "ne291aa"])
    path.write_text("\n".join([f"{lines[0]},postcode", lines[1], *(f"{x}," for x in lines[2:])]))


def in_small_letters(path):
    change(path, CODES[2], CODES[2].lower())


CASES = [
    ("encodings", "postcodes.csv", in_utf_16, "read as UTF-16"),
    ("encodings", "sites.csv", in_windows_1252, "read as Windows-1252"),
    ("layouts", "centroids.csv", under_a_title, "the headings are taken from row 3"),
    ("layouts", "lookup.csv", by_semicolons, "columns are separated by semicolons"),
    ("layouts", "visits.csv", under_a_title, "the headings are taken from row 3"),
    ("blanks", "population.csv", with_a_blank_that_does_not_show, "blanks that do not show"),
    ("numbers", "sites.csv", with_pounds, '"£1,234" is read as 1234'),
    ("dates", "demand.csv", day_first, "are day first"),
    ("postcodes", "demand.csv", by_postcode, "in capitals and with one blank"),
    ("postcodes", "sites.csv", one_site_by_postcode, "in capitals and with one blank"),
    ("codes", "deprivation.csv", in_small_letters, "in capitals, without blanks"),
    ("codes", "demand.csv", in_small_letters, "in capitals, without blanks"),
]


def test_every_kind_is_tried():
    assert {kind for kind, *_ in CASES} == set(CleansingTable.model_fields)


@pytest.mark.parametrize(("kind", "file", "spoil", "says"), CASES)
def test_a_cleansing_is_noted_beside_its_file(borough, capsys, kind, file, spoil, says):
    spoil(borough / file)
    code, told = validate(borough, capsys)
    assert code == 0, told
    (item,) = [item for item in told["inputs"] if item["file"] == file]
    assert any(says in note for note in item["notes"]), kind


@pytest.mark.parametrize(("kind", "file", "spoil", "says"), CASES)
def test_a_file_that_needs_what_is_switched_off_is_refused(
    borough, capsys, kind, file, spoil, says
):
    change(borough / "scenario.toml", "\n[demand]", f"\n[cleansing]\n{kind} = false\n\n[demand]")
    assert validate(borough, capsys)[0] == 0
    spoil(borough / file)
    code, told = validate(borough, capsys)
    assert code == 2
    (fault,) = told["faults"]
    assert fault["file"] == file
    assert fault["what"].startswith("needs a cleansing that is switched off")
    assert says in fault["what"]
    assert fault["fix"] == f"mend the file, or allow it with cleansing.{kind} = true"


def test_a_run_is_refused_alike_and_writes_nothing(borough, ask):
    change(borough / "scenario.toml", "\n[demand]", "\n[cleansing]\nnumbers = false\n\n[demand]")
    with_pounds(borough / "sites.csv")
    told = ask(borough, "run")
    assert told.code == 2
    assert "cleansing.numbers = true" in told.err


def test_a_run_keeps_what_was_done_in_its_record(borough, ask):
    with_pounds(borough / "sites.csv")
    told = ask(borough, "run")
    (item,) = [item for item in told.record["inputs"] if item["file"] == "sites.csv"]
    assert any('"£1,234" is read as 1234' in note for note in item["notes"])


def test_a_place_that_is_no_number_is_refused_not_left_out(borough, capsys):
    change(borough / "postcodes.csv", ",430250,", ",43o250,")
    code, told = validate(borough, capsys)
    assert code == 2
    (fault,) = told["faults"]
    assert (fault["column"], fault["value"]) == ("easting", "43o250")


def test_a_heading_that_is_nearly_known_is_told(borough, capsys):
    change(borough / "sites.csv", "capacity", "capcity")
    code, told = validate(borough, capsys)
    assert code == 0
    assert any("column D looks like capacity, and is not read" in note for note in told["notes"])
