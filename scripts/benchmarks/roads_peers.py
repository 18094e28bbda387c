"""The peers that ``roads.py`` measures ntgeo against; each gets the same graph and milliseconds."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ntgeo.roads.network import SearchGraph

Matrix = npt.NDArray[np.float64]
Vertices = npt.NDArray[np.int32]
Engine = Callable[[Vertices, Vertices], Matrix]

_SCIPY_ROWS = 50
_MODULE_OF = {
    "scipy": "scipy",
    "networkx": "networkx",
    "igraph": "igraph",
    "routingkit": "routingkit_cch",
    "pandana": "pandana",
    "osrm": "osrm",
}


def milliseconds(graph: SearchGraph) -> npt.NDArray[np.uint32]:
    """Return the whole milliseconds of each edge."""
    return (graph.weight >> 32).astype(np.uint32)


def by_scipy(graph: SearchGraph) -> Engine:
    """Return scipy's Dijkstra, some origins at a time so that its rows fit in memory."""
    from scipy.sparse import csr_array  # noqa: PLC0415 - a peer
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415 - a peer

    count = len(graph.xy_m)
    order = np.lexsort((milliseconds(graph), graph.head, graph.tail))
    pair = graph.tail[order].astype(np.int64) * count + graph.head[order]
    first = order[np.unique(pair, return_index=True)[1]]  # scipy adds parallel edges up
    ends = (graph.tail[first], graph.head[first])
    matrix = csr_array((milliseconds(graph)[first].astype(float), ends), shape=(count, count))

    def times(origins: Vertices, destinations: Vertices) -> Matrix:
        rows = [
            dijkstra(matrix, indices=origins[at : at + _SCIPY_ROWS])[:, destinations]
            for at in range(0, len(origins), _SCIPY_ROWS)
        ]
        return np.vstack(rows) / 1000.0

    return times


def by_networkx(graph: SearchGraph) -> Engine:
    """Return networkx's Dijkstra; for small sizes only."""
    import networkx as nx  # noqa: PLC0415 - a peer

    roads = nx.MultiDiGraph()
    roads.add_nodes_from(range(len(graph.xy_m)))
    edges = zip(graph.tail.tolist(), graph.head.tolist(), milliseconds(graph).tolist(), strict=True)
    roads.add_weighted_edges_from(edges)

    def times(origins: Vertices, destinations: Vertices) -> Matrix:
        rows = []
        for origin in origins.tolist():
            found = nx.single_source_dijkstra_path_length(roads, origin)
            rows.append([found.get(place, np.inf) for place in destinations.tolist()])
        return np.array(rows) / 1000.0

    return times


def by_igraph(graph: SearchGraph) -> Engine:
    """Return igraph's Dijkstra."""
    import igraph  # noqa: PLC0415 - a peer

    edges = np.column_stack([graph.tail, graph.head])
    roads = igraph.Graph(len(graph.xy_m), edges, directed=True)
    weights = milliseconds(graph).tolist()
    return lambda origins, destinations: (
        np.array(roads.distances(origins.tolist(), destinations.tolist(), weights=weights)) / 1000.0
    )


def by_routingkit(graph: SearchGraph) -> Engine:
    """Return the one-to-many of routingkit-cch, in its own order."""
    import routingkit_cch as kit  # noqa: PLC0415 - a peer

    tail, head = graph.tail.tolist(), graph.head.tolist()
    x, y = graph.xy_m.T.tolist()
    order = kit.compute_order_inertial(len(graph.xy_m), tail, head, y, x)
    cch = kit.CCH(order, tail, head, False)  # noqa: FBT003 - its own signature
    metric = kit.CCHMetric(cch, milliseconds(graph).tolist())

    def times(origins: Vertices, destinations: Vertices) -> Matrix:
        query = kit.CCHOneToMany(metric, destinations.tolist())
        rows = [query.distances_from(origin) for origin in origins.tolist()]
        return np.array(rows, float) / 1000.0  # None becomes NaN

    return times


_PEERS: dict[str, Callable[[SearchGraph], Engine]] = {
    "scipy": by_scipy,
    "networkx": by_networkx,
    "igraph": by_igraph,
    "routingkit": by_routingkit,
}


def build_peers(names: list[str], graph: SearchGraph) -> dict[str, Engine]:
    """Build the peers that are installed, and name those that are not."""
    engines: dict[str, Engine] = {}
    for peer in filter(None, names):
        if peer not in _PEERS or importlib.util.find_spec(_MODULE_OF[peer]) is None:
            print(json.dumps({"engine": peer, "left_out": "not installed, or not known here"}))
        else:
            engines[peer] = _PEERS[peer](graph)
    return engines
