import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from ntgeo.roads.search.dijkstra import ABSENT, dijkstra_rows
from ntgeo.roads.search.engine import hierarchy_of, weighted_hierarchy_of
from ntgeo.roads.search.hierarchy import build_hierarchy, customise
from ntgeo.roads.search.ordering import contraction_ranks
from ntgeo.roads.search.sweep import select_targets, sweep_rows


@st.composite
def graphs(draw):
    """One-ways, loops, parallels, zero costs, several components, and places of any kind."""
    count = draw(st.integers(1, 40))
    vertex = st.integers(0, count - 1)
    arc = st.tuples(vertex, vertex, st.integers(0, 6), st.integers(0, 3))
    arcs = sorted(draw(st.lists(arc, max_size=120)))
    seed = draw(st.integers(0, 99))
    xy_m = np.random.default_rng(seed).integers(0, 9, (count, 2)).astype(float)
    tail, head, ms, cm = np.array(arcs, np.int64).reshape(-1, 4).T
    start = np.concatenate(([0], np.cumsum(np.bincount(tail, minlength=count)))).astype(np.int64)
    return start, tail.astype(np.int32), head.astype(np.int32), (ms << 32) + cm, xy_m


def alone(vertices):
    return (
        np.arange(len(vertices) + 1, dtype=np.int64),
        np.asarray(vertices, np.int32),
        np.zeros(len(vertices), np.int64),
    )


def by_dijkstra(graph, seeds, targets):
    start, _, head, weight, _ = graph
    out = np.empty((len(seeds[0]) - 1, len(targets[0]) - 1), np.int64)
    dijkstra_rows((start, head, weight), seeds, targets, ABSENT - 1, out)
    return out


def by_sweep(weighted, seeds, targets):
    out = np.empty((len(seeds[0]) - 1, len(targets[0]) - 1), np.int64)
    sweep_rows(weighted, select_targets(weighted, targets[1]), seeds, targets, out)
    return out


@settings(max_examples=200, deadline=None)
@given(graphs())
def test_equals_dijkstra_on_any_graph(graph):
    _, tail, head, weight, xy_m = graph
    every = alone(np.arange(len(xy_m)))
    hierarchy = build_hierarchy(tail, head, xy_m)
    expected = by_dijkstra(graph, every, every)
    assert (by_sweep(customise(hierarchy, weight), every, every) == expected).all()


@settings(max_examples=60, deadline=None)
@given(graphs(), st.data())
def test_several_seeds_and_targets_with_extra_cost(graph, data):
    _, tail, head, weight, xy_m = graph
    vertex = st.integers(0, len(xy_m) - 1)
    entry = st.tuples(vertex, st.integers(0, 4))
    packs = []
    for _ in range(2):
        lists = data.draw(st.lists(st.lists(entry, max_size=5), min_size=1, max_size=20))
        flat = [pair for part in lists for pair in part]
        packs.append(
            (
                np.concatenate(([0], np.cumsum([len(part) for part in lists]))).astype(np.int64),
                np.array([pair[0] for pair in flat], np.int32),
                np.array([pair[1] << 32 for pair in flat], np.int64),
            )
        )
    weighted = customise(build_hierarchy(tail, head, xy_m), weight)
    assert (by_sweep(weighted, *packs) == by_dijkstra(graph, *packs)).all()


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_ranks_are_a_permutation_whatever_the_order_of_arcs(graph):
    _, tail, head, _, xy_m = graph
    rank = contraction_ranks(tail, head, xy_m)
    assert sorted(rank.tolist()) == list(range(len(xy_m)))
    mixed = np.random.default_rng(0).permutation(len(tail))
    assert (contraction_ranks(head[mixed], tail[mixed], xy_m) == rank).all()


def test_dead_ends_and_chains_rank_lowest():
    """A square with both diagonals keeps degree three; a tail and a chain hang on it."""
    tail = np.array([0, 0, 0, 1, 1, 2, 3, 4, 0, 6], np.int32)
    head = np.array([1, 2, 3, 2, 3, 3, 4, 5, 6, 1], np.int32)
    rank = contraction_ranks(tail, head, np.random.default_rng(1).random((7, 2)))
    assert sorted(rank[4:].tolist()) == [0, 1, 2]


def test_a_grid_gets_small_separators():
    side = 40
    number = np.arange(side * side).reshape(side, side)
    tail = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()]).astype(np.int32)
    head = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()]).astype(np.int32)
    xy_m = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2) * 1.0
    hierarchy = build_hierarchy(tail, head, xy_m)
    depth = np.zeros(side * side + 1, int)
    for vertex in range(side * side - 1, -1, -1):
        depth[vertex] = depth[hierarchy.parent[vertex]] + 1
    assert depth.max() < 8 * side
    assert len(hierarchy.head) < 25 * side * side


REAL = [
    "cambridge/cambridge_drive.osm.pbf",
    "newport_wales/newport-2023-06-13.osm.pbf",
    "porto/porto.osm.pbf",
]


def by_scipy(graph, places):
    """Milliseconds by another's Dijkstra, which knows nothing of how costs are packed."""
    count = len(graph.xy_m)
    ms = graph.weight >> 32
    order = np.lexsort((ms, graph.head, graph.tail))
    pair = graph.tail[order].astype(np.int64) * count + graph.head[order]
    first = order[np.unique(pair, return_index=True)[1]]  # scipy adds parallel arcs up
    ends = (graph.tail[first], graph.head[first])
    matrix = csr_array((ms[first].astype(float), ends), shape=(count, count))
    rows = [dijkstra(matrix, indices=part)[:, places] for part in np.array_split(places, 20)]
    return np.vstack(rows)


@pytest.mark.slow
@pytest.mark.shared_data
@pytest.mark.parametrize("file", REAL)
def test_every_cell_of_a_thousand_squared_is_what_scipy_finds(real_roads, file):
    network = real_roads(file).without_turns()
    graph = network.search_graph
    places = np.random.default_rng(3).choice(len(graph.xy_m), 1000, replace=False)
    expected = by_scipy(graph, places)
    packed = by_sweep(weighted_hierarchy_of(network), alone(places), alone(places))
    found = np.where(packed < ABSENT, packed >> 32, np.inf)
    assert np.array_equal(found, expected)
    assert np.isfinite(found).mean() > 0.8


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "file",
    REAL,
)
@pytest.mark.parametrize("has_turns", [False, True])
def test_equals_dijkstra_on_real_roads(real_roads, file, has_turns):
    network = real_roads(file)
    network = network if has_turns else network.without_turns()
    graph = network.search_graph
    rng = np.random.default_rng(6)
    origins = alone(np.sort(rng.choice(len(graph.xy_m), 60, replace=False)))
    destinations = alone(np.sort(rng.choice(len(graph.xy_m), 500, replace=False)))
    expected = np.empty((60, 500), np.int64)
    dijkstra_rows(graph.as_tuple, origins, destinations, ABSENT - 1, expected)
    found = by_sweep(weighted_hierarchy_of(network), origins, destinations)
    assert (found == expected).all()
    assert (expected < ABSENT).mean() > 0.8
    assert hierarchy_of(network) is hierarchy_of(network)
