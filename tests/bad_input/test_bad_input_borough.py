"""The borough itself is sound, so that what a case is told is about the case."""

import pytest
from asking import set_aside
from spoiling import edit, set_cells


@pytest.mark.parametrize("command", ["demand", "site", "route"])
def test_each_step_answers(borough, ask, command):
    told = ask(borough, command)
    assert told.code == 0, told.words
    assert told.written == []
    assert "Set aside" not in told.words


def test_a_run_is_recorded(borough, ask):
    told = ask(borough, "run")
    assert told.code == 0, told.words
    assert told.record["outcome"] in {0, "done"}
    assert told.rejects == []


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
