"""How many places each origin reaches in time, from files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ntgeo.domain.matrix import TravelMode
from ntgeo.progress import SILENT, Progress
from ntgeo.roads import AccessCounts, access_counts
from ntgeo.services.road_places import read_british_roads, snap_some
from ntgeo.sources import read_points

__all__ = ["count_access"]


def count_access(  # noqa: PLR0913 - the files, and what is asked of them
    network: Path,
    origins: Path,
    destinations: Path,
    limits_s: Sequence[float],
    *,
    mode: TravelMode,
    weight: str | None = None,
    workers: int = 1,
    progress: Progress = SILENT,
) -> AccessCounts:
    """Count the destinations within each time of each origin.

    Args:
        network: A road file.
        origins: A table of places, see :func:`~ntgeo.sources.read_points`.
        destinations: The same.
        limits_s: Seconds.
        mode: Who travels.
        weight: Heading of the destinations' column that tells what each counts for.
        workers: Threads.
        progress: Told where it is.

    Raises:
        InputError: A file cannot be read, or none of its places is near a road.
        DataUnavailableError: A file is not there.
    """
    starts, ends = read_points(origins), read_points(destinations, weight=weight)
    roads = read_british_roads(network, mode=mode, progress=progress)
    return access_counts(
        roads,
        snap_some(roads, starts, file=origins.name, progress=progress),
        snap_some(roads, ends, file=destinations.name, progress=progress),
        limits_s,
        weights=ends.weights,
        workers=workers,
        progress=progress,
    )
