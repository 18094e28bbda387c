"""How to go along a way, one instruction after another."""

from __future__ import annotations

from dataclasses import dataclass

from ntgeo.domain.places import Location

__all__ = ["PathStep"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PathStep:
    """One instruction, and the stretch up to the next.

    Args:
        text: In plain English, without a full stop, such as ``"Turn left into High Street"``.
        distance_m: Metres to the next instruction.
        time_s: Seconds to it; the turn itself and waiting at junctions on the way included.
        bearing_deg: Compass direction in which one sets out, 0 to 360.
        location: Where it begins, in the CRS of the roads.
    """

    text: str
    distance_m: float
    time_s: float
    bearing_deg: float
    location: Location
