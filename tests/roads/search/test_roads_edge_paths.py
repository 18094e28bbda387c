import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntgeo.domain.places import Location
from ntgeo.roads import fastest_paths, prepare, snap_places
from ntgeo.roads.search.dijkstra import ABSENT, dijkstra_rows
from ntgeo.roads.search.edge_paths import _trace
from ntgeo.roads.search.hierarchy import build_hierarchy, customise
from ntgeo.roads.search.tracing import trace_ways

NOTHING = (np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0, np.int64))
NO_HIERARCHY = (NOTHING, NOTHING, np.empty(0, np.int32), np.empty(0, np.int32))


@st.composite
def questions(draw):
    """Any graph, with zero costs, loops and parallels; and pairs of ends with extra costs."""
    count = draw(st.integers(1, 14))
    vertex = st.integers(0, count - 1)
    arc = st.tuples(vertex, vertex, st.integers(0, 4), st.integers(0, 2))
    arcs = sorted(draw(st.lists(arc, max_size=45)))
    tail, head, ms, cm = np.array(arcs, np.int64).reshape(-1, 4).T
    start = np.concatenate(([0], np.cumsum(np.bincount(tail, minlength=count)))).astype(np.int64)
    graph = (start, head.astype(np.int32), (ms << 32) + cm)
    pairs = draw(st.integers(1, 6))
    ends = []
    for least in (0, -2):
        entry = st.tuples(vertex, st.integers(least, 4))
        lists = [draw(st.lists(entry, max_size=3)) for _ in range(pairs)]
        flat = [pair for part in lists for pair in part]
        ends.append(
            (
                np.concatenate(([0], np.cumsum([len(part) for part in lists]))).astype(np.int64),
                np.array([pair[0] for pair in flat], np.int32),
                np.array([pair[1] << 32 for pair in flat], np.int64),
            )
        )
    return graph, tail.astype(np.int32), ends


@settings(max_examples=200, deadline=None)
@given(questions(), st.booleans())
def test_edges_lead_from_end_to_end_at_the_least_cost(question, uses_hierarchy):
    graph, tail, (seeds, goals) = question
    vertices, pairs = len(graph[0]) - 1, len(seeds[0]) - 1
    expected = np.empty((pairs, pairs), np.int64)
    dijkstra_rows(graph, seeds, goals, ABSENT - 1, expected)
    hierarchy = NO_HIERARCHY
    if uses_hierarchy:
        xy_m = np.random.default_rng(vertices).random((vertices, 2))
        made = customise(build_hierarchy(tail, graph[1], xy_m), graph[2])
        hierarchy = (made.up, made.down, made.parent, made.rank)
    start, edges, ends, cost = _trace(graph, hierarchy, seeds, goals)
    assert (cost == np.diag(expected)).all()
    for pair in range(pairs):
        if cost[pair] == ABSENT:
            assert start[pair] == start[pair + 1]
            continue
        seed, goal = ends[pair]
        here, total = seeds[1][seed], seeds[2][seed] + goals[2][goal]
        for edge in edges[start[pair] : start[pair + 1]].tolist():
            assert tail[edge] == here
            here, total = graph[1][edge], total + graph[2][edge]
        assert here == goals[1][goal]
        assert total == cost[pair]


@pytest.mark.shared_data
def test_both_searches_trace_ways_of_the_same_cost(real_roads):
    network = real_roads("cambridge/cambridge_drive.osm.pbf").without_turns()
    rng = np.random.default_rng(2)
    xy = network.junctions.xy_m[rng.choice(network.junction_count, 60)]
    places = [Location(easting_m=x, northing_m=y) for x, y in xy.tolist()]
    starts, ends = (
        snap_places(network, {str(i): place for i, place in enumerate(part)})
        for part in (places[:30], places[30:])
    )
    network.kept.pop("weighted hierarchy", None)
    by_search = trace_ways(network, starts, ends)
    assert "weighted hierarchy" not in network.kept
    prepare(network)
    by_hierarchy = trace_ways(network, starts, ends)
    assert (by_search.cost == by_hierarchy.cost).all()
    assert len(fastest_paths(network, [])) == 0
