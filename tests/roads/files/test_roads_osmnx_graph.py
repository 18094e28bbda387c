import networkx as nx
import numpy as np
import pytest
from shapely import LineString

from ntgeo.domain.matrix import TravelMode
from ntgeo.errors import CrsError, InputError
from ntgeo.roads import RoadNetwork, read_roads, travel_times

CAR = TravelMode.CAR


def graph_of(edges, *, crs="epsg:27700", places=None):
    graph = nx.MultiDiGraph(crs=crs)
    ends = {end for edge in edges for end in edge[:2]}
    for end in sorted(ends, key=str):
        x, y = (places or {}).get(end) or (545_000 + 100 * end, 258_000)
        graph.add_node(end, x=x, y=y)
    for tail, head, attributes in edges:
        graph.add_edge(tail, head, **attributes)
    return graph


def there_and_back(**attributes):
    both = {"osmid": 7, "highway": "residential", "length": 100.0, **attributes}
    return [(1, 2, {**both, "reversed": False}), (2, 1, {**both, "reversed": True})]


def test_the_two_directions_of_a_street_are_one_link():
    network = RoadNetwork.from_networkx(graph_of(there_and_back(travel_time=9.5)), CAR)
    assert (network.link_count, network.arc_count) == (1, 2)
    assert network.arcs.time_ms.tolist() == [9_500, 9_500]
    assert network.arcs.length_cm.tolist() == [10_000, 10_000]


def test_the_analysts_own_times_get_no_delay_on_top():
    edges = there_and_back(travel_time=9.5)
    edges += [(2, 3, {"length": 100.0, "travel_time": 4.0, "highway": "primary", "osmid": 8})]
    edges += [(2, 4, {"length": 100.0, "highway": "residential", "osmid": 9, "speed_kph": 36})]
    edges += [(4, 2, {"length": 100.0, "highway": "residential", "osmid": 9, "speed_kph": 36})]
    network = RoadNetwork.from_networkx(graph_of(edges), CAR)
    ms = dict(
        zip(
            zip(network.arcs.tail.tolist(), network.arcs.head.tolist(), strict=True),
            network.arcs.time_ms.tolist(),
            strict=True,
        )
    )
    assert ms == {(0, 1): 9_500, (1, 0): 9_500, (1, 2): 4_000, (1, 3): 10_000, (3, 1): 14_000}


def test_edited_lengths_of_one_direction_stay_apart():
    there, back = there_and_back(travel_time=10.0)
    back[2]["length"] = 150.0
    network = RoadNetwork.from_networkx(graph_of([there, back]), CAR)
    assert network.link_count == 1
    assert sorted(network.arcs.length_cm.tolist()) == [10_000, 15_000]


def test_parallel_streets_and_loops_pair_with_their_own():
    edges = there_and_back() + there_and_back(osmid=8, length=140.0)
    loop = {"osmid": 9, "highway": "residential", "length": 300.0}
    edges += [(1, 1, {**loop, "reversed": False}), (1, 1, {**loop, "reversed": True})]
    network = RoadNetwork.from_networkx(graph_of(edges), CAR)
    assert (network.link_count, network.arc_count) == (3, 6)


def test_a_street_of_several_ways_knows_them_all_and_is_still_one_link():
    there, back = there_and_back(osmid=[7, 8, 5])
    back[2]["osmid"] = [5, 8, 7]
    network = RoadNetwork.from_networkx(graph_of([there, back]), CAR)
    assert (network.link_count, network.arc_count) == (1, 2)
    assert network.links.way.tolist() == [7, 8, 5]
    told = {data["reversed"]: data["osmid"] for *_, data in network.to_networkx().edges(data=True)}
    assert told == {False: [7, 8, 5], True: [5, 8, 7]}


def test_roundabouts_are_known():
    edges = there_and_back(travel_time=9.5)
    edges += [
        (2, 3, {"osmid": [8, 9], "highway": "primary", "length": 9.0, "junction": "circular"})
    ]
    edges += [(3, 2, {"osmid": 4, "highway": "primary", "length": 9.0, "junction": ["x", "y"]})]
    assert RoadNetwork.from_networkx(graph_of(edges), CAR).ring_ways == {8, 9}


def test_limits_in_lists_and_in_words():
    edges = there_and_back(maxspeed=["30 mph", "20 mph"])
    edges += [(2, 3, {"osmid": 4, "highway": "residential", "length": 100.0, "maxspeed": "none"})]
    network = RoadNetwork.from_networkx(graph_of(edges), CAR)
    assert set(network.notes) == {
        "2 × several limits; the lowest was used",
        "1 × unusable limit; the class's own was used",
    }
    twenty = 100 / (20 * 1.609344 * 0.62 / 3.6)
    assert network.arcs.time_ms[0] == pytest.approx(1000 * twenty, abs=1)


def test_a_missing_length_is_taken_from_the_shape():
    shape = LineString([(545_100, 258_000), (545_100, 258_300), (545_200, 258_000)])
    edges = [(1, 2, {"highway": "residential", "geometry": shape})]
    network = RoadNetwork.from_networkx(graph_of(edges), CAR)
    assert network.arcs.length_cm.tolist() == [round(shape.length * 100)]
    assert "1 × length computed from the shape" in network.notes


@pytest.mark.parametrize(
    ("attributes", "told"),
    [
        ({"length": None}, r"edge \(1, 2\) has no length"),
        ({"length": "abc"}, r'column length, value "abc": edge \(1, 2\) has a length'),
        ({"length": -1.0}, "has a length that is not a number >= 0"),
        ({"length": float("nan")}, "has a length that is not a number >= 0"),
        ({"travel_time": -2}, "has a travel time that is not a number >= 0"),
        ({"travel_time": float("inf")}, "has a travel time that is not a number >= 0"),
        ({"speed_kph": 0}, "has a speed that is not above 0"),
        ({"speed_kph": float("nan")}, "has a speed that is not above 0"),
        ({"maxspeed": "0"}, "has a speed of 0"),
        ({"geometry": "LINESTRING (0 0"}, "has a shape that is not WKT"),
        ({"geometry": "POINT (1 2)"}, "has a shape that is no line"),
    ],
)
def test_a_bad_edge_is_refused_by_name(attributes, told):
    with pytest.raises(InputError, match=told) as refusal:
        RoadNetwork.from_networkx(graph_of(there_and_back(**attributes)), CAR)
    assert len(refusal.value.faults) == 2


@pytest.mark.parametrize(
    ("graph", "error", "told"),
    [
        (nx.MultiDiGraph(crs="epsg:4326"), InputError, "graph: it holds 0 roads"),
        (nx.MultiGraph(crs="epsg:4326"), InputError, "undirected"),
        (graph_of(there_and_back(), crs=None), CrsError, "coordinate reference system is missing"),
        (graph_of(there_and_back(), crs="nonsense"), CrsError, '"nonsense" has no EPSG code'),
        (
            graph_of(there_and_back(), crs="epsg:4326"),
            InputError,
            r"do not fit its CRS \(EPSG:4326\)",
        ),
        (
            graph_of(there_and_back(), places={1: (545_000, float("nan"))}),
            InputError,
            "point 1 has no usable position",
        ),
        (
            graph_of([("1e17", 2, {"length": 1})], places={"1e17": (1, 1)}),
            InputError,
            "lost digits",
        ),
    ],
)
def test_a_bad_graph_is_refused(graph, error, told):
    with pytest.raises(error, match=told):
        RoadNetwork.from_networkx(graph, CAR)


def test_there_and_back_again(small_town):
    points = {1: (0, 0), 2: (100, 0), 3: (200, 50), 4: (100, 100)}
    ways = {
        1: ([1, 2, 3], {"highway": "residential", "name": "A"}),
        2: ([2, 4], {"highway": "residential", "name": "B", "oneway": "yes"}),
        3: ([1, 4], {"highway": "primary"}),
    }
    path = small_town(points, ways, stops={2: {"barrier": "gate"}, 4: {"barrier": "bollard"}})
    one = read_roads(path, mode=CAR)
    graph = one.to_networkx()
    assert graph.number_of_nodes() == one.junction_count
    assert {data["name"] for *_, data in graph.edges(data=True)} == {"A", "B", ""}
    back = RoadNetwork.from_networkx(graph, CAR)
    assert sorted(back.arcs.time_ms.tolist()) == sorted(one.arcs.time_ms.tolist())
    assert sorted(back.arcs.length_cm.tolist()) == sorted(one.arcs.length_cm.tolist())
    assert back.link_count == one.link_count


@pytest.mark.shared_data
def test_osmnx_takes_the_graph_and_finds_the_same_time(shared_data, at):
    import osmnx as ox  # noqa: PLC0415 - slow to import

    network = read_roads(shared_data / "cambridge/cambridge_drive_osmnx.graphml", mode=CAR)
    graph = network.to_networkx()
    main = np.flatnonzero(network.in_main_part)[[10, 2_000]]
    start, end = network.junctions.osm[main].tolist()
    route = ox.shortest_path(graph, start, end, weight="travel_time")
    seconds = sum(ox.routing.route_to_gdf(graph, route, weight="travel_time")["travel_time"])
    (x0, y0), (x1, y1) = network.junctions.xy_m[main].tolist()
    places = [at(x - 545_000, y - 258_000) for x, y in ((x0, y0), (x1, y1))]
    matrix = travel_times(network, {"a": places[0]}, {"b": places[1]})
    assert matrix.time_s[0, 0] == pytest.approx(seconds, abs=1e-6)


def test_it_tells_when_it_was_made_and_which_tags_it_lacks():
    made = graph_of([(1, 2, {"length": 100.0, "osmid": 5, "name": "A"})])
    made.graph["created_date"] = "2025-04-21 10:11:12"
    network = RoadNetwork.from_networkx(made, TravelMode.CAR)
    assert network.dated == "2025-04-21 10:11:12"
    assert [(gap.tag, gap.share) for gap in network.tag_gaps] == [("name", 0.0)]
