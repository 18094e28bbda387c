import json

import numpy as np
import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.errors import CancelledError, DataUnavailableError, InputError
from ntgeo.roads import read_roads
from ntgeo.roads.building.restrictions import TurnRestriction
from ntgeo.roads.files.osm import read_pbf
from ntgeo.roads.files.overpass import read_overpass

STREET = {"highway": "residential", "name": "High Street", "smoothness": "good"}
POINTS = {1: (0, 0), 2: (100, 0), 3: (200, 0)}
WAYS = {11: ([1, 2], STREET), 12: ([2, 3], STREET), 13: ([1, 3], {"building": "yes"})}


def relation(kind, members, **tags):
    return members, {"type": "restriction", "restriction": kind, **tags}


def test_only_roads_and_what_matters_of_them(small_town):
    stops = {2: {"highway": "crossing", "crossing": "zebra", "kerb": "lowered"}}
    extract = read_pbf(small_town(POINTS, WAYS, stops=stops))
    assert extract.way_osm.tolist() == [11, 12]
    assert extract.point_osm.tolist() == [1, 2, 2, 3]
    assert extract.tag_sets == ({"highway": "residential", "name": "High Street"},)
    assert extract.stops == {2: {"highway": "crossing", "crossing": "zebra"}}


def test_turn_restrictions_by_a_point(small_town):
    simple = [("way", 11, "from"), ("node", 2, "via"), ("way", 12, "to")]
    relations = [
        relation("no_right_turn", simple),
        relation("only_straight_on", simple, **{"except": "bicycle;psv"}),
        relation("no_u_turn", [("way", 11, "from"), ("way", 12, "via"), ("way", 11, "to")]),
        relation("no_entry", [("way", 11, "from"), ("way", 12, "from"), *simple[1:]]),
    ]
    extract = read_pbf(small_town(POINTS, WAYS, relations=relations))
    turn = {"from_way": 11, "via_point": 2, "to_way": 12}
    assert extract.restrictions == (
        TurnRestriction(kind="no_right_turn", **turn),
        TurnRestriction(kind="only_straight_on", spared=frozenset({"bicycle", "psv"}), **turn),
        TurnRestriction(kind="no_u_turn", from_way=11, via_ways=(12,), to_way=11),
        TurnRestriction(kind="no_entry", **turn),
        TurnRestriction(kind="no_entry", from_way=12, via_point=2, to_way=12),
    )
    assert extract.notes == ()


@pytest.mark.parametrize("name", ["a.osm.pbf", "a.osm", "a.json", "a.graphml"])
@pytest.mark.parametrize("content", [b"", b"\x00\x01 not a road file", b"<osm version"])
def test_what_cannot_be_read_is_refused(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=rf"^{name}: ") as refusal:
        read_roads(path, mode=TravelMode.CAR)
    assert ("0 bytes" in str(refusal.value)) == (content == b"")


@pytest.mark.shared_data
def test_a_file_cut_short_is_refused(shared_data, tmp_path):
    whole = (shared_data / "cambridge/cambridge_drive.osm.pbf").read_bytes()
    for share in (0.1, 0.5, 0.9):
        path = tmp_path / "cut.osm.pbf"
        path.write_bytes(whole[: int(share * len(whole))])
        with pytest.raises(InputError, match=r"cut\.osm\.pbf: cannot be read"):
            read_roads(path, mode=TravelMode.CAR)


@pytest.mark.parametrize("name", ["roads.pkl", "roads.gpickle", "roads.xlsx"])
def test_other_kinds_are_refused(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"x")
    with pytest.raises(InputError, match=r"Fix: save the roads as \.osm\.pbf"):
        read_roads(path, mode=TravelMode.CAR)


def test_a_missing_file_is_another_thing(tmp_path):
    with pytest.raises(DataUnavailableError, match="no such file"):
        read_roads(tmp_path / "no.osm.pbf", mode=TravelMode.CAR)


def overpass(**changes):
    points = [
        {"type": "node", "id": number, "lon": 0.12 + number / 1000, "lat": 52.2}
        for number in (1, 2, 3)
    ]
    way = {"type": "way", "id": 9, "nodes": [1, 2, 3], "tags": {"highway": "primary"}}
    members = [
        {"type": "way", "ref": 9, "role": "from"},
        {"type": "node", "ref": 2, "role": "via"},
        {"type": "way", "ref": 9, "role": "to"},
    ]
    turn = {"type": "relation", "id": 1, "members": members, "tags": {"restriction": "no_u_turn"}}
    answer = {
        "osm3s": {"timestamp_osm_base": "2026-01-02T03:04:05Z"},
        "elements": [way, *points, turn],
    }
    return answer | changes


def test_an_overpass_answer_in_any_order(tmp_path):
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(overpass()), encoding="utf-8")
    extract = read_overpass(path)
    assert extract.dated == "2026-01-02T03:04:05Z"
    assert extract.lon_lat[:, 0].tolist() == pytest.approx([0.121, 0.122, 0.123])
    assert len(extract.restrictions) == 1
    assert read_roads(path, mode=TravelMode.CAR).link_count == 2


def test_an_overpass_answer_with_its_own_geometry(tmp_path):
    shape = [{"lat": 52.2, "lon": 0.1}, None, {"lat": 52.2, "lon": 0.2}]
    way = {"type": "way", "id": 9, "nodes": [1, 2, 3], "geometry": shape}
    path = tmp_path / "answer.json"
    answer = overpass(elements=[way | {"tags": {"highway": "primary"}}])
    path.write_text(json.dumps(answer), encoding="utf-8")
    assert np.isnan(read_overpass(path).lon_lat[:, 0]).tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[]", "not an Overpass answer"),
        ('{"elements": 3}', "not an Overpass answer"),
        (json.dumps(overpass(remark="runtime error: timed out")), "gave up halfway"),
        ('{"elements": [{"type": "node", "id": 1}]}', "an element lacks or garbles 'lon'"),
        ("[" * 100_000, "not whole JSON"),
    ],
)
def test_a_spoilt_overpass_answer_is_refused(tmp_path, content, told):
    path = tmp_path / "answer.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=told):
        read_roads(path, mode=TravelMode.CAR)


def test_reading_can_be_stopped(small_town):
    class Stopped:
        def stage(self, name, total=None):
            pass

        def is_cancelled(self):
            return True

    with pytest.raises(CancelledError):
        read_roads(small_town(POINTS, WAYS), mode=TravelMode.CAR, progress=Stopped())


@pytest.mark.shared_data
@pytest.mark.parametrize("mode", list(TravelMode))
def test_cambridge_is_the_same_by_pbf_and_by_overpass(real_roads, mode):
    one = real_roads("cambridge/cambridge_drive.osm.pbf", mode)
    other = real_roads("cambridge/osm_overpass_drive_raw.json", mode)
    assert one.arc_count > 9_000
    assert one.in_main_part.mean() > 0.95
    assert np.array_equal(one.junctions.osm, other.junctions.osm)
    assert np.array_equal(one.arcs.time_ms, other.arcs.time_ms)


@pytest.mark.shared_data
def test_porto_lies_in_its_utm_zone(real_roads):
    network = real_roads("porto/porto.osm.pbf", TravelMode.CAR)
    assert network.epsg == 32629
    assert 55_000 < network.junction_count < 65_000
    assert network.dated == "2015-06-06T00:23:02Z"


def test_ways_before_their_points_are_told_apart_from_no_roads(small_town):
    path = small_town(POINTS, WAYS)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0], *lines[4:7], *lines[1:4], lines[7]]), encoding="utf-8")
    with pytest.raises(InputError, match="no point of its roads has a position"):
        read_roads(path, mode=TravelMode.CAR)


def test_a_file_without_a_date_is_as_old_as_its_newest_way(small_town):
    path = small_town(POINTS, WAYS)
    assert read_pbf(path).dated == ""
    text = path.read_text(encoding="utf-8")
    for way, edited in ((11, "2024-05-06T07:08:09Z"), (12, "2023-01-01T00:00:00Z")):
        text = text.replace(f'<way id="{way}"', f'<way timestamp="{edited}" id="{way}"')
    path.write_text(text, encoding="utf-8")
    assert read_pbf(path).dated == "2024-05-06T07:08:09+00:00"
