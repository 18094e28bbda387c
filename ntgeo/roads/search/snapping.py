"""From places to the nearest point on the nearest usable road."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely

from ntgeo.domain.places import Location
from ntgeo.domain.units import METRES_PER_KILOMETRE
from ntgeo.errors import UnreachableError, first_five
from ntgeo.roads.network import RoadNetwork

__all__ = ["ISLAND_TOLERANCE_M", "OFF_ROAD", "PlacesToSnap", "SnappedPlaces", "snap_places"]

Floats = npt.NDArray[np.float64]

OFF_ROAD: Final = -1
ISLAND_TOLERANCE_M: Final = 100.0
"""A road of the main part is preferred to one on an island up to this much farther off."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SnappedPlaces:
    """Places on the road network.

    Args:
        ids: Of the places, in the order given.
        place_xy_m: (places, 2) where they are.
        link: (places,) link snapped to; :data:`OFF_ROAD` where none is within the limit.
        share: (places,) how far along the link, 0 to 1.
        xy_m: (places, 2) the point on the road.
        access_m: (places,) straight-line metres from the place to the road; 0 where there is none.
        road_m: (places,) straight-line metres to the nearest usable road of all, however far; NaN
            where no road is usable.
        is_island: (places,) whether the road is cut off from the main part of the network.
        limit_m: The snap limit.
    """

    ids: tuple[str, ...]
    place_xy_m: Floats
    link: npt.NDArray[np.int64]
    share: Floats
    xy_m: Floats
    access_m: Floats
    road_m: Floats
    is_island: npt.NDArray[np.bool_]
    limit_m: float

    @property
    def off_road(self) -> tuple[str, ...]:
        """Ids of the places without a road within the limit."""
        return tuple(p for p, link in zip(self.ids, self.link, strict=True) if link == OFF_ROAD)

    @property
    def on_islands(self) -> tuple[str, ...]:
        """Ids of the places whose road is cut off from the main part of the network."""
        return tuple(p for p, cut in zip(self.ids, self.is_island, strict=True) if cut)

    @property
    def reasons(self) -> Mapping[str, str]:
        """Why a place may be unreachable, as a sentence, for each that may."""
        cut = "The nearest roads are cut off from the rest of the network."
        far = {place: f"It lies {away} from the nearest road." for place, away in self._far.items()}
        return {**dict.fromkeys(self.on_islands, cut), **far}

    @property
    def off_road_note(self) -> str | None:
        """A sentence that names the places without a road, and how far off they are."""
        limit = f"{self.limit_m / METRES_PER_KILOMETRE:,g} km"
        named = [f"{place} ({away})" for place, away in self._far.items()]
        if not named:
            return None
        if len(named) == 1:
            ((place, away),) = self._far.items()
            return f"{place} lies {away} from the nearest road; {limit} is the most."
        return f"{len(named):,} places lie more than {limit} from every road: {first_five(named)}."

    @property
    def _far(self) -> dict[str, str]:
        """How far from every road the places without one lie, in words."""
        far_m = self.road_m[self.link == OFF_ROAD].tolist()
        return dict(zip(self.off_road, map(_distance_text, far_m), strict=True))

    def take(self, which: npt.NDArray[np.int64]) -> SnappedPlaces:
        """Return the places of the given numbers, in that order."""
        arrays = {
            part.name: getattr(self, part.name)[which]
            for part in fields(self)
            if isinstance(getattr(self, part.name), np.ndarray)
        }
        return replace(self, ids=tuple(self.ids[at] for at in which.tolist()), **arrays)

    def refuse_off_road(self) -> None:
        """Refuse places without a road.

        Raises:
            UnreachableError: Some place has no usable road within the limit.
        """
        if self.off_road:
            told = [f"{place} lies {away} from the nearest" for place, away in self._far.items()]
            raise UnreachableError(
                self.off_road,
                f"no usable road lies within {self.limit_m:,.0f} m ({first_five(told)})",
                "check the coordinates, or use roads that cover the whole area",
            )


PlacesToSnap: TypeAlias = Mapping[str, Location] | SnappedPlaces
"""Locations by id, in the network's CRS; or what :func:`snap_places` made of them, so that places
asked about several times are snapped once."""


def _distance_text(metres: float) -> str:
    if np.isnan(metres):
        return "out of reach"
    if metres < METRES_PER_KILOMETRE:
        return f"{metres:,.0f} m"
    return f"{metres / METRES_PER_KILOMETRE:,.1f} km"


def snap_places(
    network: RoadNetwork, places: PlacesToSnap, *, snap_limit_m: float = 1000.0
) -> SnappedPlaces:
    """Snap places to the nearest point on the nearest link.

    A link of the largest strongly connected part is taken if it is within the limit and at most
    :data:`ISLAND_TOLERANCE_M` farther off than the nearest link of all; else the nearest of all. Of
    links equally near, the first is taken.

    Args:
        network: The roads.
        places: Locations by id, in the network's CRS; places snapped before stay as they are.
        snap_limit_m: Places farther than this from every road are off the road.
    """
    if isinstance(places, SnappedPlaces):
        return places
    xy = np.array([(p.easting_m, p.northing_m) for p in places.values()], float).reshape(-1, 2)
    points = shapely.points(xy)
    main_link, main_m = _nearest(network.main_tree, network.main_links, points, snap_limit_m)
    cut_off, island_tree = _islands(network)
    any_link, any_m = _nearest(island_tree, cut_off, points, snap_limit_m)
    is_main_nearest = main_m <= any_m
    any_link, any_m = np.where(is_main_nearest, main_link, any_link), np.minimum(main_m, any_m)
    is_main_near = main_m <= np.minimum(any_m + ISLAND_TOLERANCE_M, snap_limit_m)
    link = np.where(is_main_near, main_link, any_link)
    share, on_road = _along(network, link, points)
    is_off = link == OFF_ROAD
    on_road = np.where(is_off[:, None], xy, on_road)
    road_m = any_m.copy()
    road_m[is_off] = _farther(network, points[is_off])
    return SnappedPlaces(
        ids=tuple(places),
        place_xy_m=xy,
        link=link,
        share=share,
        xy_m=on_road,
        access_m=np.hypot(*(on_road - xy).T),
        road_m=road_m,
        is_island=~is_off & ~is_main_near,
        limit_m=snap_limit_m,
    )


def _islands(network: RoadNetwork) -> tuple[npt.NDArray[np.int64], shapely.STRtree]:
    """Return the usable links outside the main part, and their spatial index."""
    if "islands" not in network.kept:
        cut_off = np.setdiff1d(network.open_links, network.main_links)
        network.kept["islands"] = cut_off, shapely.STRtree(network.lines[cut_off])
    found: tuple[npt.NDArray[np.int64], shapely.STRtree] = network.kept["islands"]
    return found


def _farther(network: RoadNetwork, points: npt.NDArray[np.object_]) -> Floats:
    """Return how far from every usable road each point lies; NaN where no road is usable."""
    least_m = np.full(len(points), np.nan)
    for tree in (network.main_tree, _islands(network)[1]):
        if len(tree) and len(points):
            (at, _), metres = tree.query_nearest(points, return_distance=True, all_matches=False)
            least_m[at] = np.fmin(least_m[at], metres)
    return least_m


def _nearest(
    tree: shapely.STRtree,
    links: npt.NDArray[np.int64],
    points: npt.NDArray[np.object_],
    limit_m: float,
) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return the nearest of ``links`` to each point, and how far it is (infinity for none)."""
    nearest = np.full(len(points), OFF_ROAD, np.int64)
    distance = np.full(len(points), np.inf)
    if len(links) == 0 or len(points) == 0:
        return nearest, distance
    (point, found), metres = tree.query_nearest(
        points, max_distance=limit_m, return_distance=True, all_matches=True
    )
    order = np.lexsort((found, metres, point))
    first = order[np.unique(point[order], return_index=True)[1]]
    nearest[point[first]] = links[found[first]]
    distance[point[first]] = metres[first]
    return nearest, distance


def _along(
    network: RoadNetwork, link: npt.NDArray[np.int64], points: npt.NDArray[np.object_]
) -> tuple[Floats, Floats]:
    """Return how far along its link each point lies, and where on it."""
    lines = network.lines[np.maximum(link, 0)]
    metres = shapely.line_locate_point(lines, points)
    length = shapely.length(lines)
    half_cm = 0.005
    metres = np.where(metres < half_cm, 0.0, np.where(metres > length - half_cm, length, metres))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(length > 0, metres / length, 0.0)
    where = shapely.line_interpolate_point(lines, metres)
    return share, np.column_stack([shapely.get_x(where), shapely.get_y(where)])
