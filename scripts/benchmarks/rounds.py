"""Measure rounds on published instances: a JSON line each, and one with the means.

    python scripts/benchmarks/rounds.py --format solomon R101.txt R102.txt --time-limit 10
    python scripts/benchmarks/rounds.py --format cordeau pr01.txt --time-limit 30 --peers pyvrp

Formats: ``solomon`` (Solomon, Gehring and Homberger: text with a VEHICLE and a CUSTOMER table),
``vrplib`` (VRPTW), both with distances cut to one decimal (DIMACS convention); ``cordeau`` (type
6: several depots, double precision) and ``hhcrsp`` (home care in JSON: a third each of distance,
total and greatest tardiness). The best known cost stands in ``best_known_distance.json``,
``best_known.json`` or ``best_known.md`` in the folder above, or in a solution beside the instance.
Files are read, never kept. Peers run after ntgeo, one by one, for as long.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from rounds_instance import Instance
from rounds_peers import PEERS, ask_peer
from rounds_readers import READERS

from ntgeo.domain.solving import SolveLimits
from ntgeo.routing import find_faults, solve_routing

Line = dict[str, Any]


def measure(instance: Instance, limits: SolveLimits) -> Line:
    """Solve one instance with ntgeo."""
    started = time.monotonic()
    plan = solve_routing(instance.problem, limits, uses_all_time=True)
    wall_s = time.monotonic() - started
    return _line(instance, instance.reckon(plan), wall_s) | {
        "bound": plan.report.bound,
        "unmade": len(plan.unmade),
        "violations": len(find_faults(instance.problem, plan)),
        "rounds": len(plan.routes),
        "seed": limits.seed,
        "method": plan.report.method,
    }


def measure_peers(
    instance: Instance, ours: Line, peers: list[str], limits: SolveLimits
) -> Iterator[Line]:
    """Solve one instance with each peer; say where one is not installed, or does not know it.

    ``ratio`` is ntgeo's cost to the peer's: below 1 where ntgeo is ahead.
    """
    for peer in peers:
        named = {"instance": instance.name, "peer": peer}
        if instance.published is None:
            yield named | {"missing": "it does not know linked visits"}
            continue
        found = ask_peer(peer, instance.published, limits.time_limit_s, limits.seed)
        if isinstance(found, str):
            yield named | {"missing": found}
            continue
        ratio = round(ours["cost"] / found.cost, 6) if found.cost and not found.unmade else None
        line = _line(instance, found.cost, found.wall_s)
        yield named | line | {"unmade": found.unmade, "ratio": ratio}


def _line(instance: Instance, cost: float, wall_s: float) -> Line:
    known, told = instance.best_known, round(cost, instance.decimals)
    return {
        "instance": instance.name,
        "cost": told,
        "best_known": known,
        "gap_share": None if known is None else round(told / known - 1.0, 6),
        "wall_s": round(wall_s, 2),
    }


def mean_lines(lines: list[Line]) -> Iterator[Line]:
    """Return the mean gap of ntgeo and of each peer, over instances of which all is made."""
    gaps: dict[str | None, list[float]] = defaultdict(list)
    for line in lines:
        if line.get("gap_share") is not None and not line["unmade"]:
            gaps[line.get("peer")].append(line["gap_share"])
    for peer, of_peer in gaps.items():
        named = {} if peer is None else {"peer": peer}
        mean = {"instances": len(of_peer), "mean_gap_share": round(float(np.mean(of_peer)), 6)}
        yield named | mean


def _arguments(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--format", choices=sorted(READERS), required=True)
    parser.add_argument("--time-limit", type=float, default=10.0, help="seconds for each instance")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1, help="processor cores for ntgeo")
    parser.add_argument("--peers", default="", help=f"some of {','.join(PEERS)}")
    chosen = parser.parse_args(given)
    chosen.peers = [peer for peer in chosen.peers.split(",") if peer]
    unknown = set(chosen.peers) - set(PEERS)
    if unknown:
        parser.error(f"no such peer: {', '.join(sorted(unknown))}")
    return chosen


def main(given: list[str] | None = None) -> int:
    """Print a JSON line for each instance and peer, and the means."""
    chosen = _arguments(given)
    limits = SolveLimits(time_limit_s=chosen.time_limit, seed=chosen.seed, workers=chosen.workers)
    lines: list[Line] = []
    for path in chosen.files:
        instance = READERS[chosen.format](path)
        ours = measure(instance, limits)
        lines.append(ours)
        print(json.dumps(ours), flush=True)
        for line in measure_peers(instance, ours, chosen.peers, limits):
            lines.append(line)
            print(json.dumps(line), flush=True)
    for mean in mean_lines(lines):
        print(json.dumps(mean))
    return 0


if __name__ == "__main__":
    sys.exit(main())
