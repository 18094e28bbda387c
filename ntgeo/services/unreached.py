"""Sentences that name the places which no road joins to those they need."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import numpy as np

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.routing import VisitDay
from ntgeo.errors import first_five

__all__ = ["unreached_sites", "unreached_visits", "walks_to_visits"]

_WORTH_TELLING_M: Final = 50.0
"""Nearer than this to a road, a visit is taken to be at it, as people would say."""


def unreached_visits(
    travel: Sequence[TravelTimeMatrix], day: VisitDay, *, off_road: Collection[str] = ()
) -> tuple[str, ...]:
    """Tell which visits no depot reaches, and which are reached but cannot be left again.

    Args:
        travel: Between visits and depots, both ways; by any of them will do.
        day: The visits and depots; without any of either there is nothing to tell.
        off_road: Places on no road, which are told apart.
    """
    depots = [str(depot.id) for depot in day.depots]
    asked = sorted(str(visit.id) for visit in day.visits if visit.id not in off_road)
    if not asked or not depots:
        return ()
    there, back = (
        np.any([one.select(*ends).is_reachable.any(axis=axis) for one in travel], axis=0)
        for ends, axis in (((depots, asked), 0), ((asked, depots), 1))
    )
    kinds = (
        (~there & ~back, "on a part of the network that no depot reaches"),
        (there & ~back, "where roads lead in, but none leads out to a depot (one-way)"),
        (~there & back, "where roads lead out, but none leads in from a depot (one-way)"),
    )
    return tuple(
        _lies(np.array(asked, object)[rows].tolist(), "visit", where)
        for rows, where in kinds
        if rows.any()
    )


def unreached_sites(travel: TravelTimeMatrix, *, off_road: Collection[str] = ()) -> tuple[str, ...]:
    """Tell which areas reach no site, and which sites no area reaches.

    Args:
        travel: From areas to sites.
        off_road: Places on no road, which are told apart.
    """
    told = []
    for ids, axis, thing, where in (
        (travel.origins, 1, "area", "on a part of the network from which no site is reached"),
        (travel.destinations, 0, "site", "on a part of the network that no area reaches"),
    ):
        rows = np.flatnonzero(~travel.is_reachable.any(axis=axis))
        lost = sorted(ids[row] for row in rows.tolist() if ids[row] not in off_road)
        if lost and 0 not in travel.time_s.shape:
            told.append(_lies(lost, thing, where))
    return tuple(told)


def walks_to_visits(walked_m: Mapping[str, float], day: VisitDay) -> str | None:
    """Tell which visits lie off the roads that may be driven, as at the end of a private drive.

    Args:
        walked_m: Metres from each place to its road.
        day: The visits.
    """
    names = sorted(str(visit.id) for visit in day.visits)
    walks = [(name, walked_m.get(name, 0.0)) for name in names]
    far = [(name, metres) for name, metres in walks if metres > _WORTH_TELLING_M]
    if not far:
        return None
    if len(far) == 1:
        name, metres = far[0]
        return f"Visit {name}: the last {metres:,.0f} m are off the public roads, and walked."
    told = first_five(f"{name} ({metres:,.0f} m)" for name, metres in far)
    return f"{len(far):,} visits lie off the public roads; the last metres are walked: {told}."


def _lies(names: Sequence[str], thing: str, where: str) -> str:
    if len(names) == 1:
        return f"{thing.capitalize()} {names[0]} lies {where}."
    return f"{len(names):,} {thing}s lie {where}: {first_five(names)}."
