"""Areas within reach, and catchments, as map layers from files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd

from ntgeo import reports
from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.units import BRITISH_NATIONAL_GRID
from ntgeo.errors import Fault, InputError
from ntgeo.progress import SILENT, Progress
from ntgeo.roads import catchment_areas, reach_areas, reach_bands
from ntgeo.services.road_places import read_british_roads, snap_some
from ntgeo.sources import read_points

__all__ = ["draw_catchments", "draw_reach"]


def draw_reach(  # noqa: PLR0913 - the files, and what is asked of them
    network: Path,
    origins: Path,
    limits_s: Sequence[float],
    out: Path,
    *,
    mode: TravelMode,
    workers: int = 1,
    progress: Progress = SILENT,
) -> tuple[float, ...]:
    """Write the areas reached within each time: a layer by origin, and one of bands over all.

    Args:
        network: A road file.
        origins: A table of places, see :func:`~ntgeo.sources.read_points`.
        limits_s: Seconds, ascending.
        out: A ``.gpkg`` file with the layers ``reach`` (``origin_id``, ``limit_s``) and ``bands``
            (``limit_s``: reached by then from some origin, and by no shorter limit).
        mode: Who travels.
        workers: Threads.
        progress: Told where it is.

    Returns:
        Square kilometres of each band.

    Raises:
        InputError: A file cannot be read, or none of its places is near a road.
        DataUnavailableError: A file is not there.
    """
    _refuse_other_kinds(out)
    table = read_points(origins)
    roads = read_british_roads(network, mode=mode, progress=progress)
    places = snap_some(roads, table, file=origins.name, progress=progress)
    areas = reach_areas(roads, places, limits_s, workers=workers, progress=progress)
    rows = [
        (origin, limit_s, area)
        for origin, own in areas.items()
        for limit_s, area in zip(limits_s, own, strict=True)
    ]
    ids, limits, shapes = zip(*rows, strict=True)
    reach = _layer({"origin_id": ids, "limit_s": limits}, shapes)
    bands = reach_bands(roads, places, limits_s)
    reports.write_geopackage(out, {"bands": _layer({"limit_s": limits_s}, bands), "reach": reach})
    return tuple(band.area / 1e6 for band in bands)


def draw_catchments(
    network: Path,
    facilities: Path,
    out: Path,
    *,
    mode: TravelMode,
    limit_s: float | None = None,
    progress: Progress = SILENT,
) -> dict[str, float]:
    """Write the catchment of each facility as a layer.

    Args:
        network: A road file.
        facilities: A table of places, see :func:`~ntgeo.sources.read_points`.
        out: A ``.gpkg`` file with the layer ``catchments`` (``site_id``, ``road_m``).
        mode: Who travels.
        limit_s: Seconds beyond which roads are nobody's.
        progress: Told where it is.

    Returns:
        Metres of road by facility.

    Raises:
        InputError: A file cannot be read, or none of its places is near a road.
        DataUnavailableError: A file is not there.
    """
    _refuse_other_kinds(out)
    table = read_points(facilities)
    roads = read_british_roads(network, mode=mode, progress=progress)
    places = snap_some(roads, table, file=facilities.name, progress=progress)
    progress.stage("Sharing out the roads")
    found = catchment_areas(roads, places, limit_s=limit_s)
    road_m = {facility: catchment.road_m for facility, catchment in found.items()}
    shapes = [catchment.area for catchment in found.values()]
    layer = _layer({"site_id": list(road_m), "road_m": list(road_m.values())}, shapes)
    reports.write_geopackage(out, {"catchments": layer})
    return road_m


def _layer(columns: dict[str, Sequence[object]], shapes: Sequence[object]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=BRITISH_NATIONAL_GRID)


def _refuse_other_kinds(out: Path) -> None:
    if out.suffix.lower() != ".gpkg":
        what, fix = "areas are written as GeoPackage", "let its name end in .gpkg"
        raise InputError(Fault(file=out.name, what=what, fix=fix, code="out-kind"))
