"""Changes to roads, and the times that come of them, in whatever order they were asked for.

A changed network remembers its times as they were read, the factor of the time of day and every
change. Its times are worked out afresh from these, so that no order of asking matters, and a second
time of day stands instead of the first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import numpy.typing as npt

from ntgeo.roads.tags import FERRY

if TYPE_CHECKING:
    from ntgeo.roads.network import RoadNetwork

__all__ = ["CLOSED_MS", "AsRead", "RoadChange", "changed_times"]

Longs = npt.NDArray[np.int64]
Milliseconds = npt.NDArray[np.uint32]

CLOSED_MS: Final = 0xFFFFFFFF
"""Time of an arc that is closed for now."""
_MS_PER_CM_PER_KPH: Final = 36.0
_LEAST_KPH: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadChange:
    """One change to some links: closed, slowed, or open one way only.

    Args:
        links: Numbers of the links, as :func:`~ntgeo.roads.changes.whatif.links_within` and
            :func:`~ntgeo.roads.changes.whatif.links_of_ways` give them.
        is_closed: Nobody may use them.
        most_kph: Nobody moves faster on them; waiting at junctions stays.
        one_way: The only direction in which they may be used: ``"forward"`` as their points run,
            or ``"backward"``; see :func:`~ntgeo.roads.changes.whatif.links_towards`.
    """

    links: tuple[int, ...]
    is_closed: bool = False
    most_kph: float | None = None
    one_way: Literal["forward", "backward"] | None = None

    def __post_init__(self) -> None:
        """Refuse a change of nothing or of several kinds, and figures that cannot be."""
        if self.is_closed + (self.most_kph is not None) + (self.one_way is not None) != 1:
            msg = "a change of roads closes them, caps their speed or makes them one-way"
            raise ValueError(msg)
        if self.most_kph is not None and not _LEAST_KPH <= self.most_kph < math.inf:
            msg = f"speed {self.most_kph} km/h is not at least {_LEAST_KPH:g}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AsRead:
    """What a changed network was made from.

    Args:
        time_ms: (arcs,) as read, for between the peaks.
        factor: On the time moving, for the time of day.
        departs_at: That time of day; ``None`` is between the peaks.
        changes: All that were made.
    """

    time_ms: Milliseconds
    factor: float = 1.0
    departs_at: time | None = None
    changes: tuple[RoadChange, ...] = ()


def changed_times(network: RoadNetwork, as_read: AsRead) -> Milliseconds:
    """Return (arcs,) milliseconds with the factor and all changes; waiting stays as it is.

    Ferries keep their timetable at any time of day.

    Raises:
        IndexError: A change names a link that is not there.
    """
    arcs = network.arcs
    is_open = as_read.time_ms != CLOSED_MS
    is_ferry = np.array([name == FERRY for name in network.classes], np.bool_)
    factor = np.where(is_ferry, 1.0, as_read.factor)[network.links.road_class[arcs.link]]
    moving_ms = np.where(is_open, as_read.time_ms - arcs.delay_ms, 0) * factor
    for change in as_read.changes:
        arcs_of = _arcs_of(network, change.links)
        if change.most_kph is not None:
            slow_ms = np.ceil(arcs.length_cm[arcs_of] * _MS_PER_CM_PER_KPH / change.most_kph)
            moving_ms[arcs_of] = np.maximum(moving_ms[arcs_of], slow_ms)
        elif change.one_way is None:
            is_open[arcs_of] = False
        else:
            is_open[arcs_of[arcs.is_forward[arcs_of] != (change.one_way == "forward")]] = False
    time_ms = np.rint(moving_ms).astype(np.int64) + arcs.delay_ms
    return np.where(is_open, time_ms, CLOSED_MS).astype(np.uint32)


def _arcs_of(network: RoadNetwork, links: Sequence[int]) -> Longs:
    is_changed = np.zeros(network.link_count, np.bool_)
    is_changed[np.asarray(links, np.int64)] = True
    return np.flatnonzero(is_changed[network.arcs.link])
