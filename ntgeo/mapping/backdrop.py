"""The ground under a plan: land, water and roads, drawn from the plan's own data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from ntgeo.mapping.content import Backdrop
from ntgeo.mapping.geometry import area_parts, line_parts
from ntgeo.mapping.palettes import CHANGE_STYLES

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["backdrop_parts", "page_bounds"]

_MAIN: Final = ("motorway", "trunk", "primary")
_SECOND: Final = ("secondary", "tertiary")
_MARGIN_SHARE: Final = 0.02
_WATER_TOLERANCE_M: Final = 4.0


def backdrop_parts(backdrop: Backdrop, land: Iterable[Any] = ()) -> dict[str, Any]:
    """Return the backdrop as compact numbers: polygons of land and water, streams, three ranks of
    roads (main first), and changed roads by kind.

    Args:
        backdrop: What there is.
        land: Shapes that stand in for a boundary where there is none.
    """  # noqa: D205 - the first sentence needs two lines
    ground = land if backdrop.boundary is None else backdrop.boundary.geometry
    water = [] if backdrop.water is None else _simple_water(backdrop.water)
    return {
        "land": [polygon for part in area_parts(ground) for polygon in part],
        "water": [polygon for part in area_parts(water) for polygon in part],
        "streams": line_parts(water),
        "roads": _roads_by_rank(backdrop.roads),
        "changes": _changes_by_kind(backdrop.changes),
    }


def _simple_water(water: gpd.GeoDataFrame) -> list[Any]:
    """Return lakes, rivers and sea as one shape, since overlapping polygons would show as land."""
    shapes = shapely.make_valid(np.asarray(water.geometry.array, dtype=object))
    is_areal = np.isin(shapely.get_dimensions(shapes), (2,))
    joined = shapely.simplify(shapely.union_all(shapes[is_areal]), _WATER_TOLERANCE_M)
    return [joined, *shapes[~is_areal]]


def _roads_by_rank(roads: gpd.GeoDataFrame | None) -> list[list[list[int]]]:
    if roads is None or roads.empty:
        return [[], [], []]
    shapes = np.asarray(roads.geometry.array, dtype=object)
    if "highway" not in roads.columns:
        return [[], [], line_parts(shapes)]
    kinds = roads["highway"].astype(str).str.removesuffix("_link")
    is_main = kinds.isin(_MAIN).to_numpy()
    is_second = kinds.isin(_SECOND).to_numpy()
    return [
        line_parts(shapes[chosen])
        for chosen in (is_main, is_second & ~is_main, ~is_main & ~is_second)
    ]


def _changes_by_kind(changes: gpd.GeoDataFrame | None) -> list[dict[str, Any]]:
    if changes is None:
        return []
    return [
        {**style, "lines": line_parts(changes.geometry[changes["kind"] == kind])}
        for kind, style in CHANGE_STYLES.items()
        if (changes["kind"] == kind).any()
    ]


def page_bounds(points: Iterable[Iterable[float]]) -> list[list[float]]:
    """Return ``[[south, west], [north, east]]`` around latitude and longitude pairs."""
    corners = np.asarray(list(points), dtype=np.float64)
    low, high = corners.min(axis=0), corners.max(axis=0)
    margin = np.maximum((high - low) * _MARGIN_SHARE, 0.001)
    return [(low - margin).tolist(), (high + margin).tolist()]
