"""Which search fills a matrix: plain Dijkstra for little work, the hierarchy for much."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.roads.dijkstra import ABSENT, dijkstra_rows
from ntgeo.roads.entries import Entries
from ntgeo.roads.hierarchy import Hierarchy, WeightedHierarchy, build_hierarchy, customise
from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.ordering import contraction_ranks
from ntgeo.roads.sweep import select_targets, sweep_rows

__all__ = [
    "RowFiller",
    "hierarchy_of",
    "junction_ranks",
    "prepare",
    "row_filler",
    "search_ranks",
    "share_hierarchy",
    "weighted_hierarchy_of",
]

Longs = npt.NDArray[np.int64]
RowFiller = Callable[[Entries, Longs], None]

_MUCH_WORK: Final = 20_000_000
"""Origins × vertices from which preparing a hierarchy pays."""


def hierarchy_of(network: RoadNetwork) -> Hierarchy:
    """Return the hierarchy of the network's search graph, built when first asked for."""
    known: Hierarchy | None = network.kept.get("hierarchy")
    if known is None:
        graph = network.search_graph
        known = build_hierarchy(graph.tail, graph.head, graph.xy_m, rank=search_ranks(network))
        network.kept["hierarchy"] = known
    return known


def junction_ranks(network: RoadNetwork) -> npt.NDArray[np.int32]:
    """Return the rank of each junction, found when first asked for."""
    known: npt.NDArray[np.int32] | None = network.kept.get("junction ranks")
    if known is None:
        arcs = network.arcs
        known = contraction_ranks(arcs.tail, arcs.head, network.junctions.xy_m)
        network.kept["junction ranks"] = known
    return known


def search_ranks(network: RoadNetwork) -> npt.NDArray[np.int32]:
    """Rank junctions; where turns count, rank arcs by the higher, then the lower, of their ends."""
    arcs = network.arcs
    rank = junction_ranks(network)
    if network.turns is None:
        return rank
    one, other = rank[arcs.tail], rank[arcs.head]
    order = np.lexsort((other, np.minimum(one, other), np.maximum(one, other)))
    arc_rank = np.empty(network.arc_count, np.int32)
    arc_rank[order] = np.arange(network.arc_count, dtype=np.int32)
    return arc_rank


def weighted_hierarchy_of(network: RoadNetwork) -> WeightedHierarchy:
    """Return the hierarchy with the network's own times and lengths."""
    known: WeightedHierarchy | None = network.kept.get("weighted hierarchy")
    if known is None:
        known = customise(hierarchy_of(network), network.search_graph.weight)
        network.kept["weighted hierarchy"] = known
    return known


def share_hierarchy(network: RoadNetwork, origins: int) -> None:
    """Build the hierarchy now if so many origins, of all changes of the network, will pay for it.

    What is made of the network later, such as other times of day, then shares it.
    """
    if _is_much(network, origins):
        hierarchy_of(network)


def _is_much(network: RoadNetwork, origins: int) -> bool:
    return origins * len(network.search_graph.xy_m) >= _MUCH_WORK


def prepare(network: RoadNetwork) -> None:
    """Prepare a network for large matrices now rather than at the first one."""
    weighted_hierarchy_of(network)


def row_filler(network: RoadNetwork, arriving: Entries, origins: int) -> RowFiller:
    """Return what fills the rows of a matrix, (origins, destinations) of packed costs.

    Args:
        network: The roads.
        arriving: Where destinations are left.
        origins: How many rows there will be in all.
    """
    graph = network.search_graph
    if not _is_much(network, origins) and "hierarchy" not in network.kept:
        return lambda rows, out: dijkstra_rows(
            graph.as_tuple, rows.as_tuple, arriving.as_tuple, ABSENT - 1, out
        )
    weighted = weighted_hierarchy_of(network)
    selection = select_targets(weighted, arriving.vertex)
    return lambda rows, out: sweep_rows(weighted, selection, rows.as_tuple, arriving.as_tuple, out)
