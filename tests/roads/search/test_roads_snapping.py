import numpy as np
import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.errors import UnreachableError
from ntgeo.roads import read_roads, snap_places, travel_times
from ntgeo.roads.search.snapping import OFF_ROAD

STREET = {"highway": "residential"}


@pytest.fixture
def town(small_town, even_speeds):
    """A main street of 400 m in two links, and 60 m north of it a lane joined to nothing."""
    points = {1: (0, 0), 2: (200, 0), 3: (400, 0), 4: (200, -100), 5: (0, 60), 6: (400, 60)}
    points |= {7: (0, 600), 8: (400, 600)}
    ways = {
        1: ([1, 2, 3], STREET),
        2: ([2, 4], STREET),
        3: ([5, 6], STREET),
        4: ([7, 8], STREET),
    }
    return read_roads(small_town(points, ways), mode=TravelMode.CAR, speeds_file=even_speeds)


def test_the_nearest_point_of_the_nearest_road(town, at):
    snapped = snap_places(town, {"a": at(50, 10)})
    assert snapped.access_m[0] == pytest.approx(10, abs=0.02)
    assert snapped.share[0] == pytest.approx(0.25, abs=1e-3)
    assert tuple(snapped.xy_m[0]) == pytest.approx((545_050, 258_000), abs=0.02)
    assert snapped.reasons == {}


def test_the_main_part_is_preferred_to_an_island_a_little_nearer(town, at):
    snapped = snap_places(town, {"a": at(50, 55)})
    assert snapped.access_m[0] == pytest.approx(55, abs=0.02)
    assert not snapped.is_island.any()


def test_an_island_much_nearer_is_taken_and_named(town, at):
    snapped = snap_places(town, {"a": at(50, 590), "b": at(50, 10)})
    assert snapped.on_islands == ("a",)
    assert snapped.access_m[0] == pytest.approx(10, abs=0.02)
    assert snapped.reasons == {"a": "The nearest roads are cut off from the rest of the network."}


def test_beyond_the_limit_there_is_no_road(town, at):
    snapped = snap_places(town, {"a": at(50, -30), "b": at(50, -10)}, snap_limit_m=20)
    assert snapped.link.tolist()[0] == OFF_ROAD
    assert snapped.off_road == ("a",)
    assert snapped.access_m[0] == 0


def test_a_place_on_an_end_of_a_road_is_on_the_junction(town, at):
    snapped = snap_places(town, {"a": at(-5, 0), "b": at(0.004, 0)})
    assert set(snapped.share.tolist()) <= {0.0, 1.0}


def test_some_of_the_places_in_another_order(town, at):
    places = {"a": at(50, 10), "b": at(50, 590), "c": at(390, -20)}
    part = snap_places(town, places).take(np.array([2, 0]))
    alone = snap_places(town, {name: places[name] for name in ("c", "a")})
    assert part.ids == alone.ids == ("c", "a")
    for name in ("place_xy_m", "link", "share", "xy_m", "access_m", "road_m", "is_island"):
        assert np.array_equal(getattr(part, name), getattr(alone, name)), name


def test_places_off_the_road_are_named_with_how_far(town, at):
    far = {"V18": at(200, -40_300), "V2": at(200, -1_400), "V3": at(50, 10)}
    snapped = snap_places(town, far)
    assert snapped.road_m == pytest.approx([40_200, 1_300, 10], rel=1e-3)
    note = "2 places lie more than 1 km from every road: V18 (40.2 km), V2 (1.3 km)."
    assert snapped.off_road_note == note
    assert snapped.reasons["V18"] == "It lies 40.2 km from the nearest road."
    (one,) = (snap_places(town, {"V18": far["V18"]}).off_road_note,)
    assert one == "V18 lies 40.2 km from the nearest road; 1 km is the most."
    assert snap_places(town, {"V3": far["V3"]}).off_road_note is None
    with pytest.raises(UnreachableError, match=r"V18 lies 40\.2 km from the nearest, V2 lies"):
        snapped.refuse_off_road()


def test_places_are_snapped_once_for_several_questions(town, at, monkeypatch):
    places = {"a": at(50, 10), "b": at(300, -10), "c": at(0, 9_000)}
    expected = travel_times(town, places, places)
    snapped = snap_places(town, places)
    monkeypatch.setattr("ntgeo.roads.search.snapping._nearest", None)
    found = travel_times(town, snapped, snapped)
    np.testing.assert_array_equal(found.time_s, expected.time_s)
    assert found.origins == ("a", "b", "c")
    assert found.time_s[0, 0] == 0
    assert np.isnan(found.time_s[2, 2])
