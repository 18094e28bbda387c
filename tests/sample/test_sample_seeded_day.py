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
    assert len({visit.location for visit in day.visits}) == len(day.visits) == 60
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
