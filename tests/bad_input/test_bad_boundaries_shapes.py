"""Shapes that cannot be areas, or need mending first."""

import pytest
from area_files import (
    SECOND,
    SECOND_PLACE,
    changed,
    polygon,
    square_m,
    write_areas,
)
from asking import noted, refused
from tiny_borough import CODES, SIDE, features


@pytest.mark.bad_input("B02")
def test_a_bow_tie_cannot_be_mended_without_changing_its_area(borough, ask):
    bow_tie = polygon((500, 0), (1000, 500), (1000, 0), (500, 500))
    write_areas(borough, changed(2, shape=bow_tie))
    told = ask(borough, "demand")
    refused(
        told,
        "mended safely (as drawn, its area is almost 0)",
        "use the ONS boundary file",
        **SECOND_PLACE,
    )


@pytest.mark.bad_input("B02")
def test_how_much_the_area_would_change_is_told(borough, ask):
    pocket = polygon(
        (500, 0), (1000, 0), (1000, 500), (700, 500), (700, 300), (800, 600), (500, 500)
    )
    write_areas(borough, changed(2, shape=pocket))
    told = ask(borough, "demand")
    refused(told, "cannot be mended safely (area -5%)", **SECOND_PLACE)


@pytest.mark.bad_input("B04")
@pytest.mark.parametrize(
    ("shape", "says"),
    [
        (
            polygon((500, 0), (500, 0), (1000, 0), (1000, 500), (1000, 500), (500, 500)),
            "had repeated points, which were removed",
        ),
        (
            polygon(
                (500, 0), (1000, 0), (1000, 500), (700, 500), (700, 900), (700, 500), (500, 500)
            ),
            "had spikes, and were mended",
        ),
    ],
    ids=["repeated points", "spike"],
)
def test_repeated_points_and_spikes_are_removed(borough, ask, shape, says):
    write_areas(borough, changed(2, shape=shape))
    told = ask(borough, "demand")
    noted(told, f"{says} ({SECOND})", file="areas.geojson")


@pytest.mark.bad_input("B06")
@pytest.mark.parametrize(
    "shape",
    [polygon((500, 0), (600, 0), (700, 0)), polygon((500, 0), (500, 0), (500, 0))],
    ids=["line", "point"],
)
def test_a_polygon_without_area(borough, ask, shape):
    write_areas(borough, changed(2, shape=shape))
    refused(ask(borough, "demand"), "has no area (0 m²)", **SECOND_PLACE)


@pytest.mark.bad_input("B07")
@pytest.mark.parametrize(
    "shape",
    [
        {"type": "Polygon", "coordinates": []},
        {"type": "MultiPolygon", "coordinates": []},
        {"type": "GeometryCollection", "geometries": []},
    ],
    ids=lambda shape: shape["type"],
)
def test_an_empty_shape(borough, ask, shape):
    write_areas(borough, changed(2, shape=shape))
    refused(ask(borough, "demand"), "has an empty shape", **SECOND_PLACE)


@pytest.mark.bad_input("B07")
def test_no_shape_at_all(borough, ask):
    found = features()
    found[1]["geometry"] = None
    write_areas(borough, found)
    refused(ask(borough, "demand"), "has an empty shape", **SECOND_PLACE)


@pytest.mark.bad_input("B09")
def test_a_collection_of_points_and_polygons(borough, ask):
    point = {"type": "Point", "coordinates": [-1.5, 55.0]}
    mixed = {"type": "GeometryCollection", "geometries": [point, square_m(500, 0)]}
    write_areas(borough, changed(2, shape=mixed))
    told = ask(borough, "demand")
    refused(told, "is no polygon (a collection of Point and Polygon)", **SECOND_PLACE)


@pytest.mark.bad_input("B10")
def test_an_area_with_islands_is_one_area(borough, ask):
    island = square_m(2100, 0, 50)["coordinates"]
    mainland = square_m(1500, 0)["coordinates"]
    both = {"type": "MultiPolygon", "coordinates": [mainland, island]}
    write_areas(borough, changed(4, shape=both))
    noted(ask(borough, "demand"))


@pytest.mark.bad_input("B11")
@pytest.mark.parametrize(
    ("kind", "coordinates"),
    [("LineString", [[-1.5, 55.0], [-1.4, 55.0]]), ("Point", [-1.5, 55.0])],
)
def test_a_layer_of_lines_or_points(borough, ask, kind, coordinates):
    found = features()
    for feature in found:
        feature["geometry"] = {"type": kind, "coordinates": coordinates}
    write_areas(borough, found)
    told = ask(borough, "demand")
    refused(told, f"holds {kind} shapes where polygons are needed", file="areas.geojson")


@pytest.mark.bad_input("B23")
@pytest.mark.parametrize(("by_m", "told_m2"), [(0.824, 412), (41, "20,49")])
def test_areas_that_overlap(borough, ask, by_m, told_m2):
    write_areas(borough, changed(2, shape=square_m(SIDE - by_m, 0)))
    told = ask(borough, "demand")
    first = {**SECOND_PLACE, "feature": 1, "value": CODES[0]}
    refused(told, f"{CODES[0]} and {SECOND} overlap by {told_m2}", "m²", **first)


@pytest.mark.bad_input("B23")
def test_an_area_inside_another(borough, ask):
    write_areas(borough, changed(2, shape=square_m(100, 100, 300)))
    refused(
        ask(borough, "demand"),
        f"and {SECOND} overlap by 89,99",
        file="areas.geojson",
        feature=1,
        column="LSOA21CD",
        value=CODES[0],
    )


def test_slivers_that_rounding_leaves_are_noted(borough, ask):
    """As in the open boundaries of England and Wales: 5 cm along 500 m."""
    write_areas(borough, changed(2, shape=square_m(SIDE - 0.05, 0)))
    noted(ask(borough, "demand"), "1 pairs of neighbours overlap by slivers", file="areas.geojson")


@pytest.mark.bad_input("B52")
def test_the_order_of_points_around_an_area_does_not_matter(borough, ask):
    straight = ask(borough, "demand", "--json").json["use_by_area"]
    found = features()
    for feature in found:
        feature["geometry"]["coordinates"][0].reverse()
    write_areas(borough, found)
    told = ask(borough, "demand", "--json")
    noted(told)
    assert told.json["use_by_area"] == straight


@pytest.mark.bad_input("B61")
def test_two_areas_with_one_shape(borough, ask):
    write_areas(borough, changed(2, shape=square_m(0, 0)))
    told = ask(borough, "demand")
    refused(told, f"has the same shape as feature 1 ({CODES[0]})", **SECOND_PLACE)
