"""Measure reading, preparing and many-to-many times on a road network, side by side with peers.

    python scripts/benchmarks/roads.py porto.osm.pbf --sizes 200,1000,3000 --peers scipy,networkx

Every engine gets the same graph and the same whole milliseconds, and every cell is compared with
scipy's Dijkstra. One JSON line an engine and size, then a table. Peers that are not installed are
named and left out. Compilation is done before the clock starts, on a small matrix.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ntgeo.domain.matrix import TravelMode
from ntgeo.roads import RoadNetwork, read_roads
from ntgeo.roads.engine import hierarchy_of
from ntgeo.roads.hierarchy import WeightedHierarchy, absent_of, build_hierarchy, customise
from ntgeo.roads.network import SearchGraph
from ntgeo.roads.sweep import LANES, select_targets, sweep_rows

Matrix = npt.NDArray[np.float64]
Vertices = npt.NDArray[np.int32]
Engine = Callable[[Vertices, Vertices], Matrix]

_MODULE_OF = {
    "scipy": "scipy",
    "networkx": "networkx",
    "igraph": "igraph",
    "routingkit": "routingkit_cch",
    "pandana": "pandana",
    "osrm": "osrm",
}
_SLOW_S = 2.0
_ROUNDS = 5
_SCIPY_ROWS = 50
_NETWORKX_MOST = 200


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """One line of the result."""

    engine: str
    network: str
    size: int
    wall_s: float
    cpu_s: float
    times_faster_than_scipy: float | None
    ns_per_cell: float
    max_abs_diff_s: float | None
    peak_mib: float


@dataclass(frozen=True)
class Clocked:
    """How long something took, and what came of it."""

    result: Matrix
    wall_s: float
    cpu_s: float
    peak_mib: float


def clock(work: Callable[[], Matrix]) -> Clocked:
    """Run once, four times more where that is quick; keep the least: the machine may be busy."""
    reset_peak()
    walls, cpus = [], []
    while not walls or (len(walls) < _ROUNDS and walls[0] < _SLOW_S):
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return Clocked(result, min(walls), min(cpus), peak_mib())


def reset_peak() -> None:
    """Let Linux forget the highest memory so far."""
    forget = Path("/proc/self/clear_refs")
    if forget.exists():
        forget.write_text("5", encoding="ascii")


def peak_mib() -> float:
    """Return the highest resident memory since :func:`reset_peak`."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def milliseconds(graph: SearchGraph) -> npt.NDArray[np.uint32]:
    """Return the whole milliseconds of each edge."""
    return (graph.weight >> 32).astype(np.uint32)


def swept(weighted: WeightedHierarchy, kind: type[np.generic], threads: int) -> Engine:
    """Return ntgeo's own engine."""

    def times(origins: Vertices, destinations: Vertices) -> Matrix:
        selection = select_targets(weighted, destinations)
        out = np.empty((len(origins), len(destinations)), kind)
        targets = (
            np.arange(len(destinations) + 1),
            destinations,
            np.zeros(len(destinations), kind),
        )
        step = -(-len(origins) // threads // LANES) * LANES or LANES

        def part(first: int) -> None:
            rows = origins[first : first + step]
            seeds = (np.arange(len(rows) + 1), rows, np.zeros(len(rows), kind))
            sweep_rows(weighted, selection, seeds, targets, out[first : first + step])

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(part, range(0, len(origins), step)))
        return out

    return times


def seconds(out: npt.NDArray[np.generic]) -> Matrix:
    """Return seconds from what an engine gave: milliseconds, packed costs or seconds."""
    if out.dtype == np.float64:
        return out
    whole = out if out.dtype == np.uint32 else out >> 32
    return np.where(out >= absent_of(out.dtype), np.inf, whole / 1000.0)


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
    cch = kit.CCH(order, tail, head, lambda _: None, False)  # noqa: FBT003 - its own signature
    metric = kit.CCHMetric(cch, milliseconds(graph).tolist())
    query = kit.CCHQuery(metric)

    def times(origins: Vertices, destinations: Vertices) -> Matrix:
        targets = destinations.tolist()
        rows = [query.run_one_to_many(origin, targets) for origin in origins.tolist()]
        found = np.array(rows, float)
        return np.where(found >= 2**31 - 1, np.inf, found / 1000.0)

    return times


_PEERS: dict[str, Callable[[SearchGraph], Engine]] = {
    "scipy": by_scipy,
    "networkx": by_networkx,
    "igraph": by_igraph,
    "routingkit": by_routingkit,
}


def prepare(name: str, network: RoadNetwork, graph: SearchGraph) -> dict[str, Engine]:
    """Build ntgeo's engines, telling how long each step takes."""
    hierarchy_of(network)  # compiles
    network.kept.clear()
    steps = {}
    begun = time.perf_counter()
    hierarchy = hierarchy_of(network)
    steps["order_and_shortcuts_s"] = time.perf_counter() - begun
    begun = time.perf_counter()
    build_hierarchy(graph.tail, graph.head, graph.xy_m, rank=hierarchy.rank)
    steps["shortcuts_s"] = time.perf_counter() - begun
    customise(hierarchy, milliseconds(graph))
    begun = time.perf_counter()
    quick = customise(hierarchy, milliseconds(graph))
    steps["customise_s"] = time.perf_counter() - begun
    customise(hierarchy, graph.weight)
    begun = time.perf_counter()
    both = customise(hierarchy, graph.weight)
    steps["customise_with_lengths_s"] = time.perf_counter() - begun
    told = {"network": name, "vertices": len(graph.xy_m), "edges": len(graph.head)}
    told["shortcuts"] = len(hierarchy.head)
    print(json.dumps(told | {key: round(value, 4) for key, value in steps.items()}), flush=True)
    return {
        "ntgeo": swept(quick, np.uint32, 1),
        "ntgeo, 2 threads": swept(quick, np.uint32, 2),
        "ntgeo with lengths": swept(both, np.int64, 1),
    }


def measure(
    name: str, graph: SearchGraph, engines: dict[str, Engine], sizes: list[int], seed: int
) -> list[Measurement]:
    """Measure all engines on the same random places; scipy first, for it checks the others."""
    rng = np.random.default_rng(seed)
    found = []
    for engine in engines.values():
        engine(np.arange(2, dtype=np.int32), np.arange(2, dtype=np.int32))
    for size in sizes:
        places = rng.choice(len(graph.xy_m), min(size, len(graph.xy_m)), replace=False)
        places = places.astype(np.int32)
        truth: Clocked | None = None
        for engine, times in engines.items():
            if engine == "networkx" and size > _NETWORKX_MOST:
                continue
            clocked = clock(partial(times, places, places))
            truth = clocked if engine == "scipy" else truth
            found.append(compared(name, engine, clocked, truth))
            print(json.dumps(asdict(found[-1])), flush=True)
    return found


def compared(name: str, engine: str, clocked: Clocked, truth: Clocked | None) -> Measurement:
    """Compare every cell with scipy's."""
    rows, columns = clocked.result.shape
    difference, faster = None, None
    if truth is not None:
        ours, theirs = seconds(clocked.result), seconds(truth.result)
        same = (ours == theirs) | (np.isinf(ours) & np.isinf(theirs))
        gap = np.abs(np.where(same, 0.0, ours) - np.where(same, 0.0, theirs))
        difference = float(gap.max(initial=0.0))
        faster = round(truth.wall_s / clocked.wall_s, 2)
    return Measurement(
        engine=engine,
        network=name,
        size=rows,
        wall_s=round(clocked.wall_s, 5),
        cpu_s=round(clocked.cpu_s, 5),
        times_faster_than_scipy=faster,
        ns_per_cell=round(1e9 * clocked.wall_s / max(rows * columns, 1), 1),
        max_abs_diff_s=difference,
        peak_mib=round(clocked.peak_mib, 1),
    )


def cells(line: Measurement) -> tuple[str, ...]:
    """Write a measurement as a row of the table."""
    faster, off = line.times_faster_than_scipy, line.max_abs_diff_s
    return (
        line.network,
        line.engine,
        f"{line.size:,}",
        f"{line.wall_s:.4f}",
        f"{line.cpu_s:.4f}",
        "" if faster is None else f"{faster:g}",
        f"{line.ns_per_cell:.1f}",
        "" if off is None else f"{off:g}",
        f"{line.peak_mib:.0f}",
    )


def show(found: list[Measurement]) -> None:
    """Print a table for people."""
    heads = (
        "network",
        "engine",
        "size",
        "wall s",
        "cpu s",
        "× scipy",
        "ns/cell",
        "off by s",
        "MiB",
    )
    lines = [heads, *(cells(line) for line in found)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)))


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("network", type=Path)
    parser.add_argument("--mode", type=TravelMode, default=TravelMode.CAR)
    parser.add_argument("--sizes", default="200,1000,3000")
    parser.add_argument("--peers", default="scipy")
    parser.add_argument("--turns", action="store_true", help="measure the graph of turns too")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def main() -> int:
    """Run the benchmark."""
    options = read_options()
    sizes = [int(size) for size in options.sizes.split(",")]
    begun, cpu = time.perf_counter(), time.process_time()
    network = read_roads(options.network, mode=options.mode)
    load = {"load_s": time.perf_counter() - begun, "load_cpu_s": time.process_time() - cpu}
    load["peak_mib"] = peak_mib()
    print(json.dumps({key: round(value, 3) for key, value in load.items()}), flush=True)
    found: list[Measurement] = []
    for suffix, roads in (("", network.without_turns()), (" with turns", network)):
        if suffix and not (options.turns and network.turns is not None):
            continue
        name, graph = options.network.stem.removesuffix(".osm") + suffix, roads.search_graph
        engines: dict[str, Engine] = {}
        for peer in [part for part in options.peers.split(",") if part]:
            if peer not in _PEERS or importlib.util.find_spec(_MODULE_OF[peer]) is None:
                print(json.dumps({"engine": peer, "left_out": "not installed, or not known here"}))
            else:
                engines[peer] = _PEERS[peer](graph)
        found += measure(name, graph, engines | prepare(name, roads, graph), sizes, options.seed)
    show(found)
    return int(any(line.max_abs_diff_s for line in found))


if __name__ == "__main__":
    sys.exit(main())
