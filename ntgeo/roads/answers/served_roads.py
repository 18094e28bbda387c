"""Which facility each stretch of road belongs to, cut exactly where two catchments meet.

From a point on a link one travels on to either of its ends. The time to the nearest facility that
way falls or rises evenly along the link, so that two facilities are equally near at one point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numba
import numpy as np
import numpy.typing as npt
import shapely

from ntgeo.roads.answers.facilities import NOBODY, NearestOf, spread
from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.search.dijkstra import ABSENT
from ntgeo.roads.search.entries import Entries, arrivals, walk_cost
from ntgeo.roads.search.snapping import OFF_ROAD, SnappedPlaces

__all__ = ["ServedRoads", "find_served_roads"]

Longs = npt.NDArray[np.int64]
Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

_NEVER_MS: Final = 1e15
_ONWARD: Final = [("along_ms", np.float64), ("rest_ms", np.float64), ("facility", np.int64)]
_STRETCH: Final = np.dtype(
    [
        ("link", np.int64),
        ("start", np.float64),
        ("end", np.float64),
        ("ahead", _ONWARD),
        ("back", _ONWARD),
    ]
)
"""A link, or part of one, and the travel from its one end to its other, ahead and back: the time
along it, the time from there to a facility, and the facility; very long where there is no way."""
Stretches: TypeAlias = npt.NDArray[np.void]
_Way: TypeAlias = tuple[float, int]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ServedRoads:
    """Stretches of links; together they are every link with a length, once.

    Args:
        link: (stretches,) number of the link, ascending.
        start: (stretches,) share of the link at which the stretch starts, 0 to 1, ascending.
        end: (stretches,) where it ends.
        facility: (stretches,) number of the nearest facility; -1 where none is within the limit.
    """

    link: Longs
    start: Floats
    end: Floats
    facility: Longs

    def length_m(self, network: RoadNetwork) -> Floats:
        """Return (stretches,) metres of road."""
        whole: Floats = shapely.length(network.lines[self.link])
        return whole * (self.end - self.start)


def find_served_roads(
    network: RoadNetwork, facilities: SnappedPlaces, *, limit_s: float | None = None
) -> ServedRoads:
    """Share all roads out among facilities, each stretch to the one soonest reached from it.

    Args:
        network: The roads and the mode.
        facilities: On the roads; of facilities equally near the first counts.
        limit_s: Seconds, the walk from road to facility included; farther roads are nobody's.
    """
    after = _after_arcs(network, arrivals(network, facilities))
    links = np.zeros(network.link_count, _STRETCH)
    links["link"], links["end"] = np.arange(network.link_count), 1.0
    for side, name in enumerate(("ahead", "back")):
        arc = network.link_arcs[:, side].astype(np.int64)
        is_open = (arc >= 0) & network.is_open[arc]
        is_served = is_open & (after.cost[arc] < ABSENT)
        onward = links[name]
        onward["along_ms"] = np.where(is_open, network.arcs.time_ms[arc], _NEVER_MS)
        onward["rest_ms"] = np.where(is_served, after.cost[arc] >> 32, _NEVER_MS)
        onward["facility"] = np.where(is_served, after.facility[arc], NOBODY)
    limit_ms = _NEVER_MS / 2 if limit_s is None else 1000.0 * limit_s
    return _shared_out(_cut_at_facilities(links, facilities), limit_ms)


def _after_arcs(network: RoadNetwork, arriving: Entries) -> NearestOf:
    """Return the nearest facility from the end of each arc, once the arc is travelled."""
    nearest = spread(network, arriving)
    arcs = network.arcs
    if network.turns is None:
        return NearestOf(cost=nearest.cost[arcs.head], facility=nearest.facility[arcs.head])
    owner = np.repeat(np.arange(len(arriving.start) - 1), np.diff(arriving.start))
    at_end = arriving.arc < 0
    seeds = (arriving.vertex[at_end], arriving.cost[at_end], owner[at_end])
    cost, facility = _best_turns(
        network.search_graph.as_tuple, (nearest.cost, nearest.facility), seeds
    )
    return NearestOf(cost=cost, facility=facility)


@numba.njit(cache=True)
def _best_turns(
    graph: tuple[Longs, Ints, Longs],
    nearest: tuple[Longs, Ints],
    seeds: tuple[Ints, Longs, Longs],
) -> tuple[Longs, Ints]:
    """Return what is nearest from each arc's end by its turns, or there; not along the arc itself.

    A facility beside an arc is nearer than the arc's end: it must not count from there.
    """
    start, onto, weight = graph
    cost, owner = np.full(len(start) - 1, ABSENT, np.int64), np.full(len(start) - 1, -1, np.int32)
    for seed in range(len(seeds[0])):
        arc, new, own = seeds[0][seed], seeds[1][seed], seeds[2][seed]
        if new < cost[arc] or (new == cost[arc] and own < owner[arc]):
            cost[arc], owner[arc] = new, own
    for arc in range(len(start) - 1):
        for turn in range(start[arc], start[arc + 1]):
            own = nearest[1][onto[turn]]
            new = weight[turn] + nearest[0][onto[turn]]
            if own >= 0 and (new < cost[arc] or (new == cost[arc] and own < owner[arc])):
                cost[arc], owner[arc] = new, own
    return cost, owner


def _cut_at_facilities(links: Stretches, facilities: SnappedPlaces) -> Stretches:
    """Cut links at the facilities between their ends."""
    is_within = (facilities.link != OFF_ROAD) & (facilities.share > 0) & (facilities.share < 1)
    walk_ms = (walk_cost(facilities) >> 32).astype(float)
    stops: dict[int, dict[float, _Way]] = {}
    for at in np.flatnonzero(is_within).tolist():
        on_link = stops.setdefault(int(facilities.link[at]), {})
        share, way = float(facilities.share[at]), (float(walk_ms[at]), at)
        on_link[share] = min(on_link.get(share, way), way)
    kept = np.setdiff1d(links["link"], np.array(sorted(stops), np.int64))
    cut = [_cut_link(links[link], on_link) for link, on_link in sorted(stops.items())]
    stretches = np.concatenate([links[kept], *cut])
    order: Stretches = stretches[np.lexsort((stretches["start"], stretches["link"]))]
    return order


def _cut_link(link: np.void, stops: Mapping[float, _Way]) -> Stretches:
    shares = [0.0, *sorted(stops), 1.0]
    ways = [stops[share] for share in shares[1:-1]]
    stretches = np.repeat(np.array(link, _STRETCH), len(shares) - 1)
    stretches["start"], stretches["end"] = shares[:-1], shares[1:]
    length = np.diff(shares)
    _pass_facilities(stretches["back"], length, ways)
    _pass_facilities(stretches["ahead"][::-1], length[::-1], ways[::-1])
    return stretches


def _pass_facilities(onward: Stretches, length: Floats, stops: Sequence[_Way]) -> None:
    """Let travel along the stretches of a link, the last of its way first, end at facilities."""
    if onward["along_ms"][0] >= _NEVER_MS:
        return
    onward["along_ms"] *= length
    for at, stop in enumerate(stops):
        before = onward[at]
        way = min(stop, (float(before["rest_ms"] + before["along_ms"]), int(before["facility"])))
        onward["rest_ms"][at + 1], onward["facility"][at + 1] = way


def _shared_out(stretches: Stretches, limit_ms: float) -> ServedRoads:
    """Cut each stretch where going back is as good as going ahead, and where the time is up."""
    ahead, back = stretches["ahead"], stretches["back"]
    is_ahead, is_back = ahead["rest_ms"] < _NEVER_MS, back["rest_ms"] < _NEVER_MS
    along_ms = np.maximum(ahead["along_ms"], 1e-9), np.maximum(back["along_ms"], 1e-9)
    meet = (along_ms[0] + ahead["rest_ms"] - back["rest_ms"]) / (along_ms[0] + along_ms[1])
    meet = np.where(is_ahead & is_back, meet, np.where(is_back, 1.0, 0.0))
    last_back = np.minimum(meet, (limit_ms - back["rest_ms"]) / along_ms[1])
    first_ahead = np.maximum(meet, 1.0 - (limit_ms - ahead["rest_ms"]) / along_ms[0])
    last_back = np.where(is_back, np.clip(last_back, 0.0, 1.0), 0.0)
    first_ahead = np.where(is_ahead, np.clip(first_ahead, 0.0, 1.0), 1.0)
    nobody = np.full(len(stretches), NOBODY)
    edges = np.column_stack([np.zeros(len(meet)), last_back, first_ahead, np.ones(len(meet))])
    who = np.column_stack([back["facility"], nobody, ahead["facility"]])
    span = (stretches["end"] - stretches["start"])[:, None]
    shares = stretches["start"][:, None] + edges * span
    keep = shares[:, 1:] > shares[:, :-1]
    row = np.nonzero(keep)[0]
    return ServedRoads(
        link=stretches["link"][row],
        start=shares[:, :-1][keep],
        end=shares[:, 1:][keep],
        facility=who[keep],
    )
