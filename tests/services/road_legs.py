"""The drive from stop to stop by SciPy's Dijkstra on the road graph, a search that is not ours."""

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.search.entries import arrivals, departures, direct_ways
from ntgeo.roads.search.snapping import snap_places

_MS = 1 << 32
"""A packed cost is time in ms times this, plus length in cm."""


def drive_s(network: RoadNetwork, locations: dict, legs: list[tuple[str, str]]) -> list[float]:
    """Return the seconds of each leg, from its first place to its second."""
    places = snap_places(network, locations)
    row_of = {place: row for row, place in enumerate(places.ids)}
    graph = network.search_graph
    vertices = len(graph.start) - 1
    is_way = graph.weight < np.iinfo(np.int64).max // 4
    time_ms = np.where(is_way, graph.weight // _MS, 1 << 40).astype(float)
    roads = csr_matrix((time_ms, graph.head, graph.start), shape=(vertices, vertices))
    out, into = departures(network, places), arrivals(network, places)
    direct = direct_ways(network, places, places)
    along = {}
    for origin, end, cost in zip(direct.origin, direct.destination, direct.cost, strict=True):
        along[origin, end] = min(cost / _MS, along.get((origin, end), np.inf))
    told = []
    for first, second in legs:
        one, two = row_of[first], row_of[second]
        leaves = slice(out.start[one], out.start[one + 1])
        reaches = slice(into.start[two], into.start[two + 1])
        ahead = dijkstra(roads, indices=out.vertex[leaves])[:, into.vertex[reaches]]
        costs = out.cost[leaves, None] / _MS + ahead + into.cost[None, reaches] / _MS
        told.append(min(costs.min(initial=np.inf), along.get((one, two), np.inf)) / 1000)
    return told
