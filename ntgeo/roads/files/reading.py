"""Read a road file of any kind that is known, for one mode."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ntgeo.domain.matrix import TravelMode
from ntgeo.errors import DataUnavailableError, Fault, InputError
from ntgeo.progress import SILENT, Progress
from ntgeo.roads.building.extract import unreadable
from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.speeds import SPEEDS_FILE, SpeedTable, read_speeds

__all__ = ["read_roads", "read_roads_with"]

_OSM_ENDINGS: Final = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
_PICKLE_ENDINGS: Final = (".pkl", ".pickle", ".gpickle", ".pck")


def read_roads(
    path: Path,
    *,
    mode: TravelMode,
    layer: str | None = None,
    ferries: bool = False,
    speeds_file: Path = SPEEDS_FILE,
    progress: Progress = SILENT,
) -> RoadNetwork:
    """Read the roads that a mode may use.

    Args:
        path: ``.osm.pbf`` (or ``.osm``), the JSON that Overpass answers, osmnx GraphML, or a
            GeoPackage of links.
        mode: Who travels.
        layer: Layer of a GeoPackage that has several.
        ferries: Whether ferries of an OSM file may be taken, with a wait before boarding.
        speeds_file: Speeds and delays; ntgeo's own unless given.
        progress: Told the stages.

    Raises:
        DataUnavailableError: There is no such file.
        InputError: The file cannot be read, is of no known kind, or holds no road for the mode.
    """
    speeds = read_speeds(mode, speeds_file)
    return read_roads_with(path, speeds, layer=layer, ferries=ferries, progress=progress)


def read_roads_with(
    path: Path,
    speeds: SpeedTable,
    *,
    layer: str | None = None,
    ferries: bool = False,
    progress: Progress = SILENT,
) -> RoadNetwork:
    """Read the roads that the mode of a table at hand may use; see :func:`read_roads`."""
    name = path.name.lower()
    if not path.exists():
        raise DataUnavailableError(path.name, "there is no such file", "check the path")
    if not path.is_file():
        raise InputError(_wrong_kind(path.name, "it is no regular file (a folder, pipe or device)"))
    if name.endswith(_PICKLE_ENDINGS):
        raise InputError(_wrong_kind(path.name, "pickle files can run code and are not accepted"))
    if path.stat().st_size == 0:
        raise unreadable(path.name, "it is empty (0 bytes)")
    progress.stage(f"Reading roads from {path.name}")
    if name.endswith(".graphml"):
        from ntgeo.roads.files.graphml import read_graphml  # noqa: PLC0415 - only this kind needs it

        return read_graphml(path, speeds)
    if name.endswith(".gpkg"):
        from ntgeo.roads.files.link_layer import read_link_layer  # noqa: PLC0415 - as above

        return read_link_layer(path, layer, speeds)
    from ntgeo.roads.building.topology import build_network  # noqa: PLC0415 - compiled code only here
    from ntgeo.roads.files.osm import read_pbf  # noqa: PLC0415 - osmium only here
    from ntgeo.roads.files.overpass import read_overpass  # noqa: PLC0415 - as above

    if name.endswith(_OSM_ENDINGS):
        return build_network(read_pbf(path, progress=progress), speeds, ferries=ferries)
    if name.endswith(".json"):
        return build_network(read_overpass(path, progress=progress), speeds, ferries=ferries)
    raise InputError(_wrong_kind(path.name, "this kind of road file is not known"))


def _wrong_kind(file: str, what: str) -> Fault:
    fix = "save the roads as .osm.pbf, Overpass .json, .graphml by osmnx, or links in a .gpkg"
    return Fault(file=file, what=what, fix=fix, code="road-file-kind")
