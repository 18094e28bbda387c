import numpy as np
import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.roads import fastest_paths, read_roads, trace_paths, travel_times


def length_of(points):
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


@pytest.fixture
def block(small_town, even_speeds):
    points = {1: (0, 0), 2: (200, 0), 3: (200, 100), 4: (0, 100)}
    ways = {
        1: ([1, 2], {"highway": "residential", "oneway": "yes", "name": "South Side"}),
        2: ([2, 3, 4, 1], {"highway": "residential", "name": "Ring"}),
    }
    return read_roads(small_town(points, ways), mode=TravelMode.CAR, speeds_file=even_speeds)


def town(points):
    """Return the points in whole metres of the town, without repeats."""
    whole = (points - (545_000, 258_000)).round().astype(int).tolist()
    return [point for point, before in zip(whole, [None, *whole], strict=False) if point != before]


def test_straight_along_one_street(block, at):
    (points,) = fastest_paths(block, [(at(50, -10), at(150, -20))])
    assert town(points) == [[50, -10], [50, 0], [150, 0], [150, -20]]


def test_all_the_way_round_a_one_way_street(block, at):
    (path,) = trace_paths(block, [(at(150, 0), at(50, 0))])
    assert town(path.xy_m) == [[150, 0], [200, 0], [200, 100], [0, 100], [0, 0], [50, 0]]
    assert [leg.street for leg in path.streets] == ["South Side", "Ring", "South Side"]
    assert [leg.distance_m for leg in path.streets] == pytest.approx([50, 400, 50], abs=0.1)
    assert [leg.time_s for leg in path.streets] == pytest.approx([5, 40, 5], abs=0.01)


def test_no_way_and_no_distance(block, at):
    nowhere, here = trace_paths(block, [(at(0, 0), at(0, 9_000)), (at(9, 9), at(9, 9))])
    assert nowhere.xy_m.shape == (0, 2)
    assert np.isnan(nowhere.time_s)
    assert here.xy_m.shape == (1, 2)
    assert here.time_s == here.distance_m == 0


@pytest.mark.shared_data
@pytest.mark.parametrize("mode", list(TravelMode))
def test_paths_are_as_long_as_the_matrix_says(real_roads, mode):
    network = real_roads("newport_wales/newport-2023-06-13.osm.pbf", mode)
    rng = np.random.default_rng(5)
    middle = network.junctions.xy_m[rng.choice(network.junction_count, 60)]
    places = [
        Location(easting_m=x, northing_m=y)
        for x, y in (middle + rng.normal(0, 40, middle.shape)).tolist()
    ]
    named = {str(number): place for number, place in enumerate(places)}
    matrix = travel_times(network, named, named)
    pairs = [(row, (7 * row + 3) % 60) for row in range(60)]
    found = trace_paths(network, [(places[row], places[column]) for row, column in pairs])
    reached = 0
    for (row, column), path in zip(pairs, found, strict=True):
        assert path.time_s == pytest.approx(matrix.time_s[row, column], nan_ok=True, abs=1e-9)
        if matrix.is_reachable[row, column]:
            reached += 1
            assert length_of(path.xy_m) == pytest.approx(matrix.distance_m[row, column], abs=0.5)
            turns_and_walks_s = path.time_s - sum(leg.time_s for leg in path.streets)
            assert turns_and_walks_s > -0.005
            assert tuple(path.xy_m[0]) == (places[row].easting_m, places[row].northing_m)
    assert reached > 40
