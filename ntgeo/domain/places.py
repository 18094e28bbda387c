"""Where things are: identities, locations and candidate sites."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NewType

__all__ = [
    "LSOA_PATTERN",
    "CandidateSite",
    "Location",
    "LsoaCode",
    "SiteId",
    "SiteStatus",
]

LsoaCode = NewType("LsoaCode", str)
SiteId = NewType("SiteId", str)

LSOA_PATTERN: Final = re.compile(r"[EW]01\d{6}|X01\d{6}")
"""ONS codes for England and Wales, and ``X01`` codes, which only the synthetic sample has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A point in British National Grid (EPSG:27700), metres."""

    easting_m: float
    northing_m: float

    def __post_init__(self) -> None:
        """Refuse a location that is nowhere."""
        if not (math.isfinite(self.easting_m) and math.isfinite(self.northing_m)):
            msg = f"location ({self.easting_m}, {self.northing_m}) is not finite"
            raise ValueError(msg)


class SiteStatus(StrEnum):
    """What the planner says of a site before the question is asked."""

    CANDIDATE = "candidate"
    """May be opened."""
    EXISTING = "existing"
    """Open today; may be kept or closed."""
    REQUIRED = "required"
    """Must be open in the plan."""
    EXCLUDED = "excluded"
    """Must not be open in the plan."""
    COMPETITOR = "competitor"
    """Another provider's; serves nobody in the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateSite:
    """A place where a service is, or could be.

    Args:
        id: Unique among the sites of a problem.
        name: For people; untrusted text.
        location: Where its door is.
        status: What may be done with it.
        is_open_today: Whether it counts in the "before" of a before-and-after.
        capacity: Most demand it can serve; ``None`` is unlimited.
        fixed_cost_gbp: Yearly cost of keeping it open; ``None`` is not known.
        zone: Part of the borough that it counts for; "" is none.
        attractiveness: How much it draws people, against the others (Huff 1964).
    """

    id: SiteId
    name: str
    location: Location
    status: SiteStatus = SiteStatus.CANDIDATE
    is_open_today: bool = False
    capacity: float | None = None
    fixed_cost_gbp: float | None = None
    zone: str = ""
    attractiveness: float = 1.0

    def __post_init__(self) -> None:
        """Check amounts; an existing site is open today."""
        amounts = {
            "capacity": self.capacity,
            "cost": self.fixed_cost_gbp,
            "attractiveness": self.attractiveness,
        }
        for label, amount in amounts.items():
            if amount is not None and not (math.isfinite(amount) and amount >= 0):
                msg = f"site {self.id}: {label} {amount} is not a finite number >= 0"
                raise ValueError(msg)
        if self.status is SiteStatus.EXISTING:
            object.__setattr__(self, "is_open_today", True)

    @property
    def may_open(self) -> bool:
        """Whether a plan may have it open."""
        return self.status not in {SiteStatus.EXCLUDED, SiteStatus.COMPETITOR}
