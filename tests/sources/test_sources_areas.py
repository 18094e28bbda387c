import json

import geopandas as gpd
import numpy as np
import pytest
import shapely

from ntgeo.errors import CrsError, DuplicateIdError, InputError, MissingColumnError
from ntgeo.sources import read_areas


def _square(column, row=0, side=0.01):
    """A square in degrees near North Tyneside."""
    return shapely.geometry.mapping(
        shapely.box(
            -1.5 + column * 0.01,
            55 + row * 0.01,
            -1.5 + column * 0.01 + side,
            55 + row * 0.01 + side,
        )
    )


def _named(code, shape, **more):
    return {"LSOA21CD": code, "LSOA21NM": f"Place {code[-1]}", **more}, shape


def test_areas_come_in_order_of_code_and_in_metres(write_geojson):
    path = write_geojson(
        "a.geojson",
        [
            _named("E01008462", _square(1), WD24NM="Tynemouth"),
            _named(" e01008461", _square(0), WD24NM="Cullercoats"),
        ],
    )
    table = read_areas(path)
    assert table.frame["lsoa"].tolist() == ["E01008461", "E01008462"]
    assert table.frame["name"].tolist() == ["Place 1", "Place 2"]
    assert table.frame["ward"].tolist() == ["Cullercoats", "Tynemouth"]
    assert table.frame.crs.to_epsg() == 27700
    assert table.vintage == "2021"
    # 0.01 degrees at 55 N: about 1,113 m north and 640 m east.
    assert np.allclose(table.frame.area, 1_113 * 640, rtol=0.01)


def test_code_and_name_columns_can_be_named(write_geojson):
    path = write_geojson("a.geojson", [({"id": "E01008461", "label": "Here"}, _square(0))])
    with pytest.raises(MissingColumnError, match="column LSOA21CD: there is no such column"):
        read_areas(path)
    frame = read_areas(path, code_column="id", name_column="label").frame
    assert frame[["lsoa", "name", "ward"]].to_numpy().tolist() == [["E01008461", "Here", ""]]


def test_truncated_shapefile_headings_are_known(tmp_path):
    frame = gpd.GeoDataFrame(
        {"LSOA21C": ["E01008461"]}, geometry=[shapely.box(430e3, 570e3, 431e3, 571e3)], crs=27700
    )
    frame.to_file(tmp_path / "a.shp")
    assert read_areas(tmp_path / "a.shp").frame["lsoa"].tolist() == ["E01008461"]


def test_codes_are_checked_all_at_once(write_geojson):
    path = write_geojson(
        "a.geojson",
        [
            _named("E01008461", _square(0)),
            _named("E0100846", _square(1)),
            _named("E01008461", _square(2)),
        ],
    )
    with pytest.raises(InputError) as caught:
        read_areas(path)
    text = str(caught.value)
    assert 'value "E01008461": stands on features 1, 3' in text
    assert 'feature 2, column LSOA21CD, value "E0100846": has 8 characters, 9 are needed' in text


def test_repeated_code_alone_is_a_duplicate(write_geojson):
    path = write_geojson("a.geojson", [_named("E01008461", _square(i)) for i in range(2)])
    with pytest.raises(DuplicateIdError):
        read_areas(path)


@pytest.mark.parametrize(
    ("shape", "says"),
    [
        (None, "this feature has an empty shape"),
        ({"type": "Polygon", "coordinates": []}, "this feature has an empty shape"),
        (
            {"type": "Point", "coordinates": [-1.5, 55]},
            "this feature is no polygon (Point)",
        ),
        (
            {
                "type": "GeometryCollection",
                "geometries": [{"type": "Point", "coordinates": [-1.5, 55]}, _square(5)],
            },
            "is no polygon (a collection of Point and Polygon)",
        ),
        (
            {"type": "Polygon", "coordinates": [[[-1.4, 55], [-1.3, 55], [-1.2, 55], [-1.4, 55]]]},
            "this feature has no area (0 m²)",
        ),
        (_square(0), "this feature has the same shape as feature 1 (E01008461)"),
        (_square(0.5), "E01008461 and E01008462 overlap by"),
    ],
)
def test_shapes_that_cannot_be_areas(write_geojson, shape, says):
    path = write_geojson("a.geojson", [_named("E01008461", _square(0)), _named("E01008462", shape)])
    with pytest.raises(InputError) as caught:
        read_areas(path)
    assert says in str(caught.value)
    assert 'feature 2, column LSOA21CD, value "E01008462"' in str(caught.value) or "overlap" in says


def test_a_layer_of_points_is_told_once(write_geojson):
    point = {"type": "Point", "coordinates": [-1.5, 55]}
    path = write_geojson("a.geojson", [_named(f"E0100846{i}", point) for i in range(3)])
    with pytest.raises(InputError, match="holds Point shapes where polygons are needed") as caught:
        read_areas(path)
    assert len(caught.value.faults) == 1


def test_lines_left_by_cutting_are_dropped(write_geojson):
    line = {"type": "LineString", "coordinates": [[-1.5, 55], [-1.4, 55]]}
    mixed = {"type": "GeometryCollection", "geometries": [line, _square(0)]}
    frame = read_areas(write_geojson("a.geojson", [_named("E01008461", mixed)])).frame
    assert frame.geometry.geom_type.tolist() == ["Polygon"]


def test_a_small_crossing_is_mended_and_noted(write_geojson):
    ring = [[-1.5, 55], [-1.49, 55], [-1.49, 55.01], [-1.4951, 55.01]]
    ring += [[-1.4949, 55.0101], [-1.4951, 55.0101], [-1.4949, 55.01], [-1.5, 55.01], [-1.5, 55]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    table = read_areas(write_geojson("a.geojson", [_named("E01008461", shape)]))
    told = "1 shapes crossed or touched themselves, or had spikes, and were mended (E01008461)."
    assert table.notes == (f"a.geojson: {told}",)
    assert table.frame.geometry.is_valid.all()


def test_a_bow_tie_cannot_be_mended(write_geojson):
    ring = [[-1.5, 55], [-1.4, 55.1], [-1.4, 55], [-1.5, 55.1], [-1.5, 55]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    with pytest.raises(InputError, match=r"mended safely \(as drawn, its area is almost 0\)"):
        read_areas(write_geojson("a.geojson", [_named("E01008461", shape)]))


def test_swapped_axes_metres_and_elsewhere_are_told(write_geojson):
    def box(*bounds):
        return shapely.geometry.mapping(shapely.box(*bounds))

    cases = [
        (box(55, -1.5, 55.01, -1.49), None, InputError, "longitude and latitude look swapped"),
        (box(430e3, 570e3, 431e3, 571e3), None, CrsError, "states no coordinate reference system"),
        (box(2.3, 48.8, 2.4, 48.9), None, InputError, "lie outside Great Britain"),
        (box(-1.5, 55, -1.4, 55.1), "IAU_2015:30100", CrsError, "has no way to EPSG:27700"),
        (box(-1.5, 55, -1.4, 55.1), "EPSG:27700", CrsError, "are degrees, but the file says"),
    ]
    for shape, crs, error, says in cases:
        path = write_geojson("a.geojson", [_named("E01008461", shape)], crs=crs)
        with pytest.raises(error, match=says):
            read_areas(path)


def test_order_of_features_changes_nothing(write_geojson):
    features = [_named(f"E0100846{i}", _square(i)) for i in range(5)]
    straight = read_areas(write_geojson("a.geojson", features)).frame
    turned = read_areas(write_geojson("b.geojson", features[::-1])).frame
    assert straight.equals(turned)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("path", "count", "vintage"),
    [
        ("cambridge/lsoa2011_E07000008.geojson", 69, "2011"),
        ("cambridge/lsoa2021_derived_E07000008.geojson", 78, "2021"),
        ("cambridge/lsoa2021_simplified_E07000008.geojson", 78, "2021"),
        ("north_tyneside/lsoa2011_E08000022.geojson", 131, "2011"),
        ("north_tyneside/lsoa2021_derived_E08000022.geojson", 133, "2021"),
        ("newport_wales/lsoa2011_W06000022.geojson", 95, "2011"),
        ("newport_wales/lsoa2021_derived_W06000022.geojson", 100, "2021"),
        ("england/lsoa2021_boundaries_simplified_EW.gpkg", 35_672, "2021"),
    ],
)
def test_open_data(shared_data, path, count, vintage):
    table = read_areas(shared_data / path)
    assert (len(table.frame), table.vintage) == (count, vintage)
    assert table.frame.crs.to_epsg() == 27700
    assert table.frame["lsoa"].is_monotonic_increasing
    assert table.frame.geometry.is_valid.all()
    if path.endswith("geojson"):
        document = json.loads((shared_data / path).read_text(encoding="utf-8"))
        assert len(document["features"]) == count
