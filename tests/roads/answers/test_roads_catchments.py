import numpy as np
import pytest
import shapely

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.roads import catchment_areas, nearest_facility, read_roads

CORNER = np.array([545_000.0, 258_000.0])


@pytest.fixture
def street(small_town, even_speeds):
    """A street of 1,000 m at 10 m/s."""
    path = small_town({1: (0, 0), 2: (1_000, 0)}, {1: ([1, 2], {"highway": "residential"})})
    return read_roads(path, mode=TravelMode.CAR, speeds_file=even_speeds)


def test_two_catchments_share_the_border_where_they_meet(street, at):
    facilities = {"e": at(900, 0), "w": at(200, 0), "far": at(0, 9_000)}
    found = catchment_areas(street, facilities, margin_m=50)
    assert list(found) == ["e", "w", "far"]
    west, east = found["w"].area, found["e"].area
    assert np.array(west.bounds) - [*CORNER, *CORNER] == pytest.approx([-50, -50, 550, 50], abs=0.5)
    assert np.array(east.bounds) - [*CORNER, *CORNER] == pytest.approx(
        [550, -50, 1_050, 50], abs=0.5
    )
    assert west.intersection(east).area == pytest.approx(0, abs=1e-6)
    assert found["w"].road_m == pytest.approx(550, abs=0.6)
    assert found["e"].road_m == pytest.approx(450, abs=0.6)
    assert found["far"].area.is_empty
    assert found["far"].road_m == 0


def test_a_limit_leaves_ground_to_nobody(street, at):
    found = catchment_areas(street, {"w": at(200, 0)}, limit_s=10, margin_m=50)["w"]
    assert np.array(found.area.bounds)[[0, 2]] - CORNER[0] == pytest.approx([100, 300], abs=0.7)
    assert found.road_m == pytest.approx(200, abs=0.2)
    nowhere = catchment_areas(street, {"far": at(0, 9_000)})["far"]
    assert nowhere.area.is_empty
    assert catchment_areas(street, {}) == {}


@pytest.mark.shared_data
def test_a_real_place_is_shared_out_without_overlap(real_roads):
    network = real_roads("cambridge/cambridge_drive.osm.pbf")
    rng = np.random.default_rng(3)
    xy = network.junctions.xy_m[rng.choice(np.flatnonzero(network.in_main_part), 1_512)]
    named = [
        (str(number), Location(easting_m=x, northing_m=y))
        for number, (x, y) in enumerate(xy.tolist())
    ]
    facilities, places = dict(named[:12]), dict(named[12:])
    found = catchment_areas(network, facilities)
    areas = np.array([found[name].area for name in facilities])
    assert shapely.is_valid(areas).all()
    one, other = np.triu_indices(12, 1)
    assert shapely.area(shapely.intersection(areas[one], areas[other])).max() < 1e-3
    total_m = sum(catchment.road_m for catchment in found.values())
    assert 0.9 < total_m / shapely.length(network.lines).sum() < 0.95  # the rest leads nowhere
    nearest = nearest_facility(network, places, facilities)
    points = shapely.points(xy[12:][nearest.row])
    is_inside = shapely.dwithin(areas[nearest.column], points, 1.0)
    assert is_inside.mean() > 0.99
