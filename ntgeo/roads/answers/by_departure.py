"""Travel times for several departures of a day, from one hierarchy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.progress import SILENT, Progress
from ntgeo.roads.answers.times import travel_times
from ntgeo.roads.changes.whatif import at_time_of_day
from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.search.engine import share_hierarchy
from ntgeo.roads.search.questions import method_of
from ntgeo.roads.search.snapping import PlacesToSnap, snap_places
from ntgeo.roads.speeds import SpeedTable

__all__ = ["travel_times_by_departure"]


def travel_times_by_departure(  # noqa: PLR0913 - as travel_times, and when
    network: RoadNetwork,
    origins: PlacesToSnap,
    destinations: PlacesToSnap,
    departures: Sequence[time],
    speeds: SpeedTable,
    *,
    snap_limit_m: float = 1000.0,
    workers: int = 1,
    progress: Progress = SILENT,
) -> dict[time, TravelTimeMatrix]:
    """Return the times of :func:`~ntgeo.roads.answers.times.travel_times` for each departure.

    The network is prepared once, and given the weights of each time of day; departures to which
    the table gives the same factor are worked out once.

    Args:
        network: The roads and the mode.
        origins: Locations by id, in the network's CRS, or places already snapped.
        destinations: The same.
        departures: Local times; the matrices come in this order.
        speeds: Of the network's mode; without a table of times of day all matrices are alike.
        snap_limit_m: A place farther than this from every road has none.
        workers: Threads.
        progress: Told the origins done, for each factor anew.
    """
    starts = snap_places(network, origins, snap_limit_m=snap_limit_m)
    ends = snap_places(network, destinations, snap_limit_m=snap_limit_m)
    factors = {clock: speeds.factor_at(clock) for clock in departures}
    share_hierarchy(network, len(starts.ids) * len(set(factors.values())))
    by_factor: dict[float, TravelTimeMatrix] = {}
    found: dict[time, TravelTimeMatrix] = {}
    for clock, factor in factors.items():
        then = at_time_of_day(network, clock, speeds)
        if factor not in by_factor:
            by_factor[factor] = travel_times(then, starts, ends, workers=workers, progress=progress)
        found[clock] = replace(
            by_factor[factor], method=method_of(then), departs_at=then.departs_at
        )
    return found
