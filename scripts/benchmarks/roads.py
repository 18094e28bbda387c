"""Measure reading, preparing and many-to-many times on a road network, side by side with peers.

    python scripts/benchmarks/roads.py porto.osm.pbf --sizes 200,1000,3000 --peers scipy,networkx

Every engine gets the same graph and the same whole milliseconds, and every cell is compared with
scipy's Dijkstra. One JSON line an engine and size, then a table. Peers that are not installed are
named and left out. Compilation is done before the clock starts, on a small matrix.
"""

from __future__ import annotations

import argparse
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
from roads_peers import Engine, Matrix, Vertices, build_peers, milliseconds

from ntgeo.domain.matrix import TravelMode
from ntgeo.roads import read_roads
from ntgeo.roads.engine import search_ranks
from ntgeo.roads.hierarchy import WeightedHierarchy, absent_of, build_hierarchy, customise
from ntgeo.roads.network import SearchGraph
from ntgeo.roads.ordering import contraction_ranks
from ntgeo.roads.sweep import LANES, select_targets, sweep_rows

_SLOW_S = 2.0
_ROUNDS = 5
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
        return np.where(np.isnan(out), np.inf, out)
    whole = out if out.dtype == np.uint32 else out >> 32
    return np.where(out >= absent_of(out.dtype), np.inf, whole / 1000.0)


def grown(graph: SearchGraph, copies: int) -> SearchGraph:
    """Return copies of a graph side by side, each joined to the next by a few roads of a minute."""
    count = len(graph.xy_m)
    east, west = np.argsort(graph.xy_m[:, 0])[[-1, -40, -80]], np.argsort(graph.xy_m[:, 0])[:3]
    shift = np.repeat(np.arange(copies), len(graph.head)) * count
    one = (np.arange(copies - 1)[:, None] * count + east).ravel()
    other = (np.arange(1, copies)[:, None] * count + west).ravel()
    tail = np.concatenate([np.tile(graph.tail, copies) + shift, one, other])
    head = np.concatenate([np.tile(graph.head, copies) + shift, other, one])
    joins = np.full(2 * len(one), (60_000 << 32) | 100_000)
    weight = np.concatenate([np.tile(graph.weight, copies), joins])
    order = np.lexsort((head, tail))
    wide = np.ptp(graph.xy_m[:, 0]) + 1000.0
    aside = np.repeat(np.arange(copies), count)[:, None] * (wide, 0.0)
    many = np.bincount(tail, minlength=copies * count)
    return SearchGraph(
        start=np.concatenate(([0], np.cumsum(many))),
        tail=tail[order].astype(np.int32),
        head=head[order].astype(np.int32),
        weight=weight[order],
        xy_m=np.tile(graph.xy_m, (copies, 1)) + aside,
    )


def prepare(name: str, graph: SearchGraph, ranks: Callable[[], Vertices]) -> dict[str, Engine]:
    """Build ntgeo's engines, telling how long each step takes."""
    build_hierarchy(graph.tail, graph.head, graph.xy_m, rank=ranks())  # compiles
    steps = {}
    begun = time.perf_counter()
    rank = ranks()
    steps["order_s"] = time.perf_counter() - begun
    begun = time.perf_counter()
    hierarchy = build_hierarchy(graph.tail, graph.head, graph.xy_m, rank=rank)
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
    parser.add_argument("--grow", default="", help="numbers of copies to join, such as 2,5")
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
    name = options.network.stem.removesuffix(".osm")
    plain = network.without_turns()
    asked = [(name, plain.search_graph, partial(search_ranks, plain))]
    if options.turns and network.turns is not None:
        ranks = partial(search_ranks, network)
        asked.append((f"{name} with turns", network.search_graph, ranks))
    for copies in [int(copies) for copies in options.grow.split(",") if copies]:
        graph = grown(plain.search_graph, copies)
        ranks = partial(contraction_ranks, graph.tail, graph.head, graph.xy_m)
        asked.append((f"{name} × {copies}", graph, ranks))
    found: list[Measurement] = []
    for title, graph, ranks in asked:
        engines = build_peers(options.peers.split(","), graph)
        engines |= prepare(title, graph, ranks)
        found += measure(title, graph, engines, sizes, options.seed)
    show(found)
    return int(any(line.max_abs_diff_s for line in found))


if __name__ == "__main__":
    sys.exit(main())
