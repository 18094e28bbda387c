import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.roads import nearest_destinations, nearest_facility, read_roads
from ntgeo.roads.answers.facilities import NOBODY, _spread
from ntgeo.roads.search.dijkstra import ABSENT, dijkstra_rows

STREET = {"highway": "residential"}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_every_vertex_has_its_nearest_source(data):
    """With ties, zero costs and several components; equal costs go to the least source."""
    count = data.draw(st.integers(1, 12))
    vertex = st.integers(0, count - 1)
    arc = st.tuples(vertex, vertex, st.integers(0, 3))
    arcs = sorted(data.draw(st.lists(arc, max_size=40)))
    tail, head, ms = np.array(arcs, np.int64).reshape(-1, 3).T
    start = np.concatenate(([0], np.cumsum(np.bincount(tail, minlength=count)))).astype(np.int64)
    graph = (start, head.astype(np.int32), ms << 32)
    seeds = data.draw(st.lists(st.tuples(vertex, st.integers(-2, 3)), max_size=6))
    at = np.array([seed for seed, _ in seeds], np.int32)
    cost = np.array([extra << 32 for _, extra in seeds], np.int64)
    limit = data.draw(st.sampled_from([4 << 32, ABSENT - 1]))
    found_cost, found = _spread(graph, (at, cost, np.arange(len(seeds))), limit)
    dense = np.empty((len(seeds), count), np.int64)
    ids = np.arange(len(seeds) + 1)
    every = (np.arange(count + 1), np.arange(count, dtype=np.int32), np.zeros(count, np.int64))
    dijkstra_rows(graph, (ids, at, cost), every, limit, dense)
    for here in range(count):
        ways = sorted((c, number) for number, c in enumerate(dense[:, here]) if c <= limit)
        best = ways[0] if ways else (ABSENT, NOBODY)
        assert (found_cost[here], found[here]) == best


def test_by_hand_against_a_one_way_street(small_town, even_speeds, at):
    """From the middle of a one-way street only what lies ahead can be reached."""
    points = {1: (0, 0), 2: (1_000, 0)}
    path = small_town(points, {1: ([1, 2], {**STREET, "oneway": "yes"})})
    street = read_roads(path, mode=TravelMode.CAR, speeds_file=even_speeds)
    facilities = {"behind": at(400, 0), "ahead": at(900, 0), "beside": at(900, 0)}
    places = {"a": at(500, 0), "b": at(950, 0), "c": at(0, 5_000)}
    found = nearest_facility(street, places, facilities)
    assert found.nearest == {"a": "ahead"}
    assert found.time_s == pytest.approx([40], abs=0.05)
    assert found.counts.tolist() == [1, 0, 0]


@pytest.mark.shared_data
@pytest.mark.parametrize("has_turns", [False, True])
def test_equals_the_search_from_every_place(real_roads, has_turns):
    network = real_roads("cambridge/cambridge_drive.osm.pbf")
    network = network if has_turns else network.without_turns()
    rng = np.random.default_rng(7)
    xy = network.junctions.xy_m[rng.choice(network.junction_count, 460)]
    xy[::9] = xy[0]
    named = [
        (str(number), Location(easting_m=x, northing_m=y))
        for number, (x, y) in enumerate((xy + rng.normal(0, 50, xy.shape)).tolist())
    ]
    places, facilities = dict(named[:400]), dict(named[380:])
    found = nearest_facility(network, places, facilities)
    expected = nearest_destinations(network, places, facilities, k=1)
    for name in ("row_start", "column", "time_s", "distance_m"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    assert len(found.column) > 390
