import numpy as np
import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.errors import InputError
from ntgeo.roads import read_roads

STREET = {"highway": "residential", "name": "High Street"}
LINE = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (300, 0)}


def arcs_of(network):
    """Return {(tail OSM id, head OSM id): milliseconds}."""
    osm, arcs = network.junctions.osm, network.arcs
    tails, heads = osm[arcs.tail].tolist(), osm[arcs.head].tolist()
    return {
        pair: int(ms) for pair, ms in zip(zip(tails, heads, strict=True), arcs.time_ms, strict=True)
    }


def read(path, speeds, mode=TravelMode.CAR):
    return read_roads(path, mode=mode, speeds_file=speeds)


def near(expected):
    return pytest.approx(expected, abs=3)


def test_points_along_a_road_are_no_junctions(small_town, even_speeds):
    network = read(small_town(LINE, {1: ([1, 2, 3, 4], STREET)}), even_speeds)
    assert arcs_of(network) == near({(1, 4): 30_000, (4, 1): 30_000})
    assert len(network.links.xy_m) == 4


def test_a_road_goes_on_through_several_ways_of_one_name(small_town, even_speeds):
    ways = {1: ([1, 2], STREET), 2: ([3, 2], STREET), 3: ([3, 4], {**STREET, "name": "Mill Road"})}
    network = read(small_town(LINE, ways), even_speeds)
    assert arcs_of(network) == near(
        {(1, 3): 20_000, (3, 1): 20_000, (3, 4): 10_000, (4, 3): 10_000}
    )
    assert sorted(network.names) == ["", "High Street", "Mill Road"]


def test_a_link_knows_every_way_along_it(small_town, even_speeds):
    ways = {7: ([1, 2], STREET), 5: ([3, 2], STREET), 6: ([3, 4], STREET)}
    network = read(small_town(LINE, ways), even_speeds)
    assert network.links.way_start.tolist() == [0, 3]
    assert network.links.way.tolist() in ([7, 5, 6], [6, 5, 7])
    assert network.links.first_way.tolist() == network.links.way[:1].tolist()
    assert network.links.last_way.tolist() == network.links.way[2:].tolist()


def test_one_way_begins_a_new_link(small_town, even_speeds):
    ways = {1: ([1, 2], STREET), 2: ([2, 3, 4], {**STREET, "oneway": "yes"})}
    network = read(small_town(LINE, ways), even_speeds)
    assert arcs_of(network) == near({(1, 2): 10_000, (2, 1): 10_000, (2, 4): 20_000})


def test_one_way_against_the_drawing(small_town, even_speeds):
    ways = {1: ([1, 2, 3, 4], {**STREET, "oneway": "-1"})}
    assert arcs_of(read(small_town(LINE, ways), even_speeds)) == near({(4, 1): 30_000})


def test_two_one_ways_that_meet_head_on_do_not_join(small_town, even_speeds):
    ways = {
        1: ([1, 2], {**STREET, "oneway": "yes"}),
        2: ([3, 2], {**STREET, "oneway": "yes"}),
    }
    network = read(small_town(LINE, ways), even_speeds)
    assert arcs_of(network) == near({(1, 2): 10_000, (3, 2): 10_000})


def test_a_roundabout_is_driven_one_way_round(small_town, even_speeds):
    ring = {1: (0, 0), 2: (100, 0), 3: (100, 100), 4: (0, 100), 5: (-100, 0), 6: (200, 100)}
    ways = {
        1: ([1, 2, 3, 4, 1], {"highway": "primary", "junction": "roundabout"}),
        2: ([5, 1], STREET),
        3: ([3, 6], STREET),
    }
    network = read(small_town(ring, ways), even_speeds)
    assert arcs_of(network) == near(
        {(1, 3): 20_000, (3, 1): 20_000, (1, 5): 10_000, (5, 1): 10_000}
        | {(3, 6): 10_000, (6, 3): 10_000}
    )
    assert network.links.name.tolist().count(0) == 2


def test_a_ring_without_a_junction_is_one_link(small_town, even_speeds):
    ring = {1: (0, 0), 2: (100, 0), 3: (100, 100), 4: (0, 100)}
    network = read(small_town(ring, {1: ([1, 2, 3, 4, 1], STREET)}), even_speeds)
    assert (network.junction_count, network.link_count, network.arc_count) == (1, 1, 2)
    assert arcs_of(network) == near({(1, 1): 40_000})


def test_a_barrier_is_a_dead_end_from_both_sides(small_town, even_speeds):
    path = small_town(LINE, {1: ([1, 2, 3, 4], STREET)}, stops={3: {"barrier": "bollard"}})
    network = read(path, even_speeds)
    assert network.junction_count == 4
    assert network.link_count == 2
    assert network.in_main_part.sum() == 2
    on_foot = read(path, even_speeds, TravelMode.FOOT)
    assert on_foot.link_count == 1


def test_points_that_the_file_lacks_cut_the_road(small_town, even_speeds):
    points = {key: LINE[key] for key in (1, 2, 4)} | {5: (400, 0)}
    network = read(small_town(points, {1: ([1, 2, 3, 4, 5], STREET)}), even_speeds)
    assert set(arcs_of(network)) == {(1, 2), (2, 1), (4, 5), (5, 4)}
    assert "1 × point of a road that the file lacks" in network.notes


def test_repeated_points_do_no_harm(small_town, even_speeds):
    network = read(small_town(LINE, {1: ([1, 2, 2, 3], STREET)}), even_speeds)
    assert arcs_of(network) == near({(1, 3): 20_000, (3, 1): 20_000})


def test_the_order_of_ways_does_not_matter(small_town, even_speeds):
    points = {number: (100 * (number % 5), 100 * (number // 5)) for number in range(1, 25)}
    ways = {
        number: ([number, number + 1], {**STREET, "name": f"Street {number % 3}"})
        for number in range(1, 24)
    }
    path = small_town(points, ways)
    one = read(path, even_speeds)
    lines = path.read_text(encoding="utf-8").splitlines()
    shuffled = [lines[0], *lines[1:25], *reversed(lines[25:-1]), lines[-1]]
    path.write_text("\n".join(shuffled), encoding="utf-8")
    other = read(path, even_speeds)
    assert (one.links.xy_m == other.links.xy_m).all()
    assert (one.arcs.time_ms == other.arcs.time_ms).all()
    assert one.names == other.names


def test_delays_stand_where_they_should(small_town):
    points = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (100, 100), 5: (50, 0)}
    ways = {
        1: ([1, 5, 2, 3], {"highway": "primary", "maxspeed": "30 mph"}),
        2: ([2, 4], {"highway": "residential", "maxspeed": "30 mph"}),
    }
    path = small_town(points, ways, stops={5: {"highway": "traffic_signals"}})
    network = read_roads(path, mode=TravelMode.CAR)
    osm = network.junctions.osm
    delay = {
        (int(osm[tail]), int(osm[head])): int(ms)
        for tail, head, ms in zip(
            network.arcs.tail, network.arcs.head, network.arcs.delay_ms, strict=True
        )
    }
    assert delay == {
        (1, 2): 11_000,
        (2, 1): 10_000,
        (3, 2): 1_000,
        (2, 3): 0,
        (4, 2): 4_000,
        (2, 4): 0,
    }


def test_a_file_without_a_road_for_the_mode_is_refused(small_town):
    path = small_town(LINE, {1: ([1, 2], {"highway": "footway"})})
    with pytest.raises(InputError, match=r"town\.osm: it holds no road that the mode car may use"):
        read_roads(path, mode=TravelMode.CAR)


def test_lengths_are_those_of_the_grid(small_town, even_speeds):
    network = read(small_town(LINE, {1: ([1, 2, 3, 4], STREET)}), even_speeds)
    assert network.epsg == 27700
    assert network.arcs.length_cm.tolist() == pytest.approx([30_000, 30_000], abs=3)
    assert np.allclose(network.links.xy_m[:, 1], 258_000, atol=0.02)
