"""How time and memory grow: copies of a real network joined, and matrices larger than memory."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
from clocks import peak_mib, reset_peak

from ntgeo.domain.places import Location
from ntgeo.roads import RoadNetwork, write_times
from ntgeo.roads.network import SearchGraph

Places = npt.NDArray[np.generic]

_JOINS = 6
_JOIN_COST = (60_000 << 32) | 100_000


def grown(graph: SearchGraph, copies: int) -> SearchGraph:
    """Return copies of a graph in a square, each joined to its neighbours by six roads a side.

    A road of a minute and a kilometre leads both ways between places of the same rank along the
    shared side, so that no side is a bottleneck more than a river with six bridges is.
    """
    count, side = len(graph.xy_m), int(np.ceil(np.sqrt(copies)))
    pairs = [(at, at + 1) for at in range(copies - 1) if (at + 1) % side]
    east_west = _ends(graph.xy_m[:, 0], graph.xy_m[:, 1])
    one, other = _joined(pairs, east_west, count)
    rows = [(at, at + side) for at in range(copies - side)]
    north_south = _ends(graph.xy_m[:, 1], graph.xy_m[:, 0])
    low, high = _joined(rows, north_south, count)
    one, other = np.concatenate([one, low]), np.concatenate([other, high])
    shift = np.repeat(np.arange(copies), len(graph.head)) * count
    tail = np.concatenate([np.tile(graph.tail, copies) + shift, one, other])
    head = np.concatenate([np.tile(graph.head, copies) + shift, other, one])
    weight = np.concatenate([np.tile(graph.weight, copies), np.full(2 * len(one), _JOIN_COST)])
    order = np.lexsort((head, tail))
    wide = np.ptp(graph.xy_m, axis=0) + 1000.0
    place = np.stack([np.arange(copies) % side, np.arange(copies) // side], axis=1)
    return SearchGraph(
        start=np.concatenate(([0], np.cumsum(np.bincount(tail, minlength=copies * count)))),
        tail=tail[order].astype(np.int32),
        head=head[order].astype(np.int32),
        weight=weight[order],
        xy_m=np.tile(graph.xy_m, (copies, 1)) + np.repeat(place, count, axis=0) * wide,
    )


def _ends(along: Places, across: Places) -> tuple[Places, Places]:
    """Return places spread along the last and along the first side in one direction."""
    near = np.argsort(along)
    many = max(len(along) // 50, _JOINS)
    sides = []
    for part in (near[-many:], near[:many]):
        spread = part[np.argsort(across[part])]
        sides.append(spread[np.linspace(0, many - 1, _JOINS).astype(int)])
    return sides[0], sides[1]


def _joined(
    pairs: list[tuple[int, int]], ends: tuple[Places, Places], count: int
) -> tuple[Places, Places]:
    both = np.array(pairs, np.int64).reshape(-1, 2)
    last, first = ends
    return (both[:, :1] * count + last).ravel(), (both[:, 1:] * count + first).ravel()


def measure_blocks(network: RoadNetwork, size: int, seed: int) -> None:
    """Write a matrix of so many places to disk, by two threads, and tell its time and memory."""
    rng = np.random.default_rng(seed)
    some = network.junctions.xy_m[rng.integers(0, network.junction_count, size)]
    spread = some + rng.uniform(-30, 30, some.shape)
    places = {
        str(number): Location(easting_m=x, northing_m=y)
        for number, (x, y) in enumerate(spread.tolist())
    }
    with tempfile.TemporaryDirectory() as folder:
        reset_peak()
        begun = time.perf_counter()
        times = write_times(network, places, places, Path(folder) / "times", workers=2)
        line = {
            "step": "blocks",
            "engine": "ntgeo, 2 threads, to disk",
            "size": size,
            "wall_s": round(time.perf_counter() - begun, 2),
            "peak_mib": round(peak_mib(), 1),
            "disk_mib": round((times.time_ms.nbytes + times.distance_cm.nbytes) / 2**20, 1),
        }
        print(json.dumps(line), flush=True)
