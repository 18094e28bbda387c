"""Travel times and distances between many places, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from ntgeo.domain.matrix import TravelMode, TravelTimeMatrix
from ntgeo.domain.places import Location
from ntgeo.progress import SILENT, Progress, raise_if_cancelled
from ntgeo.roads.dijkstra import ABSENT
from ntgeo.roads.engine import RowFiller, row_filler
from ntgeo.roads.entries import Entries, arrivals, departures, direct_ways
from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.snapping import OFF_ROAD, SnappedPlaces, snap_places

__all__ = ["straight_line_times", "travel_times"]

Longs = npt.NDArray[np.int64]

_BLOCK_ROWS: Final = 128
_LENGTH_BITS: Final = (1 << 32) - 1
_MS_PER_S: Final = 1000.0
_CM_PER_M: Final = 100.0
_STRAIGHT_KPH: Final = {TravelMode.CAR: 30.0, TravelMode.BICYCLE: 15.0, TravelMode.FOOT: 5.0}
_MODE_WORDS: Final = {
    TravelMode.CAR: "by car",
    TravelMode.BICYCLE: "by bicycle",
    TravelMode.FOOT: "on foot",
}


def travel_times(  # noqa: PLR0913 - the room's main verb; each is the caller's choice
    network: RoadNetwork,
    origins: Mapping[str, Location],
    destinations: Mapping[str, Location],
    *,
    snap_limit_m: float = 1000.0,
    off_road: Literal["absent", "refuse"] = "absent",
    workers: int = 1,
    progress: Progress = SILENT,
) -> TravelTimeMatrix:
    """Return the fastest times, and the distances along those ways, between all pairs.

    A journey walks in a straight line to the nearest point of the nearest usable road at 5 km/h,
    follows the fastest way, and walks from the road to the destination. Times are sums of whole
    milliseconds, distances of whole centimetres; of equally fast ways the shortest counts.

    Args:
        network: The roads and the mode.
        origins: Locations by id, in the network's CRS.
        destinations: The same.
        snap_limit_m: A place farther than this from every road has none.
        off_road: What to do with such places: ``"absent"`` leaves their pairs unreachable (see
            :func:`~ntgeo.roads.snapping.snap_places` for the reasons), ``"refuse"`` refuses.
        workers: Threads.
        progress: Told the origins done.

    Raises:
        UnreachableError: Places without a road, where those are refused; their ids are told.
    """
    starts = snap_places(network, origins, snap_limit_m=snap_limit_m)
    ends = snap_places(network, destinations, snap_limit_m=snap_limit_m)
    if off_road == "refuse":
        starts.refuse_off_road()
        ends.refuse_off_road()
    leaving, arriving = departures(network, starts), arrivals(network, ends)
    fill = row_filler(network, arriving, len(origins))
    packed = np.full((len(origins), len(destinations)), ABSENT, np.int64)
    progress.stage(f"Travel times {_MODE_WORDS[network.mode]}", len(origins))
    _fill_blocks(fill, leaving, packed, workers, progress)
    direct = direct_ways(network, starts, ends)
    np.minimum.at(packed, (direct.origin, direct.destination), direct.cost)
    packed[_same_place(starts, ends, origins, destinations)] = 0
    return _matrix(packed, starts, ends, network.mode)


def _fill_blocks(
    fill: RowFiller,
    leaving: Entries,
    packed: Longs,
    workers: int,
    progress: Progress,
) -> None:
    count = len(packed)

    def block(first: int) -> int:
        end = min(first + _BLOCK_ROWS, count)
        if not progress.is_cancelled():
            fill(leaving.rows(first, end), packed[first:end])
        return end - first

    done = 0
    with ThreadPoolExecutor(workers) as pool:
        for rows in pool.map(block, range(0, count, _BLOCK_ROWS)):
            done += rows
            progress.advance(done)
    raise_if_cancelled(progress)


def _same_place(
    starts: SnappedPlaces,
    ends: SnappedPlaces,
    origins: Mapping[str, Location],
    destinations: Mapping[str, Location],
) -> tuple[Longs, Longs]:
    """Return the pairs of origins and destinations at one and the same location on the road."""
    columns_of: dict[Location, list[int]] = {}
    for column, place in enumerate(destinations.values()):
        if ends.link[column] != OFF_ROAD:
            columns_of.setdefault(place, []).append(column)
    pairs = [
        (row, column)
        for row, place in enumerate(origins.values())
        if starts.link[row] != OFF_ROAD
        for column in columns_of.get(place, ())
    ]
    both = np.array(pairs, np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _matrix(
    packed: Longs, starts: SnappedPlaces, ends: SnappedPlaces, mode: TravelMode
) -> TravelTimeMatrix:
    is_absent = packed >= ABSENT
    time_s = (packed >> 32) / _MS_PER_S
    distance_m = (packed & _LENGTH_BITS) / _CM_PER_M
    time_s[is_absent] = np.nan
    distance_m[is_absent] = np.nan
    return TravelTimeMatrix(
        origins=starts.ids,
        destinations=ends.ids,
        time_s=time_s,
        distance_m=distance_m,
        mode=mode,
        method=f"road network, {_MODE_WORDS[mode]}",
    )


def straight_line_times(
    origins: Mapping[str, Location],
    destinations: Mapping[str, Location],
    *,
    mode: TravelMode,
    detour_factor: float = 1.3,
    speed_kph: float | None = None,
) -> TravelTimeMatrix:
    """Estimate times from straight-line distance, where there are no roads to use.

    Rivers, railways and hills are not seen; the matrix says so in its ``method``.

    Args:
        origins: Locations by id.
        destinations: The same.
        mode: Who travels.
        detour_factor: Road distance over straight-line distance, at least 1.
        speed_kph: Door to door; 30 by car, 15 by bicycle and 5 on foot unless given.

    Raises:
        ValueError: The factor is below 1 or the speed is not above 0.
    """
    kph = _STRAIGHT_KPH[mode] if speed_kph is None else speed_kph
    if not (1 <= detour_factor < float("inf") and 0 < kph < float("inf")):
        msg = f"detour factor {detour_factor} must be at least 1 and speed {kph} above 0"
        raise ValueError(msg)
    one, other = _coordinates(origins), _coordinates(destinations)
    offset = one[:, None, :] - other[None, :, :]
    distance_m = np.hypot(offset[..., 0], offset[..., 1]) * detour_factor
    return TravelTimeMatrix(
        origins=tuple(origins),
        destinations=tuple(destinations),
        time_s=distance_m / (kph / 3.6),
        distance_m=distance_m,
        mode=mode,
        method=f"straight line × {detour_factor:g} at {kph:g} km/h (no roads were used)",
    )


def _coordinates(places: Mapping[str, Location]) -> npt.NDArray[np.float64]:
    pairs = [(place.easting_m, place.northing_m) for place in places.values()]
    return np.array(pairs, float).reshape(-1, 2)
