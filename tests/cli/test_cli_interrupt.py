"""Ctrl-C and kill at random moments: nothing half-written, and the next start is clean."""

import ctypes
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest

from ntgeo.cli.progress import TerminalProgress, cancelled_by_ctrl_c
from ntgeo.errors import CancelledError

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


def test_ctrl_c_in_a_callback_shows_no_traceback_and_other_faults_do(monkeypatch):
    faults, shown = [KeyboardInterrupt(), ValueError()], []

    @ctypes.CFUNCTYPE(None)
    def compile_some_more():
        raise faults.pop(0)

    monkeypatch.setattr(sys, "unraisablehook", lambda found: shown.append(found.exc_type))
    with cancelled_by_ctrl_c(TerminalProgress(quiet=True)):
        compile_some_more()
        compile_some_more()
    assert shown == [ValueError]
    faults.append(KeyboardInterrupt())
    compile_some_more()
    assert shown == [ValueError, KeyboardInterrupt]


@pytest.mark.parametrize(
    ("fault", "is_pressed", "raised"),
    [
        (RuntimeError(), True, KeyboardInterrupt),
        (RuntimeError(), False, RuntimeError),
        (CancelledError("stopped"), True, CancelledError),
    ],
)
def test_what_fails_since_ctrl_c_broke_it_off_is_no_fault_of_ours(fault, is_pressed, raised):
    progress = TerminalProgress(quiet=True)
    if is_pressed:
        progress.cancel()
    with pytest.raises(raised), cancelled_by_ctrl_c(progress):
        raise fault


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


@pytest.mark.slow
def test_ctrl_c_stops_the_search_for_a_large_day_within_two_seconds(repository, tmp_path):
    folder = tmp_path / "borough"
    shutil.copytree(repository / "data" / "sample", folder)
    scenario = folder / "scenario.toml"
    text = scenario.read_text().split("\n[rounds]\n")[0]
    seeded = "seeded = { visits = 600, staff = 60 }"
    scenario.write_text(f"{text}\n[rounds]\nday = 2026-11-24\n{seeded}\ntime_limit_s = 120\n")
    command = [sys.executable, "-c", PROGRAM, "route", str(scenario), "--folder", str(tmp_path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603
        time.sleep(20)
        assert process.poll() is None, "the search was over before it could be interrupted"
        pressed = time.monotonic()
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=30)[1]
        assert time.monotonic() - pressed < 2
    assert process.returncode == 130, told
    assert "stopped" in told.lower()
    assert "Traceback" not in told
    assert published(tmp_path) == []
