"""Catchments: the areas that one site serves, as one outline with a tint of its own."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from ntgeo.mapping.palettes import CATCHMENT_COLOURS
from ntgeo.mapping.siting_figures import NOBODY

__all__ = ["catchment_shapes", "catchment_tints"]

_HAIRLINE_M: Final = 2.0


def catchment_shapes(shapes: npt.NDArray[Any], site_of: npt.NDArray[np.intp]) -> dict[int, Any]:
    """Return the union of the areas of each site, by the site's position.

    Args:
        shapes: (areas,) polygons that share their boundaries.
        site_of: (areas,) position of a site, or ``NOBODY``.
    """
    join = shapely.coverage_union_all if shapely.coverage_is_valid(shapes) else shapely.union_all
    return {
        int(column): _closed(join(shapes[site_of == column]))
        for column in np.unique(site_of)
        if column != NOBODY
    }


def _closed(shape: Any) -> Any:
    """Close the hairline gaps that a union of shapes which do not quite meet leaves inside."""
    grown = shape.buffer(_HAIRLINE_M, join_style="mitre")
    return grown.buffer(-_HAIRLINE_M, join_style="mitre")


def catchment_tints(catchments: dict[int, Any]) -> dict[int, int]:
    """Give each catchment a tint that no neighbour has, as far as there are tints.

    Returns:
        Position of a site → position in ``CATCHMENT_COLOURS``. Tints are used evenly.
    """
    columns = sorted(catchments)
    grown = [catchments[column].buffer(1.0) for column in columns]
    first, second = shapely.STRtree(grown).query(grown, predicate="intersects")
    tints: dict[int, int] = {}
    used = [0] * len(CATCHMENT_COLOURS)
    for position, column in enumerate(columns):
        taken = {tints.get(columns[other]) for other in second[first == position]}
        free = [t for t in range(len(used)) if t not in taken] or list(range(len(used)))
        tints[column] = min(free, key=lambda tint: (used[tint], tint))
        used[tints[column]] += 1
    return tints
