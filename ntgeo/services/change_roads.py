"""The ``[[roads.changes]]`` of a scenario, made to its road networks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import shapely

from ntgeo import roads
from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.scenario import CloseRoads, NewRoad, RoadsChange
from ntgeo.domain.units import METRES_PER_KILOMETRE
from ntgeo.errors import Fault, InputError, ScenarioError, UnreachableError, first_five
from ntgeo.roads.changes.new_links import NewLink, may_use
from ntgeo.services.chosen_roads import (
    CHANGES_ROLE,
    Chosen,
    Networks,
    by_modes,
    choose_links,
    read_new_road,
    refused,
)
from ntgeo.services.question import Question

__all__ = ["ChangedRoads", "MadeChange", "change_networks"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MadeChange:
    """A change as it was made to the roads of a mode.

    Args:
        title: As the scenario says.
        kind: ``"close"``, ``"slow"``, ``"one-way"`` or ``"new"``.
        lines: The roads changed, in the network's CRS; none where the mode uses none of them.
        remark: What a reader should know of it; may be empty.
    """

    title: str
    kind: str
    lines: tuple[shapely.LineString, ...]
    remark: str = ""

    @property
    def text(self) -> str:
        """Title and extent: ``Elizabeth Way bridge closed (2 links, 0.4 km)``."""
        length_km = sum(line.length for line in self.lines) / METRES_PER_KILOMETRE
        links = f"{len(self.lines):,} link" + ("" if len(self.lines) == 1 else "s")
        return f"{self.title} ({links}, {length_km:,.1f} km)"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChangedRoads:
    """The roads of one mode with the changes made to them, in the scenario's order."""

    network: roads.RoadNetwork
    changes: tuple[MadeChange, ...]


def change_networks(
    question: Question,
    networks: Networks,
    speeds: Mapping[TravelMode, roads.SpeedTable],
) -> dict[TravelMode, ChangedRoads]:
    """Make a scenario's changes to the roads of every mode that it uses.

    A change must touch the roads of one mode at least. Roads are closed, slowed and made one-way
    first, whatever the order in the scenario; then new ones are joined to what is open.

    Args:
        question: Whose ``[[roads.changes]]``.
        networks: The roads as they are, by mode.
        speeds: By mode, for new roads.

    Raises:
        ScenarioError: Changes cannot be made; all are told at once, each by its key.
        DataUnavailableError: A file that a change names is not there.
    """
    asked = dict(enumerate(question.scenario.roads.changes, start=1))
    works = _Works(networks=dict(networks), speeds=speeds)
    for number, change in asked.items():
        if not isinstance(change, NewRoad):
            with works.told_under(number):
                works.change(number, change, choose_links(question, networks, change))
    works.refuse_idle(asked)
    for number, change in asked.items():
        if isinstance(change, NewRoad):
            with works.told_under(number):
                works.join(number, change, read_new_road(question, networks, change))
    return works.finished()


@dataclass(slots=True, kw_only=True, eq=False)
class _Works:
    """Networks while they are changed, what was made so far, and what was refused."""

    networks: dict[TravelMode, roads.RoadNetwork]
    speeds: Mapping[TravelMode, roads.SpeedTable]
    chosen: dict[int, Mapping[TravelMode, Chosen]] = field(default_factory=dict)
    made: dict[tuple[TravelMode, int], MadeChange] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @contextmanager
    def told_under(self, number: int) -> Iterator[None]:
        """Keep what is refused within, told by the key of the change."""
        try:
            yield
        except InputError as error:
            for fault in error.faults:
                self._refuse(number, f"{fault.file}: {fault.what}", fault.fix)
        except UnreachableError as error:
            self._refuse(number, f"{first_five(error.ids)}: {error.why}", error.fix)

    def change(self, number: int, asked: RoadsChange, chosen: Mapping[TravelMode, Chosen]) -> None:
        self.chosen[number] = chosen
        for mode, network in self.networks.items():
            lines = tuple(network.lines[chosen[mode].links])
            self.networks[mode] = roads.change_roads(network, chosen[mode].changes)
            self.made[mode, number] = MadeChange(
                title=asked.title, kind=asked.kind, lines=lines, remark=chosen[mode].remark
            )

    def refuse_idle(self, asked: Mapping[int, RoadsChange]) -> None:
        """Refuse a change of roads that others close altogether."""
        closed: dict[TravelMode, set[int]] = {mode: set() for mode in self.networks}
        by = [number for number in self.chosen if isinstance(asked[number], CloseRoads)]
        for number in by:
            for mode, item in self.chosen[number].items():
                closed[mode].update(item.links)
        for number, chosen in self.chosen.items():
            if number in by or not all(
                closed[mode].issuperset(item.links) for mode, item in chosen.items()
            ):
                continue
            closers = first_five(f'"{asked[other].title}"' for other in by)
            what = f'"{asked[number].title}": all its roads are closed by {closers}'
            self._refuse(number, what, "remove one of the two changes")

    def join(self, number: int, asked: NewRoad, link: NewLink) -> None:
        users = {mode for mode in self.networks if may_use(link, self.speeds[mode])}
        if not users:
            what = f'a road of the class "{asked.road_class}" may not be used'
            modes = by_modes(self.networks)
            raise refused(asked.title, f"{what} {modes}", "choose another road_class")
        if not any(asked.road_class in self.speeds[mode].limit_kph for mode in users):
            what = f'no speed is known for the class "{asked.road_class}"'
            raise refused(asked.title, what, 'use a class of OSM, such as "residential"')
        for mode, network in self.networks.items():
            self.networks[mode] = roads.add_links(
                network, [link], self.speeds[mode], snap_limit_m=asked.snap_limit_m
            )
            lines = (shapely.LineString(link.xy_m),) if mode in users else ()
            self.made[mode, number] = MadeChange(title=asked.title, kind=asked.kind, lines=lines)

    def finished(self) -> dict[TravelMode, ChangedRoads]:
        if self.faults:
            raise ScenarioError(self.faults)
        return {
            mode: ChangedRoads(
                network=network,
                changes=tuple(
                    self.made[key]
                    for key in sorted(self.made, key=lambda k: k[1])
                    if key[0] == mode
                ),
            )
            for mode, network in self.networks.items()
        }

    def _refuse(self, number: int, what: str, fix: str) -> None:
        self.faults.append(
            Fault(
                file="scenario",
                column=f"{CHANGES_ROLE}.{number}",
                column_word="key",
                what=what,
                fix=fix,
                code="roads-change",
            )
        )
