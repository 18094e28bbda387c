import json

import pytest
import shapely

from ntgeo.errors import InputError
from ntgeo.services.boundary import read_boundary


def write(path, *shapes, crs=None):
    features = [
        {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(shape))}
        for shape in shapes
    ]
    named = {} if crs is None else {"crs": {"type": "name", "properties": {"name": crs}}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **named}))
    return path


def test_areas_that_touch_become_one_shape_in_the_crs_asked_for(tmp_path):
    areas = (shapely.box(0.1, 52.1, 0.2, 52.2), shapely.box(0.2, 52.1, 0.3, 52.2))
    path = write(tmp_path / "areas.geojson", *areas, shapely.Point(0, 0))
    assert read_boundary(path, epsg=4326).equals(shapely.box(0.1, 52.1, 0.3, 52.2))
    east, north = read_boundary(path, epsg=27700).centroid.coords[0]
    assert (east, north) == pytest.approx((550_500, 252_600), abs=500)


def test_areas_apart_stay_apart(tmp_path):
    areas = (shapely.box(0, 0, 10, 10), shapely.box(20, 0, 30, 10))
    path = write(tmp_path / "areas.geojson", *areas, crs="EPSG:27700")
    found = read_boundary(path, epsg=27700)
    assert found.geom_type == "MultiPolygon"
    assert found.area == 200


def test_a_file_without_an_area_is_refused(tmp_path):
    path = write(tmp_path / "points.geojson", shapely.Point(0, 52))
    with pytest.raises(InputError, match=r"points\.geojson: holds no polygon"):
        read_boundary(path, epsg=27700)


def test_metres_called_degrees_are_refused(tmp_path):
    path = write(tmp_path / "areas.geojson", shapely.box(545_000, 258_000, 546_000, 259_000))
    with pytest.raises(InputError, match="coordinates do not fit its coordinate reference system"):
        read_boundary(path, epsg=27700)
