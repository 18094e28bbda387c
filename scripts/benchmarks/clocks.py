"""How the benchmarks measure: wall and processor seconds, and the highest memory on the way."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

Result = TypeVar("Result")

_SLOW_S = 2.0
_ROUNDS = 9


@dataclass(frozen=True)
class Clocked(Generic[Result]):
    """How long something took, and what came of it."""

    result: Result
    wall_s: float
    cpu_s: float
    peak_mib: float


def clock(work: Callable[[], Result]) -> Clocked[Result]:
    """Run once, eight times more where that is quick; keep the least: the machine may be busy."""
    reset_peak()
    walls, cpus = [], []
    while not walls or (len(walls) < _ROUNDS and walls[0] < _SLOW_S):
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return Clocked(result, min(walls), min(cpus), peak_mib())


def use_cores(count: int) -> None:
    """Let this process, where Linux allows, run on so many processors only."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(_ALL_CORES)[:count])


_ALL_CORES = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else {0}


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
