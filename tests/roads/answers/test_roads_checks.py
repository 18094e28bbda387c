from dataclasses import replace
from datetime import date

import pytest
import shapely

from ntgeo.domain.matrix import TravelMode
from ntgeo.roads import read_roads
from ntgeo.roads.answers.checks import check_network, uncovered_share

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
    assert (checks.traps, checks.sources, checks.islands) == (1, 1, 2)
    assert (checks.zero_length, checks.absurdly_fast) == (0, 0)
    assert checks.class_km == pytest.approx({"residential": 0.8}, abs=1e-3)


def test_findings_name_the_ways_to_look_at(town):
    found = [(f.text, f.needs_look, f.osm_ids) for f in town.without_turns().checks().findings]
    connected = (
        "Only 50% of the road length is connected; the extract may cut off a river crossing."
    )
    assert found == [
        (connected, True, ()),
        (
            "Junctions that can be reached but not left (one-way traps): 1 of 7.",
            True,
            ("way/2",),
        ),
        ("Junctions that can be left but not reached (one-way): 1 of 7.", True, ("way/3",)),
        (
            "Junctions on islands, joined to the other roads in neither way: 2 of 7.",
            True,
            ("way/4",),
        ),
        ("The file does not tell how old its data is.", False, ()),
    ]


def test_the_longest_islands_come_first(small_town):
    points = {number: (100 * number, 0) for number in range(1, 12)}
    points |= {20 + number: (0, 500 * number) for number in range(1, 8)}
    points |= {30 + number: (10 * number, 500 * number) for number in range(1, 8)}
    ways = {1: (list(range(1, 12)), STREET)}
    ways |= {number + 1: ([20 + number, 30 + number], STREET) for number in range(1, 8)}
    ways[12] = ([11, 5], {**STREET, "name": "Back"})
    network = read_roads(small_town(points, ways), mode=TravelMode.CAR)
    (island,) = [f for f in network.checks().findings if "islands" in f.text]
    assert island.osm_ids == ("way/8", "way/7", "way/6", "way/5", "way/4")


def test_tags_that_are_missing_by_share_of_length(small_town):
    points = {1: (0, 0), 2: (100, 0), 3: (400, 0), 4: (1000, 0)}
    ways = {
        7: ([1, 2], {**STREET, "maxspeed": "20 mph", "surface": "asphalt"}),
        8: ([2, 3], {"highway": "residential", "ref": "B1", "surface": "asphalt"}),
        9: ([3, 4], {"highway": "residential", "maxspeed:type": "GB:nsl_single"}),
    }
    gaps = read_roads(small_town(points, ways), mode=TravelMode.CAR).checks().tag_gaps
    assert [(gap.tag, gap.ways) for gap in gaps] == [
        ("maxspeed", (8,)),
        ("name", (9,)),
        ("surface", (9,)),
    ]
    assert [gap.share for gap in gaps] == pytest.approx([0.3, 0.6, 0.6], abs=1e-3)


@pytest.mark.parametrize(
    ("dated", "days", "needs_look"),
    [
        ("2025-11-26T01:02:03Z", 365, False),
        ("2025-11-25", 366, True),
        ("yesterday", None, False),
    ],
)
def test_data_older_than_a_year_needs_a_look(town, dated, days, needs_look):
    checks = check_network(replace(town, dated=dated), today=date(2026, 11, 26))
    told = [finding.text for finding in checks.findings if "dated" in finding.text]
    assert checks.age_days == days
    assert told == (
        ["The roads are dated 2025-11-25, 366 days ago; fetch them again."] if needs_look else []
    )


def test_a_link_faster_than_any_car_is_named(town):
    arcs = town.arcs
    fast = arcs.time_ms.copy()
    slow_way = town.links.first_way[arcs.link] == 4
    fast[slow_way] = 1_000 + arcs.delay_ms[slow_way]
    checks = check_network(replace(town, arcs=replace(arcs, time_ms=fast)))
    (told,) = [finding for finding in checks.findings if "130 km/h" in finding.text]
    assert checks.absurdly_fast == 1
    assert told.osm_ids == ("way/4",)
    assert told.needs_look


def test_the_area_that_the_roads_cover(town):
    near = shapely.box(545_000, 257_900, 545_200, 258_100)
    assert uncovered_share(town, near) == 0
    half = shapely.box(541_100, 257_999, 545_000, 258_001)
    assert uncovered_share(town, half) == pytest.approx(2_900 / 3_900, abs=0.03)
    far = shapely.box(600_000, 300_000, 601_000, 301_000)
    checks = check_network(town, far)
    assert checks.far_share == 1
    assert "The roads and the area do not overlap." in [told.text for told in checks.findings]
    assert check_network(town, near).far_share == 0


@pytest.mark.shared_data
def test_newport_is_mostly_sound(shared_data):
    path = shared_data / "newport_wales/newport-2023-06-13.osm.pbf"
    checks = read_roads(path, mode=TravelMode.CAR).checks()
    assert 0.9 < checks.connected_share < 1
    assert checks.absurdly_fast == 0
    assert 100 < checks.length_km < 2_000
    assert checks.dated.startswith("2023-06-12")
    assert any("restriction along ways" in told.text for told in checks.findings)
