"""Which visits a round remembers: those near the one it reaches (ng-sets, Baldacci et al. 2011)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ntgeo.routing.bounds.ways import RoundWay

__all__ = ["near_sets"]

_BITS = 64


def near_sets(ways: tuple[RoundWay, ...], size: int) -> npt.NDArray[np.uint64]:
    """Return (visits, words) the nearest visits of each that a round could come back from."""
    travel_s = np.min([way.before_s[:-1] for way in ways], axis=0)
    stay_s = np.min([way.after_s.min(axis=0) for way in ways], axis=0)
    earliest_s = np.min([way.windows_s[:, 0, 0] for way in ways], axis=0)
    latest_s = np.max([way.latest_s for way in ways], axis=0)
    may_follow = earliest_s[:, None] + stay_s[:, None] + travel_s <= latest_s[None, :]
    apart_s = np.where(may_follow & may_follow.T, np.minimum(travel_s, travel_s.T), np.inf)
    near = np.zeros((len(stay_s), (len(stay_s) + _BITS - 1) // _BITS), dtype=np.uint64)
    for visit, row_s in enumerate(apart_s):
        nearest = np.argsort(row_s, kind="stable")[:size]
        for other in (visit, *nearest[row_s[nearest] < np.inf]):
            near[visit, other // _BITS] |= np.uint64(1) << np.uint64(other % _BITS)
    return near
