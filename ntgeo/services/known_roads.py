"""The road networks of a scenario: as they are, as it changes them, and at a time of day."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import time
from functools import cache
from pathlib import Path
from typing import Final

from ntgeo import roads
from ntgeo.domain.matrix import TravelMode
from ntgeo.files import sha256_of
from ntgeo.progress import SILENT, Progress
from ntgeo.roads.search.questions import MODE_WORDS
from ntgeo.roads.speeds import SPEEDS_FILE
from ntgeo.services.cache import Cache, key_of
from ntgeo.services.change_roads import ChangedRoads, MadeChange, change_networks
from ntgeo.services.question import Question
from ntgeo.services.road_trust import refuse_pieces, road_notes
from ntgeo.settings import Settings

__all__ = ["Roads", "open_roads"]

_CODE_OF_CHANGES: Final = ("boundary.py", "change_roads.py", "chosen_roads.py")


@dataclass(slots=True, kw_only=True)
class Roads:
    """The road networks of a scenario, read when first needed and kept in the cache.

    Args:
        question: Whose ``[roads]`` table.
        cache: Where networks and matrices are kept.
        speeds_file: Speeds and delays: the scenario's, else ntgeo's own.
        workers: Threads that find travel times.
        scheduler: Address of a Dask scheduler whose workers find them instead.
        is_as_today: Whether to leave out what the scenario changes.
        staff_modes: How staff travel, where their shifts are known; told before the first network
            is asked for.
        memory_bytes: What travel times may need; ``None`` for anything.
        off_road: Ids of the places met so far that lie on no road.
        far_from_road: Ids of those that lie on one, but far from it.
        walked_m: Metres from each place met so far to the road that it was put on, by mode.
    """

    question: Question
    cache: Cache
    speeds_file: Path
    workers: int = 1
    scheduler: str | None = None
    is_as_today: bool = False
    staff_modes: tuple[TravelMode, ...] = ()
    memory_bytes: int | None = None
    off_road: set[str] = field(default_factory=set)
    far_from_road: set[str] = field(default_factory=set)
    walked_m: dict[TravelMode, dict[str, float]] = field(default_factory=dict)
    _read: dict[TravelMode, roads.RoadNetwork] = field(default_factory=dict)
    _changed: dict[TravelMode, ChangedRoads] = field(default_factory=dict)
    _then: dict[tuple[TravelMode, time], roads.RoadNetwork] = field(default_factory=dict)

    @property
    def is_straight_line(self) -> bool:
        """Whether there are no roads, so that travel is by straight lines."""
        return self.question.scenario.roads.network is None

    def network(
        self, mode: TravelMode, *, departs_at: time | None = None, progress: Progress = SILENT
    ) -> roads.RoadNetwork:
        """Return the network for a mode, as the scenario changes it.

        Args:
            mode: Who travels.
            departs_at: Local time whose traffic is met; ``None`` is between the peaks.
            progress: Told the stages.

        Raises:
            InputError: The road file or the speeds file is faulty, or a change cannot be made.
            DataUnavailableError: A file is not there.
        """
        if departs_at is None:
            return self._between_peaks(mode, progress)
        if (mode, departs_at) not in self._then:
            calm = self._between_peaks(mode, progress)
            speeds = roads.read_speeds(mode, self.speeds_file)
            self._then[mode, departs_at] = roads.at_time_of_day(calm, departs_at, speeds)
        return self._then[mode, departs_at]

    def network_today(self, mode: TravelMode, *, progress: Progress = SILENT) -> roads.RoadNetwork:
        """Return the network for a mode without changes, between the peaks.

        Raises:
            InputError: The road file or the speeds file is faulty.
            DataUnavailableError: One of them is not there.
        """
        if mode not in self._read:
            self._read[mode] = self._read_network(mode, progress)
        return self._read[mode]

    def as_today(self) -> Roads:
        """Return the same roads without the scenario's changes; what was read is shared."""
        return replace(self, is_as_today=True, _then={})

    def changes(self, mode: TravelMode) -> tuple[MadeChange, ...]:
        """Return the changes made to the roads of a mode, once its network was asked for."""
        return self._changed[mode].changes if mode in self._changed else ()

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the changed roads assume, a sentence for each mode whose roads were used."""
        told = {
            mode: "; ".join(change.text for change in changed.changes if change.lines)
            for mode, changed in self._changed.items()
        }
        if len(set(told.values())) == 1:
            return tuple({f"This plan assumes: {text}." for text in told.values()})
        return tuple(
            f"This plan assumes, {MODE_WORDS[mode]}: {text or 'no change'}."
            for mode, text in told.items()
        )

    @property
    def facts(self) -> dict[str, object]:
        """What times on these roads depend on, once a network was asked for."""
        asked = self.question.scenario.roads
        changes = () if self.is_as_today else asked.changes
        files = [file for change in changes if (file := change.file) is not None]
        return {
            "roads": self.question.hash_of(str(asked.network)),
            "layer": asked.layer,
            "ferries": asked.ferries,
            "speeds": sha256_of(self.speeds_file),
            "code": _code(),
            "changes": [change.model_dump(mode="json", exclude={"title"}) for change in changes],
            "change_files": [self.question.hash_of(file) for file in files],
        }

    def _between_peaks(self, mode: TravelMode, progress: Progress) -> roads.RoadNetwork:
        modes = () if self.is_as_today else self._modes_changed
        if mode not in modes:
            return self.network_today(mode, progress=progress)
        if not self._changed:
            today = {each: self.network_today(each, progress=progress) for each in modes}
            speeds = {each: roads.read_speeds(each, self.speeds_file) for each in today}
            progress.stage("Changing the roads")
            self._changed.update(change_networks(self.question, today, speeds))
            self._note_changes(progress)
        return self._changed[mode].network

    @property
    def _modes_changed(self) -> tuple[TravelMode, ...]:
        """The modes that the scenario uses, where it changes roads."""
        asked = self.question.scenario
        if not asked.roads.changes:
            return ()
        modes = [asked.roads.mode] if asked.sites is not None else []
        if asked.rounds is not None:
            modes += self.staff_modes or [asked.roads.staff_mode]
        return tuple(dict.fromkeys(modes))

    def _note_changes(self, progress: Progress) -> None:
        for sentence in self.assumptions:
            progress.note(sentence)
        for mode, changed in self._changed.items():
            for change in changed.changes:
                if change.remark:
                    progress.note(f"{change.title}, {MODE_WORDS[mode]}: {change.remark}")

    def _read_network(self, mode: TravelMode, progress: Progress) -> roads.RoadNetwork:
        asked = self.question.scenario.roads
        file = asked.network
        assert file is not None  # noqa: S101 - callers ask is_straight_line first
        path = self.question.path_of("roads.network", file)
        key = key_of(
            {
                "roads": self.question.hash_of(file),
                "layer": asked.layer,
                "ferries": asked.ferries,
                "least_connected_share": asked.least_connected_share,
                "speeds": sha256_of(self.speeds_file),
                "mode": mode.value,
                "code": _code(),
            }
        )
        network = self.cache.find("networks", key, roads.load_network, progress=progress)
        if network is None:
            progress.stage(f"Reading roads for {mode}")
            network = read = roads.read_roads(
                path,
                mode=mode,
                layer=asked.layer,
                ferries=asked.ferries,
                speeds_file=self.speeds_file,
                progress=progress,
            )
            refuse_pieces(network, asked.least_connected_share, file=file)
            self.cache.keep("networks", key, lambda kept: roads.write_network(read, kept))
        told = "; ".join(road_notes(network))
        notes = (f"{file}: {told}.",) if told else ()
        for note in notes:
            progress.note(note)
        self.question.log("roads.network", file, rows=network.link_count, notes=notes)
        return network


def open_roads(question: Question, settings: Settings) -> Roads:
    """Return the roads of a scenario, unread.

    Raises:
        DataUnavailableError: The scenario's speeds file is not there.
    """
    file = question.scenario.roads.speeds
    return Roads(
        question=question,
        cache=Cache(folder=settings.cache_folder, most_bytes=settings.cache_bytes),
        speeds_file=SPEEDS_FILE if file is None else question.path_of("roads.speeds", file),
        workers=settings.workers,
        scheduler=settings.scheduler,
        memory_bytes=settings.memory_bytes,
    )


@cache
def _code() -> str:
    """Return the hash of the code and tables that turn road files and changes into times."""
    room = Path(roads.__file__).parent
    files = sorted([*room.rglob("*.py"), *room.rglob("*.toml")])
    files += [Path(__file__).with_name(name) for name in _CODE_OF_CHANGES]
    return hashlib.sha256("".join(map(sha256_of, files)).encode()).hexdigest()
