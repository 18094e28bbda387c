"""Bad road files, through the command line: how each ends, what it says, and that nothing is left.

The rows R… are those of the list of bad inputs that ntgeo was designed against.
"""

import json
import os
import re
import shutil
import sqlite3

import geopandas as gpd
import pyogrio
import pytest
import shapely
from roads.conftest import osm_text

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.roads import read_roads, snap_places, travel_times

STREET = {"highway": "residential", "name": "High Street"}
KEYS = {
    "x": "node",
    "y": "node",
    "osmid": "edge",
    "length": "edge",
    "highway": "edge",
    "maxspeed": "edge",
    "speed_kph": "edge",
    "travel_time": "edge",
    "geometry": "edge",
}


def osm(points, ways, **more):
    return osm_text(points, ways, **more).encode()


def graphml(nodes, edges, *, crs="epsg:27700", head=""):
    """Write nodes (id, attributes) and edges (tail, head, attributes) as osmnx would."""
    parts = [f"<?xml version='1.0' encoding='utf-8'?>{head}<graphml>"]
    parts += [f'<key id="{k}" for="{of}" attr.name="{k}"/>' for k, of in KEYS.items()]
    parts += ['<key id="crs" for="graph" attr.name="crs"/>', '<graph edgedefault="directed">']
    parts.append(f'<data key="crs">{crs}</data>')

    def data(attributes):
        return "".join(f'<data key="{k}">{v}</data>' for k, v in attributes.items())

    parts += [f'<node id="{key}">{data(attributes)}</node>' for key, attributes in nodes]
    parts += [f'<edge source="{a}" target="{b}">{data(more)}</edge>' for a, b, more in edges]
    return "".join([*parts, "</graph></graphml>"]).encode()


NODES = [(n, {"x": 545_000 + 100 * n, "y": 258_000}) for n in (1, 2, 3)]
EDGES = [
    (a, b, {"osmid": 7, "highway": "residential", "length": 100.0})
    for a, b in ((1, 2), (2, 1), (2, 3), (3, 2))
]


def graph(*, nodes=None, edges=None, **changes):
    """Return the usual graph, its first edge changed."""
    changed = [(*EDGES[0][:2], {**EDGES[0][2], **changes}), *EDGES[1:]]
    return graphml(NODES if nodes is None else nodes, changed if edges is None else edges)


def without(key):
    kept = {name: value for name, value in EDGES[0][2].items() if name != key}
    return graph(edges=[(*EDGES[0][:2], kept), *EDGES[1:]])


POINTS = [{"type": "node", "id": n, "lat": 52.2, "lon": 0.1 + n / 1000} for n in (1, 2, 3)]
WAY = {"type": "way", "id": 9, "nodes": [1, 2, 3], "tags": STREET}


def overpass(*elements, **more):
    return json.dumps({"elements": list(elements), **more}).encode()


DTD = '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
WHOLE = osm({1: (0, 0), 2: (90, 0)}, {1: ([1, 2], STREET)})
HOUSES = osm({1: (0, 0), 2: (90, 0)}, {1: ([1, 2], {"building": "yes"})})
PATHS = osm({1: (0, 0), 2: (90, 0)}, {1: ([1, 2], {"highway": "footway"})})
FAR = [*NODES, (4, {"x": 0.12, "y": 52.2})]
FAR_EDGES = [*EDGES, (3, 4, EDGES[0][2])]
JUNK = b"\x00\x01\x02 this is no road file"

REFUSED = {
    "R01 pbf without roads": ("a.osm", HOUSES, "it holds 0 roads"),
    "R01 graph without nodes": ("a.graphml", graphml([], []), "it holds 0 roads"),
    "R01 one node": ("a.graphml", graphml(NODES[:1], []), "it holds 0 roads"),
    "R01 one node, osm": ("a.osm", osm({1: (0, 0)}, {}), "it holds 0 roads"),
    "R01 no elements": ("a.json", overpass(), "it holds 0 roads"),
    "only paths": ("a.osm", PATHS, "it holds no road that the mode car may use"),
    "R11": ("a.graphml", without("length"), "edge (1, 2) has no length"),
    "R18": ("a.graphml", graph(maxspeed="0"), "edge (1, 2) has a speed of 0"),
    "speed below 0": ("a.graphml", graph(speed_kph="-5"), "has a speed that is not above 0"),
    "speed NaN": ("a.graphml", graph(speed_kph="nan"), "has a speed that is not above 0"),
    "speed inf": ("a.graphml", graph(speed_kph="inf"), "has a speed that is not above 0"),
    "limit below 0": ("a.graphml", graph(maxspeed="-20"), "has a speed of -20"),
    "time below 0": ("a.graphml", graph(travel_time="-1"), "has a travel time that is not a"),
    "time NaN": ("a.graphml", graph(travel_time="nan"), "has a travel time that is not a number"),
    "R32": ("a.graphml", graph(nodes=[(1, {}), *NODES[1:]]), "point 1 has no usable position"),
    "R33": (
        "a.graphml",
        graph(nodes=[(1, {"x": "nan", "y": 1}), *NODES[1:]]),
        "point 1 has no usable position",
    ),
    "R35 degrees for metres": (
        "a.graphml",
        graphml(NODES, EDGES, crs="epsg:4326"),
        "its coordinates do not fit its CRS (EPSG:4326)",
    ),
    "R35 both in one file": (
        "a.graphml",
        graphml(FAR, FAR_EDGES),
        "edge (3, 4) is 100 m long, but its ends lie",
    ),
    "no CRS": ("a.graphml", graphml(NODES, EDGES, crs=""), "reference system is missing"),
    "unknown CRS": ("a.graphml", graphml(NODES, EDGES, crs="our grid"), "has no EPSG code"),
    "R42": ("a.graphml", graph(nodes=[*NODES, NODES[0]]), "point 1 stands more than once"),
    "R42 point at two places": (
        "a.json",
        overpass(*POINTS, {**POINTS[0], "lat": 52.3}, WAY),
        "point 1 stands more than once, at different places",
    ),
    "R42 way with two courses": (
        "a.json",
        overpass(*POINTS, WAY, {**WAY, "nodes": [1, 3]}),
        "way 9 stands more than once, with different points or tags",
    ),
    "R43": (
        "a.graphml",
        graph(nodes=[("9.007199254740993e+15", NODES[0][1]), *NODES[1:]]),
        "ids have lost digits",
    ),
    "R45 pkl": ("a.pkl", JUNK, "pickle files can run code and are not accepted"),
    "R45 gpickle": ("a.gpickle", JUNK, "pickle files can run code and are not accepted"),
    "R46": ("a.graphml", graphml(NODES, EDGES, head=DTD), "declares a document type (DTD)"),
    "R47": ("a.graphml", graphml(NODES, EDGES, head=OUTSIDE), "declares a document type (DTD)"),
    "R46 osm": ("a.osm", WHOLE.replace(b"<osm", DTD.encode() + b"<osm", 1), "cannot be read"),
    "R47 osm": ("a.osm", WHOLE.replace(b"<osm", OUTSIDE.encode() + b"<osm", 1), "cannot be read"),
    "R49": ("a.graphml", graph(length="abc"), 'value "abc": edge (1, 2) has a length that is not'),
    "shape": ("a.graphml", graph(geometry="LINE(1 2"), "edge (1, 2) has a shape that is not WKT"),
    "kind": ("a.xlsx", JUNK, "this kind of road file is not known"),
    "junk pbf": ("a.osm.pbf", JUNK, "cannot be read"),
    "junk json": ("a.json", JUNK, "it is not whole JSON"),
    "junk graphml": ("a.graphml", JUNK, "it is not whole XML"),
    "junk gpkg": ("a.gpkg", JUNK, "is not a GeoPackage"),
    "gpkg that lies": ("a.gpkg", b"SQLite format 3\x00" + JUNK * 99, "cannot be read"),
    "cut osm": ("a.osm", WHOLE[:-30], "cannot be read"),
    "cut json": ("a.json", overpass(*POINTS, WAY)[:-9], "it is not whole JSON"),
    "cut graphml": ("a.graphml", graph()[:-30], "it is not whole XML"),
    "Overpass gave up": (
        "a.json",
        overpass(*POINTS, WAY, remark="runtime error: Query timed out"),
        "Overpass gave up halfway",
    ),
    "off the globe": (
        "a.json",
        overpass(*POINTS[:2], {**POINTS[2], "lat": 95.0}, WAY),
        "point 3 lies at no longitude and latitude",
    ),
    "id beyond measure": (
        "a.json",
        overpass(*POINTS, {**WAY, "id": 10**30}),
        "an element lacks or garbles",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_in_words(ntgeo, tmp_path, case):
    file, content, told = REFUSED[case]
    path = tmp_path / file
    path.write_bytes(content)
    code, _, said = ntgeo("roads", "check", path)
    assert code == 2, said
    assert said.startswith(file), said
    assert told in said, said
    assert "Fix: " in said
    assert os.fspath(tmp_path) not in said
    out = tmp_path / "out" / "links.gpkg"
    assert ntgeo("roads", "links", path, "-o", out)[0] == 2
    assert not out.exists()


@pytest.mark.parametrize("ending", [".osm.pbf", ".osm", ".json", ".graphml", ".gpkg"])
def test_empty_missing_and_not_regular(ntgeo, tmp_path, ending):
    path = tmp_path / f"roads{ending}"
    code, _, said = ntgeo("roads", "check", path)
    assert (code, said.startswith(f"{path.name}: there is no such file. Fix:")) == (4, True)
    path.write_bytes(b"")
    code, _, said = ntgeo("roads", "check", path)
    assert (code, f"{path.name}: it is empty (0 bytes). Fix:" in said) == (2, True)
    path.unlink()
    path.mkdir()
    code, _, said = ntgeo("roads", "check", path)
    assert (code, "it is no regular file" in said) == (2, True)
    path.rmdir()
    os.mkfifo(path)
    code, _, said = ntgeo("roads", "check", path)
    assert (code, "it is no regular file" in said) == (2, True)


def write_layers(path, *names, crs=27700, **columns):
    line = shapely.LineString([(545_000, 258_000), (545_090, 258_000)])
    for name in names:
        frame = gpd.GeoDataFrame({"highway": ["primary"], **columns}, geometry=[line], crs=crs)
        pyogrio.write_dataframe(frame, path, layer=name, driver="GPKG")


@pytest.mark.parametrize(
    ("layers", "columns", "statement", "told"),
    [
        (("a", "b"), {}, None, "has layers a, b. Fix: choose one by its name"),
        (("a",), {}, "CREATE VIEW spy AS SELECT * FROM a", "holds views, triggers or virtual"),
        (
            ("a",),
            {},
            "CREATE TRIGGER spy AFTER INSERT ON a BEGIN SELECT 1; END",
            "holds views, triggers or virtual",
        ),
        (("a",), {"maxspeed": ["-5"]}, None, 'feature 1, column maxspeed, value "-5"'),
        (("a",), {"speed_limit_mph": [float("inf")]}, None, "a speed limit is above 0"),
        (("a",), {"speed_limit": [30]}, None, "it has no unit"),
        (("a",), {"oneway": ["up"]}, None, "this is no direction"),
    ],
)
def test_bad_geopackages(ntgeo, tmp_path, layers, columns, statement, told):
    path = tmp_path / "roads.gpkg"
    write_layers(path, *layers, **columns)
    if statement:
        database = sqlite3.connect(path)
        database.execute(statement)
        database.commit()
        database.close()
    code, _, said = ntgeo("roads", "check", path)
    assert code == 2
    assert said.startswith("roads.gpkg")
    assert told in said


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.95])
@pytest.mark.parametrize("file", ["roads.osm.pbf", "links.gpkg"])
def test_files_cut_short(ntgeo, repository, tmp_path, file, share):
    """Either refused in words, or, where only spare pages of a GeoPackage are lost, read whole."""
    whole = repository / "data" / "sample" / "roads.osm.pbf"
    if file.endswith(".gpkg"):
        assert ntgeo("roads", "links", whole, "-o", tmp_path / "whole.gpkg")[0] == 0
        whole = tmp_path / "whole.gpkg"
    content = whole.read_bytes()
    path = tmp_path / file
    path.write_bytes(content[: int(share * len(content))])
    code, _, said = ntgeo("roads", "check", path)
    assert code == 2
    assert said.startswith(file)
    assert "cannot be read" in said or "lacks" in said


NOTED = {
    "R13 length from the shape": (
        "a.graphml",
        graph(length="", geometry="LINESTRING(545100 258000, 545200 258000)"),
        "length computed from the shape",
    ),
    "R08": ("a.graphml", graph(length="0"), "edge of no length"),
    "R15": ("a.graphml", graph(maxspeed="RU:urban"), "unusable limit; the class's own was used"),
    "R17": ("a.graphml", graph(maxspeed="30;40"), "several limits; the lowest was used"),
    "R19": ("a.graphml", graph(maxspeed="500"), "limit capped at"),
    "R60": ("a.graphml", graph(highway="corridor"), 'class "corridor" unknown'),
    "no highway": ("a.graphml", without("highway"), "edge without a class"),
    "point lacking": ("a.json", overpass(*POINTS[:2], WAY), "point of a road that the file lacks"),
    "the same way twice": ("a.json", overpass(*POINTS, WAY, WAY, POINTS[0]), "1 links"),
}


@pytest.mark.parametrize("case", NOTED)
def test_cleaned_and_noted(ntgeo, tmp_path, case):
    file, content, told = NOTED[case]
    path = tmp_path / file
    path.write_bytes(content)
    code, out, said = ntgeo("roads", "check", path)
    assert code in {0, 1}, said
    assert told in out


def test_a_network_in_pieces_needs_a_look(ntgeo, tmp_path):
    """R04"""
    points = {1: (0, 0), 2: (610, 0), 3: (0, 900), 4: (390, 900)}
    path = tmp_path / "pieces.osm"
    path.write_bytes(osm(points, {1: ([1, 2], STREET), 2: ([3, 4], STREET)}))
    code, out, _ = ntgeo("roads", "check", path)
    assert code == 1
    assert "Only 61% of the road length is connected" in out


@pytest.fixture
def borough(repository, tmp_path):
    folder = tmp_path / "borough"
    shutil.copytree(repository / "data" / "sample", folder)
    return folder


def ask(ntgeo, borough, command, **roads):
    """Run a command on the sample with other keys in its table of roads."""
    scenario = borough / "scenario.toml"
    text = scenario.read_text(encoding="utf-8")
    keys = "".join(f"{key} = {json.dumps(value)}\n" for key, value in roads.items())
    text = re.sub(r"(?s)\[roads\]\n.*?\n\n", f"[roads]\n{keys}\n", text, count=1)
    scenario.write_text(text, encoding="utf-8")
    code, out, said = ntgeo(command, scenario, "--folder", borough.parent)
    left = [item for item in (borough.parent / "maps").rglob("*") if item.is_file()]
    assert code in {0, 1} or left == []
    return code, out, said


def test_roads_of_another_town_are_refused(ntgeo, borough):
    """R36"""
    (borough / "other.osm").write_bytes(WHOLE)
    code, _, said = ask(ntgeo, borough, "matrix", network="other.osm")
    assert code == 2
    assert "other.osm: the roads and the areas do not overlap" in said


@pytest.mark.parametrize("network", ["https://overpass-api.de/api", "/vsicurl/http://x/a.gpkg"])
def test_nothing_is_fetched_at_run_time(ntgeo, borough, network):
    """R51"""
    code, _, said = ask(ntgeo, borough, "matrix", network=network)
    assert code == 2
    assert "only files on this machine can be read" in said


@pytest.mark.parametrize(
    ("roads", "code", "told"),
    [
        ({"network": "gone.osm.pbf"}, 4, "gone.osm.pbf: there is no such file"),
        ({"network": "sites.csv"}, 2, "sites.csv: this kind of road file is not known"),
        ({"network": "roads.osm.pbf", "mode": "boat"}, 2, "scenario.toml"),
        ({"network": "roads.osm.pbf", "snap_limit_m": -1}, 2, "scenario.toml"),
        ({"network": "roads.osm.pbf", "snap_limit_m": 40_000}, 2, "scenario.toml"),
    ],
)
def test_roads_that_a_scenario_cannot_have(ntgeo, borough, roads, code, told):
    found, _, said = ask(ntgeo, borough, "matrix", **roads)
    assert (found, told in said) == (code, True), said


def test_the_last_metres_of_a_private_drive_are_walked(tmp_path):
    """R29: 80 m from the street along a private drive, at 5 km/h."""
    points = {1: (0, 0), 2: (400, 0), 3: (200, 0), 4: (200, 80)}
    ways = {1: ([1, 3, 2], STREET), 2: ([3, 4], {"highway": "service", "access": "private"})}
    path = tmp_path / "drive.osm"
    path.write_bytes(osm(points, ways))
    network = read_roads(path, mode=TravelMode.CAR)
    east, north = 545_000, 258_000
    places = {
        "street": Location(easting_m=east, northing_m=north),
        "V20": Location(easting_m=east + 200, northing_m=north + 80),
    }
    seconds = travel_times(network, places, places).time_s
    walk_s = 80 / (5 / 3.6)
    driven = seconds[0, 1] - walk_s
    assert 0 < driven < 60
    assert snap_places(network, places).access_m.tolist() == pytest.approx([0, 80], abs=0.1)
