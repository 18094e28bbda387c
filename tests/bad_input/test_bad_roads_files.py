"""Files that are no roads, or would have ntgeo do something else than read them."""

import bz2
import gzip
import os
import pickle
from itertools import pairwise

import pytest
from asking import refused
from road_files import (
    EDGES,
    NODES,
    POINTS,
    STREET,
    WAY,
    graph,
    graphml,
    osm,
    overpass,
    write_layers,
)

DTD = '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
WHOLE = osm({1: (0, 0), 2: (90, 0)}, {1: ([1, 2], STREET)})
HOUSES = osm({1: (0, 0), 2: (90, 0)}, {1: ([1, 2], {"building": "yes"})})
PATHS = osm({1: (0, 0), 2: (90, 0)}, {1: ([1, 2], {"highway": "footway"})})
JUNK = b"\x00\x01\x02 this is no road file"


def laughs(levels=9):
    """Return a document type whose last entity is a thousand million laughs."""
    names = [f"l{n}" for n in range(levels)]
    entities = [f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names)]
    return f'<!DOCTYPE x [<!ENTITY l0 "lol">{"".join(entities)}]>'


def look(tell, folder, file, content):
    """Have ``ntgeo roads check`` look at a file of its own."""
    path = folder / file
    path.write_bytes(content)
    return tell(folder, "roads", "check", path)


@pytest.mark.bad_input("R01")
@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("a.osm", HOUSES),
        ("a.osm", osm({1: (0, 0)}, {})),
        ("a.graphml", graphml([], [])),
        ("a.graphml", graphml(NODES[:1], [])),
        ("a.json", overpass()),
    ],
)
def test_no_roads_at_all(tmp_path, tell, file, content):
    told = look(tell, tmp_path, file, content)
    refused(told, "it holds 0 roads", "again", file=file)


def test_no_roads_that_may_be_driven(tmp_path, tell):
    told = look(tell, tmp_path, "a.osm", PATHS)
    refused(told, "it holds no road that the mode car may use", file="a.osm")


@pytest.mark.bad_input("R01")
def test_a_scenario_whose_roads_hold_none(borough, ask):
    (borough / "roads.osm").write_bytes(HOUSES)
    refused(ask(borough, "matrix"), "it holds 0 roads", file="roads.osm")


@pytest.mark.bad_input("R42")
@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("a.graphml", graph(nodes=[*NODES, NODES[0]]), "point 1 stands more than once"),
        (
            "a.json",
            overpass(*POINTS, {**POINTS[0], "lat": 55.1}, WAY),
            "point 1 stands more than once, at different places",
        ),
        (
            "a.json",
            overpass(*POINTS, WAY, {**WAY, "nodes": [1, 3]}),
            "way 9 stands more than once, with different points or tags",
        ),
        (
            "a.osm",
            osm({1: (0, 0), 2: (90, 0), 3: (0, 90)}, {1: ([1, 2], STREET)}).replace(
                b"</osm>",
                b'<way id="1"><nd ref="1"/><nd ref="3"/><tag k="highway" v="road"/></way></osm>',
            ),
            "way 1 stands more than once, with different points or tags",
        ),
    ],
)
def test_an_id_that_stands_twice(tmp_path, tell, file, content, says):
    refused(look(tell, tmp_path, file, content), says, file=file)


class Hostile:
    """Writes a file when a pickle of it is opened."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return os.mkdir, (self.path,)


@pytest.mark.bad_input("R45")
@pytest.mark.usefixtures("quickly")
@pytest.mark.parametrize("ending", ["pkl", "pickle", "gpickle", "pck", "PKL"])
def test_a_pickle_is_never_opened(tmp_path, tell, ending):
    proof = tmp_path / "opened"
    told = look(tell, tmp_path, f"roads.{ending}", pickle.dumps(Hostile(proof)))
    refused(told, "pickle files can run code and are not", ".graphml", file=f"roads.{ending}")
    assert not proof.exists()


@pytest.mark.bad_input("R45")
def test_nor_where_a_scenario_names_it(borough, ask):
    proof = borough.parent / "opened"
    (borough / "roads.gpickle").write_bytes(pickle.dumps(Hostile(proof)))
    scenario = borough / "scenario.toml"
    scenario.write_text(scenario.read_text().replace("roads.osm", "roads.gpickle"))
    refused(ask(borough, "matrix"), "pickle files can run code", file="roads.gpickle")
    assert not proof.exists()


@pytest.mark.bad_input("R45")
@pytest.mark.parametrize("file", ["a.osm.pbf", "a.graphml", "a.json", "a.gpkg"])
def test_nor_is_a_pickle_under_another_name(tmp_path, tell, file):
    proof = tmp_path / "opened"
    refused(look(tell, tmp_path, file, pickle.dumps(Hostile(proof))), file=file)
    assert not proof.exists()


@pytest.mark.bad_input("R46")
@pytest.mark.usefixtures("quickly")
@pytest.mark.parametrize("head", [DTD, laughs()], ids=["few", "a thousand million"])
def test_entities_in_graphml_are_never_unfolded(tmp_path, tell, head):
    content = graphml([(1, {"x": "&l8;", "y": 1}), *NODES[1:]], EDGES, head=head)
    told = look(tell, tmp_path, "a.graphml", content)
    refused(told, "declares a document type (DTD), which is not allowed", file="a.graphml")


@pytest.mark.bad_input("R46")
@pytest.mark.usefixtures("quickly")
def test_nor_are_those_in_osm(tmp_path, tell):
    content = WHOLE.replace(b"<osm", laughs().encode() + b"<osm", 1)
    content = content.replace(b"High Street", b"&l8;")
    refused(look(tell, tmp_path, "a.osm", content), "cannot be read", file="a.osm")


@pytest.mark.bad_input("R47")
@pytest.mark.usefixtures("quickly")
@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("a.graphml", graph(nodes=NODES, edges=EDGES), "declares a document type (DTD)"),
        ("a.osm", WHOLE, "cannot be read"),
    ],
)
def test_what_an_entity_points_to_is_never_opened(tmp_path, tell, file, content, says):
    root = b"<osm" if file == "a.osm" else b"<graphml"
    content = content.replace(root, OUTSIDE.encode() + root, 1).replace(b"residential", b"&x;")
    told = look(tell, tmp_path, file, content)
    refused(told, says, file=file)
    assert "root:" not in told.words


@pytest.mark.bad_input("R50")
@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("a.graphml", graph(), "it has 4 edges or more; the limit is 3"),
        (
            "a.osm",
            osm({1: (0, 0), 2: (90, 0)}, {n: ([1, 2], STREET) for n in range(1, 9)}),
            "it has 4 roads or more; the limit is 3",
        ),
        (
            "a.json",
            overpass(*POINTS, *({**WAY, "id": n} for n in range(1, 9))),
            "it has 4 roads or more; the limit is 3",
        ),
    ],
)
def test_more_roads_than_fit_into_memory(tmp_path, tell, monkeypatch, file, content, says):
    """They are refused while they are read, as soon as there are too many of them."""
    monkeypatch.setattr("ntgeo.roads.building.extract._MOST_ROADS", 3)
    told = look(tell, tmp_path, file, content)
    refused(told, says, "cut the roads to the area of the question", file=file)


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("a.xlsx", JUNK, "this kind of road file is not known"),
        ("a.osm.pbf", JUNK, "cannot be read"),
        ("a.json", JUNK, "it is not whole JSON"),
        ("a.graphml", JUNK, "it is not whole XML"),
        ("a.gpkg", JUNK, "is not a GeoPackage"),
        ("a.gpkg", b"SQLite format 3\x00" + JUNK * 99, "cannot be read"),
        ("a.osm", WHOLE[:-30], "cannot be read"),
        ("a.json", overpass(*POINTS, WAY)[:-9], "it is not whole JSON"),
        ("a.graphml", graph()[:-30], "it is not whole XML"),
        (
            "a.json",
            overpass(*POINTS, WAY, remark="runtime error: Query timed out"),
            "Overpass gave up halfway",
        ),
        (
            "a.json",
            overpass(*POINTS[:2], {**POINTS[2], "lat": 95.0}, WAY),
            "point 3 lies at no longitude and latitude",
        ),
        ("a.json", overpass(*POINTS, {**WAY, "id": 10**30}), "an element lacks or garbles"),
    ],
)
def test_what_cannot_be_read(tmp_path, tell, file, content, says):
    path = tmp_path / file
    refused(look(tell, tmp_path, file, content), says, file=file)
    told = tell(tmp_path, "roads", "links", path, "-o", tmp_path / "out" / "links.gpkg")
    refused(told, says, file=file)


@pytest.mark.parametrize("ending", [".osm.pbf", ".osm", ".json", ".graphml", ".gpkg"])
def test_empty_missing_and_not_regular(tmp_path, tell, ending):
    path = tmp_path / f"roads{ending}"
    check = (tmp_path, "roads", "check", path)
    refused(tell(*check), "there is no such file", file=path.name, code=4)
    refused(look(tell, tmp_path, path.name, b""), "it is empty (0 bytes)", file=path.name)
    path.unlink()
    path.mkdir()
    refused(tell(*check), "it is no regular file", file=path.name)
    path.rmdir()
    os.mkfifo(path)
    refused(tell(*check), "it is no regular file", file=path.name)


@pytest.mark.parametrize(
    ("layers", "columns", "statement", "says"),
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
def test_layers_of_links(tmp_path, tell, layers, columns, statement, says):
    path = tmp_path / "roads.gpkg"
    write_layers(path, *layers, statement=statement, **columns)
    told = tell(tmp_path, "roads", "check", path)
    assert told.code == 2
    assert told.err.startswith("roads.gpkg")
    assert says in told.err


@pytest.mark.parametrize("share", [0.3, 0.95])
@pytest.mark.parametrize("file", ["roads.osm.pbf", "links.gpkg"])
def test_files_cut_short(repository, tmp_path, tell, file, share):
    whole = repository / "data" / "sample" / "roads.osm.pbf"
    if file.endswith(".gpkg"):
        whole = tmp_path / "whole.gpkg"
        write_layers(whole, "links")
    content = whole.read_bytes()
    told = look(tell, tmp_path, file, content[: int(share * len(content))])
    refused(told, "cannot be read", file=file)


REMARK = b"<remark> runtime error: Query timed out in &quot;recurse&quot; </remark></osm>"


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress])
def test_xml_of_overpass_that_gave_up_halfway(tmp_path, tell, pack):
    file = {bytes: "a.osm", gzip.compress: "a.osm.gz", bz2.compress: "a.osm.bz2"}[pack]
    told = look(tell, tmp_path, file, pack(WHOLE.replace(b"</osm>", REMARK)))
    refused(told, "Overpass gave up halfway (runtime error: Query timed out", file=file)


@pytest.mark.parametrize(
    ("file", "content", "kind"),
    [
        ("a.osm", gzip.compress(WHOLE), ".gz"),
        ("a.osm.gz", WHOLE, ".osm"),
        ("a.osm.pbf", WHOLE, ".osm"),
        ("a.osm", b"\x00\x00\x00\x0d\n\x09OSMHeader\x18\x31", ".pbf"),
    ],
)
def test_osm_data_of_another_kind_than_its_name(tmp_path, tell, file, content, kind):
    told = look(tell, tmp_path, file, content)
    refused(told, f"its content is that of a {kind} file; name it so", file=file)
