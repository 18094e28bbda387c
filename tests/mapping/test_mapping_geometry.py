import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from mapping_town import hexagon_areas
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from ntgeo.mapping.backdrop import backdrop_parts
from ntgeo.mapping.catchments import catchment_shapes, catchment_tints
from ntgeo.mapping.content import Backdrop
from ntgeo.mapping.geometry import area_parts, line_parts, page_line, simplified_coverage

GRID_POINTS = st.lists(
    st.tuples(st.integers(350_000, 450_000), st.integers(400_000, 600_000)), min_size=1, max_size=30
)


def points_of(numbers):
    return np.cumsum(np.array(numbers).reshape(-1, 2), axis=0)


@given(GRID_POINTS)
def test_a_line_ends_where_it_should_and_never_drifts(points):
    line = points_of(page_line(points))
    ends = points_of(page_line([points[-1]]))
    assert (line[-1] == ends[-1]).all()
    assert (np.diff(line, axis=0) != 0).any(axis=1).all()


def test_a_line_of_no_points():
    assert page_line(np.empty((0, 2))) == []


def test_the_ordnance_survey_example_point():
    # OS, A guide to coordinate systems in Great Britain: Framingham; 651409.903 E 313177.270 N,
    # 52°39'28.8282" N 1°42'57.8663" E in ETRS89, by the exact transformation to a few metres
    (x, y) = page_line([[651_409.903, 313_177.270]])
    assert x / 100_000 == pytest.approx(1 + 42 / 60 + 57.8663 / 3600, abs=1e-4)
    assert y / 100_000 == pytest.approx(52 + 39 / 60 + 28.8282 / 3600, abs=1e-4)


def test_neighbours_still_share_their_boundary_when_simplified():
    wobble = [(50 + (i % 2), 10 * i) for i in range(11)]
    left = Polygon([(0, 0), *wobble, (0, 100)])
    right = Polygon([(100, 0), *wobble, (100, 100)])
    simple = simplified_coverage(gpd.GeoSeries([left, right]), 5.0)
    assert shapely.coverage_is_valid(simple)
    assert shapely.get_num_coordinates(simple).sum() < 15
    assert shapely.area(simple).sum() == pytest.approx(10_000)


def test_hairline_gaps_between_neighbours_are_healed():
    left = Polygon([(0, 0), (50.0, 0), (50.001, 33.3), (50.0, 100), (0, 100)])
    right = Polygon([(100, 0), (50.0004, 0), (49.9996, 100), (100, 100)])
    simple = simplified_coverage(gpd.GeoSeries([left, right]), 5.0)
    union = shapely.union_all(simple)
    assert union.geom_type == "Polygon"
    assert len(union.interiors) == 0


def test_overlapping_shapes_are_simplified_one_by_one():
    shapes = gpd.GeoSeries([box(0, 0, 60, 60), box(40, 40, 100, 100)])
    simple = simplified_coverage(shapes, 5.0)
    assert [shape.area for shape in simple] == [3600, 3600]


def test_a_shape_smaller_than_the_grid_stays():
    tiny = Polygon([(0.1, 0.1), (0.4, 0.1), (0.4, 0.4)])
    simple = simplified_coverage(gpd.GeoSeries([tiny, box(10, 10, 90, 90)]), 5.0)
    assert not shapely.is_empty(simple).any()


def test_holes_and_islands_are_kept_and_other_shapes_left_out():
    ring = box(400_000, 500_000, 401_000, 501_000) - box(400_400, 500_400, 400_600, 500_600)
    island = box(402_000, 500_000, 402_100, 500_100)
    parts = area_parts([MultiPolygon([ring, island]), Point(0, 0), LineString([(0, 0), (1, 1)])])
    assert [len(polygon) for polygon in parts[0]] == [2, 1]
    assert parts[1:] == [[], []]


def test_lines_that_meet_are_joined():
    a = LineString([(400_000, 500_000), (400_500, 500_000)])
    b = LineString([(400_500, 500_000), (401_000, 500_000)])
    assert len(line_parts([a, b, Point(1, 1)])) == 1
    assert line_parts([]) == []


def test_roads_go_into_ranks_by_their_class():
    lines = [LineString([(400_000, y), (401_000, y)]) for y in (1e5, 2e5, 3e5, 4e5)]
    roads = gpd.GeoDataFrame(
        {"highway": ["primary_link", "tertiary", "residential", "footway"]},
        geometry=lines,
        crs=27700,
    )
    assert [len(rank) for rank in backdrop_parts(Backdrop(roads=roads))["roads"]] == [1, 1, 2]
    plain = Backdrop(roads=roads[["geometry"]])
    assert [len(rank) for rank in backdrop_parts(plain)["roads"]] == [0, 0, 4]


def test_overlapping_water_is_one_shape_and_a_stream_is_a_line():
    water = gpd.GeoDataFrame(
        geometry=[box(0, 0, 100, 100), box(50, 50, 200, 200), LineString([(0, 0), (9_000, 9_000)])],
        crs=27700,
    )
    parts = backdrop_parts(Backdrop(water=water))
    assert len(parts["water"]) == 1
    assert len(parts["streams"]) == 1


def test_no_backdrop():
    assert backdrop_parts(Backdrop()) == {
        "land": [], "water": [], "streams": [], "roads": [[], [], []], "changes": [],
    }  # fmt: skip


def test_changed_roads_are_drawn_by_kind():
    changes = gpd.GeoDataFrame(
        {"title": ["A", "B", "C"], "kind": ["close", "new", "close"]},
        geometry=[LineString([(400_000, y), (401_000, y)]) for y in (1e5, 2e5, 3e5)],
        crs=27700,
    )
    new, closed = backdrop_parts(Backdrop(changes=changes))["changes"]
    assert (new["word"], len(new["lines"])) == ("new", 1)
    assert (closed["word"], len(closed["lines"])) == ("closed", 2)


def test_catchments_of_neighbours_have_different_tints_and_nobody_has_none():
    areas = hexagon_areas(6, 6)
    shapes = areas.geometry.to_numpy()
    site_of = np.repeat([4, 2, -1, 7], 9)
    unions = catchment_shapes(shapes, site_of)
    assert sorted(unions) == [2, 4, 7]
    assert sum(union.area for union in unions.values()) == pytest.approx(
        shapely.area(shapes)[site_of >= 0].sum(), rel=1e-3
    )
    tints = catchment_tints(unions)
    assert tints[4] != tints[2]


def test_a_small_overlap_goes_to_one_of_the_two():
    left, right = box(0, 0, 500, 1000), box(498, 0, 1000, 1000)
    simple = simplified_coverage(gpd.GeoSeries([left, right]), 5.0)
    assert shapely.coverage_is_valid(simple)
    assert shapely.area(simple).sum() == pytest.approx(1_000_000)
