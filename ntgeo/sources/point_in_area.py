"""Which area each point lies in, exactly one or none."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

__all__ = ["areas_of_points"]


def areas_of_points(
    easting_m: npt.NDArray[np.float64], northing_m: npt.NDArray[np.float64], shapes: Any
) -> npt.NDArray[np.intp]:
    """Match each point to the area that holds it.

    A point on the border of several areas belongs to the one that comes first in ``shapes``; with
    areas in order of code, ties go to the lowest code.

    Args:
        easting_m: (points,) NaN for a point that is nowhere.
        northing_m: (points,).
        shapes: (areas,) polygons in EPSG:27700.

    Returns:
        (points,) position in ``shapes``, -1 for a point in no area.
    """
    known = np.flatnonzero(np.isfinite(easting_m) & np.isfinite(northing_m))
    tree = shapely.STRtree(np.asarray(shapes, dtype=object))
    places = shapely.points(easting_m[known], northing_m[known])
    hit, area = tree.query(places, predicate="intersects")
    first = np.full(len(known), len(tree), dtype=np.intp)
    np.minimum.at(first, hit, area)
    first[first == len(tree)] = -1
    found = np.full(len(easting_m), -1, dtype=np.intp)
    found[known] = first
    return found
