import numpy as np
import pytest
import shapely
from scipy.sparse.csgraph import connected_components

from ntgeo.sample.arterials import Street
from ntgeo.sample.network import join_streets


def _street(points, **kwargs):
    return Street(
        points=np.array(points, dtype=float), highway="residential", pattern="rural", **kwargs
    )


def _joined(*streets):
    return join_streets(list(streets), np.random.default_rng(1))


def test_two_streets_that_cross_share_a_junction():
    network = _joined(_street([(0, 0), (200, 0)]), _street([(100, -100), (100, 100)]))
    assert network.junctions.tolist() == [[0, 0], [100, -100], [100, 0], [100, 100], [200, 0]]
    assert network.length_m.tolist() == [100, 100, 100, 100]


def test_an_end_that_stops_just_short_still_meets_and_is_moved_there():
    network = _joined(_street([(0, 0), (200, 0)]), _street([(100, 0.4), (100, 100)]))
    assert len(network.junctions) == 4
    assert len(network.length_m) == 3


def test_a_stub_goes_and_a_close_stays():
    network = _joined(
        _street([(0, 0), (200, 0)]),
        _street([(50, 0), (50, 20)]),
        _street([(150, 0), (150, 70)]),
    )
    assert sorted(network.street.tolist()) == [0, 0, 0, 2]


def test_what_is_joined_to_nothing_goes():
    network = _joined(_street([(0, 0), (200, 0)]), _street([(0, 500), (90, 500)]))
    assert network.street.tolist() == [0]


def test_chance_never_parts_the_network():
    grid = [_street([(0, 80.0 * k), (800, 80.0 * k)], may_go=True) for k in range(11)]
    grid += [_street([(80.0 * k, 0), (80.0 * k, 800)], may_go=True) for k in range(11)]
    for street in grid:
        street.pattern = "semi"
    network = _joined(*grid)
    assert len(network.junctions) == 121
    assert 121 - 1 < len(network.length_m) < 220
    assert connected_components(network.graph(), directed=False)[0] == 1


def test_road_distance_follows_one_way_streets():
    there = _street([(0, 0), (100, 0)], tags={"oneway": "yes"})
    round_about = _street([(100, 0), (100, 300), (0, 300), (0, 0)])
    network = _joined(there, round_about)
    start, end = (network.junctions.tolist().index(spot) for spot in ([0, 0], [100, 0]))
    to_end, to_start = network.road_distances_m(np.array([end, start]))
    assert to_end[start] == pytest.approx(100)
    assert to_start[end] == pytest.approx(700)


def test_nearly_the_whole_town_is_one_strong_piece_for_cars(town):
    network = town.network
    cars = network.is_for_cars
    used = np.unique(np.concatenate([network.start[cars], network.end[cars]]))
    _, piece = connected_components(network.graph(), connection="strong")
    assert np.bincount(piece).max() >= 0.98 * len(used)


def test_the_river_is_crossed_at_two_bridges_and_nowhere_else(town):
    kinds = [town.network.streets[int(k)].pattern for k in town.network.street]
    lines = np.array([shapely.LineString(points) for points in town.network.points])
    wet = shapely.intersects(lines, town.ground.water)
    assert [kinds[k] for k in np.flatnonzero(wet)] == ["bridge", "bridge"]


def test_without_the_bridges_the_banks_are_apart(town):
    network = town.network
    bridges = np.array([street.pattern == "bridge" for street in network.streets])
    cut = network.keep(~bridges[network.street])
    _, piece = connected_components(cut.graph(), directed=False)
    sizes = np.sort(np.bincount(piece))[::-1]
    assert sizes[0] < 0.7 * sizes.sum()
    assert sizes[1] > 0.3 * sizes.sum()


def test_no_street_runs_in_the_sea(town):
    within = town.ground.land.union(town.ground.water).buffer(10)
    lines = shapely.MultiLineString(list(town.network.points))
    assert within.contains(lines)
