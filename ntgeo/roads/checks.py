"""What to know of a road network before trusting it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from ntgeo.roads.network import RoadNetwork

__all__ = ["NetworkChecks", "check_network", "uncovered_share"]

Bools = npt.NDArray[np.bool_]

_CONNECTED_ENOUGH: Final = 0.90
_COVERED_ENOUGH: Final = 0.02
_ABSURD_KPH: Final = 130.0
_FAR_M: Final = 1000.0
_SAMPLES_A_SIDE: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkChecks:
    """Counts and shares of a network.

    Args:
        junctions: How many.
        links: How many.
        length_km: Of all links.
        connected_share: Of that length, joined to the largest part, in one direction at least.
        one_way_share: Of the length, one-way.
        traps: Junctions that can be reached from that part, but not left for it.
        sources: Junctions that can be left for that part, but not reached from it.
        islands: Junctions joined to that part in neither way.
        zero_length: Links of no length.
        absurdly_fast: Links on which one would move at more than 130 km/h.
        unnamed_share: Of the length, without a name or number.
        dated: When the data left OSM; empty where unknown.
        findings: What deserves attention, as sentences.
    """

    junctions: int
    links: int
    length_km: float
    connected_share: float
    one_way_share: float
    traps: int
    sources: int
    islands: int
    zero_length: int
    absurdly_fast: int
    unnamed_share: float
    dated: str
    findings: tuple[str, ...]


def check_network(
    network: RoadNetwork, area: shapely.Polygon | shapely.MultiPolygon | None = None
) -> NetworkChecks:
    """Check a network.

    Args:
        network: The roads.
        area: The area it should cover, in the network's CRS.
    """
    length_m = shapely.length(network.lines)
    total_m = max(float(length_m.sum()), 1e-9)
    is_one_way = np.asarray((network.link_arcs < 0).any(axis=1), np.bool_)
    is_unnamed = np.array([not name for name in network.names], np.bool_)[network.links.name]
    reached, returning = _joined(network)
    inside = network.in_main_part
    fast = _absurdly_fast(network)
    is_joined = np.zeros(network.link_count, np.bool_)
    is_joined[network.arcs.link[(reached | returning)[network.arcs.tail]]] = True
    connected = float(length_m[is_joined].sum()) / total_m
    zero = int((length_m == 0).sum())
    traps = int((reached & ~returning & ~inside).sum())
    return NetworkChecks(
        junctions=network.junction_count,
        links=network.link_count,
        length_km=total_m / 1000,
        connected_share=connected,
        one_way_share=float(length_m[is_one_way].sum()) / total_m,
        traps=traps,
        sources=int((returning & ~reached & ~inside).sum()),
        islands=int((~reached & ~returning).sum()),
        zero_length=zero,
        absurdly_fast=fast,
        unnamed_share=float(length_m[is_unnamed].sum()) / total_m,
        dated=network.dated,
        findings=_findings(network, (connected, traps, zero, fast), area),
    )


def _findings(
    network: RoadNetwork,
    figures: tuple[float, int, int, int],
    area: shapely.Polygon | shapely.MultiPolygon | None,
) -> tuple[str, ...]:
    connected, traps, zero, fast = figures
    told = []
    if connected < _CONNECTED_ENOUGH:
        told.append(
            f"Only {connected:.0%} of the road length is connected; "
            "the extract may cut off a river crossing."
        )
    if traps:
        told.append(f"{traps:,} junctions can be reached but not left (one-way traps).")
    if zero:
        told.append(f"{zero:,} links have no length; they are kept and take no time.")
    if fast:
        told.append(f"On {fast:,} links one would move at more than {_ABSURD_KPH:g} km/h.")
    if area is not None:
        far = uncovered_share(network, area)
        if far == 1:
            told.append("The roads and the area do not overlap.")
        elif far > _COVERED_ENOUGH:
            told.append(f"{far:.0%} of the area is more than {_FAR_M / 1000:g} km from a road.")
    return (*told, *(f"{note}." for note in network.notes))


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


def _absurdly_fast(network: RoadNetwork) -> int:
    arcs = network.arcs
    moving_ms = np.maximum(arcs.time_ms.astype(float) - arcs.delay_ms, 1e-9)
    kph = arcs.length_cm * 36.0 / moving_ms
    return len(np.unique(arcs.link[(kph > _ABSURD_KPH) & (arcs.length_cm > 0)]))


def uncovered_share(
    network: RoadNetwork, area: shapely.Polygon | shapely.MultiPolygon, far_m: float = _FAR_M
) -> float:
    """Return the share of an area farther than ``far_m`` from every road, by an even sample."""
    west, south, east, north = area.bounds
    x, y = np.meshgrid(
        np.linspace(west, east, _SAMPLES_A_SIDE), np.linspace(south, north, _SAMPLES_A_SIDE)
    )
    sample = shapely.points(x.ravel(), y.ravel())
    sample = sample[shapely.contains(area, sample)]
    if len(sample) == 0:
        sample = np.array([area.representative_point()])
    near = network.main_tree.query_nearest(sample, max_distance=far_m, all_matches=False)
    return 1.0 - len(np.unique(near[0])) / len(sample)
