import numpy as np
import pyproj
import pytest
import shapely

from ntgeo.sample.ground import ORIGIN, build_ground, placed, smooth_line, to_lon_lat


def test_longitude_and_latitude_are_those_of_the_published_transformation():
    corners = placed([(0, 0), (8000, 0), (8000, 7000), (0, 7000)])
    there = pyproj.Transformer.from_crs(27700, 4326, always_xy=True)
    expected = np.column_stack(there.transform(corners[:, 0], corners[:, 1]))
    # OSTN15, where PROJ has it, and Helmert differ by up to some metres
    assert np.abs(to_lon_lat(corners) - expected).max() < 1e-4


def test_the_borough_stands_in_the_sea():
    # The coast of north-east England lies west of 1.1° W between 54.9° and 55.3° N.
    lon, lat = to_lon_lat(placed([(-500, -1000), (9000, 8000)])).T
    assert lon.min() > -0.9
    assert lat.min() > 54.9
    assert lat.max() < 55.3


def test_a_smooth_line_passes_through_its_knots():
    knots = [(0.0, 0.0), (100.0, 30.0), (160.0, 160.0)]
    line = smooth_line(knots, 10.0)
    for knot in knots:
        assert np.hypot(*(line - knot).T).min() == pytest.approx(0, abs=1e-9)
    assert np.hypot(*np.diff(line, axis=0).T).max() < 25


def test_a_river_parts_the_land_into_two_banks_the_northern_first():
    ground = build_ground(22)
    north, south = ground.land.geoms
    assert north.centroid.y > south.centroid.y
    assert north.distance(south) > 40
    assert 35e6 < ground.land.area < 60e6
    assert ground.dry.distance(ground.water) > 25
    assert ground.river.geom_type == ground.coast.geom_type == "LineString"
    assert ground.land.is_valid


def test_the_coast_runs_north_with_land_on_its_left():
    coast = shapely.get_coordinates(build_ground(22).coast)
    assert coast[-1, 1] > coast[0, 1]
    assert coast[:, 0].min() > ORIGIN[0] + 6000


def test_another_seed_has_another_shore():
    assert not build_ground(22).coast.equals(build_ground(23).coast)
