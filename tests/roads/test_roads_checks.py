import pytest
import shapely

from ntgeo.domain.matrix import TravelMode
from ntgeo.roads import read_roads
from ntgeo.roads.checks import check_network, uncovered_share

STREET = {"highway": "residential", "name": "A"}


@pytest.fixture
def town(small_town):
    """200 m joined, a one-way trap and a one-way source of 100 m each, an island of 400 m."""
    points = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (100, 100), 5: (100, -100)}
    points |= {6: (0, 900), 7: (400, 900)}
    ways = {
        1: ([1, 2, 3], STREET),
        2: ([2, 4], {"highway": "residential", "oneway": "yes"}),
        3: ([5, 2], {"highway": "residential", "oneway": "yes"}),
        4: ([6, 7], STREET),
    }
    return read_roads(small_town(points, ways), mode=TravelMode.CAR)


def test_counts_and_shares(town):
    checks = town.without_turns().checks()
    assert (checks.junctions, checks.links) == (7, 5)
    assert checks.length_km == pytest.approx(0.8, abs=1e-3)
    assert checks.connected_share == pytest.approx(0.5, abs=1e-3)
    assert checks.one_way_share == pytest.approx(0.25, abs=1e-3)
    assert checks.unnamed_share == pytest.approx(0.25, abs=1e-3)
    assert (checks.traps, checks.sources, checks.islands) == (1, 1, 2)
    assert (checks.zero_length, checks.absurdly_fast) == (0, 0)
    assert checks.findings == (
        "Only 50% of the road length is connected; the extract may cut off a river crossing.",
        "1 junctions can be reached but not left (one-way traps).",
    )


def test_the_area_that_the_roads_cover(town):
    near = shapely.box(545_000, 257_900, 545_200, 258_100)
    assert uncovered_share(town, near) == 0
    half = shapely.box(541_100, 257_999, 545_000, 258_001)
    assert uncovered_share(town, half) == pytest.approx(2_900 / 3_900, abs=0.03)
    far = shapely.box(600_000, 300_000, 601_000, 301_000)
    assert "The roads and the area do not overlap." in check_network(town, far).findings


@pytest.mark.shared_data
def test_newport_is_mostly_sound(shared_data):
    path = shared_data / "newport_wales/newport-2023-06-13.osm.pbf"
    checks = read_roads(path, mode=TravelMode.CAR).checks()
    assert 0.9 < checks.connected_share < 1
    assert checks.absurdly_fast == 0
    assert 100 < checks.length_km < 2_000
    assert any("turn restriction not understood" in told for told in checks.findings)
