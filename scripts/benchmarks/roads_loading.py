"""From a road file to a network ready for matrices: ntgeo, and beside it osmnx's own way."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ntgeo.domain.matrix import TravelMode

_NTGEO = """
from pathlib import Path
from ntgeo.domain.matrix import TravelMode
from ntgeo.roads import prepare, read_roads
prepare(read_roads(Path({path!r}), mode=TravelMode({mode!r})))
"""
_OSMNX = """
import osmnx
graph = osmnx.graph_from_xml({path!r}, simplify=True, retain_all=True)
osmnx.add_edge_travel_times(osmnx.add_edge_speeds(graph))
"""
_TO_XML = """
import osmium
roads = osmium.FileProcessor({source!r}).with_filter(osmium.filter.KeyFilter("highway"))
with osmium.BackReferenceWriter({path!r}, {source!r}, overwrite=True) as writer:
    for way in roads:
        if way.is_way():
            writer.add(way)
"""


def measure_loading(path: Path, mode: TravelMode, *, has_osmnx: bool) -> list[tuple[str, ...]]:
    """Time whole processes, from their start to a ready network; return rows of a table."""
    rows = []
    _run(_NTGEO.format(path=str(path), mode=mode.value))  # compiles, where that was never done
    rows.append(_told("ntgeo", path, _NTGEO.format(path=str(path), mode=mode.value)))
    if has_osmnx:
        with tempfile.TemporaryDirectory() as folder:
            copy = str(Path(folder) / "roads.osm")
            _run(_TO_XML.format(source=str(path), path=copy))  # osmnx reads no .pbf; not timed
            rows.append(_told("osmnx", path, _OSMNX.format(path=copy)))
    return rows


def _told(engine: str, path: Path, code: str) -> tuple[str, ...]:
    wall_s, cpu_s, peak_mib = _run(code)
    line = {
        "step": "load",
        "engine": engine,
        "network": path.name,
        "wall_s": round(wall_s, 3),
        "cpu_s": round(cpu_s, 3),
        "peak_mib": round(peak_mib, 1),
    }
    print(json.dumps(line), flush=True)
    return engine, f"{wall_s:.2f}", f"{cpu_s:.2f}", f"{peak_mib:.0f}"


def _run(code: str) -> tuple[float, float, float]:
    """Run Python code in a process of its own; return wall and processor seconds, and peak MiB."""
    begun = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-c", code])  # noqa: S603 - the code above
    _, status, usage = os.wait4(child.pid, 0)
    wall_s = time.perf_counter() - begun
    if status:
        msg = f"a loading process ended with {os.waitstatus_to_exitcode(status)}"
        raise RuntimeError(msg)
    child.returncode = 0
    return wall_s, usage.ru_utime + usage.ru_stime, _peak_mib(usage)


def _peak_mib(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / 1024
