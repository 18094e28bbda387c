import json
import shutil

import numpy as np
import pytest
import shapely

from ntgeo import Workspace
from ntgeo.domain.matrix import TravelMode
from ntgeo.errors import DataUnavailableError, ScenarioError
from ntgeo.roads import links_within, stacked_links
from ntgeo.services.known_roads import open_roads
from ntgeo.services.question import open_question
from ntgeo.settings import Settings

MARKET_BRIDGE, STAITHES_BRIDGE = 47, 50
AT_MARKET_BRIDGE = (483_516, 581_268)
CLOSED = '[[roads.changes]]\ntitle = "Market Bridge closed"\nkind = "close"\n'


@pytest.fixture
def borough(repository, tmp_path):
    folder = tmp_path / "borough"
    shutil.copytree(repository / "data" / "sample", folder)
    return folder


@pytest.fixture
def changed(borough, tmp_path):
    """Return a function from changes, as TOML, to the roads of the sample with them."""
    asked = (borough / "scenario.toml").read_text().split("[rounds]")[0]

    def roads_with(changes, *, extra="", mode="car"):
        path = borough / "changed.toml"
        path.write_text(asked.replace('mode = "car"', f'mode = "{mode}"') + changes + extra)
        settings = Settings.from_environment(tmp_path)
        return open_roads(open_question(path), settings)

    return roads_with


def polygon_file(folder, name, shape, *, crs="urn:ogc:def:crs:EPSG::27700"):
    document = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": crs}},
        "features": [
            {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(shape))}
        ],
    }
    (folder / name).write_text(json.dumps(document))


def test_a_bridge_is_closed_by_its_way(changed):
    known = changed(CLOSED + f"ways = [{MARKET_BRIDGE}]\n")
    network = known.network(TravelMode.CAR)
    today = known.network_today(TravelMode.CAR)
    shut = np.unique(network.arcs.link[~network.is_open])
    assert network.names[network.links.name[shut[0]]] == "Market Bridge"
    assert today.is_open.all()
    assert known.assumptions == ("This plan assumes: Market Bridge closed (1 link, 0.1 km).",)
    assert known.as_today().network(TravelMode.CAR) is today


def test_an_area_closes_slows_and_makes_one_way(changed, borough):
    polygon_file(borough, "river.geojson", shapely.Point(AT_MARKET_BRIDGE).buffer(20))
    polygon_file(borough, "middle.geojson", shapely.Point(AT_MARKET_BRIDGE).buffer(800))
    known = changed(
        CLOSED
        + 'within = "river.geojson"\n'
        + '[[roads.changes]]\ntitle = "20 mph"\nkind = "slow"\nwithin = "middle.geojson"\n'
        + "most_mph = 10\n"
        + '[[roads.changes]]\ntitle = "Northbound only"\nkind = "one-way"\ntowards = "north"\n'
        + f"ways = [{STAITHES_BRIDGE}]\n"
    )
    network, today = known.network(TravelMode.CAR), known.network_today(TravelMode.CAR)
    closed = network.arcs.link[~network.is_open]
    names = [network.names[network.links.name[link]] for link in closed]
    assert sorted(names) == ["Market Bridge", "Market Bridge", "Staithes Bridge"]
    north, south = (
        network.junctions.xy_m[network.arcs.tail],
        network.junctions.xy_m[network.arcs.head],
    )
    one_way = ~network.is_open & (network.links.first_way[network.arcs.link] == STAITHES_BRIDGE)
    assert (south[one_way, 1] < north[one_way, 1]).all()
    assert (network.arcs.time_ms >= today.arcs.time_ms).all()
    assert 50 < (network.arcs.time_ms > today.arcs.time_ms).sum() < 1000
    kinds = [change.kind for change in known.changes(TravelMode.CAR)]
    assert kinds == ["close", "slow", "one-way"]
    files = {item.file: item.role for item in known.question.inputs}
    assert files["river.geojson"] == files["middle.geojson"] == "roads.changes"


def test_an_area_says_where_roads_cross_without_meeting(changed, borough):
    network = changed("").network_today(TravelMode.CAR)
    whole = shapely.box(*network.junctions.xy_m.min(axis=0), *network.junctions.xy_m.max(axis=0))
    stacked = stacked_links(network, links_within(network, whole), whole)
    lines = network.lines[stacked]
    pairs = shapely.STRtree(lines).query(lines[:1], predicate="crosses")[1]
    crossing = shapely.intersection(lines[0], lines[pairs[0]]).representative_point()
    polygon_file(borough, "flood.geojson", crossing.buffer(5))
    known = changed(CLOSED + 'within = "flood.geojson"\n')
    known.network(TravelMode.CAR)
    (change,) = known.changes(TravelMode.CAR)
    assert "links cross there without meeting (ways " in change.remark
    assert str(network.links.first_way[stacked[0]]) in change.remark


def test_a_new_road_by_its_ends_and_by_a_line(changed, borough):
    ends = '[[roads.changes]]\ntitle = "New bridge"\nkind = "new"\nroad_class = "primary"\n'
    by_ends = changed(
        ends
        + "start = { easting_m = 483433.2, northing_m = 580801.4 }\n"
        + "end = { easting_m = 480832.9, northing_m = 580493.7 }\n"
    )
    one = by_ends.network(TravelMode.CAR)
    today = by_ends.network_today(TravelMode.CAR)
    assert one.link_count == today.link_count + 1
    line = shapely.LineString([(483433.2, 580801.4), (480832.9, 580493.7)])
    polygon_file(borough, "line.geojson", line)
    by_line = changed(ends + 'line = "line.geojson"\n').network(TravelMode.CAR)
    assert np.array_equal(by_line.arcs.time_ms, one.arcs.time_ms)
    ids = {
        side: int(today.junctions.osm[np.argmin(np.hypot(*(today.junctions.xy_m - place).T))])
        for side, place in (("start", line.coords[0]), ("end", line.coords[1]))
    }
    by_id = changed(
        ends + "".join(f"{side} = {{ junction = {key} }}\n" for side, key in ids.items())
    ).network(TravelMode.CAR)
    assert by_id.link_count == one.link_count


def test_a_matrix_knows_the_changes_it_was_made_with(changed, borough, tmp_path):
    polygon_file(borough, "river.geojson", shapely.Point(AT_MARKET_BRIDGE).buffer(20))

    def matrix(changes):
        changed(changes)
        return Workspace(tmp_path).matrix(borough / "changed.toml")

    today, closed = matrix(""), matrix(CLOSED + 'within = "river.geojson"\n')
    assert (closed.time_s >= today.time_s).all()
    assert (closed.time_s > today.time_s).any()
    polygon_file(borough, "river.geojson", shapely.Point(480_834, 580_439).buffer(20))
    moved = matrix(CLOSED + 'within = "river.geojson"\n')
    assert (moved.time_s != closed.time_s).any()
    assert np.array_equal(matrix("").time_s, today.time_s)
    kept = list((tmp_path / "data" / "cache" / "networks").iterdir())
    assert len(kept) == 1
    assert len(list((tmp_path / "data" / "cache" / "travel").iterdir())) == 3


@pytest.mark.slow
def test_a_run_says_what_it_assumes(borough, changed, tmp_path):
    changed(CLOSED + f"ways = [{MARKET_BRIDGE}]\n")
    done = Workspace(tmp_path).run(borough / "changed.toml")
    assumed = "This plan assumes: Market Bridge closed (1 link, 0.1 km)."
    assert assumed in done.record.notes
    assert assumed in (done.folder / "report.html").read_text(encoding="utf-8")
    page = (done.folder / "map.html").read_text(encoding="utf-8")
    assert assumed in page
    assert "Drawn on the map: roads closed in red dots." in page
    assert Workspace(tmp_path).check(done.folder).is_sound


def test_every_refusal_is_told_at_once_by_its_key(changed, borough):
    polygon_file(borough, "sea.geojson", shapely.Point(100_000, 100_000).buffer(20))
    polygon_file(borough, "line.geojson", shapely.LineString([(0, 0), (1, 1)]))
    no_crs = '{"type": "FeatureCollection", "features": [], "crs": {"type": "name"}}'
    (borough / "no_crs.geojson").write_text(no_crs.replace("[]", '[{"type": "Feature"}]'))

    def change(title, **keys):
        rows = "".join(f"{key} = {value}\n" for key, value in keys.items())
        return f'[[roads.changes]]\ntitle = "{title}"\n{rows}'

    here = "{ easting_m = 483516, northing_m = 581268 }"
    foot = "{ easting_m = 483433.2, northing_m = 580801.4 }"
    known = changed(
        change("A", kind='"close"', ways=[MARKET_BRIDGE, *range(9_000_001, 9_000_008)])
        + change("B", kind='"close"', within='"sea.geojson"')
        + change("C", kind='"close"', within='"line.geojson"')
        + change("D", kind='"slow"', within='"no_crs.geojson"', most_mph=20)
        + change("E", kind='"close"', ways=[MARKET_BRIDGE])
        + change("F", kind='"slow"', ways=[MARKET_BRIDGE], most_mph=20)
        + change("G", kind='"new"', start=foot, end="{ easting_m = 100000, northing_m = 1 }")
        + change("H", kind='"new"', start=here, end=here)
        + change("I", kind='"new"', start=here, end="{ junction = 5 }")
        + change("J", kind='"new"', start=here, end=here, road_class='"footway"')
        + change("K", kind='"new"', line='"sea.geojson"')
        + change("L", kind='"one-way"', ways=[STAITHES_BRIDGE], towards='"east"')
    )
    with pytest.raises(ScenarioError) as refusal:
        known.network(TravelMode.CAR)
    told = {fault.column: fault.what for fault in refusal.value.faults}
    wanted = {
        1: "7 of 8 ways are no roads of the file that may be used by car: 9000001, 9000002, "
        "9000003, 9000004, 9000005 and 2 more",
        2: "sea.geojson touches no road that may be used by car",
        3: "line.geojson: holds no polygon",
        4: "states no coordinate reference system",
        6: '"F": all its roads are closed by "E"',
        7: "the end of the new road: the nearest open road is",
        8: "a new road needs a line of some length",
        9: "meet or end at junction 5",
        10: "a new road needs a line of some length",
        11: "sea.geojson: holds 0 lines where one is needed",
        12: "no road there, used by car, runs east or the other way",
    }
    assert {f"roads.changes.{number}" for number in wanted} == set(told)
    for number, what in wanted.items():
        assert what in told[f"roads.changes.{number}"], number
    assert all(fault.fix for fault in refusal.value.faults)


@pytest.mark.parametrize(
    ("road_class", "told"),
    [("footway", "may not be used by car"), ("racetrack", "no speed is known for the class")],
)
def test_a_new_road_that_nobody_may_use(changed, road_class, told):
    known = changed(
        f'[[roads.changes]]\ntitle = "A"\nkind = "new"\nroad_class = "{road_class}"\n'
        "start = { easting_m = 483433.2, northing_m = 580801.4 }\n"
        "end = { easting_m = 480832.9, northing_m = 580493.7 }\n"
    )
    with pytest.raises(ScenarioError, match=told):
        known.network(TravelMode.CAR)


def test_a_file_that_is_not_there(changed):
    with pytest.raises(DataUnavailableError, match=r"flood\.geojson"):
        changed(CLOSED + 'within = "flood.geojson"\n').network(TravelMode.CAR)


def test_roads_are_changed_for_residents_on_foot_and_for_staff_by_car(changed):
    rounds = "[rounds]\nday = 2026-11-24\nseeded = { visits = 5, staff = 1 }\n"
    known = changed(CLOSED + f"ways = [{MARKET_BRIDGE}]\n", extra=rounds, mode="foot")
    for mode in (TravelMode.FOOT, TravelMode.CAR):
        assert (~known.network(mode).is_open).sum() == 2
        assert known.network_today(mode).is_open.all()
    assert known.assumptions == ("This plan assumes: Market Bridge closed (1 link, 0.1 km).",)


def test_walkers_go_both_ways_in_a_one_way_street(changed):
    rounds = "[rounds]\nday = 2026-11-24\nseeded = { visits = 5, staff = 1 }\n"
    north = f'ways = [{MARKET_BRIDGE}]\ntowards = "north"\n'
    known = changed(CLOSED.replace('"close"', '"one-way"') + north, extra=rounds, mode="foot")
    assert known.network(TravelMode.FOOT).is_open.all()
    assert (~known.network(TravelMode.CAR).is_open).sum() == 1
    assert known.assumptions == (
        "This plan assumes, on foot: no change.",
        "This plan assumes, by car: Market Bridge closed (1 link, 0.1 km).",
    )
