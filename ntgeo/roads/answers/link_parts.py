"""Parts of links as lines, many at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.search.entries import expand

__all__ = ["cut_lines", "cut_points"]

Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_GAP_M = 1.0


def cut_points(
    network: RoadNetwork, link: Longs, start: Floats, end: Floats
) -> tuple[Floats, Longs]:
    """Return the points of parts of links, each from its start to its end.

    Args:
        network: The roads.
        link: (parts,) whose part.
        start: (parts,) share of the link's length at which the part starts, 0 to 1.
        end: (parts,) where it ends; below ``start`` for a part against the link's direction.

    Returns:
        (points, 2) coordinates, and (points,) the part of each, ascending; two points or more each.
    """
    first_point = network.links.point_start
    owner, at = expand(first_point, link)
    xy_m = network.links.xy_m[at]
    along = _along(xy_m, owner)
    first = np.searchsorted(owner, np.arange(len(link)))
    last = np.searchsorted(owner, np.arange(len(link)), side="right") - 1
    length_m = along[last] - along[first]
    low, high = np.minimum(start, end), np.maximum(start, end)
    from_m, to_m = along[first] + low * length_m, along[first] + high * length_m
    is_inner = (along > from_m[owner]) & (along < to_m[owner])
    ends = [_between(xy_m, along, place) for place in (from_m, to_m)]
    ends[0][low == 0], ends[1][high == 1] = xy_m[first][low == 0], xy_m[last][high == 1]
    inner = np.flatnonzero(is_inner)
    part = np.concatenate([np.arange(len(link)), owner[inner], np.arange(len(link))])
    place = np.concatenate([np.full(len(link), -1), inner, np.full(len(link), len(owner))])
    order = np.lexsort((np.where((start > end)[part], -place, place), part))
    return np.concatenate([ends[0], xy_m[inner], ends[1]])[order], part[order]


def _along(xy_m: Floats, owner: Longs) -> Floats:
    """Return how far along all lines, one behind the other, each point lies."""
    step = np.zeros(len(xy_m))
    step[1:] = np.hypot(*np.diff(xy_m, axis=0).T)
    step[1:][np.diff(owner) != 0] = _GAP_M
    along: Floats = np.cumsum(step)
    return along


def _between(xy_m: Floats, along: Floats, place: Floats) -> Floats:
    if len(along) == 0:
        return np.empty((0, 2))
    return np.column_stack([np.interp(place, along, xy_m[:, axis]) for axis in (0, 1)])


def cut_lines(
    network: RoadNetwork, link: Longs, start: Floats, end: Floats
) -> npt.NDArray[np.object_]:
    """Return parts of links as line strings; arguments as :func:`cut_points`."""
    xy_m, part = cut_points(network, link, start, end)
    lines: npt.NDArray[np.object_] = shapely.linestrings(xy_m, indices=part)
    return lines
