import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse.csgraph import connected_components

from ntgeo.domain.places import LSOA_PATTERN
from ntgeo.sample.areas import AREAS
from ntgeo.sample.ground import CENTRE, placed


def test_areas_fill_the_land_without_gap_or_overlap(borough):
    shapes = np.array(borough.areas.shapes)
    land = borough.town.ground.land
    assert len(shapes) == AREAS == 130
    assert all(shape.geom_type == "Polygon" and shape.is_valid for shape in shapes)
    assert shapely.union_all(shapes).symmetric_difference(land).area < 1
    one, two = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = one < two
    assert shapely.area(shapely.intersection(shapes[one[pairs]], shapes[two[pairs]])).max() < 1


def test_the_written_areas_fill_the_land_too(written, borough):
    frame = gpd.read_file(written / "areas.geojson").to_crs(27700)
    assert frame.geometry.is_valid.all()
    assert abs(frame.area.sum() - borough.town.ground.land.area) < 500
    assert abs(frame.union_all().area - frame.area.sum()) < 5
    assert frame["synthetic"].all()
    assert frame["LSOA21NM"].str.contains("synthetic").all()


def test_codes_are_fictional_unique_and_known_to_the_domain(borough):
    areas = borough.areas
    assert areas.codes == sorted(set(areas.codes))
    assert all(LSOA_PATTERN.fullmatch(code) and code.startswith("X01") for code in areas.codes)
    assert len(set(areas.names)) == AREAS
    assert len(set(areas.ward_codes)) == len(set(areas.ward_names)) == 20


def test_areas_are_smaller_in_the_dense_centre(borough):
    away_m = np.hypot(*(borough.centroids - placed([CENTRE])[0]).T)
    size = shapely.area(borough.areas.shapes)
    assert np.median(size[away_m < 1200]) < 0.7 * np.median(size[away_m > 3000])


def test_each_ward_is_in_one_piece_on_one_bank(borough):
    shapes = np.array(borough.areas.shapes)
    for code in set(borough.areas.ward_codes):
        members = shapes[np.array(borough.areas.ward_codes) == code]
        assert 3 <= len(members) <= 10
        assert shapely.union_all(members).geom_type == "Polygon"


def test_blocks_hold_all_residents_and_touch_within_a_bank_only(borough):
    blocks = borough.blocks
    assert round(blocks.residents.sum()) == 200_000
    one, two = blocks.links.nonzero()
    assert (blocks.bank[one] == blocks.bank[two]).all()
    assert connected_components(blocks.links, directed=False)[0] == 2


def test_centroids_lie_in_their_areas(borough):
    points = shapely.points(borough.centroids)
    assert shapely.contains(np.array(borough.areas.shapes), points).all()
