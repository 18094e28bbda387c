"""Fetches the roads of a boundary and keeps them as a file that every mode can be read from."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import shapely

from ntgeo.domain.units import WGS84
from ntgeo.errors import Fault, InputError
from ntgeo.files import write_text
from ntgeo.progress import SILENT, Progress
from ntgeo.roads import Overpass, fetch_roads
from ntgeo.roads.projection import choose_epsg, project
from ntgeo.services.boundary import read_boundary

__all__ = ["DownloadedRoads", "download_roads"]

_BOX_NUMBERS: Final = 4
_SHAPE_ENDINGS: Final = (".geojson", ".json", ".gpkg", ".shp")
_COARSEST_M: Final = 100.0
_MOST_BUFFER_M: Final = 50_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadedRoads:
    """What was fetched.

    Args:
        file: Where it was written.
        ways: How many roads and ferries.
        restrictions: How many turn restrictions.
        dated: When the data left OSM.
    """

    file: Path
    ways: int
    restrictions: int
    dated: str


def download_roads(
    boundary: str,
    out: Path,
    server: Overpass,
    *,
    buffer_m: float = 2000.0,
    progress: Progress = SILENT,
) -> DownloadedRoads:
    """Fetch the roads of a boundary, and of what lies around it.

    Args:
        boundary: A file of polygons, or a box ``west,south,east,north`` in degrees. Names of places
            and addresses are not looked up.
        out: The Overpass JSON to write, whole or not at all.
        server: Whom to ask.
        buffer_m: Roads this far outside are fetched too, so that ways round are not cut off.
        progress: Told where it is.

    Raises:
        InputError: The boundary is none, or too large, or holds no road.
        DataUnavailableError: The server cannot be reached, is busy, or answers with an error.
    """
    if out.suffix.lower() != ".json":
        raise InputError(_fault(out.name, "roads are downloaded as .json", "name it roads.json"))
    if not 0 <= buffer_m <= _MOST_BUFFER_M:
        what = f"a buffer of {buffer_m:g} m is not from 0 to {_MOST_BUFFER_M:,.0f} m"
        raise InputError(_fault(boundary, what, "give it in metres"))
    answer = fetch_roads(_widened(_area_of(boundary), buffer_m), server, progress=progress)
    kinds = Counter(element["type"] for element in answer["elements"])
    write_text(out, json.dumps(answer, ensure_ascii=False, separators=(",", ":")))
    return DownloadedRoads(
        file=out,
        ways=kinds["way"],
        restrictions=kinds["relation"],
        dated=answer["osm3s"]["timestamp_osm_base"],
    )


def _area_of(boundary: str) -> shapely.Polygon | shapely.MultiPolygon:
    if boundary.lower().endswith(_SHAPE_ENDINGS):
        return read_boundary(Path(boundary), epsg=WGS84)
    try:
        numbers = [float(part) for part in boundary.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != _BOX_NUMBERS:
        what = "it is neither a boundary file nor a box; places and addresses are not looked up"
        fix = "give a .geojson, .gpkg or .shp file, or west,south,east,north in degrees"
        raise InputError(_fault(boundary, what, fix))
    west, south, east, north = numbers
    if not (-180 <= west < east <= 180 and -90 < south < north < 90):  # noqa: PLR2004 - degrees
        what = "its numbers are not west, south, east and north in degrees"
        raise InputError(_fault(boundary, what, "give longitudes and latitudes in this order"))
    return shapely.box(west, south, east, north)


def _widened(
    area: shapely.Polygon | shapely.MultiPolygon, buffer_m: float
) -> shapely.Polygon | shapely.MultiPolygon:
    """Return the area and what lies around it, with few points, so that the question is short."""
    epsg = choose_epsg(shapely.get_coordinates(area))
    flat = shapely.transform(area, lambda points: project(points, target=epsg))
    wide = flat.buffer(buffer_m).simplify(min(_COARSEST_M, buffer_m / 4))
    return shapely.transform(
        wide, lambda points: np.asarray(project(points, source=epsg, target=WGS84))
    )


def _fault(file: str, what: str, fix: str) -> Fault:
    return Fault(file=file, what=what, fix=fix, code="download")
