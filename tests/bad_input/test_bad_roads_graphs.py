"""Points, edges and tags of a graph that are not what they should be."""

import json

import pytest
from asking import noted, refused, warned
from road_files import (
    EDGES,
    NODES,
    POINTS,
    STREET,
    WAY,
    add_roads,
    graph,
    graph_without,
    graphml,
    grid_point,
    osm,
    overpass,
)
from test_bad_roads_files import look
from tiny_borough import CORNER

FAR = [*NODES, (4, {"x": -1.5, "y": 55.0})]
FAR_EDGES = [*EDGES, (3, 4, EDGES[0][2])]
SHAPE = "LINESTRING(430100 570000, 430200 570000)"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(
            graph_without("length"),
            ["edge (1, 2) has no length"],
            marks=pytest.mark.bad_input("R11"),
        ),
        pytest.param(
            graph(maxspeed="0"),
            ['value "0"', "edge (1, 2) has a speed of 0"],
            marks=pytest.mark.bad_input("R18"),
        ),
        pytest.param(
            graph(speed_kph="0"),
            ['value "0"', "has a speed that is not above 0"],
            marks=pytest.mark.bad_input("R18"),
        ),
        (graph(speed_kph="-5"), ["has a speed that is not above 0"]),
        (graph(speed_kph="nan"), ["has a speed that is not above 0"]),
        (graph(speed_kph="inf"), ["has a speed that is not above 0"]),
        (graph(maxspeed="-20"), ["has a speed of -20"]),
        (graph(travel_time="-1"), ["has a travel time that is not a"]),
        (graph(travel_time="nan"), ["has a travel time that is not a number"]),
        pytest.param(
            graph(nodes=[(1, {}), *NODES[1:]]),
            ["point 1 has no usable position"],
            marks=pytest.mark.bad_input("R32"),
        ),
        pytest.param(
            graph(nodes=[(1, {"x": 430_100}), *NODES[1:]]),
            ["point 1 has no usable"],
            marks=pytest.mark.bad_input("R32"),
        ),
        pytest.param(
            graph(nodes=[(1, {"x": "nan", "y": 1}), *NODES[1:]]),
            ["point 1 has no usable"],
            marks=pytest.mark.bad_input("R33"),
        ),
        pytest.param(
            graph(nodes=[(1, {"x": "inf", "y": 1}), *NODES[1:]]),
            ["point 1 has no usable"],
            marks=pytest.mark.bad_input("R33"),
        ),
        pytest.param(
            graphml(NODES, EDGES, crs="epsg:4326"),
            ["its coordinates do not fit its CRS (EPSG:4326)"],
            marks=pytest.mark.bad_input("R35"),
        ),
        pytest.param(
            graphml(FAR, FAR_EDGES),
            ["edge (3, 4) is 100 m long, but its ends lie"],
            marks=pytest.mark.bad_input("R35"),
        ),
        (graphml(NODES, EDGES, crs=""), ["reference system is missing"]),
        (graphml(NODES, EDGES, crs="our grid"), ["has no EPSG code"]),
        pytest.param(
            graph(nodes=[("9.007199254740993e+15", NODES[0][1]), *NODES[1:]]),
            ['value "9.007199254740993e+15"', "ids have lost digits"],
            marks=pytest.mark.bad_input("R43"),
        ),
        pytest.param(
            graph(length="abc"),
            ['value "abc"', "edge (1, 2) has a length that is not"],
            marks=pytest.mark.bad_input("R49"),
        ),
        pytest.param(
            graph(length="-3"),
            ['value "-3"', "has a length that is not a number >= 0"],
            marks=pytest.mark.bad_input("R49"),
        ),
        pytest.param(
            graph(geometry="LINE(1 2"),
            ["edge (1, 2) has a shape that is not WKT"],
            marks=pytest.mark.bad_input("R49"),
        ),
    ],
)
def test_refused(tmp_path, tell, content, says):
    told = look(tell, tmp_path, "a.graphml", content)
    assert told.code == 2, told.words
    assert "a.graphml" in told.err
    assert all(part in told.err for part in says), told.err
    told.checked.append("E")


def test_all_faults_of_all_edges_are_told_at_once(tmp_path, tell):
    bad = [(a, b, {**more, "length": "abc"}) for a, b, more in EDGES]
    told = look(tell, tmp_path, "a.graphml", graph(edges=bad))
    where = {"file": "a.graphml", "column": "length", "value": "abc"}
    refused(told, "edge (1, 2) has a length", "edge (3, 2) has a length", **where)


@pytest.mark.bad_input("R08")
def test_an_edge_of_no_length_is_kept(tmp_path, tell):
    told = look(tell, tmp_path, "a.graphml", graph(length="0"))
    noted(told, "1 × edge of no length")


@pytest.mark.bad_input("R13")
def test_a_length_that_the_shape_tells(tmp_path, tell):
    told = look(tell, tmp_path, "a.graphml", graph(length="", geometry=SHAPE))
    noted(told, "1 × length computed from the shape")


@pytest.mark.bad_input("R15")
@pytest.mark.parametrize("limit", ["none", "signals", "RU:urban", "0"])
def test_limits_that_say_nothing(borough, ask, limit):
    """In OpenStreetMap a limit of 0 is a slip of a stranger, not of the user: it is told, too."""
    add_roads(borough, {}, {}, tags={"maxspeed": limit})
    told = ask(borough, "matrix")
    warned(told, "18 × unusable limit; the class's own was used", file="roads.osm")


def test_the_national_limit_is_known(borough, ask):
    add_roads(borough, {}, {}, tags={"maxspeed": "national"})
    assert "limit" not in ask(borough, "matrix").err


@pytest.mark.bad_input("R17")
@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("a.graphml", graph(maxspeed="30;40")),
        ("a.graphml", graph(maxspeed="['20 mph', '40 mph']")),
        ("a.osm", osm({1: (0, 0), 2: (90, 0)}, {1: ([1, 2], {**STREET, "maxspeed": "30;40"})})),
    ],
)
def test_several_limits(tmp_path, tell, file, content):
    told = look(tell, tmp_path, file, content)
    warned(told, "several limits; the lowest was used", file="")


@pytest.mark.bad_input("R19")
@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("a.graphml", graph(maxspeed="500"), "limit capped at 112"),
        ("a.graphml", graph(speed_kph="500"), "speed capped at 112"),
        (
            "a.osm",
            osm({1: (0, 0), 2: (9, 9)}, {1: ([1, 2], {**STREET, "maxspeed": "500"})}),
            "limit capped at 112",
        ),
    ],
)
def test_limits_that_nobody_may_drive(tmp_path, tell, file, content, says):
    warned(look(tell, tmp_path, file, content), says, file="")


@pytest.mark.bad_input("R21")
def test_a_street_that_ends_where_it_begins(borough, ask):
    """A step from a point to itself is dropped; a loop with houses along it is kept."""
    straight = ask(borough, "matrix").out
    here = grid_point(0, 250)
    add_roads(borough, {}, {90: ([here, here], STREET)})
    told = ask(borough, "matrix")
    noted(told)
    assert told.out == straight
    around = {901: (60, 260), 902: (60, 320), 903: (10, 320)}
    add_roads(borough, around, {90: ([here, *around, here], STREET)})
    assert ask(borough, "matrix").out == straight
    loop = [*EDGES, (2, 2, {**EDGES[0][2], "length": 80.0, "osmid": 8})]
    noted(look_again(borough, ask, graph(edges=loop)))


def look_again(borough, ask, content):
    (borough / "roads.graphml").write_bytes(content)
    scenario = borough / "scenario.toml"
    scenario.write_text(scenario.read_text().replace("roads.osm", "roads.graphml"))
    return ask(borough, "matrix")


@pytest.mark.bad_input("R60")
@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("a.graphml", graph(highway="corridor")),
        ("a.osm", osm({1: (0, 0), 2: (90, 0)}, {1: ([1, 2], {"highway": "causeway"})})),
    ],
)
def test_a_class_that_nobody_knows(tmp_path, tell, file, content):
    told = look(tell, tmp_path, file, content)
    warned(told, "unknown; 15 km/h was used", file="class")


def wide(*, step_m=1000, **changes):
    """Return a graph of longer edges, the first one changed."""
    nodes = [(n, {"x": CORNER[0] + step_m * n, "y": CORNER[1]}) for n in (1, 2, 3)]
    edges = [(a, b, {**attributes, "length": step_m + 5}) for a, b, attributes in EDGES]
    return graph(nodes=nodes, edges=[(*edges[0][:2], {**edges[0][2], **changes}), *edges[1:]])


@pytest.mark.parametrize(
    ("content", "column", "says"),
    [
        (wide(length=20), None, "edge (1, 2) is 20 m long, but its ends lie 1 km apart"),
        (
            wide(geometry="LINESTRING (431000 569000, 432000 569000)"),
            "geometry",
            "edge (1, 2) is drawn 1,000 m off its ends",
        ),
    ],
)
def test_an_edge_that_does_not_fit_its_ends(tmp_path, tell, content, column, says):
    told = look(tell, tmp_path, "a.graphml", content)
    refused(told, says, file="a.graphml", column=column)


@pytest.mark.parametrize(
    ("unit", "metres"), [("kilometres", 1000), ("miles", 1609.344), ("feet", 0.3048)]
)
@pytest.mark.parametrize("step_m", [60, 1000])
def test_lengths_in_other_units(tmp_path, tell, unit, metres, step_m):
    nodes = [(n, {"x": CORNER[0] + step_m * n, "y": CORNER[1]}) for n in (1, 2, 3)]
    edges = [(a, b, {**more, "length": 1.1 * step_m / metres}) for a, b, more in EDGES]
    told = look(tell, tmp_path, "a.graphml", graph(nodes=nodes, edges=edges))
    refused(told, f"its lengths are in {unit}", file="a.graphml", column="length")


def test_other_things_that_are_cleaned(tmp_path, tell):
    banana = osm({1: (0, 0), 2: (90, 0)}, {1: ([1, 2], {**STREET, "oneway": "banana"})})
    for file, content, says in (
        ("a.osm", banana, "one-way rule that is not known; taken as both ways"),
        ("a.graphml", graph_without("highway"), "edge without a class"),
        ("a.json", overpass(*POINTS[:2], WAY), "point of a road that the file lacks"),
        ("a.json", overpass(*POINTS, WAY, WAY, POINTS[0]), "1 links"),
    ):
        told = look(tell, tmp_path, file, content)
        noted(told, says)


def test_json_tells_the_same(tmp_path, tell):
    path = tmp_path / "a.graphml"
    path.write_bytes(graph(maxspeed="500"))
    told = tell(tmp_path, "roads", "check", path, "--json")
    assert any("capped" in finding["text"] for finding in json.loads(told.out)["findings"])
