"""What the times of a network are made of: moving by kind of road, stops, junctions and turns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.domain.matrix import TravelMode
from ntgeo.progress import SILENT, Progress
from ntgeo.roads.files.reading import read_roads_with
from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.speeds import JUNCTION_DELAYS, SpeedTable

__all__ = [
    "FITTED",
    "MOVING",
    "PARTS",
    "PartedRoads",
    "group_of",
    "read_parted_roads",
    "scaled_speeds",
]

Floats = npt.NDArray[np.float64]

PARTS: Final = (
    *("fast roads", "main roads", "local roads", "streets", "access ways and paths"),
    *("other ways", "stops", "junctions", "turns", "walks"),
)
"""Of a journey's time, in the order of every array of parts."""
MOVING: Final = slice(0, 6)
"""The parts that the time of day makes longer or shorter."""
FITTED: Final = (0, 1, 2, 3, 4, 6, 7, 8)
"""The parts that figures of the speed table make; the others are fixed."""
_OTHER, _STOPS, _JUNCTIONS, _TURNS = 5, 6, 7, 8
_CLASSES: Final = (
    ("motorway", "motorway_link", "trunk", "trunk_link"),
    ("primary", "primary_link", "secondary", "secondary_link"),
    ("tertiary", "tertiary_link", "unclassified"),
    ("residential", "road"),
)


def group_of(road_class: str) -> int:
    """Return the part that moving on a class of road belongs to."""
    found = (part for part, classes in enumerate(_CLASSES) if road_class in classes)
    return next(found, len(_CLASSES))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PartedRoads:
    """A network, and what its times are made of.

    Args:
        network: As the speeds have it, between the peaks.
        speeds: What the times were made by.
        arc_ms: (arcs, :data:`PARTS`) milliseconds along each arc; turns and walks are 0.
    """

    network: RoadNetwork
    speeds: SpeedTable
    arc_ms: Floats

    def timed(self, factors: Floats, time_factor: float) -> RoadNetwork:
        """Return the network with each part times its factor.

        Args:
            factors: (:data:`PARTS`,) on the time of each part.
            time_factor: Of the time of day, on all that moves.
        """
        moving = np.rint(self.arc_ms[:, MOVING] @ factors[MOVING] * time_factor)
        waiting = np.rint(self.arc_ms[:, MOVING.stop :] @ factors[MOVING.stop :])
        arcs = replace(
            self.network.arcs,
            time_ms=(np.maximum(moving, 0) + waiting).astype(np.uint32),
            delay_ms=waiting.astype(np.uint32),
        )
        turns = self.network.turns
        if turns is not None:
            turn_ms = np.rint(turns.delay_ms * factors[_TURNS]).astype(np.uint32)
            turns = replace(turns, delay_ms=turn_ms)
        return replace(self.network, arcs=arcs, turns=turns)


def read_parted_roads(
    path: Path, speeds: SpeedTable, *, progress: Progress = SILENT
) -> PartedRoads:
    """Read roads twice, the second time slower, so that each part shows by what it adds.

    What the file itself times, and what no figure of the table moves, is in "other ways".

    Raises:
        InputError: As :func:`~ntgeo.roads.files.reading.read_roads`.
        DataUnavailableError: There is no such file.
    """
    usual = read_roads_with(path, speeds, progress=progress)
    factors = np.where(np.isin(np.arange(len(PARTS)), (*range(_OTHER), _STOPS)), 2.0, 1.0)
    slower = read_roads_with(path, scaled_speeds(speeds, factors), progress=progress)
    arcs = usual.arcs
    stops = slower.arcs.delay_ms - arcs.delay_ms.astype(float)
    by_table = slower.arcs.time_ms - arcs.time_ms.astype(float) - stops
    group = np.array([group_of(name) for name in usual.classes])
    arc_ms = np.zeros((usual.arc_count, len(PARTS)))
    arc_ms[np.arange(usual.arc_count), group[usual.links.road_class[arcs.link]]] = by_table
    arc_ms[:, _OTHER] = arcs.time_ms - arcs.delay_ms.astype(float) - by_table
    arc_ms[:, _STOPS] = stops
    arc_ms[:, _JUNCTIONS] = arcs.delay_ms - stops
    return PartedRoads(network=usual, speeds=speeds, arc_ms=arc_ms)


def scaled_speeds(
    speeds: SpeedTable, factors: Floats, time_of_day: Mapping[str, float] | None = None
) -> SpeedTable:
    """Return the speeds that make each part its factor times as long.

    Nobody is let drive above the limit: a share of it stays at most 1.

    Args:
        speeds: A table.
        factors: (:data:`PARTS`,) of which :data:`FITTED` count.
        time_of_day: Instead of the table's.
    """
    most = max(1.0, *speeds.share.values()) if speeds.mode is TravelMode.CAR else np.inf
    return replace(
        speeds,
        share={
            name: float(min(share / factors[group_of(name)], most))
            for name, share in speeds.share.items()
        },
        delay_ms={
            name: round(ms * factors[_JUNCTIONS if name in JUNCTION_DELAYS else _STOPS])
            for name, ms in speeds.delay_ms.items()
        },
        turn_ms={name: round(ms * factors[_TURNS]) for name, ms in speeds.turn_ms.items()},
        time_of_day=speeds.time_of_day if time_of_day is None else time_of_day,
    )
