"""The benchmark script on an instance of three customers, solvable by hand."""

import json
import subprocess
import sys

SOLOMON = """TINY

VEHICLE
NUMBER     CAPACITY
  2          20

CUSTOMER
CUST NO.   XCOORD.   YCOORD.    DEMAND   READY TIME   DUE DATE   SERVICE TIME

    0          0         0          0        0         200           0
    1          3         4         10        0         100          10
    2          6         8         10        0         100          10
    3         -3         4         10        0         100          10
"""


def test_cost_gap_and_violations_of_a_tiny_instance(tmp_path, repository):
    folder = tmp_path / "solomon"
    folder.mkdir()
    (folder / "TINY.txt").write_text(SOLOMON)
    (tmp_path / "best_known_distance.json").write_text('{"TINY": {"bks": 20.0}}')
    script = repository / "scripts" / "benchmarks" / "rounds.py"
    command = [sys.executable, script, "--format", "solomon", folder / "TINY.txt"]
    done = subprocess.run(  # noqa: S603 - our own script on our own file
        [*map(str, command), "--time-limit", "5"], capture_output=True, text=True, check=True
    )
    told, mean = map(json.loads, done.stdout.splitlines())
    # One may carry two: 1 and 2 are on one line, there and back 20; 3 alone, there and back 10.
    assert told["cost"] == 30.0
    assert told["gap_share"] == mean["mean_gap_share"] == 0.5
    assert (told["rounds"], told["unmade"], told["violations"]) == (2, 0, 0)
