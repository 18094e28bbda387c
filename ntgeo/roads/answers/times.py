"""Travel times and distances between many places, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from ntgeo.domain.matrix import TimeRange, TravelMode, TravelTimeMatrix
from ntgeo.domain.places import Location
from ntgeo.domain.sparse_times import SparseTravelTimes, least_absent_s
from ntgeo.progress import SILENT, Progress
from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.search.questions import answer_blocks, ask_times, method_of, unpack_into
from ntgeo.roads.search.snapping import PlacesToSnap

__all__ = ["straight_line_nearest", "straight_line_times", "travel_times"]

_STRAIGHT_KPH: Final = {TravelMode.CAR: 20.0, TravelMode.BICYCLE: 12.0, TravelMode.FOOT: 5.0}
"""Between the LSOA centroids of Cambridge and of Newport, times on roads by ntgeo's own speeds are
in the median 0.94 to 1.14 times those by these speeds and a detour factor of 1.3."""
_STRAIGHT_RANGE: Final = TimeRange(
    low_share=0.7,
    high_share=1.6,
    source="eight in ten times on the roads of Cambridge and Newport lay between the two",
)


def travel_times(  # noqa: PLR0913 - the room's main verb; each is the caller's choice
    network: RoadNetwork,
    origins: PlacesToSnap,
    destinations: PlacesToSnap,
    *,
    snap_limit_m: float = 1000.0,
    off_road: Literal["absent", "refuse"] = "absent",
    workers: int = 1,
    scheduler: str | None = None,
    progress: Progress = SILENT,
) -> TravelTimeMatrix:
    """Return the fastest times, and the distances along those ways, between all pairs.

    A journey walks in a straight line to the nearest point of the nearest usable road at 5 km/h,
    follows the fastest way, and walks from the road to the destination. Times are sums of whole
    milliseconds, distances of whole centimetres; of equally fast ways the shortest counts.

    Args:
        network: The roads and the mode.
        origins: Locations by id, in the network's CRS, or places already snapped.
        destinations: The same.
        snap_limit_m: A place farther than this from every road has none.
        off_road: What to do with such places: ``"absent"`` leaves their pairs unreachable (see
            :func:`~ntgeo.roads.search.snapping.snap_places` for the reasons), ``"refuse"`` refuses.
        workers: Threads.
        scheduler: Address of a Dask scheduler, such as ``"tcp://10.0.0.5:8786"``, whose workers
            share the work instead of threads; the matrix is the same to the last digit.
        progress: Told the origins done.

    Raises:
        UnreachableError: Places without a road, where those are refused; their ids are told.
        DataUnavailableError: The Dask cluster cannot be used.
    """
    question = ask_times(network, origins, destinations, snap_limit_m=snap_limit_m)
    if off_road == "refuse":
        question.starts.refuse_off_road()
        question.ends.refuse_off_road()
    shape = (len(question.starts.ids), len(question.ends.ids))
    time_s, distance_m = np.empty(shape), np.empty(shape)
    blocks = answer_blocks(question, workers=workers, scheduler=scheduler, progress=progress)
    for first, packed in blocks:
        rows = slice(first, first + len(packed))
        unpack_into(packed.ravel(), time_s[rows].ravel(), distance_m[rows].ravel())
    time_s.setflags(write=False)
    distance_m.setflags(write=False)
    return TravelTimeMatrix(
        origins=question.starts.ids,
        destinations=question.ends.ids,
        time_s=time_s,
        distance_m=distance_m,
        mode=network.mode,
        method=method_of(network),
        time_range=network.time_range,
        departs_at=network.departs_at,
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
        speed_kph: Door to door; 20 by car, 12 by bicycle and 5 on foot unless given.

    Raises:
        ValueError: The factor is below 1 or the speed is not above 0.
    """
    kph = _straight_kph(mode, detour_factor, speed_kph)
    one, other = _coordinates(origins), _coordinates(destinations)
    offset = one[:, None, :] - other[None, :, :]
    distance_m = np.hypot(offset[..., 0], offset[..., 1]) * detour_factor
    return TravelTimeMatrix(
        origins=tuple(origins),
        destinations=tuple(destinations),
        time_s=distance_m / (kph / 3.6),
        distance_m=distance_m,
        mode=mode,
        method=_straight_method(detour_factor, kph),
        time_range=_STRAIGHT_RANGE,
    )


def straight_line_nearest(  # noqa: PLR0913 - as straight_line_times, how many and on what
    origins: Mapping[str, Location],
    destinations: Mapping[str, Location],
    *,
    mode: TravelMode,
    k: int,
    detour_factor: float = 1.3,
    speed_kph: float | None = None,
    workers: int = 1,
) -> SparseTravelTimes:
    """Estimate times to the ``k`` nearest destinations, as :func:`straight_line_times` does.

    The whole matrix is never held: 33,755 origins and as many destinations take seconds.

    Args:
        origins: Locations by id.
        destinations: The same.
        mode: Who travels.
        k: How many, at least 1.
        detour_factor: Road distance over straight-line distance, at least 1.
        speed_kph: Door to door; 20 by car, 12 by bicycle and 5 on foot unless given.
        workers: Threads.

    Raises:
        ValueError: ``k`` is below 1, the factor below 1 or the speed not above 0.
    """
    if k < 1:
        msg = f"{k} nearest destinations were asked for; at least 1 is needed"
        raise ValueError(msg)
    kph = _straight_kph(mode, detour_factor, speed_kph)
    most = min(k, len(destinations))
    tree = cKDTree(_coordinates(destinations))
    found = tree.query(_coordinates(origins), k=np.arange(1, most + 1), workers=workers)
    apart_m, column = np.asarray(found[0]), np.asarray(found[1])
    order = np.lexsort((column, apart_m), axis=1)
    distance_m = np.take_along_axis(apart_m, order, axis=1).ravel() * detour_factor
    row_start, time_s = np.arange(len(origins) + 1) * most, distance_m / (kph / 3.6)
    is_whole = most == len(destinations)
    return SparseTravelTimes(
        origins=tuple(origins),
        destinations=tuple(destinations),
        row_start=row_start,
        column=np.take_along_axis(column, order, axis=1).ravel(),
        time_s=time_s,
        distance_m=distance_m,
        beyond_s=least_absent_s(row_start, time_s, k=None if is_whole else most),
        mode=mode,
        method=_straight_method(detour_factor, kph),
        time_range=_STRAIGHT_RANGE,
    )


def _straight_kph(mode: TravelMode, detour_factor: float, speed_kph: float | None) -> float:
    kph = _STRAIGHT_KPH[mode] if speed_kph is None else speed_kph
    if not (1 <= detour_factor < float("inf") and 0 < kph < float("inf")):
        msg = f"detour factor {detour_factor} must be at least 1 and speed {kph} above 0"
        raise ValueError(msg)
    return kph


def _straight_method(detour_factor: float, kph: float) -> str:
    return f"straight line × {detour_factor:g} at {kph:g} km/h (no roads were used)"


def _coordinates(places: Mapping[str, Location]) -> npt.NDArray[np.float64]:
    pairs = [(place.easting_m, place.northing_m) for place in places.values()]
    return np.array(pairs, float).reshape(-1, 2)
