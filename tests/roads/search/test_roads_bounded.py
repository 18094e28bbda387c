import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ntgeo.roads.search.bounded import bounded_pairs, goals_of
from ntgeo.roads.search.dijkstra import ABSENT, dijkstra_rows
from ntgeo.roads.search.entries import Entries


@st.composite
def graphs(draw):
    """Few vertices, any arcs: one-ways, loops, parallels, zero costs, several components."""
    count = draw(st.integers(1, 14))
    vertex = st.integers(0, count - 1)
    arcs = sorted(
        draw(st.lists(st.tuples(vertex, vertex, st.integers(0, 9), st.integers(0, 3)), max_size=40))
    )
    tail, head, ms, cm = np.array(arcs, np.int64).reshape(-1, 4).T
    start = np.concatenate(([0], np.cumsum(np.bincount(tail, minlength=count)))).astype(np.int64)
    return start, head.astype(np.int32), (ms << 32) + cm


@st.composite
def entries(draw, count, least=0):
    entry = st.tuples(st.integers(0, count - 1), st.integers(least, 4))
    lists = draw(st.lists(st.lists(entry, max_size=3), min_size=1, max_size=8))
    flat = [pair for part in lists for pair in part]
    return Entries(
        start=np.concatenate(([0], np.cumsum([len(part) for part in lists]))).astype(np.int64),
        vertex=np.array([vertex for vertex, _ in flat], np.int32),
        cost=np.array([ms << 32 for _, ms in flat], np.int64),
        arc=np.full(len(flat), -1),
    )


def nearest_of(costs, limit, most):
    """Return (destination, cost) of the nearest, by sorting them all."""
    ranked = sorted((cost, number) for number, cost in enumerate(costs) if cost <= limit)
    return [(number, cost) for cost, number in ranked[:most]]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_equals_the_dense_matrix_filtered(data):
    graph = data.draw(graphs())
    vertices = len(graph[0]) - 1
    leaving, arriving = data.draw(entries(vertices)), data.draw(entries(vertices, least=-2))
    rows, columns = len(leaving.start) - 1, len(arriving.start) - 1
    dense = np.empty((rows, columns), np.int64)
    dijkstra_rows(graph, leaving.as_tuple, arriving.as_tuple, ABSENT - 1, dense)
    pair = st.tuples(st.integers(0, rows - 1), st.integers(0, columns - 1), st.integers(0, 9))
    pairs = sorted(data.draw(st.lists(pair, max_size=6)))
    for row, column, ms in pairs:
        dense[row, column] = min(dense[row, column], ms << 32)
    known = (
        np.searchsorted([row for row, _, _ in pairs], np.arange(rows + 1)),
        np.array([column for _, column, _ in pairs], np.int64),
        np.array([ms << 32 for _, _, ms in pairs], np.int64),
    )
    limit = data.draw(st.sampled_from([0, 5 << 32, 12 << 32, ABSENT - 1]))
    most = data.draw(st.integers(1, 9))
    goals = goals_of(arriving, vertices)
    found = bounded_pairs(graph, leaving, goals, known, limit=limit, most=most)
    for row in range(rows):
        part = slice(found.start[row], found.start[row + 1])
        told = list(zip(found.destination[part].tolist(), found.cost[part].tolist(), strict=True))
        assert told == nearest_of(dense[row].tolist(), limit, most)


def test_a_search_touches_no_more_than_it_must():
    """A road of 10,000 junctions, 1 ms apart: ten are within 9 ms."""
    count = 10_000
    start = np.minimum(np.arange(count + 1), count - 1).astype(np.int64)
    graph = (start, np.arange(1, count, dtype=np.int32), np.full(count - 1, 1 << 32))
    every = Entries(
        start=np.arange(count + 1),
        vertex=np.arange(count, dtype=np.int32),
        cost=np.zeros(count, np.int64),
        arc=np.full(count, -1),
    )
    goals, few = goals_of(every, count), every.rows(0, 50)
    nothing = (np.zeros(51, np.int64), np.empty(0, np.int64), np.empty(0, np.int64))
    within = bounded_pairs(graph, few, goals, nothing, limit=9 << 32, most=count)
    assert (np.diff(within.start) == 10).all()
    assert within.settled == 50 * 10
    nearest = bounded_pairs(graph, few, goals, nothing, limit=ABSENT - 1, most=3)
    assert nearest.destination.reshape(50, 3).tolist() == [[i, i + 1, i + 2] for i in range(50)]
    assert nearest.settled == 50 * 3


def test_without_destinations_nothing_is_found():
    graph = (np.array([0, 1, 1]), np.array([1], np.int32), np.array([1 << 32]))
    here = Entries(
        start=np.array([0, 1]),
        vertex=np.zeros(1, np.int32),
        cost=np.zeros(1, np.int64),
        arc=np.array([-1]),
    )
    nobody = Entries(
        start=np.zeros(1, np.int64),
        vertex=np.empty(0, np.int32),
        cost=np.empty(0, np.int64),
        arc=np.empty(0, np.int64),
    )
    nothing = (np.zeros(2, np.int64), np.empty(0, np.int64), np.empty(0, np.int64))
    found = bounded_pairs(graph, here, goals_of(nobody, 2), nothing, limit=ABSENT - 1, most=5)
    assert found.start.tolist() == [0, 0]
    assert found.settled == 2
