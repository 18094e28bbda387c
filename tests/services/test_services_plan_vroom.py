"""A day in VROOM's JSON, answered as VROOM would."""

import json
from itertools import pairwise

import pytest
from vroom_days import VROOM_SAID, vroom_day

from ntgeo.domain.solving import SolveLimits
from ntgeo.services.plan_vroom import plan_vroom, vroom_problem
from ntgeo.services.vroom_answer import vroom_answer
from ntgeo.sources.vroom import ANYWHERE, read_vroom

LIMITS = SolveLimits(time_limit_s=20)
TIMES = [
    [0, 600, 900, 1200, 300],
    [600, 0, 500, 700, 800],
    [900, 500, 0, 400, 900],
    [1200, 700, 400, 0, 1000],
    [300, 800, 900, 1000, 0],
]
METRES = [[10 * time for time in row] for row in TIMES]
DAY = {
    "vehicles": [
        {
            "id": 7,
            "start_index": 0,
            "end_index": 0,
            "capacity": [4],
            "skills": [1],
            "time_window": [28_800, 43_200],
            "breaks": [{"id": 5, "service": 300, "time_windows": [[32_400, 34_200]]}],
            "description": "van",
        }
    ],
    "jobs": [
        {"id": 1, "location_index": 1, "service": 300, "delivery": [1], "skills": [1],
         "time_windows": [[32_400, 36_000]], "priority": 10},
        {"id": 2, "location_index": 2, "service": 600, "delivery": [1]},
        {"id": 3, "location_index": 3, "service": 600, "skills": [9], "description": "no one"},
        {"id": 4, "location_index": 4, "service": 60, "delivery": [2], "location": [2.3, 48.8]},
    ],
    "matrices": {"car": {"durations": TIMES, "distances": METRES}},
}  # fmt: skip


@pytest.fixture
def plan(tmp_path):
    def planned(day):
        path = tmp_path / "day.json"
        path.write_text(json.dumps(day))
        return plan_vroom(path, LIMITS)

    return planned


def test_the_answer_is_laid_out_as_vroom_does(plan):
    found = plan(DAY).content
    assert list(found) == ["code", "summary", "unassigned", "routes"]
    assert found["code"] == 0
    summary = found["summary"]
    # 0 → 4 → 2 → 1 → 0 or back: 300 + 900 + 500 + 600 seconds of travel, one pound each
    assert summary["cost"] == summary["duration"] == 2300
    assert summary["distance"] == 23_000
    assert (summary["routes"], summary["unassigned"], summary["priority"]) == (1, 1, 10)
    assert (summary["service"], summary["setup"]) == (300 + 600 + 60 + 300, 0)
    assert (summary["delivery"], summary["pickup"], summary["violations"]) == ([4], [0], [])
    assert set(summary["computing_times"]) == {"loading", "solving", "routing"}
    (lost,) = found["unassigned"]
    assert (lost["id"], lost["type"], lost["description"]) == (3, "job", "no one")
    assert lost["location_index"] == 3
    assert "9" in lost["reason"]


def test_the_steps_add_up(plan):
    (route,) = plan(DAY).content["routes"]
    assert (route["vehicle"], route["description"], route["violations"]) == (7, "van", [])
    steps = route["steps"]
    assert [step["type"] for step in steps] == ["start", *[s["type"] for s in steps[1:-1]], "end"]
    assert sorted(s["id"] for s in steps if s["type"] == "job") == [1, 2, 4]
    assert [s["id"] for s in steps if s["type"] == "break"] == [5]
    assert next(s for s in steps if s.get("id") == 4)["location"] == [2.3, 48.8]
    for before, after in pairwise(steps):
        left_s = before["arrival"] + before["waiting_time"] + before["setup"] + before["service"]
        assert after["arrival"] - left_s == after["duration"] - before["duration"]
        assert all(type(after[key]) is int for key in ("arrival", "duration", "distance"))
    (rest,) = [step for step in steps if step["type"] == "break"]
    assert 32_400 <= rest["arrival"] + rest["waiting_time"] <= 34_200
    assert steps[0]["load"] == [4]
    assert steps[-1]["load"] == [0]
    assert route["duration"] == steps[-1]["duration"]


def test_priorities_are_summed_before_tasks_are_counted(tmp_path):
    """One job of priority 10 against two of 4, then of 6: VROOM makes the greater sum."""
    for rival, made in ((4, {1}), (6, {2, 3})):
        jobs = [
            {"id": 1, "location_index": 1, "service": 1200, "priority": 10},
            {"id": 2, "location_index": 2, "service": 100, "priority": rival},
            {"id": 3, "location_index": 2, "service": 100, "priority": rival},
        ]
        times = [[0, 100, 600], [100, 0, 9000], [600, 9000, 0]]
        vehicle = {"id": 1, "start_index": 0, "end_index": 0, "time_window": [0, 1500]}
        path = tmp_path / "day.json"
        path.write_text(
            json.dumps(
                {"vehicles": [vehicle], "jobs": jobs, "matrices": {"car": {"durations": times}}}
            )
        )
        problem = vroom_problem(read_vroom(path))
        prices = {visit.id: visit.unmade_gbp for visit in problem.visits}
        kept = sum(prices[f"job-{number}"] for number in made)
        lost = sum(prices.values()) - kept
        assert kept > lost + 9000 * 4  # more than any plan costs
        found = plan_vroom(path, LIMITS).content
        assert {s["id"] for r in found["routes"] for s in r["steps"] if "id" in s} == made


@pytest.mark.parametrize("seed", VROOM_SAID)
def test_the_answer_is_as_good_as_vrooms(plan, seed):
    summary = plan(vroom_day(seed)).content["summary"]
    told = tuple(summary[key] for key in ("cost", "unassigned", "priority"))
    assert told == VROOM_SAID[seed]


def test_times_that_are_timestamps_come_back_so(plan):
    begins = 1_780_000_000
    day = DAY | {
        "vehicles": [
            {"id": 1, "start_index": 0, "end_index": 0, "time_window": [begins, begins + 9000]}
        ],
        "jobs": [{"id": 1, "location_index": 1, "service": 60}],
    }
    (route,) = plan(day).content["routes"]
    assert begins <= route["steps"][0]["arrival"] <= begins + 9000
    assert "load" not in route["steps"][0]


def test_a_speed_factor_divides_times(tmp_path):
    path = tmp_path / "day.json"
    vehicle = {"id": 1, "end_index": 0, "speed_factor": 2.0}
    path.write_text(json.dumps(DAY | {"vehicles": [vehicle]}))
    problem = vroom_problem(read_vroom(path))
    assert problem.travel.time_s.max() == 600
    anywhere = problem.travel.origins.index(ANYWHERE)
    assert not problem.travel.time_s[anywhere].any()


def test_without_matrices_straight_lines_are_used_and_told(plan):
    day = {
        "vehicles": [{"id": 1, "start": [-1.44, 55.01], "end": [-1.44, 55.01]}],
        "jobs": [{"id": 1, "location": [-1.46, 55.03], "service": 60}],
    }
    found = plan(day)
    assert "No roads were used" in found.notes[-1]
    (route,) = found.content["routes"]
    assert [step["location"] for step in route["steps"]] == [
        [-1.44, 55.01],
        [-1.46, 55.03],
        [-1.44, 55.01],
    ]
    # 2.57 km each way as the crow flies, × 1.3, at 20 km/h
    assert route["duration"] == pytest.approx(2 * 2.566 * 1.3 / 20 * 3600, rel=0.01)


def test_an_empty_answer_has_every_key(tmp_path):
    path = tmp_path / "day.json"
    path.write_text(json.dumps(DAY | {"jobs": [DAY["jobs"][2]]}))
    day, found = read_vroom(path), plan_vroom(path, LIMITS)
    told = vroom_answer(day, found.problem, found.plan)
    assert told["routes"] == []
    assert (told["summary"]["cost"], told["summary"]["delivery"]) == (0, [0])
