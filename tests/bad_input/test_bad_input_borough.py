"""The borough itself is sound, so that what a case is told is about the case."""

import pytest
from asking import set_aside
from demand_rows import HEADINGS, write_demand
from spoiling import edit, set_cells


@pytest.mark.parametrize("command", ["demand", "site", "route"])
def test_each_step_answers(borough, ask, command):
    told = ask(borough, command)
    assert told.code == 0, told.words
    assert told.written == []
    assert "Set aside" not in told.words


def test_a_run_records_every_row_that_it_did_without(borough, ask):
    edit(borough / "demand.csv", ("E01008163,housing", "E0100816,housing"))
    set_cells(borough / "visits.csv", "V2", window_start="9.30")
    told = ask(borough, "run")
    place = {"file": "demand.csv", "row": 3, "column": "lsoa21cd", "value": "E0100816"}
    set_aside(told, "Set aside: ", **place, code=1)
    place = {"file": "visits.csv", "row": 3, "column": "window_start", "value": "9.30"}
    set_aside(told, "Set aside: ", **place, code=1)
    assert [line.split(",")[:2] for line in told.rejects[1:]] == [
        ["demand.csv", "3"],
        ["visits.csv", "3"],
    ]


def test_a_run_keeps_what_it_was_told_of_the_reading(borough, ask):
    """What was cleaned stands on the screen, in the record and in the report."""
    path = borough / "scenario.toml"
    path.write_text(path.read_text().partition("\n[siting]")[0])
    changes = {2: {"lsoa21nm": "=1+1"}, 3: {"lsoa21cd": "e01008163"}, 7: {"count": "£1,234"}}
    write_demand(borough, {**changes, 9: {"count": -2}}, headings=f"{HEADINGS},lsoa21nm")
    told = ask(borough, "run")
    cell = {"file": "demand.csv", "row": 9, "column": "count", "value": "-2"}
    set_aside(told, "must be at least 0", **cell)
    (read,) = [item for item in told.record["inputs"] if item["file"] == "demand.csv"]
    report = next(borough.rglob("report.html")).read_text()
    for says in ("starts like a formula", "read in capitals", "pound signs", "are set aside"):
        assert any(says in note for note in read["notes"])
        assert says in told.out
        assert says in report
    assert told.rejects[1].startswith("demand.csv,9,count,")
    assert len(told.rejects) == 2
