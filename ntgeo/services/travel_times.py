"""Travel times of a scenario, from roads where there are roads, kept by what they depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from ntgeo import roads
from ntgeo.domain.matrix import TravelMode, TravelTimeMatrix
from ntgeo.domain.places import Location
from ntgeo.errors import InputError, first_five
from ntgeo.files import sha256_of
from ntgeo.progress import SILENT, Progress
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
    """

    question: Question
    cache_folder: Path
    _networks: dict[TravelMode, roads.RoadNetwork]

    @property
    def is_straight_line(self) -> bool:
        """Whether there are no roads, so that travel is by straight lines."""
        return self.question.scenario.roads.network is None

    def network(self, mode: TravelMode, *, progress: Progress = SILENT) -> roads.RoadNetwork:
        """Return the network for a mode, from the cache where it is there and whole.

        Raises:
            InputError: The road file is faulty.
            DataUnavailableError: The road file is not there.
        """
        if mode not in self._networks:
            self._networks[mode] = self._read_network(mode, progress)
        return self._networks[mode]

    def _read_network(self, mode: TravelMode, progress: Progress) -> roads.RoadNetwork:
        file = self.question.scenario.roads.network
        assert file is not None  # noqa: S101 - callers ask is_straight_line first
        path = self.question.path_of("roads.network", file)
        key = _key({"roads": self.question.hash_of(file), "mode": mode.value, "code": _code()})
        kept = self.cache_folder / "networks" / f"{key}.npz"
        network = _whole_network(kept)
        if network is None:
            progress.stage(f"Reading roads for {mode}")
            network = roads.read_roads(path, mode=mode, progress=progress)
            roads.write_network(network, kept)
        self.question.log("roads.network", file, rows=network.link_count, notes=network.notes)
        return network


def open_roads(question: Question, cache_folder: Path) -> Roads:
    """Return the roads of a scenario, unread."""
    return Roads(question=question, cache_folder=cache_folder, _networks={})


def travel_times(
    known: Roads,
    origins: Mapping[str, Location],
    destinations: Mapping[str, Location],
    mode: TravelMode,
    *,
    progress: Progress = SILENT,
) -> TravelTimeMatrix:
    """Return times and distances between places, from the cache where they are there.

    Raises:
        InputError: The road file is faulty.
        DataUnavailableError: The road file is not there.
    """
    asked = known.question.scenario.roads
    if known.is_straight_line:
        return roads.straight_line_times(
            origins, destinations, mode=mode, detour_factor=asked.detour_factor
        )
    network = known.network(mode, progress=progress)
    _note_unreachable(network, {**origins, **destinations}, asked.snap_limit_m, progress)
    key = _key(
        {
            "roads": known.question.hash_of(str(asked.network)),
            "code": _code(),
            "mode": mode.value,
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
    travel = roads.travel_times(
        network, origins, destinations, snap_limit_m=asked.snap_limit_m, progress=progress
    )
    write_travel(kept, travel)
    return travel


def _note_unreachable(
    network: roads.RoadNetwork,
    places: Mapping[str, Location],
    snap_limit_m: float,
    progress: Progress,
) -> None:
    """Say which places lie on no road, or on a part of the network of its own, and why."""
    snapped = roads.snap_places(network, places, snap_limit_m=snap_limit_m)
    by_reason: dict[str, list[str]] = {}
    for place, reason in sorted(snapped.reasons.items()):
        by_reason.setdefault(reason, []).append(place)
    for reason, names in sorted(by_reason.items()):
        progress.note(f"{first_five(names)}: {reason}")


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
