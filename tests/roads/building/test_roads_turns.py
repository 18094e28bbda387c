import networkx as nx
import numpy as np
import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.roads import read_roads, snap_places, trace_paths, travel_times
from ntgeo.roads.search import engine

STREET = {"highway": "residential"}
CROSS = {0: (0, 0), 1: (-100, 0), 2: (100, 0), 3: (0, -100), 4: (0, 100)}
ARMS = {number: ([number, 0], {**STREET, "name": f"Arm {number}"}) for number in (1, 2, 3, 4)}


def turn(kind, start, end, **tags):
    members = [("way", start, "from"), ("node", 0, "via"), ("way", end, "to")]
    return members, {"type": "restriction", "restriction": kind, **tags}


def allowed(network):
    """Return {(way left, way entered): milliseconds} of the turns at the cross."""
    arcs, links, turns = network.arcs, network.links, network.turns
    leave = np.repeat(np.arange(network.arc_count), np.diff(turns.start))
    way = links.first_way[arcs.link]
    at_cross = network.junctions.osm[arcs.head[leave]] == 0
    pairs = zip(way[leave].tolist(), way[turns.onto].tolist(), turns.delay_ms.tolist(), strict=True)
    return {
        (one, other): ms for (one, other, ms), here in zip(pairs, at_cross, strict=True) if here
    }


def test_traffic_keeps_left_and_does_not_turn_back(small_town):
    network = read_roads(small_town(CROSS, ARMS), mode=TravelMode.CAR)
    assert allowed(network) == {
        (1, 2): 0,
        (1, 3): 5_000,
        (1, 4): 2_000,
        (2, 1): 0,
        (2, 3): 2_000,
        (2, 4): 5_000,
        (3, 1): 2_000,
        (3, 2): 5_000,
        (3, 4): 0,
        (4, 1): 5_000,
        (4, 2): 2_000,
        (4, 3): 0,
    }


def test_at_a_dead_end_one_turns_back(small_town):
    network = read_roads(small_town(CROSS, ARMS), mode=TravelMode.CAR)
    ends = network.junctions.osm[network.arcs.head] != 0
    ways_on = np.diff(network.turns.start)
    assert (ways_on[ends] == 1).all()
    assert (network.turns.delay_ms[network.turns.start[:-1][ends]] == 20_000).all()


@pytest.mark.parametrize(
    ("relation", "car", "bicycle"),
    [
        (turn("no_right_turn", 1, 3), {(1, 3)}, {(1, 3)}),
        (turn("no_right_turn", 1, 3, **{"except": "bicycle"}), {(1, 3)}, set()),
        (turn("no_right_turn", 1, 3, **{"except": "motor_vehicle;bus"}), set(), {(1, 3)}),
        (turn("only_straight_on", 1, 2), {(1, 3), (1, 4)}, {(1, 3), (1, 4)}),
        (turn("only_straight_on", 1, 99), set(), set()),
    ],
)
def test_restrictions(small_town, relation, car, bicycle):
    path = small_town(CROSS, ARMS, relations=[relation])
    free = set(allowed(read_roads(small_town(CROSS, ARMS), mode=TravelMode.CAR)))
    path = small_town(CROSS, ARMS, relations=[relation])
    assert free - set(allowed(read_roads(path, mode=TravelMode.CAR))) == car
    assert free - set(allowed(read_roads(path, mode=TravelMode.BICYCLE))) == bicycle
    assert read_roads(path, mode=TravelMode.FOOT).turns is None


def test_a_forbidden_turn_costs_the_way_round(small_town, even_speeds, at):
    """To turn right one drives on to the end of the road and comes back for the left turn."""
    relations = [turn("no_right_turn", 1, 3)]
    network = read_roads(
        small_town(CROSS, ARMS, relations=relations), mode=TravelMode.CAR, speeds_file=even_speeds
    )
    start, end = {"a": at(-50, 0)}, {"b": at(0, -50)}
    assert travel_times(network, start, end).time_s[0, 0] == pytest.approx(5 + 20 + 5, abs=0.01)
    free = travel_times(network.without_turns(), start, end)
    assert free.time_s[0, 0] == pytest.approx(10, abs=0.01)
    (path,) = trace_paths(network, [(start["a"], end["b"])])
    assert path.distance_m == pytest.approx(300, abs=0.1)
    assert [leg.street for leg in path.streets] in (
        ["Arm 1", "Arm 2", "Arm 3"],
        ["Arm 1", "Arm 4", "Arm 3"],
    )


def random_town(seed):
    """A grid of 5 × 5 with gaps, one-ways and forbidden turns."""
    rng = np.random.default_rng(seed)
    points = {
        5 * row + column + 1: (
            100 * column + rng.uniform(-20, 20),
            100 * row + rng.uniform(-20, 20),
        )
        for row in range(5)
        for column in range(5)
    }
    ways = {}
    for point in points:
        for other in (point + 1, point + 5):
            is_edge = other == point + 1 and point % 5 == 0
            if other in points and not is_edge and rng.random() < 0.85:
                tags = {"highway": str(rng.choice(["residential", "primary"]))}
                if rng.random() < 0.3:
                    tags["oneway"] = "yes"
                ways[len(ways) + 100] = ([point, other], tags)
    relations = []
    for one, (ends, _) in ways.items():
        for other, (others, _) in ways.items():
            via = set(ends) & set(others)
            if one != other and len(via) == 1 and rng.random() < 0.15:
                members = [("way", one, "from"), ("node", via.pop(), "via"), ("way", other, "to")]
                relations.append((members, {"type": "restriction", "restriction": "no_entry"}))
    return points, ways, relations


def on_link(network, place):
    """Each arc along a place's link: its number, how far along it the place is, and that in ms."""
    arcs = network.arcs
    for arc in np.flatnonzero(arcs.link == place[0]).tolist():
        share = place[1] if arcs.is_forward[arc] else 1 - place[1]
        yield arc, share, round(int(arcs.time_ms[arc]) * share)


def brute_force(network, start, end):
    """Milliseconds between two snapped places by walking over "at the end of arc" one by one."""
    arcs, turns = network.arcs, network.turns
    edges = []
    leave = np.repeat(np.arange(network.arc_count), np.diff(turns.start)).tolist()
    for arc, onto, delay in zip(leave, turns.onto.tolist(), turns.delay_ms.tolist(), strict=True):
        edges.append((arc, onto, delay + int(arcs.time_ms[onto])))
        edges += [(arc, "end", delay + up) for last, _, up in on_link(network, end) if last == onto]
    for first, along, part in on_link(network, start):
        edges.append(("start", first, int(arcs.time_ms[first]) - part))
        for last, until, up_to in on_link(network, end):
            if last == first and until >= along:
                edges.append(("start", "end", up_to - part))
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(["start", "end"])
    graph.add_weighted_edges_from(edges)
    try:
        return nx.dijkstra_path_length(graph, "start", "end")
    except nx.NetworkXNoPath:
        return None


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("uses_hierarchy", [False, True])
def test_equals_brute_force_on_random_towns(small_town, seed, uses_hierarchy):
    points, ways, relations = random_town(seed)
    network = read_roads(small_town(points, ways, relations=relations), mode=TravelMode.CAR)
    if uses_hierarchy:
        engine.prepare(network)
    rng = np.random.default_rng(seed)
    names = [f"p{number:02}" for number in range(14)]
    links = rng.choice(network.main_links, 14)
    links[7:] = links[:7]  # so that pairs share links, ahead and behind
    shares = rng.uniform(0.05, 0.95, 14)
    places = {
        name: Location(easting_m=line.x, northing_m=line.y)
        for name, line in zip(
            names,
            (
                network.lines[link].interpolate(share, normalized=True)
                for link, share in zip(links, shares, strict=True)
            ),
            strict=True,
        )
    }
    snapped = snap_places(network, places)
    on_road = list(zip(snapped.link.tolist(), snapped.share.tolist(), strict=True))
    matrix = travel_times(network, places, places)
    paths = trace_paths(network, [(places[a], places[b]) for a in names for b in names])
    for row in range(14):
        for column in range(14):
            expected = brute_force(network, on_road[row], on_road[column])
            found = matrix.time_s[row, column]
            told = paths[14 * row + column].time_s
            if row == column:
                assert found == told == 0
            elif expected is None:
                assert np.isnan(found)
                assert np.isnan(told)
            else:
                # Both ends lie on the road, so the walks are of a millimetre at most.
                assert found == pytest.approx(expected / 1000, abs=0.003)
                assert told == pytest.approx(found, abs=1e-9)
