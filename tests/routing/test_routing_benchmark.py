"""The benchmark script on instances of a few customers, solvable by hand."""

import importlib
import importlib.util
import json
import subprocess
import sys

import pytest

from ntgeo.domain.routing import VisitLink

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


CORDEAU = """6 2 2 2
500 200
0 0
 1   3.000   4.000  7  12 1 4 1 2 4 8  10  90
 2  -6.000   8.000  5   9 1 4 1 2 4 8  20  80
 3   0.000   0.000  0   0 0 0  0 1000
 4  10.000   0.000  0   0 0 0  0 1000
"""


@pytest.fixture
def scripts(repository, monkeypatch):
    monkeypatch.syspath_prepend(str(repository / "scripts" / "benchmarks"))


@pytest.mark.usefixtures("scripts")
def test_several_depots_are_read_with_their_limits(tmp_path):
    (tmp_path / "set").mkdir()
    path = tmp_path / "set" / "pr00.txt"
    path.write_text(CORDEAU)
    (tmp_path / "best_known.json").write_text('{"pr00": 25.1}')
    instance = importlib.import_module("rounds_readers").read_cordeau(path)
    problem = instance.problem
    assert instance.best_known == 25.1
    assert [(s.start_place, s.most_work_s, s.capacity) for s in problem.shifts] == [
        *2 * [("D000", 500, 200.0)],
        *2 * [("D001", None, None)],
    ]
    first = problem.visits[0]
    assert (first.service_s, first.load) == (7, 12.0)
    assert (first.windows[0].start_s, first.windows[0].end_s) == (10, 90)
    times_s = problem.travel.time_s
    assert times_s[0, 2] == 5.0
    # From (10, 0) to (-6, 8): 17.8885…, cost as it is, time rounded up to the millisecond.
    assert problem.travel.distance_m[1, 3] == pytest.approx(17.888543819998)
    assert times_s[1, 3] == 17.889


HOME_CARE = {
    "patients": [
        {
            "id": "p1",
            "time_window": [10.0, 20.0],
            "required_caregivers": [
                {"service": "s1", "duration": 5.0},
                {"service": "s2", "duration": 6.0},
            ],
            "synchronization": {"type": "sequential", "distance": [15.0, 30.0]},
        },
        {
            "id": "p2",
            "time_window": [0.0, 4.0],
            "required_caregivers": [
                {"service": "s1", "duration": 5.0},
                {"service": "s2", "duration": 5.0},
            ],
            "synchronization": {"type": "simultaneous"},
        },
    ],
    "caregivers": [{"id": "c1", "abilities": ["s1"]}, {"id": "c2", "abilities": ["s2"]}],
    "central_offices": [{"id": "d"}],
    "distances": [[0.0, 3.0, 4.0], [3.0, 0.0, 5.0], [4.0, 5.0, 0.0]],
}


@pytest.mark.usefixtures("scripts")
def test_home_care_is_read_with_links_and_its_solution_costed(tmp_path):
    path = tmp_path / "tiny.json"
    path.write_text(json.dumps(HOME_CARE))
    stops = [("p2", 4, "c1"), ("p2", 4, "c2"), ("p1", 14, "c1"), ("p1", 29, "c2")]
    routes = [
        {"locations": [{"patient_id": p, "arrival_time": t} for p, t, c in stops if c == carer]}
        for carer in ("c1", "c2")
    ]
    (tmp_path / "sol_tiny_optimal.json").write_text(json.dumps({"routes": routes}))
    instance = importlib.import_module("rounds_readers").READERS["hhcrsp"](path)
    in_turn, together = instance.problem.links
    assert (in_turn.least_gap_s, in_turn.greatest_gap_s, in_turn.gap_from) == (15, 30, "begin")
    assert in_turn.both_or_neither
    assert together == VisitLink.together(together.first, together.second)
    # Twice 4 + 5 + 3 of way; the second service of p1 is 9 late: (24 + 9 + 9) / 3.
    assert instance.best_known == 14.0
    prices = instance.problem.prices
    late = instance.problem.visits[0].soft_windows[0].late_gbp_per_minute
    assert late == prices.worst_lateness_gbp_per_minute == 20.0


@pytest.mark.usefixtures("scripts")
def test_a_peer_that_cannot_is_said_to_be_missing(tmp_path, monkeypatch):
    path = tmp_path / "pr00.txt"
    path.write_text(CORDEAU)
    readers = importlib.import_module("rounds_readers")
    peers = importlib.import_module("rounds_peers")
    published = readers.read_cordeau(path).published
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert peers.ask_peer("pyvrp", published, 1.0, 1) == "it is not installed"
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    assert "longest duration" in peers.ask_peer("vroom", published, 1.0, 1)


@pytest.mark.usefixtures("scripts")
@pytest.mark.parametrize("peer", ["pyvrp", "ortools"])
def test_a_peer_finds_the_one_best_plan(tmp_path, peer):
    path = tmp_path / "pr00.txt"
    path.write_text(CORDEAU)
    readers = importlib.import_module("rounds_readers")
    peers = importlib.import_module("rounds_peers")
    answer = peers.ask_peer(peer, readers.read_cordeau(path).published, 0.5, 1)
    # 5 + 9.85 + 10 beats each alone from the first depot, 10 + 20.
    assert answer.cost == pytest.approx(15.0 + (81 + 16) ** 0.5)
    assert answer.unmade == 0
