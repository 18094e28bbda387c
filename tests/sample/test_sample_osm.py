import networkx as nx
import numpy as np
import osmium
import pytest
import shapely

from ntgeo.files import sha256_of
from ntgeo.sample.ground import to_lon_lat
from ntgeo.sample.osm import write_roads


class _Reader(osmium.SimpleHandler):
    def __init__(self):
        super().__init__()
        self.nodes, self.ways, self.relations = {}, {}, {}

    def node(self, node):
        self.nodes[node.id] = (node.location.lon, node.location.lat)

    def way(self, way):
        self.ways[way.id] = ([ref.ref for ref in way.nodes], dict(way.tags))

    def relation(self, relation):
        members = {member.role: (member.type, member.ref) for member in relation.members}
        self.relations[relation.id] = (members, dict(relation.tags))


@pytest.fixture(scope="module")
def extract(written):
    reader = _Reader()
    reader.apply_file(str(written / "roads.osm.pbf"))
    return reader


@pytest.fixture(scope="module")
def water(town):
    rings = [to_lon_lat(shapely.get_coordinates(town.ground.water.exterior))]
    return shapely.Polygon(rings[0])


def _line(extract, nodes):
    return shapely.LineString([extract.nodes[node] for node in nodes])


def test_the_file_is_the_same_again_and_small(town, written, tmp_path):
    write_roads(town, tmp_path / "again.osm.pbf")
    assert sha256_of(tmp_path / "again.osm.pbf") == sha256_of(written / "roads.osm.pbf")
    assert (written / "roads.osm.pbf").stat().st_size < 1_000_000


def test_it_has_as_many_nodes_as_a_town_and_none_is_left_over(extract):
    used = {node for nodes, _ in extract.ways.values() for node in nodes}
    assert used == set(extract.nodes)
    assert 6_000 <= len(extract.nodes) <= 12_000
    assert min(len(nodes) for nodes, _ in extract.ways.values()) >= 2


def test_cars_reach_nearly_all_nodes_and_come_back(extract):
    graph = nx.DiGraph()
    for nodes, tags in extract.ways.values():
        if tags.get("highway", "footway") in {"footway", "cycleway"}:
            continue
        nx.add_path(graph, nodes)
        if tags.get("oneway") != "yes":
            nx.add_path(graph, nodes[::-1])
    largest = max(nx.strongly_connected_components(graph), key=len)
    assert len(largest) >= 0.98 * len(graph)


def test_only_bridges_and_the_ferry_cross_water(extract, water):
    wet = [
        tags
        for nodes, tags in extract.ways.values()
        if ("highway" in tags or "route" in tags)
        and _line(extract, nodes).intersection(water.buffer(-1e-5)).length > 0
    ]
    assert sorted(tags.get("bridge", tags.get("route")) for tags in wet) == ["ferry", "yes", "yes"]


def test_roundabouts_run_clockwise(extract):
    circles = [n for n, tags in extract.ways.values() if tags.get("junction") == "roundabout"]
    whole = [nodes for nodes in circles if nodes[0] == nodes[-1]]
    assert len(circles) == len(whole) >= 5
    assert not any(shapely.LinearRing(_line(extract, nodes)).is_ccw for nodes in whole)


def test_banned_turns_join_ways_that_meet_at_their_node(extract):
    assert len(extract.relations) >= 2
    for members, tags in extract.relations.values():
        assert tags == {"type": "restriction", "restriction": "no_right_turn"}
        via = members["via"][1]
        assert members["via"][0] == "n"
        for role in ("from", "to"):
            nodes, way_tags = extract.ways[members[role][1]]
            assert via in {nodes[0], nodes[-1]}
            assert "highway" in way_tags


def test_maps_can_draw_water_parks_and_names(extract):
    tags = [tags for _, tags in extract.ways.values()]
    assert sum(t.get("natural") == "coastline" for t in tags) == 1
    assert sum(t.get("waterway") == "river" for t in tags) == 1
    assert sum(t.get("natural") == "water" for t in tags) == 1
    assert sum(t.get("leisure") == "park" for t in tags) == 4
    assert {"foot": "yes", "motor_vehicle": "no"}.items() <= next(
        t for t in tags if t.get("route") == "ferry"
    ).items()
    assert {t["maxspeed"] for t in tags if "maxspeed" in t} >= {"20 mph", "30 mph", "40 mph"}
    for nodes, t in extract.ways.values():
        if t.get("natural") == "water" or t.get("leisure") == "park":
            assert nodes[0] == nodes[-1]


def test_the_header_names_the_sample_and_no_library(written):
    with osmium.io.Reader(str(written / "roads.osm.pbf")) as reader:
        generator = reader.header().get("generator")
    assert generator == "ntgeo.sample: Sandhaven (synthetic)"


def test_junctions_of_the_network_are_nodes_of_the_file(extract, town):
    known = {(round(lon, 7), round(lat, 7)) for lon, lat in extract.nodes.values()}
    spots = to_lon_lat(town.network.junctions)
    assert np.mean([tuple(np.round(spot, 7).tolist()) in known for spot in spots]) == 1
