"""The peers that ``roads.py`` measures ntgeo against; each gets the same graph and milliseconds."""

from __future__ import annotations

import importlib.util
import json
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ntgeo.roads.network import SearchGraph

Matrix = npt.NDArray[np.float64]
Vertices = npt.NDArray[np.int32]
Engine = Callable[[Vertices, Vertices], Matrix]

_SCIPY_ROWS = 50
_PANDANA_NO_WAY = 4_000_000
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


def by_pandana(graph: SearchGraph) -> Engine:
    """Return pandana's contraction hierarchy, which is asked pair by pair."""
    import pandana  # noqa: PLC0415 - a peer
    import pandas as pd  # noqa: PLC0415 - as pandana takes edges

    x, y = pd.Series(graph.xy_m[:, 0]), pd.Series(graph.xy_m[:, 1])
    weights = pd.DataFrame({"ms": milliseconds(graph).astype(float)})
    roads = pandana.Network(
        x, y, pd.Series(graph.tail), pd.Series(graph.head), weights, twoway=False
    )

    def times(origins: Vertices, destinations: Vertices) -> Matrix:
        starts = np.repeat(origins, len(destinations))
        ends = np.tile(destinations, len(origins))
        found = np.array(roads.shortest_path_lengths(starts, ends))
        found[found > _PANDANA_NO_WAY] = np.inf
        return found.reshape(len(origins), len(destinations)) / 1000.0

    return times


def by_osrm(graph: SearchGraph, epsg: int) -> Engine:
    """Return OSRM's table over its contraction hierarchy."""
    from roads_osrm import OsrmTable  # noqa: PLC0415 - a peer

    return OsrmTable(graph, milliseconds(graph), epsg)


_PEERS: dict[str, Callable[[SearchGraph], Engine]] = {
    "scipy": by_scipy,
    "networkx": by_networkx,
    "igraph": by_igraph,
    "routingkit": by_routingkit,
    "pandana": by_pandana,
}
_MOST: dict[str, int] = {"networkx": 200, "pandana": 1000}
"""Sizes beyond which an engine takes minutes."""


def is_too_slow(peer: str, size: int) -> bool:
    """Tell whether a matrix of this size would keep everybody waiting."""
    return size > _MOST.get(peer, size)


def build_peers(names: list[str], graph: SearchGraph, epsg: int) -> dict[str, Engine]:
    """Build the peers that are installed, and name those that are not.

    Args:
        names: Of the peers; osmnx reads files only and is passed over here.
        graph: With coordinates in metres.
        epsg: Their CRS.
    """
    engines: dict[str, Engine] = {}
    for peer in names:
        if peer == "osmnx":
            continue
        if peer not in _MODULE_OF or importlib.util.find_spec(_MODULE_OF[peer]) is None:
            print(json.dumps({"engine": peer, "left_out": "not installed, or not known here"}))
        else:
            begun = time.perf_counter()
            engines[peer] = by_osrm(graph, epsg) if peer == "osrm" else _PEERS[peer](graph)
            took_s = round(time.perf_counter() - begun, 3)
            print(json.dumps({"step": "prepare", "engine": peer, "wall_s": took_s}), flush=True)
    return engines
