"""Parts of a network that cannot be reached, or not be left, from its largest part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.roads.network import RoadNetwork

__all__ = ["LooseParts", "find_loose_parts"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

_SHOWN: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseParts:
    """Junctions outside the largest part, and the roads by which to find them.

    Args:
        connected_share: Of the road length, joined to the largest part in one direction at least.
        traps: Junctions that can be reached from that part, but not left for it.
        sources: Junctions that can be left for that part, but not reached from it.
        islands: Junctions joined to it in neither way.
        trap_ways: OSM id of a way of each of the five longest traps, the longest first.
        source_ways: The same of the sources.
        isles: The same of the islands.
    """

    connected_share: float
    traps: int
    sources: int
    islands: int
    trap_ways: tuple[int, ...]
    source_ways: tuple[int, ...]
    isles: tuple[int, ...]


def find_loose_parts(network: RoadNetwork, length_m: Floats) -> LooseParts:
    """Find them.

    Args:
        network: The roads.
        length_m: (links,) metres.
    """
    reached, returning = _joined(network)
    inside = network.in_main_part
    is_trap = reached & ~returning & ~inside
    is_source = returning & ~reached & ~inside
    is_island = ~reached & ~returning
    is_joined = np.zeros(network.link_count, np.bool_)
    is_joined[network.arcs.link[(reached | returning)[network.arcs.tail]]] = True
    return LooseParts(
        connected_share=float(length_m[is_joined].sum()) / max(float(length_m.sum()), 1e-9),
        traps=int(is_trap.sum()),
        sources=int(is_source.sum()),
        islands=int(is_island.sum()),
        trap_ways=_longest(network, is_trap, length_m),
        source_ways=_longest(network, is_source, length_m),
        isles=_longest(network, is_island, length_m),
    )


def _joined(network: RoadNetwork) -> tuple[Bools, Bools]:
    """Return the junctions reached from the main part, and those from which it is reached."""
    from scipy.sparse import csr_array  # noqa: PLC0415 - only here
    from scipy.sparse.csgraph import breadth_first_order  # noqa: PLC0415 - only here

    count = network.junction_count
    ends = (network.arcs.tail[network.is_open], network.arcs.head[network.is_open])
    graph = csr_array((np.ones(len(ends[0])), ends), shape=(count, count))
    root = int(np.argmax(network.in_main_part))
    sides = []
    for matrix in (graph, graph.T.tocsr()):
        found = breadth_first_order(matrix, root, return_predecessors=False)
        side = np.zeros(count, np.bool_)
        side[found] = True
        sides.append(side)
    return sides[0], sides[1]


def _longest(network: RoadNetwork, is_loose: Bools, length_m: Floats) -> tuple[int, ...]:
    """Return, for each of the longest pieces of loose road, the way of its longest link."""
    from scipy.sparse import csr_array  # noqa: PLC0415 - only here
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 - only here

    arcs, count = network.arcs, network.junction_count
    both = is_loose[arcs.tail] & is_loose[arcs.head]
    ends = (arcs.tail[both], arcs.head[both])
    graph = csr_array((np.ones(len(ends[0])), ends), shape=(count, count))
    _, piece_of = connected_components(graph, directed=False)
    touching = np.flatnonzero(is_loose[arcs.tail] | is_loose[arcs.head])
    loose_end = np.where(is_loose[arcs.head], arcs.head, arcs.tail)[touching]
    pairs = np.column_stack([piece_of[loose_end], arcs.link[touching]])
    piece, link = np.unique(pairs, axis=0).T if len(pairs) else pairs.T
    total_m = np.bincount(piece, length_m[link])
    order = np.lexsort((-length_m[link], piece, -total_m[piece]))
    first = np.sort(np.unique(piece[order], return_index=True)[1])[:_SHOWN]
    return tuple(network.links.first_way[link[order[first]]].tolist())
