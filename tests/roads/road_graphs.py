"""Random road networks for properties, and their answers by plain Dijkstra."""

import numpy as np
from hypothesis import strategies as st

from ntgeo.domain.matrix import TravelMode
from ntgeo.roads.building.linking import FileFacts, LinkTable, assemble_network
from ntgeo.roads.building.turns import with_turns
from ntgeo.roads.search.dijkstra import ABSENT, dijkstra_rows
from ntgeo.roads.search.engine import weighted_hierarchy_of
from ntgeo.roads.search.sweep import select_targets, sweep_rows
from ntgeo.roads.speeds import read_speeds

FACTS = FileFacts(dated="", notes=(), tag_gaps=())
SPEEDS = read_speeds(TravelMode.CAR)


@st.composite
def networks(draw, *, has_turns):
    """One-ways, loops, parallel links, links of no length, several components."""
    count = draw(st.integers(2, 12))
    vertex = st.integers(0, count - 1)
    link = st.tuples(vertex, vertex, st.sampled_from([(1, 1), (1, 0), (0, 1)]))
    links = draw(st.lists(link, min_size=1, max_size=30))
    seed = draw(st.integers(0, 99))
    xy_m = 50.0 * np.random.default_rng(seed).integers(0, 9, (count, 2))
    first, last = (np.array([row[side] for row in links]) for side in (0, 1))
    ways = np.array([row[2] for row in links], bool)
    length_m = np.hypot(*(xy_m[last] - xy_m[first]).T)
    moving_ms = length_m * 100.0
    every = np.arange(len(links))
    table = LinkTable(
        junction_osm=np.arange(count) + 1,
        junction_xy_m=xy_m,
        has_stop=np.zeros(count, bool),
        first=first,
        last=last,
        point_start=2 * np.arange(len(links) + 1),
        xy_m=np.stack([xy_m[first], xy_m[last]], axis=1).reshape(-1, 2),
        group=every % 2,
        way_start=np.arange(len(links) + 1),
        way=every + 100,
        length_m=length_m,
        backward_length_m=length_m,
        forward_ms=np.where(ways[:, 0], moving_ms, np.nan),
        backward_ms=np.where(ways[:, 1], moving_ms, np.nan),
        forward_stop_ms=np.zeros(len(links), np.int64),
        backward_stop_ms=np.zeros(len(links), np.int64),
        has_own_time=np.zeros(len(links), bool),
    )
    groups = (("residential", ""), ("primary", "High Street"))
    network = assemble_network(table, SPEEDS, epsg=27700, groups=groups, facts=FACTS)
    return with_turns(network, (), SPEEDS) if has_turns else network


def alone(vertices):
    count = len(vertices)
    return (
        np.arange(count + 1, dtype=np.int64),
        np.asarray(vertices, np.int32),
        np.zeros(count, np.int64),
    )


def by_dijkstra(network, origins, destinations):
    """Packed costs between vertices of the search graph."""
    out = np.empty((len(origins), len(destinations)), np.int64)
    graph = network.search_graph
    dijkstra_rows(graph.as_tuple, alone(origins), alone(destinations), ABSENT - 1, out)
    return np.minimum(out, ABSENT)


def by_hierarchy(network, origins, destinations):
    """Return the same from the network's hierarchy."""
    out = np.empty((len(origins), len(destinations)), np.int64)
    weighted = weighted_hierarchy_of(network)
    selection = select_targets(weighted, np.asarray(destinations, np.int32))
    sweep_rows(weighted, selection, alone(origins), alone(destinations), out)
    return np.minimum(out, ABSENT)
