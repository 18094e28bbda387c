from datetime import date

import pytest
import toytown

from ntgeo.sample.seeded_day import draw_day

ADDRESSES = [toytown.location(minutes) for minutes in range(100)]
DAY = date(2026, 11, 24)


def test_the_same_seed_gives_the_same_day_and_another_does_not():
    day = draw_day(ADDRESSES, day=DAY, visits=60, staff=7, seed=1)
    assert day == draw_day(ADDRESSES, day=DAY, visits=60, staff=7, seed=1)
    assert day != draw_day(ADDRESSES, day=DAY, visits=60, staff=7, seed=2)


def test_the_day_is_as_asked():
    day = draw_day(ADDRESSES, day=DAY, visits=60, staff=7, seed=1)
    doses = len(day.links)
    assert len({visit.id for visit in day.visits}) == len(day.visits) == 60
    assert len({visit.location for visit in day.visits}) == 60 - doses
    assert len({shift.id for shift in day.shifts}) == 7
    assert all(visit.location in ADDRESSES for visit in day.visits)
    assert day.depots[0].location == toytown.location(49) or day.depots[
        0
    ].location == toytown.location(50)
    can = frozenset().union(*(shift.skills for shift in day.shifts))
    assert all(visit.skills <= can for visit in day.visits)


def test_more_visits_than_addresses_are_refused():
    with pytest.raises(ValueError, match="there are 100 addresses"):
        draw_day(ADDRESSES, day=DAY, visits=101, staff=7, seed=1)


def test_rules_are_drawn_in_their_shares():
    day = draw_day(ADDRESSES, day=DAY, visits=100, staff=10, seed=1)
    assert sum(visit.crew == 2 for visit in day.visits) == 4
    assert len(day.links) == 3
    assert sum(visit.not_alone is not None for visit in day.visits) == 2
    assert 35 <= sum(bool(visit.usual_staff) for visit in day.visits) <= 65
    assert 20 <= sum(bool(visit.soft_windows) for visit in day.visits) <= 40
    late = [shift for shift in day.shifts if shift.overtime is not None]
    assert late
    assert all(shift.hours.end_s > shift.overtime.after_s for shift in late)


def test_two_doses_are_at_one_door_four_hours_apart():
    day = draw_day(ADDRESSES, day=DAY, visits=100, staff=10, seed=1)
    visit_of = {visit.id: visit for visit in day.visits}
    for link in day.links:
        first, second = visit_of[link.first], visit_of[link.second]
        assert first.location == second.location
        assert link.least_gap_s == 4 * 3600
        latest_s = second.windows[0].end_s - link.least_gap_s - first.service_s
        assert first.windows[0].start_s <= latest_s


def test_usual_staff_could_come():
    day = draw_day(ADDRESSES, day=DAY, visits=100, staff=10, seed=1)
    skills = {shift.staff: shift.skills for shift in day.shifts}
    for visit in day.visits:
        assert all(visit.skills <= skills[staff] for staff in visit.usual_staff)
