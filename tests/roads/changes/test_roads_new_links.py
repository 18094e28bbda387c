from datetime import time

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from road_graphs import SPEEDS, by_dijkstra, by_hierarchy, networks

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.errors import InputError, UnreachableError
from ntgeo.roads import read_roads, trace_paths, travel_times
from ntgeo.roads.changes.new_links import NewLink, add_links
from ntgeo.roads.changes.whatif import at_time_of_day, change_roads, links_of_ways, links_within
from ntgeo.roads.road_change import RoadChange
from ntgeo.roads.search import engine
from ntgeo.roads.speeds import read_speeds

STREET = {"highway": "residential"}
NEW = {"highway": "primary", "name": "New Bridge", "maxspeed": "30 mph"}
BANKS = {
    1: (0, 0),
    2: (300, 0),
    3: (600, 0),
    4: (600, -200),
    5: (450, 0),
    6: (600, 90),
    11: (0, 100),
    12: (300, 100),
    13: (600, 100),
    14: (-80, 100),
    15: (450, 100),
}
ROADS = {
    1: ([1, 2, 5, 3], {**STREET, "name": "South Bank"}),
    2: ([11, 12, 15, 13], {**STREET, "name": "North Bank"}),
    3: ([3, 6, 13], {"highway": "primary", "name": "Old Bridge"}),
    4: ([3, 4], STREET),
    5: ([11, 14], STREET),
}


def place_of(at, osm):
    x, y = BANKS[osm]
    spot = at(x, y)
    return (spot.easting_m, spot.northing_m)


def new_link(at, *ends, **tags):
    return NewLink(xy_m=np.array([place_of(at, end) for end in ends]), tags={**NEW, **tags})


def spread(network):
    """Places along every link, by the shape of the road."""
    spots = [
        line.interpolate(share, normalized=True) for line in network.lines for share in (0.2, 0.7)
    ]
    return {
        f"{number:03}": Location(easting_m=spot.x, northing_m=spot.y)
        for number, spot in enumerate(spots)
    }


@pytest.mark.parametrize("ends", [(2, 12), (1, 11), (4, 14), (5, 12), (2, 15), (3, 12)])
@pytest.mark.parametrize("oneway", ["no", "yes", "-1"])
@pytest.mark.parametrize("mode", [TravelMode.CAR, TravelMode.FOOT])
def test_a_new_road_is_as_if_it_had_been_on_the_map(small_town, at, ends, oneway, mode):
    """Cut links, joined junctions, dead ends that go on, waits and turns: all as the reader's."""
    turn = {"type": "restriction", "restriction": "no_left_turn"}
    members = [("way", 1, "from"), ("node", 3, "via"), ("way", 3, "to")]
    relations = [(members, turn)]
    before = read_roads(small_town(BANKS, ROADS, relations=relations), mode=mode)
    mapped = {**ROADS, 99: (list(ends), {**NEW, "oneway": oneway})}
    after = read_roads(small_town(BANKS, mapped, relations=relations), mode=mode)
    engine.prepare(before)
    found = add_links(before, [new_link(at, *ends, oneway=oneway)], read_speeds(mode))
    places = spread(after)
    expected = travel_times(after, places, places)
    got = travel_times(found, places, places)
    assert (
        found.kept["junction ranks"][: before.junction_count].tolist()
        == (before.kept["junction ranks"] + found.junction_count - before.junction_count).tolist()
    )
    assert np.array_equal(got.is_reachable, expected.is_reachable)
    assert np.nanmax(np.abs(got.time_s - expected.time_s)) <= 0.02  # both round, in other places
    assert np.nanmax(np.abs(got.distance_m - expected.distance_m)) <= 0.05
    assert found.arc_count == after.arc_count
    if after.turns is not None:
        assert len(found.turns.onto) == len(after.turns.onto)
        assert sorted(found.turns.delay_ms.tolist()) == sorted(after.turns.delay_ms.tolist())


@pytest.mark.parametrize("ends", [(7, 8), (2, 8), (7, 3), (9, 7)])
def test_restrictions_along_ways_stand_where_their_links_are_cut(small_town, at, ends):
    """Two carriageways joined by a gap (way 14), which a new road enters in its middle."""
    points = {1: (0, 40), 2: (100, 40), 3: (200, 40), 4: (0, 0), 5: (100, 0), 6: (200, 0)}
    points |= {7: (100, 20), 8: (200, 20), 9: (50, 40)}
    one_way = {**STREET, "oneway": "yes"}
    ways = {
        10: ([1, 9, 2], one_way),
        11: ([2, 3], {**one_way, "name": "East"}),
        12: ([6, 5], {**one_way, "name": "West"}),
        13: ([5, 4], one_way),
        14: ([2, 7, 5], {**STREET, "name": "Gap"}),
        15: ([3, 8, 6], {**STREET, "name": "Far end"}),
        16: ([4, 1], {**STREET, "name": "Near end"}),
    }
    members = [("way", 10, "from"), ("way", 14, "via"), ("way", 13, "to")]
    relations = [(members, {"type": "restriction", "restriction": "no_u_turn"})]
    before = read_roads(small_town(points, ways, relations=relations), mode=TravelMode.CAR)
    assert len(before.copies) == 1
    mapped = {**ways, 99: (list(ends), STREET)}
    after = read_roads(small_town(points, mapped, relations=relations), mode=TravelMode.CAR)
    xy = [(at(*points[end]).easting_m, at(*points[end]).northing_m) for end in ends]
    found = add_links(before, [NewLink(xy_m=np.array(xy), tags=STREET)], SPEEDS)
    places = spread(after)
    expected, got = travel_times(after, places, places), travel_times(found, places, places)
    assert np.array_equal(got.is_reachable, expected.is_reachable)
    assert np.nanmax(np.abs(got.time_s - expected.time_s)) <= 0.02
    engine.prepare(found)
    again = travel_times(found, places, places)
    assert np.array_equal(again.time_s, got.time_s, equal_nan=True)


def test_the_new_road_is_on_the_way_with_its_name(small_town, at):
    network = read_roads(small_town(BANKS, ROADS), mode=TravelMode.CAR)
    found = add_links(network, [new_link(at, 2, 12)], SPEEDS)
    (path,) = trace_paths(found, [(at(250, 0), at(250, 100))])
    assert [leg.street for leg in path.streets] == ["South Bank", "New Bridge", "North Bank"]
    assert path.distance_m == pytest.approx(200, abs=0.1)
    assert found.junctions.osm.min() < 0
    assert len(set(found.junctions.osm.tolist())) == found.junction_count


def test_an_end_near_a_road_is_led_on_to_it(small_town):
    network = read_roads(small_town(BANKS, ROADS), mode=TravelMode.CAR)
    ends = np.array([[545_300, 258_020], [545_300.4, 258_070]], float)
    found = add_links(network, [NewLink(xy_m=ends, tags=NEW)], SPEEDS)
    assert found.lines[-1].length == pytest.approx(100, abs=0.1)
    near = np.array([[545_000.6, 258_000], [545_000, 258_100.5]], float)
    at_ends = add_links(network, [NewLink(xy_m=near, tags=NEW)], SPEEDS)
    assert at_ends.junction_count == network.junction_count


def test_a_second_new_road_may_start_from_the_first(small_town, at):
    network = read_roads(small_town(BANKS, ROADS), mode=TravelMode.CAR)
    side = np.array([[545_300, 258_050], [545_450, 258_000]], float)
    found = add_links(network, [new_link(at, 2, 12), NewLink(xy_m=side, tags=STREET)], SPEEDS)
    assert found.junction_count == network.junction_count + 4
    (path,) = trace_paths(found, [(at(500, 0), at(200, 100))])
    assert path.distance_m < 420


def test_changes_made_before_hold_for_both_halves_of_a_cut_link(small_town, at):
    network = read_roads(small_town(BANKS, ROADS), mode=TravelMode.CAR)
    engine.prepare(network)
    south = tuple(links_of_ways(network, [1]).tolist())
    slow = change_roads(network, [RoadChange(links=south, most_kph=10.0)])
    both = at_time_of_day(add_links(slow, [new_link(at, 2, 12)], SPEEDS), time(8), SPEEDS)
    other = add_links(at_time_of_day(slow, time(8), SPEEDS), [new_link(at, 2, 12)], SPEEDS)
    last = change_roads(
        add_links(at_time_of_day(network, time(8), SPEEDS), [new_link(at, 2, 12)], SPEEDS),
        [RoadChange(links=(south[0], network.link_count), most_kph=10.0)],
    )
    assert np.array_equal(both.arcs.time_ms, other.arcs.time_ms)
    assert np.array_equal(both.arcs.time_ms, last.arcs.time_ms)
    cut = np.isin(both.arcs.link, [south[0], network.link_count])
    metres = both.arcs.length_cm[cut] / 100
    seconds = (both.arcs.time_ms[cut] - both.arcs.delay_ms[cut]) / 1000
    assert (3.6 * metres / seconds <= 10.001).all()
    assert metres.sum() == pytest.approx(2 * 600, abs=0.1)


def test_nobody_is_led_on_to_a_closed_road(small_town, at):
    network = read_roads(small_town(BANKS, ROADS), mode=TravelMode.CAR)
    south = tuple(links_of_ways(network, [1]).tolist())
    closed = change_roads(network, [RoadChange(links=south, is_closed=True)])
    with pytest.raises(UnreachableError, match="the nearest open road is 100 m off"):
        add_links(closed, [new_link(at, 2, 12)], SPEEDS)


def test_what_the_mode_may_not_use_is_left_out(small_town, at):
    network = read_roads(small_town(BANKS, ROADS), mode=TravelMode.CAR)
    path = new_link(at, 2, 12, highway="footway")
    assert add_links(network, [path], SPEEDS).link_count == network.link_count
    on_foot = read_roads(small_town(BANKS, ROADS), mode=TravelMode.FOOT)
    found = add_links(on_foot, [path], read_speeds(TravelMode.FOOT))
    assert found.link_count == on_foot.link_count + 3


def test_new_roads_that_cannot_be(small_town, at):
    network = read_roads(small_town(BANKS, ROADS), mode=TravelMode.CAR)
    with pytest.raises(ValueError, match="a line of some length"):
        new_link(at, 2, 2)
    with pytest.raises(ValueError, match="a line of some length"):
        NewLink(xy_m=np.array([[0.0, np.nan], [1.0, 1.0]]))
    far = NewLink(xy_m=np.array([[545_300, 258_000], [545_300, 258_900]], float))
    with pytest.raises(UnreachableError, match=r"end of the new road.* 800 m off; the limit is 50"):
        add_links(network, [far], SPEEDS)
    here = NewLink(xy_m=np.array([[545_300, 258_000], [545_300.2, 258_000]], float))
    with pytest.raises(InputError, match="at one place"):
        add_links(network, [here], SPEEDS)


spots = st.tuples(st.integers(0, 80), st.integers(0, 80)).map(lambda xy: (5.0 * xy[0], 5.0 * xy[1]))


@pytest.mark.parametrize("has_turns", [False, True])
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_the_kept_order_answers_as_dijkstra_on_the_changed_graph(has_turns, data):
    network = data.draw(networks(has_turns=has_turns))
    engine.prepare(network)
    link = st.integers(0, network.link_count - 1)
    kinds = [{"is_closed": True}, {"most_kph": 12.0}, {"one_way": "forward"}]
    for kind in kinds:
        few = tuple(data.draw(st.lists(link, max_size=3)))
        network = change_roads(network, [RoadChange(links=few, **kind)])
        assert "hierarchy" in network.kept
    for start, end, oneway in data.draw(
        st.lists(st.tuples(spots, spots, st.sampled_from(["yes", "no"])), max_size=3)
    ):
        if start == end:
            continue
        tags = {"highway": "residential", "oneway": oneway}
        try:
            added = NewLink(xy_m=np.array([start, end]), tags=tags)
            network = add_links(network, [added], SPEEDS, snap_limit_m=1e6)
        except (InputError, UnreachableError):
            continue
    assert "junction ranks" in network.kept
    every = np.arange(len(network.search_graph.xy_m))
    expected = by_dijkstra(network, every, every)
    assert (by_hierarchy(network, every, every) == expected).all()


@pytest.mark.shared_data
@pytest.mark.parametrize("has_turns", [False, True])
def test_a_new_bridge_in_cambridge(real_roads, has_turns):
    network = real_roads("cambridge/cambridge_drive.osm.pbf")
    network = change_roads(network if has_turns else network.without_turns(), [])
    engine.prepare(network)
    ends = np.array([[545_900, 259_400], [546_600, 259_900]], float)
    zone = links_within(network, shapely.Point(545_500, 258_500).buffer(500))
    slow = change_roads(network, [RoadChange(links=tuple(zone.tolist()), most_kph=20.0)])
    found = add_links(slow, [NewLink(xy_m=ends, tags=NEW)], SPEEDS, snap_limit_m=300)
    rng = np.random.default_rng(4)
    count = len(found.search_graph.xy_m)
    origins = np.concatenate([rng.choice(count, 40), [count - 1]])
    destinations = rng.choice(count, 300)
    expected = by_dijkstra(found, origins, destinations)
    assert (by_hierarchy(found, origins, destinations) == expected).all()
