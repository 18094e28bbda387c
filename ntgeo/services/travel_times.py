"""Travel times of a scenario, from roads where there are roads, kept by what they depend on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Final

from ntgeo import roads
from ntgeo.domain.matrix import TravelMode, TravelTimeMatrix
from ntgeo.domain.places import Location
from ntgeo.domain.units import METRES_PER_KILOMETRE
from ntgeo.errors import Fault, InputError, first_five
from ntgeo.progress import SILENT, Progress
from ntgeo.services.cache import key_of
from ntgeo.services.known_roads import Roads
from ntgeo.services.travel_files import read_travel, write_travel

__all__ = ["travel_times"]

_BYTES_PER_PAIR: Final = 100
"""Of a question: its times and distances, and what a solver makes of them."""
_FAR_M: Final = 1_000.0
"""From a road; farther than this is told, where the snap limit allows it."""


def travel_times(
    known: Roads,
    origins: Mapping[str, Location],
    destinations: Mapping[str, Location],
    mode: TravelMode,
    *,
    departs_at: time | None = None,
    progress: Progress = SILENT,
) -> TravelTimeMatrix:
    """Return times and distances between places, from the cache where they are there.

    Args:
        known: The roads of a scenario.
        origins: Locations by id.
        destinations: The same.
        mode: Who travels.
        departs_at: Local time whose traffic is met; ``None`` is between the peaks.
        progress: Told the stages.

    Raises:
        InputError: The road file or the speeds file is faulty, a change cannot be made, or no place
            lies near the roads.
        DataUnavailableError: A file is not there, or the Dask cluster cannot be used.
    """
    asked = known.question.scenario.roads
    _refuse_too_many(known, len(origins), len(destinations))
    if known.is_straight_line:
        return roads.straight_line_times(
            origins, destinations, mode=mode, detour_factor=asked.detour_factor
        )
    network = known.network(mode, departs_at=departs_at, progress=progress)
    starts, ends = _snapped(known, network, origins, destinations, progress)
    key = key_of(
        {
            **known.facts,
            "mode": mode.value,
            "departs_at": "" if departs_at is None else departs_at.isoformat(),
            "snap_limit_m": asked.snap_limit_m,
            "origins": _places(origins),
            "destinations": _places(destinations),
        }
    )
    kept = known.cache.find("travel", key, read_travel, progress=progress)
    if kept is not None:
        return kept
    progress.stage(f"Travel times by {mode}: {len(origins):,} × {len(destinations):,}")
    travel = roads.travel_times(
        network,
        starts,
        ends,
        workers=known.workers,
        scheduler=known.scheduler,
        progress=progress,
    )
    known.cache.keep("travel", key, lambda path: write_travel(path, travel))
    return travel


def _snapped(
    known: Roads,
    network: roads.RoadNetwork,
    origins: Mapping[str, Location],
    destinations: Mapping[str, Location],
    progress: Progress,
) -> tuple[roads.SnappedPlaces, roads.SnappedPlaces]:
    """Snap the places, each once; those on no road are told."""
    asked = known.question.scenario.roads
    starts = roads.snap_places(network, origins, snap_limit_m=asked.snap_limit_m)
    ends = starts
    if destinations is not origins:
        ends = roads.snap_places(network, destinations, snap_limit_m=asked.snap_limit_m)
    _refuse_elsewhere(str(asked.network), starts, ends)
    _note_off_road(known, (starts, ends), progress)
    for snapped in (starts, ends):
        metres = dict(zip(snapped.ids, snapped.access_m.tolist(), strict=True))
        known.walked_m.setdefault(network.mode, {}).update(metres)
    return starts, ends


def _refuse_elsewhere(file: str, starts: roads.SnappedPlaces, ends: roads.SnappedPlaces) -> None:
    """Refuse roads of another town, on which no place lies."""
    places, off_road = {*starts.ids, *ends.ids}, {*starts.off_road, *ends.off_road}
    if not places or off_road < places:
        return
    what = (
        "the roads and the areas do not overlap: "
        f"no place lies within {starts.limit_m:,.0f} m of a road"
    )
    fix = "use the roads of these areas (ntgeo roads check NETWORK --area BOUNDARY)"
    raise InputError(Fault(file=file, what=what, fix=fix, code="roads-elsewhere"))


def _note_off_road(
    known: Roads, places: tuple[roads.SnappedPlaces, roads.SnappedPlaces], progress: Progress
) -> None:
    """Say, once, which places lie on no road, and how far from it they are."""
    notes = [
        snapped.off_road_note for snapped in places if not known.off_road >= {*snapped.off_road}
    ]
    for note in dict.fromkeys(notes):
        if note is not None:
            progress.note(note)
    _note_far(known, places, progress)
    known.off_road.update(*(snapped.off_road for snapped in places))


def _note_far(
    known: Roads, places: tuple[roads.SnappedPlaces, roads.SnappedPlaces], progress: Progress
) -> None:
    """Say, once, which places lie far from the road that they are reached by."""
    far = {
        place: f"{place} ({metres / METRES_PER_KILOMETRE:.1f} km)"
        for snapped in places
        for place, metres in zip(snapped.ids, snapped.access_m.tolist(), strict=True)
        if metres > _FAR_M and place not in known.far_from_road
    }
    if far:
        told = first_five(far.values())
        progress.note(f"Far from any road, and reached in a straight line from it: {told}.")
    known.far_from_road.update(far)


def _refuse_too_many(known: Roads, origins: int, destinations: int) -> None:
    need, room = origins * destinations * _BYTES_PER_PAIR, known.memory_bytes
    if room is None or need <= room:
        return
    what = (
        f"{origins:,} × {destinations:,} places are {origins * destinations / 1e6:,.2f} million "
        f"pairs, which need about {need / 1e9:,.1f} GB; {room / 1e9:,.1f} GB may be used"
    )
    fix = "ask for fewer sites or areas, or let NTGEO_MEMORY_MB allow more"
    raise InputError(
        Fault(
            file="scenario",
            column="sites",
            column_word="key",
            what=what,
            fix=fix,
            code="too-many-pairs",
        )
    )


def _places(places: Mapping[str, Location]) -> list[tuple[str, float, float]]:
    return [(name, place.easting_m, place.northing_m) for name, place in places.items()]
