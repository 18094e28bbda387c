"""Travel times between the places of two files, written as a table or, of any size, to a folder."""

from __future__ import annotations

from datetime import time
from pathlib import Path

from ntgeo.domain.matrix import TravelMode
from ntgeo.errors import Fault, InputError
from ntgeo.progress import SILENT, Progress
from ntgeo.reports.exports import write_csv_table
from ntgeo.reports.travel_tables import travel_table
from ntgeo.roads import RoadNetwork, at_time_of_day, read_speeds, travel_times, write_times
from ntgeo.services.road_places import read_british_roads, snap_some
from ntgeo.settings import Settings
from ntgeo.sources import read_points

__all__ = ["write_matrix"]


def write_matrix(  # noqa: PLR0913 - the files, and what is asked of them
    network: Path,
    origins: Path,
    destinations: Path,
    out: Path,
    settings: Settings,
    *,
    mode: TravelMode,
    departs_at: time | None = None,
    progress: Progress = SILENT,
) -> tuple[int, int]:
    """Write the times and distances between all pairs; return how many origins and destinations.

    Args:
        network: A road file.
        origins: A table of places, see :func:`~ntgeo.sources.read_points`.
        destinations: The same.
        out: A ``.csv`` file, one row a pair, held in memory; any other name is a folder of arrays
            that may be larger than memory, see :func:`~ntgeo.roads.open_times`.
        settings: Threads, or the Dask scheduler.
        mode: Who travels.
        departs_at: Local time whose traffic is met; ``None`` is between the peaks.
        progress: Told where it is.

    Raises:
        InputError: A file cannot be read, none of its places is near a road, or the folder
            is there already.
        DataUnavailableError: A file is not there, or the Dask cluster cannot be used.
    """
    is_table = out.suffix.lower() == ".csv"
    if not is_table and out.exists():
        fix = "name a new folder, or remove this one"
        raise InputError(
            Fault(file=out.name, what="it is already there", fix=fix, code="folder-there")
        )
    starts, ends = read_points(origins), read_points(destinations)
    roads = _at(read_british_roads(network, mode=mode, progress=progress), departs_at)
    leaving = snap_some(roads, starts, file=origins.name, progress=progress)
    arriving = snap_some(roads, ends, file=destinations.name, progress=progress)
    if is_table:
        travel = travel_times(
            roads,
            leaving,
            arriving,
            workers=settings.workers,
            scheduler=settings.scheduler,
            progress=progress,
        )
        write_csv_table(out, travel_table(travel))
    else:
        write_times(
            roads,
            leaving,
            arriving,
            out,
            workers=settings.workers,
            scheduler=settings.scheduler,
            progress=progress,
        )
    return len(leaving.ids), len(arriving.ids)


def _at(network: RoadNetwork, departs_at: time | None) -> RoadNetwork:
    if departs_at is None:
        return network
    return at_time_of_day(network, departs_at, read_speeds(network.mode))
