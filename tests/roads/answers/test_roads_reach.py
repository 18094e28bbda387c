import numpy as np
import pytest
import shapely

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.roads import reach_areas, reach_bands, read_roads, travel_times
from ntgeo.roads.answers.ground import ground_of

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


def test_one_may_come_from_both_ends_of_a_link(cross, at):
    """The main street takes 200 s: 99.9 s from both ends leave two metres in the middle."""
    ends = {"w": at(-1_000, 0), "e": at(1_000, 0)}
    (band,) = reach_bands(cross, ends, [99.9], margin_m=5)
    alone = reach_areas(cross, ends, [99.9], margin_m=5)
    west, east = alone["w"][0], alone["e"][0]
    assert band.symmetric_difference(west.union(east)).area < 1
    assert west.area == pytest.approx(east.area, rel=0.01)


def test_bands_do_not_overlap_and_make_up_the_whole(cross, at):
    ends = {"w": at(-1_000, 0), "e": at(1_000, 0), "far": at(0, 9_000)}
    near, farther = reach_bands(cross, ends, [20, 40], margin_m=5)
    (whole,) = reach_bands(cross, ends, [40], margin_m=5)
    assert near.intersection(farther).area == pytest.approx(0, abs=1e-6)
    assert near.union(farther).symmetric_difference(whole).area == pytest.approx(0, abs=1e-6)
    assert len(near.geoms) == 2
    assert reach_bands(cross, {}, [60])[0].is_empty
    assert reach_bands(cross, ends, []) == ()
    with pytest.raises(ValueError, match=r"limits 20, 20 s do not ascend"):
        reach_bands(cross, ends, [20, 20])
    with pytest.raises(ValueError, match="is not 0 or more"):
        reach_areas(cross, ends, [-1])


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


@pytest.mark.shared_data
@pytest.mark.parametrize("has_turns", [False, True])
def test_many_origins_have_the_area_that_each_has_alone(real_roads, has_turns):
    """The ground united beforehand is the ground around every road reached."""
    network = real_roads("cambridge/cambridge_drive.osm.pbf", TravelMode.CAR)
    network = network if has_turns else network.without_turns()
    rng = np.random.default_rng(9)
    xy = network.junctions.xy_m[rng.choice(network.junction_count, 10)]
    origins = {
        str(number): Location(easting_m=x, northing_m=y)
        for number, (x, y) in enumerate(xy.tolist())
    }
    together = reach_areas(network, origins, [240, 400], workers=2)
    for name in ("0", "9"):
        network.kept.clear()
        (alone,) = reach_areas(network, {name: origins[name]}, [400]).values()
        assert alone[0].symmetric_difference(together[name][1]).area < 0.01
        assert together[name][1].covers(together[name][0].buffer(-0.01))


@pytest.mark.shared_data
def test_ground_equals_the_plain_union(real_roads):
    network = real_roads("cambridge/cambridge_drive.osm.pbf", TravelMode.CAR)
    middle = shapely.Point(np.median(network.junctions.xy_m, axis=0))
    links = np.flatnonzero(shapely.dwithin(network.lines, middle, 1_700))
    ground = ground_of(network, 40.0).around(links, network.lines[:3])
    lines = np.concatenate([network.lines[links], network.lines[:3]])
    plain = shapely.union_all(shapely.buffer(lines, 40.0, quad_segs=2))
    filled = [
        shapely.Polygon(
            part.exterior, [h for h in part.interiors if shapely.Polygon(h).area >= 2e4]
        )
        for part in shapely.get_parts(plain)
    ]
    assert ground.symmetric_difference(shapely.MultiPolygon(filled)).area < 0.01
    assert ground.is_valid
