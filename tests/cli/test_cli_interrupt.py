"""Ctrl-C and kill at random moments: nothing half-written, and the next start is clean."""

import random
import signal
import subprocess
import sys
import time

import pytest

PROGRAM = "from ntgeo.cli.app import main; main()"


def start(repository, folder):
    scenario = repository / "data" / "sample" / "scenario.toml"
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", PROGRAM, "run", str(scenario), "--folder", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def published(folder):
    runs = folder / "maps" / "sandhaven"
    return [item for item in runs.glob("*") if not item.name.startswith(".")]


def left_behind(folder):
    return [item.name for item in folder.rglob(".*")]


@pytest.mark.slow
@pytest.mark.parametrize("moment", [0, 1, 2])
def test_ctrl_c_stops_in_words_and_leaves_nothing(repository, tmp_path, moment):
    process = start(repository, tmp_path)
    time.sleep(random.Random(moment).uniform(2.5, 6))  # noqa: S311 - a moment, not a secret
    if process.poll() is not None:
        pytest.fail("the run was over before it could be interrupted")
    pressed = time.monotonic()
    process.send_signal(signal.SIGINT)
    told = process.communicate(timeout=30)[1]
    assert time.monotonic() - pressed < 10
    assert process.returncode == 130
    assert "nothing was published" in told
    assert "Traceback" not in told
    assert published(tmp_path) == []
    assert left_behind(tmp_path) == []
