"""Sentences that name the places which no road joins to those they need."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.routing import VisitDay
from ntgeo.errors import first_five

__all__ = ["unreached_sites", "unreached_visits"]


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


def _lies(names: Sequence[str], thing: str, where: str) -> str:
    if len(names) == 1:
        return f"{thing.capitalize()} {names[0]} lies {where}."
    return f"{len(names):,} {thing}s lie {where}: {first_five(names)}."
