import collections
import csv

import numpy as np
import pytest

from ntgeo.domain.routing import NotAlone
from ntgeo.sample.ground import placed
from ntgeo.sample.visits import DAY, SKILL_OF_NOBODY, _nearest_next, _timed
from ntgeo.sources import read_depots, read_shifts, read_visit_links, read_visits


def _rows(path):
    with path.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def _minutes(clock):
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


@pytest.fixture(scope="module")
def visits(written):
    return _rows(written / "visits.csv")


@pytest.fixture(scope="module")
def shifts(written):
    return _rows(written / "shifts.csv")


@pytest.fixture(scope="module")
def day(written):
    visits = read_visits(written / "visits.csv", day=DAY)
    depots = read_depots(written / "depots.csv")
    shifts = read_shifts(written / "shifts.csv", day=DAY, depots=depots)
    return visits, shifts, read_visit_links(written / "links.csv", visits=visits, day=DAY).read


def test_the_day_is_a_tuesday():
    assert DAY.strftime("%A %d %B %Y") == "Tuesday 24 November 2026"


def test_a_depot_on_each_side_of_the_river(written):
    northing = [float(row["northing"]) for row in _rows(written / "depots.csv")]
    assert northing[0] > placed([(0, 3500)])[0, 1]
    assert northing[1] < placed([(0, 2800)])[0, 1]


def test_nine_staff_with_mornings_afternoons_and_days(shifts):
    hours = collections.Counter((row["start_time"], row["end_time"]) for row in shifts)
    assert hours == {
        ("07:00", "13:00"): 2,
        ("08:00", "16:00"): 4,
        ("14:00", "21:00"): 2,
        ("08:30", "14:30"): 1,
    }
    assert {row["break_min"] for row in shifts} == {"30"}
    for row in shifts:
        start, early, late, end = (
            _minutes(row[c]) for c in ("start_time", "break_earliest", "break_latest", "end_time")
        )
        assert start < early < late <= end - 30


def test_one_cycles_one_walks_from_the_car_and_the_trainee_goes_with_others(day):
    _, shifts, _ = day
    by_mode = collections.Counter(str(shift.mode) for shift in shifts)
    assert by_mode == {"car": 8, "bicycle": 1}
    assert [shift.id for shift in shifts if shift.walks_up_to_s is not None] == ["SH03"]
    assert [shift.id for shift in shifts if not shift.may_go_alone] == ["SH09"]
    assert len([shift for shift in shifts if shift.overtime is not None]) == 2
    assert len({shift.costs.pay_gbp_per_hour for shift in shifts}) > 2


def test_every_kind_of_rule_is_asked_of_some_visit(day):
    visits, _, links = day
    assert sum(visit.crew == 2 for visit in visits) == 2
    kinds = collections.Counter(visit.not_alone for visit in visits if visit.not_alone)
    assert kinds[NotAlone.ALWAYS] == 1
    assert kinds[NotAlone.AFTER_DARK] >= 1
    doors = collections.Counter(visit.address for visit in visits if visit.address)
    assert doors == {"A01": 2, "A02": 2, "A03": 2}
    assert {str(visit.window_sense) for visit in visits} == {"start", "finish", "arrive"}
    assert any(visit.pin.shifts for visit in visits)
    assert any(visit.pin.begin_s is not None for visit in visits)
    assert any(visit.pin.place is not None for visit in visits)
    assert any(visit.service_s_by_staff for visit in visits)
    assert 0.4 < sum(bool(visit.usual_staff) for visit in visits) / len(visits) < 0.7
    assert sum(bool(visit.soft_windows) for visit in visits) > 5
    assert any(visit.preferred_staff for visit in visits)
    doses, same = links
    assert (doses.least_gap_s, doses.greatest_gap_s, same.staff) == (4 * 3600, 36_000, "same")


def test_visits_at_one_door_are_at_one_place(day):
    visits, _, links = day
    places = {visit.id: visit.location for visit in visits}
    of_door = {visit.address: visit.location for visit in visits}
    assert all(of_door[v.address] == v.location for v in visits if v.address)
    assert places[links[0].first] == places[links[0].second]


def test_about_sixty_visits_of_usual_length(visits):
    assert len(visits) == len({row["visit_id"] for row in visits}) == 60
    durations = [int(row["duration_min"]) for row in visits]
    assert set(durations) <= {15, 20, 30, 45, 60, 90}
    assert 30 < np.mean(durations) < 50
    assert {row["priority"] for row in visits} == set("12345")
    assert sum(row["window2_start"] != "" for row in visits) == 3
    for row in visits:
        assert _minutes(row["window_start"]) < _minutes(row["window_end"])
        if row["window2_start"]:
            assert _minutes(row["window_end"]) < _minutes(row["window2_start"])


def test_one_visit_needs_a_skill_that_nobody_has_and_all_others_have_somebody(visits, shifts):
    def may_go(shift, visit):
        able = set(visit["skills"].split(";")) <= set(shift["skills"].split(";"))
        opens = max(_minutes(visit["window_start"]), _minutes(shift["start_time"]))
        latest = _minutes(shift["end_time"]) - int(visit["duration_min"])
        return able and opens <= min(_minutes(visit["window_end"]), latest)

    alone = [v for v in visits if not any(may_go(shift, v) for shift in shifts)]
    assert len(alone) == 1
    assert SKILL_OF_NOBODY in alone[0]["skills"].split(";")


def test_the_day_is_tight_but_not_over_full(visits, shifts):
    worked = sum(_minutes(s["end_time"]) - _minutes(s["start_time"]) - 30 for s in shifts)
    visited = sum(int(v["duration_min"]) for v in visits)
    assert 0.65 < visited / worked < 0.9


def test_a_round_is_timed_by_hand():
    minutes = np.array([[0.0, 10, 20], [10, 0, 5], [20, 5, 0]])
    order = _nearest_next(minutes)
    assert order == [1, 2]
    starts, back = _timed(order, minutes, np.array([60, 30]), 420)
    # 07:00 + 10; visit until 08:10; travel 5; visit 08:15 to 08:45; back 20: before any break.
    assert starts == [430, 495]
    assert back == 545


def test_a_round_rests_before_the_visit_that_would_pass_the_middle_of_the_break_window():
    minutes = np.array([[0.0, 10, 10], [10, 0, 10], [10, 10, 0]])
    starts, back = _timed([1, 2], minutes, np.array([180, 60]), 420)
    # First visit 07:10 to 10:10; the second would end at 11:20, after 10:30: break 10:10 to 10:40.
    assert starts == [430, 650]
    assert back == 720
