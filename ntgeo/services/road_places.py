"""Roads and places for questions that need no scenario."""

from __future__ import annotations

from pathlib import Path

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.units import BRITISH_NATIONAL_GRID
from ntgeo.errors import CrsError, Fault, InputError
from ntgeo.progress import SILENT, Progress
from ntgeo.roads import RoadNetwork, SnappedPlaces, read_roads, snap_places
from ntgeo.sources import PointTable

__all__ = ["read_british_roads", "snap_some"]


def read_british_roads(path: Path, *, mode: TravelMode, progress: Progress = SILENT) -> RoadNetwork:
    """Read roads for places that are given in British National Grid.

    Raises:
        InputError: The file cannot be read, or holds no road for the mode.
        CrsError: The roads lie elsewhere.
        DataUnavailableError: The file is not there.
    """
    network = read_roads(path, mode=mode, progress=progress)
    if network.epsg != BRITISH_NATIONAL_GRID:
        what = f"its roads lie outside Great Britain (EPSG:{network.epsg}), the places do not"
        fix = "use a road file of the same place"
        raise CrsError(Fault(file=path.name, what=what, fix=fix, code="crs"))
    return network


def snap_some(
    network: RoadNetwork, table: PointTable, *, file: str, progress: Progress = SILENT
) -> SnappedPlaces:
    """Snap the places of a table; those off the road are told, and one at least must be on it.

    Raises:
        InputError: The table is empty, or none of its places is near a road.
    """
    snapped = snap_places(network, table.locations)
    if len(snapped.off_road) == len(snapped.ids):
        what = snapped.off_road_note or "it holds no place"
        fix = "check the coordinates, or use a road file of the same place"
        raise InputError(Fault(file=file, what=what.rstrip("."), fix=fix, code="off-road"))
    for note in (*table.notes, snapped.off_road_note):
        if note is not None:
            progress.note(note)
    return snapped
