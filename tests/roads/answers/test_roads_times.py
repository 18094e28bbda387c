import math

import networkx as nx
import numpy as np
import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.errors import CancelledError, UnreachableError
from ntgeo.progress import SILENT
from ntgeo.roads import (
    read_roads,
    snap_places,
    straight_line_nearest,
    straight_line_times,
    travel_times,
)

STREET = {"highway": "residential"}
ONE_WAY = {"highway": "residential", "oneway": "yes"}
BLOCK = {1: (0, 0), 2: (200, 0), 3: (200, 100), 4: (0, 100)}


@pytest.fixture
def block(small_town, even_speeds):
    """A block 200 m × 100 m, its south side one-way to the east, at 10 m/s."""
    ways = {1: ([1, 2], ONE_WAY), 2: ([2, 3, 4, 1], {**STREET, "name": "Ring"})}
    return read_roads(small_town(BLOCK, ways), mode=TravelMode.CAR, speeds_file=even_speeds)


def near(expected):
    return pytest.approx(expected, abs=0.01)


def times(network, start, end, **options):
    return travel_times(network, {"a": start}, {"b": end}, **options)


def test_with_and_against_a_one_way_street(block, at):
    west, east = at(50, 0), at(150, 0)
    assert times(block, west, east).time_s[0, 0] == near(10.0)
    assert times(block, east, west).time_s[0, 0] == near(5 + 40 + 5)
    assert times(block, east, west).distance_m[0, 0] == near(500.0)


def test_both_directions_of_a_two_way_street(block, at):
    assert times(block, at(50, 100), at(150, 100)).time_s[0, 0] == near(10.0)
    assert times(block, at(150, 100), at(50, 100)).time_s[0, 0] == near(10.0)


def test_the_walk_to_the_road_counts_at_5_km_an_hour(block, at):
    matrix = times(block, at(50, -10), at(150, -20))
    assert matrix.time_s[0, 0] == near(10 + 30 / (5 / 3.6))
    assert matrix.distance_m[0, 0] == near(130.0)


def test_a_place_is_no_time_from_itself(block, at):
    matrix = travel_times(block, {"a": at(50, -10)}, {"b": at(50, -10), "c": at(50, -10.5)})
    assert matrix.time_s[0, 0] == matrix.distance_m[0, 0] == 0
    assert matrix.time_s[0, 1] > 0


def test_a_place_on_a_junction_may_take_any_road(block):
    junction = {
        str(osm): Location(easting_m=x, northing_m=y)
        for osm, (x, y) in zip(block.junctions.osm, block.junctions.xy_m.tolist(), strict=True)
    }
    matrix = travel_times(block, junction, junction)
    assert matrix.origins == ("1", "2")
    assert matrix.time_s == near(np.array([[0, 20], [40, 0]]))


def test_a_place_far_from_every_road_is_absent_or_refused(block, at):
    far = at(0, -5_000)
    matrix = times(block, at(50, 0), far)
    assert math.isnan(matrix.time_s[0, 0])
    assert math.isnan(times(block, far, far).time_s[0, 0])
    snapped = snap_places(block, {"V7": far})
    assert snapped.reasons == {"V7": "It lies 5.0 km from the nearest road."}
    with pytest.raises(UnreachableError, match=r"^b: no usable road lies within 1,000 m"):
        times(block, at(50, 0), far, off_road="refuse")
    assert times(block, at(50, 0), far, snap_limit_m=6_000).is_reachable.all()


def test_no_places_make_an_empty_matrix(block, at):
    assert travel_times(block, {}, {"b": at(0, 0)}).time_s.shape == (0, 1)
    assert travel_times(block, {"b": at(0, 0)}, {}).time_s.shape == (1, 0)


def test_threads_and_blocks_change_nothing(block):
    rng = np.random.default_rng(3)
    places = {
        f"p{number}": Location(easting_m=545_000 + x, northing_m=258_000 + y)
        for number, (x, y) in enumerate(rng.uniform(-20, 220, (300, 2)).tolist())
    }
    one, two = (travel_times(block, places, places, workers=workers) for workers in (1, 2))
    assert np.array_equal(one.time_s, two.time_s)
    assert one.time_s.max() < 200
    assert (np.diag(one.time_s) == 0).all()


def test_progress_is_told_and_asked(block, at):
    class Stopping:
        def __init__(self):
            self.stages = []

        def stage(self, name, total=None):
            self.stages.append((name, total))

        def advance(self, done):
            pass

        def note(self, message):
            pass

        def is_cancelled(self):
            return True

    stopping = Stopping()
    with pytest.raises(CancelledError):
        times(block, at(0, 0), at(10, 0), progress=stopping)
    assert stopping.stages == [("Travel times by car", 1)]
    assert times(block, at(0, 0), at(10, 0), progress=SILENT).is_reachable.all()


def test_straight_lines_say_so():
    origins = {"a": Location(easting_m=0, northing_m=0)}
    destinations = {"b": Location(easting_m=3_000, northing_m=4_000)}
    matrix = straight_line_times(origins, destinations, mode=TravelMode.CAR, detour_factor=1.2)
    assert matrix.distance_m[0, 0] == 6_000
    assert matrix.time_s[0, 0] == pytest.approx(1_080)
    assert matrix.method == "straight line × 1.2 at 20 km/h (no roads were used)"
    assert matrix.time_range.is_told
    walked = straight_line_times(origins, destinations, mode=TravelMode.FOOT, speed_kph=4)
    assert walked.time_s[0, 0] == pytest.approx(6_500 / (4 / 3.6))
    with pytest.raises(ValueError, match="detour factor"):
        straight_line_times(origins, destinations, mode=TravelMode.CAR, detour_factor=0.9)
    with pytest.raises(ValueError, match="speed"):
        straight_line_times(origins, destinations, mode=TravelMode.CAR, speed_kph=0)


@pytest.mark.shared_data
@pytest.mark.parametrize("file", ["cambridge_drive.osm.pbf", "cambridge_drive_osmnx.graphml"])
def test_agrees_with_networkx_for_a_thousand_pairs_of_cambridge(shared_data, file):
    network = read_roads(shared_data / "cambridge" / file, mode=TravelMode.CAR).without_turns()
    graph = network.to_networkx()
    # A barrier makes two junctions of one point; a place there may stand on either side of it.
    _, first, many = np.unique(
        network.junctions.xy_m, axis=0, return_index=True, return_counts=True
    )
    alone = first[(many == 1) & network.in_main_part[first]]
    keys = np.array(list(graph))[alone]
    rng = np.random.default_rng(4)
    starts, ends = (rng.choice(keys, size, replace=False) for size in (20, 50))

    def place(key):
        return Location(easting_m=graph.nodes[key]["x"], northing_m=graph.nodes[key]["y"])

    matrix = travel_times(
        network,
        {str(key): place(key) for key in starts.tolist()},
        {str(key): place(key) for key in ends.tolist()},
    )
    pairs = 0
    for row, start in enumerate(starts.tolist()):
        expected = nx.single_source_dijkstra_path_length(graph, start, weight="travel_time")
        for column, end in enumerate(ends.tolist()):
            assert matrix.time_s[row, column] == pytest.approx(expected[end], abs=1e-6)
            pairs += 1
    assert pairs == 1_000


def test_the_nearest_in_a_straight_line_are_those_of_the_whole_matrix():
    rng = np.random.default_rng(7)
    places = {
        f"P{i:02d}": Location(easting_m=float(x), northing_m=float(y))
        for i, (x, y) in enumerate(rng.integers(0, 6, (12, 2)) * 100)
    }
    whole = straight_line_times(places, places, mode=TravelMode.CAR)
    for k in (1, 4, 12, 20):
        nearest = straight_line_nearest(places, places, mode=TravelMode.CAR, k=k)
        kept = min(k, 12)
        times = nearest.time_s.reshape(12, kept)
        assert np.allclose(times, np.sort(whole.time_s, axis=1)[:, :kept])
        known_s, known_m = whole.of_pairs(nearest.row, nearest.column)
        assert np.allclose(nearest.time_s, known_s)
        assert np.allclose(nearest.distance_m, known_m)
        assert (
            nearest.beyond_s.tolist() == (times[:, -1] if k < 12 else np.full(12, np.inf)).tolist()
        )
    with pytest.raises(ValueError, match="at least 1 is needed"):
        straight_line_nearest(places, places, mode=TravelMode.CAR, k=0)
