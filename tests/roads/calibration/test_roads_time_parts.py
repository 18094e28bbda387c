from datetime import time

import networkx as nx
import numpy as np
import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.roads import at_time_of_day, read_parted_roads, read_speeds, snap_places, travel_times
from ntgeo.roads.calibration.journey_parts import journey_parts
from ntgeo.roads.calibration.time_parts import FITTED, MOVING, PARTS, group_of, scaled_speeds
from ntgeo.roads.files.reading import read_roads_with
from ntgeo.roads.search.entries import direct_ways

CAMBRIDGE = "cambridge/cambridge_drive.osm.pbf"
FACTORS = np.ones(len(PARTS))
FACTORS[list(FITTED)] = (1.1, 1.25, 1.3, 1.4, 1.2, 1.5, 1.75, 2.0)


def test_every_part_has_a_place():
    assert PARTS[group_of("primary_link")] == "main roads"
    assert PARTS[group_of("cycleway")] == "access ways and paths"
    fixed = [name for part, name in enumerate(PARTS) if part not in FITTED]
    assert fixed == ["other ways", "walks"]
    assert PARTS[MOVING][-1] == "other ways"


def test_the_parts_of_a_street_by_hand(small_town):
    points = {1: (0, 0), 2: (500, 0), 3: (1_000, 0), 4: (500, 500), 5: (500, -500)}
    ways = {
        1: ([1, 2, 3], {"highway": "primary", "maxspeed": "30 mph"}),
        2: ([5, 2, 4], {"highway": "residential"}),
        3: ([3, 4], {"highway": "class_of_our_own"}),
    }
    path = small_town(points, ways, stops={3: {"highway": "traffic_signals"}})
    speeds = read_speeds(TravelMode.CAR)
    roads = read_parted_roads(path, speeds)
    ends = roads.network.junctions.osm[np.stack([roads.network.arcs.tail, roads.network.arcs.head])]

    def told(start, end):
        (arc,) = np.flatnonzero((ends[0] == start) & (ends[1] == end))
        return dict(zip(PARTS, roads.arc_ms[arc].tolist(), strict=True))

    main, side, odd = told(2, 3), told(4, 2), told(4, 3)
    kph = 30 * 1.609344 * speeds.share["primary"]
    assert main["main roads"] == pytest.approx(500 * 3600 / kph, abs=2)
    assert main["stops"] == speeds.delay_ms["traffic_signals"]
    assert main["junctions"] == main["streets"] == main["turns"] == main["walks"] == 0
    assert side["junctions"] == speeds.delay_ms["minor_into_major"]
    unknown_ms = np.hypot(500, 500) * 3600 / speeds.unknown_class_kph
    assert odd["other ways"] == pytest.approx(unknown_ms, abs=100)
    assert odd["access ways and paths"] == 0


@pytest.mark.shared_data
@pytest.mark.parametrize("mode", list(TravelMode))
def test_times_by_parts_are_those_of_a_scaled_table(shared_data, mode):
    speeds = read_speeds(mode)
    roads = read_parted_roads(shared_data / CAMBRIDGE, speeds)
    assert np.array_equal(roads.arc_ms.sum(axis=1), roads.network.arcs.time_ms)
    afresh = read_roads_with(shared_data / CAMBRIDGE, scaled_speeds(speeds, FACTORS))
    timed = roads.timed(FACTORS, 1.0)
    assert np.abs(timed.arcs.time_ms.astype(float) - afresh.arcs.time_ms).max() <= 4
    assert np.array_equal(timed.arcs.delay_ms, afresh.arcs.delay_ms)
    if mode is not TravelMode.FOOT:
        assert np.array_equal(timed.turns.delay_ms, afresh.turns.delay_ms)
    if mode is TravelMode.CAR:
        busy = at_time_of_day(roads.network, time(17), speeds)
        by_parts = roads.timed(np.ones(len(PARTS)), speeds.factor_at(time(17)))
        assert np.abs(by_parts.arcs.time_ms.astype(float) - busy.arcs.time_ms).max() <= 1


@pytest.mark.shared_data
@pytest.mark.parametrize("mode", list(TravelMode))
def test_the_parts_of_a_journey_sum_to_its_time_in_the_matrix(shared_data, mode):
    roads = read_parted_roads(shared_data / CAMBRIDGE, read_speeds(mode))
    rng = np.random.default_rng(3)
    chosen = rng.choice(roads.network.junctions.xy_m, 240) + rng.normal(0, 40, (240, 2))
    places = [Location(easting_m=x, northing_m=y) for x, y in chosen.tolist()]
    origins = {str(number): place for number, place in enumerate(places[:120])}
    destinations = {str(number): place for number, place in enumerate(places[120:])}
    for factors, time_factor in ((np.ones(len(PARTS)), 1.0), (FACTORS, 1.18)):
        timed = roads.timed(factors, time_factor)
        starts, ends = snap_places(timed, origins), snap_places(timed, destinations)
        scaled = journey_parts(roads, timed, starts, ends) * factors
        scaled[:, MOVING] *= time_factor
        wanted = np.diag(travel_times(timed, origins, destinations).time_s)
        direct = direct_ways(timed, starts, ends)
        told = np.setdiff1d(np.arange(120), direct.origin[direct.origin == direct.destination])
        assert len(told) > 100
        found = scaled.sum(axis=1)
        np.testing.assert_allclose(found[told], wanted[told], atol=0.2, rtol=0)


def test_times_of_a_files_own_are_in_other_ways(tmp_path):
    graph = nx.MultiDiGraph(crs="epsg:27700")
    graph.add_node(1, x=545_000.0, y=258_000.0)
    graph.add_node(2, x=545_100.0, y=258_000.0)
    graph.add_edge(1, 2, length=120.0, travel_time=12.5, highway="primary")
    path = tmp_path / "own.graphml"
    nx.write_graphml(graph, path)
    roads = read_parted_roads(path, read_speeds(TravelMode.CAR))
    assert {PARTS[part] for part in np.flatnonzero(roads.arc_ms[0])} == {"other ways"}
    assert roads.arc_ms.sum() == 12_500
