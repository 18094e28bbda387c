"""The fastest way between two places on the roads of a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.errors import UnreachableError
from ntgeo.progress import SILENT, Progress
from ntgeo.roads import RoadPath, read_roads, snap_places, trace_paths

__all__ = ["FoundPath", "find_path"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FoundPath:
    """A way, and the CRS of its coordinates."""

    path: RoadPath
    epsg: int


def find_path(
    network: Path, start: Location, end: Location, *, mode: TravelMode, progress: Progress = SILENT
) -> FoundPath:
    """Find the fastest way.

    Args:
        network: A road file.
        start: In the CRS that the roads get: British National Grid, or the UTM zone elsewhere.
        end: The same.
        mode: Who travels.
        progress: Told where it is.

    Raises:
        InputError: The file cannot be read, or holds no road for the mode.
        UnreachableError: A place lies too far from every road, or no way joins them.
        DataUnavailableError: The file is not there.
    """
    roads = read_roads(network, mode=mode, progress=progress)
    snap_places(roads, {"from": start, "to": end}).refuse_off_road()
    (path,) = trace_paths(roads, [(start, end)])
    if np.isnan(path.time_s):
        why = f"no way by {mode} leads there from the start"
        raise UnreachableError(["to"], why, "check where both places are on the map")
    return FoundPath(path=path, epsg=roads.epsg)
