"""Where things are: identities, locations, demand areas and candidate sites."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NewType

__all__ = [
    "LSOA_PATTERN",
    "MOST_DEPRIVED_DECILE",
    "CandidateSite",
    "DemandArea",
    "Location",
    "LsoaCode",
    "ServiceName",
    "SiteId",
    "SiteStatus",
]

LsoaCode = NewType("LsoaCode", str)
SiteId = NewType("SiteId", str)
ServiceName = NewType("ServiceName", str)

LSOA_PATTERN: Final = re.compile(r"[EW]01\d{6}|X01\d{6}")
"""ONS codes for England and Wales, and ``X01`` codes, which only the synthetic sample has."""

MOST_DEPRIVED_DECILE: Final = 1
_DECILES: Final = range(1, 11)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandArea:
    """A small area that people come from, with what they need of each service.

    Args:
        lsoa: LSOA 2011 or 2021 code; the two are never mixed in one problem.
        name: As the ONS names it.
        centroid: Population-weighted where that is known.
        population: Usual residents.
        imd_decile: 1 is the most deprived tenth of the country; ``None`` where not known.
        imd_score: Index of Multiple Deprivation score; greater is more deprived.
        demand: Weight per service, at least zero; its unit is the problem's to say.
    """

    lsoa: LsoaCode
    name: str
    centroid: Location
    population: int
    imd_decile: int | None = None
    imd_score: float | None = None
    demand: Mapping[ServiceName, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check codes and ranges, and freeze the demand."""
        if not LSOA_PATTERN.fullmatch(self.lsoa):
            msg = f'"{self.lsoa}" is not an LSOA code'
            raise ValueError(msg)
        if self.population < 0:
            msg = f"{self.lsoa}: population {self.population} is negative"
            raise ValueError(msg)
        if self.imd_decile is not None and self.imd_decile not in _DECILES:
            msg = f"{self.lsoa}: IMD decile {self.imd_decile} is not 1 to 10"
            raise ValueError(msg)
        for service, amount in self.demand.items():
            if not (math.isfinite(amount) and amount >= 0):
                msg = f"{self.lsoa}: demand {amount} for {service} is not a finite number >= 0"
                raise ValueError(msg)
        object.__setattr__(self, "demand", MappingProxyType(dict(self.demand)))


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
    """

    id: SiteId
    name: str
    location: Location
    status: SiteStatus = SiteStatus.CANDIDATE
    is_open_today: bool = False
    capacity: float | None = None
    fixed_cost_gbp: float | None = None

    def __post_init__(self) -> None:
        """Check amounts; an existing site is open today."""
        for label, amount in (("capacity", self.capacity), ("cost", self.fixed_cost_gbp)):
            if amount is not None and not (math.isfinite(amount) and amount >= 0):
                msg = f"site {self.id}: {label} {amount} is not a finite number >= 0"
                raise ValueError(msg)
        if self.status is SiteStatus.EXISTING:
            object.__setattr__(self, "is_open_today", True)

    @property
    def may_open(self) -> bool:
        """Whether a plan may have it open."""
        return self.status not in {SiteStatus.EXCLUDED, SiteStatus.COMPETITOR}
