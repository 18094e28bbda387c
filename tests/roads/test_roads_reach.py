import numpy as np
import pytest
import shapely

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.roads import read_roads, travel_times
from ntgeo.roads.reach import reach_areas

STREET = {"highway": "residential"}


@pytest.fixture
def cross(small_town, even_speeds):
    """A long street at 10 m/s, with a side street to the north that is one-way to the south."""
    points = {1: (-1_000, 0), 2: (0, 0), 3: (1_000, 0), 4: (0, 1_000)}
    ways = {1: ([1, 2, 3], STREET), 2: ([4, 2], {**STREET, "oneway": "yes"})}
    return read_roads(small_town(points, ways), mode=TravelMode.CAR, speeds_file=even_speeds)


@pytest.mark.parametrize("has_turns", [False, True])
def test_roads_are_cut_where_the_time_is_up(cross, at, has_turns):
    network = cross if has_turns else cross.without_turns()
    areas = reach_areas(network, {"a": at(-200, 0)}, [10, 30, 0], margin_m=5)["a"]
    for area, (west, east) in zip(areas[:2], ((-300, -100), (-500, 100)), strict=True):
        bounds = np.array(area.bounds) - (545_000, 258_000) * 2
        assert bounds == pytest.approx([west - 5, -5, east + 5, 5], abs=1.1)
    assert areas[2].area < 120


def test_nothing_is_reached_from_nowhere(cross, at):
    assert reach_areas(cross, {"a": at(0, 9_000)}, [60])["a"][0].is_empty
    assert reach_areas(cross, {"a": at(100, 50)}, [60])["a"][0].area > 0
    assert reach_areas(cross, {"a": at(100, 500)}, [60])["a"][0].is_empty


@pytest.mark.shared_data
def test_what_is_inside_is_reached_in_time(real_roads):
    network = real_roads("cambridge/cambridge_drive.osm.pbf", TravelMode.CAR)
    inside = network.junctions.xy_m[network.in_main_part]
    rng = np.random.default_rng(8)
    origin, *others = (
        Location(easting_m=x, northing_m=y) for x, y in rng.choice(inside, 300).tolist()
    )
    area = reach_areas(network, {"a": origin}, [300], margin_m=1)["a"][0]
    named = {str(number): place for number, place in enumerate(others)}
    seconds = travel_times(network, {"a": origin}, named).time_s[0]
    points = shapely.points([(p.easting_m, p.northing_m) for p in others])
    is_near = shapely.dwithin(area, points, 1.0)
    assert is_near[seconds <= 300].all()
    # A junction may lie beside a road that is reached, without a way onto it in time.
    assert (seconds[is_near] <= 360).mean() > 0.97
    assert 20 < is_near.sum() < 280
