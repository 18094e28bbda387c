from dataclasses import replace
from datetime import time
from itertools import permutations

import numpy as np
import pytest
import shapely

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.roads import read_roads, snap_places, trace_paths, travel_times
from ntgeo.roads.changes.whatif import (
    at_time_of_day,
    change_roads,
    links_of_ways,
    links_towards,
    links_within,
    stacked_links,
)
from ntgeo.roads.road_change import RoadChange
from ntgeo.roads.search import engine
from ntgeo.roads.speeds import read_speeds

STREET = {"highway": "residential"}


@pytest.fixture
def two_bridges(small_town, even_speeds):
    """Two banks 300 m long, joined by a west bridge (way 3) and an east bridge (way 4)."""
    points = {1: (0, 0), 2: (300, 0), 3: (0, 100), 4: (300, 100), 5: (-100, 0), 6: (-100, 100)}
    ways = {
        1: ([5, 1, 2], STREET),
        2: ([6, 3, 4], STREET),
        3: ([1, 3], STREET),
        4: ([2, 4], {**STREET, "highway": "primary"}),
    }
    return read_roads(small_town(points, ways), mode=TravelMode.CAR, speeds_file=even_speeds)


def test_a_way_in_the_middle_of_a_link_is_found(small_town):
    points = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (300, 0), 5: (200, 90)}
    ways = {11: ([1, 2], STREET), 12: ([2, 3], STREET), 13: ([3, 4], STREET), 14: ([5, 4], STREET)}
    network = read_roads(small_town(points, ways), mode=TravelMode.CAR)
    assert network.link_count == 1
    assert links_of_ways(network, [12]).tolist() == [0]
    assert links_of_ways(network, [99]).tolist() == []


def time_of(network, start, end):
    return travel_times(network, {"a": start}, {"b": end}).time_s[0, 0]


@pytest.mark.parametrize("uses_hierarchy", [False, True])
@pytest.mark.parametrize("has_turns", [False, True])
def test_a_closed_bridge_sends_all_by_the_other(two_bridges, at, uses_hierarchy, has_turns):
    network = two_bridges if has_turns else two_bridges.without_turns()
    if uses_hierarchy:
        engine.prepare(network)
    start, end = at(10, 0), at(10, 100)
    assert time_of(network, start, end) == pytest.approx(1 + 10 + 1, abs=0.01)
    bridge = tuple(links_of_ways(network, [3]).tolist())
    assert len(bridge) == 1
    without = change_roads(network, [RoadChange(links=bridge, is_closed=True)])
    assert ("hierarchy" in without.kept) == uses_hierarchy
    assert time_of(without, start, end) == pytest.approx(29 + 10 + 29, abs=0.01)
    assert time_of(network, start, end) == pytest.approx(12, abs=0.01)
    (path,) = trace_paths(without, [(start, end)])
    assert path.distance_m == pytest.approx(680, abs=0.1)
    both = tuple(links_within(network, shapely.box(544_000, 258_040, 546_000, 258_060)).tolist())
    assert len(both) == 2
    island = change_roads(network, [RoadChange(links=both, is_closed=True)])
    assert np.isnan(time_of(island, start, end))
    assert snap_places(island, {"a": at(0, 50)}).link[0] not in both


def test_a_slow_zone_slows_but_never_speeds_up(two_bridges, at):
    start, end = at(10, 0), at(10, 100)
    every = tuple(range(two_bridges.link_count))
    slow = change_roads(two_bridges, [RoadChange(links=every, most_kph=18.0)])
    assert time_of(slow, start, end) == pytest.approx(24, abs=0.01)
    fast = change_roads(two_bridges, [RoadChange(links=every, most_kph=90.0)])
    assert np.array_equal(fast.arcs.time_ms, two_bridges.arcs.time_ms)


def test_rush_hour_slows_the_driving_and_not_the_waiting(small_town, at):
    points = {1: (0, 0), 2: (500, 0), 3: (1_000, 0), 4: (500, 500)}
    ways = {1: ([1, 2, 3], STREET), 2: ([2, 4], STREET)}
    path = small_town(points, ways, stops={2: {"highway": "traffic_signals"}})
    network = read_roads(path, mode=TravelMode.CAR)
    speeds = read_speeds(TravelMode.CAR)
    start, end = at(0, 0), at(1_000, 0)
    calm_s = time_of(network, start, end)
    waiting_s = speeds.delay_ms["traffic_signals"] / 1000
    for clock, factor in ((time(7, 59), 1.05), (time(8), 1.18), (time(0), 0.88), (time(12), 1.0)):
        retimed = at_time_of_day(network, clock, speeds)
        expected = (calm_s - waiting_s) * factor + waiting_s
        assert time_of(retimed, start, end) == pytest.approx(expected, abs=0.002)
    closed = change_roads(network, [RoadChange(links=(0,), is_closed=True)])
    later = at_time_of_day(closed, time(8), speeds)
    assert (later.is_open == closed.is_open).all()
    on_foot = read_roads(path, mode=TravelMode.FOOT)
    walked = at_time_of_day(on_foot, time(8), read_speeds(TravelMode.FOOT))
    assert np.array_equal(walked.arcs.time_ms, on_foot.arcs.time_ms)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({}, "closes them, caps their speed or makes them one-way"),
        ({"is_closed": True, "most_kph": 20.0}, "closes them, caps"),
        ({"one_way": "forward", "most_kph": 20.0}, "closes them, caps"),
        ({"most_kph": 0.0}, "not at least 1"),
        ({"most_kph": float("nan")}, "not at least 1"),
    ],
)
def test_changes_that_cannot_be(wrong, told):
    with pytest.raises(ValueError, match=told):
        RoadChange(links=(1,), **wrong)


def test_a_change_of_a_link_that_is_not_there(two_bridges):
    with pytest.raises(IndexError):
        change_roads(two_bridges, [RoadChange(links=(99,), is_closed=True)])


def test_one_way_towards_the_north(two_bridges, at):
    """Up by the west bridge is free; down one must go by the east one."""
    south, north = at(10, 0), at(10, 100)
    bridge = links_of_ways(two_bridges, [3])
    along, against = links_towards(two_bridges, bridge, (0.0, 1.0))
    assert len(along) + len(against) == 1
    assert [len(part) for part in links_towards(two_bridges, bridge, (1.0, 0.0))] == [0, 0]
    only = [
        RoadChange(links=tuple(along.tolist()), one_way="forward"),
        RoadChange(links=tuple(against.tolist()), one_way="backward"),
    ]
    changed = change_roads(two_bridges, only)
    assert time_of(changed, south, north) == pytest.approx(12, abs=0.01)
    assert time_of(changed, north, south) == pytest.approx(68, abs=0.01)


def test_times_of_day_and_changes_in_any_order_come_to_the_same(small_town):
    points = {1: (0, 0), 2: (500, 0), 3: (1_000, 0), 4: (500, 500)}
    ways = {1: ([1, 2, 3], STREET), 2: ([2, 4], {**STREET, "highway": "primary"})}
    path = small_town(points, ways, stops={2: {"highway": "traffic_signals"}})
    network = read_roads(path, mode=TravelMode.CAR)
    speeds = read_speeds(TravelMode.CAR)
    every = tuple(range(network.link_count))
    steps = [
        lambda roads: at_time_of_day(roads, time(8), speeds),
        lambda roads: change_roads(roads, [RoadChange(links=every, most_kph=28.0)]),
        lambda roads: change_roads(roads, [RoadChange(links=every[:1], is_closed=True)]),
    ]
    found = []
    for order in permutations(steps):
        changed = network
        for step in order:
            changed = step(changed)
        found.append(changed.arcs.time_ms.tolist())
    assert all(times == found[0] for times in found)
    assert found[0] != network.arcs.time_ms.tolist()
    twice = at_time_of_day(at_time_of_day(network, time(8), speeds), time(12), speeds)
    assert np.array_equal(twice.arcs.time_ms, network.arcs.time_ms)


def test_only_what_lies_inside_is_within(two_bridges):
    def links(*box, **asked):
        corners = [545_000 + box[0], 258_000 + box[1], 545_000 + box[2], 258_000 + box[3]]
        return len(links_within(two_bridges, shapely.box(*corners), **asked))

    assert links(-50, 40, 50, 60) == 1
    assert links(-50, -50, 50, -40) == 0
    corner = two_bridges.junctions.xy_m[two_bridges.junctions.osm == 1][0]
    x, y = corner
    tip = shapely.Polygon([(x, y), (x - 50, y - 50), (x + 50, y - 50)])
    assert len(links_within(two_bridges, tip)) == 0  # three links end at its tip
    assert links(-40, -10, 50, 60, least_share=0.5) == 1
    assert links(-40, -10, 50, 40, least_share=0.5) == 0


def test_a_bridge_and_the_road_below_it_are_told_apart(small_town):
    points = {1: (0, 50), 2: (100, 50), 3: (50, 0), 4: (50, 100), 5: (100, 100)}
    ways = {
        1: ([1, 2], {**STREET, "name": "Over"}),
        2: ([3, 4], {**STREET, "name": "Under"}),
        3: ([2, 5], {**STREET, "name": "On"}),
        4: ([4, 5], {**STREET, "name": "Up"}),
    }
    network = read_roads(small_town(points, ways), mode=TravelMode.CAR)
    area = shapely.Point(545_050, 258_050).buffer(20)
    inside = links_within(network, area)
    assert inside.tolist() == links_of_ways(network, [1, 2]).tolist()
    assert stacked_links(network, inside, area).tolist() == inside.tolist()
    wide = shapely.box(544_000, 257_000, 546_000, 259_000)
    every = links_within(network, wide)
    assert len(every) == 4
    assert stacked_links(network, every, wide).tolist() == inside.tolist()
    elsewhere = shapely.Point(545_100, 258_100).buffer(20)
    assert stacked_links(network, every, elsewhere).tolist() == []


@pytest.mark.shared_data
def test_recustomising_equals_starting_afresh(real_roads):
    network = replace(real_roads("cambridge/cambridge_drive.osm.pbf", TravelMode.CAR))
    engine.prepare(network)
    x, y = network.junctions.xy_m.mean(axis=0)
    changes = [
        RoadChange(
            links=tuple(links_within(network, shapely.Point(x, y).buffer(900)).tolist()),
            most_kph=16.0,
        ),
        RoadChange(
            links=tuple(links_within(network, shapely.Point(x + 500, y).buffer(200)).tolist()),
            is_closed=True,
        ),
    ]
    changed = change_roads(network, changes)
    rng = np.random.default_rng(2)
    places = {
        str(number): Location(easting_m=x, northing_m=y)
        for number, (x, y) in enumerate(rng.choice(network.junctions.xy_m, 80).tolist())
    }
    quick = travel_times(changed, places, places)
    assert "weighted hierarchy" in changed.kept
    afresh = change_roads(real_roads("cambridge/cambridge_drive.osm.pbf", TravelMode.CAR), changes)
    slow = travel_times(afresh, places, places)
    assert "hierarchy" not in afresh.kept
    assert np.array_equal(quick.time_s, slow.time_s, equal_nan=True)
    assert np.array_equal(quick.distance_m, slow.distance_m, equal_nan=True)
    before = travel_times(network, places, places)
    both = quick.is_reachable & before.is_reachable
    assert quick.time_s[both].sum() > 1.02 * before.time_s[both].sum()
