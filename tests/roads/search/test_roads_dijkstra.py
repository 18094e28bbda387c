import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from ntgeo.roads.search.dijkstra import ABSENT, dijkstra_rows, dijkstra_tree


@st.composite
def graphs(draw):
    """Few vertices, any arcs: one-ways, loops, parallels, zero costs, several components."""
    count = draw(st.integers(1, 14))
    vertex = st.integers(0, count - 1)
    arc = st.tuples(vertex, vertex, st.integers(0, 9), st.integers(0, 3))
    arcs = sorted(draw(st.lists(arc, max_size=40)))
    return count, arcs


def csr_of(count, arcs):
    tail = np.array([a[0] for a in arcs], np.int64)
    start = np.concatenate(([0], np.cumsum(np.bincount(tail, minlength=count)))).astype(np.int64)
    head = np.array([a[1] for a in arcs], np.int32)
    weight = np.array([(a[2] << 32) + a[3] for a in arcs], np.int64)
    return start, head, weight


def yardstick(count, arcs):
    """All packed costs by scipy, exact in float64 because the numbers are small."""
    least = {}
    for tail, head, ms, cm in arcs:
        key = (tail, head)
        least[key] = min(least.get(key, (99, 99)), (ms, cm))
    rows, columns = ([key[i] for key in least] for i in (0, 1))
    scaled = [ms * 1024 + cm for ms, cm in least.values()]
    # scipy drops a zero that is summed away, but keeps one that is stored
    graph = csr_array((np.array(scaled, float), (rows, columns)), shape=(count, count))
    found = dijkstra(graph, directed=True)
    packed = np.full((count, count), ABSENT, np.int64)
    known = np.isfinite(found)
    whole = found[known].astype(np.int64)
    packed[known] = ((whole >> 10) << 32) + (whole & 1023)
    return packed


def each_alone(count):
    every = np.arange(count + 1, dtype=np.int64)
    return every, np.arange(count, dtype=np.int32), np.zeros(count, np.int64)


@settings(max_examples=200, deadline=None)
@given(graphs())
def test_equals_scipy_on_any_graph(graph):
    count, arcs = graph
    out = np.empty((count, count), np.int64)
    dijkstra_rows(csr_of(count, arcs), each_alone(count), each_alone(count), ABSENT - 1, out)
    assert (out == yardstick(count, arcs)).all()


@settings(max_examples=60, deadline=None)
@given(graphs(), st.data())
def test_many_seeds_and_targets_take_the_best_pair(graph, data):
    count, arcs = graph
    entry = st.tuples(st.integers(0, count - 1), st.integers(0, 5 << 32))
    seeds = data.draw(st.lists(entry, min_size=1, max_size=4))
    targets = data.draw(st.lists(entry, min_size=1, max_size=4))
    out = np.empty((1, 1), np.int64)
    packs = [
        (
            np.array([0, len(part)], np.int64),
            np.array([vertex for vertex, _ in part], np.int32),
            np.array([cost for _, cost in part], np.int64),
        )
        for part in (seeds, targets)
    ]
    dijkstra_rows(csr_of(count, arcs), packs[0], packs[1], ABSENT - 1, out)
    full = yardstick(count, arcs)
    best = min(a + full[u, v] + b for u, a in seeds for v, b in targets)
    assert out[0, 0] == min(best, ABSENT)


@settings(max_examples=60, deadline=None)
@given(graphs(), st.integers(0, 20))
def test_a_limit_keeps_what_is_within_it_and_no_more(graph, limit):
    count, arcs = graph
    out = np.empty((count, count), np.int64)
    bound = (limit << 32) + 1023
    dijkstra_rows(csr_of(count, arcs), each_alone(count), each_alone(count), bound, out)
    full = yardstick(count, arcs)
    assert (out == np.where(full <= bound, full, ABSENT)).all()


def test_the_tree_leads_back_to_the_seed():
    arcs = [(0, 1, 5, 0), (0, 2, 1, 0), (2, 1, 1, 0)]
    start, head, weight = csr_of(3, arcs)
    is_target = np.array([False, True, False])
    cost, parent = dijkstra_tree(
        (start, head, weight), np.array([0], np.int32), np.zeros(1, np.int64), is_target, ABSENT - 1
    )
    assert (cost >> 32).tolist() == [0, 2, 1]
    assert parent.tolist() == [-1, 2, 1]
