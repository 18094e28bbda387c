"""From longitude and latitude to metres on a plane, and back."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from ntgeo.domain.units import BRITISH_NATIONAL_GRID, WGS84
from ntgeo.errors import CrsError, Fault, InputError

__all__ = ["choose_epsg", "epsg_of", "longitude_latitude", "project"]

_LONGEST: Final = 60
_GREAT_BRITAIN: Final = (-8.75, 49.75, 2.1, 61.0)
_FARTHEST_DEGREES: Final = (180.0, 90.0)
_NORTHERN_UTM, _SOUTHERN_UTM, _ZONE_DEGREES = 32600, 32700, 6


@cache
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def project(
    xy: npt.NDArray[np.float64], *, source: int = WGS84, target: int
) -> npt.NDArray[np.float64]:
    """Transform (points, 2) x/y (or lon/lat) coordinates between two EPSG codes."""
    if source == target:
        return xy
    x, y = _transformer(source, target).transform(xy[:, 0], xy[:, 1])
    return np.column_stack([x, y])


def longitude_latitude(
    xy: npt.NDArray[np.float64], *, source: int, file: str
) -> npt.NDArray[np.float64]:
    """Return (points, 2) longitudes and latitudes of coordinates in the CRS of a file.

    Raises:
        InputError: The coordinates cannot be in that CRS.
    """
    lon_lat = project(xy, source=source, target=WGS84)
    if not (np.abs(lon_lat) <= _FARTHEST_DEGREES).all():
        what = f"its coordinates do not fit its CRS (EPSG:{source})"
        fix = "save it with the CRS that its coordinates are in"
        raise InputError(Fault(file=file, what=what, fix=fix, code="crs-mismatch"))
    return lon_lat


def choose_epsg(lon_lat: npt.NDArray[np.float64]) -> int:
    """Return 27700 for places in Great Britain, else the code of the UTM zone of their middle."""
    west, south = lon_lat.min(axis=0)
    east, north = lon_lat.max(axis=0)
    box_west, box_south, box_east, box_north = _GREAT_BRITAIN
    if west >= box_west and east <= box_east and south >= box_south and north <= box_north:
        return BRITISH_NATIONAL_GRID
    zone = int(((west + east) / 2 + 180) // _ZONE_DEGREES) % 60 + 1
    return (_NORTHERN_UTM if south + north >= 0 else _SOUTHERN_UTM) + zone


def epsg_of(crs: object, file: str) -> int:
    """Return the EPSG code of a CRS given in any way that pyproj reads.

    Raises:
        CrsError: It is missing, unreadable or has no EPSG code.
    """
    try:
        code = CRS.from_user_input(crs).to_epsg() if crs else None
    except CRSError:
        code = None
    if code is None:
        shown = str(crs)[:_LONGEST]
        told = (
            f'"{shown}" has no EPSG code' if crs else "the coordinate reference system is missing"
        )
        fix = "save it with its CRS: EPSG:27700 for British National Grid, else as osmnx does"
        raise CrsError(Fault(file=file, column="crs", what=told, fix=fix, code="unknown-crs"))
    return int(code)
