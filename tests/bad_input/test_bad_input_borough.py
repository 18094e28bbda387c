"""The borough itself is sound, so that what a case is told is about the case."""

import pytest


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
