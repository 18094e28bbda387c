"""Travel times of a scenario, from roads where there are roads, kept by what they depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from functools import cache
from pathlib import Path
from typing import Final

from ntgeo import roads
from ntgeo.domain.matrix import TravelMode, TravelTimeMatrix
from ntgeo.domain.places import Location
from ntgeo.errors import InputError
from ntgeo.files import sha256_of
from ntgeo.progress import SILENT, Progress
from ntgeo.roads.speeds import SPEEDS_FILE
from ntgeo.services.question import Question
from ntgeo.services.travel_files import read_travel, write_travel

__all__ = ["Roads", "open_roads", "travel_times"]

_CACHE_FORMAT: Final = 2


@dataclass(slots=True, kw_only=True)
class Roads:
    """The road networks of a scenario, read when first needed and kept in the cache.

    Args:
        question: Whose ``[roads]`` table.
        cache_folder: Where networks and matrices are kept.
        speeds_file: Speeds and delays: the scenario's, else ntgeo's own.
        off_road: Ids of the places met so far that lie on no road.
    """

    question: Question
    cache_folder: Path
    speeds_file: Path
    off_road: set[str] = field(default_factory=set)
    _networks: dict[tuple[TravelMode, time | None], roads.RoadNetwork] = field(default_factory=dict)

    @property
    def is_straight_line(self) -> bool:
        """Whether there are no roads, so that travel is by straight lines."""
        return self.question.scenario.roads.network is None

    def network(
        self, mode: TravelMode, *, departs_at: time | None = None, progress: Progress = SILENT
    ) -> roads.RoadNetwork:
        """Return the network for a mode, from the cache where it is there and whole.

        Args:
            mode: Who travels.
            departs_at: Local time whose traffic is met; ``None`` is between the peaks.
            progress: Told the stages.

        Raises:
            InputError: The road file or the speeds file is faulty.
            DataUnavailableError: One of them is not there.
        """
        if (mode, None) not in self._networks:
            self._networks[mode, None] = self._read_network(mode, progress)
        if (mode, departs_at) not in self._networks:
            assert departs_at is not None  # noqa: S101 - the line above made the other
            speeds = roads.read_speeds(mode, self.speeds_file)
            then = roads.at_time_of_day(self._networks[mode, None], departs_at, speeds)
            self._networks[mode, departs_at] = then
        return self._networks[mode, departs_at]

    def _read_network(self, mode: TravelMode, progress: Progress) -> roads.RoadNetwork:
        file = self.question.scenario.roads.network
        assert file is not None  # noqa: S101 - callers ask is_straight_line first
        path = self.question.path_of("roads.network", file)
        layer = self.question.scenario.roads.layer
        key = _key(
            {
                "roads": self.question.hash_of(file),
                "layer": layer,
                "speeds": sha256_of(self.speeds_file),
                "mode": mode.value,
                "code": _code(),
            }
        )
        kept = self.cache_folder / "networks" / f"{key}.npz"
        network = _whole_network(kept)
        if network is None:
            progress.stage(f"Reading roads for {mode}")
            network = roads.read_roads(
                path, mode=mode, layer=layer, speeds_file=self.speeds_file, progress=progress
            )
            roads.write_network(network, kept)
        self.question.log("roads.network", file, rows=network.link_count, notes=network.notes)
        return network


def open_roads(question: Question, cache_folder: Path) -> Roads:
    """Return the roads of a scenario, unread.

    Raises:
        DataUnavailableError: The scenario's speeds file is not there.
    """
    file = question.scenario.roads.speeds
    speeds_file = SPEEDS_FILE if file is None else question.path_of("roads.speeds", file)
    return Roads(question=question, cache_folder=cache_folder, speeds_file=speeds_file)


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
        InputError: The road file or the speeds file is faulty.
        DataUnavailableError: One of them is not there.
    """
    asked = known.question.scenario.roads
    if known.is_straight_line:
        return roads.straight_line_times(
            origins, destinations, mode=mode, detour_factor=asked.detour_factor
        )
    network = known.network(mode, departs_at=departs_at, progress=progress)
    starts = roads.snap_places(network, origins, snap_limit_m=asked.snap_limit_m)
    ends = starts
    if destinations is not origins:
        ends = roads.snap_places(network, destinations, snap_limit_m=asked.snap_limit_m)
    _note_off_road(known, (starts, ends), progress)
    key = _key(
        {
            "roads": known.question.hash_of(str(asked.network)),
            "layer": asked.layer,
            "code": _code(),
            "speeds": sha256_of(known.speeds_file),
            "mode": mode.value,
            "departs_at": "" if departs_at is None else departs_at.isoformat(),
            "snap_limit_m": asked.snap_limit_m,
            "origins": _places(origins),
            "destinations": _places(destinations),
        }
    )
    kept = known.cache_folder / "travel" / f"{key}.npz"
    if kept.is_file():
        try:
            return read_travel(kept)
        except InputError:
            progress.note("A kept travel-time matrix was torn; it is built again.")
    progress.stage(f"Travel times by {mode}: {len(origins):,} × {len(destinations):,}")
    travel = roads.travel_times(network, starts, ends, progress=progress)
    write_travel(kept, travel)
    return travel


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
    known.off_road.update(*(snapped.off_road for snapped in places))


def _whole_network(path: Path) -> roads.RoadNetwork | None:
    if not path.is_file():
        return None
    try:
        return roads.load_network(path)
    except InputError:
        return None


@cache
def _code() -> str:
    """Return the hash of the code and tables that turn a road file into times."""
    files = sorted(Path(roads.__file__).parent.glob("*.*"))
    return hashlib.sha256("".join(map(sha256_of, files)).encode()).hexdigest()


def _places(places: Mapping[str, Location]) -> list[tuple[str, float, float]]:
    return [(name, place.easting_m, place.northing_m) for name, place in places.items()]


def _key(depends_on: Mapping[str, object]) -> str:
    content = {"format": _CACHE_FORMAT, **depends_on}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
