"""How people use services: by age, by deprivation, and less the further away the door is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ntgeo.sample.addresses import Addresses
from ntgeo.sample.areas import AREAS
from ntgeo.sample.deprivation import NATIONAL_AREAS, Deprivation
from ntgeo.sample.ground import Floats
from ntgeo.sample.network import StreetNetwork
from ntgeo.sample.people import AGES
from ntgeo.sample.sites import Site

__all__ = ["SERVICES", "ServiceUse", "distances_m", "expected_use"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceUse:
    """How one service is used.

    Args:
        name: As records have it.
        share: Of all records.
        ages: Knots (age, relative use per head), joined by straight lines.
        deprivation: Change of the log of use per head for one standard deviation of rank.
        place: Type of site where it is given; empty where staff come to the home.
        decay_m: Road distance over which use falls to 37 %.
    """

    name: str
    share: float
    ages: tuple[tuple[float, float], ...]
    deprivation: float
    place: str = ""
    decay_m: float = np.inf


SERVICES: Final = (
    ServiceUse(
        name="library visits", share=0.34, deprivation=-0.05, place="library", decay_m=1500.0,
        ages=((0, 0.7), (4, 1.7), (10, 1.8), (15, 0.9), (22, 0.6), (35, 0.9), (60, 1.0),
              (72, 1.6), (85, 0.9), (90, 0.5)),
    ),
    ServiceUse(
        name="leisure visits", share=0.25, deprivation=-0.2, place="leisure centre",
        decay_m=3200.0,
        ages=((0, 0.1), (5, 1.3), (14, 1.5), (24, 1.6), (40, 1.2), (60, 0.8), (75, 0.4),
              (90, 0.05)),
    ),
    ServiceUse(
        name="family hub visits", share=0.10, deprivation=0.35, place="family hub", decay_m=1700.0,
        ages=((0, 3.0), (3, 2.6), (5, 1.0), (11, 0.3), (18, 0.2), (25, 0.7), (34, 0.8),
              (46, 0.1), (90, 0.0)),
    ),
    ServiceUse(
        name="adult social care", share=0.09, deprivation=0.45,
        ages=((0, 0.0), (17, 0.0), (18, 0.25), (50, 0.4), (65, 0.9), (78, 3.0), (90, 8.0)),
    ),
    ServiceUse(
        name="housing advice", share=0.07, deprivation=0.75, place="advice centre",
        decay_m=6000.0,
        ages=((0, 0.0), (16, 0.0), (18, 1.2), (28, 1.9), (45, 1.2), (65, 0.5), (90, 0.2)),
    ),
    ServiceUse(
        name="debt advice", share=0.05, deprivation=0.7, place="advice centre", decay_m=5000.0,
        ages=((0, 0.0), (17, 0.0), (20, 0.9), (35, 1.6), (52, 1.3), (66, 0.5), (90, 0.1)),
    ),
    ServiceUse(
        name="early help", share=0.05, deprivation=0.6, place="family hub", decay_m=5000.0,
        ages=((0, 0.9), (4, 1.4), (9, 1.5), (15, 1.3), (17, 0.8), (18, 0.0), (90, 0.0)),
    ),
    ServiceUse(
        name="school readiness", share=0.05, deprivation=0.15, place="family hub",
        decay_m=2600.0,
        ages=((0, 0.0), (1, 0.2), (2, 1.4), (4, 1.8), (5, 0.2), (6, 0.0), (90, 0.0)),
    ),
)  # fmt: skip
_CHANCE: Final = 0.12


def distances_m(
    network: StreetNetwork, addresses: Addresses, sites: list[Site]
) -> dict[str, Floats]:
    """Return for each type of place how far residents of each area drive to the nearest today."""
    found = {}
    for kind in sorted({service.place for service in SERVICES if service.place}):
        doors = [s.address for s in sites if s.kind == kind and s.status == "existing"]
        away = network.road_distances_m(addresses.junction[doors]).min(axis=0)
        total = np.bincount(addresses.area, weights=addresses.people, minlength=AREAS)
        walked = addresses.people * away[addresses.junction]
        found[kind] = np.bincount(addresses.area, weights=walked, minlength=AREAS) / total
    return found


def expected_use(
    population: npt.NDArray[np.int64],
    index: Deprivation,
    distance_m: dict[str, Floats],
    rng: np.random.Generator,
) -> Floats:
    """Return the share of all records by service, area and age; it sums to 1."""
    poorer = 1 - (index.rank - 0.5) / NATIONAL_AREAS
    spread = np.sqrt(12) * (poorer - 0.5)
    use = np.empty((len(SERVICES), AREAS, AGES))
    for number, service in enumerate(SERVICES):
        knots: Any = np.array(service.ages)
        by_age = np.interp(np.arange(AGES), knots[:, 0], knots[:, 1])
        level = np.exp(service.deprivation * spread) * rng.lognormal(0, _CHANCE, AREAS)
        if service.place:
            level *= np.exp(-distance_m[service.place] / service.decay_m)
        expected = population * level[:, None] * by_age
        use[number] = service.share * expected / expected.sum()
    return use / use.sum()
