"""Finds places that lie nowhere near the scenario's areas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from ntgeo.domain.places import Location
from ntgeo.domain.units import METRES_PER_KILOMETRE
from ntgeo.errors import Fault, InputError, first_five

__all__ = ["FARTHEST_M", "km_outside", "outside_note", "refuse_far_places"]

FARTHEST_M: Final = 20_000.0
"""A site farther outside than this is a slip of the keyboard, not a site."""


def km_outside(places: Mapping[str, Location], areas: gpd.GeoDataFrame) -> dict[str, float]:
    """Return how far outside all areas each place lies, in kilometres; 0 inside."""
    if not places:
        return {}
    xy = np.array([(place.easting_m, place.northing_m) for place in places.values()])
    tree = shapely.STRtree(areas.geometry.to_numpy())
    points = shapely.points(xy)
    (at, _), distance_m = tree.query_nearest(points, return_distance=True, all_matches=False)
    found = np.zeros(len(xy))
    found[at] = distance_m / METRES_PER_KILOMETRE
    return dict(zip(places, found.tolist(), strict=True))


def outside_note(
    places: Mapping[str, Location], areas: gpd.GeoDataFrame, *, file: str, over_km: float, why: str
) -> str | None:
    """Tell which places lie more than so far outside all areas; ``None`` where none does."""
    far = [
        f"{name} ({distance_km:,.1f} km)"
        for name, distance_km in sorted(km_outside(places, areas).items())
        if distance_km > over_km
    ]
    return f"{file}: outside the areas: {first_five(far)}; {why}." if far else None


def refuse_far_places(
    places: Mapping[str, Location], areas: gpd.GeoDataFrame, *, file: str, column: str
) -> None:
    """Refuse places more than :data:`FARTHEST_M` outside the areas.

    Raises:
        InputError: Naming each, how far it is, and whether its axes look swapped.
    """
    far = {
        name: distance_km
        for name, distance_km in km_outside(places, areas).items()
        if distance_km * METRES_PER_KILOMETRE > FARTHEST_M
    }
    if not far:
        return
    turned = {
        name: Location(easting_m=places[name].northing_m, northing_m=places[name].easting_m)
        for name in far
    }
    turned_km = km_outside(turned, areas)
    raise InputError(
        [
            Fault(
                file=file,
                column=column,
                value=name,
                what=f"lies {distance_km:,.0f} km outside the areas"
                + (
                    ", and easting and northing look swapped"
                    if turned_km[name] * METRES_PER_KILOMETRE <= FARTHEST_M
                    else ""
                ),
                fix="correct its coordinates, or leave it out",
                code="far-outside",
            )
            for name, distance_km in sorted(far.items())
        ]
    )
