"""Runs killed at random moments, two at once, and on a full disk: what is left must be whole.

    python scripts/benchmarks/crashes.py --kills 200 --seed 1

Each start is a fresh process that plans a tiny borough, and is killed (SIGKILL) after a random
time. After each, every run folder must pass ``ntgeo check`` and the first one must be as it was; at
the end one more run must succeed and sweep up. ``--full FOLDER`` names a small file system (such as
a tmpfs of 2 MB) on which runs must fail in words, with exit code 4 and nothing half-written. Prints
JSON lines; ends with 1 where anything was lost.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TESTS = Path(__file__).resolve().parents[2] / "tests"
sys.path[:1] = [str(TESTS), str(TESTS / "bad_input")]

from tiny_borough import write_borough  # noqa: E402 - found by the line above

from ntgeo.services.check_run import check_run  # noqa: E402 - as above

PROGRAM = "from ntgeo.cli.app import main; main()"


def start(borough: Path, folder: Path) -> subprocess.Popen[str]:
    """Start a run whose results go below a folder."""
    scenario = str(borough / "scenario.toml")
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", PROGRAM, "run", scenario, "--folder", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(run: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for a run, and return its exit code and what it said."""
    _, said = run.communicate()
    return run.returncode, said


def published(folder: Path) -> list[Path]:
    """Return the run folders that have their name."""
    runs = (folder / "maps" / "tiny").glob("*")
    return sorted(run for run in runs if not run.name.startswith("."))


def print_of(folder: Path) -> str:
    """Return one hash of all names and bytes below a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        digest.update(str(path.relative_to(folder)).encode())
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


def faults_of(folder: Path, first: str) -> list[str]:
    """Return what is wrong with the runs of a folder, the first of which had this hash."""
    runs = published(folder)
    found = [] if print_of(runs[0]) == first else ["the first run is not as it was"]
    for run in runs:
        checked = check_run(run)
        found += [f"{run.name}: {text}" for text in (*checked.altered, *checked.faults)]
    return found


def kill_runs(borough: Path, folder: Path, kills: int, chance: random.Random) -> int:
    """Kill runs at random moments, and return how many times something was lost."""
    began = time.monotonic()
    code, said = finished(start(borough, folder))
    usual_s = time.monotonic() - began
    if code:
        print(json.dumps({"first": code, "said": said}))
        return 1
    first, lost, whole = print_of(published(folder)[0]), 0, 0
    for number in range(kills):
        run = start(borough, folder)
        after_s = chance.uniform(0, 1.1 * usual_s)
        try:
            run.wait(after_s)
            whole += 1
        except subprocess.TimeoutExpired:
            run.kill()
        run.communicate()
        if found := faults_of(folder, first):
            lost += 1
            print(json.dumps({"kill": number, "after_s": after_s, "faults": found}), flush=True)
    code, said = finished(start(borough, folder))
    left = [path.name for path in (folder / "maps").rglob(".*")]
    if code or left:
        lost += 1
        print(json.dumps({"last": code, "said": said, "left": left}))
    counts = {"kills": kills, "ended_before": whole, "usual_s": round(usual_s, 1), "lost": lost}
    print(json.dumps({**counts, "runs": len(published(folder))}))
    return lost


def two_at_once(borough: Path, folder: Path, times: int) -> int:
    """Start two runs at once, several times, and return how many times they mixed."""
    mixed = 0
    for _ in range(times):
        before = len(published(folder))
        both = [start(borough, folder) for _ in range(2)]
        codes = [finished(run)[0] for run in both]
        runs = published(folder)
        sound = [check_run(run).is_sound for run in runs]
        mixed += codes != [0, 0] or len(runs) != before + 2 or not all(sound)
    print(json.dumps({"pairs": times, "mixed": mixed}))
    return mixed


def on_a_full_disk(borough: Path, folder: Path, times: int, chance: random.Random) -> int:
    """Run where there is less and less room, and return how many ended otherwise than in words."""
    wrong = 0
    for number in range(times):
        for left in folder.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        room = chance.randrange(shutil.disk_usage(folder).free)
        (folder / "filled").write_bytes(bytes(room))
        code, said = finished(start(borough, folder))
        torn = [path.name for path in folder.rglob("*") if path.name.startswith(".")]
        is_whole = code == 0 and all(check_run(run).is_sound for run in published(folder))
        is_told = code == 4 and "Fix:" in said and not published(folder) and not torn  # noqa: PLR2004
        if not (is_whole or is_told) or "Traceback" in said:
            wrong += 1
            print(json.dumps({"disk": number, "code": code, "said": said, "torn": torn}))
    print(json.dumps({"full_disks": times, "wrong": wrong}))
    return wrong


def main(given: list[str] | None = None) -> int:
    """Kill, race and fill, and print what came of it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=200)
    asked.add_argument("--pairs", type=int, default=5)
    asked.add_argument("--full", type=Path, help="A small file system of its own.")
    asked.add_argument("--disks", type=int, default=20)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args(given)
    chance = random.Random(options.seed)  # noqa: S311 - repeatable, not secret
    with tempfile.TemporaryDirectory() as room:
        borough, folder = Path(room) / "borough", Path(room) / "out"
        write_borough(borough)
        wrong = kill_runs(borough, folder, options.kills, chance)
        wrong += two_at_once(borough, folder, options.pairs)
        if options.full is not None:
            wrong += on_a_full_disk(borough, options.full, options.disks, chance)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
