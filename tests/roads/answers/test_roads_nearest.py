import tracemalloc

import numpy as np
import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.roads import nearest_destinations, read_roads, travel_times, travel_times_within
from ntgeo.roads.search import near_pairs

STREET = {"highway": "residential"}


@pytest.fixture
def street(small_town, even_speeds):
    """A street of 1,000 m at 10 m/s, one-way to the east for its last half."""
    points = {1: (0, 0), 2: (500, 0), 3: (1_000, 0)}
    ways = {1: ([1, 2], STREET), 2: ([2, 3], {**STREET, "oneway": "yes"})}
    return read_roads(small_town(points, ways), mode=TravelMode.CAR, speeds_file=even_speeds)


def told(times):
    """Return {origin: [(destination, seconds)]}."""
    names = [times.destinations[column] for column in times.column.tolist()]
    pairs = list(zip(names, times.time_s.round(1).tolist(), strict=True))
    start = times.row_start.tolist()
    return {origin: pairs[start[row] : start[row + 1]] for row, origin in enumerate(times.origins)}


@pytest.mark.parametrize("has_turns", [False, True])
def test_by_hand(street, at, has_turns):
    network = street if has_turns else street.without_turns()
    origins = {"a": at(100, 0), "b": at(700, 0), "far": at(0, 9_000)}
    destinations = {"w": at(0, 0), "m": at(300, 0), "e": at(900, 0), "a": at(100, 0)}
    assert told(travel_times_within(network, origins, destinations, limit_s=20.1)) == {
        "a": [("a", 0), ("w", 10), ("m", 20)],
        "b": [("e", 20)],
        "far": [],
    }
    assert told(nearest_destinations(network, origins, destinations, k=2)) == {
        "a": [("a", 0), ("w", 10)],
        "b": [("e", 20)],
        "far": [],
    }
    nearest = nearest_destinations(network, origins, destinations, k=9, limit_s=19.9)
    assert nearest.nearest == {"a": "a"}
    assert nearest.counts.tolist() == [2, 0, 0]
    assert nearest.row.tolist() == [0, 0]


def test_of_equally_near_ones_the_first_counts(street, at):
    near = {"b": at(200, 0), "a": at(200, 0), "c": at(0, 0)}
    found = nearest_destinations(street, {"o": at(100, 0)}, near, k=2)
    assert told(found) == {"o": [("b", 10), ("a", 10)]}


def test_without_places(street, at):
    assert nearest_destinations(street, {}, {"a": at(0, 0)}).row_start.tolist() == [0]
    found = travel_times_within(street, {"a": at(0, 0)}, {}, limit_s=9)
    assert found.row_start.tolist() == [0, 0]


def test_what_cannot_be_asked(street, at):
    here = {"a": at(0, 0)}
    with pytest.raises(ValueError, match="0 nearest destinations were asked for"):
        nearest_destinations(street, here, here, k=0)
    for limit_s in (-1, float("nan")):
        with pytest.raises(ValueError, match="is not 0 or more"):
            travel_times_within(street, here, here, limit_s=limit_s)


def scattered(network, count, seed):
    rng = np.random.default_rng(seed)
    middle = network.junctions.xy_m[rng.choice(network.junction_count, count)]
    middle[::7] = middle[0]
    return {
        f"{seed}-{number}": Location(easting_m=x, northing_m=y)
        for number, (x, y) in enumerate((middle + rng.normal(0, 40, middle.shape)).tolist())
    }


@pytest.mark.shared_data
@pytest.mark.parametrize("has_turns", [False, True])
@pytest.mark.parametrize("settle_us", [0.0, 1e9])
def test_equals_the_dense_matrix_on_real_roads(real_roads, monkeypatch, has_turns, settle_us):
    """Whether by searches or by sweeps, and with one thread or two."""
    network = real_roads("cambridge/cambridge_drive.osm.pbf")
    network = network if has_turns else network.without_turns()
    origins, destinations = scattered(network, 300, 1), scattered(network, 400, 2)
    destinations |= dict(list(origins.items())[:20])
    dense = travel_times(network, origins, destinations)
    monkeypatch.setattr(near_pairs, "_SETTLE_US", settle_us)
    within = travel_times_within(network, origins, destinations, limit_s=240, workers=2)
    is_within = dense.time_s <= 240
    assert (within.counts == is_within.sum(axis=1)).all()
    assert is_within[within.row, within.column].all()
    assert (within.time_s == dense.time_s[within.row, within.column]).all()
    assert (within.distance_m == dense.distance_m[within.row, within.column]).all()
    nearest = nearest_destinations(network, origins, destinations, k=4)
    for row in range(300):
        keys = (np.arange(420), dense.distance_m[row], dense.time_s[row])
        order = [column for column in np.lexsort(keys) if dense.is_reachable[row, column]]
        found = nearest.column[nearest.row_start[row] : nearest.row_start[row + 1]]
        assert found.tolist() == order[:4]


@pytest.mark.shared_data
def test_the_dense_matrix_is_never_held(real_roads):
    network = real_roads("cambridge/cambridge_drive.osm.pbf")
    places = scattered(network, 3_000, 3)
    nearest_destinations(network, places, places, k=2)  # what is kept for the network is kept now
    tracemalloc.start()
    found = nearest_destinations(network, places, places, k=2)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found.column) > 5_000
    assert peak < 0.5 * 3_000 * 3_000 * 8
