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
    where = np.column_stack([easting_m, northing_m])
    known = np.isfinite(where).all(axis=1)
    places, inverse = np.unique(where[known], axis=0, return_inverse=True)
    tree = shapely.STRtree(np.asarray(shapes, dtype=object))
    hit, area = tree.query(shapely.points(places), predicate="intersects")
    first = np.full(len(places), len(tree), dtype=np.intp)
    np.minimum.at(first, hit, area)
    first[first == len(tree)] = -1
    found = np.full(len(where), -1, dtype=np.intp)
    found[known] = first[inverse.ravel()]
    return found
