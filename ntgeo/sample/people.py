"""Residents by single year of age: students in the centre, families in estates, age by the sea."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.sample.areas import AREAS, RESIDENTS, Areas, Blocks
from ntgeo.sample.ground import CENTRE, Floats, placed
from ntgeo.sample.streams import Part, stream

__all__ = ["AGES", "build_population", "distance_to_sea_m"]

AGES: Final = 91
"""Single years 0 to 89, and 90 for 90 and over."""

_KNOTS: Final = (
    (0, 10.2), (5, 11.3), (11, 11.9), (17, 11.4), (22, 12.3), (30, 13.6), (36, 13.3), (44, 12.4),
    (52, 13.8), (58, 13.9), (65, 11.4), (72, 10.3), (76, 9.2), (80, 6.0), (85, 3.7), (89, 1.9),
)  # fmt: skip
_OVER_90: Final = 7.4
_FEWEST_AND_MOST: Final = (1250.0, 2100.0)


def build_population(
    areas: Areas, blocks: Blocks, centroids: Floats, to_sea_m: Floats, seed: int
) -> npt.NDArray[np.int64]:
    """Return residents by area and single year of age, summing to :data:`RESIDENTS`."""
    rng = stream(seed, Part.PEOPLE)
    expected = np.bincount(areas.block_area, weights=blocks.residents, minlength=AREAS)
    expected = np.clip(expected * rng.lognormal(0.0, 0.12, AREAS), *_FEWEST_AND_MOST)
    total = rng.multinomial(RESIDENTS, expected / expected.sum())
    ages = np.arange(AGES)
    knots = np.array(_KNOTS)
    shape = np.interp(ages, knots[:, 0], knots[:, 1])
    shape[-1] = _OVER_90
    to_centre_m = np.hypot(*(centroids - placed([CENTRE])[0]).T)
    estate = np.array([_estate_share(blocks, areas.block_area == area) for area in range(AREAS)])
    student = 2.6 * np.exp(-((to_centre_m / 800) ** 2)) * rng.lognormal(0, 0.2, AREAS)
    older = 1.15 * np.exp(-((to_sea_m / 700) ** 2)) * rng.lognormal(0, 0.2, AREAS)
    family = 0.5 * estate * rng.lognormal(0, 0.25, AREAS)
    student_ages = np.exp(-(((ages - 21.5) / 3.2) ** 2)) + 0.25 * np.exp(-(((ages - 28) / 5) ** 2))
    older_ages = 1 / (1 + np.exp(-(ages - 63) / 4)) - 0.35 * (ages < 40)  # noqa: PLR2004 - years
    family_ages = np.exp(-(((ages - 6) / 7) ** 2)) + 0.8 * np.exp(-(((ages - 36) / 6) ** 2))
    tilt = (
        1
        + student[:, None] * student_ages
        + older[:, None] * older_ages
        + family[:, None] * family_ages
    )
    weight = shape * np.clip(tilt, 0.15, None)
    return rng.multinomial(total, weight / weight.sum(axis=1, keepdims=True))


def _estate_share(blocks: Blocks, here: npt.NDArray[np.bool_]) -> float:
    is_estate = np.isin(blocks.pattern[here], ["ring", "close", "semi"])
    return float(np.average(is_estate, weights=blocks.residents[here] + 1e-6))


def distance_to_sea_m(centroids: Floats, coast: Floats) -> Floats:
    """Return the distance of each area from the nearest vertex of the coast."""
    away = centroids[:, None, :] - coast[None, :, :]
    return np.asarray(np.hypot(away[:, :, 0], away[:, :, 1]).min(axis=1))
