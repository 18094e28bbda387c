"""A round's stops as they are written, one after the other."""

from __future__ import annotations

from typing import NamedTuple

from ntgeo.domain.routing import Stop, StopKind
from ntgeo.routing.figures.arrays import MS_PER_S

__all__ = ["NO_LEG", "Leg", "StopWriter"]


class Leg(NamedTuple):
    """The way from a stop to the next, and what its beginning takes.

    Attributes:
        travel_ms: On the way.
        parking_ms: From the end of the drive to the door.
        walk_ms: How much of the travel is on foot from, or back to, a parked car.
        distance_m: Driven or cycled.
        set_up_ms: Before a visit begins.
    """

    travel_ms: int = 0
    parking_ms: int = 0
    walk_ms: int = 0
    distance_m: float = 0.0
    set_up_ms: int = 0

    @property
    def all_ms(self) -> int:
        """From leaving one stop to beginning at the next, without waiting."""
        return self.travel_ms + self.parking_ms + self.set_up_ms


NO_LEG = Leg()


class StopWriter:
    """The stops of a round so far, and when the last was left."""

    def __init__(self) -> None:
        self.stops: list[Stop] = []
        self.left_ms = 0

    def add(
        self, kind: StopKind, place: str, begin_ms: int, *, stay_ms: int = 0, leg: Leg = NO_LEG
    ) -> None:
        """Write the next stop; the first is reached when it begins."""
        came_ms = self.left_ms + leg.travel_ms + leg.parking_ms if self.stops else begin_ms
        self.left_ms = begin_ms + stay_ms
        self.stops.append(
            Stop(
                kind=kind,
                place=place,
                travel_s=leg.travel_ms / MS_PER_S,
                distance_m=leg.distance_m,
                arrive_s=came_ms / MS_PER_S,
                wait_s=(begin_ms - came_ms - leg.set_up_ms) / MS_PER_S,
                begin_s=begin_ms / MS_PER_S,
                leave_s=self.left_ms / MS_PER_S,
                parking_s=leg.parking_ms / MS_PER_S,
                set_up_s=leg.set_up_ms / MS_PER_S,
                walk_s=leg.walk_ms / MS_PER_S,
            )
        )
