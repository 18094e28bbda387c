"""Reads a road file as a scenario would, and tells what to know before trusting it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ntgeo.domain.matrix import TravelMode
from ntgeo.progress import SILENT, Progress
from ntgeo.roads import NetworkChecks, check_network, read_roads
from ntgeo.services.boundary import read_boundary

__all__ = ["check_roads"]


def check_roads(  # noqa: PLR0913 - each is the caller's choice
    network: Path,
    *,
    mode: TravelMode,
    today: date,
    area: Path | None = None,
    layer: str | None = None,
    ferries: bool = False,
    progress: Progress = SILENT,
) -> NetworkChecks:
    """Check the roads that a mode may use.

    Args:
        network: A road file.
        mode: Who travels.
        today: To tell how old the data is.
        area: A file of the boundary that the roads should cover.
        layer: Layer of a GeoPackage of roads that has several.
        ferries: Whether ferries may be taken.
        progress: Told where it is.

    Raises:
        InputError: A file cannot be read, or holds no road for the mode.
        DataUnavailableError: A file is not there.
    """
    roads = read_roads(network, mode=mode, layer=layer, ferries=ferries, progress=progress)
    outline = None if area is None else read_boundary(area, epsg=roads.epsg)
    progress.stage("Checking the roads")
    return check_network(roads, outline, today=today)
