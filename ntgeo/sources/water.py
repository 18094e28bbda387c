"""Water from an OSM file, so that a map reads without tiles."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from ntgeo.domain.units import BRITISH_NATIONAL_GRID, WGS84

__all__ = ["read_water"]

_STREAMS: Final = frozenset({"river", "canal", "stream"})
_LEAST_AREA_M2: Final = 2_000.0


def read_water(path: Path) -> gpd.GeoDataFrame:
    """Read rivers, lakes and coastline from an ``.osm.pbf``.

    Args:
        path: The road file of a scenario; other formats hold no water.

    Returns:
        EPSG:27700, column ``kind``: ``water`` (polygons), ``stream`` and ``coast`` (lines). Small
        ponds are left out. Empty where the file has none.
    """
    shapes: list[Any] = []
    kinds: list[str] = []
    if path.name.endswith(".pbf"):
        _read(path, shapes, kinds)
    found = gpd.GeoDataFrame({"kind": kinds}, geometry=shapes, crs=WGS84)
    found = found.to_crs(BRITISH_NATIONAL_GRID)
    is_pond = (found["kind"] == "water") & (found.geometry.area < _LEAST_AREA_M2)
    return found[~is_pond].reset_index(drop=True)


def _read(path: Path, shapes: list[Any], kinds: list[str]) -> None:
    import osmium  # noqa: PLC0415 - only files with water need it

    wanted = osmium.filter.TagFilter(
        ("natural", "water"),
        ("natural", "coastline"),
        *(("waterway", kind) for kind in sorted(_STREAMS)),
        ("waterway", "riverbank"),
    )
    ways = osmium.FileProcessor(str(path)).with_locations().with_filter(wanted)
    for item in ways:
        if not item.is_way():
            continue
        points = np.array([(ref.lon, ref.lat) for ref in item.nodes if ref.location.valid()])
        if len(points) < 2:  # noqa: PLR2004 - a line has two ends
            continue
        kind = _kind(item.tags)
        is_ring = kind == "water" and len(points) > 3 and (points[0] == points[-1]).all()  # noqa: PLR2004 - a ring has four points
        if kind == "water" and not is_ring:
            continue
        shapes.append(
            shapely.make_valid(shapely.Polygon(points)) if is_ring else shapely.LineString(points)
        )
        kinds.append(kind)


def _kind(tags: Any) -> str:
    if tags.get("natural") == "coastline":
        return "coast"
    return "stream" if tags.get("waterway") in _STREAMS else "water"
