"""Which search fills a matrix: plain Dijkstra for little work, the hierarchy for much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.search.dijkstra import ABSENT, dijkstra_rows
from ntgeo.roads.search.entries import Entries
from ntgeo.roads.search.hierarchy import Hierarchy, WeightedHierarchy, build_hierarchy, customise
from ntgeo.roads.search.ordering import contraction_ranks
from ntgeo.roads.search.sweep import Selection, select_targets, sweep_rows

__all__ = [
    "RowSearch",
    "hierarchy_of",
    "junction_ranks",
    "prepare",
    "row_search",
    "search_ranks",
    "share_hierarchy",
    "weighted_hierarchy_of",
]

Longs = npt.NDArray[np.int64]
Ints = npt.NDArray[np.int32]

_MANY_ORIGINS: Final = 40
"""From so many origins on, a hierarchy costs less than Dijkstra, whatever the network: measured on
Cambridge, Newport and Porto with turns, it pays from 20 to 40."""
_MUCH_WORK: Final = 3_000_000
"""Origins × vertices below which Dijkstra is done in half a second, so that nothing is prepared."""


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
    vertices = len(network.search_graph.xy_m)
    return origins >= _MANY_ORIGINS and origins * vertices >= _MUCH_WORK


def prepare(network: RoadNetwork) -> None:
    """Prepare a network for large matrices now rather than at the first one."""
    weighted_hierarchy_of(network)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RowSearch:
    """What finds the rows of a matrix; only arrays, so that other processes can be given it.

    Args:
        weighted: The hierarchy; ``None`` where plain Dijkstra is quicker.
        selection: Of the hierarchy, for the destinations.
        graph: Edges for Dijkstra, as :attr:`SearchGraph.as_tuple`; empty beside a hierarchy.
        arriving: Where destinations are left.
    """

    weighted: WeightedHierarchy | None
    selection: Selection | None
    graph: tuple[Longs, Ints, Longs]
    arriving: Entries

    def rows(self, leaving: Entries) -> Longs:
        """Return the packed costs, (origins, destinations), from where origins enter the graph."""
        shape = (len(leaving.start) - 1, len(self.arriving.start) - 1)
        packed = np.empty(shape, np.int64)
        entries = (leaving.as_tuple, self.arriving.as_tuple)
        if self.weighted is None or self.selection is None:
            dijkstra_rows(self.graph, *entries, ABSENT - 1, packed)
        else:
            sweep_rows(self.weighted, self.selection, *entries, packed)
        return packed


def row_search(network: RoadNetwork, arriving: Entries, origins: int) -> RowSearch:
    """Return what finds the rows of a matrix.

    Args:
        network: The roads.
        arriving: Where destinations are left.
        origins: How many rows there will be in all.
    """
    graph = network.search_graph.as_tuple
    if not _is_much(network, origins) and "hierarchy" not in network.kept:
        return RowSearch(weighted=None, selection=None, graph=graph, arriving=arriving)
    weighted = weighted_hierarchy_of(network)
    nothing = (graph[0][:1], graph[1][:0], graph[2][:0])
    selection = select_targets(weighted, arriving.vertex)
    return RowSearch(weighted=weighted, selection=selection, graph=nothing, arriving=arriving)
