"""Measure reading, preparing and many-to-many times on a road network, side by side with peers.

    python scripts/benchmarks/roads.py porto.osm.pbf --sizes 200,1000,3000 --peers scipy,osrm

Peers are scipy, networkx, igraph, osrm, pandana and routingkit, and osmnx for loading.

All on one core, in one run. Every engine gets the same graph and the same whole milliseconds, and
every cell is compared with scipy's Dijkstra (without scipy among the peers, the cells of twenty
origins). One JSON line a step, and one an engine and size; then tables. Peers that are not
installed are named and left out. Compilation, which is kept between runs, is done before the clock
starts, on a small matrix; loading is timed in a process of its own, from its start.

``ntgeo`` is the search behind ``travel_times``: times and the lengths along the fastest ways in one
pass. Its peers find times only.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from clocks import Clocked, clock, use_cores
from roads_growth import grown, measure_blocks
from roads_loading import measure_loading
from roads_peers import Engine, Matrix, Vertices, build_peers, by_scipy, is_too_slow

from ntgeo.domain.matrix import TravelMode
from ntgeo.roads import read_roads
from ntgeo.roads.network import RoadNetwork, SearchGraph
from ntgeo.roads.search.dijkstra import ABSENT
from ntgeo.roads.search.engine import search_ranks
from ntgeo.roads.search.hierarchy import WeightedHierarchy, build_hierarchy, customise
from ntgeo.roads.search.ordering import contraction_ranks
from ntgeo.roads.search.sweep import select_targets, sweep_rows
from ntgeo.roads.search.threads import BLOCK_ROWS

_CHECKED_ROWS = 20


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
    max_abs_diff_s: float
    peak_mib: float


def swept(weighted: WeightedHierarchy, threads: int) -> Engine:
    """Return ntgeo's own engine."""

    def times(origins: Vertices, destinations: Vertices) -> Matrix:
        selection = select_targets(weighted, destinations)
        out = np.empty((len(origins), len(destinations)), np.int64)
        nothing = np.zeros(len(destinations), np.int64)
        targets = (np.arange(len(destinations) + 1), destinations, nothing)

        def part(first: int) -> None:
            rows = origins[first : first + BLOCK_ROWS]
            seeds = (np.arange(len(rows) + 1), rows, np.zeros(len(rows), np.int64))
            sweep_rows(weighted, selection, seeds, targets, out[first : first + BLOCK_ROWS])

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(part, range(0, len(origins), BLOCK_ROWS)))
        return out

    return times


def seconds(out: npt.NDArray[np.generic]) -> Matrix:
    """Return seconds from what an engine gave: packed costs or seconds."""
    if out.dtype == np.int64:
        return np.where(out >= ABSENT, np.inf, (out >> 32) / 1000.0)
    return np.where(np.isnan(out), np.inf, out)


def ranked_anew(network: RoadNetwork) -> Vertices:
    """Return the ranks of a network, which keeps none."""
    return search_ranks(replace(network))


def prepare(name: str, graph: SearchGraph, ranks: Callable[[], Vertices]) -> dict[str, Engine]:
    """Build ntgeo's engines, telling how long each step takes."""
    edges = (graph.tail, graph.head, graph.xy_m)
    customise(build_hierarchy(*edges, rank=ranks()), graph.weight)  # compiles
    order = clock(ranks)
    shortcuts = clock(lambda: build_hierarchy(*edges, rank=order.result))
    customised = clock(lambda: customise(shortcuts.result, graph.weight))
    told = {
        "step": "prepare",
        "engine": "ntgeo",
        "network": name,
        "vertices": len(graph.xy_m),
        "edges": len(graph.head),
        "shortcuts": len(shortcuts.result.head),
        "order_s": round(order.wall_s, 4),
        "shortcuts_s": round(shortcuts.wall_s, 4),
        "customise_s": round(customised.wall_s, 4),
    }
    print(json.dumps(told), flush=True)
    weighted = customised.result
    return {"ntgeo": swept(weighted, 1), "ntgeo, 2 threads": swept(weighted, 2)}


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
        scipy: Clocked[Matrix] | None = None
        truth = np.empty(0)
        for engine, times in engines.items():
            if is_too_slow(engine, size):
                print(json.dumps({"engine": engine, "size": size, "left_out": "too slow"}))
                continue
            use_cores(2 if "threads" in engine else 1)
            clocked = clock(partial(times, places, places))
            scipy = clocked if engine == "scipy" else scipy
            if not truth.size:
                rows = places if scipy else places[:_CHECKED_ROWS]
                truth = seconds(scipy.result if scipy else by_scipy(graph)(rows, places))
            found.append(compared((name, engine), clocked, truth, scipy))
            print(json.dumps(asdict(found[-1])), flush=True)
    return found


def compared(
    names: tuple[str, str],
    clocked: Clocked[Matrix],
    truth: Matrix,
    scipy: Clocked[Matrix] | None,
) -> Measurement:
    """Compare the cells that scipy reckoned too."""
    rows, columns = clocked.result.shape
    ours = seconds(clocked.result[: len(truth)])
    same = (ours == truth) | (np.isinf(ours) & np.isinf(truth))
    gap = np.abs(np.where(same, 0.0, ours) - np.where(same, 0.0, truth))
    return Measurement(
        network=names[0],
        engine=names[1],
        size=rows,
        wall_s=round(clocked.wall_s, 5),
        cpu_s=round(clocked.cpu_s, 5),
        times_faster_than_scipy=None if scipy is None else round(scipy.wall_s / clocked.wall_s, 2),
        ns_per_cell=round(1e9 * clocked.wall_s / max(rows * columns, 1), 1),
        max_abs_diff_s=float(gap.max(initial=0.0)),
        peak_mib=round(clocked.peak_mib, 1),
    )


def cells(line: Measurement) -> tuple[str, ...]:
    """Write a measurement as a row of the table."""
    faster = line.times_faster_than_scipy
    return (
        line.network,
        line.engine,
        f"{line.size:,}",
        f"{line.wall_s:.4f}",
        f"{line.cpu_s:.4f}",
        "" if faster is None else f"{faster:g}",
        f"{line.ns_per_cell:.1f}",
        f"{line.max_abs_diff_s:g}",
        f"{line.peak_mib:.0f}",
    )


def show(lines: list[tuple[str, ...]]) -> None:
    """Print a table for people."""
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    print()
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
    parser.add_argument("--grow", default="", help="copies to join, such as 4,25; without peers")
    parser.add_argument("--blocks", type=int, default=0, help="write so many × so many to disk")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def main() -> int:
    """Run the benchmark."""
    options = read_options()
    use_cores(1)
    sizes = [int(size) for size in options.sizes.split(",")]
    peers = [peer for peer in options.peers.split(",") if peer]
    name = options.network.stem.removesuffix(".osm")
    loading = measure_loading(options.network, options.mode, has_osmnx="osmnx" in peers)
    network = read_roads(options.network, mode=options.mode)
    plain = network.without_turns()
    asked = [(name, plain.search_graph, partial(ranked_anew, plain))]
    if options.turns and network.turns is not None:
        asked.append((f"{name} with turns", network.search_graph, partial(ranked_anew, network)))
    for copies in [int(copies) for copies in options.grow.split(",") if copies]:
        graph = grown(plain.search_graph, copies)
        ranks = partial(contraction_ranks, graph.tail, graph.head, graph.xy_m)
        asked.append((f"{name} × {copies}", graph, ranks))
    found: list[Measurement] = []
    for title, graph, ranks in asked:
        is_grown = len(graph.xy_m) > len(network.search_graph.xy_m)  # peers take hours to prepare
        engines = {} if is_grown else build_peers(peers, graph, network.epsg)
        engines |= prepare(title, graph, ranks)
        found += measure(title, graph, engines, sizes, options.seed)
    show([("loading", "wall s", "cpu s", "peak MiB"), *loading])
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
    show([heads, *(cells(line) for line in found)])
    if options.blocks:
        use_cores(2)
        measure_blocks(network, options.blocks, options.seed)
    return int(any(line.max_abs_diff_s for line in found if line.engine.startswith("ntgeo")))


if __name__ == "__main__":
    sys.exit(main())
