from dataclasses import replace
from datetime import time

import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.roads import (
    at_time_of_day,
    check_network,
    read_roads,
    read_speeds,
    snap_places,
    travel_times,
)

STREET = {"highway": "residential", "name": "Quay"}
# Two banks, 600 m apart, with a street of 100 m each; no bridge.
POINTS = {1: (0, 0), 2: (100, 0), 3: (100, 200), 4: (100, 600), 5: (200, 600)}
FERRY = {"route": "ferry", "name": "Tyne Ferry", "duration": "00:07", "motor_vehicle": "yes"}


@pytest.fixture
def banks(small_town, even_speeds):
    """Return a function that reads the two banks; nobody waits but one second, and to board."""

    def read(tags=FERRY, *, mode=TravelMode.CAR, ferries=True, wait="900.0"):
        ways = {1: ([1, 2], STREET), 2: ([4, 5], STREET), 3: ([2, 3, 4], tags)}
        text = even_speeds.read_text(encoding="utf-8").replace("ferry = 0.0", f"ferry = {wait}")
        even_speeds.write_text(text, encoding="utf-8")
        path = small_town(POINTS, ways)
        return read_roads(path, mode=mode, ferries=ferries, speeds_file=even_speeds)

    return read


def crossing_s(network, at):
    return float(travel_times(network, {"a": at(50, 0)}, {"b": at(150, 600)}).time_s[0, 0])


def test_ferries_are_off_unless_asked_for(banks, at):
    network = banks(ferries=False)
    assert network.link_count == 2
    assert crossing_s(network, at) != crossing_s(network, at)
    assert not any("wait" in note for note in network.notes)


def test_a_ferry_takes_its_time_after_the_wait(banks, at):
    network = banks()
    assert crossing_s(network, at) == pytest.approx(5 + 900 + 420 + 5, abs=0.05)
    back = travel_times(network, {"b": at(150, 600)}, {"a": at(50, 0)}).time_s[0, 0]
    assert back == pytest.approx(5 + 900 + 420 + 5, abs=0.05)
    waiting = network.arcs.delay_ms[network.links.first_way[network.arcs.link] == 3]
    assert waiting.tolist() == [900_000, 900_000]
    assert "1 × Tyne Ferry used, wait 15 min" in network.notes


def test_it_keeps_its_timetable_at_the_busiest_hour(banks, at, even_speeds):
    calm = banks()
    slow = replace(read_speeds(TravelMode.CAR, even_speeds), time_of_day={"08:00": 2.0})
    busy = at_time_of_day(calm, time(8, 30), slow)
    assert crossing_s(busy, at) == pytest.approx(10 + 900 + 420 + 10, abs=0.05)


def test_without_a_duration_it_sails_at_the_tables_speed(banks, at):
    tags = {key: value for key, value in FERRY.items() if key != "duration"}
    assert crossing_s(banks(tags), at) == pytest.approx(5 + 900 + 60 + 5, abs=0.05)


def test_a_ferry_for_passengers_is_for_no_car(banks, at):
    tags = {"route": "ferry", "foot": "yes", "duration": "7"}
    assert banks(tags).link_count == 2
    on_foot = banks(tags, mode=TravelMode.FOOT)
    assert crossing_s(on_foot, at) == pytest.approx(5 + 900 + 420 + 5, abs=0.05)
    assert "1 × ferry without a name used, wait 15 min" in on_foot.notes


def test_one_boards_once_on_a_route_of_several_ways(small_town, even_speeds, at):
    points = {**POINTS, 6: (150, 300)}
    ways = {
        1: ([1, 2], STREET),
        2: ([4, 5], STREET),
        3: ([2, 3], {**FERRY, "duration": "PT2M"}),
        4: ([3, 4], {**FERRY, "name": "Other boat", "duration": "PT5M"}),
    }
    text = even_speeds.read_text(encoding="utf-8").replace("ferry = 0.0", "ferry = 900.0")
    even_speeds.write_text(text, encoding="utf-8")
    path = small_town(points, ways)
    network = read_roads(path, mode=TravelMode.CAR, ferries=True, speeds_file=even_speeds)
    assert crossing_s(network, at) == pytest.approx(5 + 900 + 420 + 5, abs=0.05)


def test_nobody_lives_on_a_ferry(banks, at):
    snapped = snap_places(banks(), {"buoy": at(100, 250)})
    assert snapped.access_m[0] == pytest.approx(250, abs=1)
    assert snapped.is_island.tolist() == [False]


def test_a_ferry_is_no_absurdly_fast_road(banks):
    checks = check_network(banks())
    assert checks.absurdly_fast == 0
    assert checks.class_km == pytest.approx({"ferry": 0.6, "residential": 0.2}, abs=1e-3)


def test_the_samples_ferry_is_found(repository):
    path = repository / "data" / "sample" / "roads.osm.pbf"
    plain = read_roads(path, mode=TravelMode.FOOT)
    crossed = read_roads(path, mode=TravelMode.FOOT, ferries=True)
    assert "ferry" not in plain.classes
    assert "ferry" in crossed.classes
    assert any("used, wait 15 min" in note for note in crossed.notes)
