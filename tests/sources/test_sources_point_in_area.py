import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ntgeo.sources import areas_of_points

GRID = [shapely.box(x, y, x + 10, y + 10) for x in (0, 10) for y in (0, 10)]


def test_each_point_is_matched_once_and_ties_go_to_the_first():
    easting = np.array([5.0, 10.0, 10.0, 25.0, np.nan])
    northing = np.array([15.0, 5.0, 10.0, 5.0, 5.0])
    assert areas_of_points(easting, northing, GRID).tolist() == [1, 0, 0, -1, -1]


@given(st.lists(st.tuples(st.integers(-3, 23), st.integers(-3, 23)), max_size=30))
def test_agrees_with_asking_every_area(points):
    where = np.array(points, dtype=float).reshape(-1, 2)
    expected = [
        next((i for i, area in enumerate(GRID) if area.intersects(shapely.Point(p))), -1)
        for p in points
    ]
    assert areas_of_points(where[:, 0], where[:, 1], GRID).tolist() == expected
